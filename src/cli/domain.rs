//! `livectl domain …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::{Creation, Given, Removal};

/// The verbs of `domain`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum DomainCommand {
    /// List the account's domains.
    #[command(after_help = "Example:\n  livectl domain list --type push -o json")]
    List(DomainFilter),
    /// Show one domain.
    #[command(after_help = "Example:\n  livectl domain show live.example.com")]
    Show(OneDomain),
    /// Add a push or playback domain.
    #[command(
        alias = "create",
        after_help = "Example:\n  livectl domain add live.example.com --type play --area mainland"
    )]
    Add(NewDomain),
    /// Turn a disabled domain back on.
    #[command(after_help = "Example:\n  livectl domain enable live.example.com")]
    Enable(OneDomain),
    /// Turn a domain off; its settings stay. Asks first.
    #[command(after_help = "Example:\n  livectl domain disable live.example.com --yes")]
    Disable(OneDomain),
    /// Remove a domain and its settings. Asks first.
    #[command(after_help = "Example:\n  livectl domain delete live.example.com --yes")]
    Delete {
        /// The domain.
        name: Option<String>,
        /// What it serves (push or play), where known; read first otherwise.
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        #[command(flatten)]
        removal: Removal,
        #[command(flatten)]
        further: Given,
    },
    /// Join a push domain to a playback domain (Aliyun).
    #[command(after_help = "Example:\n  livectl domain map push.example.com play.example.com")]
    Map {
        #[command(flatten)]
        pair: DomainPair,
        #[command(flatten)]
        creation: Creation,
    },
    /// Part a push domain from a playback domain (Aliyun). Asks first.
    #[command(after_help = "Example:\n  livectl domain unmap push.example.com play.example.com --yes")]
    Unmap {
        #[command(flatten)]
        pair: DomainPair,
        #[command(flatten)]
        removal: Removal,
    },
}

// One domain.
#[derive(Debug, Args)]
pub struct OneDomain {
    /// The domain.
    pub name: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

// A push and a playback domain.
#[derive(Debug, Args)]
pub struct DomainPair {
    /// The push domain.
    pub push: Option<String>,
    /// The playback domain.
    pub play: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

// What a list keeps.
#[derive(Debug, Args)]
pub struct DomainFilter {
    /// Only push or play domains.
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// Only domains in this state: enabled, disabled, configuring, checking, failed or blocked.
    #[arg(long)]
    pub status: Option<String>,
    /// Only domains of this area: mainland, overseas or global.
    #[arg(long)]
    pub area: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

// A domain to be added.
#[derive(Debug, Args)]
pub struct NewDomain {
    /// The domain; a wildcard begins with `*.`
    pub name: Option<String>,
    /// What it serves: push or play.
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,
    /// Where it is accelerated: mainland, overseas or global.
    #[arg(long)]
    pub area: Option<String>,
    /// The live centre that owns it (Aliyun's `Region`); cn-shanghai for mainland, else ap-southeast-1.
    #[arg(long, value_name = "REGION", help_heading = "Aliyun")]
    pub domain_region: Option<String>,
    /// The domain space to add it to; joins push and playback domains.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
    /// How ownership is checked: dnsCheck, fileCheck or dbCheck.
    #[arg(long, value_name = "HOW", help_heading = "Tencent", alias = "verify-owner-type")]
    pub verify_owner: Option<String>,
    #[command(flatten)]
    pub creation: Creation,
    #[command(flatten)]
    pub further: Given,
}
