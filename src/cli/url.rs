//! `livectl url …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::NewPlace;

/// The verbs of `url`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum UrlCommand {
    /// Print the signed addresses to push a stream to, one a protocol.
    #[command(after_help = "Examples:\n  livectl url push push.example.com/live/room1\n  \
            livectl url push push.example.com/live/room1 --protocol rtmp --for 12h \\\n    --key @key.txt --vendor tencent\n\n\
            Without --key the key is the one that the account has for the domain. With it, nothing is sent.")]
    Push(BuiltUrl),
    /// Print the signed addresses to play a stream from, one a protocol.
    #[command(after_help = "Examples:\n  livectl url play play.example.com/live/room1\n  \
            livectl url play play.example.com/live/room1 --protocol hls --until +7d \\\n    --key @key.txt --vendor aliyun\n\n\
            Without --key the key is the one that the account has for the domain. With it, nothing is sent.")]
    Play(BuiltUrl),
    /// Sign an address as it is, whatever its protocol; a signature that it has is replaced.
    #[command(after_help = "Example:\n  livectl url sign https://play.example.com/live/room1.flv \\\n    \
            --key @key.txt --vendor volcengine")]
    Sign(SignedUrl),
    /// Tell whether a signed address is accepted, and if not, why; exit 10 then. Nothing is fetched.
    #[command(after_help = "Example:\n  livectl url check \\\n    \
            'rtmp://push.example.com/live/s1?txSecret=…&txTime=6955B900' \\\n    --key @key.txt\n\n\
            Reasons: unsigned, missing, repeated, malformed, expired, wrong-key, wrong-path, wrong-case, wrong-time, \
            wrong-order, wrong-hash, wrong-scheme.")]
    Check(CheckedUrl),
}

// How an address is signed.
#[derive(Debug, Args)]
pub struct UrlSigning {
    /// How addresses are signed, instead of what the domain's setting says: a or b.
    #[arg(long, value_name = "a|b", help_heading = "Aliyun and Volcengine")]
    pub scheme: Option<String>,
    /// The hash: md5 or sha256.
    #[arg(long, value_name = "md5|sha256", help_heading = "Tencent")]
    pub hash: Option<String>,
    /// How much longer than its own time the domain accepts an address, instead of what its setting says.
    #[arg(long, value_name = "TIME")]
    pub valid: Option<String>,
}

// When an address ends.
#[derive(Debug, Args)]
pub struct UrlTime {
    /// How long from now on the address is good: 24h where nothing is said.
    #[arg(long = "for", value_name = "TIME", conflicts_with = "until")]
    pub lasting: Option<String>,
    /// Until when it is good: RFC 3339, Unix seconds, +7d.
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// The key: @FILE, - for stdin or a hidden question, or the key itself; instead of asking the account.
    #[arg(long)]
    pub key: Option<String>,
}

// A stream whose addresses are built.
#[derive(Debug, Args)]
pub struct BuiltUrl {
    #[command(flatten)]
    pub place: NewPlace,
    /// Only these: rtmp, srt, flv, hls, webrtc; several with commas.
    #[arg(long, value_name = "PROTOCOL", value_delimiter = ',')]
    pub protocol: Vec<String>,
    /// FLV and HLS over http:// instead of https://.
    #[arg(long)]
    pub http: bool,
    #[command(flatten)]
    pub time: UrlTime,
    #[command(flatten)]
    pub signing: UrlSigning,
}

// An address to be signed.
#[derive(Debug, Args)]
pub struct SignedUrl {
    /// The address.
    pub url: String,
    /// Whose key the account is asked for: push or play, where the address does not tell.
    #[arg(long, value_name = "push|play")]
    pub scope: Option<String>,
    #[command(flatten)]
    pub time: UrlTime,
    #[command(flatten)]
    pub signing: UrlSigning,
}

// An address to be checked.
#[derive(Debug, Args)]
pub struct CheckedUrl {
    /// The address.
    pub url: String,
    /// Whose keys the account is asked for: push or play, where the address does not tell.
    #[arg(long, value_name = "push|play")]
    pub scope: Option<String>,
    /// The time of the check, instead of now.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
    /// A key, given as `url sign` takes it; may be repeated. Instead of asking the account.
    #[arg(long)]
    pub key: Vec<String>,
    #[command(flatten)]
    pub signing: UrlSigning,
}
