//! What one command line runs in: its options, its instant, its accounts, its output.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::rc::Rc;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::Value;

use crate::cli::{Global, When};
use crate::commands::interrupt::Stop;
use crate::commands::known_secrets::KnownSecrets;
use crate::commands::lease::Lease;
use crate::commands::rules::Typed;
use crate::commands::stderr::{Loudness, Stderr};
use crate::commands::waiting;
use crate::config::{self, Account, Environment, Selection};
use crate::error::{Class, Error, Fault};
use crate::model::{Columns, Credentials, Params, Role, Row, Secret, Vendor, Watch};
use crate::output::{Format, Shape, Sink, Style};
use crate::send::{Pace, Transport};

/// One command line.
pub(super) struct Session {
    pub(super) global: Global,
    pub(super) environment: Environment,
    /// `now` and `+…` of the whole run are taken from this instant.
    pub(super) now: Timestamp,
    pub(super) stderr: Stderr,
    pub(super) secrets: Rc<RefCell<KnownSecrets>>,
    /// Profiles of `--all-profiles` that could not be used; each has been told.
    pub(super) unusable: Cell<u32>,
    /// Whether something was there to wait for.
    pub(super) waited: Cell<bool>,
    /// When the run began, by a clock that nobody sets.
    pub(super) began: Instant,
    /// The wait that is under way.
    pub(super) watch: RefCell<Option<Watch>>,
    /// What an interrupt now would have to tell: the change that is under way.
    pub(super) under_way: RefCell<Option<Error>>,
    /// The changes of this run that took effect, by their Actions.
    pub(super) applied: RefCell<Vec<String>>,
    /// The command that runs.
    pub(super) typed: RefCell<Typed>,
    /// Whether the run is to stop.
    pub(super) stop: Stop,
    /// What was read from stdin, by the option that it was for; and from key files, by option and file.
    pub(super) stdin: RefCell<HashMap<String, Secret>>,
    /// Whether the items of the run stand on stdin.
    pub(super) items_on_stdin: Cell<bool>,
    /// The rates that all accounts of this run keep.
    pub(super) pace: Rc<Pace>,
    /// What sends, by how it reaches the vendor.
    pub(super) transports: RefCell<Vec<Rc<Transport>>>,
    /// The temporary credentials of this run, by their roles.
    leases: RefCell<Vec<(Role, Rc<Lease>)>>,
}

impl Session {
    /// Prepares a run.
    ///
    /// # Errors
    /// Usage where output options contradict each other.
    pub(super) fn new(global: Global, environment: Environment) -> Result<Self, Error> {
        let format = global.output.unwrap_or(Format::Table);
        let color = colored(global.color, &environment, std::io::stderr().is_terminal());
        let secrets: Rc<RefCell<KnownSecrets>> = Rc::default();
        let (quiet, verbose) = (global.quiet, global.verbose);
        let terminal = std::io::stderr().is_terminal() && environment.var("TERM") != Some("dumb");
        let stderr = Stderr::new(format, color, Loudness { quiet, verbose, terminal }, Rc::clone(&secrets));
        let now = environment.now();
        let session = Session {
            global,
            environment,
            now,
            stderr,
            secrets,
            unusable: Cell::default(),
            waited: Cell::default(),
            began: Instant::now(),
            watch: RefCell::default(),
            under_way: RefCell::default(),
            applied: RefCell::default(),
            typed: RefCell::default(),
            stop: Stop::default(),
            stdin: RefCell::default(),
            items_on_stdin: Cell::default(),
            pace: Rc::default(),
            transports: RefCell::default(),
            leases: RefCell::default(),
        };
        session.style(Format::Table, 1).check()?;
        Ok(session)
    }

    /// The accounts that the command concerns, by the order of credential sources.
    ///
    /// # Errors
    /// Usage or auth: why no account, or not this one, can be used.
    pub(super) fn accounts(&self, vendor: Option<Vendor>, changing: bool) -> Result<Vec<Account>, Error> {
        let accounts = self.resolve(&self.selection(vendor, changing)?)?;
        let protected = accounts.iter().find(|account| account.read_only);
        if let Some(account) = protected.filter(|_| changing && !self.global.dry_run) {
            let name = account.profile.as_deref().unwrap_or_default();
            return Err(Error::usage(format!(
                "choosing the account: profile `{name}` is read-only, and this changes something"
            ))
            .hint("`--dry-run` shows what it would send")
            .hint(format!("`livectl config set {name} read_only=false` lifts it"))
            .with(|details| {
                details.vendor = Some(account.vendor);
                details.profile = account.profile.clone();
            }));
        }
        Ok(accounts)
    }

    /// The accounts of a selection. What is odd about them is told; their secrets are known from here on.
    ///
    /// # Errors
    /// As [`config::resolve`].
    pub(super) fn resolve(&self, selection: &Selection) -> Result<Vec<Account>, Error> {
        let resolved = config::resolve(&self.environment, selection)?;
        for warning in &resolved.warnings {
            self.stderr.warn(warning);
        }
        for failure in resolved.failures {
            self.unusable.set(self.unusable.get() + 1);
            let named = failure.error.with(|details| details.profile = Some(failure.profile));
            self.stderr.failure(&self.without_secrets(named));
        }
        resolved.accounts.iter().for_each(|account| self.know(account));
        Ok(resolved.accounts)
    }

    /// From here on the secrets of an account are cut out of what is shown.
    pub(super) fn know(&self, account: &Account) {
        let credentials = account.credentials.as_ref().or_else(|| account.role.as_ref()?.keys());
        credentials.iter().for_each(|credentials| self.learn_keys(credentials));
    }

    /// From here on these keys are cut out of what is shown.
    pub(super) fn learn_keys(&self, credentials: &Credentials) {
        let mut secrets = self.secrets.borrow_mut();
        secrets.add_for_good(credentials.access_key_secret.expose());
        credentials.session_token.iter().for_each(|token| secrets.add_for_good(token.expose()));
    }

    /// The temporary credentials of a role: all that use it share them.
    pub(super) fn lease(&self, role: &Role) -> Rc<Lease> {
        let mut leases = self.leases.borrow_mut();
        if let Some((_, lease)) = leases.iter().find(|(known, _)| known == role) {
            return Rc::clone(lease);
        }
        let lease = Rc::<Lease>::default();
        leases.push((role.clone(), Rc::clone(&lease)));
        lease
    }

    /// The error of an interrupted run, with the change whose answer is not known, and those that took effect.
    pub(super) fn interrupted(&self) -> Error {
        let under_way = self.under_way.borrow().clone();
        self.stderr.status(None);
        if let (None, Some(watch)) = (&under_way, self.watch.borrow().as_ref()) {
            return waiting::interrupted(watch);
        }
        let error = under_way.unwrap_or_else(|| Error::new(Class::Interrupted, "interrupted"));
        match self.applied.borrow().as_slice() {
            [] => error,
            applied => error.hint(format!("this took effect before: {}", applied.join(", "))),
        }
    }

    /// What the command line and the environment say about which account.
    ///
    /// # Errors
    /// Usage where `LIVECTL_VENDOR` is no vendor.
    pub(super) fn selection(&self, vendor: Option<Vendor>, changing: bool) -> Result<Selection, Error> {
        let global = &self.global;
        let named = self.environment.var("LIVECTL_VENDOR").filter(|text| !text.is_empty());
        let env_vendor = named
            .map(|text| text.parse().map_err(|why: String| Error::usage(format!("read `LIVECTL_VENDOR`: {why}"))))
            .transpose()?;
        let profiles = if global.profile.is_empty() && !global.all_profiles {
            let listed = self.environment.var("LIVECTL_PROFILE").unwrap_or_default();
            listed.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
        } else {
            global.profile.clone()
        };
        if let (Some(one), Some(other)) = (vendor, global.vendor)
            && one != other
        {
            return Err(Error::usage(format!("choose the vendor: `--vendor {other}` contradicts `api {one}`")));
        }
        Ok(Selection {
            profiles,
            all_profiles: global.all_profiles,
            vendor: vendor.or(global.vendor),
            env_vendor,
            config_file: global.config.clone(),
            region: region(global.region.as_deref())?,
            endpoint: global.endpoint.clone(),
            ca_bundle: global.ca_bundle.clone(),
            sandbox: global.sandbox,
            files_only: false,
            changing,
            new_file: false,
        })
    }

    /// The vendor where no account is asked: as the command line, the profiles or the environment say. `None` where
    /// nobody says it, and where profiles of several vendors are named.
    ///
    /// # Errors
    /// Usage: the file of profiles cannot be read, or has none of that name.
    pub(super) fn vendor_of(&self, selection: &Selection) -> Result<Option<Vendor>, Error> {
        if selection.profiles.is_empty() {
            return Ok(selection.vendor.or(selection.env_vendor));
        }
        let everybody = Selection { vendor: None, ..selection.clone() };
        let known = config::list(&self.environment, &everybody)?;
        let mut vendors = Vec::new();
        for name in &selection.profiles {
            // A name that is not there is told with those that are.
            config::show(&self.environment, &everybody, name)?;
            vendors.push(known.iter().find(|known| known.name == *name).and_then(|known| known.vendor));
        }
        if selection.vendor.is_some() {
            return Ok(selection.vendor);
        }
        vendors.dedup();
        Ok(match vendors.as_slice() {
            [one] => one.or(selection.env_vendor),
            _ => None,
        })
    }

    /// The options about rows, `--output` aside, that were given: for what prints none.
    pub(super) fn about_rows(&self) -> Vec<&'static str> {
        let global = &self.global;
        let options = [
            ("--raw", global.raw),
            ("--jq", global.jq.is_some()),
            ("--columns", global.columns.is_some()),
            ("--limit", global.limit.is_some()),
            ("--sort-by", global.sort_by.is_some()),
            ("--no-header", global.no_header),
        ];
        options.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }

    /// The format that was asked for by this command's option: one in the environment is for all commands, and not meant
    /// for one that has no rows.
    pub(super) fn own_format(&self) -> Option<Format> {
        let usual = self.environment.var("LIVECTL_OUTPUT").is_some_and(|format| !format.is_empty());
        self.global.output.filter(|_| !usual)
    }

    /// The format of data: what the user said, else `--raw` and `--jq` mean JSON.
    pub(super) fn format(&self, default: Format) -> Format {
        let json = self.global.raw || self.global.jq.is_some();
        self.global.output.unwrap_or(if json { Format::Json } else { default })
    }

    /// The output options, for `accounts` accounts at once.
    pub(super) fn style(&self, default: Format, accounts: usize) -> Style {
        let global = &self.global;
        let terminal = std::io::stdout().is_terminal();
        Style {
            format: self.format(default),
            columns: global.columns.clone(),
            header: !global.no_header,
            sort_by: global.sort_by.clone(),
            jq: global.jq.clone(),
            limit: global.limit,
            width: terminal.then(|| usize::from(console_size().1)).filter(|width| *width > 0),
            color: colored(global.color, &self.environment, terminal),
            terminal,
            show_vendor: accounts > 1,
            show_profile: accounts > 1,
            reveal: global.reveal,
        }
    }

    /// Where rows go whose last column is a sentence: a terminal breaks it, and nothing of it is left out.
    pub(super) fn whole_sink(&self, columns: Columns, accounts: usize) -> Sink<Box<dyn Write>> {
        let writer: Box<dyn Write> = Box::new(std::io::BufWriter::new(std::io::stdout()));
        let style = Style { width: None, ..self.style(Format::Table, accounts) };
        Sink::new(style, Shape::List, if self.global.raw { &[] } else { columns }, writer)
    }

    /// Where rows go.
    pub(super) fn sink(&self, shape: Shape, columns: Columns, accounts: usize) -> Sink<Box<dyn Write>> {
        let writer: Box<dyn Write> = Box::new(std::io::BufWriter::new(std::io::stdout()));
        Sink::new(self.style(Format::Table, accounts), shape, if self.global.raw { &[] } else { columns }, writer)
    }

    /// Prints one thing.
    ///
    /// # Errors
    /// The output's own.
    pub(super) fn print_one(&self, row: Row, columns: Columns) -> Result<(), Error> {
        let mut sink = self.sink(Shape::One, columns, 1);
        sink.push(row)?;
        sink.finish()
    }

    /// Takes note of the secrets among the parameters of a call, so that they are cut out of what is shown.
    pub(super) fn learn(&self, params: &Params) {
        let mut secrets = self.secrets.borrow_mut();
        params.iter().for_each(|(name, value)| secrets.learn(name, value));
    }

    /// The error with every known secret cut out of its texts.
    pub(super) fn without_secrets(&self, error: Error) -> Error {
        let mut secrets = self.secrets.borrow_mut();
        // A refused value may be a signed URL.
        error
            .details()
            .faults
            .iter()
            .flat_map(|fault| &fault.given)
            .for_each(|given| secrets.learn("", &Value::from(given.as_str())));
        error.with(|details| {
            details.message = secrets.mask(&details.message);
            for text in [&mut details.code, &mut details.request_id].into_iter().flatten() {
                *text = secrets.mask(text);
            }
            details.hints.iter_mut().for_each(|hint| *hint = secrets.mask(hint));
            details.faults.iter_mut().for_each(|fault| {
                fault.given = fault.given.take().map(|given| secrets.mask(&given));
                fault.allowed = secrets.mask(&fault.allowed);
            });
        })
    }
}

/// A region as a vendor may be sent it; an empty one is none.
///
/// # Errors
/// Usage: it can be no region's name.
fn region(given: Option<&str>) -> Result<Option<String>, Error> {
    let Some(region) = given.filter(|region| !region.is_empty()) else { return Ok(None) };
    if region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return Ok(Some(region.to_owned()));
    }
    let wrong = Fault {
        option: "--region".to_owned(),
        given: Some(region.to_owned()),
        allowed: "letters, digits and dashes, as in ap-guangzhou".to_owned(),
    };
    Err(Error::wrong_values("choosing the region", vec![wrong]))
}

/// Whether to colour: the option, then `NO_COLOR` (any value), then `CLICOLOR_FORCE`, then the terminal.
pub(super) fn colored(when: When, environment: &Environment, terminal: bool) -> bool {
    let set = |name: &str| environment.var(name).is_some_and(|value| !value.is_empty());
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto if set("CLICOLOR_FORCE") && environment.var("CLICOLOR_FORCE") != Some("0") => true,
        When::Auto => terminal && environment.var("TERM") != Some("dumb"),
    }
}

/// Lines and columns of the terminal; nothing where there is none.
pub(super) fn console_size() -> (u16, u16) {
    dialoguer::console::Term::stdout().size_checked().unwrap_or_default()
}
