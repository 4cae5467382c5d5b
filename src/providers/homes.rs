//! Where each Action's command is: one row an Action.

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::model::{Call, Effect, Vendor};
use crate::providers::catalog::{self, Action, Param};
use crate::providers::table::{Table, stored};
use crate::providers::{items, naming};

mod columns;
mod examples;
mod nouns;
mod record;

pub use record::Home;

/// The rows of a vendor (`homes/<vendor>.rs`) as `build.rs` compiled them.
struct Tables {
    /// By Action: its [`Home`].
    homes: Table,
    /// By command: its Action.
    commands: Table,
}

macro_rules! tables {
    ($vendor:literal: $($table:ident),+) => {
        Tables {
            $($table: Table {
                bytes: include_bytes!(concat!(env!("OUT_DIR"), "/", $vendor, "-", stringify!($table), ".bin")),
                pool: include_str!(concat!(env!("OUT_DIR"), "/", $vendor, "-texts.txt")),
            }),+
        }
    };
}

static TENCENT: Tables = tables!("tencent": homes, commands);
static ALIYUN: Tables = tables!("aliyun": homes, commands);
static VOLCENGINE: Tables = tables!("volcengine": homes, commands);

fn tables(vendor: Vendor) -> &'static Tables {
    match vendor {
        Vendor::Tencent => &TENCENT,
        Vendor::Aliyun => &ALIYUN,
        Vendor::Volcengine => &VOLCENGINE,
    }
}

/// The home of an Action.
pub fn home(vendor: Vendor, action: &str) -> Option<Home<'static>> {
    tables(vendor).homes.find(action)
}

/// The home that a command is, at a vendor.
fn home_at(vendor: Vendor, command: &str) -> Option<Home<'static>> {
    home(vendor, tables(vendor).commands.find(command)?)
}

impl Home<'_> {
    /// What the row itself says of a parameter.
    pub fn named(&self, param: &str) -> Option<&str> {
        self.options.iter().find(|(name, _)| *name == param).map(|(_, argument)| *argument)
    }

    /// How the command takes a parameter: as an option, or in its place, in capitals.
    pub fn argument(&self, param: &str) -> String {
        self.named(param).map_or_else(|| format!("--{}", naming::usual_option(param)), str::to_owned)
    }

    /// The option of a parameter: also of one that may be given in its place.
    pub fn option(&self, param: &str) -> String {
        let argument = self.argument(param);
        if argument.starts_with("--") { argument } else { format!("--{}", naming::own_option(param)) }
    }
}

/// The command of an Action: its words, with a blank between them.
pub fn command(vendor: Vendor, action: &str) -> Option<&'static str> {
    home(vendor, action).map(|home| home.command)
}

/// The Action whose home a command is.
pub fn action_at(vendor: Vendor, command: &str) -> Option<Action<'static>> {
    catalog::find(vendor, tables(vendor).commands.find(command)?)
}

/// The name of that Action: its record is not read.
pub fn action_name_at(vendor: Vendor, command: &str) -> Option<&'static str> {
    tables(vendor).commands.find(command)
}

/// [`Home::argument`] of an Action; where it has no home, as if its command said nothing.
pub fn argument(vendor: Vendor, action: &str, param: &str) -> String {
    home(vendor, action).unwrap_or_default().argument(param)
}

/// [`Home::option`] of an Action; where it has no home, as if its command said nothing.
pub fn option(vendor: Vendor, action: &str, param: &str) -> String {
    home(vendor, action).unwrap_or_default().option(param)
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
    let homes = Vendor::ALL.into_iter().filter_map(|vendor| home_at(vendor, command));
    let pairs = homes.flat_map(|home| home.options).filter(|(_, name)| *name == argument);
    pairs.map(|(param, _)| naming::own_option(param)).collect()
}

/// A command as the table has it, for words that were typed; empty where it knows none.
pub fn canonical(command: &str) -> &'static str {
    Vendor::ALL.into_iter().find_map(|vendor| home_at(vendor, command)).map(|home| home.command).unwrap_or_default()
}

/// What the Actions of a command do to the account.
pub fn effects(command: &str) -> impl Iterator<Item = Effect> {
    Vendor::ALL.into_iter().filter_map(move |vendor| action_at(vendor, command)).map(|action| action.effect_kind())
}

/// The vendors that have an Action at a command.
pub fn vendors_of(command: &str) -> impl Iterator<Item = Vendor> {
    Vendor::ALL.into_iter().filter(move |vendor| tables(*vendor).commands.contains(command))
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
    let home = home(vendor, action.name).unwrap_or_default();
    action.params.iter().find(|param| home.option(param.name).strip_prefix("--") == Some(option))
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
    let start = format!("{path} ");
    let commands = Vendor::ALL.into_iter().flat_map(|vendor| tables(vendor).commands.keys_with(&start));
    commands.filter_map(|command| command[start.len()..].split(' ').next()).collect()
}

/// Whether a command is some vendor's Action, and no group of commands.
pub fn is_command(path: &str) -> bool {
    vendors_of(path).next().is_some()
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
        _ => changes_for_all(action.name),
    }
}

/// Whether an Action is asked about although it neither deletes nor stops anything, by its name.
fn changes_for_all(name: &str) -> bool {
    name == "UpdateEncryptHLS" || name.starts_with("UnBind") || name.starts_with("Unbind")
}

/// [`asks_first`] by the name alone, for those who know that the Action changes something: a record need not be read.
pub fn asks_by_name(name: &str) -> bool {
    sounds_final(name) || name.contains("Delete") || name.starts_with("Close") || changes_for_all(name)
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

    fn every_home() -> impl Iterator<Item = (Vendor, Home<'static>)> {
        Vendor::ALL.into_iter().flat_map(|vendor| tables(vendor).homes.records().map(move |home| (vendor, home)))
    }

    #[test]
    fn every_row_names_an_action_and_parameters_that_the_facts_know() {
        for (vendor, Home { action: name, options, .. }) in every_home() {
            let action = catalog::find(vendor, name).unwrap_or_else(|| panic!("{vendor} has no {name}"));
            for (param, _) in options {
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
        for (vendor, Home { action: name, .. }) in every_home() {
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
    fn an_action_is_found_by_its_command_and_the_other_way_round() {
        for (vendor, Home { action, command, .. }) in every_home() {
            assert_eq!(self::command(vendor, action), Some(command), "{vendor} {action}");
            assert_eq!(action_at(vendor, command).map(|found| found.name), Some(action), "{vendor} {command}");
        }
        assert!(action_at(Vendor::Tencent, "domain owner").is_none());
        assert_eq!(words_after("domain owner").into_iter().collect::<Vec<_>>(), ["show", "verify"]);
    }

    #[test]
    fn whether_an_action_is_asked_about_is_in_its_name() {
        let differs = |(vendor, home): &(Vendor, Home<'_>)| {
            let action = catalog::find(*vendor, home.action).unwrap();
            action.effect_kind() != Effect::Read && asks_by_name(home.action) != asks_first(&action)
        };
        let wrong: Vec<_> = every_home().filter(differs).map(|(vendor, home)| (vendor, home.action)).collect();
        assert_eq!(wrong, []);
    }

    #[test]
    fn a_word_is_a_command_or_has_words_below_it() {
        for (_, Home { action: name, command, .. }) in every_home() {
            assert!(words_after(command).is_empty(), "{name}: {command}");
        }
    }
}
