//! `livectl auth push-key|play-key|referer|ip …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::{Given, Removal};

/// The sub-nouns of `auth` that are the same on every vendor.
#[derive(Debug)]
pub enum AuthCommand {
    Rotate(KeyRotation),
    PushKey(UrlKeyCommand),
    PlayKey(UrlKeyCommand),
    Referer(RefererCommand),
    Ip(IpCommand),
}

/// The verb of `auth` itself.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum AuthVerb {
    /// Change the key that signs a domain's addresses, so that no address stops working. Asks first.
    #[command(after_help = "Example:\n  livectl auth rotate --domain push.example.com --key-file new.key --yes\n\n\
            The new key goes into the spare place, an address signed with it is verified with what the vendor then \
            holds, and the two are swapped. The same command again goes on where one was interrupted: with --key-file, \
            or the same --key.")]
    Rotate(KeyRotation),
}

// The keys of a domain, to be rotated.
#[derive(Debug, Args)]
pub struct KeyRotation {
    /// The domain.
    #[arg(long)]
    pub domain: Option<String>,
    /// Its keys to push or to play with; as the domain's kind says where nothing is said.
    #[arg(long, value_name = "push|play")]
    pub scope: Option<String>,
    /// The new key: @FILE, - for stdin or a hidden question, or the key itself.
    #[arg(long, conflicts_with = "key_file")]
    pub key: Option<String>,
    /// A file with the new key; where it is not there a key is made, and kept in it for its owner only.
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// How long addresses last that were signed with the old key: 24h where nothing is said. Tells until when it is needed.
    #[arg(long = "for", value_name = "TIME")]
    pub lasting: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

/// The verbs of `auth push-key` and `auth play-key`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum UrlKeyCommand {
    /// Show whether addresses must be signed, and for how long they are valid. The keys are masked unless --reveal.
    Show(KeyDomain),
    /// Turn signing on or off, or change the keys and how long a signed address is valid.
    #[command(
        alias = "update",
        after_help = "Keys stand best in a file: --key @key.txt, or --key - to be asked.\n\
                      What is not named stays as it is."
    )]
    Set(UrlKeySettings),
}

// Whose keys.
#[derive(Debug, Args)]
pub struct KeyDomain {
    /// The domain: a push domain for push keys, a playback domain for play keys.
    #[arg(long)]
    pub domain: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

// Whether something is in force.
#[derive(Debug, Args)]
pub struct Switch {
    /// Turn it on (true), or off (false).
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true", visible_alias = "enabled")]
    pub enable: Option<String>,
    /// Turn it off.
    #[arg(long, conflicts_with = "enable")]
    pub disable: bool,
}

// The keys of a domain.
#[derive(Debug, Args)]
pub struct UrlKeySettings {
    /// The domain: a push domain for push keys, a playback domain for play keys.
    #[arg(long)]
    pub domain: Option<String>,
    #[command(flatten)]
    pub switch: Switch,
    /// What signs addresses: @FILE, - for stdin or a hidden question, or the key itself.
    #[arg(long)]
    pub key: Option<String>,
    /// A second key that is accepted as well, given as --key is.
    #[arg(long, value_name = "KEY")]
    pub backup_key: Option<String>,
    /// How long a signed address is valid: 30m, 1h, 3600. Aliyun: how much longer than its own time.
    #[arg(long, value_name = "TIME")]
    pub valid: Option<String>,
    /// How addresses are signed: a, b or c; where nothing is set yet, b to push (all that Volcengine takes) and a to play.
    #[arg(long, value_name = "a|b|c", help_heading = "Aliyun and Volcengine")]
    pub scheme: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

/// The verbs of `auth referer`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum RefererCommand {
    /// Show which sites may or may not embed streams.
    #[command(after_help = "Example:\n  livectl auth referer show --domain play.example.com")]
    Show(RefererShown),
    /// Say which sites may or may not embed streams: forbid embedding on other sites (hotlink protection).
    #[command(
        alias = "update",
        after_help = "Examples:\n  livectl auth referer set --domain play.example.com --allow www.example.com\n  \
            livectl auth referer set --domain play.example.com \\\n    --block bad.example.com,worse.example.com \\\n    --allow-empty true\n\n\
            Naming a list replaces the list and puts it in force. A player outside a browser names no site: \
            --allow-empty says whether it may play."
    )]
    Set(RefererSettings),
    /// Let every site embed streams again. Asks first.
    #[command(after_help = "Example:\n  livectl auth referer delete --domain play.example.com --yes")]
    Delete(RefererRemoval),
}

// Whose sites.
#[derive(Debug, Args)]
pub struct RefererPlace {
    /// The playback domain.
    #[arg(long)]
    pub domain: Option<String>,
    /// The app, instead of a domain.
    #[arg(long, help_heading = "Volcengine")]
    pub app: Option<String>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
}

// Whose sites, and nothing else.
#[derive(Debug, Args)]
pub struct RefererShown {
    #[command(flatten)]
    pub place: RefererPlace,
    #[command(flatten)]
    pub further: Given,
}

// Whose sites are no longer asked about.
#[derive(Debug, Args)]
pub struct RefererRemoval {
    #[command(flatten)]
    pub place: RefererPlace,
    #[command(flatten)]
    pub removal: Removal,
    #[command(flatten)]
    pub further: Given,
}

// Whose addresses.
#[derive(Debug, Args)]
pub struct IpPlace {
    /// The domain.
    #[arg(long)]
    pub domain: Option<String>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
}

// Whose addresses, and nothing else.
#[derive(Debug, Args)]
pub struct IpShown {
    #[command(flatten)]
    pub place: IpPlace,
    #[command(flatten)]
    pub further: Given,
}

// Whose addresses are no longer asked about.
#[derive(Debug, Args)]
pub struct IpRemoval {
    #[command(flatten)]
    pub place: IpPlace,
    #[command(flatten)]
    pub removal: Removal,
    #[command(flatten)]
    pub further: Given,
}

// A list of those who may or may not.
#[derive(Debug, Args)]
pub struct Lists {
    /// Only these; several with commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub allow: Option<Vec<String>>,
    /// All but these; several with commas.
    #[arg(long, value_name = "A,B", value_delimiter = ',', conflicts_with = "allow")]
    pub block: Option<Vec<String>>,
    #[command(flatten)]
    pub switch: Switch,
}

// Which sites.
#[derive(Debug, Args)]
pub struct RefererSettings {
    #[command(flatten)]
    pub place: RefererPlace,
    #[command(flatten)]
    pub lists: Lists,
    /// Whether a player that names no site may play.
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true", help_heading = "Tencent and Aliyun")]
    pub allow_empty: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

/// The verbs of `auth ip`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum IpCommand {
    /// Show which addresses may or may not use a domain (Aliyun, Volcengine).
    #[command(after_help = "Example:\n  livectl auth ip show --domain play.example.com --vendor aliyun")]
    Show(IpShown),
    /// Say which addresses may or may not use a domain (Aliyun, Volcengine).
    #[command(
        alias = "update",
        after_help = "Example:\n  livectl auth ip set --domain play.example.com \\\n    --block 192.0.2.7,198.51.100.0/24 --vendor aliyun"
    )]
    Set(IpSettings),
    /// Let every address use a domain again (Aliyun, Volcengine). Asks first.
    #[command(after_help = "Example:\n  livectl auth ip delete --domain play.example.com --vendor aliyun --yes")]
    Delete(IpRemoval),
}

// Which addresses.
#[derive(Debug, Args)]
pub struct IpSettings {
    #[command(flatten)]
    pub place: IpPlace,
    #[command(flatten)]
    pub lists: Lists,
    #[command(flatten)]
    pub further: Given,
}
