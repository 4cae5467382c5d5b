//! `livectl domain config …`

use crate::cli::{DomainConfigCommand, DomainConfigSetting, Given};
use crate::commands::portable::{Portable, Tolerance};
use crate::commands::redact;
use crate::commands::secret;
use crate::commands::session::Session;
use crate::error::Result;
use crate::model::{DomainConfigArgs, DomainConfigRow, DomainConfigVerb};
use crate::providers::Provider;

/// Reads `livectl domain config …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(session: &Session, command: DomainConfigCommand) -> Result<Portable> {
    let portable = match command {
        DomainConfigCommand::Show(mut place) => {
            let function = place.further.in_place("domain config show", "FUNCTION", place.function);
            let args = DomainConfigArgs { domain: place.domain, functions: several(function), ..Default::default() };
            prepare(DomainConfigVerb::Show, args, place.further)
        }
        DomainConfigCommand::Set(setting) => set(session, setting)?,
        DomainConfigCommand::Delete(mut removal) => {
            let function = removal.further.in_place("domain config delete", "FUNCTION", removal.function);
            let args = DomainConfigArgs { domain: removal.domain, functions: several(function), ..Default::default() };
            let tolerant = Tolerance::missing(removal.removal.if_exists);
            Portable { tolerant, ..prepare(DomainConfigVerb::Delete, args, removal.further) }
        }
    };
    Ok(portable)
}

fn prepare(verb: DomainConfigVerb, args: DomainConfigArgs, further: Given) -> Portable {
    let (id, name) = (args.domain.clone().unwrap_or_default(), args.functions.join(","));
    let columns = DomainConfigRow::COLUMNS;
    let portable = Portable::new("domain config", (verb, verb.name()), columns, args, Provider::domain_config);
    Portable { id, name, lister: "show", further, ..portable }
}

/// The functions of a list with commas between.
fn several(functions: Option<String>) -> Vec<String> {
    let functions = functions.unwrap_or_default();
    functions.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn set(session: &Session, setting: DomainConfigSetting) -> Result<Portable> {
    let (mut arguments, mut odd) = (Vec::new(), Vec::new());
    for argument in &setting.arguments {
        let Some((name, value)) = argument.split_once('=') else {
            odd.push(argument.clone());
            continue;
        };
        let value = match redact::is_secret_name(name) && !value.is_empty() {
            true => secret::of_option(session, name, value)?.expose().to_owned(),
            false => value.to_owned(),
        };
        arguments.push((name.to_owned(), value));
    }
    let args = DomainConfigArgs {
        domain: setting.domain,
        functions: setting.function.into_iter().collect(),
        arguments,
        odd,
        id: setting.config_id,
    };
    Ok(prepare(DomainConfigVerb::Set, args, setting.further))
}
