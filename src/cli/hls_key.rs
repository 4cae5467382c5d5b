//! `livectl hls-key …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::{Given, Removal};

/// The verbs of `hls-key`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum HlsKeyCommand {
    /// Show how HLS is encrypted.
    #[command(after_help = "Example:\n  livectl hls-key show --vendor volcengine")]
    Show(KeyPlace),
    /// Encrypt the HLS of a template (Tencent, Aliyun) or of a domain and app (Volcengine).
    #[command(after_help = "Examples:\n  livectl hls-key enable --vendor tencent --template 1001\n  \
            livectl hls-key enable --vendor aliyun --domain play.example.com --app live \\\n    --template hd720 --kms-key-id KEY --cycle 1h\n  \
            livectl hls-key enable --vendor volcengine \\\n    --domain play.example.com --app live")]
    Enable(KeySettings),
    /// Stop encrypting. Asks first.
    #[command(after_help = "Example:\n  livectl hls-key disable --vendor tencent --template 1001 --yes")]
    Disable {
        #[command(flatten)]
        key: KeyPlace,
        #[command(flatten)]
        removal: Removal,
    },
    /// Set the key service and the period of keys: account-wide on Volcengine, a template's on Aliyun. Asks first.
    #[command(
        alias = "update",
        after_help = "Example:\n  livectl hls-key set --vendor volcengine \\\n    --key-url 'https://kms.example.com/get_key?' \\\n    --cycle 1h --yes"
    )]
    Set(KeySettings),
    /// As `set`, for CI: read, compare, ask, set, read back, compare; exit 0 and `changed: false` when nothing differs.
    ///
    /// No vendor lets a new key be forced: this changes the period of keys and the address of the key service.
    #[command(after_help = "Examples:\n  livectl hls-key rotate --vendor volcengine --cycle 10m --yes -o json\n  \
            livectl hls-key rotate --vendor volcengine --cycle 10m --yes --wait \\\n    \
            --check https://play.example.com/live/s1.m3u8")]
    Rotate(RotatedKey),
    /// Tell whether a stream is really encrypted, with which key, and how often that changes, as a player sees it.
    ///
    /// Fetches the playlist and up to eight of its keys, and decrypts the beginning of the first and of the last
    /// segment under each. Exit 10 where it is not encrypted as the playlist says. Needs no account, but with
    /// --from-vendor.
    #[command(after_help = "Example:\n  livectl hls-key check https://play.example.com/live/s1.m3u8\n\n\
            Verdicts: encrypted; clear, wrong-key, not-encrypted, partly-encrypted, other-method, unknown.")]
    Check(CheckedStream),
    /// Print one key by its id (Volcengine).
    #[command(after_help = "Example:\n  livectl hls-key get --vendor volcengine 08e765a4da --format text")]
    Get(GetKey),
}

// Which setting.
#[derive(Debug, Args)]
pub struct KeyTarget {
    /// Aliyun: the playback domain; Volcengine: a domain of the vhost.
    #[arg(long)]
    pub domain: Option<String>,
    /// The app.
    #[arg(long)]
    pub app: Option<String>,
    /// The transcode template: Tencent's id, Aliyun's name.
    #[arg(long)]
    pub template: Option<String>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
}

// Which setting, and what the vendor takes beside.
#[derive(Debug, Args)]
pub struct KeyPlace {
    #[command(flatten)]
    pub target: KeyTarget,
    #[command(flatten)]
    pub further: Given,
}

// Which setting, and its values.
#[derive(Debug, Args)]
pub struct KeySettings {
    #[command(flatten)]
    pub target: KeyTarget,
    /// Time between two keys: 10m, 1h, 600.
    #[arg(long, value_name = "TIME")]
    pub cycle: Option<String>,
    /// Address of the key service.
    #[arg(long, value_name = "URL", help_heading = "Volcengine")]
    pub key_url: Option<String>,
    /// The KMS master key.
    #[arg(long, value_name = "ID", help_heading = "Aliyun")]
    pub kms_key_id: Option<String>,
    /// What is encrypted: AUDIO, SD, HD, UHD1 or UHD2, joined by a bar.
    #[arg(long, value_name = "TRACKS", help_heading = "Tencent")]
    pub tracks: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

// A rotation, proved from outside.
#[derive(Debug, Args)]
pub struct RotatedKey {
    #[command(flatten)]
    pub settings: KeySettings,
    /// A playlist that must show the change: encrypted, by the new key service; waiting, until it does.
    #[arg(long, value_name = "URL")]
    pub check: Option<String>,
}

// A stream to be checked.
#[derive(Debug, Args)]
pub struct CheckedStream {
    /// The playlist, master or media: https://play.example.com/live/s1.m3u8.
    pub url: String,
    /// The key, instead of fetching it: @FILE, - for stdin; 32 hex digits, Base64 or 16 characters.
    #[arg(long)]
    pub key: Option<String>,
    /// Ask the vendor for the key that the playlist names, as `hls-key get` does, instead of the key service.
    #[arg(long, conflicts_with = "key", help_heading = "Volcengine")]
    pub from_vendor: bool,
}

// A key to be printed.
#[derive(Debug, Args)]
pub struct GetKey {
    /// The id that the playlist names.
    #[arg(value_name = "KEY_ID")]
    pub key_id: Option<String>,
    /// text (as the vendor sent it), hex, base64 or raw (the 16 bytes; never to a terminal).
    #[arg(long, default_value = "text")]
    pub format: String,
    /// Write to a new file, readable by its owner only, instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub further: Given,
}
