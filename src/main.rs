//! The `livectl` program: parse, run, print the error, exit code.

use std::alloc::System;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::ValueEnum;
use clap::error::{ContextKind, ErrorKind};
use clap_complete::env::CompleteEnv;
use livectl::cli::{self, Surroundings, When};
use livectl::commands::{self, Ending};
use livectl::config::Environment;
use livectl::error::{Class, Error};
use livectl::output::{self, Format, Remark};
use zeroizing_alloc::ZeroAlloc;

/// Wipes all memory as it is given back: what held a secret, here or in a library, holds it no longer than it is used.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// Events of connections that are taken up at one look.
const EVENTS: usize = 64;

fn main() -> ExitCode {
    let environment = Environment::of_process();
    // A variable that was left behind must not take a command over.
    let completes = || std::env::args_os().nth(1).is_none_or(|word| word == "--");
    if environment.var("COMPLETE").is_some() && completes() {
        // A shell asks for completions, or for the small script that makes it ask.
        let words: Vec<_> = std::env::args_os().collect();
        let folder = std::env::current_dir().ok();
        let completer = CompleteEnv::with_factory(|| commands::tab::tree(&words, &environment));
        let completer = completer.shells(commands::tab::SHELLS);
        match completer.try_complete(words.clone(), folder.as_deref()) {
            Ok(true) => return ExitCode::SUCCESS,
            Ok(false) => {}
            // In the middle of somebody's line nothing is told.
            Err(_) if words.len() > 2 => return ExitCode::from(Class::Usage.exit_code()),
            Err(refusal) => return refuse(&refusal, &environment),
        }
    }
    let words: Vec<_> = std::env::args_os().collect();
    let surroundings = Surroundings {
        blank: &environment.blank("LIVECTL_"),
        variables: environment.names("LIVECTL_"),
        colors: asks_colors(&texts(&words), &environment, std::io::stdout().is_terminal()),
    };
    let cli = match cli::read(&words, surroundings) {
        Ok(cli) => cli,
        Err(refusal) => return refuse(&refusal, &environment),
    };
    let format = cli.global.output.unwrap_or(Format::Table);
    let color = commands::colors(cli.global.color, &environment, std::io::stderr().is_terminal());
    // Room for a thousand events of one look is 16 KiB to be made and wiped; what does not fit comes with the next look.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = match runtime.enable_all().max_io_events_per_tick(EVENTS).build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Error::internal(format!("start the runtime: {error}")), format, color),
    };
    let ending = runtime.block_on(commands::run(cli, environment, commands::interrupted()));
    // A resolver or a slow connection must not hold up the exit.
    runtime.shutdown_background();
    match ending {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::WouldChange | Ending::Differs) => ExitCode::from(Class::Differs.exit_code()),
        Ok(Ending::No) => ExitCode::FAILURE,
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
    let words = texts(&std::env::args_os().collect::<Vec<_>>());
    let is_json = |text: &str| matches!(text, "json" | "ndjson");
    let json = value_of(&words, "--output", "-o").or_else(|| environment.var("LIVECTL_OUTPUT")).is_some_and(is_json);
    if asked {
        let format = if json { Format::Json } else { Format::Table };
        return match show(refusal, &words, environment).map_err(output::write_failed) {
            Err(error) if !output::is_closed_pipe(&error) => fail(&error, format, false),
            _ => ExitCode::SUCCESS,
        };
    }
    let variable = variable_behind(refusal, environment);
    let comes_from = variable.map(|name| format!("the value comes from the environment variable `{name}`"));
    if json {
        let text = refusal.render().to_string();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let hints = lines.take_while(|line| !line.starts_with("Usage:")).map(str::to_owned).chain(comes_from);
        return fail(&hints.fold(Error::usage(message), Error::hint), Format::Json, false);
    }
    // A closed stderr leaves nobody to tell; the exit code still does.
    let _ = show(refusal, &words, environment);
    if let Some(hint) = comes_from {
        let _ = output::write_note(&hint, Remark::Note, false, &mut std::io::stderr().lock());
    }
    ExitCode::from(Class::Usage.exit_code())
}

fn texts(words: &[OsString]) -> Vec<String> {
    words.iter().map(|word| word.to_string_lossy().into_owned()).collect()
}

/// Whether a command line, read or not, asks for colours on a stream.
fn asks_colors(words: &[String], environment: &Environment, terminal: bool) -> bool {
    let when = value_of(words, "--color", "--color").and_then(|word| When::from_str(word, true).ok());
    commands::colors(when.unwrap_or(When::Auto), environment, terminal)
}

/// Writes help to stdout, or what is wrong with the command line to stderr, in the colours that it asks for.
fn show(refusal: &clap::Error, words: &[String], environment: &Environment) -> std::io::Result<()> {
    let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
    let terminal = if refusal.use_stderr() { stderr.is_terminal() } else { stdout.is_terminal() };
    // What was typed stands in the text as it is: beside colours its own sequences could not be told from those.
    let value = refusal.get(ContextKind::InvalidValue).map(ToString::to_string);
    let harmless = words.iter().chain(&value).all(|word| output::plain(word) == word.as_str());
    let styled = refusal.render();
    let text = match (harmless, asks_colors(words, environment, terminal)) {
        (true, true) => styled.ansi().to_string(),
        // Help that is to have no colours was made so.
        (true, false) => match styled.ansi().to_string() {
            text if text.contains('\u{1b}') => styled.to_string(),
            text => text,
        },
        (false, _) => styled.to_string().lines().map(|line| output::plain(line) + "\n").collect(),
    };
    match refusal.use_stderr() {
        true => stderr.lock().write_all(text.as_bytes()),
        false => stdout.lock().write_all(text.as_bytes()).and_then(|()| stdout.lock().flush()),
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

/// The value of an option on a command line that could not be parsed.
fn value_of<'a>(words: &'a [String], long: &str, short: &str) -> Option<&'a str> {
    words.iter().enumerate().find_map(|(at, word)| {
        if word == long || word == short {
            return words.get(at + 1).map(String::as_str);
        }
        let joined = word.strip_prefix(long).and_then(|rest| rest.strip_prefix('='));
        joined.or_else(|| {
            word.strip_prefix(short).filter(|_| !word.starts_with("--")).map(|rest| rest.trim_start_matches('='))
        })
    })
}
