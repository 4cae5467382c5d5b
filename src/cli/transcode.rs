//! `livectl transcode …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::{Creation, NewPlace, PlaceInSpace, Removal, Target, TargetInSpace};

/// The verbs of `transcode`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum TranscodeCommand {
    /// List renditions, of one domain or of all.
    #[command(after_help = "Example:\n  livectl transcode list --domain play.example.com")]
    List(PlaceInSpace),
    /// Show one rendition.
    #[command(after_help = "Example:\n  livectl transcode show play.example.com/live/#hd720")]
    Show(TargetInSpace),
    /// Add a rendition, such as 720p, to the streams of a domain and app.
    #[command(
        alias = "create",
        after_help = "Example:\n  livectl transcode add play.example.com/live --name hd720 \\\n    \
            --codec h264 --width 1280 --height 720 --fps 25 --video-kbps 1500\n\n\
            Which domain: Tencent and Aliyun want the playback domain, Volcengine any domain of the vhost.\n\
            On Tencent this is a transcoding template and a rule, on Aliyun a custom template, on Volcengine a transcode preset."
    )]
    Add(TranscodeContent),
    /// Change a rendition; what is not named stays.
    #[command(
        alias = "set",
        after_help = "Example:\n  livectl transcode update 'play.example.com/live/#hd720' --video-kbps 2000"
    )]
    Update(TranscodeChange),
    /// Remove a rendition. Asks first.
    #[command(after_help = "Example:\n  livectl transcode delete play.example.com/live/#hd720 --yes")]
    Delete {
        #[command(flatten)]
        target: TargetInSpace,
        #[command(flatten)]
        removal: Removal,
    },
}

// What a rendition is like.
#[derive(Debug, Args)]
pub struct TranscodeSettings {
    /// Name of the template or preset; players find the rendition by it.
    #[arg(long)]
    pub name: Option<String>,
    /// Video codec: h264, h265, …
    #[arg(long)]
    pub codec: Option<String>,
    /// Pixels; left out, it follows the height.
    #[arg(long, value_name = "PIXELS")]
    pub width: Option<String>,
    /// Pixels; left out, it follows the width.
    #[arg(long, value_name = "PIXELS")]
    pub height: Option<String>,
    /// Frames a second.
    #[arg(long, value_name = "NUMBER")]
    pub fps: Option<String>,
    /// Video bit rate in kilobits a second.
    #[arg(long, value_name = "KBPS")]
    pub video_kbps: Option<String>,
    /// Audio bit rate in kilobits a second.
    #[arg(long, value_name = "KBPS")]
    pub audio_kbps: Option<String>,
}

// A rendition to be added.
#[derive(Debug, Args)]
pub struct TranscodeContent {
    #[command(flatten)]
    pub place: NewPlace,
    #[command(flatten)]
    pub settings: TranscodeSettings,
    /// An existing template to bind, instead of making one.
    #[arg(long, value_name = "ID", help_heading = "Tencent")]
    pub template: Option<String>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
    #[command(flatten)]
    pub creation: Creation,
}

// A rendition to be changed.
#[derive(Debug, Args)]
pub struct TranscodeChange {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub settings: TranscodeSettings,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
    /// Change the template although other rules use it. Asks first.
    #[arg(long, help_heading = "Tencent")]
    pub shared: bool,
}
