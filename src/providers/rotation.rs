//! Rotating the keys that sign addresses, the same on every vendor: the new key into the spare place, where addresses
//! signed with either are accepted; a signature verified with what the vendor then holds; the two swapped in one call.
//! Each step is known by what the vendor holds, so that the same command goes on where another one ended.

use jiff::SignedDuration;
use serde_json::Value;

use crate::error::{Class, Error, Outcome, Result};
use crate::model::time::to_row;
use crate::model::{
    Answer, Change, Changed, DomainArgs, DomainVerb, Item, KeyScope, Road, RotateArgs, Secret, Support, UrlKeyArgs,
    UrlKeyVerb, Vendor,
};
use crate::providers::addresses::Wish;
use crate::providers::intent::Complaints;
use crate::providers::{change, provider, rows};
use crate::sign::address::{self, Rule};

/// Why a domain has no spare place for a key, as its setting tells; `None`: it has one.
pub type Crowded = fn(&Value) -> Option<&'static str>;

/// What a domain holds.
struct Held {
    key: Option<String>,
    spare: Option<String>,
    enabled: Option<bool>,
    valid: Option<SignedDuration>,
    raw: Value,
}

/// Rotates the keys of a domain.
///
/// # Errors
/// Usage: nothing to rotate, or no spare place; without consent; `differs` where the vendor holds something else than
/// what was set; the road's own.
pub async fn rotate(road: &dyn Road, args: &RotateArgs, crowded: Crowded) -> Result<Answer> {
    let domain = args.domain.as_deref().unwrap_or_default();
    Complaints::none().need("--domain", args.domain.is_some()).need("--key or --key-file", args.key.is_some()).refuse(
        DOING,
        Some("`--key-file FILE` makes a key and keeps it, so that the same command again goes on with it"),
    )?;
    let new = args.key.as_ref().map(Secret::expose).unwrap_or_default();
    let rotation = Rotation { road, domain, scope: scope(road, args).await?, new, lasting: args.lasting };
    let before = rotation.read().await?;
    let Some(old) = before.key.clone() else {
        return Err(rotation.refusal(Class::NotFound, "it has no key yet").hint(format!(
            "`livectl auth {}-key set --domain {domain} --key @FILE` sets the first one",
            rotation.scope.name()
        )));
    };
    if old == new {
        rotation.tell_finished(&before);
        return Ok(change::nothing(road.vendor(), domain, ""));
    }
    if let Some(why) = crowded(&before.raw) {
        return Err(rotation.refusal(Class::Usage, why));
    }
    if before.enabled == Some(false) {
        road.note("signing is off: addresses are accepted with any signature, or none");
    }
    rotation.ask(&before)?;
    let placed = before.spare.as_deref() != Some(new);
    if placed {
        let lost = |error: Error| error.hint("the same command again goes on from what the vendor holds");
        rotation.set(None, new).await.map_err(lost)?;
    } else {
        road.note("the new key is in the spare place already: going on from there");
    }
    let between = |error: Error| {
        let told =
            "the new key is in the spare place, and the old one still signs: the same command again goes on from there";
        rotation.broken_off(error, placed, told)
    };
    let swapped = rotation.swap(&old).await.map_err(between)?;
    if !road.is_dry_run() {
        let held = rotation.read().await.and_then(|held| rotation.expect(&held, new, &old));
        held.map_err(|error| rotation.broken_off(error, true, "the keys were swapped: the same command again looks"))?;
    }
    Ok(rotation.told(&before, &old, swapped))
}

const DOING: &str = "rotating the keys of a domain";

/// One rotation.
struct Rotation<'a> {
    road: &'a dyn Road,
    domain: &'a str,
    scope: KeyScope,
    new: &'a str,
    lasting: SignedDuration,
}

impl Rotation<'_> {
    fn args(&self) -> UrlKeyArgs {
        UrlKeyArgs { scope: self.scope, domain: Some(self.domain.to_owned()), ..UrlKeyArgs::default() }
    }

    async fn read(&self) -> Result<Held> {
        let args = self.args();
        let item = match provider(self.road.vendor()).url_key(UrlKeyVerb::Show) {
            Support::Does(show) => one(show(self.road, &args).await?)?,
            Support::Cannot { why, .. } => return Err(self.refusal(Class::Usage, why)),
        };
        let row = Value::Object(item.row);
        let seconds = rows::number(&row, "valid_seconds").and_then(|seconds| i64::try_from(seconds).ok());
        Ok(Held {
            key: rows::text(&row, "key"),
            spare: rows::text(&row, "backup_key"),
            enabled: rows::flag(&row, "enabled"),
            valid: seconds.map(SignedDuration::from_secs),
            raw: item.raw,
        })
    }

    /// Sets the spare key, and the key where one is given, in one call.
    async fn set(&self, key: Option<&str>, spare: &str) -> Result<Changed> {
        let args = UrlKeyArgs { key: key.map(Secret::new), backup_key: Some(Secret::new(spare)), ..self.args() };
        let answer = match provider(self.road.vendor()).url_key(UrlKeyVerb::Set) {
            Support::Does(set) => set(self.road, &args).await?,
            Support::Cannot { why, .. } => return Err(self.refusal(Class::Usage, why)),
        };
        match answer {
            Answer::Changed(changed) => Ok(*changed),
            _ => Err(Error::internal(format!("{DOING}: the change gave no answer"))),
        }
    }

    /// Swaps the two keys, once the vendor holds the new one and takes its signature.
    async fn swap(&self, old: &str) -> Result<Changed> {
        if !self.road.is_dry_run() {
            let held = self.read().await?;
            self.expect(&held, old, self.new)?;
            self.verify(&held)?;
        }
        self.set(Some(self.new), old).await
    }

    /// An error behind a step that took effect, with what stands. Whether a change whose answer is lost was made stays
    /// unknown.
    fn broken_off(&self, error: Error, changed: bool, told: &str) -> Error {
        if self.road.is_dry_run() {
            return error;
        }
        let unknown = error.details().outcome == Some(Outcome::Unknown);
        let error = error.hint(told);
        if changed && !unknown { error.outcome(Outcome::Applied) } else { error }
    }

    /// Asks, telling what the spare place loses.
    fn ask(&self, before: &Held) -> Result<()> {
        let (domain, scope) = (self.domain, self.scope.name());
        let lost = match before.spare.as_deref() {
            Some(spare) if spare != self.new => ": addresses signed with its backup key are refused from then on",
            _ => "",
        };
        self.road.confirm(&format!("rotate the {scope} keys of {domain}{lost}"))
    }

    /// Refuses to go on where the vendor holds something else than what was set.
    fn expect(&self, held: &Held, key: &str, spare: &str) -> Result<()> {
        if held.key.as_deref() == Some(key) && held.spare.as_deref() == Some(spare) {
            return Ok(());
        }
        let told = "the vendor does not hold the keys that were set: somebody else may be changing them";
        Err(self.refusal(Class::Differs, told))
    }

    /// Signs an address with the new key, and verifies it with the keys that the vendor holds.
    fn verify(&self, held: &Held) -> Result<()> {
        let rule = match self.rule(held) {
            Ok(rule) => rule,
            Err(error) => {
                self.road.warn(&format!("no signature was verified: {}", error.details().message));
                return Ok(());
            }
        };
        let at = self.road.now().saturating_add(self.lasting).unwrap_or(jiff::Timestamp::MAX);
        let params = address::sign(&rule, "/live/rotation", &Secret::new(self.new), at);
        let keys: Vec<Secret> = held.key.iter().chain(&held.spare).map(Secret::new).collect();
        let checked = address::check(&rule, "/live/rotation", &params, &keys, self.road.now());
        match checked.signed_by {
            Some(1) if checked.refusals.is_empty() => Ok(()),
            _ => Err(self.refusal(Class::Differs, "an address signed with the new key is not accepted")),
        }
    }

    fn rule(&self, held: &Held) -> Result<Rule> {
        provider(self.road.vendor()).addresses().rule(Some(&held.raw), Wish::default())
    }

    /// When the last address that is signed with the old key before now ends.
    fn last_day(&self, held: &Held) -> String {
        let at = self.road.now().saturating_add(self.lasting).unwrap_or(jiff::Timestamp::MAX);
        let ends = match self.rule(held) {
            Ok(rule) => rule.end(at),
            Err(_) => at.saturating_add(held.valid.unwrap_or_default()).unwrap_or(jiff::Timestamp::MAX),
        };
        to_row(ends)
    }

    /// The whole change, as one.
    fn told(&self, before: &Held, old: &str, last: Changed) -> Answer {
        let until = self.last_day(before);
        if !self.road.is_dry_run() {
            self.road.note(&format!(
                "sign with the new key from now on; the old one is the backup key, and needed until {until} at the latest"
            ));
        }
        let changes = vec![
            Change::new("key", old, self.new),
            Change::new("backup_key", before.spare.clone(), old),
            Change::new("old_key_until", Value::Null, until),
        ];
        Answer::Changed(Box::new(Changed { changes, ..last }))
    }

    fn tell_finished(&self, held: &Held) {
        let until = self.last_day(held);
        self.road.note(&format!(
            "`{}` signs with this key already: nothing is left to do; its backup key, where it is the old one, is needed \
             until {until} at the latest",
            self.domain
        ));
    }

    fn refusal(&self, class: Class, why: &str) -> Error {
        let (scope, domain): (_, Vendor) = (self.scope.name(), self.road.vendor());
        Error::new(class, format!("rotating the {scope} keys of `{}`: {why}", self.domain))
            .with(|details| details.vendor = Some(domain))
    }
}

/// Which of its keys a domain has: as the user says, else by its kind.
async fn scope(road: &dyn Road, args: &RotateArgs) -> Result<KeyScope> {
    if let Some(scope) = args.scope {
        return Ok(scope);
    }
    let asked = DomainArgs { name: args.domain.clone().unwrap_or_default(), ..DomainArgs::default() };
    let item = match provider(road.vendor()).domain(DomainVerb::Show) {
        Support::Does(show) => one(show(road, &asked).await.map_err(|error| match error.class() {
            Class::NotFound => error.hint("`livectl domain list` shows the domains; `--scope` skips this look"),
            _ => error,
        })?)?,
        Support::Cannot { why, .. } => return Err(Error::usage(format!("{DOING}: {why}"))),
    };
    match rows::text(&Value::Object(item.row), "type").as_deref() {
        Some("push") => Ok(KeyScope::Push),
        Some("play") => Ok(KeyScope::Play),
        _ => Err(Error::new(Class::Vendor, format!("{DOING}: the vendor does not tell whether one pushes to it"))
            .hint("`--scope push` or `--scope play` tells")),
    }
}

fn one(answer: Answer) -> Result<Item> {
    match answer {
        Answer::One(item) => Ok(item),
        _ => Err(Error::internal(format!("{DOING}: the vendor's answer is no single thing"))),
    }
}

#[cfg(test)]
mod tests;
