//! Who signs: the vendor, the keys, and the rule of the domain; from the command line, or from the account.

use std::rc::Rc;

use jiff::Timestamp;

use super::whose;
use crate::commands::link::Link;
use crate::commands::road::LiveRoad;
use crate::commands::rules::Typed;
use crate::commands::secret;
use crate::commands::session::Session;
use crate::config::Selection;
use crate::error::{Class, Error, Result};
use crate::model::{Answer, Item, KeyScope, Secret, Support, UrlKeyArgs, UrlKeyVerb, Vendor};
use crate::providers::addresses::{Address, Wish};
use crate::providers::{provider, rows};
use crate::sign::address::{self, Rule};

/// Where the keys come from.
pub(super) enum Keys {
    /// From the account's setting of the domain.
    Account,
    /// One, as the user gave it.
    Given(String),
    /// Several.
    Several(Vec<String>),
}

/// Whose signature is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The words of the command.
    pub(super) command: &'a str,
    /// Which of a domain's keys.
    pub(super) scope: Option<KeyScope>,
    /// The domain.
    pub(super) domain: &'a str,
    /// The vendor whose parameters stand in the address.
    pub(super) vendor: Option<Vendor>,
}

/// Who signs.
pub(super) struct Signer {
    pub(super) vendor: Vendor,
    pub(super) profile: Option<String>,
    pub(super) rule: Rule,
    pub(super) keys: Vec<Secret>,
    /// What the keys are called.
    pub(super) names: Vec<String>,
    /// Whether the domain looks at signatures, as far as is known.
    pub(super) enabled: bool,
    /// The time of the run, by the vendor's clock where the vendor was asked and this machine's is off.
    pub(super) now: Timestamp,
}

impl Signer {
    /// Finds out who signs.
    ///
    /// # Errors
    /// Usage: nobody tells which vendor, or which key; the account's.
    pub(super) async fn find(session: &Session, asked: Asked<'_>, keys: Keys, wish: Wish) -> Result<Signer> {
        let wish = Wish { scope: asked.scope, ..wish };
        let given = match keys {
            Keys::Account => return Signer::of_account(session, asked, wish).await,
            Keys::Given(key) => vec![key],
            Keys::Several(keys) => keys,
        };
        let (vendor, profile) = vendor(session, asked)?;
        let rule = provider(vendor).addresses().rule(None, wish)?;
        let read = given.iter().map(|key| secret::of_option(session, "--key", key));
        let keys: Vec<Secret> = read.collect::<Result<_>>()?;
        if keys.iter().any(|key| key.expose().is_empty()) {
            return Err(Error::usage(format!("{}: `--key` is empty", asked.command)).hint("give the key as `@FILE`"));
        }
        let names = match keys.len() {
            1 => vec!["key".to_owned()],
            several => (1..=several).map(|number| format!("key {number}")).collect(),
        };
        Ok(Signer { vendor, profile, rule, keys, names, enabled: true, now: session.now })
    }

    /// The keys that the account has for the domain.
    async fn of_account(session: &Session, asked: Asked<'_>, wish: Wish) -> Result<Signer> {
        let doing = asked.command;
        let Some(scope) = asked.scope else {
            return Err(Error::usage(format!("{doing}: the address does not tell whose key signs it"))
                .hint("`--scope push` or `--scope play` tells, or give the key: `--key @FILE`"));
        };
        let mut accounts = session.accounts(None, false)?;
        let (Some(account), true) = (accounts.pop(), accounts.is_empty()) else {
            return Err(Error::usage(format!("{doing}: one account at a time")).hint("name one with `--profile NAME`"));
        };
        let (vendor, profile) = (account.vendor, account.profile.clone());
        let names = vec![doing.to_owned(), format!("auth {}-key show", scope.name())];
        session.enter(std::slice::from_ref(&account), Typed { names, changing: false })?;
        let road = LiveRoad::new(Rc::new(Link::open(session, account).await?), None);
        let args = UrlKeyArgs { scope, domain: Some(asked.domain.to_owned()), ..UrlKeyArgs::default() };
        let shown = match provider(vendor).url_key(UrlKeyVerb::Show) {
            Support::Does(show) => show(&road, &args).await,
            Support::Cannot { why, .. } => Err(Error::usage(format!("{doing} on {vendor}: {why}"))),
        };
        let shown = shown.map_err(|error| {
            error.with(whose(vendor)).with(|details| details.profile = details.profile.take().or(profile.clone()))
        })?;
        let Answer::One(item) = shown else { return Err(Error::internal("read the keys of a domain: no keys came")) };
        let signer = Signer::of_setting(session, asked, &item, (vendor, profile), wish)?;
        Ok(Signer { now: road.link.now(), ..signer })
    }

    fn of_setting(
        session: &Session,
        asked: Asked<'_>,
        item: &Item,
        (vendor, profile): (Vendor, Option<String>),
        wish: Wish,
    ) -> Result<Signer> {
        let row = serde_json::Value::Object(item.row.clone());
        let known = ["key", "backup_key"].map(|name| (name, rows::text(&row, name)));
        let (names, keys): (Vec<String>, Vec<Secret>) =
            known.into_iter().filter_map(|(name, key)| Some((name.to_owned(), Secret::new(key?)))).unzip();
        keys.iter().for_each(|key| session.secrets.borrow_mut().add(key.expose()));
        let domain = asked.domain;
        let enabled = rows::flag(&row, "enabled") != Some(false);
        if keys.is_empty() && enabled {
            return Err(Error::new(Class::NotFound, format!("{}: `{domain}` has no key to sign with", asked.command))
                .hint("set one with `livectl auth push-key set` or `auth play-key set`, or give one: `--key @FILE`")
                .with(whose(vendor)));
        }
        if !enabled && asked.command != "url check" {
            session.stderr.note(&format!("`{domain}` does not look at signatures: its signing is off"));
        }
        let addresses = provider(vendor).addresses();
        let rule = addresses.rule(Some(&item.raw), wish)?;
        if addresses.refuses(&rule, asked.scope) {
            session.stderr.warn(&format!(
                "`{domain}` signs by a scheme that {vendor} takes no push by: `livectl auth push-key set --domain {domain} \
                 --scheme b` changes it"
            ));
        }
        Ok(Signer { vendor, profile, rule, keys, names, enabled, now: session.now })
    }

    /// When an address that is signed until `at` ends; never where there is no key to sign with.
    pub(super) fn end(&self, at: Timestamp) -> Option<Timestamp> {
        (!self.keys.is_empty()).then(|| self.rule.end(at))
    }

    /// The address with a signature of the first key, good until `at`.
    pub(super) fn signed(&self, address: Address, at: Timestamp) -> Address {
        let signature = self.keys.first().map(|key| address::sign(&self.rule, &address.path, key, at));
        address.signed(&self.rule, signature.unwrap_or_default())
    }
}

/// The vendor where no account is asked: as the command line, the profile, the address or the environment says.
fn vendor(session: &Session, asked: Asked<'_>) -> Result<(Vendor, Option<String>)> {
    let selection = session.selection(None, false)?;
    let profile = selection.profiles.first().cloned();
    // What the address says counts more than the environment does.
    let env_vendor = asked.vendor.or(selection.env_vendor);
    let vendor = session.vendor_of(&Selection { env_vendor, ..selection })?.ok_or_else(|| {
        Error::usage(format!("{}: no vendor", asked.command))
            .hint("name it: `--vendor tencent`, `aliyun` or `volcengine`")
    })?;
    Ok((vendor, profile))
}
