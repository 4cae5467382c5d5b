//! `livectl callback listen`, `send` and `verify`.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use std::net::IpAddr;

use clap::Args;
use jiff::SignedDuration;

use crate::model::time::parse_limit;

pub(super) const LISTEN_HELP: &str = "Examples:\n  \
    livectl callback listen --port 8701 --key @key.txt\n  \
    livectl callback listen --key-of push.example.com --profile prod\n  \
    livectl callback listen --port 8701 --key tencent=@t.txt --key aliyun=@a.txt \\\n    \
    --forward http://127.0.0.1:8080/live\n  \
    livectl callback listen --key @key.txt --raw --reveal >> calls.ndjson\n\n\
    One line an event, as JSON: vendor, profile, event, domain, app, stream, time, verified (null without a key), reason \
    (`not-forwarded` where --forward got no answer), received_at, from, path, forwarded, detail. --raw prints the request \
    as it came, which `callback verify` reads.\n\n\
    What is verified is answered as its vendor expects, once it is printed and forwarded; what is not, with 403, and told \
    on stderr. --limit ends after so many events, Ctrl-C at any time. Only this machine is listened to, unless --bind \
    names another address; in front of it belongs what speaks TLS.\n\n\
    The vendors sign the time only (Aliyun also the host): a signature shows that who sent the callback knows the key, \
    and not that nobody changed a field on the way.";

pub(super) const SEND_HELP: &str = "Examples:\n  \
    livectl callback send --vendor tencent --event stream-begin \\\n    \
    --url http://127.0.0.1:8701/live --key @key.txt\n  \
    livectl callback send --vendor aliyun --event all --key @key.txt \\\n    \
    --url http://127.0.0.1:8701/ --domain push.example.com --stream s1\n  \
    livectl callback send --vendor volcengine --event record --key @key.txt \\\n    \
    --url http://127.0.0.1:8701/ --set 'duration:=60' --vendor-retries\n\n\
    Taken is what is answered with 200; exit 1 if an event was not. --dry-run shows the request.";

pub(super) const VERIFY_HELP: &str = "Examples:\n  \
    livectl callback verify @body.json --vendor tencent --key @key.txt\n  \
    livectl callback verify --key @key.txt < calls.ndjson\n  \
    livectl callback verify @query.txt --key @key.txt \\\n    \
    --header 'ALI-LIVE-TIMESTAMP: 1519375990' \\\n    \
    --header 'ALI-LIVE-SIGNATURE: 9e22…' --host hooks.example.com\n\n\
    Exit 0 if all are verified, 1 if one is not. Read is what `callback decode` reads, and what `callback listen --raw \
    --reveal` printed.";

// Who is believed.
#[derive(Debug, Args)]
pub struct CallbackKeys {
    /// What signs the callbacks: @FILE, or - for stdin or a hidden question; VENDOR=@FILE for those of one vendor. Several
    /// while a key is being changed.
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// Take the keys of this domain's callbacks from the account, beside those of --key.
    #[arg(long, value_name = "DOMAIN")]
    pub key_of: Vec<String>,
    /// The host of the callback's address as the vendor knows it, where it is not that of the request.
    #[arg(long, help_heading = "Aliyun")]
    pub host: Vec<String>,
    /// How far the time of sending may lie from now.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = parse_limit, help_heading = "Aliyun")]
    pub window: SignedDuration,
}

// How to listen.
#[derive(Debug, Args)]
pub struct ListenCallbacks {
    /// The port; 0 takes a free one, which is told on stderr.
    #[arg(long, default_value = "8701")]
    pub port: u16,
    /// The address of this machine to listen on; others than loopback let others in.
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub bind: IpAddr,
    /// Take callbacks at this path only.
    #[arg(long)]
    pub path: Option<String>,
    #[command(flatten)]
    pub keys: CallbackKeys,
    /// Hand on what is verified to this address, and answer the vendor with what that answers.
    #[arg(long, value_name = "URL")]
    pub forward: Option<String>,
    /// Print also what is not verified, with verified=false; it is answered with 403 all the same.
    #[arg(long)]
    pub show_refused: bool,
    /// Say yes where Aliyun asks whether to record.
    #[arg(long, help_heading = "Aliyun")]
    pub need_record: bool,
}

// What to play at whom.
#[derive(Debug, Args)]
pub struct SendCallbacks {
    /// stream-begin, stream-end, record, snapshot, audit, …; several with commas; all.
    #[arg(long, value_name = "EVENT", value_delimiter = ',', required = true)]
    pub event: Vec<String>,
    /// Whom to send it to: http:// or https://.
    #[arg(long)]
    pub url: String,
    /// What signs it: @FILE, - for stdin or a hidden question; left out, it is not signed.
    #[arg(long, conflicts_with = "key_of")]
    pub key: Option<String>,
    /// Take the key of this domain's callbacks from the account.
    #[arg(long, value_name = "DOMAIN")]
    pub key_of: Option<String>,
    /// The domain that it tells of.
    #[arg(long, default_value = "push.example.com")]
    pub domain: String,
    /// The app that it tells of.
    #[arg(long, default_value = "live")]
    pub app: String,
    /// The stream that it tells of.
    #[arg(long, default_value = "stream1")]
    pub stream: String,
    /// When it happened.
    #[arg(long, value_name = "TIME", default_value = "now")]
    pub at: String,
    /// Until when it is to be believed; a past time tests that you refuse it.
    #[arg(long, value_name = "TIME", default_value = "+10m")]
    pub expires: String,
    /// When it says that it was sent.
    #[arg(long, value_name = "TIME", default_value = "now", help_heading = "Aliyun")]
    pub sent: String,
    /// The host that is signed instead of that of --url, or of the push domain.
    #[arg(long, help_heading = "Aliyun")]
    pub host: Option<String>,
    /// Set a field that is not signed: NAME=TEXT, or NAME:=JSON.
    #[arg(long, value_name = "FIELD")]
    pub set: Vec<String>,
    /// A body of your own instead of the usual one, --set and the signature added: JSON, @FILE, or - for stdin.
    #[arg(long)]
    pub body: Option<String>,
    /// Wait and try again as the vendor does: up to 12 minutes, screenshots of Tencent 10.
    #[arg(long)]
    pub vendor_retries: bool,
    /// So many times faster than the vendor.
    #[arg(long, value_name = "N", default_value = "1", requires = "vendor_retries", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub speed: u32,
}

// What to verify.
#[derive(Debug, Args)]
pub struct VerifyCallbacks {
    /// An address with its query, a JSON or form body, stored requests, @FILE, or - for stdin; stdin where it is left out.
    pub input: Option<String>,
    #[command(flatten)]
    pub keys: CallbackKeys,
    /// A header that came with it: `NAME: VALUE`.
    #[arg(long, value_name = "HEADER")]
    pub header: Vec<String>,
    /// Hold also its time against this one; `now` for a callback that has just come. Otherwise the signature alone counts.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
}
