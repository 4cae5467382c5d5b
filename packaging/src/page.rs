//! One manual page.

use clap::builder::StyledStr;
use clap::{Arg, Command};
use livectl::cli::HelpCommand;

use crate::roff::{escaped, item, literal, paragraph};

const GLOBAL: &str = "Global options";

/// The page of the program: nouns, global options, and the topics of `livectl help`.
pub fn of_program(root: &Command) -> String {
    let mut page = head("LIVECTL", "livectl", &text(root.get_about()));
    page.push_str(".SH SYNOPSIS\n.B livectl\n[OPTIONS] COMMAND …\n.SH COMMANDS\n");
    for noun in root.get_subcommands() {
        page.push_str(&item(&format!("livectl-{}(1)", noun.get_name()), &text(noun.get_about())));
    }
    page.push_str(".SH GLOBAL OPTIONS\n");
    root.get_arguments().filter(|arg| is_global(arg)).for_each(|arg| page.push_str(&option(arg)));
    for (title, topic) in [
        ("EXIT STATUS", HelpCommand::ExitCodes),
        ("ENVIRONMENT", HelpCommand::Environment),
        ("OUTPUT", HelpCommand::Output),
        ("PROFILES", HelpCommand::Profiles),
        ("MANY AT ONCE", HelpCommand::Bulk),
    ] {
        let whole = topic.text();
        let body = whole.split_once('\n').map_or(whole.as_str(), |(_, body)| body);
        page.push_str(&format!(".SH {title}\n{}", literal(body)));
    }
    page + ".SH EXAMPLES\n" + &literal(&text(root.get_after_help()))
}

/// The page of a noun, with all commands below it.
pub fn of_noun(noun: &Command, commands: &[(String, Command)]) -> String {
    let name = noun.get_name();
    let mut page =
        head(&format!("LIVECTL-{}", name.to_uppercase()), &format!("livectl-{name}"), &text(noun.get_about()));
    page.push_str(&format!(".SH SYNOPSIS\n.B livectl {}\nCOMMAND [OPTIONS]\n.SH COMMANDS\n", escaped(name)));
    for (path, command) in commands {
        page.push_str(&format!(".SS \"{path}\"\n"));
        page.push_str(&paragraph(&text(command.get_long_about().or(command.get_about()))));
        let mut own: Vec<&Arg> = command.get_arguments().filter(|arg| !is_global(arg) && !arg.is_hide_set()).collect();
        own.retain(|arg| !matches!(arg.get_id().as_str(), "help" | "version"));
        let mut headings: Vec<Option<&str>> = Vec::new();
        for arg in &own {
            if !headings.contains(&arg.get_help_heading()) {
                headings.push(arg.get_help_heading());
            }
        }
        headings.sort_by_key(Option::is_some);
        for heading in headings {
            if let Some(heading) = heading {
                page.push_str(&paragraph(&format!("{heading}:")));
            }
            own.iter().filter(|arg| arg.get_help_heading() == heading).for_each(|arg| page.push_str(&option(arg)));
        }
        let after = text(command.get_after_help());
        if !after.is_empty() {
            page.push_str(&format!(".PP\n{}", literal(&after)));
        }
    }
    page + ".SH SEE ALSO\n.BR livectl (1)\nfor the options that every command takes, exit codes and variables.\n"
}

fn head(title: &str, name: &str, about: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        ".TH {title} 1 \"\" \"livectl {version}\" \"livectl\"\n.SH NAME\n{} \\- {}\n",
        escaped(name),
        escaped(about)
    )
}

fn is_global(arg: &Arg) -> bool {
    arg.get_help_heading() == Some(GLOBAL)
}

fn text(styled: Option<&StyledStr>) -> String {
    styled.map(ToString::to_string).unwrap_or_default()
}

/// One option or value.
fn option(arg: &Arg) -> String {
    let takes = arg.get_num_args().is_some_and(|range| range.takes_values());
    let value = arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let value = if takes && !arg.is_positional() { format!(" {value}") } else { value };
    let mut term = arg.get_long().map(|long| format!("--{long}")).unwrap_or_default();
    if let Some(short) = arg.get_short() {
        term = format!("-{short}, {term}");
    }
    let term = if takes || arg.is_positional() { term + &value } else { term };
    let mut told = text(arg.get_long_help().or(arg.get_help()));
    if let Some(variable) = arg.get_env() {
        told.push_str(&format!(" [env: {}]", variable.to_string_lossy()));
    }
    item(&term, &told)
}
