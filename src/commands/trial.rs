//! `livectl config test`: profiles tried with one call that changes nothing.

use serde_json::json;

use crate::commands::api::object;
use crate::commands::link::Link;
use crate::commands::session::Session;
use crate::config::Account;
use crate::error::{Class, Error, Result};
use crate::model::{Columns, Reading, Row};
use crate::output::Shape;
use crate::providers::codes::{self, Kind};
use crate::providers::probe::probe;
use crate::providers::sts;

const COLUMNS: Columns = &["vendor", "profile", "credentials", "host", "ok"];

/// Carries out `livectl config test`.
///
/// # Errors
/// Why an account cannot be used; partial where it is one of several.
pub(super) async fn run(session: &Session, name: Option<String>) -> Result<()> {
    let mut selection = session.selection(None, false)?;
    if let Some(name) = name {
        selection.profiles = vec![name];
        selection.all_profiles = false;
    }
    let accounts = session.resolve(&selection)?;
    let many = accounts.len() + session.unusable.get() as usize;
    let shape = if many > 1 { Shape::List } else { Shape::One };
    let mut sink = session.sink(shape, COLUMNS, 2);
    let mut failed = session.unusable.get();
    for account in accounts {
        let (mut row, tried) = tried(session, account).await;
        match tried {
            Ok(()) => {}
            Err(error) if many == 1 => return Err(error),
            Err(error) => {
                failed += 1;
                row.insert("ok".to_owned(), json!(false));
                session.stderr.failure(&session.without_secrets(error));
            }
        }
        if !sink.push(row)? {
            break;
        }
    }
    sink.finish()?;
    match failed {
        0 => Ok(()),
        _ => Err(Error::new(Class::Partial, format!("test profiles: {failed} of {many} failed, each is told above"))),
    }
}

async fn tried(session: &Session, account: Account) -> (Row, Result<()>) {
    let kind = kind(&account);
    let mut row = object(json!({
        "vendor": account.vendor.name(),
        "profile": account.profile,
        "credentials": kind,
        "host": null,
        "ok": true,
    }));
    let host = async { once(session, account).await };
    match host.await {
        Ok(host) => {
            row.insert("host".to_owned(), json!(host));
            (row, Ok(()))
        }
        Err(error) => (row, Err(error)),
    }
}

/// The word for what an account signs with.
pub(super) fn kind(account: &Account) -> &'static str {
    match (&account.role, &account.credentials) {
        (Some(role), _) => role.kind(),
        (None, Some(keys)) if keys.session_token.is_some() => "session",
        (None, Some(_)) => "static",
        (None, None) => "sandbox",
    }
}

/// Sends the one call, and tells to which host it went.
///
/// # Errors
/// The vendor's, with what the answer says about the credentials.
pub(super) async fn once(session: &Session, account: Account) -> Result<String> {
    let link = Link::open(session, account).await?;
    match link.send(&probe(link.vendor()), &[], &(), Reading::Verdict).await {
        Ok(_) => Ok(link.host.clone()),
        Err(error) if is_permission(&error) => Err(error
            .hint("the credentials are accepted; they may not list domains, which a read-only policy would let them")),
        Err(error) => Err(error),
    }
}

/// Whether the vendor knows who asks, and says no; not where it is a role that may not be assumed.
pub(super) fn is_permission(error: &Error) -> bool {
    let details = error.details();
    let of_role = |vendor, action: &String| sts::actions(vendor).contains(&action.as_str());
    if details.vendor.zip(details.action.as_ref()).is_some_and(|(vendor, action)| of_role(vendor, action)) {
        return false;
    }
    let kind = |code: &String| Some(codes::sense(details.vendor?, code, details.http_status?).kind);
    details.code.as_ref().and_then(kind) == Some(Kind::Permission)
}
