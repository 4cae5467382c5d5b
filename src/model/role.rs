//! A role that is assumed: temporary credentials in place of a key pair that stays.

use std::fmt;
use std::path::PathBuf;

use crate::model::Credentials;

/// A role of an account, and by what right it is assumed.
#[derive(Clone, PartialEq, Eq)]
pub struct Role {
    /// The vendor's name of it: Tencent `qcs::cam::uin/1:roleName/r`, Aliyun `acs:ram::1:role/r`, Volcengine
    /// `trn:iam::1:role/r`.
    pub name: String,
    /// What the vendor's audit log calls the session.
    pub session_name: String,
    /// The word that the owner of the role agreed on with whoever assumes it.
    pub external_id: Option<String>,
    /// A policy in JSON that leaves the session fewer rights than the role has.
    pub policy: Option<String>,
    /// How long the credentials shall live, in seconds; `None`: as long as the vendor thinks fit.
    pub duration: Option<u32>,
    /// Another address of the vendor's security token service, a URL.
    pub sts_endpoint: Option<String>,
    /// By what right.
    pub proof: Proof,
}

/// By what right a role is assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// A key pair signs.
    Keys(Credentials),
    /// The temporary keys of another role sign.
    Role(Box<Role>),
    /// A token of an identity provider, which stands in a file and may be replaced there at any time. Nothing signs.
    Token {
        /// The vendor's name of the identity provider: Tencent `ProviderId`, Aliyun `OIDCProviderArn`; Volcengine has
        /// none.
        provider: Option<String>,
        /// The file.
        file: PathBuf,
    },
}

impl Role {
    /// The word for people: `role`, or `oidc` where a token proves the right.
    pub fn kind(&self) -> &'static str {
        match self.proof {
            Proof::Token { .. } => "oidc",
            Proof::Keys(_) | Proof::Role(_) => "role",
        }
    }

    /// The key pair at the beginning of the chain, where there is one.
    pub fn keys(&self) -> Option<&Credentials> {
        match &self.proof {
            Proof::Keys(credentials) => Some(credentials),
            Proof::Role(role) => role.keys(),
            Proof::Token { .. } => None,
        }
    }
}

impl fmt::Debug for Role {
    /// The name only: an external id is nobody's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Role").field("name", &self.name).field("kind", &self.kind()).finish_non_exhaustive()
    }
}
