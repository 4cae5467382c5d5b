//! `livectl cert …`

use crate::cli::{CertCommand, CertTarget, Given};
use crate::commands::Ending;
use crate::commands::faults::Faults;
use crate::commands::portable::{self, Portable};
use crate::commands::session::Session;
use crate::error::Result;
use crate::model::{CertArgs, CertRow, CertVerb};
use crate::providers::Provider;

/// Carries out `livectl cert …`.
///
/// # Errors
/// Wrong values; the portable command's own.
pub(super) async fn run(session: &Session, command: CertCommand) -> Result<Ending> {
    let portable = match command {
        CertCommand::List(filter) => {
            prepare(CertVerb::List, CertArgs { domain: filter.domain, ..CertArgs::default() }, filter.further)
        }
        CertCommand::Show(target) => show(target)?,
    };
    portable::run(session, portable).await
}

type Verb = Portable<CertArgs, CertVerb>;

fn prepare(verb: CertVerb, args: CertArgs, further: Given) -> Verb {
    let id = args.id.clone().unwrap_or_default();
    let portable = Portable::new("cert", (verb, verb.name()), CertRow::COLUMNS, args, Provider::cert);
    Portable { id, further, ..portable }
}

fn show(target: CertTarget) -> Result<Verb> {
    let mut further = target.further;
    let mut faults = Faults::default();
    let id = further.in_place("cert show", "ID", target.id);
    if id.is_none() {
        faults.add("ID", None, "required: the id of the certificate, or its name where the vendor has no id for it");
    }
    faults.finish("showing a certificate")?;
    Ok(prepare(CertVerb::Show, CertArgs { id, ..CertArgs::default() }, further))
}
