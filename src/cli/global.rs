//! The options that every command takes.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;

use crate::model::Vendor;
use crate::model::time::parse_limit;
use crate::output::{Format, Program};

const HEADING: &str = "Global options";

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

// Options that every command takes. Those with a variable take it where the option is not given;
// `LIVECTL_VENDOR` and `LIVECTL_PROFILE` are read with the profiles, since their order matters there.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = HEADING)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Global {
    /// Which vendor, where the profile does not say: tencent, aliyun or volcengine [env: LIVECTL_VENDOR]
    #[arg(long, global = true, hide_short_help = true, value_name = "VENDOR")]
    pub vendor: Option<Vendor>,
    /// Which account; several with commas, for reading commands [env: LIVECTL_PROFILE]
    #[arg(short, long, global = true, hide_short_help = true, value_name = "NAME", value_delimiter = ',')]
    pub profile: Vec<String>,
    /// Every account of the profile file, for reading commands
    #[arg(long, global = true, hide_short_help = true, conflicts_with = "profile")]
    pub all_profiles: bool,
    /// The profile file
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "FILE",
        env = "LIVECTL_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
    /// The API region, never anything else
    #[arg(long, global = true, hide_short_help = true, env = "LIVECTL_REGION", hide_env_values = true)]
    pub region: Option<String>,
    /// Another host than the vendor's; `http://` only for a loopback address
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "URL",
        env = "LIVECTL_ENDPOINT",
        hide_env_values = true
    )]
    pub endpoint: Option<String>,
    /// More trusted roots, PEM
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "FILE",
        env = "LIVECTL_CA_BUNDLE",
        hide_env_values = true
    )]
    pub ca_bundle: Option<PathBuf>,

    /// table, json, ndjson, yaml, csv or tsv
    #[arg(
        short,
        long,
        global = true,
        hide_short_help = true,
        value_name = "FORMAT",
        env = "LIVECTL_OUTPUT",
        hide_env_values = true
    )]
    pub output: Option<Format>,
    /// Only these columns, in this order; dotted paths reach into objects
    #[arg(long, global = true, hide_short_help = true, value_name = "A,B", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,
    /// No header line in table, csv and tsv
    #[arg(long, global = true, hide_short_help = true)]
    pub no_header: bool,
    /// Sort rows by a column; `-COLUMN` the other way round
    #[arg(long, global = true, hide_short_help = true, value_name = "COLUMN", allow_hyphen_values = true)]
    pub sort_by: Option<String>,
    /// Filter the JSON by a jq expression; texts come out raw
    #[arg(long, global = true, hide_short_help = true, value_name = "EXPR")]
    pub jq: Option<Program>,
    /// At most this many rows of a list
    #[arg(long, global = true, hide_short_help = true, value_name = "N")]
    pub limit: Option<usize>,
    /// The vendor's own items instead of rows
    #[arg(long, global = true, hide_short_help = true)]
    pub raw: bool,
    /// Show secrets that vendor data holds
    #[arg(long, global = true, hide_short_help = true)]
    pub reveal: bool,

    /// Send nothing that changes anything: print each changing request as one JSON line
    #[arg(long, global = true, hide_short_help = true)]
    pub dry_run: bool,
    /// With --dry-run: exit 10 if something would change
    #[arg(long, global = true, hide_short_help = true, requires = "dry_run")]
    pub exit_code: bool,
    /// Print each request on stderr as one JSON line, and send it
    #[arg(long, global = true, hide_short_help = true)]
    pub show_request: bool,
    /// Ask nothing
    #[arg(short, long, global = true, hide_short_help = true, env = "LIVECTL_YES", hide_env_values = true, value_parser = parse_switch)]
    pub yes: bool,
    /// Send although the facts say that a value is wrong: the vendor may be newer than we are
    #[arg(long, global = true, hide_short_help = true)]
    pub no_validate: bool,

    /// Time for one attempt: 30s, 500ms
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", default_value = "30s", env = "LIVECTL_TIMEOUT", hide_env_values = true, value_parser = parse_limit)]
    pub timeout: SignedDuration,
    /// Time for connecting
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", default_value = "5s", env = "LIVECTL_CONNECT_TIMEOUT", hide_env_values = true, value_parser = parse_limit)]
    pub connect_timeout: SignedDuration,
    /// Further attempts where one is safe
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "N",
        default_value_t = 3,
        env = "LIVECTL_RETRIES",
        hide_env_values = true
    )]
    pub retries: u32,
    /// Requests a second for each Action, instead of the documented rate
    #[arg(long, global = true, hide_short_help = true, value_name = "N", env = "LIVECTL_RATE", hide_env_values = true, value_parser = parse_rate)]
    pub rate: Option<f64>,

    /// Return when the vendor's state has settled; where there is none to wait for, at once
    #[arg(long, global = true, hide_short_help = true)]
    pub wait: bool,
    /// The longest that --wait waits: 90s, 15m, 1h
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", default_value = "15m", value_parser = parse_limit)]
    pub wait_timeout: SignedDuration,
    /// The time between two looks of --wait; 2s at first and up to 15s where it is not named
    #[arg(long, global = true, hide_short_help = true, value_name = "TIME", value_parser = parse_limit)]
    pub wait_interval: Option<SignedDuration>,

    /// Say less on stderr
    #[arg(short, long, global = true, hide_short_help = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more on stderr; twice: the requests and answers, secrets masked
    #[arg(short, long, global = true, hide_short_help = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// auto, always or never [env: NO_COLOR, CLICOLOR_FORCE]
    #[arg(long, global = true, hide_short_help = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,

    /// The built-in local sandbox instead of a vendor
    #[arg(long, global = true, hide_short_help = true, env = "LIVECTL_SANDBOX", hide_env_values = true, value_parser = parse_switch)]
    pub sandbox: bool,
    /// Where the sandbox keeps its state
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_name = "FILE",
        env = "LIVECTL_SANDBOX_STATE",
        hide_env_values = true
    )]
    pub sandbox_state: Option<PathBuf>,
    /// Faults the sandbox shall show: `tencent:AddLiveDomain:throttle*2,drop`
    ///
    /// VENDOR:ACTION:FAULT[*COUNT],…; the Action `*` is every one, the count `forever` all that follow. Of the faults,
    /// throttle, error[=CODE] (without a code: InternalError), expired (the session token) and clock (an hour off) are
    /// refusals; html[=502] is a proxy's page and empty an answer without a body; drop, cut, silence, slow=3s,
    /// drip[=100ms] and truncate perform the request, and close the connection before the answer or in its middle, never
    /// answer, answer late, byte by byte, or with half of it missing; settle=10m makes
    /// a change take that long, and fail[=10s] makes it come to nothing. VENDOR:*:offline: nobody listens.
    #[arg(long, global = true, hide_short_help = true, value_name = "FAULTS")]
    pub fault: Vec<String>,
}

/// A rate: any number above 0.
fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| rate.is_finite() && *rate > 0.0);
    rate.ok_or_else(|| "a number above 0: how many requests a second".to_owned())
}
