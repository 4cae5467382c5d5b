//! `livectl doctor`: looks at the setup, one thing after the other, and says what to do.

use std::net::IpAddr;

use futures_util::StreamExt;
use jiff::SignedDuration;
use jiff::fmt::rfc2822;
use serde_json::json;

use crate::commands::Ending;
use crate::commands::api::object;
use crate::commands::sender::{Trust, sender, split_endpoint};
use crate::commands::session::Session;
use crate::commands::trial;
use crate::config::{self, Account, Selection};
use crate::error::{Class, Error, Result};
use crate::model::{Columns, Response, Row, Vendor};
use crate::providers;
use crate::send::{self, Bound};

const COLUMNS: Columns = &["vendor", "profile", "check", "status", "detail", "advice"];

/// So many profiles are looked at side by side.
const AT_ONCE: usize = 16;

/// A clock may be off so far before anybody minds; vendors refuse from five minutes on.
const LARGEST_OFFSET: SignedDuration = SignedDuration::from_secs(30);

/// What a look has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Fine,
    Warning,
    Failed,
    /// Not looked at.
    Skipped,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Status::Fine => "ok",
            Status::Warning => "warning",
            Status::Failed => "failed",
            Status::Skipped => "skipped",
        }
    }
}

/// Whose setup is looked at.
#[derive(Debug, Clone, Default)]
struct Whose {
    vendor: Option<Vendor>,
    profile: Option<String>,
}

/// What was found about one account.
#[derive(Default)]
struct Findings {
    whose: Whose,
    rows: Vec<Row>,
    failures: Vec<Error>,
}

impl Findings {
    fn of(vendor: Option<Vendor>, profile: Option<String>) -> Self {
        Findings { whose: Whose { vendor, profile }, ..Findings::default() }
    }

    fn add(&mut self, check: &str, status: Status, detail: impl Into<String>, advice: Option<String>) {
        self.rows.push(object(json!({
            "vendor": self.whose.vendor.map(Vendor::name),
            "profile": self.whose.profile,
            "check": check,
            "status": status.name(),
            "detail": detail.into(),
            "advice": advice,
        })));
    }

    fn fail(&mut self, check: &str, error: Error) {
        let hints = error.details().hints.join("; ");
        self.add(check, Status::Failed, error.to_string(), Some(hints).filter(|hints| !hints.is_empty()));
        self.failures.push(error);
    }

    fn skip(&mut self, checks: &[&str], why: &str) {
        for check in checks {
            self.add(check, Status::Skipped, why, None);
        }
    }
}

/// Carries out `livectl doctor`.
///
/// # Errors
/// What failed, once all of it is told.
pub(super) async fn run(session: &Session) -> Result<Ending> {
    let selection = session.selection(None, false)?;
    let mut all = vec![about_file(session, &selection)];
    let resolved = if all.iter().all(|findings| findings.failures.is_empty()) {
        accounts(session, &selection, &mut all)
    } else {
        Vec::new()
    };
    let many = resolved.len() + all.len() - 1;
    let looks = resolved.into_iter().map(|account| async {
        match account {
            Ok(account) => about_account(session, account).await,
            Err((error, findings)) => without_account(session, &selection, error, findings).await,
        }
    });
    all.extend(futures_util::stream::iter(looks).buffered(AT_ONCE).collect::<Vec<_>>().await);
    let mut sink = session.whole_sink(COLUMNS, many.max(1));
    let rows: Vec<Row> = all.iter().flat_map(|findings| findings.rows.iter().cloned()).collect();
    let checks = rows.iter().filter(|row| row.get("status") != Some(&json!("skipped"))).count();
    for row in rows {
        if !sink.push(masked(session, row))? {
            break;
        }
    }
    sink.finish()?;
    let failures: Vec<Error> = all.into_iter().flat_map(|findings| findings.failures).collect();
    let Some(first) = failures.first() else { return Ok(Ending::Done) };
    let class = if many > 1 { Class::Partial } else { first.class() };
    let message = format!("check the setup: {} of {checks} checks failed, each is told above", failures.len());
    let vendor =
        first.details().vendor.filter(|_| failures.iter().all(|one| one.details().vendor == first.details().vendor));
    Err(Error::new(class, message).with(|details| details.vendor = vendor))
}

/// A row with every known secret cut out of its texts.
fn masked(session: &Session, row: Row) -> Row {
    let mut row = serde_json::Value::Object(row);
    session.secrets.borrow().mask_value(&mut row);
    object(row)
}

/// The profile file: whether it can be read, and what is odd about it.
fn about_file(session: &Session, selection: &Selection) -> Findings {
    let mut findings = Findings::default();
    let path = selection.config_file.clone().or_else(|| session.environment.config_file());
    let Some(path) = path else {
        findings.add("config", Status::Fine, "there is no home folder, and no profile file", None);
        return findings;
    };
    let shown = session.environment.display(&path);
    match config::oddities(&session.environment, selection, None) {
        Err(error) => findings.fail("config", error),
        Ok(_) if !path.exists() => {
            let advice = "`livectl config init` makes it; without it variables and the official tools' files are used";
            findings.add("config", Status::Fine, format!("there is no {shown}"), Some(advice.to_owned()));
        }
        Ok(odd) if odd.is_empty() => findings.add("config", Status::Fine, shown, None),
        Ok(odd) => {
            for oddity in odd {
                // Some say themselves what to type.
                let told = oddity.rsplit_once(": ").filter(|(_, todo)| todo.starts_with("`chmod"));
                let advice = told.map_or_else(|| format!("correct {shown}"), |(_, todo)| todo.to_owned());
                findings.add("config", Status::Warning, oddity, Some(advice));
            }
        }
    }
    findings
}

type Looked = std::result::Result<Account, (Error, Findings)>;

/// The accounts in question, those that cannot be used among them.
fn accounts(session: &Session, selection: &Selection, all: &mut [Findings]) -> Vec<Looked> {
    let unusable = |error: Error| {
        let details = error.details();
        let vendor = details.vendor.or(selection.vendor).or(selection.env_vendor);
        let findings = Findings::of(vendor, details.profile.clone());
        Err((error, findings))
    };
    match config::resolve(&session.environment, selection) {
        Ok(resolved) => {
            // The file's own oddities are told already.
            let of_file = |warning: &String| {
                all.iter().flat_map(|findings| &findings.rows).any(|row| row.get("detail") == Some(&json!(warning)))
            };
            let news: Vec<String> = resolved.warnings.into_iter().filter(|warning| !of_file(warning)).collect();
            for warning in news {
                if let Some(first) = all.first_mut() {
                    first.add("config", Status::Warning, warning, None);
                }
            }
            let failures = resolved
                .failures
                .into_iter()
                .map(|failure| unusable(failure.error.with(|details| details.profile = Some(failure.profile))));
            resolved.accounts.into_iter().map(Ok).chain(failures).collect()
        }
        Err(error) => vec![unusable(error)],
    }
}

/// An account that can be used, as far as can be told here.
async fn about_account(session: &Session, account: Account) -> Findings {
    session.know(&account);
    let mut findings = Findings::of(Some(account.vendor), account.profile.clone());
    let from = account.sources.iter().find(|row| row.field == "credentials").map(|row| row.source.clone());
    let told =
        from.map_or_else(|| trial::kind(&account).to_owned(), |from| format!("{}, {from}", trial::kind(&account)));
    findings.add("account", Status::Fine, told, None);
    let mut reached = true;
    if session.global.sandbox {
        findings.skip(&["proxy", "dns", "tls", "clock"], "the sandbox is in this process");
    } else {
        let endpoint = account.endpoint.as_deref();
        let place = Place::of(endpoint, account.vendor, account.region.as_deref());
        reached = about_network(session, &mut findings, place, Trust::of(&account, "https")).await;
    }
    match reached {
        true => about_credentials(session, &mut findings, account).await,
        false => findings.skip(&["credentials", "permissions"], "the vendor was not reached"),
    }
    findings
}

/// What can be looked at where there is nothing to sign with.
async fn without_account(session: &Session, selection: &Selection, error: Error, mut findings: Findings) -> Findings {
    findings.fail("account", error);
    match findings.whose.vendor {
        Some(vendor) if !session.global.sandbox => {
            let place = Place::of(selection.endpoint.as_deref(), vendor, selection.region.as_deref());
            let trust = Trust { roots: selection.ca_bundle.as_deref(), system: false, this_machine: false };
            about_network(session, &mut findings, place, trust).await;
        }
        _ => findings.skip(&["proxy", "dns", "tls", "clock"], "of which vendor is not known"),
    }
    findings.skip(&["credentials", "permissions"], "there is nothing to sign with");
    findings
}

/// Where an account's calls go.
struct Place {
    scheme: String,
    /// With its port, where that is not the scheme's own.
    host: String,
}

impl Place {
    fn of(endpoint: Option<&str>, vendor: Vendor, region: Option<&str>) -> Result<Self> {
        let (scheme, host) = match endpoint {
            Some(url) => split_endpoint(url)?,
            None => ("https".to_owned(), providers::provider(vendor).endpoint(region)),
        };
        Ok(Place { scheme, host })
    }

    /// The name or address without the port.
    fn name(&self) -> &str {
        match self.host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address,
            None => self.host.split_once(':').map_or(self.host.as_str(), |(name, _)| name),
        }
    }
}

/// Proxy, name, connection and clock; whether the vendor was reached.
async fn about_network(session: &Session, findings: &mut Findings, place: Result<Place>, trust: Trust<'_>) -> bool {
    let place = match place {
        Ok(place) => place,
        Err(error) => {
            findings.fail("dns", error);
            findings.skip(&["proxy", "tls", "clock"], "the endpoint is none");
            return false;
        }
    };
    let address = format!("{}://{}", place.scheme, place.host);
    let local = place.scheme == "http";
    let proxy = match config::proxy_for(&session.environment, &address) {
        Ok(proxy) => proxy.filter(|_| !local),
        Err(error) => {
            findings.fail("proxy", error);
            findings.skip(&["dns", "tls", "clock"], "nothing goes round a proxy that is set wrongly");
            return false;
        }
    };
    match &proxy {
        Some(proxy) => findings.add("proxy", Status::Fine, format!("{}://{}", proxy.scheme, proxy.authority), None),
        None => findings.add("proxy", Status::Fine, "none", None),
    }
    if proxy.is_some() {
        findings.skip(&["dns"], "the proxy finds the address");
    } else {
        about_name(session, findings, place.name()).await;
    }
    let trust = Trust { this_machine: local, ..trust };
    let before = session.environment.now();
    let answer = match sender(session, &address, trust, String::new()) {
        Ok(sender) => {
            sender.get_public(&format!("{address}/"), Bound::Beginning(1), &|text| session.stderr.detail(1, text)).await
        }
        Err(error) => Err(error),
    };
    match answer {
        Ok(response) => {
            let how = if local { "plain HTTP to this machine" } else { "the certificate holds" };
            findings.add("tls", Status::Fine, format!("{}: {how}", place.host), None);
            about_clock(session, findings, &response, before);
            true
        }
        Err(error) => {
            findings.fail("tls", error);
            findings.skip(&["clock"], "nobody told the time");
            false
        }
    }
}

async fn about_name(session: &Session, findings: &mut Findings, name: &str) {
    if name.parse::<IpAddr>().is_ok() {
        return findings.add("dns", Status::Fine, format!("{name} is an address"), None);
    }
    let limit = session.global.connect_timeout.unsigned_abs();
    match send::addresses(name, limit).await {
        Ok(found) if found.is_empty() => findings.add("dns", Status::Warning, format!("{name} has no address"), None),
        Ok(found) => {
            let told: Vec<String> = found.iter().take(4).map(IpAddr::to_string).collect();
            findings.add("dns", Status::Fine, format!("{name} is {}", told.join(", ")), None);
        }
        Err(why) => findings.fail(
            "dns",
            Error::new(Class::Network, format!("look up {name}: {why}"))
                .hint("check the name server of this machine, or set `HTTPS_PROXY` where a proxy is the way out"),
        ),
    }
}

/// Compares the clocks, by the date of an answer, which is told in whole seconds.
fn about_clock(session: &Session, findings: &mut Findings, response: &Response, before: jiff::Timestamp) {
    let date = response.header("date").and_then(|text| rfc2822::parse(text).ok());
    let Some(date) = date else { return findings.skip(&["clock"], "the answer has no date") };
    let (date, now) = (date.timestamp(), session.environment.now());
    // Somewhere between asking and being answered the other clock was read.
    let off =
        if date < before { date.duration_since(before) } else { date.duration_since(now).max(SignedDuration::ZERO) };
    if off.abs() < LARGEST_OFFSET {
        return findings.add("clock", Status::Fine, "as the vendor's, within 30 s", None);
    }
    let how = if off.is_negative() { "ahead of" } else { "behind" };
    findings.add(
        "clock",
        Status::Warning,
        format!("this machine's clock is {} s {how} the vendor's", off.abs().as_secs()),
        Some("set the clock; each run corrects itself once the vendor refuses a call for its time".to_owned()),
    );
}

/// One signed call: whether the credentials are accepted, and may read.
async fn about_credentials(session: &Session, findings: &mut Findings, account: Account) {
    match trial::once(session, account).await {
        Ok(_) => {
            findings.add("credentials", Status::Fine, "accepted", None);
            findings.add("permissions", Status::Fine, "may list domains", None);
        }
        Err(error) if trial::is_permission(&error) && error.class() == Class::Auth => {
            findings.add("credentials", Status::Fine, "accepted", None);
            findings.fail("permissions", error);
        }
        Err(error) => {
            findings.fail("credentials", error);
            findings.skip(&["permissions"], "the credentials come first");
        }
    }
}
