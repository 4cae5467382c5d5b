//! Where each Action's command is: one row an Action.

use crate::model::{Effect, Vendor};
use crate::providers::catalog::{self, Action};

/// One Action's home: its command, and the option of each parameter that the command takes.
struct Home {
    vendor: Vendor,
    action: &'static str,
    command: &'static [&'static str],
    options: &'static [(&'static str, &'static str)],
}

const fn home(
    vendor: Vendor,
    action: &'static str,
    command: &'static [&'static str],
    options: &'static [(&'static str, &'static str)],
) -> Home {
    Home { vendor, action, command, options }
}

use Vendor::{Aliyun, Tencent, Volcengine};

const RELAY_PLACE: &[(&str, &str)] = &[("DomainName", "--domain"), ("AppName", "--app"), ("StreamName", "--stream")];

#[rustfmt::skip]
const HOMES: &[Home] = &[
    home(Tencent, "AddLiveDomain", &["domain", "add"], &[("DomainName", "NAME"), ("DomainType", "--type"), ("PlayType", "--area"), ("VerifyOwnerType", "--verify-owner")]),
    home(Tencent, "CreateLivePullStreamTask", &["relay", "add"], &[("DomainName", "--domain"), ("AppName", "--app"), ("StreamName", "--stream"), ("SourceUrls", "--source"), ("StartTime", "--start"), ("EndTime", "--end"), ("Operator", "--operator")]),
    home(Tencent, "DeleteLiveDomain", &["domain", "delete"], &[("DomainName", "NAME"), ("DomainType", "--type")]),
    home(Tencent, "DeleteLivePullStreamTask", &["relay", "delete"], &[("TaskId", "ID"), ("Operator", "--operator")]),
    home(Tencent, "DescribeLiveDomain", &["domain", "show"], &[("DomainName", "NAME")]),
    home(Tencent, "DescribeLiveDomains", &["domain", "list"], &[("DomainType", "--type"), ("DomainStatus", "--status"), ("PlayType", "--area")]),
    home(Tencent, "DescribeLivePullStreamTasks", &["relay", "list"], &[]),
    home(Tencent, "EnableLiveDomain", &["domain", "enable"], &[("DomainName", "NAME")]),
    home(Tencent, "ForbidLiveDomain", &["domain", "disable"], &[("DomainName", "NAME")]),
    home(Tencent, "ModifyLivePullStreamTask", &["relay", "update"], &[("TaskId", "ID"), ("SourceUrls", "--source"), ("StartTime", "--start"), ("EndTime", "--end"), ("Operator", "--operator")]),
    home(Tencent, "RestartLivePullStreamTask", &["relay", "restart"], &[("TaskId", "ID"), ("Operator", "--operator")]),
    home(Aliyun, "AddLiveDomain", &["domain", "add"], &[("DomainName", "NAME"), ("LiveDomainType", "--type"), ("Region", "--domain-region"), ("Scope", "--area")]),
    home(Aliyun, "AddLiveDomainMapping", &["domain", "map"], &[("PushDomain", "PUSH"), ("PullDomain", "PLAY")]),
    home(Aliyun, "AddLivePullStreamInfoConfig", &["relay", "add"], &[("DomainName", "--domain"), ("AppName", "--app"), ("StreamName", "--stream"), ("SourceUrl", "--source"), ("StartTime", "--start"), ("EndTime", "--end")]),
    home(Aliyun, "DeleteLiveDomain", &["domain", "delete"], &[("DomainName", "NAME")]),
    home(Aliyun, "DeleteLiveDomainMapping", &["domain", "unmap"], &[("PushDomain", "PUSH"), ("PullDomain", "PLAY")]),
    home(Aliyun, "DeleteLivePullStreamInfoConfig", &["relay", "delete"], RELAY_PLACE),
    home(Aliyun, "DescribeLiveDomainDetail", &["domain", "show"], &[("DomainName", "NAME")]),
    home(Aliyun, "DescribeLivePullStreamConfig", &["relay", "list"], &[("DomainName", "--domain")]),
    home(Aliyun, "DescribeLiveUserDomains", &["domain", "list"], &[("LiveDomainType", "--type"), ("DomainStatus", "--status")]),
    home(Aliyun, "StartLiveDomain", &["domain", "enable"], &[("DomainName", "NAME")]),
    home(Aliyun, "StopLiveDomain", &["domain", "disable"], &[("DomainName", "NAME")]),
    home(Aliyun, "UpdateLivePullStreamInfoConfig", &["relay", "update"], &[("DomainName", "--domain"), ("AppName", "--app"), ("StreamName", "--stream"), ("SourceUrl", "--source"), ("StartTime", "--start"), ("EndTime", "--end")]),
    home(Volcengine, "BindEncryptDRM", &["hls-key", "enable"], &[("Vhost", "--vhost"), ("App", "--app")]),
    home(Volcengine, "CreateDomain", &["domain", "add"], &[("Domain", "NAME"), ("Type", "--type"), ("Region", "--area")]),
    home(Volcengine, "CreateRelaySourceV4", &["relay", "add"], &[("Domain", "--domain"), ("App", "--app"), ("Stream", "--stream"), ("SrcAddrS", "--source"), ("StartTime", "--start"), ("EndTime", "--end")]),
    home(Volcengine, "DeleteDomain", &["domain", "delete"], &[("Domain", "NAME")]),
    home(Volcengine, "DeleteRelaySourceV4", &["relay", "delete"], &[("Domain", "--domain"), ("App", "--app"), ("Stream", "--stream")]),
    home(Volcengine, "DescribeDomain", &["domain", "show"], &[("DomainList", "NAME")]),
    home(Volcengine, "DescribeEncryptHLS", &["hls-key", "show"], &[]),
    home(Volcengine, "DisableDomain", &["domain", "disable"], &[("Domain", "NAME")]),
    home(Volcengine, "EnableDomain", &["domain", "enable"], &[("Domain", "NAME")]),
    home(Volcengine, "GetHLSEncryptDataKey", &["hls-key", "get"], &[("KeyID", "KEY_ID")]),
    home(Volcengine, "ListDomainDetail", &["domain", "list"], &[("DomainTypeList", "--type"), ("DomainRegionList", "--area"), ("DomainStatusList", "--status")]),
    home(Volcengine, "ListRelaySourceV4", &["relay", "list"], &[("Domain", "--domain")]),
    home(Volcengine, "UnBindEncryptDRM", &["hls-key", "disable"], &[("Vhost", "--vhost"), ("App", "--app")]),
    home(Volcengine, "UpdateEncryptHLS", &["hls-key", "set"], &[("URL", "--key-url"), ("CycleTime", "--cycle")]),
    home(Volcengine, "UpdateRelaySourceV4", &["relay", "update"], &[("Domain", "--domain"), ("App", "--app"), ("Stream", "--stream"), ("SrcAddrS", "--source"), ("StartTime", "--start"), ("EndTime", "--end")]),
];

fn find(vendor: Vendor, action: &str) -> Option<&'static Home> {
    HOMES.iter().find(|home| home.vendor == vendor && home.action == action)
}

/// The command of an Action, word by word.
pub fn command(vendor: Vendor, action: &str) -> Option<&'static [&'static str]> {
    find(vendor, action).map(|home| home.command)
}

/// How the home command takes a parameter: an option, or a positional argument in capitals.
pub fn option(vendor: Vendor, action: &str, param: &str) -> Option<&'static str> {
    let options = find(vendor, action)?.options;
    options.iter().find(|(name, _)| *name == param).map(|(_, option)| *option)
}

/// The command that reads what an Action writes: its noun's, else the reading Action of the same group whose name
/// is most like its own.
pub fn reader(vendor: Vendor, action: &str) -> Option<String> {
    if let Some(command) = command(vendor, action) {
        let verb = if command[0] == "hls-key" { "show" } else { "list" };
        return Some(format!("{} {verb}", command[0]));
    }
    let written = catalog::find(vendor, action)?;
    let reads = |other: &Action<'_>| other.group == written.group && other.effect_kind() == Effect::Read;
    let likeness = |other: &Action<'_>| strsim::jaro_winkler(object(action), object(other.name));
    let nearest =
        catalog::actions(vendor).filter(reads).max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    Some(format!("api {vendor} {}", nearest.name))
}

/// An Action's name without its verb: `LiveDomain` of `AddLiveDomain`.
fn object(action: &str) -> &str {
    let noun = action.char_indices().skip(1).find(|(_, letter)| letter.is_ascii_uppercase());
    noun.map_or(action, |(at, _)| &action[at..])
}

/// How the names of Actions begin that stop or cut something off.
const CUTTING: &[&str] = &[
    "Ban",
    "Block",
    "Cancel",
    "Cut",
    "Disable",
    "Drop",
    "Forbid",
    "Kick",
    "Kill",
    "Remove",
    "Stop",
    "Terminate",
    "UnBind",
    "Unbind",
];

/// Whether an Action is asked about before it is sent: deleting, and what stops or cuts something off.
pub fn asks_first(action: &Action<'_>) -> bool {
    match action.effect_kind() {
        Effect::Delete => true,
        Effect::Control => cuts_off(action.name),
        _ => {
            action.name == "UpdateEncryptHLS" || action.name.starts_with("UnBind") || action.name.starts_with("Unbind")
        }
    }
}

/// The same for an Action that no sheet knows: by its name.
pub fn sounds_final(name: &str) -> bool {
    name.starts_with("Delete") || cuts_off(name)
}

fn cuts_off(name: &str) -> bool {
    CUTTING.iter().any(|word| name.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_an_action_and_parameters_that_the_facts_know() {
        for home in HOMES {
            let action = catalog::find(home.vendor, home.action).unwrap_or_else(|| panic!("{}", home.action));
            for (param, _) in home.options {
                assert!(action.param(param).is_some(), "{} {param}", home.action);
            }
        }
    }

    #[test]
    fn what_reads_a_written_thing_is_found() {
        for (vendor, action, command) in [
            (Tencent, "AddLiveDomain", Some("domain list")),
            (Volcengine, "UpdateEncryptHLS", Some("hls-key show")),
            (Tencent, "CreateLiveCallbackRule", Some("api tencent DescribeLiveCallbackRules")),
            (Tencent, "Nonsense", None),
        ] {
            assert_eq!(reader(vendor, action).as_deref(), command, "{action}");
        }
    }

    #[test]
    fn no_two_actions_of_a_vendor_share_a_command() {
        let mut seen = std::collections::HashSet::new();
        for home in HOMES {
            assert!(seen.insert((home.vendor, home.command)), "{} {:?}", home.vendor, home.command);
        }
    }
}
