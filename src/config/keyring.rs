//! Credentials in the operating system's secret store, under the name of the profile. They stand there as JSON, in the
//! form that `credential_process` reads, so that the system's own tool can give them too.

use jiff::Timestamp;

use super::source::{Keys, unusable};
use crate::error::Error;

/// Reads the keys of a profile from the secret store.
///
/// # Errors
/// Auth: this build has none, it is locked, or there is nothing in it for the profile.
pub(super) fn read(profile: &str, place: &str, now: Timestamp) -> Result<Keys, Error> {
    #[cfg(all(feature = "keyring", unix, not(target_os = "macos")))]
    {
        let failed = |what: String| unusable(format!("reading the keyring for {place}: {what}"));
        match service::secret(profile) {
            Ok(Some(text)) => super::process::keys(&text, &format!("keyring of {place}"), now)
                .map_err(|what| failed(what.to_string().replace("its answer", "what stands there"))),
            Ok(None) => Err(failed(format!("there is nothing for profile `{profile}`")).hint(format!(
                "`secret-tool store --label=livectl service livectl account {profile}` asks for it: {FORM}"
            ))),
            Err(why) => Err(failed(why).hint("unlock the keyring, and look whether `DBUS_SESSION_BUS_ADDRESS` is set")),
        }
    }
    #[cfg(not(all(feature = "keyring", unix, not(target_os = "macos"))))]
    {
        let _ = now;
        Err(no_keyring(profile, place))
    }
}

/// What stands in the store.
const FORM: &str = r#"`{"Version":1,"AccessKeyId":"…","SecretAccessKey":"…"}`"#;

#[cfg(not(all(feature = "keyring", unix, not(target_os = "macos"))))]
fn no_keyring(name: &str, place: &str) -> Error {
    let command = match () {
        () if cfg!(target_os = "macos") => {
            format!(r#"["security", "find-generic-password", "-s", "livectl", "-a", "{name}", "-w"]"#)
        }
        () if cfg!(windows) => r#"["powershell", "-NoProfile", "-File", "livectl-keys.ps1"]"#.to_owned(),
        () => format!(r#"["secret-tool", "lookup", "service", "livectl", "account", "{name}"]"#),
    };
    unusable(format!("reading credentials: {place} asks for the keyring, which this build does not have"))
        .hint(format!("use the system's own tool instead: `credential_process = {command}`"))
        .hint(format!("what it prints is {FORM}"))
}

/// The Secret Service of a desktop, by its D-Bus interface (freedesktop.org, version 0.2). The secret crosses the user's own
/// bus as it is: no other user can listen there.
#[cfg(all(feature = "keyring", unix, not(target_os = "macos")))]
mod service {
    use std::collections::HashMap;
    use std::time::Duration;

    use dbus::Path;
    use dbus::arg::{RefArg, Variant};
    use dbus::blocking::Connection;
    use zeroize::Zeroizing;

    const NAME: &str = "org.freedesktop.secrets";
    const ROOT: &str = "/org/freedesktop/secrets";
    const SERVICE: &str = "org.freedesktop.Secret.Service";
    const ITEM: &str = "org.freedesktop.Secret.Item";
    const LIMIT: Duration = Duration::from_secs(20);

    /// Session, parameters, value, media type.
    type Told = (Path<'static>, Vec<u8>, Vec<u8>, String);

    /// What stands there for a profile.
    pub(super) fn secret(profile: &str) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
        let told = |error: dbus::Error| error.message().unwrap_or("it does not answer").to_owned();
        let bus = Connection::new_session().map_err(told)?;
        let service = bus.with_proxy(NAME, ROOT, LIMIT);
        let plain: Variant<Box<dyn RefArg>> = Variant(Box::new(String::new()));
        let (_, session): (Variant<Box<dyn RefArg>>, Path<'static>) =
            service.method_call(SERVICE, "OpenSession", ("plain", plain)).map_err(told)?;
        let attributes = HashMap::from([("service", "livectl"), ("account", profile)]);
        let (open, locked): (Vec<Path<'static>>, Vec<Path<'static>>) =
            service.method_call(SERVICE, "SearchItems", (attributes,)).map_err(told)?;
        let Some(item) = open.into_iter().next() else {
            return if locked.is_empty() { Ok(None) } else { Err("it is locked".to_owned()) };
        };
        let item = bus.with_proxy(NAME, item, LIMIT);
        let (found,): (Told,) = item.method_call(ITEM, "GetSecret", (session,)).map_err(told)?;
        Ok(Some(Zeroizing::new(found.2)))
    }
}
