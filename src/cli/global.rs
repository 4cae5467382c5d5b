//! The options that every command takes.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, Args, Command, ValueEnum};
use jiff::SignedDuration;

use crate::model::Vendor;
use crate::model::time::parse_limit;
use crate::output::{Format, Program};

const HEADING: &str = "Global options";

/// What holds where nobody says otherwise.
const TIMEOUT: &str = "30s";
const CONNECT_TIMEOUT: &str = "5s";
const RETRIES: u32 = 3;
const WAIT_TIMEOUT: &str = "15m";

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The value of a variable that stands for a switch. A word that is none of these may mean either.
fn parse_switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("use one of 1, true, yes, on, or 0, false, no, off".to_owned()),
    }
}

/// How long is waited for an answer: no time at all would make a change whose answer nobody hears.
fn parse_patience(text: &str) -> Result<SignedDuration, String> {
    match parse_limit(text)? {
        limit if limit.is_zero() => Err("more than 0".to_owned()),
        limit => Ok(limit),
    }
}

/// A profile's name. An empty one, as from a variable that is not set, must not mean whatever the default is.
fn parse_name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a profile has a name".to_owned()),
        name => Ok(name.to_owned()),
    }
}

// Options that every command takes. Those with a variable take it where the option is not given;
// `LIVECTL_VENDOR` and `LIVECTL_PROFILE` are read with the profiles, since their order matters there.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = HEADING)]
#[group(skip)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Global {
    /// Which vendor, where the profile does not say: tencent, aliyun or volcengine [env: LIVECTL_VENDOR]
    #[arg(long, hide_short_help = true, value_name = "VENDOR")]
    pub vendor: Option<Vendor>,
    /// Which account; several with commas, for reading commands [env: LIVECTL_PROFILE]
    #[arg(short, long, hide_short_help = true, value_name = "NAME", value_delimiter = ',', value_parser = parse_name)]
    pub profile: Vec<String>,
    /// Every account of the profile file, for reading commands
    #[arg(long, hide_short_help = true, conflicts_with = "profile")]
    pub all_profiles: bool,
    /// The profile file
    #[arg(long, hide_short_help = true, value_name = "FILE", env = "LIVECTL_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
    /// The API region, never anything else
    #[arg(long, hide_short_help = true, env = "LIVECTL_REGION", hide_env_values = true)]
    pub region: Option<String>,
    /// Another host than the vendor's; `http://` only for a loopback address
    #[arg(long, hide_short_help = true, value_name = "URL", env = "LIVECTL_ENDPOINT", hide_env_values = true)]
    pub endpoint: Option<String>,
    /// More trusted roots, PEM
    #[arg(long, hide_short_help = true, value_name = "FILE", env = "LIVECTL_CA_BUNDLE", hide_env_values = true)]
    pub ca_bundle: Option<PathBuf>,

    /// table, json, ndjson, yaml, csv or tsv
    #[arg(short, long, hide_short_help = true, value_name = "FORMAT", env = "LIVECTL_OUTPUT", hide_env_values = true)]
    pub output: Option<Format>,
    /// Only these columns, in this order; dotted paths reach into objects
    #[arg(long, hide_short_help = true, value_name = "A,B", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,
    /// No header line in table, csv and tsv
    #[arg(long, hide_short_help = true)]
    pub no_header: bool,
    /// Sort rows by a column; `-COLUMN` the other way round
    #[arg(long, hide_short_help = true, value_name = "COLUMN", allow_hyphen_values = true)]
    pub sort_by: Option<String>,
    /// Filter the JSON by a jq expression; texts come out raw
    #[arg(long, hide_short_help = true, value_name = "EXPR")]
    pub jq: Option<Program>,
    /// At most this many rows of a list; with --sort-by the first of all that were sorted
    #[arg(long, hide_short_help = true, value_name = "N")]
    pub limit: Option<usize>,
    /// The vendor's own items instead of rows
    #[arg(long, hide_short_help = true)]
    pub raw: bool,
    /// Show secrets that vendor data holds
    #[arg(long, hide_short_help = true)]
    pub reveal: bool,

    /// Send nothing that changes anything: print each changing request as one JSON line
    #[arg(long, hide_short_help = true)]
    pub dry_run: bool,
    /// With --dry-run: exit 10 if something would change
    #[arg(long, hide_short_help = true)]
    pub exit_code: bool,
    /// Print each request on stderr as one JSON line, and send it
    #[arg(long, hide_short_help = true)]
    pub show_request: bool,
    /// Ask nothing
    #[arg(short, long, hide_short_help = true, env = "LIVECTL_YES", hide_env_values = true, value_parser = parse_switch)]
    pub yes: bool,
    /// Send although the facts say that a value is wrong: the vendor may be newer than we are
    #[arg(long, hide_short_help = true)]
    pub no_validate: bool,

    /// Time for one attempt: 30s, 500ms
    #[arg(long, hide_short_help = true, value_name = "TIME", default_value = TIMEOUT, env = "LIVECTL_TIMEOUT", hide_env_values = true, value_parser = parse_patience)]
    pub timeout: SignedDuration,
    /// Time for connecting
    #[arg(long, hide_short_help = true, value_name = "TIME", default_value = CONNECT_TIMEOUT, env = "LIVECTL_CONNECT_TIMEOUT", hide_env_values = true, value_parser = parse_patience)]
    pub connect_timeout: SignedDuration,
    /// Further attempts where one is safe
    #[arg(
        long,
        hide_short_help = true,
        value_name = "N",
        default_value_t = RETRIES,
        env = "LIVECTL_RETRIES",
        hide_env_values = true
    )]
    pub retries: u32,
    /// Requests a second for each Action, instead of the documented rate
    #[arg(long, hide_short_help = true, value_name = "N", env = "LIVECTL_RATE", hide_env_values = true, value_parser = parse_rate)]
    pub rate: Option<f64>,

    /// Return when the vendor's state has settled; where there is none to wait for, at once
    #[arg(long, hide_short_help = true)]
    pub wait: bool,
    /// The longest that --wait waits: 90s, 15m, 1h
    #[arg(long, hide_short_help = true, value_name = "TIME", default_value = WAIT_TIMEOUT, value_parser = parse_limit)]
    pub wait_timeout: SignedDuration,
    /// The time between two looks of --wait; 2s at first and up to 15s where it is not named
    #[arg(long, hide_short_help = true, value_name = "TIME", value_parser = parse_limit)]
    pub wait_interval: Option<SignedDuration>,

    /// Say less on stderr
    #[arg(short, long, hide_short_help = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more on stderr; twice: the requests and answers, secrets masked
    #[arg(short, long, hide_short_help = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// auto, always or never [env: NO_COLOR, CLICOLOR_FORCE]
    #[arg(long, hide_short_help = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,

    /// The built-in local sandbox instead of a vendor
    #[arg(long, hide_short_help = true, env = "LIVECTL_SANDBOX", hide_env_values = true, value_parser = parse_switch)]
    pub sandbox: bool,
    /// Where the sandbox keeps its state
    #[arg(long, hide_short_help = true, value_name = "FILE", env = "LIVECTL_SANDBOX_STATE", hide_env_values = true)]
    pub sandbox_state: Option<PathBuf>,
    /// Faults the sandbox shall show: `tencent:AddLiveDomain:throttle*2,drop`
    ///
    /// VENDOR:ACTION:FAULT[*COUNT],…; the Action `*` is every one, the count `forever` all that follow. Of the faults,
    /// throttle, error[=CODE] (without a code: InternalError), expired (the session token) and clock (an hour off) are
    /// refusals; html[=502] is a proxy's page and empty an answer without a body; drop, cut, silence, slow=3s,
    /// drip[=100ms] and truncate perform the request, and close the connection before the answer or in its middle, never
    /// answer, answer late, byte by byte, or with half of it missing; settle=10m makes
    /// a change take that long, and fail[=10s] makes it come to nothing; life=30s is how long
    /// the credentials of AssumeRole and its kin live. VENDOR:*:offline: nobody listens.
    #[arg(long, hide_short_help = true, value_name = "FAULTS")]
    pub fault: Vec<String>,
}

/// What is read where no word and no variable names any.
impl Default for Global {
    fn default() -> Self {
        let time = |text| parse_limit(text).unwrap_or_default();
        Global {
            vendor: None,
            profile: Vec::new(),
            all_profiles: false,
            config: None,
            region: None,
            endpoint: None,
            ca_bundle: None,
            output: None,
            columns: None,
            no_header: false,
            sort_by: None,
            jq: None,
            limit: None,
            raw: false,
            reveal: false,
            dry_run: false,
            exit_code: false,
            show_request: false,
            yes: false,
            no_validate: false,
            timeout: time(TIMEOUT),
            connect_timeout: time(CONNECT_TIMEOUT),
            retries: RETRIES,
            rate: None,
            wait: false,
            wait_timeout: time(WAIT_TIMEOUT),
            wait_interval: None,
            quiet: false,
            verbose: 0,
            color: When::Auto,
            sandbox: false,
            sandbox_state: None,
            fault: Vec::new(),
        }
    }
}

/// Global options that speak of one another: clap wants to know both where it knows one.
const RELATED: &[(&str, &str)] = &[("all_profiles", "profile"), ("quiet", "verbose")];

impl Global {
    /// What is wrong between options that may stand on either side of a noun, where clap does not see them together.
    pub(super) fn contradiction(&self) -> Option<(ErrorKind, &'static str)> {
        let conflict = |is: bool, what| is.then_some((ErrorKind::ArgumentConflict, what));
        conflict(self.all_profiles && !self.profile.is_empty(), "`--all-profiles` cannot be used with `--profile`")
            .or_else(|| conflict(self.quiet && self.verbose > 0, "`--quiet` cannot be used with `--verbose`"))
            .or_else(|| {
                let lacks = self.exit_code && !self.dry_run;
                lacks.then_some((
                    ErrorKind::MissingRequiredArgument,
                    "`--exit-code` is for `--dry-run`, which is missing",
                ))
            })
    }
}

/// The words of a command line that may be names of commands: those that are no option's value.
pub(super) fn without_values(words: &[OsString]) -> Vec<OsString> {
    let is_option = |word: &OsString| {
        let bytes = word.as_encoded_bytes();
        bytes.starts_with(b"-") && !bytes.contains(&b'=') && word != "--help" && word != "-h" && word != "--"
    };
    if !words.iter().any(is_option) {
        return words.to_vec();
    }
    let options = Global::augment_args(Command::new("livectl"));
    let switches: Vec<&Arg> = options.get_arguments().filter(|arg| !arg.get_action().takes_values()).collect();
    let is_switch = |word: &OsString| {
        let text = word.to_string_lossy();
        match text.strip_prefix("--") {
            Some(long) => switches.iter().any(|arg| arg.get_long() == Some(long)),
            None => text.chars().skip(1).all(|c| switches.iter().any(|arg| arg.get_short() == Some(c))),
        }
    };
    let is_value = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        before.is_some_and(|before| is_option(before) && !is_switch(before))
    };
    words.iter().enumerate().filter(|(at, _)| !is_value(*at)).map(|(_, word)| word.clone()).collect()
}

/// The ids of those options of a command that a word of the command line may name, and of those related to them.
fn named(options: &Command, words: &[OsString]) -> Vec<String> {
    let dashed: Vec<_> = words.iter().map(|word| word.to_string_lossy()).filter(|word| word.starts_with('-')).collect();
    let named = options.get_arguments().filter(|arg| may_name(&dashed, arg));
    let mut named: Vec<String> = named.map(|arg| arg.get_id().to_string()).collect();
    for (one, other) in RELATED {
        if named.iter().any(|id| id == one || id == other) {
            named.extend([one, other].map(|id| (*id).to_owned()));
        }
    }
    named
}

/// Those that a word of the command line may name, and those related to them; to ask for help names none.
pub(super) fn named_by(words: &[OsString]) -> Vec<Arg> {
    let is_other = |word: &OsString| word.as_encoded_bytes().starts_with(b"-") && word != "--help" && word != "-h";
    if !words.iter().any(is_other) {
        return Vec::new();
    }
    let options = Global::augment_args(Command::new("livectl"));
    let named = named(&options, words);
    options.get_arguments().filter(|arg| named.iter().any(|id| arg.get_id() == id.as_str())).cloned().collect()
}

/// Whether no word can name any of them.
pub(super) fn none_is_named(words: &[OsString]) -> bool {
    !words.iter().any(|word| word.as_encoded_bytes().starts_with(b"-"))
}

/// The options of all commands, at the root and everywhere below it.
pub(super) fn everywhere(root: Command) -> Command {
    added(root).mut_args(|arg| arg.global(true))
}

/// The options of all commands: below the root only those that a word of the command line may name. Those that none
/// names have the same value everywhere, and need not be built again at each level.
pub(super) fn where_named(root: Command, words: &[OsString]) -> Command {
    let root = added(root);
    match named(&root, words) {
        named if named.is_empty() => root,
        named => root.mut_args(|arg| {
            let is_named = named.iter().any(|id| arg.get_id() == id.as_str());
            arg.global(is_named)
        }),
    }
}

/// A command with the options of all commands.
pub(super) fn added(command: Command) -> Command {
    Global::augment_args(command).next_help_heading(None::<&'static str>)
}

/// Whether an argument is an option of all commands.
pub(super) fn is_global(arg: &Arg) -> bool {
    arg.get_help_heading() == Some(HEADING)
}

/// Whether one of the words that begin with a dash may be an option, or have it among short ones.
fn may_name(dashed: &[Cow<'_, str>], arg: &Arg) -> bool {
    dashed.iter().any(|word| match word.strip_prefix("--") {
        Some(long) => arg.get_long().is_some_and(|name| long.starts_with(name)),
        None => arg.get_short().is_some_and(|short| word.contains(short)),
    })
}

/// A rate: any number above 0.
fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| rate.is_finite() && *rate > 0.0);
    rate.ok_or_else(|| "a number above 0: how many requests a second".to_owned())
}

#[cfg(test)]
mod tests;
