//! `livectl auth push-key|play-key|referer|ip …`

use std::path::Path;

use jiff::SignedDuration;
use zeroize::Zeroizing;

use crate::cli::{
    AuthCommand, Given, IpCommand, IpPlace, IpSettings, KeyDomain, KeyRotation, Lists, RefererCommand, RefererPlace,
    RefererSettings, Switch, UrlKeyCommand, UrlKeySettings,
};
use crate::commands::faults::Faults;
use crate::commands::portable::{Portable, Tolerance};
use crate::commands::private_file;
use crate::commands::secret;
use crate::commands::session::Session;
use crate::error::{Error, Result};
use crate::model::time::parse_duration;
use crate::model::{
    AccessArgs, AccessList, AccessVerb, IpRow, KeyScope, ListKind, RefererRow, RotateArgs, RotateVerb, Secret,
    UrlKeyArgs, UrlKeyRow, UrlKeyVerb, UrlScheme,
};
use crate::providers::Provider;
use crate::sign::digest::hex;

pub(super) const SCHEMES: &[(&str, UrlScheme)] = &[("a", UrlScheme::A), ("b", UrlScheme::B), ("c", UrlScheme::C)];

const SCOPES: &[(&str, KeyScope)] = &[("push", KeyScope::Push), ("play", KeyScope::Play)];

/// How long addresses last where nothing is said, as with `livectl url`.
const USUAL: SignedDuration = SignedDuration::from_hours(24);

const SWITCHES: &[(&str, bool)] = &[
    ("true", true),
    ("false", false),
    ("on", true),
    ("off", false),
    ("yes", true),
    ("no", false),
    ("1", true),
    ("0", false),
];

/// Reads `livectl auth …`.
///
/// # Errors
/// Wrong values, all told at once.
pub(super) fn verb(session: &Session, command: AuthCommand) -> Result<Portable> {
    match command {
        AuthCommand::Rotate(asked) => rotation(session, asked),
        AuthCommand::PushKey(command) => url_key(session, KeyScope::Push, command),
        AuthCommand::PlayKey(command) => url_key(session, KeyScope::Play, command),
        AuthCommand::Referer(command) => referer(command),
        AuthCommand::Ip(command) => ip(command),
    }
}

fn rotation(session: &Session, asked: KeyRotation) -> Result<Portable> {
    let mut faults = Faults::default();
    let scope = faults.pick("--scope", asked.scope.as_deref(), SCOPES);
    let span = |text: &str| parse_duration(text).ok().filter(|span| !span.is_negative());
    let lasting = faults.read("--for", asked.lasting.as_deref(), "90s, 30m, 1h30m or 7d", span).unwrap_or(USUAL);
    faults.finish("rotating the keys of a domain")?;
    let key = match (asked.key, asked.key_file) {
        (Some(key), _) => Some(secret::of_option(session, "--key", &key)?),
        (None, Some(file)) => {
            let key = kept_key(session, &file)?;
            let read = format!("--key-file {}", file.display());
            if session.stdin.borrow_mut().insert(read, key.clone()).is_some() {
                session.stderr.note_once(&format!(
                    "the items of this run that name no key file of their own get one key: that of `{}`",
                    file.display()
                ));
            }
            Some(key)
        }
        (None, None) => None,
    };
    let key = key.filter(|key| !key.expose().is_empty());
    let args = RotateArgs { domain: asked.domain, scope, key, lasting };
    let id = args.domain.clone().unwrap_or_default();
    let portable = Portable::new("auth", (RotateVerb::Rotate, "rotate"), &[], args, Provider::rotation);
    Ok(Portable { id, lister: "push-key show", further: asked.further, ..portable })
}

/// Bytes of a key that is made; a digit and a letter stand for each half of one, which all vendors take.
const KEY_BYTES: usize = 16;

/// The key of a file; where the file is not there, a new key, kept in it unless nothing is changed.
fn kept_key(session: &Session, file: &Path) -> Result<Secret> {
    let shown = file.display().to_string();
    if file.exists() {
        if let Some(mode) = loose_mode(file) {
            session
                .stderr
                .warn_once(&format!("`{shown}` is open to other users (mode {mode:04o}): `chmod 600 {shown}`"));
        }
        let key = secret::read("--key-file", &shown)?;
        if key.expose().is_empty() {
            return Err(Error::usage(format!("read --key-file: there is nothing in `{shown}`")));
        }
        session.secrets.borrow_mut().add(key.expose());
        return Ok(key);
    }
    let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
    getrandom::fill(&mut *bytes).map_err(|error| Error::internal(format!("make a key: {error}")))?;
    let key = Secret::new(hex(&*bytes));
    session.secrets.borrow_mut().add(key.expose());
    if session.global.dry_run {
        session.stderr.note(&format!("`{shown}` is not there: a key would be made and kept in it"));
        return Ok(key);
    }
    private_file::write(file, format!("{}\n", key.expose()).as_bytes(), "the key")?;
    session.stderr.note(&format!("a new key is in `{shown}`"));
    Ok(key)
}

/// The mode of a file that others than its owner may read or write.
#[cfg(unix)]
fn loose_mode(file: &Path) -> Option<u32> {
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(file).ok()?) & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn loose_mode(_file: &Path) -> Option<u32> {
    None
}

fn url_key(session: &Session, scope: KeyScope, command: UrlKeyCommand) -> Result<Portable> {
    let (verb, args, further) = match command {
        UrlKeyCommand::Show(KeyDomain { domain, further }) => {
            (UrlKeyVerb::Show, UrlKeyArgs { scope, domain, ..UrlKeyArgs::default() }, further)
        }
        UrlKeyCommand::Set(settings) => {
            let (args, further) = keys(session, scope, settings)?;
            (UrlKeyVerb::Set, args, further)
        }
    };
    let noun = match scope {
        KeyScope::Push => "auth push-key",
        KeyScope::Play => "auth play-key",
    };
    let id = args.domain.clone().unwrap_or_default();
    let portable = Portable::new(noun, (verb, verb.name()), UrlKeyRow::COLUMNS, args, Provider::url_key);
    Ok(Portable { id, lister: "show", further, ..portable })
}

fn keys(session: &Session, scope: KeyScope, settings: UrlKeySettings) -> Result<(UrlKeyArgs, Given)> {
    let doing = format!("setting the {} keys", scope.name());
    let mut faults = Faults::default();
    let seconds = |text: &str| u64::try_from(parse_duration(text).ok()?.as_secs()).ok();
    let args = UrlKeyArgs {
        scope,
        domain: settings.domain,
        enabled: switched(&mut faults, &settings.switch),
        valid_seconds: faults.read("--valid", settings.valid.as_deref(), "90s, 30m, 1h30m or 7d", seconds),
        scheme: faults.pick("--scheme", settings.scheme.as_deref(), SCHEMES),
        ..UrlKeyArgs::default()
    };
    let named = settings.key.is_some() || settings.backup_key.is_some() || !settings.further.options.is_empty();
    if !named
        && faults.is_empty()
        && args == (UrlKeyArgs { scope, domain: args.domain.clone(), ..UrlKeyArgs::default() })
    {
        require_owner(&mut faults, args.domain.is_some());
        faults.add("--key", None, "required, or --backup-key, --valid, --scheme, --enable or --disable");
    }
    faults.finish(&doing)?;
    let read =
        |option, value: Option<String>| value.map(|value| secret::of_option(session, option, &value)).transpose();
    let (key, backup_key) = (read("--key", settings.key)?, read("--backup-key", settings.backup_key)?);
    Ok((UrlKeyArgs { key, backup_key, ..args }, settings.further))
}

fn switched(faults: &mut Faults, switch: &Switch) -> Option<bool> {
    if switch.disable { Some(false) } else { yes_or_no(faults, "--enable", switch.enable.as_deref()) }
}

fn yes_or_no(faults: &mut Faults, option: &str, given: Option<&str>) -> Option<bool> {
    let known = |text: &str| SWITCHES.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, on)| *on);
    faults.read(option, given, "true or false", known)
}

fn list(faults: &mut Faults, lists: &Lists, what: &str) -> Option<AccessList> {
    let (option, kind, entries) = match (&lists.allow, &lists.block) {
        (Some(entries), _) => ("--allow", ListKind::Allow, entries),
        (_, Some(entries)) => ("--block", ListKind::Block, entries),
        _ => return None,
    };
    let entries: Vec<String> = entries.iter().map(|entry| entry.trim().to_owned()).collect();
    if entries.iter().any(String::is_empty) {
        faults.add(option, Some(&entries.join(",")), format!("{what}, with commas between"));
    }
    Some(AccessList { kind, entries })
}

fn referer(command: RefererCommand) -> Result<Portable> {
    let placed =
        |RefererPlace { domain, app, vhost }: RefererPlace| AccessArgs { domain, app, vhost, ..AccessArgs::default() };
    let (verb, args, tolerant, further) = match command {
        RefererCommand::Show(shown) => (AccessVerb::Show, placed(shown.place), Tolerance::Nothing, shown.further),
        RefererCommand::Delete(removal) => {
            let tolerant = Tolerance::missing(removal.removal.if_exists);
            (AccessVerb::Delete, placed(removal.place), tolerant, removal.further)
        }
        RefererCommand::Set(RefererSettings { place, lists, allow_empty, further }) => {
            let mut faults = Faults::default();
            let args = AccessArgs {
                enabled: switched(&mut faults, &lists.switch),
                list: list(&mut faults, &lists, "sites such as www.example.com"),
                allow_empty: yes_or_no(&mut faults, "--allow-empty", allow_empty.as_deref()),
                ..placed(place)
            };
            require_change(&mut faults, &args, &further);
            faults.finish("setting which sites may embed")?;
            (AccessVerb::Set, args, Tolerance::Nothing, further)
        }
    };
    Ok(Portable {
        columns: RefererRow::COLUMNS,
        tolerant,
        further,
        ..access("auth referer", verb, args, Provider::referer)
    })
}

fn ip(command: IpCommand) -> Result<Portable> {
    let placed = |IpPlace { domain, vhost }: IpPlace| AccessArgs { domain, vhost, ..AccessArgs::default() };
    let (verb, args, tolerant, further) = match command {
        IpCommand::Show(shown) => (AccessVerb::Show, placed(shown.place), Tolerance::Nothing, shown.further),
        IpCommand::Delete(removal) => {
            let tolerant = Tolerance::missing(removal.removal.if_exists);
            (AccessVerb::Delete, placed(removal.place), tolerant, removal.further)
        }
        IpCommand::Set(IpSettings { place, lists, further }) => {
            let mut faults = Faults::default();
            let args = AccessArgs {
                enabled: switched(&mut faults, &lists.switch),
                list: list(&mut faults, &lists, "addresses or ranges such as 192.0.2.0/24"),
                ..placed(place)
            };
            require_change(&mut faults, &args, &further);
            faults.finish("setting which addresses may use a domain")?;
            (AccessVerb::Set, args, Tolerance::Nothing, further)
        }
    };
    Ok(Portable { columns: IpRow::COLUMNS, tolerant, further, ..access("auth ip", verb, args, Provider::ip) })
}

fn require_owner(faults: &mut Faults, named: bool) {
    if !named {
        faults.add("--domain", None, "required");
    }
}

/// Complains where nothing is named to be set.
fn require_change(faults: &mut Faults, args: &AccessArgs, further: &Given) {
    let place = AccessArgs {
        domain: args.domain.clone(),
        app: args.app.clone(),
        vhost: args.vhost.clone(),
        ..AccessArgs::default()
    };
    if *args == place && faults.is_empty() && further.options.is_empty() {
        require_owner(faults, args.domain.is_some() || args.app.is_some());
        faults.add("--allow", None, "required, or --block, or what turns it on or off");
    }
}

fn access(
    noun: &'static str,
    verb: AccessVerb,
    args: AccessArgs,
    support: fn(&Provider, AccessVerb) -> crate::model::Support<AccessArgs>,
) -> Portable {
    let id = args.domain.clone().or_else(|| args.app.clone()).unwrap_or_default();
    Portable { id, lister: "show", ..Portable::new(noun, (verb, verb.name()), &[], args, support) }
}
