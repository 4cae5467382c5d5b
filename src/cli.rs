//! The one tree: what a user may type. Only the branch that the command line enters is built.

mod auth;
mod branch;
mod bulk;
mod callback;
mod cert;
mod closing;
mod completion;
mod decode;
mod deliveries;
mod doctor;
mod domain;
mod domain_config;
mod given;
mod global;
mod grown;
mod help;
mod hls_key;
mod metrics;
mod reading;
mod record;
pub mod records;
mod relay;
mod shape;
mod stats;
mod stream;
mod target;
mod template;
mod timeshift;
mod told;
mod tools;
mod transcode;
mod url;
mod wait;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};

pub use auth::{
    AuthCommand, AuthVerb, IpCommand, IpPlace, IpSettings, KeyDomain, KeyRotation, Lists, RefererCommand, RefererPlace,
    RefererSettings, Switch, UrlKeyCommand, UrlKeySettings,
};
pub use branch::Part;
pub use bulk::{Bulk, Many};
pub use callback::{CallbackCommand, CallbackEvents, CallbackScope, CallbackSetting, SharedTemplate};
pub use cert::{CertCommand, CertFilter, CertTarget};
pub use completion::{CompletionScript, Shell};
pub use decode::DecodeCallback;
pub use deliveries::{CallbackKeys, ListenCallbacks, SendCallbacks, VerifyCallbacks};
pub use domain::{DomainCommand, DomainFilter, DomainPair, NewDomain, OneDomain};
pub use domain_config::{DomainConfigCommand, DomainConfigPlace, DomainConfigRemoval, DomainConfigSetting};
pub use given::Given;
pub use global::{Global, When};
pub use help::HelpCommand;
pub use hls_key::{CheckedStream, GetKey, HlsKeyCommand, KeyPlace, KeySettings, KeyTarget, RotatedKey};
pub use metrics::MetricsQuery;
pub use reading::{Surroundings, parse, read};
pub use record::{RecordChange, RecordCommand, RecordContent, RecordSettings};
pub use relay::{NewRelay, RelayCommand, RelayContent, RelayTarget, RelayUpdate, RelayWhere};
pub use stats::{FaultsQuery, StatsCommand, StatsQuery};
pub use stream::{StreamCommand, StreamFilter, StreamForbidden, StreamTarget, StreamTop};
pub use target::{NewPlace, Place, PlaceInSpace, Target, TargetInSpace};
pub use template::Template;
pub use timeshift::{PlayedStream, ShiftedUrl, TimelineQuery, TimeshiftCommand};
pub use tools::{ApiCall, ApiCommand, ConfigCommand, Creation, Removal, SandboxCommand};
pub use transcode::{TranscodeChange, TranscodeCommand, TranscodeContent, TranscodeSettings};
pub use url::{BuiltUrl, CheckedUrl, SignedUrl, UrlCommand, UrlSigning, UrlTime};
pub use wait::{WaitCommand, Wanted};

/// One command line, read.
#[derive(Debug)]
pub struct Cli {
    /// Options that every command takes.
    pub global: Global,
    /// What to do.
    pub command: Noun,
    /// For which items, where it is for many.
    pub many: Option<Many>,
}

/// The verbs of the portable nouns that change nothing.
pub const READING: [&str; 4] = ["list", "show", "get", "top"];

/// The program, without options and nouns.
fn root() -> Command {
    Command::new("livectl")
        .version(env!("LIVECTL_TOLD_VERSION"))
        .about("One command line for live streaming on Tencent Cloud, Alibaba Cloud and Volcengine")
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .after_help(
            "First steps, without an account:\n  \
            livectl --sandbox --vendor tencent domain add live.example.com --type play\n  \
            livectl --sandbox --vendor tencent domain list\n\n\
            `--help` shows the global options, `-h` leaves them out.\n\
            `livectl help` also tells about exit-codes, environment, output, profiles, bulk.",
        )
}

/// The nouns.
#[derive(Debug)]
#[allow(missing_docs, reason = "the nouns are the words a user types")]
pub enum Noun {
    Domain(DomainCommand),
    DomainConfig(DomainConfigCommand),
    Record(RecordCommand),
    Transcode(TranscodeCommand),
    Relay(RelayCommand),
    HlsKey(HlsKeyCommand),
    Callback(CallbackCommand),
    Stream(StreamCommand),
    Cert(CertCommand),
    Stats(StatsCommand),
    Metrics(MetricsQuery),
    Timeshift(TimeshiftCommand),
    Auth(AuthCommand),
    Url(UrlCommand),
    Wait(WaitCommand),
    Api(ApiCommand),
    Config(ConfigCommand),
    Sandbox(SandboxCommand),
    Help(HelpCommand),
    Completion(CompletionScript),
    /// Looks at the setup.
    Doctor,
    /// A command that grew from the facts.
    Vendor(VendorCommand),
}

/// A command that is an Action of the vendors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorCommand {
    /// Its words, with a blank between them.
    pub command: String,
    /// What was given for its options.
    pub given: Given,
}

/// A noun or sub-noun with verbs written by hand.
struct Written {
    words: &'static str,
    /// Adds the verbs.
    augment: fn(Command) -> Command,
    /// Whether a verb is one of them.
    has: fn(&str) -> bool,
    /// Reads the one that was entered.
    read: fn(&ArgMatches) -> Result<Noun, Error>,
}

macro_rules! written {
    ($words:literal, $noun:expr, $verbs:ty) => {
        Written {
            words: $words,
            augment: <$verbs>::augment_subcommands,
            has: <$verbs>::has_subcommand,
            read: |matches| <$verbs>::from_arg_matches(matches).map($noun),
        }
    };
}

const WRITTEN: &[Written] = &[
    written!("domain", Noun::Domain, DomainCommand),
    written!("domain config", Noun::DomainConfig, DomainConfigCommand),
    written!("record", Noun::Record, RecordCommand),
    written!("transcode", Noun::Transcode, TranscodeCommand),
    written!("relay", Noun::Relay, RelayCommand),
    written!("hls-key", Noun::HlsKey, HlsKeyCommand),
    written!("callback", Noun::Callback, CallbackCommand),
    written!("stream", Noun::Stream, StreamCommand),
    written!("cert", Noun::Cert, CertCommand),
    written!(
        "auth",
        |verb| match verb {
            AuthVerb::Rotate(asked) => Noun::Auth(AuthCommand::Rotate(asked)),
        },
        AuthVerb
    ),
    written!("auth push-key", |command| Noun::Auth(AuthCommand::PushKey(command)), UrlKeyCommand),
    written!("auth play-key", |command| Noun::Auth(AuthCommand::PlayKey(command)), UrlKeyCommand),
    written!("auth referer", |command| Noun::Auth(AuthCommand::Referer(command)), RefererCommand),
    written!("auth ip", |command| Noun::Auth(AuthCommand::Ip(command)), IpCommand),
    written!("stats", Noun::Stats, StatsCommand),
    written!("timeshift", Noun::Timeshift, TimeshiftCommand),
    written!("url", Noun::Url, UrlCommand),
    written!("wait", Noun::Wait, WaitCommand),
    written!("api", Noun::Api, ApiCommand),
    written!("config", Noun::Config, ConfigCommand),
    written!("sandbox", Noun::Sandbox, SandboxCommand),
    written!("help", Noun::Help, HelpCommand),
];

/// A noun that is a command itself.
struct Single {
    word: &'static str,
    /// Adds its options.
    augment: fn(Command) -> Command,
    /// Reads them.
    read: fn(&ArgMatches) -> Result<Noun, Error>,
}

const SINGLE: &[Single] = &[
    Single {
        word: "metrics",
        augment: MetricsQuery::augment_args,
        read: |matches| MetricsQuery::from_arg_matches(matches).map(Noun::Metrics),
    },
    Single {
        word: "completion",
        augment: CompletionScript::augment_args,
        read: |matches| CompletionScript::from_arg_matches(matches).map(Noun::Completion),
    },
    Single { word: "doctor", augment: doctor::told, read: |_| Ok(Noun::Doctor) },
];

fn single(path: &str) -> Option<&'static Single> {
    SINGLE.iter().find(|single| single.word == path)
}

/// The nouns in the order of the help; those that are no vendor's come last.
const NOUNS: &[&str] = &[
    "domain",
    "record",
    "transcode",
    "relay",
    "hls-key",
    "callback",
    "stream",
    "cert",
    "auth",
    "snapshot",
    "audit",
    "watermark",
    "delay",
    "timeshift",
    "mix",
    "caster",
    "room",
    "vod",
    "stats",
    "billing",
    "log",
    "metrics",
    "url",
    "wait",
    "api",
    "config",
    "doctor",
    "sandbox",
    "completion",
    "help",
];

/// The option, without dashes, that an argument of the tree stands for, where it grew from the facts.
pub fn grown_option(id: &str) -> Option<&str> {
    grown::option_of(id)
}

fn written(path: &str) -> Option<&'static Written> {
    WRITTEN.iter().find(|written| written.words == path)
}

/// The verbs of a noun or sub-noun that are written by hand.
fn by_hand(path: &str) -> impl Iterator<Item = Command> {
    // Not given back, as the tree itself is not.
    let noun = written(path).map(|written| Box::leak(Box::new((written.augment)(Command::new("noun")))));
    noun.into_iter().flat_map(Command::get_subcommands_mut).map(std::mem::take)
}

impl FromArgMatches for Noun {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let missing = || Error::raw(ErrorKind::MissingSubcommand, "a command is required\n");
        let (noun, mut matches) = matches.subcommand().ok_or_else(missing)?;
        let mut command = noun.to_owned();
        while let Some((word, below)) = matches.subcommand() {
            if let Some(written) = written(&command).filter(|written| (written.has)(word)) {
                return (written.read)(matches);
            }
            command = format!("{command} {word}");
            matches = below;
        }
        if let Some(single) = single(&command) {
            return (single.read)(matches);
        }
        Ok(Noun::Vendor(VendorCommand { command, given: Given::from_arg_matches(matches)? }))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Noun::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Whether a verb of a noun or sub-noun is one that was written by hand.
fn is_written(path: &str, verb: &str) -> bool {
    written(path).is_some_and(|written| (written.has)(verb))
}

/// The tree, or the part of it that a command line can mean: a word that is nobody's name there enters nothing.
pub fn tree(part: Part<'_>) -> Command {
    with_nouns(global::everywhere(root()), part)
}

/// The part of the tree that a command line enters, with no more options that grow, nor global ones below its root,
/// than it may name; `bare`: it names no global one.
fn lean(words: &[OsString], bare: bool) -> Command {
    let part = Part::Named(words);
    match part.begins_with_version() {
        true => root(),
        false if bare => with_nouns(root(), part),
        false => with_nouns(global::where_named(root(), words), part),
    }
}

/// The same with all options of the command itself: each may be one of the items'.
fn for_items(words: &[OsString]) -> Command {
    with_nouns(global::where_named(root(), words), Part::Entered(words))
}

fn with_nouns(root: Command, part: Part<'_>) -> Command {
    let nouns = NOUNS.iter().map(|noun| branch::Below::noun(noun)).collect();
    let nouns = branch::entered(nouns, part);
    // The version is asked of the program, whatever else there is.
    if part.asks_version() && nouns.len() == NOUNS.len() {
        return root;
    }
    nouns.into_iter().fold(root, |root, noun| root.subcommand(noun))
}

/// The words of a command line that may be names of commands: those that are no global option's value.
pub fn names(words: &[OsString]) -> Vec<OsString> {
    global::without_values(words)
}

/// The tree for a Tab behind these words, or for help: the global options stand at the end of the branch that the words
/// enter, and on the way there those that a word may name; not in commands of which only the names are told.
pub fn branch(words: &[OsString]) -> Command {
    let names = global::without_values(words);
    let part = Part::Entered(&names);
    handed_down(with_nouns(root(), part), &global::named_by(words), part)
}

fn handed_down(command: Command, named: &[Arg], part: Part<'_>) -> Command {
    let enters = |below: &Command| part.enters(below.get_name()) || below.get_all_aliases().any(|a| part.enters(a));
    if !command.get_subcommands().any(enters) {
        let command = global::added(command);
        return if part.asks_help() { closed(command) } else { command };
    }
    command.args(named.to_vec()).mut_subcommands(|below| match enters(&below) {
        true => handed_down(below, named, part),
        false => below,
    })
}

/// The command with the end of its help, if it is one to carry out.
fn closed(command: Command) -> Command {
    let path = grown::path_of(&command);
    if command.has_subcommands() { command } else { closing::added(command, &path) }
}
