//! `livectl cert …`

use crate::cli::{CertCommand, CertTarget, Given};
use crate::commands::faults::Faults;
use crate::commands::portable::Portable;
use crate::error::Result;
use crate::model::{CertArgs, CertRow, CertVerb};
use crate::providers::Provider;

/// Reads `livectl cert …`.
///
/// # Errors
/// Wrong values.
pub(super) fn verb(command: CertCommand) -> Result<Portable> {
    let portable = match command {
        CertCommand::List(filter) => {
            prepare(CertVerb::List, CertArgs { domain: filter.domain, ..CertArgs::default() }, filter.further)
        }
        CertCommand::Show(target) => show(target)?,
    };
    Ok(portable)
}

fn prepare(verb: CertVerb, args: CertArgs, further: Given) -> Portable {
    let id = args.id.clone().unwrap_or_default();
    let portable = Portable::new("cert", (verb, verb.name()), CertRow::COLUMNS, args, Provider::cert);
    Portable { id, further, ..portable }
}

fn show(target: CertTarget) -> Result<Portable> {
    let mut further = target.further;
    let mut faults = Faults::default();
    let id = further.in_place("cert show", "ID", target.id);
    if id.is_none() {
        faults.add("ID", None, "required: the id of the certificate, or its name where the vendor has no id for it");
    }
    faults.finish("showing a certificate")?;
    Ok(prepare(CertVerb::Show, CertArgs { id, ..CertArgs::default() }, further))
}
