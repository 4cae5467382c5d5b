//! `livectl wait …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};
use jiff::SignedDuration;

use crate::cli::{CallbackEvents, KeyTarget, Target, TargetInSpace};
use crate::model::time::parse_limit;

const DOMAIN: &str = "Examples:\n  livectl wait domain live.example.com --for enabled --wait-timeout 10m\n  \
    livectl wait domain live.example.com --for cname_ok=true\n  \
    livectl wait domain live.example.com --for deleted\n\n\
    States: enabled, disabled, configuring, checking, failed, blocked; present, deleted.";

/// What is waited for.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum WaitCommand {
    /// Wait for a state of a domain.
    #[command(after_help = DOMAIN)]
    Domain {
        /// The domain.
        name: Option<String>,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Wait for a recording to be there, to be gone, or to change.
    #[command(after_help = "Example:\n  livectl wait record push.example.com/live/ --for present")]
    Record {
        #[command(flatten)]
        target: TargetInSpace,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Wait for a rendition to be there, to be gone, or to change.
    #[command(after_help = "Example:\n  livectl wait transcode play.example.com/live/#hd720 --for video_kbps=1500")]
    Transcode {
        #[command(flatten)]
        target: TargetInSpace,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Wait for a state of a relay.
    #[command(after_help = "Example:\n  livectl wait relay push.example.com/live/s1 --for active\n\n\
        States: scheduled, active, paused, ended; present, deleted.")]
    Relay {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Wait for the encryption of HLS to be on, off, or as wanted.
    #[command(
        name = "hls-key",
        after_help = "Example:\n  livectl wait hls-key --template 1001 --for enabled=true --vendor tencent"
    )]
    HlsKey {
        #[command(flatten)]
        target: KeyTarget,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Wait for the callback of an event to be there, to be gone, or to change.
    #[command(after_help = "Example:\n  livectl wait callback 'push.example.com/live/#stream-end' --for present")]
    Callback {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        which: CallbackEvents,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Wait for a state of a stream.
    #[command(after_help = "Example:\n  livectl wait stream push.example.com/live/s1 --for live --wait-timeout 1h\n\n\
        States: live, forbidden, offline.")]
    Stream {
        #[command(flatten)]
        target: TargetInSpace,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Wait for a certificate to be there, to be gone, or to change.
    #[command(after_help = "Example:\n  livectl wait cert 1001 --for present")]
    Cert {
        /// The vendor's id; on Aliyun the name.
        id: Option<String>,
        #[command(flatten)]
        wanted: Wanted,
    },
}

// The state that is waited for.
#[derive(Debug, Args)]
pub struct Wanted {
    /// What to wait for: a state, `present`, `deleted`, or COLUMN=VALUE of what `show` prints.
    #[arg(long = "for", value_name = "STATE")]
    pub state: Option<String>,
    /// The time between two looks; 2s at first and up to 15s where it is not named.
    #[arg(long, value_name = "TIME", value_parser = parse_limit)]
    pub interval: Option<SignedDuration>,
}
