//! Checks parameters against the facts, before anything is sent.
//!
//! Firm, and so refused: unknown and missing parameters, types, lengths, and what the sheet states for documented
//! Actions (enums and ranges of Tencent and Volcengine, ranges of Aliyun, constraints between parameters).
//! Everything else that looks wrong is sent with a warning. Where reference and current SDK differ, the vendors'
//! `amendments` widen the facts.

pub(in crate::providers) mod amend;
pub(in crate::providers) mod relate;
mod values;

use jiff::Timestamp;

pub use amend::amended;

use crate::error::Fault;
use crate::model::{Params, Vendor};
use crate::providers::catalog::Action;
use crate::providers::{Provider, provider};
use values::Checker;

/// What is wrong, and what is only doubtful.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Refused, each one told.
    pub faults: Vec<Fault>,
    /// Sent all the same, with these warnings.
    pub warnings: Vec<String>,
}

impl Verdict {
    /// Adds a complaint: a fault where the facts are firm, else a warning.
    fn complain(&mut self, firm: bool, fault: Fault) {
        if firm {
            self.faults.push(fault);
            return;
        }
        let given = fault.given.map(|given| format!(" is `{given}`;")).unwrap_or_default();
        self.warnings.push(format!("`{}`{given} as far as known it must be {}", fault.option, fault.allowed));
    }
}

/// Checks every parameter and the constraints between them. `region` is the one that was chosen, if any.
///
/// The options of the faults are parameter names; that of a region is `--region`.
pub fn validate(vendor: Vendor, action: &Action<'_>, params: &Params, region: Option<&str>, now: Timestamp) -> Verdict {
    let mut checker = Checker::new(vendor, action);
    checker.members(action.name, &action.params, params, "");
    let mut verdict = checker.verdict;
    check_region(provider(vendor), action, region, &mut verdict);
    relate::check(vendor, action, params, now, &mut verdict);
    verdict
}

/// Some Tencent Actions exist in a few regions only.
fn check_region(vendor: &Provider, action: &Action<'_>, region: Option<&str>, verdict: &mut Verdict) {
    let used = region.or_else(|| vendor.default_region());
    if action.regions.is_empty() || used.is_some_and(|region| action.regions.contains(&region)) {
        return;
    }
    let given = region.map(str::to_owned);
    let allowed = format!("one of {}", action.regions.join(", "));
    verdict.faults.push(Fault { option: "--region".to_owned(), given, allowed });
}
