//! `livectl timeshift`.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

/// The verbs of `timeshift`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum TimeshiftCommand {
    /// Print the HLS address that plays a running stream from an earlier moment (Aliyun). Sends nothing.
    #[command(after_help = "Examples:\n  \
            Watch a stream two hours later:\n  \
            livectl timeshift url --domain play.example.com --app live --stream s1 \\\n    --offset 2h\n\n  \
            From a moment on, and a part of it as one closed list:\n  \
            livectl timeshift url --domain play.example.com --app live --stream s1 \\\n    --start -3h\n  \
            livectl timeshift url --domain play.example.com --app live --stream s1 \\\n    \
            --start -3h --vod-end -2h --form human --zone 8\n\n\
            A domain with time shift open keeps 7 days, or what was agreed, at most 15.")]
    Url(ShiftedUrl),
    /// List what is kept of a stream for time shift, as its playback domain tells everybody (Aliyun).
    #[command(after_help = "Example:\n  \
            livectl timeshift timeline --domain play.example.com --app live --stream s1 \\\n    --since -1h")]
    Timeline(TimelineQuery),
}

// The stream, as it is played.
#[derive(Debug, Args)]
pub struct PlayedStream {
    /// The playback domain.
    #[arg(long)]
    pub domain: String,
    /// The app.
    #[arg(long)]
    pub app: String,
    /// The stream.
    #[arg(long)]
    pub stream: String,
    /// A key of the domain's URL authentication, which signs the address (type A): @FILE, or - for stdin.
    #[arg(long, value_name = "KEY")]
    pub auth_key: Option<String>,
}

// An address that plays shifted.
#[derive(Debug, Args)]
pub struct ShiftedUrl {
    #[command(flatten)]
    pub place: PlayedStream,
    /// Play so long behind the present: 2h, 90s.
    #[arg(long, value_name = "TIME", conflicts_with_all = ["end", "vod_end"])]
    pub offset: Option<String>,
    /// Where playback starts: RFC 3339, Unix seconds, `-3h`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub start: Option<String>,
    /// Where it ends; until then the player sees a running stream.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, conflicts_with = "vod_end")]
    pub end: Option<String>,
    /// Where it ends; the player gets the whole, closed list at once. Wants --start.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub vod_end: Option<String>,
    /// How times are written: unix or human (YYYYMMDDhhmmss).
    #[arg(long, default_value = "unix")]
    pub form: String,
    /// What a Unix time counts: s, ms, us or ns.
    #[arg(long, default_value = "s")]
    pub unit: String,
    /// The zone of the times: hours east of UTC, 0 to 9.
    #[arg(long, value_name = "HOURS", default_value = "0")]
    pub zone: String,
    /// https or http.
    #[arg(long, default_value = "https")]
    pub scheme: String,
}

// What is kept of a stream.
#[derive(Debug, Args)]
pub struct TimelineQuery {
    #[command(flatten)]
    pub place: PlayedStream,
    /// From when: RFC 3339, Unix seconds, `-1h`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: String,
    /// Until when.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, default_value = "now")]
    pub until: String,
    /// What is kept in which form: ts or flv.
    #[arg(long, default_value = "ts")]
    pub format: String,
    /// https or http; the query holds no secret, at most a signature.
    #[arg(long, default_value = "https")]
    pub scheme: String,
}
