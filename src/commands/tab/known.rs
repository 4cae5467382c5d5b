//! Values that are known without asking anybody: the very words that the commands accept, profiles, Actions, the facts'.

use crate::commands::tab::{Asked, Line, Proposal};
use crate::commands::{auth, config as profiles, domain, hls_key, record, stream, timeshift, wait};
use crate::config::{self, Selection};
use crate::model::{
    CallbackEvent, CallbackRow, CertRow, Changed, Columns, DomainConfigRow, DomainRow, HlsKeyRow, RecordRow, RelayRow,
    StreamRow, StreamTopRow, TranscodeRow, Vendor,
};
use crate::output::Format;
use crate::providers::catalog::{self, Action};
use crate::providers::{homes, items, results};

/// What is known of an argument's values; empty where nobody here knows.
pub(super) fn values(asked: &Asked, current: &str) -> Vec<Proposal> {
    let words = |words: &[&str]| words.iter().map(|word| Proposal::new(*word)).collect::<Vec<_>>();
    let (noun, _) = asked.path.split_once(' ').unwrap_or((&asked.path, ""));
    match (noun, asked.id.as_str()) {
        (_, "vendor") => Vendor::ALL.map(|vendor| Proposal::new(vendor.name())).into(),
        ("api", "of") => Vendor::ALL.map(|vendor| Proposal::new(vendor.name())).into(),
        (_, "profile") | ("config", "name") => profile_names(&asked.line),
        (_, "output") => Format::ALL.map(|format| Proposal::new(format.name())).into(),
        (_, "columns") => columns(asked),
        (_, "sort_by") => columns(asked),
        ("api", "action") => actions(asked, current),
        ("api", "items") => parameters(asked),
        ("api", "group") => groups(&asked.line),
        ("config", "from") => words(profiles::TOOLS),
        ("config", "values") => config::key_names().map(|key| Proposal::new(format!("{key}="))).collect(),
        ("domain", "kind") => picked(domain::KINDS),
        ("domain", "status") => picked(domain::STATUSES),
        ("domain", "area") => picked(domain::AREAS),
        ("stream", "state") => picked(stream::STATES),
        ("record", "format") => picked(record::FORMATS),
        ("hls-key", "format") => picked(hls_key::FORMATS),
        ("auth", "scheme") => picked(auth::SCHEMES),
        ("auth", "enable" | "allow_empty") => words(&["true", "false"]),
        ("timeshift", "scheme") => picked(timeshift::SCHEMES),
        ("timeshift", "form") => picked(timeshift::FORMS),
        ("timeshift", "unit") => picked(timeshift::UNITS),
        ("timeshift", "format") => picked(timeshift::KEPT_FORMATS),
        ("callback" | "wait", "event") => CallbackEvent::ALL.iter().map(|event| Proposal::new(event.name())).collect(),
        ("wait", "state") => {
            wait::states(asked.path.split(' ').nth(1).unwrap_or_default()).into_iter().map(Proposal::new).collect()
        }
        _ => of_the_facts(asked),
    }
}

fn picked<T>(known: &[(&str, T)]) -> Vec<Proposal> {
    known.iter().map(|(word, _)| Proposal::new(*word)).collect()
}

fn profile_names(line: &Line) -> Vec<Proposal> {
    let selection = Selection { config_file: line.value("--config").map(Into::into), ..Selection::default() };
    let listed = config::list(&line.environment, &selection).unwrap_or_default();
    let proposal = |profile: config::ProfileSummary| {
        Proposal::new(profile.name).about(profile.vendor.map(Vendor::name).unwrap_or_default())
    };
    listed.into_iter().map(proposal).collect()
}

/// The vendor of `api VENDOR`, and of `api describe VENDOR`.
fn api_vendor(asked: &Asked) -> Option<Vendor> {
    let named = asked.path.strip_prefix("api ").and_then(|word| word.parse().ok());
    named.or_else(|| asked.line.words().find_map(|word| word.parse().ok()))
}

fn actions(asked: &Asked, current: &str) -> Vec<Proposal> {
    let Some(vendor) = api_vendor(asked) else { return Vec::new() };
    let begun: Vec<&str> = catalog::action_names(vendor).filter(|name| name.starts_with(current)).collect();
    // What each does is read from its record: for a screen of them, not for all.
    const MOST_TOLD: usize = 40;
    let told = begun.len() <= MOST_TOLD;
    let about = |name: &str| catalog::find(vendor, name).filter(|_| told).map(|action| action.summary);
    begun.iter().map(|name| Proposal::new(*name).about(about(name).unwrap_or_default())).collect()
}

/// `Key=` for each parameter of the Action that stands on the line.
fn parameters(asked: &Asked) -> Vec<Proposal> {
    let Some(vendor) = api_vendor(asked) else { return Vec::new() };
    let Some(action) = asked.line.words().find_map(|word| catalog::find(vendor, word)) else { return Vec::new() };
    action.params.iter().map(|param| Proposal::new(format!("{}=", param.name)).about(param.summary)).collect()
}

fn groups(line: &Line) -> Vec<Proposal> {
    let vendors = line.vendor().map_or_else(|| Vendor::ALL.to_vec(), |vendor| vec![vendor]);
    let mut groups: Vec<&str> = vendors.into_iter().flat_map(catalog::actions).map(|action| action.group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.into_iter().map(Proposal::new).collect()
}

/// The vendors' Actions of a command, of the one vendor that the line names where it names one.
pub(super) fn actions_of(asked: &Asked) -> Vec<(Vendor, Action<'static>)> {
    let named = asked.line.vendor();
    let vendors = Vendor::ALL.into_iter().filter(|vendor| named.is_none_or(|named| named == *vendor));
    vendors.filter_map(|vendor| Some((vendor, homes::action_at(vendor, &asked.path)?))).collect()
}

/// The values that the facts list for an option.
fn of_the_facts(asked: &Asked) -> Vec<Proposal> {
    let Some(option) = asked.grown() else { return Vec::new() };
    let mut proposals: Vec<Proposal> = Vec::new();
    for (vendor, action) in actions_of(asked) {
        let Some(param) = homes::param_of(vendor, &action, option) else { continue };
        for (word, about) in items::words_for(param) {
            if !proposals.iter().any(|known| known.word == word) {
                proposals.push(Proposal::new(word).about(about));
            }
        }
    }
    proposals
}

/// The columns of what a command prints.
fn columns(asked: &Asked) -> Vec<Proposal> {
    let (noun, verb) = asked.path.rsplit_once(' ').unwrap_or_default();
    let promised: Columns = match noun {
        "domain" => DomainRow::COLUMNS,
        "domain config" => DomainConfigRow::COLUMNS,
        "record" => RecordRow::COLUMNS,
        "transcode" => TranscodeRow::COLUMNS,
        "relay" => RelayRow::COLUMNS,
        "hls-key" => HlsKeyRow::COLUMNS,
        "callback" => CallbackRow::COLUMNS,
        "stream" if verb == "top" => StreamTopRow::COLUMNS,
        "stream" => StreamRow::COLUMNS,
        "cert" => CertRow::COLUMNS,
        _ => &[],
    };
    if !promised.is_empty() {
        let columns = if crate::cli::READING.contains(&verb) { promised } else { Changed::COLUMNS };
        return columns.iter().map(|column| Proposal::new(*column)).collect();
    }
    let mut names: Vec<String> = Vec::new();
    for name in actions_of(asked).iter().flat_map(|(vendor, action)| results::columns(*vendor, action)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().map(Proposal::new).collect()
}
