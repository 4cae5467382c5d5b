//! Faults on request: what a rehearsal of bad weather is made of.

use std::time::Duration;

use crate::error::Error;
use crate::model::{Vendor, time};
use crate::providers::{catalog, sts};
use crate::sandbox::later::Settling;

/// What goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// Refused for its rate.
    Throttle,
    /// Performed, and the connection closes without an answer.
    Drop,
    /// Performed, and the connection closes in the middle of the answer.
    Cut,
    /// Answered after a while.
    Slow(Duration),
    /// Performed, and never answered.
    Silence,
    /// Performed, and answered byte by byte, with this time between two.
    Drip(Duration),
    /// Nobody listens at all.
    Offline,
    /// Refused with a code: the vendor's `InternalError` where none was named.
    Error(Option<String>),
    /// Answered by a proxy's page, HTTP 502 or another status of 5xx.
    Html(u16),
    /// Answered with HTTP 200 and nothing.
    Empty,
    /// Performed, and half of the answer's JSON or XML is missing.
    Truncate,
    /// Refused because the session token has expired.
    Expired,
    /// Judged by a clock that is an hour ahead.
    Clock,
    /// Accepted, and settled only after a while.
    Settle(Duration),
    /// The temporary credentials that it gives live no longer.
    Life(Duration),
    /// Accepted, and failed afterwards: after a while, or as soon as such changes settle.
    Fail(Option<Duration>),
}

impl FaultKind {
    /// How a change that meets this settles.
    pub(super) fn settling(&self) -> Option<Settling> {
        let millis = |time: &Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        match self {
            FaultKind::Settle(time) => Some(Settling { after: Some(millis(time)), fails: false }),
            FaultKind::Fail(time) => Some(Settling { after: time.as_ref().map(millis), fails: true }),
            _ => None,
        }
    }
}

/// One step of a rule: a fault and how many requests it meets; `None`: all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    kind: FaultKind,
    left: Option<u32>,
}

/// Faults that meet one Action (or all of a vendor), one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    vendor: Vendor,
    action: String,
    steps: Vec<Step>,
}

impl FaultRule {
    /// Whether nobody listens for that vendor.
    pub fn is_offline(&self, vendor: Vendor) -> bool {
        self.vendor == vendor && self.steps.iter().any(|step| step.kind == FaultKind::Offline)
    }
}

const FORM: &str = "VENDOR:ACTION:FAULT[*COUNT],… with throttle, drop, cut, slow=3s, silence, drip[=100ms], error[=CODE], html[=502], empty, truncate, expired, clock, settle=10m, fail[=10s], life=30s; or VENDOR:*:offline";

/// Reads one `--fault`: `tencent:AddLiveDomain:throttle*2,drop,slow=3s`. `*` stands for every Action. Each fault
/// meets one request, `*2` two, `*forever` all that follow; `clock` lasts forever unless counted. `settle` and `fail`
/// show with changes whose state can be read: domains, Aliyun's functions of domains, Tencent's pull tasks; `life` with
/// the Actions that give credentials for a role. `offline`
/// stands alone: whom nobody reaches counts nothing, and knows no Action.
///
/// # Errors
/// Usage, with what could not be read.
pub fn parse_faults(text: &str) -> Result<FaultRule, Error> {
    let refused = |why: String| Error::usage(format!("reading the fault `{text}`: {why}")).hint(format!("use {FORM}"));
    let mut parts = text.splitn(3, ':');
    let (Some(vendor), Some(action), Some(steps)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(refused("it needs a vendor, an action and faults, with colons between them".to_owned()));
    };
    let vendor: Vendor = vendor.parse().map_err(refused)?;
    let known = || catalog::find(vendor, action).is_some() || sts::actions(vendor).contains(&action);
    if action != "*" && !known() {
        return Err(refused(format!("{vendor} has no action `{action}`")));
    }
    let steps: Result<Vec<Step>, String> = steps.split(',').map(|step| parse_step(step.trim())).collect();
    let rule = FaultRule { vendor, action: action.to_owned(), steps: steps.map_err(refused)? };
    let offline = Step { kind: FaultKind::Offline, left: None };
    if rule.steps.iter().any(|step| step.kind == FaultKind::Offline) && (action != "*" || rule.steps != [offline]) {
        return Err(refused(format!("`offline` stands alone, as in `{vendor}:*:offline`")));
    }
    Ok(rule)
}

fn parse_step(text: &str) -> Result<Step, String> {
    let (fault, count) = text.split_once('*').map_or((text, None), |(fault, count)| (fault, Some(count)));
    let (name, value) = fault.split_once('=').map_or((fault, None), |(name, value)| (name, Some(value)));
    let kind = match (name, value) {
        ("throttle", None) => FaultKind::Throttle,
        ("drop", None) => FaultKind::Drop,
        ("cut", None) => FaultKind::Cut,
        ("slow", Some(value)) => FaultKind::Slow(time::parse_limit(value)?.unsigned_abs()),
        ("error", code) => FaultKind::Error(code.map(str::to_owned)),
        ("silence", None) => FaultKind::Silence,
        ("drip", None) => FaultKind::Drip(Duration::from_millis(100)),
        ("drip", Some(value)) => FaultKind::Drip(time::parse_limit(value)?.unsigned_abs()),
        ("offline", None) => FaultKind::Offline,
        ("html", status) => FaultKind::Html(match status.map(str::parse) {
            None => 502,
            Some(Ok(status @ 500..=599)) => status,
            Some(_) => return Err(format!("`{fault}` is no status from 500 to 599")),
        }),
        ("empty", None) => FaultKind::Empty,
        ("truncate", None) => FaultKind::Truncate,
        ("expired", None) => FaultKind::Expired,
        ("clock", None) => FaultKind::Clock,
        ("settle", Some(value)) => FaultKind::Settle(time::parse_limit(value)?.unsigned_abs()),
        ("life", Some(value)) => FaultKind::Life(time::parse_limit(value)?.unsigned_abs()),
        ("fail", None) => FaultKind::Fail(None),
        ("fail", Some(value)) => FaultKind::Fail(Some(time::parse_limit(value)?.unsigned_abs())),
        _ => return Err(format!("`{fault}` is no fault")),
    };
    let left = match count {
        Some("forever") => None,
        Some(count) => Some(count.parse::<u32>().map_err(|_| format!("`{count}` is no count"))?),
        None if matches!(kind, FaultKind::Clock | FaultKind::Offline) => None,
        None => Some(1),
    };
    Ok(Step { kind, left })
}

/// Takes the fault that meets this request off its rule.
pub(super) fn next_fault(rules: &mut [FaultRule], vendor: Vendor, action: &str) -> Option<FaultKind> {
    let mut met =
        rules.iter_mut().filter(|rule| rule.vendor == vendor && (rule.action == "*" || rule.action == action));
    met.find_map(|rule| {
        let step = rule.steps.iter_mut().find(|step| step.left != Some(0))?;
        step.left = step.left.map(|left| left - 1);
        Some(step.kind.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_their_order_and_number() {
        let mut rules = vec![parse_faults("tencent:AddLiveDomain:throttle*2,drop,slow=3s").unwrap()];
        let mut next = |action| next_fault(&mut rules, Vendor::Tencent, action);
        assert_eq!(next("DescribeLiveDomains"), None);
        assert_eq!(next("AddLiveDomain"), Some(FaultKind::Throttle));
        assert_eq!(next("AddLiveDomain"), Some(FaultKind::Throttle));
        assert_eq!(next("AddLiveDomain"), Some(FaultKind::Drop));
        assert_eq!(next("AddLiveDomain"), Some(FaultKind::Slow(Duration::from_secs(3))));
        assert_eq!(next("AddLiveDomain"), None);
        let mut rules = vec![parse_faults("aliyun:*:settle=200ms,fail,fail=2s").unwrap()];
        let mut settling =
            || next_fault(&mut rules, Vendor::Aliyun, "AddLiveDomain").and_then(|fault| fault.settling());
        assert_eq!(settling(), Some(Settling { after: Some(200), fails: false }));
        assert_eq!(settling(), Some(Settling { after: None, fails: true }));
        assert_eq!(settling(), Some(Settling { after: Some(2000), fails: true }));
        assert_eq!(settling(), None);
        let mut rules = vec![parse_faults("aliyun:*:error=ServiceBusy*forever").unwrap()];
        for _ in 0..3 {
            let fault = next_fault(&mut rules, Vendor::Aliyun, "AddLiveDomain");
            assert_eq!(fault, Some(FaultKind::Error(Some("ServiceBusy".to_owned()))));
        }
    }

    #[test]
    fn what_is_no_fault_is_told() {
        for text in [
            "",
            "tencent",
            "tencent:AddLiveDomain",
            "aws:X:drop",
            "tencent:Nope:drop",
            "aliyun:*:boom",
            "aliyun:*:drop*x",
            "aliyun:*:slow",
            "aliyun:*:settle",
            "aliyun:*:fail=soon",
            "aliyun:AssumeRole:life",
            "aliyun:AssumeRoleWithWebIdentity:drop",
            "aliyun:*:html=200",
            "aliyun:*:silence=1s",
            "aliyun:*:drip=soon",
            "aliyun:*:offline*2",
            "aliyun:*:drop,offline",
            "aliyun:AddLiveDomain:offline",
        ] {
            assert_eq!(parse_faults(text).unwrap_err().class().exit_code(), 2, "{text}");
        }
    }
}
