//! `livectl cert …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::Given;

/// The verbs of `cert`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum CertCommand {
    /// List certificates.
    #[command(after_help = "Example:\n  livectl cert list --domain play.example.com")]
    List(CertFilter),
    /// Show one certificate; its private part stays masked.
    #[command(after_help = "Example:\n  livectl cert show 1001")]
    Show(CertTarget),
}

// Which certificates a list keeps.
#[derive(Debug, Args)]
pub struct CertFilter {
    /// Only those of this domain.
    #[arg(long)]
    pub domain: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

// One certificate.
#[derive(Debug, Args)]
pub struct CertTarget {
    /// The vendor's id; on Aliyun the name.
    pub id: Option<String>,
    #[command(flatten)]
    pub further: Given,
}
