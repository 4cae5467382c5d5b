//! Names that only the vendor knows: domains, streams, templates and so on, as the commands that list them tell.

use std::ffi::OsString;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::cli;
use crate::commands::session::Session;
use crate::commands::tab::cache::Cache;
use crate::commands::tab::{Asked, Line, Proposal};
use crate::config::{self, Account};
use crate::model::Vendor;
use crate::providers::{homes, naming, results};

/// How long a Tab waits for the vendor.
const PATIENCE: Duration = Duration::from_millis(1000);

/// No more names are asked for than a person looks through.
const MOST_NAMES: usize = 1000;

/// A command that lists names, and the columns that they stand in.
struct Source {
    command: String,
    columns: String,
    /// Whether the columns are the parts of one name; else those behind the first tell about it.
    joined: bool,
}

impl Source {
    fn new(command: impl Into<String>, columns: impl Into<String>) -> Self {
        Source { command: command.into(), columns: columns.into(), joined: false }
    }
}

/// The names for an argument, from the cache or from the vendor; none without credentials, or where it takes too long.
pub(super) fn names(asked: &Asked) -> Vec<Proposal> {
    found(asked).unwrap_or_default()
}

fn found(asked: &Asked) -> Option<Vec<Proposal>> {
    // The account is looked for only where its vendor may know something.
    let kind = Kind::of(asked)?;
    let account = account(&asked.line)?;
    let source = kind.source(asked, account.vendor)?;
    let arguments = arguments(&asked.line, &source);
    let cache = Cache::of(&asked.line.environment, &account, &arguments)?;
    let text = match cache.read() {
        Some(text) => text,
        None => {
            // That nothing came is remembered too, though not for as long.
            let text = ask(&arguments).unwrap_or_default();
            cache.write(&text);
            text
        }
    };
    Some(text.lines().map(|line| proposal(line, source.joined)).collect())
}

/// What an argument names.
enum Kind {
    Domain,
    App,
    Stream,
    /// What a portable noun's `list` shows.
    Thing(String),
    /// A parameter of the vendors' Actions, by its option.
    Parameter(String),
}

impl Kind {
    fn of(asked: &Asked) -> Option<Kind> {
        let mut words = asked.path.split(' ').filter(|word| *word != "wait");
        let (noun, verb) = (words.next()?, words.next().unwrap_or_default());
        let name = asked.grown().unwrap_or(&asked.id);
        Some(match (noun, name) {
            // A new thing has a name that nobody knows yet.
            ("domain", "name") if verb == "add" => return None,
            ("domain", "name" | "push" | "play") => Kind::Domain,
            (_, "domain" | "domain-name" | "domains" | "play-domain" | "push-domain") => Kind::Domain,
            (_, "app") => Kind::App,
            (_, "stream") => Kind::Stream,
            ("record" | "transcode" | "relay" | "callback" | "stream" | "cert", "id") => Kind::Thing(noun.to_owned()),
            _ => Kind::Parameter(asked.grown()?.to_owned()),
        })
    }

    fn source(&self, asked: &Asked, vendor: Vendor) -> Option<Source> {
        Some(match self {
            Kind::Domain => Source::new("domain list", "name,type"),
            Kind::App => Source::new("stream list", "app"),
            Kind::Stream => Source::new("stream list", "stream"),
            Kind::Thing(noun) if noun == "stream" => {
                Source { joined: true, ..Source::new("stream list", "domain,app,stream") }
            }
            Kind::Thing(noun) if noun == "cert" => Source::new("cert list", "id,name"),
            Kind::Thing(noun) => Source::new(format!("{noun} list"), "id"),
            Kind::Parameter(option) => listed_beside(asked, vendor, option)?,
        })
    }
}

/// The list nearest to a command, going up, whose rows have a member called as the parameter of an option.
fn listed_beside(asked: &Asked, vendor: Vendor, option: &str) -> Option<Source> {
    let own = homes::action_at(vendor, &asked.path);
    let param = own.as_ref().and_then(|action| homes::param_of(vendor, action, option)).map(|param| param.name);
    let column = match param {
        Some(param) => naming::snake(param),
        // Portable commands have friendlier names for the same.
        None if option == "template" => "template_id".to_owned(),
        None => return None,
    };
    let above = asked.path.match_indices(' ').map(|(at, _)| &asked.path[..at]).rev();
    let beside = above.map(|path| format!("{path} list")).chain(
        // What is bound to a thing is listed below the same noun.
        [format!("{} template list", asked.path.split(' ').next()?)],
    );
    beside.into_iter().find_map(|command| {
        let action = homes::action_at(vendor, &command)?;
        let needs = |param: &&crate::providers::catalog::Param<'_>| param.required;
        if action.params.iter().any(|param| needs(&param)) {
            return None;
        }
        let columns = results::columns(vendor, &action);
        columns.contains(&column).then(|| {
            let named = columns.iter().find(|other| other.ends_with("name") && **other != column);
            Source::new(command, named.map_or_else(|| column.clone(), |named| format!("{column},{named}")))
        })
    })
}

/// The one account that the line is for; `None` where it is not plain which, or it takes more than reading files.
fn account(line: &Line) -> Option<Account> {
    let words = account_words(line).chain(["domain", "list"].map(OsString::from));
    let cli = cli::parse(["livectl".into()].into_iter().chain(words), &line.environment.blank("LIVECTL_")).ok()?;
    let session = Session::new(cli.global, line.environment.clone()).ok()?;
    let selection = config::Selection { files_only: true, ..session.selection(None, false).ok()? };
    let mut accounts = config::resolve(&line.environment, &selection).ok()?.accounts;
    let account = accounts.pop().filter(|_| accounts.is_empty())?;
    let signs = account.credentials.is_some() || account.role.is_some();
    (selection.sandbox || signs).then_some(account)
}

/// The options that say for whom a command is, and how the vendor is reached.
const WHOSE: &[&str] =
    &["--vendor", "--profile", "--config", "--region", "--endpoint", "--ca-bundle", "--sandbox-state", "--fault"];

fn account_words(line: &Line) -> impl Iterator<Item = OsString> {
    let short = line
        .value("-p")
        .or_else(|| line.words().find_map(|word| word.strip_prefix("-p").filter(|_| !word.starts_with("--"))));
    let named = WHOSE.iter().filter_map(|option| Some((*option, line.value(option)?)));
    let named = named.chain(short.filter(|name| !name.is_empty()).map(|name| ("--profile", name)));
    let sandbox = line.words().any(|word| word == "--sandbox").then(|| OsString::from("--sandbox"));
    let words: Vec<OsString> = named.map(|(option, value)| format!("{option}={value}").into()).chain(sandbox).collect();
    words.into_iter()
}

/// The command line that asks the vendor.
fn arguments(line: &Line, source: &Source) -> Vec<OsString> {
    let limit = format!("--limit={MOST_NAMES}");
    let fixed = ["-qo", "tsv", "--no-header", "--retries=0", "--color=never", "--columns", &source.columns, &limit];
    let place = line.value("--domain").filter(|_| source.command != "domain list");
    let domain = place.map(|domain| format!("--domain={domain}").into());
    let words = source.command.split(' ').chain(fixed).map(OsString::from);
    words.chain(account_words(line)).chain(domain).collect()
}

/// Asks the vendor by a run of this program, which is ended if it takes too long.
fn ask(arguments: &[OsString]) -> Option<String> {
    let mut child = Command::new(std::env::current_exe().ok()?)
        .args(arguments)
        .env_remove("COMPLETE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdout = child.stdout.take()?;
    let (whole, answer) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.read_to_string(&mut text);
        // Nobody may wait for it any more.
        let _ = whole.send(read.map(|_| text));
    });
    let text = answer.recv_timeout(PATIENCE).ok().and_then(Result::ok);
    if text.is_none() {
        // It may have ended by itself in between.
        let _ = child.kill();
    }
    child.wait().ok().filter(std::process::ExitStatus::success).and(text)
}

/// A line of the list as a proposal.
fn proposal(line: &str, joined: bool) -> Proposal {
    if joined {
        return Proposal::new(line.replace('\t', "/"));
    }
    let (name, about) = line.split_once('\t').unwrap_or((line, ""));
    Proposal::new(name).about(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_name_and_what_is_told_of_it() {
        let parts = |line, joined| {
            let Proposal { word, about } = proposal(line, joined);
            (word, about)
        };
        assert_eq!(parts("a\tb\tc", true), ("a/b/c".to_owned(), None));
        assert_eq!(parts("a\tb", false), ("a".to_owned(), Some("b".to_owned())));
        assert_eq!(parts("a", false), ("a".to_owned(), None));
    }
}
