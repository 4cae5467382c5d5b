//! `livectl metrics`.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::Args;

const EXAMPLES: &str = "Examples:\n  livectl metrics --all-profiles > /var/lib/node_exporter/livectl.prom\n  \
    livectl metrics --domain play.example.com --profile prod\n\n\
    livectl_streams_online, livectl_bandwidth_bytes_per_second, livectl_viewers, livectl_push_faults (see \
    `livectl stats faults`), livectl_certificate_expiry_timestamp_seconds; livectl_collector_success is 0 for what could not be read: the rest is \
    printed all the same, and the exit status is 9.";

// What is measured.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct MetricsQuery {
    /// Play domains whose bandwidth and viewers are told apart, several with commas; left out, all together.
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',')]
    pub domain: Vec<String>,
    /// Push domains whose faults are told apart, several with commas; left out, those of the account.
    #[arg(long, value_name = "DOMAIN", value_delimiter = ',')]
    pub push_domain: Vec<String>,
    /// streams, bandwidth, viewers, push-faults, certificates; several with commas [default: all]
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub collect: Vec<String>,
}
