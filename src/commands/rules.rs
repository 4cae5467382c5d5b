//! The safety catch: what the rules of a profile forbid, ask about and let pass, decided before anything is sent.
//!
//! A rule is a pattern with `*`: `vendor:Action`, or the words of a command. `deny` comes first; `allow`, where it is
//! there, is all that may change anything; `confirm` asks.

use crate::commands::confirm;
use crate::commands::session::Session;
use crate::config::{Account, Rules};
use crate::error::{Error, Result};
use crate::model::{
    Call, CallbackVerb, CertVerb, DomainVerb, HlsKeyVerb, RecordVerb, RelayVerb, Repeatable, StreamVerb, TranscodeVerb,
    Vendor,
};
use crate::providers::{catalog, homes, repeat};

/// What the user typed, under every name that a rule may have for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// The words of the command first, then what else it is: `domain delete`, `tencent:DeleteLiveDomain`.
    pub(super) names: Vec<String>,
    /// Whether it changes something.
    pub(super) changing: bool,
}

/// What rules say.
#[derive(Debug, PartialEq, Eq)]
enum Word<'a> {
    Pass,
    /// A rule of `confirm`.
    Ask(&'a str),
    /// Why not.
    Refuse(String),
}

impl Session {
    /// Takes note of the command, and holds it against the rules of its accounts.
    ///
    /// # Errors
    /// Usage: a rule forbids it, or nobody can read a rule; the answer to a question was no.
    pub(super) fn enter(&self, accounts: &[Account], typed: Typed) -> Result<()> {
        let planned = typed.changing && self.global.dry_run;
        for account in accounts.iter().filter(|account| account.rules != Rules::default()) {
            self.check_rules(account, typed.changing)?;
            let own = |error: Error| owned(error, account);
            // A later step of a command that changes something may be what a rule of `allow` names.
            let may_follow = account.rules.allow.iter().any(|rule| names_action_of(rule, account.vendor));
            let changing = typed.changing && (is_call(&typed.names) || !may_follow);
            match word(&account.rules, &typed.names, &typed.names, changing) {
                Word::Refuse(why) if !planned => return Err(own(refusal(&typed.names, &why, account))),
                Word::Ask(rule) if !typed.changing => self.ask(rule, &typed.names, account).map_err(own)?,
                _ => {}
            }
        }
        self.typed.replace(typed);
        Ok(())
    }

    /// What a rule of `confirm` asks about, for a call that is about to be sent.
    ///
    /// # Errors
    /// Usage: a rule forbids the call.
    pub(super) fn rule_for<'a>(&self, account: &'a Account, call: &Call) -> Result<Option<&'a str>> {
        if !account.read_only && account.rules == Rules::default() {
            return Ok(None);
        }
        let changing = repeat::repeatable(call) != Repeatable::Read;
        let action = format!("{}:{}", call.vendor, call.action);
        if changing && account.read_only {
            return Err(refusal(&[action], "forbidden by `read_only = true`", account));
        }
        let mut names = vec![action];
        if changing {
            names.extend(self.typed.borrow().names.iter().cloned());
        }
        let home = homes::command(call.vendor, &call.action).filter(|_| changing).map(str::to_owned);
        let all: Vec<String> = names.iter().cloned().chain(home).collect();
        match word(&account.rules, &all, &names, changing) {
            Word::Pass => Ok(None),
            Word::Ask(rule) => Ok(Some(rule)),
            Word::Refuse(why) => Err(refusal(&all, &why, account)),
        }
    }

    fn ask(&self, rule: &str, names: &[String], account: &Account) -> Result<()> {
        let question = question(names, rule, account.profile.as_deref());
        if self.global.yes || self.global.sandbox {
            self.stderr.note(&question);
            return Ok(());
        }
        confirm::ask(&question, "repeat the command with `--yes` to do it without a question")
    }

    /// A rule that fits nothing holds nobody back: told, and where something is about to change, refused.
    fn check_rules(&self, account: &Account, changing: bool) -> Result<()> {
        let rules = &account.rules;
        for rule in [&rules.allow, &rules.confirm, &rules.deny].into_iter().flatten() {
            if fits_anything(rule) {
                continue;
            }
            let profile = account.profile.as_deref().unwrap_or_default();
            let message =
                format!("reading the rules of profile `{profile}`: `{rule}` fits no command and no vendor's Action");
            if !changing {
                self.stderr.warn(&message);
                continue;
            }
            let error = Error::usage(message)
                .hint("a rule is `domain delete`, `domain *`, `tencent:DeleteLiveDomain` or `*:Delete*`")
                .hint("`livectl api list` and `livectl --help` show the names");
            return Err(owned(error, account));
        }
        Ok(())
    }
}

/// Whether a rule of an account may hold for a single step of a command.
pub(super) fn name_actions(account: &Account) -> bool {
    let Rules { allow, confirm, deny } = &account.rules;
    !allow.is_empty() || [confirm, deny].into_iter().flatten().any(|rule| rule.contains(':'))
}

/// The question of a rule.
pub(super) fn question(names: &[String], rule: &str, profile: Option<&str>) -> String {
    let what = names.first().map(String::as_str).unwrap_or_default();
    format!("carry out `{what}`, which the rule `{rule}` of profile `{}` asks about", profile.unwrap_or_default())
}

fn owned(error: Error, account: &Account) -> Error {
    error.with(|details| {
        details.vendor = Some(account.vendor);
        details.profile = account.profile.clone();
    })
}

fn refusal(names: &[String], why: &str, account: &Account) -> Error {
    let what = names.first().map(String::as_str).unwrap_or_default();
    let profile = account.profile.as_deref().unwrap_or_default();
    Error::usage(format!("carry out `{what}`: {why} of profile `{profile}`"))
        .hint(format!("`livectl config show {profile}` shows its rules; nothing on the command line lifts them"))
}

/// What the rules say about something with these names; `listed` are those that `allow` may have it under.
fn word<'a>(rules: &'a Rules, names: &[String], listed: &[String], changing: bool) -> Word<'a> {
    let first = |list: &'a [String], names: &[String]| {
        list.iter().find(|rule| names.iter().any(|name| fits(rule, name))).map(String::as_str)
    };
    if let Some(rule) = first(&rules.deny, names) {
        return Word::Refuse(format!("forbidden by the rule `{rule}` in `rules.deny`"));
    }
    if changing && !rules.allow.is_empty() && first(&rules.allow, listed).is_none() {
        return Word::Refuse("allowed by no rule in `rules.allow`".to_owned());
    }
    first(&rules.confirm, names).map_or(Word::Pass, Word::Ask)
}

/// Whether the names are of one Action: then no other step follows.
fn is_call(names: &[String]) -> bool {
    names.iter().any(|name| name.contains(':'))
}

fn names_action_of(rule: &str, vendor: Vendor) -> bool {
    rule.split_once(':').is_some_and(|(whose, _)| fits(whose, vendor.name()))
}

/// Whether a rule fits at least one command or Action that there is.
fn fits_anything(rule: &str) -> bool {
    if rule.contains(':') {
        let fits = |vendor: Vendor| catalog::action_names(vendor).any(|name| fits(rule, &format!("{vendor}:{name}")));
        return Vendor::ALL.into_iter().any(fits);
    }
    let portable = portable_commands().any(|command| fits(rule, &command));
    let grown = |vendor: Vendor| catalog::action_names(vendor).filter_map(move |name| homes::command(vendor, name));
    portable || Vendor::ALL.into_iter().flat_map(grown).any(|command| fits(rule, command))
}

/// The commands that are the same on every vendor.
fn portable_commands() -> impl Iterator<Item = String> {
    let nouns: [(&str, Vec<&str>); 8] = [
        ("callback", CallbackVerb::ALL.iter().map(|verb| verb.name()).collect()),
        ("cert", CertVerb::ALL.iter().map(|verb| verb.name()).collect()),
        ("domain", DomainVerb::ALL.iter().map(|verb| verb.name()).collect()),
        ("hls-key", HlsKeyVerb::ALL.iter().map(|verb| verb.name()).collect()),
        ("record", RecordVerb::ALL.iter().map(|verb| verb.name()).collect()),
        ("relay", RelayVerb::ALL.iter().map(|verb| verb.name()).collect()),
        ("stream", StreamVerb::ALL.iter().map(|verb| verb.name()).collect()),
        ("transcode", TranscodeVerb::ALL.iter().map(|verb| verb.name()).collect()),
    ];
    nouns.into_iter().flat_map(|(noun, verbs)| verbs.into_iter().map(move |verb| format!("{noun} {verb}")))
}

/// Whether a name is of a pattern, in which `*` stands for anything, also nothing. Case does not count.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.trim().to_ascii_lowercase(), name.to_ascii_lowercase());
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = left.get(at + part.len()..).unwrap_or_default();
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, expected) in [
            ("domain delete", "domain delete", true),
            ("Domain Delete", "domain delete", true),
            ("domain", "domain delete", false),
            ("domain *", "domain delete", true),
            ("* delete", "callback rule delete", true),
            ("* delete", "domain deleted", false),
            ("*", "anything at all", true),
            ("tencent:Delete*", "tencent:DeleteLiveDomain", true),
            ("tencent:Delete*", "aliyun:DeleteLiveDomain", false),
            ("*:*Live*Rule", "tencent:CreateLiveRecordRule", true),
            ("*:*Live*Rule", "tencent:CreateLiveRecordRules", false),
            ("ab*ba", "aba", false),
            ("钥*匙", "钥匙", true),
            ("", "domain delete", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    fn rules(allow: &[&str], confirm: &[&str], deny: &[&str]) -> Rules {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Rules { allow: texts(allow), confirm: texts(confirm), deny: texts(deny) }
    }

    #[test]
    fn deny_comes_before_allow_and_allow_before_confirm() {
        let rules = rules(&["domain *"], &["domain add"], &["* delete"]);
        let said = |name: &str, changing| {
            let names = [name.to_owned()];
            match word(&rules, &names, &names, changing) {
                Word::Pass => "pass",
                Word::Ask(_) => "ask",
                Word::Refuse(_) => "refuse",
            }
        };
        for (name, changing, expected) in [
            ("domain delete", true, "refuse"),
            ("domain add", true, "ask"),
            ("domain enable", true, "pass"),
            ("relay add", true, "refuse"),
            ("relay list", false, "pass"),
        ] {
            assert_eq!(said(name, changing), expected, "{name}");
        }
    }

    #[test]
    fn a_rule_that_fits_nothing_is_known() {
        for (rule, expected) in [
            ("hls-key rotate", true),
            ("callback rule *", true),
            ("aliyun:AddLiveDomain", true),
            ("*:Delete*", true),
            ("domain delte", false),
            ("domain", false),
            ("tencnt:DeleteLiveDomain", false),
            ("Delete*", false),
            ("", false),
        ] {
            assert_eq!(fits_anything(rule), expected, "{rule}");
        }
    }
}
