//! `livectl domain config …`

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, Subcommand};

use crate::cli::{Given, Removal};

/// The verbs of `domain config`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum DomainConfigCommand {
    /// Show the functions that are set for a domain, or for all domains (Aliyun).
    #[command(after_help = "Examples:\n  livectl domain config show --domain play.example.com\n  \
            livectl domain config show --domain play.example.com url-auth")]
    Show(DomainConfigPlace),
    /// Set a function of a domain (Aliyun). Arguments that are not named stay as they are.
    #[command(
        alias = "update",
        after_help = "Examples:\n  \
            livectl domain config set --domain play.example.com url-auth \\\n    auth_type=type_a auth_key1=@key.txt\n  \
            livectl domain config set --domain play.example.com hotlink \\\n    refer_domain_allow_list=www.example.com\n\n\
            A wrong FUNCTION or argument is answered with those that there are. Functions have the vendor's name or \
            ours: aliauth is url-auth, referer_white_list_set is hotlink."
    )]
    Set(DomainConfigSetting),
    /// Delete functions of a domain, with all their arguments (Aliyun). Asks first.
    #[command(after_help = "Example:\n  livectl domain config delete --domain play.example.com hotlink --yes")]
    Delete(DomainConfigRemoval),
}

// Which functions.
#[derive(Debug, Args)]
pub struct DomainConfigPlace {
    /// The domain; every domain where none is named.
    #[arg(long)]
    pub domain: Option<String>,
    /// The function; several with commas; all where none is named.
    #[arg(value_name = "FUNCTION")]
    pub function: Option<String>,
    #[command(flatten)]
    pub further: Given,
}

// A function and its arguments.
#[derive(Debug, Args)]
pub struct DomainConfigSetting {
    /// The domain.
    #[arg(long)]
    pub domain: Option<String>,
    /// The function.
    #[arg(value_name = "FUNCTION")]
    pub function: Option<String>,
    /// Its arguments; @FILE and - stand for a key's value.
    #[arg(value_name = "NAME=VALUE")]
    pub arguments: Vec<String>,
    /// Which config to replace, of a function that a domain may have several times; a new one otherwise.
    #[arg(long, value_name = "ID")]
    pub config_id: Option<u64>,
    #[command(flatten)]
    pub further: Given,
}

// Functions to be deleted.
#[derive(Debug, Args)]
pub struct DomainConfigRemoval {
    /// The domain; several with commas.
    #[arg(long)]
    pub domain: Option<String>,
    /// The function; several with commas.
    #[arg(value_name = "FUNCTION")]
    pub function: Option<String>,
    #[command(flatten)]
    pub removal: Removal,
    #[command(flatten)]
    pub further: Given,
}
