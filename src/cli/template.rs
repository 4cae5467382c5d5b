//! A command line that is read anew for each of many items.

use std::collections::HashSet;
use std::ffi::OsString;

use clap::builder::ArgAction;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, Error, FromArgMatches};
use serde_json::Value;

use crate::cli::records::{Cell, Record};
use crate::cli::{ApiCall, ApiCommand, Noun, bulk, global, grown};
use crate::error::Fault;
use crate::model::Vendor;
use crate::providers::secrets::is_secret_name;
use crate::providers::{homes, words};

/// A command line that is read anew with the words of each item behind it.
#[derive(Debug)]
pub struct Template {
    command: Command,
    words: Vec<OsString>,
    /// The command's own words.
    path: Vec<String>,
    columns: Vec<Column>,
    /// Options of the command, not those that every command takes, that the command line gives itself; secrets without
    /// their values.
    given: Vec<(String, Vec<String>)>,
    /// The vendor and the call, where the command line names an Action.
    call: Option<(Vendor, ApiCall)>,
    /// Whether the command takes `Key=value` items.
    pairs: bool,
}

/// What a column of a file may be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    /// Its names: an option without dashes with its other names, or what the help calls the argument.
    names: Vec<String>,
    place: Place,
    /// Whether the command line gives it itself.
    given: bool,
    /// Whether its value must not be shown, nor be guessed from what is kept.
    secret: bool,
}

/// Where the value of a column goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind its option.
    Option,
    /// Behind its option, the parts of a list with commas between.
    Joined,
    /// Behind its option, each part of a list for itself.
    List,
    /// A switch, which is there or not.
    Switch,
    /// In the place with this number.
    Argument(usize),
}

impl Template {
    pub(super) fn new(command: Command, words: Vec<OsString>, path: Vec<String>, leaf: &ArgMatches) -> Self {
        let of_command = path.iter().try_fold(&command, |command, word| command.find_subcommand(word));
        let own = of_command.into_iter().flat_map(Command::get_arguments).filter(|arg| is_own(arg)).collect::<Vec<_>>();
        // What the line was read with has no options that it does not name.
        let given_id = |arg: &Arg| {
            let id = arg.get_id().as_str();
            matches!(leaf.try_contains_id(id), Ok(true)) && leaf.value_source(id) == Some(ValueSource::CommandLine)
        };
        let mut positional = 0;
        let mut columns: Vec<Column> = Vec::new();
        for arg in own.iter().filter(|arg| !is_pairs(arg)) {
            let place = if arg.is_positional() {
                positional += 1;
                Place::Argument(positional)
            } else {
                place_of(arg, &path.join(" "))
            };
            let names =
                names_of(arg).into_iter().filter(|name| !columns.iter().any(|known| known.names.contains(name)));
            let names: Vec<String> = names.collect();
            columns.push(Column { names, place, given: given_id(arg), secret: is_secret(arg, &path) });
        }
        let texts = |arg: &Arg| {
            if is_secret(arg, &path) {
                return Vec::new();
            }
            let raw = leaf.get_raw(arg.get_id().as_str()).into_iter().flatten();
            raw.map(|text| text.to_string_lossy().into_owned()).collect()
        };
        let given = own.iter().filter(|arg| given_id(arg)).map(|arg| (arg.get_id().to_string(), texts(arg))).collect();
        let call = path.strip_prefix(&["api".to_owned()]).and_then(|below| below.first()?.parse().ok()).zip(
            own.iter()
                .any(|arg| arg.get_id() == "action" && given_id(arg))
                .then(|| ApiCall::from_arg_matches(leaf).ok())
                .flatten(),
        );
        let pairs = leaf_of(&command, &path).is_some_and(|command| command.get_arguments().any(is_pairs));
        Template { command, words, path, columns, given, call, pairs }
    }

    /// The command itself.
    fn leaf(&self) -> Option<&Command> {
        leaf_of(&self.command, &self.path)
    }

    /// The words of the command, with a blank between them.
    pub fn path(&self) -> String {
        self.path.join(" ")
    }

    /// What the command line gives itself: each option or argument, and its values as they were typed, less secrets.
    pub fn given(&self) -> &[(String, Vec<String>)] {
        &self.given
    }

    /// Whether the command is a verb of a portable noun.
    pub fn is_portable(&self) -> bool {
        let path = self.path();
        let (noun, verb) = path.rsplit_once(' ').unwrap_or_default();
        noun != "api" && super::is_written(noun, verb)
    }

    /// Whether a file may have a column of that name.
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.names.iter().any(|known| known == name))
    }

    /// What a column is called, whichever of its names it has.
    pub fn canonical(&self, name: &str, cell: &Cell) -> String {
        let column = self.column(name, cell).and_then(|column| column.names.first());
        column.map_or_else(|| name.to_owned(), Clone::clone)
    }

    /// Whether a column holds a secret.
    pub fn is_secret(&self, name: &str, cell: &Cell) -> bool {
        self.column(name, cell).map_or_else(|| is_secret_name(name), |column| column.secret)
    }

    /// Whether the command takes `Key=value` items, which any column may be.
    pub fn takes_pairs(&self) -> bool {
        self.pairs
    }

    /// Refuses columns that the command has no option for, that every command takes, or that the command line gives
    /// itself: each once.
    pub fn wrong_columns(&self, records: &[Record]) -> Vec<Fault> {
        let mut seen = HashSet::new();
        let mut faults = Vec::new();
        for (name, cell) in records.iter().flat_map(|record| &record.cells) {
            if !seen.insert(name.as_str()) {
                continue;
            }
            let fault = |allowed| Fault { option: format!("column `{name}`"), given: None, allowed };
            match self.column(name, cell) {
                Some(column) if column.given => {
                    faults.push(fault("given on the command line as well: give it once".to_owned()));
                }
                Some(_) => {}
                None if matches!(cell, Cell::Name(_)) => faults.push(Fault {
                    option: "--from-file".to_owned(),
                    given: None,
                    allowed: format!("CSV with a header or NDJSON: `{}` takes no name in its place", self.path()),
                }),
                None if self.is_global(name) => {
                    faults.push(fault(format!("none: `--{name}` is for the whole run, on the command line")));
                }
                None if self.takes_pairs() => {}
                None => faults.push(fault(self.instead_of(name))),
            }
        }
        faults
    }

    fn is_global(&self, name: &str) -> bool {
        let named = |arg: &Arg| arg.get_long() == Some(name) && !is_own(arg);
        self.command.get_arguments().chain(self.leaf().into_iter().flat_map(Command::get_arguments)).any(named)
    }

    fn instead_of(&self, name: &str) -> String {
        let known: Vec<&str> =
            self.columns.iter().filter_map(|column| column.names.first()).map(String::as_str).collect();
        match words::similar(name, known.iter().copied()) {
            similar if similar.is_empty() => format!("one of {}", known.join(", ")),
            similar => format!("{}, or another option of `{}`", similar.join(" or "), self.path()),
        }
    }

    fn column(&self, name: &str, cell: &Cell) -> Option<&Column> {
        if matches!(cell, Cell::Name(_)) {
            return self.columns.iter().find(|column| matches!(column.place, Place::Argument(_)) && !column.given);
        }
        // Where any name may be one of the vendor's, ours are those that are written just so.
        let name = if self.takes_pairs() { name.to_owned() } else { name.to_ascii_lowercase().replace('_', "-") };
        self.columns.iter().find(|column| column.names.contains(&name))
    }

    /// The words of one item.
    ///
    /// # Errors
    /// What is wrong with its values.
    pub fn words_of(&self, record: &Record) -> Result<Vec<String>, Vec<Fault>> {
        let (mut options, mut arguments, mut pairs, mut faults) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (name, cell) in &record.cells {
            let Some(column) = self.column(name, cell) else {
                pairs.push(pair(name, cell));
                continue;
            };
            let option = column.names.first().map(String::as_str).unwrap_or_default();
            match column.place {
                Place::Argument(number) => arguments.push((number, cell.text())),
                Place::Option => options.push(format!("--{option}={}", cell.text())),
                Place::Joined => options.push(format!("--{option}={}", cell.parts().join(","))),
                Place::List => options.extend(cell.parts().into_iter().map(|part| format!("--{option}={part}"))),
                Place::Switch => match cell.text().as_str() {
                    "true" | "yes" | "1" => options.push(format!("--{option}")),
                    "false" | "no" | "0" => {}
                    other => faults.push(Fault {
                        option: format!("--{option}"),
                        given: Some(other.to_owned()),
                        allowed: "true or false".to_owned(),
                    }),
                },
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        arguments.sort_by_key(|(number, _)| *number);
        let arguments: Vec<String> = arguments.into_iter().map(|(_, text)| text).chain(pairs).collect();
        if !arguments.is_empty() {
            options.push("--".to_owned());
        }
        options.extend(arguments);
        Ok(options)
    }

    /// Reads the command line with the words of one item behind it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&mut self, further: &[String]) -> Result<Noun, Error> {
        // Reading the line anew costs more than the call; and `Key=value` items stand behind it as they are.
        if let (Some((vendor, call)), [dashes, items @ ..]) = (&self.call, further)
            && dashes == "--"
        {
            let items = call.items.iter().chain(items).cloned().collect();
            return Ok(Noun::Api(ApiCommand::of(*vendor, ApiCall { items, ..call.clone() })));
        }
        let words = self.words.iter().cloned().chain(further.iter().map(OsString::from));
        let matches = self.command.try_get_matches_from_mut(words)?;
        Noun::from_arg_matches(&matches)
    }
}

/// Whether an argument is the command's own: neither one of all commands nor one for many items.
fn is_own(arg: &Arg) -> bool {
    !global::is_global(arg) && !bulk::is_for_many(arg) && !matches!(arg.get_action(), ArgAction::Help)
}

/// The command at the end of a path.
fn leaf_of<'a>(root: &'a Command, path: &[String]) -> Option<&'a Command> {
    path.iter().try_fold(root, |command, word| command.find_subcommand(word))
}

fn is_pairs(arg: &Arg) -> bool {
    let named = |name: &clap::builder::Str| name.as_str().ends_with("=VALUE");
    arg.is_positional() && arg.get_value_names().is_some_and(|names| names.iter().any(named))
}

fn names_of(arg: &Arg) -> Vec<String> {
    let options =
        arg.get_long_and_visible_aliases().into_iter().flatten().chain(arg.get_all_aliases().into_iter().flatten());
    let named = arg.get_value_names().into_iter().flatten().filter(|_| arg.is_positional());
    let names = options.map(str::to_owned).chain(named.map(|name| name.to_ascii_lowercase().replace('_', "-")));
    names.fold(Vec::new(), |mut known, name| {
        if !known.contains(&name) {
            known.push(name);
        }
        known
    })
}

/// Whether an argument takes what must not be shown.
fn is_secret(arg: &Arg, path: &[String]) -> bool {
    let keyed = arg.get_value_names().is_some_and(|names| names.iter().any(|name| name.as_str() == "KEY"));
    let named = names_of(arg).iter().any(|name| is_secret_name(name));
    let grown = grown::option_of(arg.get_id().as_str());
    let takes = grown.is_some_and(|option| homes::takes(&path.join(" "), option) == homes::Takes::Secret);
    !arg.is_positional() && (keyed || named || takes)
}

fn place_of(arg: &Arg, command: &str) -> Place {
    let takes_nothing = arg.get_num_args().is_some_and(|range| range.max_values() == 0);
    let list = |option: &str| homes::takes_list(command, option);
    match arg.get_action() {
        _ if takes_nothing => Place::Switch,
        _ if arg.get_value_delimiter().is_some() => Place::Joined,
        // A grown option may always be repeated; whether that makes a list the facts know.
        ArgAction::Append if grown::option_of(arg.get_id().as_str()).is_none_or(list) => Place::List,
        _ => Place::Option,
    }
}

/// A column that is no option, as an item: a text is typed by the facts, anything else is JSON already.
fn pair(name: &str, cell: &Cell) -> String {
    match cell {
        Cell::Name(text) | Cell::Text(text) | Cell::Json(Value::String(text)) => format!("{name}={text}"),
        Cell::Json(value) => format!("{name}:={value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::parse;

    fn template(line: &str) -> Template {
        parse(line.split(' ').map(OsString::from), &[]).unwrap().many.unwrap().template
    }

    /// Some thirty options at each of three levels, read anew for each item, were four fifths of what an item cost.
    #[test]
    fn an_item_is_read_with_no_more_options_than_the_line_may_name() {
        let mut template = template("livectl domain add --type push --from-file a.csv --rate 5 -o ndjson");
        let path = template.path.clone();
        for many in 0..=path.len() {
            let command = leaf_of(&template.command, path.get(..many).unwrap_or_default()).unwrap();
            let global: Vec<&str> = command.get_arguments().filter(|arg| arg.is_global_set()).map(id_of).collect();
            assert_eq!(global, ["output", "rate"], "{}", command.get_name());
        }
        let noun = template.read(&["--".to_owned(), "a.example.com".to_owned()]).unwrap();
        assert!(matches!(noun, Noun::Domain(_)), "{noun:?}");
    }

    fn id_of(arg: &Arg) -> &str {
        arg.get_id().as_str()
    }

    #[test]
    fn a_column_for_the_whole_run_is_told_as_such() {
        let template = template("livectl domain add --type push --from-file a.csv");
        for name in ["region", "limit", "in-flight", "help"] {
            let cells = vec![(name.to_owned(), Cell::Text("1".to_owned()))];
            let faults = template.wrong_columns(&[Record { line: 2, cells }]);
            let told: Vec<&str> = faults.iter().map(|fault| fault.allowed.as_str()).collect();
            assert_eq!(told, [format!("none: `--{name}` is for the whole run, on the command line")]);
        }
    }
}
