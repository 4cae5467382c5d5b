//! `livectl stats bandwidth`, `traffic`, `online` and `faults`.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use std::path::PathBuf;

use clap::{Args, Subcommand};

const EXAMPLES: &str = "Examples:\n  livectl stats bandwidth --domain play.example.com --since -24h\n  \
    livectl stats bandwidth --since -7d --summary --all-profiles\n  \
    livectl stats traffic --domain a.example.com,b.example.com --sum --plot\n  \
    livectl stats bandwidth --since -7d --all-profiles --plot-file week.svg\n\n\
    One row a point: vendor, profile, domain, time, metric, value, unit. Times are UTC and tell where a point begins.\n\n\
    --summary: one row a series, with its peak, average and percentile, and of traffic the total. The percentile is as it \
    is billed: of n points the highest 5 % are dropped, which is n × 5 / 100 rounded down, and the highest that is left \
    counts. Bills are made from points of five minutes, --interval 5m.\n\n\
    --plot-file: one picture with all series, for a report or a ticket; what was in the file is replaced, and no rows are \
    printed. Where some of several accounts failed it has the others, says so, and the command ends with 9.";

const FAULTS: &str = "Examples:\n  livectl stats faults --domain push.example.com --since -1h\n  \
    livectl stats faults --since -7d --all-profiles -o csv\n\n\
    One row a push: vendor, profile, domain, app, stream, time, reason, count. The reason is in the vendor's words.\n\n\
    Tencent: pushes that ended, but those that the pusher ended itself. Volcengine: every push that ended, since nothing \
    tells which of its reasons are the pusher's. Aliyun: counts a minute by status, without names, of the domains that \
    --domain names; they come three to five minutes late.";

/// The verbs of `stats` that are the same on every vendor.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum StatsCommand {
    /// Bandwidth that was played, in bit/s.
    #[command(after_help = EXAMPLES)]
    Bandwidth(StatsQuery),
    /// Traffic that was played, in bytes.
    #[command(after_help = EXAMPLES)]
    Traffic(StatsQuery),
    /// How many watched.
    #[command(after_help = EXAMPLES)]
    Online(StatsQuery),
    /// Pushes that failed or broke off, and why.
    #[command(after_help = FAULTS)]
    Faults(FaultsQuery),
}

// Of what, and how it is shown.
#[derive(Debug, Args)]
pub struct StatsQuery {
    /// Play domains, several with commas, each with rows of its own; left out, all of the account together.
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',')]
    pub domain: Vec<String>,
    /// From when on.
    #[arg(long, value_name = "TIME", default_value = "-24h", allow_hyphen_values = true)]
    pub since: String,
    /// Until when.
    #[arg(long, value_name = "TIME", default_value = "now", allow_hyphen_values = true)]
    pub until: String,
    /// The width of a point: 5m or 1h.
    #[arg(long, value_name = "TIME", default_value = "5m")]
    pub interval: String,
    /// Add up all domains, accounts and vendors at each time.
    #[arg(long)]
    pub sum: bool,
    /// One row a series: peak, average, percentile, total.
    #[arg(long)]
    pub summary: bool,
    /// The percentile of --summary, --plot and --plot-file.
    #[arg(long, value_name = "N", default_value = "95", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub percentile: u8,
    /// A chart in the terminal instead of rows.
    #[arg(long, conflicts_with = "summary")]
    pub plot: bool,
    /// The chart as a picture in a file that ends in .svg (- for stdout), instead of rows.
    #[arg(long, value_name = "FILE", conflicts_with = "summary")]
    pub plot_file: Option<PathBuf>,
}

// Of what.
#[derive(Debug, Args)]
pub struct FaultsQuery {
    /// Push domains, several with commas; left out, all of the account.
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',')]
    pub domain: Vec<String>,
    /// From when on.
    #[arg(long, value_name = "TIME", default_value = "-24h", allow_hyphen_values = true)]
    pub since: String,
    /// Until when.
    #[arg(long, value_name = "TIME", default_value = "now", allow_hyphen_values = true)]
    pub until: String,
}
