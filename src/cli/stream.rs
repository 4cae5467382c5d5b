//! `livectl stream …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::{Given, Place, Target};

/// The verbs of `stream`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum StreamCommand {
    /// List who is live now; with --state who is forbidden or off.
    #[command(
        after_help = "Examples:\n  livectl stream list --domain push.example.com\n  livectl stream list --state forbidden\n\n\
            Streams that are over, say of yesterday: `livectl stream published list`."
    )]
    List(StreamFilter),
    /// Show the state of one stream.
    #[command(after_help = "Example:\n  livectl stream show push.example.com/live/s1")]
    Show(StreamTarget),
    /// Kick a stream and keep it away, for good or until a time. Asks first.
    #[command(after_help = "Example:\n  livectl stream forbid push.example.com/live/s1 --until +1d --yes")]
    Forbid(StreamForbidden),
    /// Let a forbidden stream be published again.
    #[command(after_help = "Example:\n  livectl stream resume push.example.com/live/s1")]
    Resume(StreamTarget),
    /// Kick a stream; it may come back at once. Asks first.
    #[command(visible_alias = "kick", after_help = "Example:\n  livectl stream drop push.example.com/live/s1 --yes")]
    Drop(StreamTarget),
}

// Which streams a list keeps.
#[derive(Debug, Args)]
pub struct StreamFilter {
    #[command(flatten)]
    pub place: Place,
    /// live, forbidden (banned) or offline [default: live]
    #[arg(long)]
    pub state: Option<String>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
}

// One stream.
#[derive(Debug, Args)]
pub struct StreamTarget {
    #[command(flatten)]
    pub target: Target,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

// A stream to be kept away.
#[derive(Debug, Args)]
pub struct StreamForbidden {
    #[command(flatten)]
    pub target: Target,
    /// Until when: RFC 3339, `+1d`; as long as the vendor keeps it where left out.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
    #[command(flatten)]
    pub further: Given,
}
