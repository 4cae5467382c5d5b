//! Where each Action's command is: one row an Action.

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::model::{Call, Effect, Vendor};
use crate::providers::catalog::{self, Action, Param};
use crate::providers::{items, naming};

mod aliyun;
mod columns;
mod examples;
mod nouns;
mod tencent;
mod volcengine;

/// One Action's home: its name, its command, and the options that are not called after their parameter.
type Home = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

fn homes(vendor: Vendor) -> &'static [Home] {
    match vendor {
        Vendor::Tencent => tencent::ROWS,
        Vendor::Aliyun => aliyun::ROWS,
        Vendor::Volcengine => volcengine::ROWS,
    }
}

fn find(vendor: Vendor, action: &str) -> Option<&'static Home> {
    homes(vendor).iter().find(|(name, ..)| *name == action)
}

/// The command of an Action: its words, with a blank between them.
pub fn command(vendor: Vendor, action: &str) -> Option<&'static str> {
    find(vendor, action).map(|(_, command, _)| *command)
}

/// The Action whose home a command is.
pub fn action_at(vendor: Vendor, command: &str) -> Option<Action<'static>> {
    let (name, ..) = homes(vendor).iter().find(|(_, home, _)| *home == command)?;
    catalog::find(vendor, name)
}

/// How the home command of an Action takes a parameter: as an option, or in its place, in capitals.
pub fn argument(vendor: Vendor, action: &str, param: &str) -> String {
    let named = find(vendor, action).and_then(|(.., options)| options.iter().find(|(name, _)| *name == param));
    named.map_or_else(|| format!("--{}", naming::usual_option(param)), |(_, argument)| (*argument).to_owned())
}

/// The option of a parameter at the home command of its Action: also of one that may be given in its place.
pub fn option(vendor: Vendor, action: &str, param: &str) -> String {
    let argument = argument(vendor, action, param);
    if argument.starts_with("--") { argument } else { format!("--{}", naming::own_option(param)) }
}

/// A fault of a call by the option that a user typed, not by the vendor's parameter; what is inside it keeps its name.
pub fn as_typed(call: &Call, mut fault: Fault) -> Fault {
    let end = fault.option.find(['.', '[']).unwrap_or(fault.option.len());
    let (param, inside) = fault.option.split_at(end);
    let known = catalog::find(call.vendor, &call.action).is_some_and(|action| action.param(param).is_some());
    if known && command(call.vendor, &call.action).is_some() {
        fault.option = argument(call.vendor, &call.action, param) + inside;
    }
    fault
}

/// The options that stand for what a command takes in its place under a name in capitals.
pub fn options_in_place(command: &str, argument: &str) -> Vec<String> {
    let here = |vendor: Vendor| {
        homes(vendor).iter().filter(move |(_, home, _)| *home == command).map(move |home| (vendor, home))
    };
    let pairs = Vendor::ALL.into_iter().flat_map(here).flat_map(|(_, (.., options))| options.iter());
    pairs.filter(|(_, name)| *name == argument).map(|(param, _)| naming::own_option(param)).collect()
}

/// A command as the table has it, for words that were typed; empty where it knows none.
pub fn canonical(command: &str) -> &'static str {
    let homes = Vendor::ALL.into_iter().flat_map(homes);
    homes.map(|(_, home, _)| *home).find(|home| *home == command).unwrap_or_default()
}

/// What the Actions of a command do to the account.
pub fn effects(command: &str) -> impl Iterator<Item = Effect> {
    Vendor::ALL.into_iter().filter_map(move |vendor| action_at(vendor, command)).map(|action| action.effect_kind())
}

/// The vendors whose Action at a command takes an option (without dashes).
pub fn vendors_with(command: &str, option: &str) -> Vec<Vendor> {
    let takes = |vendor: &Vendor| {
        action_at(*vendor, command).is_some_and(|action| param_of(*vendor, &action, option).is_some())
    };
    Vendor::ALL.into_iter().filter(takes).collect()
}

/// The parameter that an option (without dashes) stands for at the home command of an Action.
pub fn param_of<'a>(vendor: Vendor, action: &'a Action<'static>, option: &str) -> Option<&'a Param<'static>> {
    action.params.iter().find(|param| self::option(vendor, action.name, param.name).strip_prefix("--") == Some(option))
}

/// What kind of value an option of a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A text, a number, a time, …
    Plain,
    /// An object, or a list of objects, in JSON.
    Json,
    /// What must not be shown.
    Secret,
}

/// What kind of value an option (without dashes) of a command takes, on the vendors that have it.
pub fn takes(command: &str, option: &str) -> Takes {
    let actions = Vendor::ALL.into_iter().filter_map(|vendor| Some((vendor, action_at(vendor, command)?)));
    let kinds = actions.filter_map(|(vendor, action)| {
        let param = param_of(vendor, &action, option)?;
        let element = items::element(param.kind).unwrap_or(param.kind);
        Some(match items::is_secret(param.name, param.format) {
            _ if items::members_type(element).is_some() || param.format == Some("json") => Takes::Json,
            true => Takes::Secret,
            false => Takes::Plain,
        })
    });
    kinds.fold(Takes::Plain, |known, kind| if known == Takes::Plain { kind } else { known })
}

/// Whether an option (without dashes) of a command takes a list, on a vendor that has it.
pub fn takes_list(command: &str, option: &str) -> bool {
    let mut actions = Vendor::ALL.into_iter().filter_map(|vendor| Some((vendor, action_at(vendor, command)?)));
    actions.any(|(vendor, action)| {
        param_of(vendor, &action, option).is_some_and(|param| items::element(param.kind).is_some())
    })
}

/// The words that may follow the words of a command in the commands of the vendors' Actions, each once, in order.
pub fn words_after(path: &str) -> BTreeSet<&'static str> {
    let commands = Vendor::ALL.into_iter().flat_map(|vendor| homes(vendor).iter().map(|(_, command, _)| *command));
    let rest = commands.filter_map(|command| match path {
        "" => Some(command),
        _ => command.strip_prefix(path)?.strip_prefix(' '),
    });
    rest.filter_map(|rest| rest.split(' ').next()).collect()
}

/// Whether a command is some vendor's Action, and no group of commands.
pub fn is_command(path: &str) -> bool {
    Vendor::ALL.into_iter().any(|vendor| homes(vendor).iter().any(|(_, command, _)| *command == path))
}

/// What a noun, a sub-noun or a command is, in one line.
pub fn about(path: &str) -> Option<&'static str> {
    let written = nouns::NOUNS.iter().chain(nouns::COMMANDS).find(|(known, _)| *known == path);
    written
        .map(|(_, about)| *about)
        .or_else(|| Vendor::ALL.into_iter().find_map(|vendor| action_at(vendor, path)).map(|action| action.summary))
}

/// What an option (without dashes) of a shared command is, where one vendor's summary would mislead the others' users.
pub fn option_about(command: &str, option: &str) -> Option<&'static str> {
    let known = nouns::OPTIONS.iter().find(|(of, named, _)| *of == command && *named == option);
    known.map(|(.., about)| *about)
}

/// The example lines of a command, each with the vendor that it is for where it does not fit all that have it.
pub fn examples(command: &str) -> impl Iterator<Item = (Option<Vendor>, &'static str)> {
    let of_command = examples::EXAMPLES.iter().filter(move |(known, ..)| *known == command);
    of_command.map(|(_, vendor, rest)| (vendor.parse().ok(), *rest))
}

/// The commands that have example lines, in order.
pub fn commands_with_examples() -> BTreeSet<&'static str> {
    examples::EXAMPLES.iter().map(|(command, ..)| *command).collect()
}

/// The columns that a person chose for the table of a listing Action.
pub fn columns(vendor: Vendor, action: &str) -> Option<&'static str> {
    let chosen = columns::COLUMNS.iter().find(|(whose, name, _)| *whose == vendor.name() && *name == action);
    chosen.map(|(.., columns)| *columns)
}

/// The dotted path of the list that a person chose among several in the answer of an Action.
pub fn list(vendor: Vendor, action: &str) -> Option<&'static str> {
    let chosen = columns::LISTS.iter().find(|(whose, name, _)| *whose == vendor.name() && *name == action);
    chosen.map(|(.., path)| *path)
}

/// The command that reads what an Action writes: its noun's, else the reading Action of the same group whose name
/// is most like its own.
pub fn reader(vendor: Vendor, action: &str) -> Option<String> {
    if let Some((above, _)) = command(vendor, action).and_then(|command| command.rsplit_once(' ')) {
        let readers = ["list", "show"].map(|verb| format!("{above} {verb}"));
        if let Some(reader) = readers.into_iter().find(|reader| action_at(vendor, reader).is_some()) {
            return Some(reader);
        }
    }
    let written = catalog::find(vendor, action)?;
    let reads = |other: &Action<'_>| other.group == written.group && other.effect_kind() == Effect::Read;
    let likeness = |other: &Action<'_>| strsim::jaro_winkler(object(action), object(other.name));
    let nearest =
        catalog::actions(vendor).filter(reads).max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    Some(command(vendor, nearest.name).map_or_else(|| format!("api {vendor} {}", nearest.name), str::to_owned))
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
    use crate::providers::results;

    fn every_home() -> impl Iterator<Item = (Vendor, &'static Home)> {
        Vendor::ALL.into_iter().flat_map(|vendor| homes(vendor).iter().map(move |home| (vendor, home)))
    }

    #[test]
    fn every_row_names_an_action_and_parameters_that_the_facts_know() {
        for (vendor, (name, _, options)) in every_home() {
            let action = catalog::find(vendor, name).unwrap_or_else(|| panic!("{vendor} has no {name}"));
            for (param, _) in *options {
                assert!(action.param(param).is_some(), "{name} {param}");
            }
        }
    }

    #[test]
    fn every_chosen_column_is_a_member_of_the_rows() {
        for (vendor, action, columns) in columns::COLUMNS {
            let vendor: Vendor = vendor.parse().unwrap();
            let action = catalog::find(vendor, action).unwrap_or_else(|| panic!("{vendor} has no {action}"));
            for column in columns.split(',') {
                assert!(results::has_member(vendor, &action, column), "{vendor} {} has no {column}", action.name);
            }
        }
        for (vendor, action, path) in columns::LISTS {
            let vendor: Vendor = vendor.parse().unwrap();
            let action = catalog::find(vendor, action).unwrap();
            let first = path.split('.').next().unwrap();
            assert!(action.response.iter().any(|field| field.name == first), "{vendor} {} {path}", action.name);
        }
    }

    #[test]
    fn no_two_parameters_of_an_action_are_one_option() {
        for (vendor, (name, ..)) in every_home() {
            let action = catalog::find(vendor, name).unwrap();
            let mut seen = std::collections::HashMap::new();
            for param in &action.params {
                let other = seen.insert(option(vendor, name, param.name), param.name);
                assert_eq!(other, None, "{vendor} {name} {}", param.name);
            }
        }
    }

    #[test]
    fn what_reads_a_written_thing_is_found() {
        for (vendor, action, command) in [
            (Vendor::Tencent, "AddLiveDomain", Some("domain list")),
            (Vendor::Volcengine, "UpdateEncryptHLS", Some("hls-key show")),
            (Vendor::Tencent, "Nonsense", None),
        ] {
            assert_eq!(reader(vendor, action).as_deref(), command, "{action}");
        }
    }

    #[test]
    fn every_option_that_is_told_by_hand_is_there() {
        for (command, option, _) in nouns::OPTIONS {
            assert!(!vendors_with(command, option).is_empty(), "{command} --{option}");
        }
    }

    #[test]
    fn no_two_actions_of_a_vendor_share_a_command() {
        let mut seen = std::collections::HashSet::new();
        for (vendor, (_, command, _)) in every_home() {
            assert!(seen.insert((vendor, command)), "{vendor} {command}");
        }
    }

    #[test]
    fn a_word_is_a_command_or_has_words_below_it() {
        for (_, (name, command, _)) in every_home() {
            assert!(words_after(command).is_empty(), "{name}: {command}");
        }
    }
}
