//! The `livectl` program: parse, run, print the error, exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::CommandFactory;
use clap::error::{ContextKind, ErrorKind};
use clap_complete::env::CompleteEnv;
use livectl::cli::{self, Cli};
use livectl::commands::{self, Ending};
use livectl::config::Environment;
use livectl::error::{Class, Error};
use livectl::output::{self, Format, Remark};

fn main() -> ExitCode {
    let environment = Environment::of_process();
    if environment.var("COMPLETE").is_some() {
        // A shell asks for completions, or for the small script that makes it ask.
        CompleteEnv::with_factory(Cli::command).complete();
    }
    let cli = match cli::parse(std::env::args_os(), &environment.blank("LIVECTL_")) {
        Ok(cli) => cli,
        Err(refusal) => return refuse(&refusal, &environment),
    };
    let format = cli.global.output.unwrap_or(Format::Table);
    let color = commands::colors_stderr(&cli.global, &environment);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Error::internal(format!("start the runtime: {error}")), format, color),
    };
    let ending = runtime.block_on(async {
        tokio::select! {
            // The command first: what it reads before it sends anything (stdin, a credential process) blocks, and
            // until then an interrupt is the system's to handle.
            biased;
            ending = commands::run(cli, environment) => ending,
            _ = tokio::signal::ctrl_c() => Err(Error::new(Class::Interrupted, "interrupted")),
        }
    });
    // A resolver or a slow connection must not hold up the exit.
    runtime.shutdown_background();
    match ending {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::WouldChange) => ExitCode::from(Class::Differs.exit_code()),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => fail(&error, format, color),
    }
}

fn fail(error: &Error, format: Format, color: bool) -> ExitCode {
    // A closed stderr leaves nobody to tell; the exit code still does.
    let _ = output::write_error(error, format, color, &mut std::io::stderr().lock());
    ExitCode::from(error.class().exit_code())
}

/// Ends a run whose command line was not understood, or that only asked for help or the version.
fn refuse(refusal: &clap::Error, environment: &Environment) -> ExitCode {
    let asked = matches!(refusal.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let variable = (!asked).then(|| variable_behind(refusal, environment)).flatten();
    let comes_from = variable.map(|name| format!("the value comes from the environment variable `{name}`"));
    if !asked && speaks_json(environment) {
        let text = refusal.render().to_string();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let hints = lines.take_while(|line| !line.starts_with("Usage:")).map(str::to_owned).chain(comes_from);
        return fail(&hints.fold(Error::usage(message), Error::hint), Format::Json, false);
    }
    let printed = refusal.print().and_then(|()| std::io::stdout().flush());
    if let Some(hint) = comes_from {
        // A closed stderr leaves nobody to tell.
        let _ = output::write_note(&hint, Remark::Note, false, &mut std::io::stderr().lock());
    }
    match printed {
        Ok(()) if asked => ExitCode::SUCCESS,
        Err(error) if asked && error.kind() != std::io::ErrorKind::BrokenPipe => ExitCode::from(1),
        _ if asked => ExitCode::SUCCESS,
        _ => ExitCode::from(Class::Usage.exit_code()),
    }
}

/// The variable that a refused value of an option was taken from.
fn variable_behind(refusal: &clap::Error, environment: &Environment) -> Option<String> {
    let option = refusal.get(ContextKind::InvalidArg)?.to_string();
    let value = refusal.get(ContextKind::InvalidValue)?.to_string();
    let word = option.strip_prefix("--")?.split_whitespace().next()?;
    let name = format!("LIVECTL_{}", word.replace('-', "_").to_uppercase());
    (environment.var(&name) == Some(value.as_str())).then_some(name)
}

/// Whether errors are wanted as JSON, on a command line that could not be parsed.
fn speaks_json(environment: &Environment) -> bool {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let is_json = |text: &str| matches!(text, "json" | "ndjson");
    let given = words.iter().enumerate().find_map(|(at, word)| match word.as_str() {
        "-o" | "--output" => words.get(at + 1).map(String::as_str),
        word => {
            word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o").map(|rest| rest.trim_start_matches('=')))
        }
    });
    given.or_else(|| environment.var("LIVECTL_OUTPUT")).is_some_and(is_json)
}
