//! `livectl record …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::{Creation, NewPlace, PlaceInSpace, Removal, Target, TargetInSpace};

/// The verbs of `record`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum RecordCommand {
    /// List recordings, of one domain or of all.
    #[command(after_help = "Example:\n  livectl record list --domain push.example.com")]
    List(PlaceInSpace),
    /// Show one recording.
    #[command(after_help = "Example:\n  livectl record show push.example.com/live/")]
    Show(TargetInSpace),
    /// Record the streams of a domain and app, or one stream, into files.
    #[command(
        alias = "create",
        after_help = "Examples:\n  livectl record add push.example.com/live --format mp4 --segment 30m \\\n    \
            --storage vod:// --vendor tencent\n  \
            livectl record add play.example.com/live --format hls,mp4 --segment 30m \\\n    \
            --storage 'oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com' \\\n    --vendor aliyun\n  \
            livectl record add push.example.com/live --format mp4 --segment 30m \\\n    \
            --storage tos://bucket/rec --vendor volcengine\n\n\
            Which domain: Tencent wants the push domain, Aliyun the playback domain, Volcengine any domain of the vhost.\n\
            On Tencent this is a recording template and a rule, on Aliyun a record config, on Volcengine a record preset."
    )]
    Add(RecordContent),
    /// Change a recording; what is not named stays.
    #[command(alias = "set", after_help = "Example:\n  livectl record update push.example.com/live/ --segment 1h")]
    Update(RecordChange),
    /// Remove a recording. Asks first.
    #[command(after_help = "Example:\n  livectl record delete push.example.com/live/ --yes")]
    Delete {
        #[command(flatten)]
        target: TargetInSpace,
        #[command(flatten)]
        removal: Removal,
    },
}

// What a recording is like.
#[derive(Debug, Args)]
pub struct RecordSettings {
    /// What it is written as: flv, hls, mp4, aac, mp3; several with commas.
    #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
    pub format: Vec<String>,
    /// Length of one file: 30m, 1h.
    #[arg(long, value_name = "TIME")]
    pub segment: Option<String>,
    /// Where the files go, a bucket or library: vod://, cos://BUCKET/PATH?region=, oss://BUCKET/PREFIX?endpoint=, tos://BUCKET/DIR.
    #[arg(long, alias = "bucket", value_name = "URI")]
    pub storage: Option<String>,
}

// A recording to be added.
#[derive(Debug, Args)]
pub struct RecordContent {
    #[command(flatten)]
    pub place: NewPlace,
    #[command(flatten)]
    pub settings: RecordSettings,
    /// An existing template to bind, instead of making one.
    #[arg(long, value_name = "ID", help_heading = "Tencent")]
    pub template: Option<String>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
    #[command(flatten)]
    pub creation: Creation,
}

// A recording to be changed.
#[derive(Debug, Args)]
pub struct RecordChange {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub settings: RecordSettings,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
    /// Change the template although other rules use it. Asks first.
    #[arg(long, help_heading = "Tencent")]
    pub shared: bool,
}
