//! `livectl relay …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::{Creation, Given, NewPlace, Place, Removal, Target};

/// The verbs of `relay`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum RelayCommand {
    /// List relays, of one domain or of all.
    #[command(after_help = "Example:\n  livectl relay list --domain push.example.com")]
    List(RelayWhere),
    /// Show one relay.
    #[command(after_help = "Example:\n  livectl relay show push.example.com/live/s1")]
    Show(RelayTarget),
    /// Pull a source into a stream.
    #[command(
        alias = "create",
        after_help = "Examples:\n  livectl relay add push.example.com/live/s1 \\\n    \
            --source rtmp://origin.example.com/live/s1 --start now --end +7d\n  \
            livectl relay add push.example.com/live/s2 --vendor volcengine \\\n    \
            --source https://origin.example.com/s2.flv --permanent\n  \
            livectl relay add --domain push.example.com --app live --stream s3 \\\n    \
            --source rtmp://origin.example.com/live/s3 \\\n    \
            --start 2026-01-31T20:00:00+08:00 --end 2026-01-31T22:00:00+08:00\n  \
            livectl relay add push.example.com/live/tonight \\\n    --source rtmp://origin.example.com/live/s4 \\\n    \
            --start 20:00+08:00 --end 22:00+08:00\n\n\
            Which domain: Tencent and Volcengine want the push domain, Aliyun the playback domain."
    )]
    Add(NewRelay),
    /// Change the sources or the window of a relay; what is not named stays.
    #[command(alias = "set", after_help = "Example:\n  livectl relay update push.example.com/live/s1 --end +7d")]
    Update(RelayUpdate),
    /// Stop and remove a relay. Asks first.
    #[command(after_help = "Example:\n  livectl relay delete push.example.com/live/s1 --yes")]
    Delete {
        #[command(flatten)]
        target: Target,
        /// Who Tencent notes as the author [default: livectl]
        #[arg(long, value_name = "NAME", help_heading = "Tencent")]
        operator: Option<String>,
        #[command(flatten)]
        removal: Removal,
        #[command(flatten)]
        further: Given,
    },
    /// Restart a running relay (Tencent).
    #[command(after_help = "Example:\n  livectl relay restart 10054")]
    Restart {
        #[command(flatten)]
        target: Target,
        /// Who Tencent notes as the author [default: livectl]
        #[arg(long, value_name = "NAME", help_heading = "Tencent")]
        operator: Option<String>,
        #[command(flatten)]
        further: Given,
    },
}

// One relay.
#[derive(Debug, Args)]
pub struct RelayTarget {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub further: Given,
}

// Which relays a list keeps.
#[derive(Debug, Args)]
pub struct RelayWhere {
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub further: Given,
}

// What a relay pulls, and when.
#[derive(Debug, Args)]
pub struct RelayContent {
    /// A source address; again for the next one, in order (Tencent: the second is the backup).
    #[arg(long, value_name = "URL")]
    pub source: Vec<String>,
    /// When it starts: RFC 3339, `20:00+08:00` (today), Unix seconds, `now`, `+2h`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub start: Option<String>,
    /// When it ends, in the same forms.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub end: Option<String>,
    /// For good, without start and end.
    #[arg(long, conflicts_with_all = ["start", "end"], help_heading = "Volcengine")]
    pub permanent: bool,
    /// Who is noted as the author [default: livectl]
    #[arg(long, value_name = "NAME", help_heading = "Tencent")]
    pub operator: Option<String>,
}

// A relay to be added.
#[derive(Debug, Args)]
pub struct NewRelay {
    #[command(flatten)]
    pub place: NewPlace,
    #[command(flatten)]
    pub content: RelayContent,
    #[command(flatten)]
    pub creation: Creation,
    #[command(flatten)]
    pub further: Given,
}

// A relay to be changed.
#[derive(Debug, Args)]
pub struct RelayUpdate {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub content: RelayContent,
    #[command(flatten)]
    pub further: Given,
}
