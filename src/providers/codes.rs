//! What a vendor's error code means to us. Explicit lists, never a guess from a prefix where the code is known.

use crate::error::Class;
use crate::model::{Call, Vendor};
use crate::providers::{aliyun, catalog, tencent, volcengine};

/// The kinds of refusal, finer than the exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The key pair, the token or the signature is not accepted.
    Credentials,
    /// The caller may not do this, or not with this domain.
    Permission,
    /// Service not opened, stopped, or the account in arrears.
    Billing,
    /// The thing is not there.
    NotFound,
    /// The very thing to be created is there.
    Exists,
    /// In use, locked, or in another state than the Action wants.
    Busy,
    /// Too many requests in a short time.
    Throttle,
    /// A limit on how many there may be.
    Quota,
    /// A value is refused.
    Invalid,
    /// The vendor does not do this.
    Unsupported,
    /// The vendor failed.
    Server,
}

/// The lists of one vendor, kept in its house.
pub(super) struct Lists {
    /// Codes whose kind is another than the sheet's, or that no sheet has.
    pub(super) overrides: &'static [(&'static str, Kind)],
    /// Conflicts that mean: exactly this exists already.
    pub(super) exists: &'static [&'static str],
    /// Codes after which the same request may succeed, beside those that the sheet marks.
    pub(super) transient: &'static [&'static str],
    /// Failures of the vendor that stay, beside those that the sheet marks.
    pub(super) permanent: &'static [&'static str],
    /// Codes that a wrong clock causes.
    pub(super) clock: &'static [&'static str],
    /// Codes that a session token causes which has expired.
    pub(super) token: &'static [&'static str],
    /// What to do about a code, where there is more to say than about its kind.
    pub(super) hints: &'static [(&'static str, &'static str)],
    /// The command that removes the cause of a code, with `DOMAIN` for the domain of the call.
    pub(super) remedies: &'static [(&'static str, &'static str)],
}

/// What a code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// The kind of refusal.
    pub kind: Kind,
    /// Class, and with it the exit code.
    pub class: Class,
    /// Plain words.
    pub words: &'static str,
    /// Whether the same request may succeed later; `None`: nobody knows.
    pub retryable: Option<bool>,
    /// A conflict that `--if-not-exists` accepts.
    pub already_exists: bool,
}

impl Kind {
    /// The class of the kind. A refused value has class `usage`, as there is none of its own; its outcome
    /// is `refused`, not `not-sent`.
    pub const fn class(self) -> Class {
        match self {
            Kind::Credentials | Kind::Permission | Kind::Billing => Class::Auth,
            Kind::NotFound => Class::NotFound,
            Kind::Exists | Kind::Busy => Class::Conflict,
            Kind::Throttle | Kind::Quota => Class::Throttled,
            Kind::Invalid | Kind::Unsupported => Class::Usage,
            Kind::Server => Class::Vendor,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Kind::Credentials => "the credentials are not accepted",
            Kind::Permission => "not permitted",
            Kind::Billing => "the service is not opened, stopped, or the account is in arrears",
            Kind::NotFound => "not found",
            Kind::Exists => "exists already",
            Kind::Busy => "in use, locked or in the wrong state",
            Kind::Throttle => "too many requests",
            Kind::Quota => "a quota is used up",
            Kind::Invalid => "the vendor refuses a value",
            Kind::Unsupported => "the vendor does not support this",
            Kind::Server => "the vendor failed",
        }
    }

    fn hint(self, vendor: Vendor, action: &str) -> Option<String> {
        let hint = match self {
            Kind::Credentials => "check which keys are used: `livectl config show --effective`",
            Kind::Permission => "check that the account (`--profile`) is the right one and may do this",
            Kind::Billing => "open the live service, or settle the account, in the vendor's console",
            Kind::Busy => "wait until the change under way has settled, or free what is in use",
            Kind::Throttle => "wait a while; `--retries` allows more attempts",
            Kind::Quota => "remove what is not needed, or ask the vendor for more",
            Kind::Server => "if it stays, the vendor's support wants the request id",
            Kind::Invalid => {
                return Some(format!("`livectl api describe {vendor} {action}` tells what is allowed"));
            }
            Kind::NotFound | Kind::Exists | Kind::Unsupported => return None,
        };
        Some(hint.to_owned())
    }

    fn of_sheet(class: &str) -> Kind {
        match class {
            "auth" => Kind::Credentials,
            "denied" => Kind::Permission,
            "billing" => Kind::Billing,
            "not-found" => Kind::NotFound,
            "conflict" => Kind::Busy,
            "throttle" => Kind::Throttle,
            "quota" => Kind::Quota,
            "invalid" => Kind::Invalid,
            "unsupported" => Kind::Unsupported,
            _ => Kind::Server,
        }
    }

    fn of_status(status: u16) -> Kind {
        match status {
            401 => Kind::Credentials,
            402 => Kind::Billing,
            403 => Kind::Permission,
            404 => Kind::NotFound,
            405 | 406 | 415 => Kind::Unsupported,
            409 | 423 => Kind::Busy,
            429 => Kind::Throttle,
            400..=499 => Kind::Invalid,
            _ => Kind::Server,
        }
    }
}

fn lists(vendor: Vendor) -> &'static Lists {
    match vendor {
        Vendor::Tencent => &tencent::errors::LISTS,
        Vendor::Aliyun => &aliyun::errors::LISTS,
        Vendor::Volcengine => &volcengine::errors::LISTS,
    }
}

/// The meaning of a code: the vendor's lists, then the sheet, then the same for what stands before the last
/// dot, then the HTTP status.
pub fn sense(vendor: Vendor, code: &str, status: u16) -> Sense {
    let lists = lists(vendor);
    let known = listed(vendor, code);
    let kind = known.or_else(|| inherited(vendor, code)).unwrap_or_else(|| Kind::of_status(status));
    let already_exists = kind == Kind::Exists;
    let retryable =
        if lists.transient.contains(&code) || kind == Kind::Throttle && (known == Some(kind) || status == 429) {
            Some(true)
        } else if lists.permanent.contains(&code) {
            Some(false)
        } else if kind == Kind::Throttle {
            None
        } else if let Some(fact) = catalog::error_fact(vendor, code) {
            Some(fact.retryable.unwrap_or(false))
        } else if known.is_some() || kind != Kind::Server {
            Some(false)
        } else {
            None
        };
    Sense { kind, class: kind.class(), words: kind.words(), retryable, already_exists }
}

/// Whether the vendor refused the request because the time in it was off.
pub fn is_clock_error(vendor: Vendor, code: &str) -> bool {
    lists(vendor).clock.contains(&code)
}

/// Whether the vendor refused the request because its session token has expired.
pub fn is_token_error(vendor: Vendor, code: &str) -> bool {
    lists(vendor).token.contains(&code)
}

/// What to do next after a refusal, one line each.
pub(super) fn hints(vendor: Vendor, code: &str, action: &str, sense: &Sense) -> Vec<String> {
    let special = lists(vendor).hints.iter().find(|(known, _)| *known == code).map(|(_, hint)| (*hint).to_owned());
    if is_clock_error(vendor, code) {
        return vec!["this machine's clock may be off: compare it with the real time, and set it".to_owned()];
    }
    special.or_else(|| sense.kind.hint(vendor, action)).into_iter().collect()
}

/// The command that removes what a call was refused for, with the domain of the call, where it is a plain name.
pub fn remedy(call: &Call, code: &str) -> Option<String> {
    let (_, command) = lists(call.vendor).remedies.iter().find(|(known, _)| *known == code)?;
    let named = ["DomainName", "Domain"].iter().find_map(|name| call.params.get(*name)?.as_str());
    let is_plain = |name: &&str| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    Some(command.replace("DOMAIN", named.filter(is_plain).unwrap_or("DOMAIN")))
}

fn listed(vendor: Vendor, code: &str) -> Option<Kind> {
    let lists = lists(vendor);
    if lists.exists.contains(&code) {
        return Some(Kind::Exists);
    }
    if let Some((_, kind)) = lists.overrides.iter().find(|(known, _)| *known == code) {
        return Some(*kind);
    }
    catalog::error_fact(vendor, code).map(|fact| Kind::of_sheet(fact.class))
}

/// What a code that nobody lists inherits from its parents; `exists already` is never inherited.
fn inherited(vendor: Vendor, code: &str) -> Option<Kind> {
    let mut parent = code;
    while let Some((shorter, _)) = parent.rsplit_once('.') {
        match listed(vendor, shorter) {
            Some(Kind::Exists) => return Some(Kind::Busy),
            Some(kind) => return Some(kind),
            None => parent = shorter,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_of_a_vendor_passes_or_stays_and_nobody_guesses() {
        for vendor in Vendor::ALL {
            let lists = lists(vendor);
            let failures = catalog::error_facts(vendor).filter(|fact| listed(vendor, fact.code) == Some(Kind::Server));
            let told = |list: &[&str], code: &str| usize::from(list.contains(&code));
            let wrong: Vec<&str> = failures
                .filter(|fact| {
                    let listed = told(lists.transient, fact.code) + told(lists.permanent, fact.code);
                    listed + usize::from(fact.retryable.is_some()) != 1
                })
                .map(|fact| fact.code)
                .collect();
            assert_eq!(wrong, [""; 0], "{vendor}");
        }
    }
}
