//! What the help of a command ends with: an example, and what happens where it changes something.

use clap::Command;

use crate::cli::{bulk, told};
use crate::model::{Effect, Vendor};
use crate::providers::catalog::Param;
use crate::providers::{homes, items, paging, settle, validate};

/// The command with the end of its help, where it is one to carry out. Only help needs it.
pub(super) fn added(command: Command, path: &str) -> Command {
    let written = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut parts: Vec<String> = Vec::new();
    if !written.contains("Example") {
        let made = || example(path).map(|line| format!("Example:\n{line}"));
        parts.extend(told::examples(path).or_else(made));
    }
    parts.extend(Some(written).filter(|text| !text.is_empty()));
    let changes = path.split(' ').next() != Some("api") && bulk::is_in(&command);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    parts.extend(changes.then(|| what_happens(path, &about)));
    match parts.is_empty() {
        true => command,
        false => command.after_help(parts.join("\n\n")),
    }
}

/// What a changing command does before and after it changes something.
fn what_happens(path: &str, about: &str) -> String {
    let named = |vendor: Vendor| homes::action_name_at(vendor, path).map(|name| (vendor, name));
    let actions: Vec<(Vendor, &str)> = Vendor::ALL.into_iter().filter_map(named).collect();
    let asks = about.contains("Asks first")
        || about.contains(" ask,")
        || actions.iter().any(|(_, name)| homes::asks_by_name(name));
    let asked = if asks { "asks first, unless --yes is there; then " } else { "" };
    let (noun, verb) = path.rsplit_once(' ').unwrap_or((path, ""));
    let compares = super::is_written(noun, verb) && verb != "add";
    let sent = if compares { "reads what is there, and sends what differs" } else { "the request is sent" };
    let later = actions.iter().any(|(vendor, name)| settle::settles_later(*vendor, name));
    let later = if later { "\nThe effect comes later: --wait returns when it is there." } else { "" };
    format!("What happens: {asked}{sent}.\n--dry-run shows what would be sent, and sends nothing.{later}")
}

/// A line with what the first vendor's Action requires.
fn example(path: &str) -> Option<String> {
    let (vendor, action) =
        Vendor::ALL.into_iter().find_map(|vendor| homes::action_at(vendor, path).map(|action| (vendor, action)))?;
    let is_needed = |param: &&Param<'static>| param.required && !paging::turns_pages(vendor, &action, param.name);
    let params: Vec<Param<'_>> =
        action.params.iter().map(|param| validate::amended(vendor, action.name, param)).collect();
    let (mut placed, mut named) = (String::new(), String::new());
    for param in params.iter().filter(is_needed) {
        let argument = homes::argument(vendor, action.name, param.name);
        let value = sample(param, action.effect_kind());
        match argument.starts_with("--") {
            true => named.push_str(&format!(" {argument} {value}")),
            false => placed.push_str(&format!(" {value}")),
        }
    }
    let yes = if homes::asks_first(&action) { " --yes" } else { "" };
    Some(told::folded(&format!("livectl {path}{placed}{named}{yes} --vendor {vendor}")))
}

/// Values by what a parameter's name ends with or holds; the first that fits.
const SAMPLES: &[(&str, &str)] = &[
    ("PushDomain", "push.example.com"),
    ("DomainNames", "live.example.com"),
    ("Domain", "live.example.com"),
    ("DomainName", "live.example.com"),
    ("AppName", "live"),
    ("App", "live"),
    ("StreamName", "s1"),
    ("Stream", "s1"),
    ("Vhost", "example.com"),
    ("Region", "cn-shanghai"),
    ("Endpoint", "oss-cn-shanghai.aliyuncs.com"),
    ("Bucket", "films"),
    ("Object", "rec/s1.m3u8"),
    ("Operator", "livectl"),
    ("Ip", "192.0.2.7"),
    ("Preset", "hd720"),
    ("Name", "name1"),
    ("Token", "TOKEN"),
    ("ID", "ID"),
    ("Id", "ID"),
];

/// A value that a parameter takes.
fn sample(param: &Param<'_>, effect: Effect) -> String {
    let kind = items::element(param.kind).unwrap_or(param.kind);
    if items::is_secret(param.name, param.format) {
        return "@key.txt".to_owned();
    }
    if let Some((word, _)) = items::words_for(param).into_iter().next() {
        return word;
    }
    if kind == "datetime" || param.format.is_some_and(items::is_time) {
        let past = effect == Effect::Read;
        let ends = param.name.contains("End") || param.name.contains("Stop");
        return match (ends, past) {
            (false, true) => "-1h",
            (true, true) => "now",
            (false, false) => "+1h",
            (true, false) => "+2h",
        }
        .to_owned();
    }
    if matches!(kind, "integer" | "float") {
        return number(param).to_string();
    }
    if param.format == Some("integer-string") {
        return "600".to_owned();
    }
    if param.format == Some("url") || param.name.to_ascii_lowercase().ends_with("url") {
        return "https://www.example.com/live".to_owned();
    }
    if kind != "string" || param.format == Some("json") {
        return format!("@{}.json", crate::providers::naming::kebab(param.name));
    }
    let known = SAMPLES.iter().find(|(end, _)| param.name.ends_with(end));
    known.map_or("TEXT", |(_, value)| *value).to_owned()
}

fn number(param: &Param<'_>) -> f64 {
    let told = param.default.and_then(|default| default.parse().ok());
    let usual: f64 = if param.name.ends_with("Id") { 1000.0 } else { 1.0 };
    told.unwrap_or(usual).max(param.min.unwrap_or(f64::MIN)).min(param.max.unwrap_or(f64::MAX))
}
