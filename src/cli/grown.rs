//! Commands and options that grow from the facts and the table of homes. A command knows which it is by its display
//! name, which holds its words.

use std::ffi::OsString;

use clap::builder::CommandExt;
use clap::{Arg, ArgAction, Command};

use crate::cli::{global, shape, told};
use crate::model::{Effect, Vendor};
use crate::providers::catalog::{Action, Param};
use crate::providers::{homes, items, naming, paging, validate};

/// Marks the ids of grown options; that of a value given in its place has the second.
const OPTION: &str = "+";
const IN_PLACE: &str = "=";

/// The switches of creating and deleting commands.
pub(super) const IF_NOT_EXISTS: &str = "if-not-exists";
pub(super) const IF_EXISTS: &str = "if-exists";

/// The option that an argument's id stands for.
pub(super) fn option_of(id: &str) -> Option<&str> {
    id.strip_prefix(OPTION).or_else(|| id.strip_prefix(IN_PLACE))
}

/// Long options, without dashes, that a command line names: others that grow are not built.
#[derive(Debug, Clone)]
struct Named(Vec<String>);

impl CommandExt for Named {}

impl Named {
    /// Whether an option of a command's Actions may be meant.
    fn has(&self, one: &Grown) -> bool {
        self.0.iter().any(|name| *name == one.option || one.own.contains(name))
    }

    /// Whether a command has an option for each already.
    fn are_in(&self, command: &Command) -> bool {
        self.0.iter().all(|name| command.get_arguments().any(|arg| arg.get_long() == Some(name)))
    }
}

/// A command below which no more options grow than these words may name. What they name that is nobody's option, or
/// another name of one, is found with all of them only.
pub(super) fn named_by(command: Command, words: &[OsString]) -> Command {
    let name = |word: &OsString| {
        let word = word.to_string_lossy();
        let name = word.strip_prefix("--")?;
        Some(name.split_once('=').map_or(name, |(name, _)| name).to_owned()).filter(|name| !name.is_empty())
    };
    command.add(Named(words.iter().filter_map(name).collect()))
}

/// A command with its line, and nothing below it yet.
pub(super) fn shallow(path: &str) -> Command {
    let name = path.rsplit(' ').next().unwrap_or(path).to_owned();
    let about = homes::about(path).unwrap_or_default();
    Command::new(name).display_name(path.to_owned()).about(with_vendors(path, about))
}

/// The words of a command under construction.
pub(super) fn path_of(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

/// A command that grows, with its options.
pub(super) fn leaf(command: Command) -> Command {
    let path = path_of(&command);
    let actions: Vec<(Vendor, Action<'static>)> = at(&path).collect();
    let effects: Vec<Effect> = actions.iter().map(|(_, action)| action.effect_kind()).collect();
    let grown = grow(&path, &actions);
    let positional = in_place(&grown, actions.len());
    let command = positional.into_iter().fold(with_options(command, grown, actions.len()), Command::arg);
    let command = match told::examples(&path) {
        Some(examples) => command.after_help(examples),
        None => command,
    };
    let tolerant = |name: &'static str, help: &'static str| {
        Arg::new(format!("{OPTION}{name}"))
            .long(name)
            .num_args(0)
            .action(ArgAction::Append)
            .value_parser(clap::value_parser!(String))
            .default_missing_value("true")
            .help(help)
    };
    if effects.contains(&Effect::Create) {
        return command.arg(tolerant(IF_NOT_EXISTS, "Existing already is success, with `changed: false`"));
    }
    if effects.contains(&Effect::Delete) {
        return command.arg(tolerant(IF_EXISTS, "Not being there is success, with `changed: false`"));
    }
    command
}

/// The Actions whose home a command is.
fn at(path: &str) -> impl Iterator<Item = (Vendor, Action<'static>)> {
    Vendor::ALL.into_iter().filter_map(move |vendor| homes::action_at(vendor, path).map(|action| (vendor, action)))
}

/// The line of a command, with the vendors that have it where not all do.
fn with_vendors(path: &str, about: &str) -> String {
    let vendors: Vec<&str> = homes::vendors_of(path).map(title).collect();
    if vendors.is_empty() || vendors.len() == Vendor::ALL.len() || about.ends_with(')') {
        return about.to_owned();
    }
    format!("{} ({})", about.trim_end_matches('.'), vendors.join(", "))
}

/// The vendor's name in a heading.
fn title(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Tencent => "Tencent",
        Vendor::Aliyun => "Aliyun",
        Vendor::Volcengine => "Volcengine",
    }
}

/// One option, and the parameters that it stands for.
struct Grown {
    option: String,
    /// What the command calls it that takes it in its place.
    place: Option<String>,
    /// What it is for, in the words of the first.
    summary: String,
    /// Each vendor's parameter, as it is in force.
    params: Vec<(Vendor, Param<'static>)>,
    /// What each of them would be called after its own name.
    own: Vec<String>,
}

/// Every option of a command's Actions, once.
fn grow(path: &str, actions: &[(Vendor, Action<'static>)]) -> Vec<Grown> {
    let mut grown: Vec<Grown> = Vec::new();
    for (vendor, action) in actions {
        let vendor = *vendor;
        let home = homes::home(vendor, action.name).unwrap_or_default();
        for param in &action.params {
            let own = naming::own_option(param.name);
            let (option, place) = match home.named(param.name) {
                Some(argument) => match argument.strip_prefix("--") {
                    Some(option) => (option.to_owned(), None),
                    None => (own.clone(), Some(argument.to_owned())),
                },
                None => (naming::friendly(param.name).map_or_else(|| own.clone(), str::to_owned), None),
            };
            let mut in_force = validate::amended(vendor, action.name, param);
            in_force.required &= !paging::turns_pages(vendor, action, param.name);
            let one = (vendor, in_force);
            match grown.iter_mut().find(|known| known.option == option) {
                Some(known) => {
                    known.params.push(one);
                    known.own.push(own);
                }
                None => {
                    let summary = homes::option_about(path, &option)
                        .map_or_else(|| told::in_our_words(vendor, action, param.summary), str::to_owned);
                    grown.push(Grown { option, place, summary, params: vec![one], own: vec![own] });
                }
            }
        }
    }
    grown
}

/// Adds the options of a command's Actions that are not there yet, and the parameters' own names to those that are.
pub(super) fn options(command: Command) -> Command {
    if command.get::<Named>().is_some_and(|named| named.are_in(&command)) {
        return command;
    }
    let path = path_of(&command);
    let actions: Vec<(Vendor, Action<'static>)> = at(&path).collect();
    // A portable command is for vendors that have no Action for it as well.
    with_options(command, grow(&path, &actions), Vendor::ALL.len())
}

fn with_options(command: Command, mut grown: Vec<Grown>, actions: usize) -> Command {
    let written: Vec<String> = command.get_arguments().filter_map(Arg::get_long).map(str::to_owned).collect();
    if command.get_arguments().any(|arg| !global::is_global(arg) && arg.get_id() != "help") {
        // What was written by hand may stand for what the Action requires.
        grown.iter_mut().flat_map(|one| &mut one.params).for_each(|(_, param)| param.required = false);
    }
    let mut taken: Vec<String> = written.iter().cloned().chain(grown.iter().map(|one| one.option.clone())).collect();
    let aliases = command.get_arguments().filter_map(Arg::get_all_aliases).flatten().map(str::to_owned);
    taken.extend(aliases.collect::<Vec<_>>());
    let named = command.get::<Named>().cloned();
    let is_named = |one: &&Grown| named.as_ref().is_none_or(|named| named.has(one));
    let new = grown.iter().filter(|one| !written.contains(&one.option)).filter(is_named);
    let mut command = new.fold(command, |command, one| command.arg(one.arg(actions)));
    for one in &grown {
        let mut names: Vec<String> = Vec::new();
        for own in &one.own {
            if !taken.contains(own) {
                taken.push(own.clone());
                names.push(own.clone());
            }
        }
        let same = |arg: &&Arg| arg.get_long() == Some(&one.option);
        let id = command.get_arguments().find(same).map(|arg| arg.get_id().clone()).filter(|_| !names.is_empty());
        if let Some(id) = id {
            command = command.mut_arg(id, |arg| arg.aliases(names));
        }
    }
    command
}

/// The one option that a command's Actions require: it may be given without its name.
fn in_place(grown: &[Grown], actions: usize) -> Option<Arg> {
    let mut required = grown.iter().filter(|one| one.params.iter().any(|(_, param)| param.required));
    let only = required.next().filter(|_| required.next().is_none())?;
    let everywhere = only.params.len() == actions && only.params.iter().all(|(_, param)| param.required);
    let plain = only
        .params
        .iter()
        .all(|(_, param)| matches!(param.kind, "string" | "integer") && !items::is_secret(param.name, param.format));
    (everywhere && plain).then(|| only.positional())
}

impl Grown {
    fn arg(&self, actions: usize) -> Arg {
        let heading = (self.params.len() < actions)
            .then(|| self.params.iter().map(|(vendor, _)| title(*vendor)).collect::<Vec<_>>().join(" and "));
        let boolean = self.params.iter().all(|(_, param)| param.kind == "boolean");
        let help = self.help();
        let long_help = self.long_help(&help);
        let arg = Arg::new(format!("{OPTION}{}", self.option))
            .long(self.option.clone())
            .action(ArgAction::Append)
            // What follows a switch is the next option, not its value.
            .allow_hyphen_values(!boolean)
            .value_name(self.value_name())
            .help(help);
        let arg = match long_help {
            Some(long) => arg.long_help(long),
            None => arg,
        };
        let arg = if boolean { arg.num_args(0..=1).default_missing_value("true") } else { arg.num_args(1) };
        match heading {
            Some(heading) => arg.help_heading(heading),
            None => arg,
        }
    }

    fn positional(&self) -> Arg {
        Arg::new(format!("{IN_PLACE}{}", self.option))
            .value_name(self.option.replace('-', "_").to_uppercase())
            .help(format!("The same as --{}", self.option))
            .num_args(1)
    }

    fn value_name(&self) -> &'static str {
        let Some((_, param)) = self.params.first() else { return "TEXT" };
        match (items::element(param.kind).unwrap_or(param.kind), param.format) {
            ("boolean", _) => "true|false",
            (_, Some(format)) if items::is_time(format) => "TIME",
            ("datetime", _) => "TIME",
            (_, Some("url")) => "URL",
            ("integer" | "float", _) => "NUMBER",
            ("string", Some("json")) if items::element(param.kind).is_none() => "JSON",
            ("string", _) => "TEXT",
            _ => "JSON",
        }
    }

    fn help(&self) -> String {
        if let Some(place) = &self.place {
            return format!("The same as {place}");
        }
        let summary = &self.summary;
        let mut told: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
        for (vendor, param) in &self.params {
            let facts = facts(param);
            match told.iter_mut().find(|(_, known)| *known == facts) {
                Some((vendors, _)) => vendors.push(title(*vendor)),
                None => told.push((vec![title(*vendor)], facts)),
            }
        }
        let brackets = match told.as_slice() {
            [(_, facts)] => facts.iter().map(|fact| format!(" [{fact}]")).collect::<String>(),
            _ => told
                .iter()
                .filter(|(_, facts)| !facts.is_empty())
                .map(|(vendors, facts)| format!(" [{}: {}]", vendors.join(", "), facts.join("; ")))
                .collect(),
        };
        format!("{summary}{brackets}")
    }

    /// The help, and behind it the members of objects; `None` where there are none.
    fn long_help(&self, help: &str) -> Option<String> {
        let mut told: Vec<(Vec<&str>, String)> = Vec::new();
        for (vendor, param) in &self.params {
            let Some(shape) = shape::of(*vendor, param) else { continue };
            match told.iter_mut().find(|(_, known)| *known == shape) {
                Some((vendors, _)) => vendors.push(title(*vendor)),
                None => told.push((vec![title(*vendor)], shape)),
            }
        }
        let lines: Vec<String> = match told.as_slice() {
            [] => return None,
            [(_, shape)] => vec![format!("JSON or @FILE: {shape}")],
            _ => {
                told.iter().map(|(vendors, shape)| format!("{}, JSON or @FILE: {shape}", vendors.join(", "))).collect()
            }
        };
        Some(format!("{help}\n\n{}", lines.join("\n\n")))
    }
}

/// What the facts say of a parameter's values.
fn facts(param: &Param<'_>) -> Vec<String> {
    let mut told = Vec::new();
    let mut add = |text: String| told.push(text);
    if param.required {
        add("required".to_owned());
    }
    if items::element(param.kind).is_some() {
        add("repeatable".to_owned());
    }
    if items::is_secret(param.name, param.format) && param.kind == "string" {
        add("itself, @FILE or -".to_owned());
    }
    if !param.allowed.is_empty() {
        add(format!("values: {}", items::values(param)));
    }
    match (param.min, param.max) {
        (Some(min), Some(max)) => add(format!("{min} to {max}")),
        (Some(min), None) => add(format!("{min} or more")),
        (None, Some(max)) => add(format!("at most {max}")),
        (None, None) => {}
    }
    match (param.min_length, param.max_length) {
        (Some(min), Some(max)) => add(format!("{min} to {max} characters")),
        (None, Some(max)) => add(format!("at most {max} characters")),
        _ => {}
    }
    if let Some(default) = param.default {
        add(format!("default: {default}"));
    }
    told
}

#[cfg(test)]
mod tests;
