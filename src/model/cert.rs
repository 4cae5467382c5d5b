//! The noun `cert`: certificates for playback over TLS.

use serde::Serialize;

use crate::model::verb::verbs;
use crate::model::{Columns, Vendor};

verbs! {
    /// The verbs of `cert`.
    CertVerb { List = "list", Show = "show" }
}

/// What the user asked of `cert`, whichever verb.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CertArgs {
    /// The vendor's id of a certificate; on Aliyun its name.
    pub id: Option<String>,
    /// `--domain`: only those of this domain.
    pub domain: Option<String>,
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CertRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// The vendor's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The domains it is for.
    pub domains: Option<Vec<String>>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// When it ends. RFC 3339, UTC.
    pub not_after: Option<String>,
}

impl CertRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &["vendor", "profile", "id", "name", "domains", "issuer", "not_after"];
}
