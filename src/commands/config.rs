//! `livectl config …`

use serde_json::{Value, json};

use crate::cli::{ConfigCommand, Global};
use crate::commands::Ending;
use crate::commands::api::object;
use crate::commands::confirm;
use crate::commands::init;
use crate::commands::secret;
use crate::commands::session::Session;
use crate::commands::trial;
use crate::config::{self, Account, NewValue, Selection, Sourced, Written};
use crate::error::{Class, Error, Fault, Result};
use crate::model::{Columns, Secret, Vendor};
use crate::output::Shape;
use crate::providers::{provider, words};
use crate::sign::Scheme;

const PROFILE_COLUMNS: Columns = &["name", "vendor", "credentials", "region", "default"];
const VALUE_COLUMNS: Columns = &["key", "value"];
const SOURCE_COLUMNS: Columns = &["profile", "field", "value", "source"];

/// The official tools that a profile may be imported from.
pub(super) const TOOLS: &[&str] = &["tccli", "aliyun", "ve"];

/// Carries out `livectl config …`.
///
/// # Errors
/// The profile file's, and wrong values.
pub(super) async fn run(session: &Session, command: ConfigCommand) -> Result<Ending> {
    one_name(&session.global, &command)?;
    match command {
        ConfigCommand::Init { name } => {
            init::run(session, name.or_else(|| session.global.profile.first().cloned())).await?
        }
        ConfigCommand::Test { name } => trial::run(session, name).await?,
        ConfigCommand::List => list(session)?,
        ConfigCommand::Show { name, effective: true } => effective(session, name)?,
        ConfigCommand::Show { name, effective: false } => show(session, name)?,
        ConfigCommand::Set { name, values } => set(session, &name, &values)?,
        ConfigCommand::Import { from, name } => {
            let selection = writing(session)?;
            let vendor = tool(&from)?;
            if let Some(asked) = selection.vendor.filter(|asked| *asked != vendor) {
                return Err(Error::usage(format!("import a profile: `--vendor {asked}` contradicts `--from {from}`")));
            }
            let written = config::import(&session.environment, &selection, vendor, &name)?;
            tell(session, &written, &format!("`{name}` is a new profile"));
        }
        ConfigCommand::Use { name } => {
            let written = config::use_profile(&session.environment, &writing(session)?, &name)?;
            tell(session, &written, &format!("`{name}` is the default profile"));
        }
        ConfigCommand::Remove { name } => remove(session, &name)?,
    }
    Ok(Ending::Done)
}

/// Refuses a profile that is named twice, differently: as an argument, and by an option.
///
/// # Errors
/// Usage.
fn one_name(global: &Global, command: &ConfigCommand) -> Result<()> {
    let name = match command {
        ConfigCommand::List => return Ok(()),
        ConfigCommand::Init { name } | ConfigCommand::Test { name } | ConfigCommand::Show { name, .. } => {
            name.as_deref()
        }
        ConfigCommand::Set { name, .. }
        | ConfigCommand::Import { name, .. }
        | ConfigCommand::Use { name }
        | ConfigCommand::Remove { name } => Some(name.as_str()),
    };
    let option = match global.profile.as_slice() {
        _ if global.all_profiles => "--all-profiles".to_owned(),
        [] => return Ok(()),
        [one] if name == Some(one.as_str()) => return Ok(()),
        several => format!("--profile {}", several.join(",")),
    };
    match name {
        Some(name) => {
            Err(Error::usage(format!("choose the profile: `{option}` contradicts `{name}`")).hint("name it once"))
        }
        None if matches!(command, ConfigCommand::Init { .. }) && (global.all_profiles || global.profile.len() > 1) => {
            Err(Error::usage(format!("set up a profile: `{option}` is not the name of one")))
        }
        None => Ok(()),
    }
}

/// The vendor whose official tool is meant.
fn tool(from: &str) -> Result<Vendor> {
    match from {
        "tccli" => Ok(Vendor::Tencent),
        "ve" => Ok(Vendor::Volcengine),
        vendor => vendor.parse().map_err(|_| {
            let allowed = words::one_of(from, TOOLS);
            let fault = Fault { option: "--from".to_owned(), given: Some(from.to_owned()), allowed };
            Error::wrong_values("import a profile", vec![fault])
        }),
    }
}

fn list(session: &Session) -> Result<()> {
    let profiles = config::list(&session.environment, &session.selection(None, false)?)?;
    if profiles.is_empty() {
        session.stderr.note("no profiles yet; `livectl config init` makes one");
    }
    let rows = profiles.into_iter().map(|profile| {
        json!({
            "name": profile.name, "vendor": profile.vendor.map(Vendor::name),
            "credentials": profile.credentials, "region": profile.region, "default": profile.default,
        })
    });
    for warning in config::oddities(&session.environment, &session.selection(None, false)?, None)? {
        session.stderr.warn(&warning);
    }
    // The vendor tells the profiles apart: it is a column of this table.
    print_rows(session, PROFILE_COLUMNS, rows, true)
}

fn print_rows(session: &Session, columns: Columns, rows: impl Iterator<Item = Value>, several: bool) -> Result<()> {
    let mut sink = session.sink(Shape::List, columns, if several { 2 } else { 1 });
    for row in rows {
        if !sink.push(object(row))? {
            break;
        }
    }
    sink.finish()
}

/// How one profile comes to its credentials, and its keys as they stand in the file, secrets masked.
fn show(session: &Session, name: Option<String>) -> Result<()> {
    let selection = session.selection(None, false)?;
    let name = match name.or_else(|| selection.profiles.first().cloned()) {
        Some(name) => name,
        None => config::list(&session.environment, &selection)?
            .into_iter()
            .find(|profile| profile.default)
            .map(|profile| profile.name)
            .ok_or_else(|| {
                Error::usage("show a profile: none is named, and there is no default one")
                    .hint("`livectl config list` lists them; `--effective` shows what is in force without one")
            })?,
    };
    let keys = config::show(&session.environment, &selection, &name)?;
    for warning in config::oddities(&session.environment, &selection, Some(&name))? {
        session.stderr.warn(&warning);
    }
    let all = config::list(&session.environment, &Selection { vendor: None, ..selection })?;
    let kind = all.iter().find(|profile| profile.name == name).map(|profile| profile.credentials);
    let first = kind.map(|kind| json!({"key": "credentials", "value": kind}));
    let keys = keys.into_iter().map(|row| json!({"key": row.key, "value": row.value}));
    print_rows(session, VALUE_COLUMNS, first.into_iter().chain(keys), false)
}

/// Every value in force, and where it came from.
fn effective(session: &Session, name: Option<String>) -> Result<()> {
    let mut selection = session.selection(None, false)?;
    if let Some(name) = name {
        selection.profiles = vec![name];
    }
    let accounts = session.resolve(&selection)?;
    let several = accounts.len() > 1;
    let rows = accounts.iter().flat_map(|account| {
        let row = |source: &Sourced| {
            let value = source.value.clone().or_else(|| usual(session, account, source.field));
            json!({"profile": account.profile, "field": source.field, "value": value, "source": source.source})
        };
        account.sources.iter().map(row).collect::<Vec<_>>()
    });
    print_rows(session, SOURCE_COLUMNS, rows, several)?;
    match session.unusable.get() {
        0 => Ok(()),
        failed => {
            Err(Error::new(Class::Partial, format!("show profiles: {failed} of several failed, each is told above")))
        }
    }
}

/// What holds for a field that nobody set: the vendor's usual.
fn usual(session: &Session, account: &Account, field: &str) -> Option<String> {
    let provider = provider(account.vendor);
    match field {
        "region" => provider.default_region().map(str::to_owned),
        // The sandbox has an address in each run.
        "endpoint" if session.global.sandbox => None,
        "endpoint" => Some(format!("https://{}", provider.endpoint(account.region.as_deref()))),
        "signature" => Scheme::default_of(account.vendor).name().map(str::to_owned),
        _ => None,
    }
}

fn set(session: &Session, name: &str, values: &[String]) -> Result<()> {
    let mut given = Given::default();
    for item in values {
        let (key, value) = item.split_once('=').ok_or_else(|| {
            Error::usage(format!("set values of `{name}`: `{item}` is no KEY=VALUE"))
                .hint("example: `livectl config set prod region=ap-guangzhou`")
        })?;
        given.add(key, value)?;
    }
    let written = config::set(&session.environment, &writing(session)?, name, &given.entries)?;
    for key in given.typed_secrets {
        session.stderr.warn(&format!(
            "{key} was typed as an argument: it stands in the shell's history; better `{key}=@FILE` or `{key}=-`"
        ));
    }
    let what = if written.created { "is a new profile" } else { "is set" };
    tell(session, &written, &format!("`{name}` {what}"));
    Ok(())
}

/// The profile file that is to be changed.
///
/// # Errors
/// Usage with `--dry-run`: there is no request to show, and the file must stay as it is.
pub(super) fn writing(session: &Session) -> Result<Selection> {
    if session.global.dry_run {
        return Err(Error::usage("change the profile file: `--dry-run` shows requests, and this sends none"));
    }
    Ok(Selection { new_file: true, ..session.selection(None, false)? })
}

/// The values of one `config set`.
#[derive(Default)]
struct Given {
    entries: Vec<(String, NewValue)>,
    /// Keys whose secret stood on the command line.
    typed_secrets: Vec<String>,
    /// The key that has taken what stdin held.
    stdin_taken: Option<String>,
}

impl Given {
    /// Takes a value as typed, or reads it from the file or the stdin that it points to.
    fn add(&mut self, key: &str, value: &str) -> Result<()> {
        let secret = config::is_secret_key(key);
        let value = match value.strip_prefix('@') {
            Some(literal) if literal.starts_with('@') => self.typed(key, secret, literal),
            Some(file) => NewValue::Secret(read_secret(key, file)?),
            None if value == "-" => NewValue::Secret(self.take_stdin(key)?),
            None => self.typed(key, secret, value),
        };
        self.entries.push((key.to_owned(), value));
        Ok(())
    }

    fn typed(&mut self, key: &str, secret: bool, value: &str) -> NewValue {
        if !secret {
            return NewValue::Text(value.to_owned());
        }
        if !value.is_empty() {
            self.typed_secrets.push(key.to_owned());
        }
        NewValue::Secret(Secret::new(value))
    }

    fn take_stdin(&mut self, key: &str) -> Result<Secret> {
        if let Some(other) = self.stdin_taken.replace(key.to_owned()) {
            return Err(Error::usage(format!("read {key} from stdin: {other} has taken it all"))
                .hint(format!("give one of them as a file: `{key}=@FILE`")));
        }
        if confirm::terminal() {
            return confirm::hidden(key).map(Secret::new);
        }
        read_secret(key, "-")
    }
}

/// A value from a file, or from stdin for `-`.
///
/// # Errors
/// Usage: it cannot be read, or there is nothing in it, which would remove the key.
fn read_secret(key: &str, file: &str) -> Result<Secret> {
    let value = secret::read(key, file)?;
    if value.expose().is_empty() {
        return Err(Error::usage(format!("read {key} from `{file}`: there is nothing in it"))
            .hint(format!("`{key}=` removes the key from the profile")));
    }
    Ok(value)
}

fn remove(session: &Session, name: &str) -> Result<()> {
    let selection = writing(session)?;
    if !session.global.yes {
        confirm::ask(
            &format!("remove the profile `{name}`"),
            "repeat the command with `--yes` to do it without a question",
        )?;
    }
    let written = config::remove(&session.environment, &selection, name)?;
    tell(session, &written, &format!("`{name}` is removed"));
    Ok(())
}

/// What became of the file; nothing of it is data.
pub(super) fn tell(session: &Session, written: &Written, done: &str) {
    let unchanged = if written.changed { "" } else { " already" };
    session.stderr.note(&format!("{done}{unchanged}, in {}", session.environment.display(&written.path)));
    written.notes.iter().for_each(|note| session.stderr.note(note));
}
