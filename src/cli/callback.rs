//! `livectl callback …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::decode::{DECODE_EXAMPLES, DecodeCallback};
use crate::cli::deliveries::{LISTEN_HELP, ListenCallbacks, SEND_HELP, SendCallbacks, VERIFY_HELP, VerifyCallbacks};
use crate::cli::{Place, Removal, Target};

/// The verbs of `callback`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum CallbackCommand {
    /// Read a callback of any vendor into one event. Sends nothing.
    #[command(after_help = DECODE_EXAMPLES)]
    Decode(DecodeCallback),
    /// Receive callbacks, verify them, and print one event a line.
    #[command(after_help = LISTEN_HELP)]
    Listen(ListenCallbacks),
    /// Send a callback as a vendor would, correctly signed, to an address of yours.
    #[command(after_help = SEND_HELP)]
    Send(SendCallbacks),
    /// Verify callbacks that were stored. Sends nothing.
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyCallbacks),
    /// List who is told of what, one row an event.
    #[command(after_help = "Example:\n  livectl callback list --domain push.example.com")]
    List(CallbackScope),
    /// Show one event's callback.
    #[command(after_help = "Example:\n  livectl callback show 'push.example.com/live/#stream-end'")]
    Show {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        which: CallbackEvents,
    },
    /// Get told when a push begins or ends, a recording is there, and so on.
    #[command(
        aliases = ["update", "add", "create"],
        after_help = "Example:\n  livectl callback set --domain push.example.com --app live \\\n    \
            --event stream-begin,stream-end --url http://hooks.example.com/live \\\n    --key @key.txt\n\n\
            Which domain: Tencent wants the push domain, Aliyun the playback domain, Volcengine any domain of the vhost.\n\
            On Tencent this is a callback template and a rule, on Aliyun notify configs of a domain (without --app), \
            on Volcengine callbacks."
    )]
    Set(CallbackSetting),
    /// No longer be told; without --event of anything. Asks first.
    #[command(
        after_help = "Example:\n  livectl callback delete --domain push.example.com --app live \\\n    --event stream-end --yes"
    )]
    Delete {
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        which: CallbackEvents,
        #[command(flatten)]
        shared: SharedTemplate,
        #[command(flatten)]
        removal: Removal,
    },
}

// Which events.
#[derive(Debug, Args)]
pub struct CallbackEvents {
    /// stream-begin, stream-end, record, snapshot, audit, …; several with commas.
    #[arg(long, value_name = "EVENT", value_delimiter = ',')]
    pub event: Vec<String>,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
}

// What Tencent's shared templates need.
#[derive(Debug, Args)]
pub struct SharedTemplate {
    /// Change the template although other rules use it. Asks first.
    #[arg(long, help_heading = "Tencent")]
    pub shared: bool,
}

// Which callbacks a list keeps.
#[derive(Debug, Args)]
pub struct CallbackScope {
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub which: CallbackEvents,
}

// Whom to tell of what.
#[derive(Debug, Args)]
pub struct CallbackSetting {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub which: CallbackEvents,
    /// Whom to tell: http:// or https://, as the vendor allows.
    #[arg(long)]
    pub url: Option<String>,
    /// What signs the callbacks: @FILE, - for stdin or a hidden question, or the key itself.
    #[arg(long)]
    pub key: Option<String>,
    #[command(flatten)]
    pub shared: SharedTemplate,
}
