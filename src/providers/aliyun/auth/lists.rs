//! Lists of sites and of addresses: a function for those who may, and one for those who may not.

use serde_json::{Value, json};

use super::{HINT, VENDOR, check};
use crate::error::{Class, Error, Result};
use crate::model::{AccessArgs, Answer, Item, ListKind, Road};
use crate::providers::aliyun::configs::{self, Config};
use crate::providers::guard::{self, Access};
use crate::providers::{change, rows};

/// The two functions of a kind of list, with the argument that holds the entries.
pub(super) struct Lists {
    noun: &'static str,
    what: &'static str,
    entries: &'static str,
    allow: (&'static str, &'static str),
    block: (&'static str, &'static str),
    allow_empty: Option<&'static str>,
    item: fn(&Access, &str, Value) -> Item,
}

pub(super) const REFERER: Lists = Lists {
    noun: "auth referer",
    what: "the list of embedding sites",
    entries: "domains",
    allow: ("referer_white_list_set", "refer_domain_allow_list"),
    block: ("referer_black_list_set", "refer_domain_deny_list"),
    allow_empty: Some("allow_empty"),
    item: |access, domain, raw| access.referer(VENDOR, domain, raw),
};

pub(super) const IP: Lists = Lists {
    noun: "auth ip",
    what: "the list of IP addresses",
    entries: "addresses",
    allow: ("ip_white_list_set", "ip_list"),
    block: ("ip_black_list_set", "ip_list"),
    allow_empty: None,
    item: |access, domain, raw| access.ip(VENDOR, domain, raw),
};

impl Lists {
    /// One row a list: a domain may have both.
    pub(super) async fn show(&self, road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
        check(args).refuse(&format!("reading {}", self.what), Some(HINT))?;
        let domain = args.domain.as_deref().unwrap_or_default();
        let found = self.read(road, domain).await?;
        let access = match found.as_slice() {
            [] => Access { enabled: Some(false), ..Access::default() },
            [one] => self.access(one),
            several => {
                let entries = several.iter().flat_map(|config| self.access(config).entries).collect();
                Access { enabled: Some(true), entries, ..Access::default() }
            }
        };
        if found.len() > 1 {
            road.note(&format!(
                "both a list of those who may and one of those who may not is set: `livectl domain config show --domain \
                 {domain}` tells them apart"
            ));
        }
        let raw: Vec<&Value> = found.iter().map(|config| &config.raw).collect();
        Ok(Answer::One((self.item)(&access, domain, json!(raw))))
    }

    pub(super) async fn set(&self, road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
        let doing = format!("setting {}", self.what);
        guard::no_switch(check(args), args, self.noun).refuse(&doing, Some(HINT))?;
        let domain = args.domain.as_deref().unwrap_or_default();
        let found = self.read(road, domain).await?;
        let current = found.first();
        let before =
            current.map_or_else(|| Access { enabled: Some(false), ..Access::default() }, |one| self.access(one));
        let after = before.with(args);
        let Some(kind) = after.kind else {
            check(args).need("--allow or --block", false).refuse(&doing, Some(HINT))?;
            return Ok(change::nothing(VENDOR, domain, ""));
        };
        self.refuse_other(&found, kind, domain, &doing)?;
        let changes = before.changes(&after, self.entries);
        if changes.is_empty() {
            return Ok(change::nothing(VENDOR, domain, ""));
        }
        let (function, argument) = self.function(kind);
        let mut arguments = current.map(|config| config.arguments.clone()).unwrap_or_default();
        configs::put(&mut arguments, argument, after.entries.join(","));
        if let (Some(name), Some(allow)) = (self.allow_empty, after.allow_empty) {
            configs::put(&mut arguments, name, if allow { "on" } else { "off" });
        }
        change::send(road, configs::set(domain, function, &arguments, None), domain, "", changes).await
    }

    pub(super) async fn delete(&self, road: &dyn Road, args: &AccessArgs) -> Result<Answer> {
        check(args).refuse(&format!("deleting {}", self.what), Some(HINT))?;
        let domain = args.domain.as_deref().unwrap_or_default();
        let found = self.read(road, domain).await?;
        if found.is_empty() {
            return Err(guard::no_list(VENDOR, configs::DELETE, self.what, domain));
        }
        road.confirm(&format!("delete {} of {domain}", self.what))?;
        let changes = found.iter().flat_map(|config| self.access(config).removed(self.entries)).collect();
        let functions: Vec<&str> = found.iter().map(|config| config.function.as_str()).collect();
        change::send(road, configs::delete(domain, &functions.join(",")), domain, "", changes).await
    }

    const fn function(&self, kind: ListKind) -> (&'static str, &'static str) {
        match kind {
            ListKind::Allow => self.allow,
            ListKind::Block => self.block,
        }
    }

    async fn read(&self, road: &dyn Road, domain: &str) -> Result<Vec<Config>> {
        configs::read(road, domain, &[self.allow.0, self.block.0]).await
    }

    fn access(&self, config: &Config) -> Access {
        let kind = if config.function == self.allow.0 { ListKind::Allow } else { ListKind::Block };
        let listed = config.argument(self.function(kind).1).unwrap_or_default();
        Access {
            enabled: Some(true),
            kind: Some(kind),
            allow_empty: self.allow_empty.and_then(|name| rows::flag(&json!({"on": config.argument(name)}), "on")),
            entries: listed.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect(),
        }
    }

    /// Two lists that contradict each other are not made from one that stands.
    fn refuse_other(&self, found: &[Config], kind: ListKind, domain: &str, doing: &str) -> Result<()> {
        let other = found.iter().find(|config| config.function != self.function(kind).0);
        let Some(other) = other else { return Ok(()) };
        let message = format!("{doing}: `{domain}` has the other list, `{}`, in force", other.function);
        Err(Error::new(Class::Conflict, message)
            .hint(format!("delete it first: `livectl {} delete --domain {domain}`", self.noun))
            .with(|details| details.vendor = Some(VENDOR)))
    }
}
