//! `livectl config init`: a profile by questions, tried before it is written.

use std::io::IsTerminal;

use crate::commands::config::{tell, writing};
use crate::commands::confirm::{self, Look};
use crate::commands::session::{self, Session};
use crate::commands::trial;
use crate::config::{self, NewValue, Selection};
use crate::error::{Error, Result};
use crate::model::{Secret, Vendor};

/// The keys of a profile that is being made.
type Entries = Vec<(String, NewValue)>;

/// Where a new profile gets its credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// From what was found, by its place among that.
    Found(usize),
    /// They are typed.
    Typed,
    /// A token of an identity provider.
    Token,
}

/// Carries out `livectl config init`.
///
/// # Errors
/// Usage where nobody is there to ask, or the answer is no; interrupted; what the file's writing fails at.
pub(super) async fn run(session: &Session, name: Option<String>) -> Result<()> {
    let selection = writing(session)?;
    if selection.sandbox {
        let place =
            if session.environment.is_on("LIVECTL_SANDBOX") { "environment LIVECTL_SANDBOX" } else { "--sandbox" };
        return Err(Error::usage(format!(
            "set up a profile: in the sandbox ({place}) no keys are read, and any would be accepted"
        ))
        .hint("repeat the command outside the sandbox: `LIVECTL_SANDBOX= livectl config init`"));
    }
    if !confirm::terminal() {
        return Err(Error::usage("set up a profile: this asks, and nobody is at the terminal").hint(
            "`livectl config set NAME vendor=… access_key_id=… access_key_secret=@FILE` does it without questions",
        ));
    }
    if let Some(name) = &name {
        config::check_new_name(&session.environment, &selection, name).map_err(another_name)?;
    }
    let color = session::colored(session.global.color, &session.environment, std::io::stderr().is_terminal());
    let asking = Asking { session, selection, look: Look { color } };
    let (vendor, mut entries) = asking.credentials()?;
    entries.insert(0, ("vendor".to_owned(), NewValue::Text(vendor.name().to_owned())));
    asking.add_options(&mut entries);
    let name = match name {
        Some(name) => name,
        None => asking.name(vendor)?,
    };
    asking.check(&name, &entries).await?;
    asking.write(&name, &entries)
}

fn another_name(why: String) -> Error {
    Error::usage(format!("set up a profile: {why}"))
        .hint("give another name, or `livectl config set` to change the profile that is there")
}

struct Asking<'a> {
    session: &'a Session,
    selection: Selection,
    look: Look,
}

impl Asking<'_> {
    /// Asks where the credentials come from, and for what is not there yet.
    fn credentials(&self) -> Result<(Vendor, Entries)> {
        let found = config::offers(&self.session.environment, &self.selection);
        for other in &found.others {
            self.session.stderr.note(&format!("not offered: {other}"));
        }
        let mut ways: Vec<(Way, String)> = Vec::new();
        for (number, offer) in found.usable.iter().enumerate() {
            ways.push((Way::Found(number), format!("{}: {} of {}", offer.vendor, offer.what, offer.place)));
        }
        ways.push((Way::Typed, "type a key pair".to_owned()));
        ways.push((Way::Token, "a role, by the token of an identity provider (OIDC)".to_owned()));
        let lines: Vec<String> = ways.iter().map(|(_, line)| line.clone()).collect();
        let chosen = confirm::choose(self.look, "Credentials", &lines)?;
        let way = ways.get(chosen).map_or(Way::Typed, |(way, _)| *way);
        if let Way::Found(number) = way
            && let Some(offer) = found.usable.into_iter().nth(number)
        {
            return Ok((offer.vendor, offer.entries));
        }
        let vendor = self.vendor()?;
        let entries = if way == Way::Token { self.token(vendor)? } else { self.pair(vendor)? };
        Ok((vendor, entries))
    }

    fn vendor(&self) -> Result<Vendor> {
        if let Some(vendor) = self.selection.vendor.or(self.selection.env_vendor) {
            return Ok(vendor);
        }
        let lines: Vec<String> = Vendor::ALL.iter().map(|vendor| vendor.name().to_owned()).collect();
        let chosen = confirm::choose(self.look, "Vendor", &lines)?;
        Ok(Vendor::ALL.get(chosen).copied().unwrap_or(Vendor::Tencent))
    }

    fn pair(&self, vendor: Vendor) -> Result<Entries> {
        let [id, secret] = match vendor {
            Vendor::Tencent => ["SecretId", "SecretKey"],
            Vendor::Aliyun => ["AccessKey ID", "AccessKey Secret"],
            Vendor::Volcengine => ["Access Key ID", "Secret Access Key"],
        };
        let mut entries = vec![self.line(id, "access_key_id", true)?];
        entries.push(self.hidden(secret, "access_key_secret", true)?);
        entries.push(self.hidden("Session token (empty: none)", "session_token", false)?);
        let role = self.line("Role to assume with them (empty: none)", "role_arn", false)?;
        if let (_, NewValue::Text(name)) = &role
            && !name.is_empty()
        {
            entries.push(role);
            if vendor != Vendor::Volcengine {
                entries.push(self.line("External id of the role (empty: none)", "external_id", false)?);
            }
        }
        entries.retain(|(_, value)| !is_empty(value));
        Ok(entries)
    }

    fn token(&self, vendor: Vendor) -> Result<Entries> {
        let mut entries = vec![self.line("Role", "role_arn", true)?];
        if vendor != Vendor::Volcengine {
            entries.push(self.line("Identity provider", "oidc_provider", true)?);
        }
        entries.push(self.line("File of the token", "oidc_token_file", true)?);
        Ok(entries)
    }

    fn line(&self, question: &str, key: &'static str, needed: bool) -> Result<(String, NewValue)> {
        let text = confirm::text(self.look, question, None, move |text| check(key, text, needed))?;
        Ok((key.to_owned(), NewValue::Text(text)))
    }

    fn hidden(&self, question: &str, key: &'static str, needed: bool) -> Result<(String, NewValue)> {
        let secret = confirm::secret(self.look, question, needed, move |text| check(key, text, needed))?;
        self.session.secrets.borrow_mut().add(secret.expose());
        Ok((key.to_owned(), NewValue::Secret(secret)))
    }

    /// What the command line says about the account is part of it.
    fn add_options(&self, entries: &mut Entries) {
        let bundle = self.selection.ca_bundle.as_ref().map(|path| path.display().to_string());
        let told = [
            ("region", self.selection.region.clone()),
            ("endpoint", self.selection.endpoint.clone()),
            ("ca_bundle", bundle),
        ];
        for (key, value) in told {
            let Some(value) = value else { continue };
            entries.retain(|(known, _)| known != key);
            entries.push((key.to_owned(), NewValue::Text(value)));
        }
    }

    fn name(&self, vendor: Vendor) -> Result<String> {
        let (environment, selection) = (self.session.environment.clone(), self.selection.clone());
        let fits = move |name: &str| config::check_new_name(&environment, &selection, name);
        let default = Some(vendor.name().to_owned()).filter(|name| fits(name).is_ok());
        confirm::text(self.look, "Name of the profile", default, fits)
    }

    /// Tries the profile with one call. Where it fails the user decides.
    async fn check(&self, name: &str, entries: &Entries) -> Result<()> {
        let selection = Selection { profiles: vec![name.to_owned()], ..self.selection.clone() };
        let tried = match config::draft(&self.session.environment, &selection, name, entries) {
            Ok(account) => {
                self.session.know(&account);
                self.session.stderr.status(Some(&format!("asking {} …", account.vendor)));
                let tried = trial::once(self.session, account).await;
                self.session.stderr.status(None);
                tried
            }
            Err(error) => Err(error),
        };
        match tried {
            Ok(host) => {
                self.session.stderr.note(&format!("{host} accepts the credentials"));
                Ok(())
            }
            Err(error) => {
                let class = error.class();
                self.session.stderr.failure(&self.session.without_secrets(error));
                match confirm::yes(self.look, "Write the profile all the same?", false)? {
                    true => Ok(()),
                    false => Err(Error::new(class, "set up a profile: the check failed, nothing was written")),
                }
            }
        }
    }

    fn write(&self, name: &str, entries: &Entries) -> Result<()> {
        let (environment, selection) = (&self.session.environment, &self.selection);
        let profiles = config::list(environment, &Selection { vendor: None, ..selection.clone() })?;
        let default = match profiles.iter().find(|profile| profile.default) {
            None if profiles.is_empty() => true,
            None => confirm::yes(self.look, &format!("Make `{name}` the default profile?"), true)?,
            Some(other) => confirm::yes(
                self.look,
                &format!("Make `{name}` the default profile in place of `{}`?", other.name),
                false,
            )?,
        };
        let written = config::set(environment, selection, name, entries)?;
        tell(self.session, &written, &format!("`{name}` is a new profile"));
        if default {
            let written = config::use_profile(environment, selection, name)?;
            tell(self.session, &written, &format!("`{name}` is the default profile"));
        }
        let named = if default { String::new() } else { format!(" --profile {name}") };
        self.session.stderr.note(&format!("try it: `livectl domain list{named}`"));
        Ok(())
    }
}

fn is_empty(value: &NewValue) -> bool {
    match value {
        NewValue::Text(text) => text.is_empty(),
        NewValue::Secret(secret) => *secret == Secret::new(""),
    }
}

/// Whether a typed value may stand in the profile.
fn check(key: &str, text: &str, needed: bool) -> Result<(), String> {
    match text {
        "" if needed => Err("this is needed; Ctrl-C ends".to_owned()),
        "" => Ok(()),
        text => config::check_value(key, text).map_err(|allowed| format!("it must be {allowed}")),
    }
}
