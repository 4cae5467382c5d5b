//! Which thing a command means.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::Args;

// Where things are.
#[derive(Debug, Clone, Default, Args)]
pub struct Place {
    /// The domain.
    #[arg(long)]
    pub domain: Option<String>,
    /// The app.
    #[arg(long)]
    pub app: Option<String>,
    /// The stream.
    #[arg(long)]
    pub stream: Option<String>,
}

// One thing, by id or by where it is.
#[derive(Debug, Clone, Default, Args)]
pub struct Target {
    /// The vendor's id, or domain/app/stream[#template].
    pub id: Option<String>,
    #[command(flatten)]
    pub place: Place,
}

// Where something new shall be.
#[derive(Debug, Clone, Default, Args)]
pub struct NewPlace {
    /// Where: domain/app or domain/app/stream, instead of --domain, --app and --stream.
    #[arg(value_name = "PLACE")]
    pub at: Option<String>,
    #[command(flatten)]
    pub place: Place,
}

// Where things are whose domain belongs to a space of domains at one vendor.
#[derive(Debug, Args)]
pub struct PlaceInSpace {
    #[command(flatten)]
    pub place: Place,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
}

// One such thing.
#[derive(Debug, Args)]
pub struct TargetInSpace {
    #[command(flatten)]
    pub target: Target,
    /// The domain space, instead of looking it up from --domain.
    #[arg(long, help_heading = "Volcengine")]
    pub vhost: Option<String>,
}
