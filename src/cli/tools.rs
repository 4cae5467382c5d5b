//! `livectl api`, `config` and `sandbox`, and options that several nouns share.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::model::Vendor;

// What a creating command tolerates.
#[derive(Debug, Args)]
pub struct Creation {
    /// Existing already is success, with `changed: false`.
    #[arg(long)]
    pub if_not_exists: bool,
}

// What a deleting command tolerates.
#[derive(Debug, Args)]
pub struct Removal {
    /// Not being there is success, with `changed: false`.
    #[arg(long)]
    pub if_exists: bool,
}

/// `livectl api …`
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ApiCommand {
    /// List every Action known.
    #[command(
        after_help = "Examples:\n  livectl api list --vendor aliyun\n  livectl api list -o json --jq '.[].action'"
    )]
    List {
        /// Only this group of the reference.
        #[arg(long)]
        group: Option<String>,
    },
    /// Tell all about one Action.
    #[command(after_help = "Example:\n  livectl api describe volcengine UpdateEncryptHLS")]
    Describe {
        /// The vendor.
        #[arg(id = "of", value_name = "VENDOR")]
        vendor: Vendor,
        /// The Action's own name.
        action: String,
    },
    /// Call an Action of Tencent Cloud.
    #[command(
        alias = "qcloud",
        after_help = "Example:\n  livectl api tencent DescribeLiveDomains DomainType=push PageSize=100"
    )]
    Tencent(ApiCall),
    /// Call an Action of Alibaba Cloud.
    #[command(
        visible_aliases = ["alibaba", "alicloud"],
        after_help = "Example:\n  livectl api aliyun DescribeLiveUserDomains --paginate"
    )]
    Aliyun(ApiCall),
    /// Call an Action of Volcengine.
    #[command(
        alias = "volc",
        after_help = "Example:\n  livectl api volcengine UpdateEncryptHLS \\\n    URL='https://kms.example.com/get_key?' CycleTime=3600"
    )]
    Volcengine(ApiCall),
}

impl ApiCommand {
    /// The command that calls an Action of a vendor.
    pub(super) fn of(vendor: Vendor, call: ApiCall) -> Self {
        match vendor {
            Vendor::Tencent => ApiCommand::Tencent(call),
            Vendor::Aliyun => ApiCommand::Aliyun(call),
            Vendor::Volcengine => ApiCommand::Volcengine(call),
        }
    }
}

// One call by its own name.
#[derive(Debug, Clone, Args)]
pub struct ApiCall {
    /// The Action's own name.
    pub action: String,
    /// Key=value, typed by the facts, or Key:=json.
    #[arg(value_name = "KEY=VALUE")]
    pub items: Vec<String>,
    /// A JSON object of parameters from a file, or `-` for stdin; items of the command line win.
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Send also an Action that no fact sheet knows, as it is.
    #[arg(long)]
    pub force: bool,
    /// Every page, one body a line.
    #[arg(long)]
    pub paginate: bool,
}

/// `livectl config …`
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ConfigCommand {
    /// List the profiles.
    #[command(after_help = "Example:\n  livectl config list -o json --jq '.[].name'")]
    List,
    /// Show a profile, or with --effective where every value in force comes from. Secrets are masked.
    #[command(after_help = "Examples:\n  livectl config show prod\n  livectl config show --effective --vendor tencent")]
    Show {
        /// The profile; the one in force otherwise.
        name: Option<String>,
        /// The values in force and the source of each.
        #[arg(long)]
        effective: bool,
    },
    /// Set up a profile: asks what it needs, tries it with one read, and writes it.
    #[command(after_help = "Examples:\n  livectl config init\n  livectl config init prod --vendor tencent\n\n\
        It offers what it finds of the official tools (their variables and files) and asks for the rest; secrets are not shown \
        as they are typed. The keys are tried with one call that changes nothing before they are written, with mode 0600. \
        `--endpoint`, `--region` and `--ca-bundle` become part of the profile. Without a terminal nothing is asked: \
        `livectl config set` writes a profile without questions.")]
    Init {
        /// The name of the new profile; asked for otherwise.
        name: Option<String>,
    },
    /// Try profiles with one call that changes nothing.
    #[command(after_help = "Examples:\n  livectl config test prod\n  livectl config test --all-profiles -o json\n\n\
        Lists the first domain of the account: that needs credentials which are accepted, and the right to read. A role is \
        assumed first. `livectl doctor` looks at clock, names and network too.")]
    Test {
        /// The profile; the one in force otherwise.
        name: Option<String>,
    },
    /// Set values of a profile; a new one is made.
    #[command(
        alias = "update",
        after_help = "Example:\n  livectl config set prod vendor=tencent access_key_id=AKID… \\\n    access_key_secret=@secret.txt\n\n\
            A secret is best given as @FILE or - (stdin, or asked for): an argument stands in the shell's history.\n\
            `KEY=` removes a key.\n\n\
            Keys: vendor, access_key_id, access_key_secret, session_token, keyring, credential_process, env_prefix, \
            role_arn, role_session_name, role_duration, role_policy, external_id, source_profile, oidc_provider, \
            oidc_token_file, sts_endpoint, region, endpoint, signature, ca_bundle, trust, read_only, rules.allow, rules.confirm, rules.deny\n\n\
            A role is assumed with the keys of the profile, with those of `source_profile`, or by the token of an identity \
            provider in `oidc_token_file`; its temporary credentials are kept in memory and renewed before they expire.\n\n\
            A rule is a pattern with `*`: `domain delete`, `domain *`, `tencent:DeleteLiveDomain`, `*:Delete*`; several with \
            commas. What fits `deny` is refused, what fits `confirm` asks first, and with `allow` nothing else may change \
            anything."
    )]
    Set {
        /// The profile.
        name: String,
        /// KEY=VALUE; @FILE and - read the value from a file or from stdin; @@ begins a literal @.
        #[arg(required = true, value_name = "KEY=VALUE")]
        values: Vec<String>,
    },
    /// Take over an official tool's configuration as a profile; its own files stay as they are.
    #[command(after_help = "Example:\n  livectl config import --from aliyun prod-aliyun")]
    Import {
        /// tccli, aliyun or ve; a vendor's name does as well.
        #[arg(long, value_name = "TOOL")]
        from: String,
        /// The name of the new profile.
        name: String,
    },
    /// Make a profile the default.
    #[command(after_help = "Example:\n  livectl config use prod")]
    Use {
        /// The profile.
        name: String,
    },
    /// Remove a profile. Asks first.
    #[command(after_help = "Example:\n  livectl config remove prod --yes")]
    Remove {
        /// The profile.
        name: String,
    },
}

/// `livectl sandbox …`
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum SandboxCommand {
    /// Run the sandbox in the foreground, for other clients; prints its key pair.
    #[command(after_help = "Example:\n  livectl sandbox serve --listen 127.0.0.1:8700")]
    Serve {
        /// A loopback address and port; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
        listen: SocketAddr,
    },
    /// Forget the sandbox's state: of one profile or vendor account, or all of it.
    #[command(after_help = "Examples:\n  livectl sandbox reset\n  livectl sandbox reset --profile prod")]
    Reset,
    /// Make a stream live in the sandbox, as if somebody pushed it.
    #[command(after_help = "Examples:\n  livectl sandbox publish push.example.com/live/room1 --vendor tencent\n  \
            livectl sandbox publish push.example.com/live/frozen1 --vendor tencent\n\n\
            `livectl stream top` tells its rates, which are made up: 25 frames a second, or none where its name contains \
            `frozen`.")]
    Publish {
        /// The stream: domain/app/stream.
        #[arg(value_name = "STREAM")]
        stream: String,
    },
    /// End a push that `sandbox publish` began.
    #[command(after_help = "Example:\n  livectl sandbox unpublish push.example.com/live/room1 --vendor tencent")]
    Unpublish {
        /// The stream: domain/app/stream.
        #[arg(value_name = "STREAM")]
        stream: String,
        /// As if its connection broke: `stats faults` tells of it.
        #[arg(long)]
        lost: bool,
    },
}
