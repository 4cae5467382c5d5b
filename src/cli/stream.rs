//! `livectl stream …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};
use jiff::SignedDuration;

use crate::cli::{Given, Place, Target};
use crate::model::time::parse_limit;

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
    /// Show who is pushed now and how fast, the fastest first; --watch keeps looking.
    #[command(after_help = TOP)]
    Top(StreamTop),
}

const TOP: &str = "Examples:\n  livectl stream top --domain push.example.com\n  livectl stream top --all-profiles --watch\n  \
    livectl stream top --watch 30s -o ndjson >> rates.ndjson\n\n\
    One row a stream, in each account the highest bit_rate first: vendor, profile, domain, app, stream, frame_rate (video \
    frames a second; 0: it is live and no picture comes), bit_rate (bit/s, video and audio), since, client_ip. What a \
    vendor does not tell is empty.\n\n\
    Tencent: one call tells all; --domain is a push domain. Aliyun: --domain is a playback domain, left out all are looked \
    through; the rates are those of five minutes ago, and a younger stream has none yet. Volcengine: what is live is \
    listed, and each push domain of it asked for its latest rates; what a relay pulls in has none.\n\n\
    --watch on a terminal: a view that is drawn anew in place, all accounts together, until Ctrl-C (exit 130); bit_rate \
    with a prefix, since as how long ago. Elsewhere -o ndjson, csv or tsv: each round's rows with their time. A round that \
    fails is told, and the next is tried. Tencent asks for no more than a call a minute: rounds are a minute apart at \
    least where an account of it is watched.";

// Which streams are looked at, and how often.
#[derive(Debug, Args)]
pub struct StreamTop {
    #[command(flatten)]
    pub place: Place,
    /// Keep looking, so often: 5s, 1m [10s where no time is named]
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "10s", value_parser = parse_limit)]
    pub watch: Option<SignedDuration>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
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
