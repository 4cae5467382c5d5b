//! The sub-noun `domain config`: functions of a domain with their arguments.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::verb::verbs;
use crate::model::{Columns, Vendor};

verbs! {
    /// The verbs of `domain config`.
    DomainConfigVerb { Show = "show", Set = "set", Delete = "delete" }
}

/// What the user asked of `domain config`, whichever verb. `Debug` is left out: arguments may hold keys.
#[derive(Clone, Default, PartialEq)]
pub struct DomainConfigArgs {
    /// `--domain`.
    pub domain: Option<String>,
    /// `FUNCTION`, for `show` and `delete` several.
    pub functions: Vec<String>,
    /// `NAME=VALUE`, each apart.
    pub arguments: Vec<(String, String)>,
    /// What stands where `NAME=VALUE` should, and is none.
    pub odd: Vec<String>,
    /// `--config-id`: which of several records.
    pub id: Option<u64>,
}

/// One function of a domain.
#[derive(Clone, PartialEq, Serialize)]
pub struct DomainConfigRow {
    /// Whose account.
    pub vendor: Vendor,
    /// The profile. Filled in by the command.
    pub profile: Option<String>,
    /// The domain.
    pub domain: Option<String>,
    /// The vendor's name of the function.
    pub function: String,
    /// The vendor's id of the config.
    pub id: Option<String>,
    /// The vendor's word for how far it is in force.
    pub status: Option<String>,
    /// Its arguments.
    pub arguments: Map<String, Value>,
}

impl DomainConfigRow {
    /// The promised columns.
    pub const COLUMNS: Columns = &["vendor", "profile", "domain", "function", "id", "status", "arguments"];
}
