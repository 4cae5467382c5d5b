//! Commands and options that grow from the facts and the table of homes.
//!
//! Only the branch that the command line enters is built. A command knows which it is by its display name, which
//! holds its words.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};

use crate::cli::{bulk, shape, told};
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

/// Which part of the tree is built.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// All of it.
    Whole,
    /// What these words of a command line can mean; where none of them is a name, the names only.
    Entered(&'a [OsString]),
}

impl Part<'_> {
    /// Whether a command may be meant.
    fn enters(self, command: &Command) -> bool {
        match self {
            Part::Whole => true,
            Part::Entered(words) => {
                let meant = |name: &str| words.iter().any(|word| word == name);
                meant(command.get_name()) || command.get_all_aliases().any(meant)
            }
        }
    }

    /// Whether the version is asked for.
    pub(super) fn asks_version(self) -> bool {
        matches!(self, Part::Entered(words) if words.iter().any(|word| word == "--version" || word == "-V"))
    }
}

/// A command with its line, and nothing below it yet.
pub(super) fn shallow(path: &str) -> Command {
    let name = path.rsplit(' ').next().unwrap_or(path).to_owned();
    let about = homes::about(path).unwrap_or_default();
    Command::new(name).display_name(path.to_owned()).about(with_vendors(path, about))
}

/// The words of a command under construction.
fn path_of(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

/// A command below another one.
pub(super) struct Below {
    command: Command,
    /// Written by hand: it builds its own options once it is entered.
    by_hand: bool,
}

impl Below {
    /// A command that grows: its line so far.
    pub(super) fn growing(path: &str) -> Below {
        Below { command: shallow(path), by_hand: false }
    }

    /// The command with what stands below it.
    fn deepened(self, part: Part<'_>) -> Command {
        let path = path_of(&self.command);
        match self.by_hand {
            false if !homes::is_command(&path) => group(self.command, part),
            true => bulk::options(self.command, &path, true),
            false => bulk::options(leaf(self.command), &path, false),
        }
    }
}

/// Those of several commands that the part enters, with what stands below them; where it enters none, all of them
/// with their lines only.
pub(super) fn entered(commands: Vec<Below>, part: Part<'_>) -> Vec<Command> {
    if !commands.iter().any(|below| part.enters(&below.command)) {
        return commands.into_iter().map(|below| below.command).collect();
    }
    let entered = commands.into_iter().filter(|below| part.enters(&below.command));
    entered.map(|below| below.deepened(part)).collect()
}

/// The commands below a noun or sub-noun: those written by hand, then those that the table of homes knows.
fn below(path: &str) -> Vec<Below> {
    let mut commands: Vec<Below> = super::by_hand(path)
        .into_iter()
        .map(|command| {
            let words = format!("{path} {}", command.get_name());
            Below { command: command.display_name(words), by_hand: true }
        })
        .collect();
    let words = homes::words_after(path);
    for word in &words {
        if commands.iter().any(|known| known.command.get_name() == *word) {
            continue;
        }
        let grown = Below::growing(&format!("{path} {word}"));
        commands.push(match twin(word).filter(|twin| !words.contains(twin)) {
            Some(other) => Below { command: grown.command.alias(other), ..grown },
            None => grown,
        });
    }
    commands
}

/// How the help of a noun or sub-noun looks: what stands below it, and no options.
const GROUP_HELP: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{subcommands}{after-help}";

/// A command that only holds others.
fn group(command: Command, part: Part<'_>) -> Command {
    let path = path_of(&command);
    let after = format!("`livectl {path} COMMAND -h` tells about one; `livectl --help` about the global options.");
    let command =
        command.subcommand_required(true).arg_required_else_help(true).help_template(GROUP_HELP).after_help(after);
    entered(below(&path), part).into_iter().fold(command, |command, below| command.subcommand(below))
}

fn leaf(command: Command) -> Command {
    let path = path_of(&command);
    let effects: Vec<Effect> = at(&path).map(|(_, action)| action.effect_kind()).collect();
    let command = options(command);
    let command = match in_place(&path) {
        Some(positional) => command.arg(positional),
        None => command,
    };
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

/// `add` and `create`, `set` and `update` stand for each other.
fn twin(word: &str) -> Option<&'static str> {
    Some(match word {
        "add" => "create",
        "create" => "add",
        "set" => "update",
        "update" => "set",
        _ => return None,
    })
}

/// The Actions whose home a command is.
fn at(path: &str) -> impl Iterator<Item = (Vendor, Action<'static>)> {
    Vendor::ALL.into_iter().filter_map(move |vendor| homes::action_at(vendor, path).map(|action| (vendor, action)))
}

/// The line of a command, with the vendors that have it where not all do.
fn with_vendors(path: &str, about: &str) -> String {
    let vendors: Vec<&str> = at(path).map(|(vendor, _)| title(vendor)).collect();
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
}

/// Every option of a command's Actions, once.
fn grow(path: &str) -> Vec<Grown> {
    let mut grown: Vec<Grown> = Vec::new();
    for (vendor, action) in at(path) {
        for param in &action.params {
            let argument = homes::argument(vendor, action.name, param.name);
            let option = homes::option(vendor, action.name, param.name).trim_start_matches("--").to_owned();
            let place = (!argument.starts_with("--")).then_some(argument);
            let mut in_force = validate::amended(vendor, action.name, param);
            in_force.required &= !paging::turns_pages(vendor, &action, param.name);
            let one = (vendor, in_force);
            match grown.iter_mut().find(|known| known.option == option) {
                Some(known) => known.params.push(one),
                None => {
                    let summary = homes::option_about(path, &option)
                        .map_or_else(|| told::in_our_words(vendor, &action, param.summary), str::to_owned);
                    grown.push(Grown { option, place, summary, params: vec![one] });
                }
            }
        }
    }
    grown
}

/// Adds the options of a command's Actions that are not there yet, and the parameters' own names to those that are.
pub(super) fn options(command: Command) -> Command {
    let path = path_of(&command);
    let actions = at(&path).count();
    let mut grown = grow(&path);
    let written: Vec<String> = command.get_arguments().filter_map(Arg::get_long).map(str::to_owned).collect();
    if command.get_arguments().any(|arg| !arg.is_global_set() && arg.get_id() != "help") {
        // What was written by hand may stand for what the Action requires.
        grown.iter_mut().flat_map(|one| &mut one.params).for_each(|(_, param)| param.required = false);
    }
    let mut taken: Vec<String> = written.iter().cloned().chain(grown.iter().map(|one| one.option.clone())).collect();
    let new = grown.iter().filter(|one| !written.contains(&one.option));
    let aliases = command.get_arguments().filter_map(Arg::get_all_aliases).flatten().map(str::to_owned);
    taken.extend(aliases.collect::<Vec<_>>());
    let mut command = new.fold(command, |command, one| command.arg(one.arg(actions)));
    for one in &grown {
        for (_, param) in &one.params {
            let own = naming::own_option(param.name);
            if taken.contains(&own) {
                continue;
            }
            let same = |arg: &&Arg| arg.get_long() == Some(&one.option);
            let id = command.get_arguments().find(same).map(|arg| arg.get_id().clone());
            if let Some(id) = id {
                command = command.mut_arg(id, |arg| arg.alias(own.clone()));
                taken.push(own);
            }
        }
    }
    command
}

/// The one option that a command's Actions require: it may be given without its name.
fn in_place(path: &str) -> Option<Arg> {
    let grown = grow(path);
    let mut required = grown.iter().filter(|one| one.params.iter().any(|(_, param)| param.required));
    let only = required.next().filter(|_| required.next().is_none())?;
    let everywhere = only.params.len() == at(path).count() && only.params.iter().all(|(_, param)| param.required);
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
        let arg = Arg::new(format!("{OPTION}{}", self.option))
            .long(self.option.clone())
            .action(ArgAction::Append)
            // What follows a switch is the next option, not its value.
            .allow_hyphen_values(!boolean)
            .value_name(self.value_name())
            .help(self.help());
        let arg = match self.long_help() {
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

    /// The help with the members of objects; `None` where there are none.
    fn long_help(&self) -> Option<String> {
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
        Some(format!("{}\n\n{}", self.help(), lines.join("\n\n")))
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
