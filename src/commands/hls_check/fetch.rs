//! Fetching what a playlist names, and no more than a player would: HTTP or HTTPS, no redirect, bounded; from the
//! network at large never to an address inside one's own.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::commands::sender::{Trust, sender};
use crate::commands::session::Session;
use crate::error::{Class, Error, Result};
use crate::send::Bound;

/// Fetches for one check.
pub(super) struct Fetcher<'a> {
    session: &'a Session,
    /// What the user named is inside one's own network.
    inside: bool,
}

impl<'a> Fetcher<'a> {
    /// For a check of this address.
    pub(super) fn new(session: &'a Session, url: &Url) -> Self {
        Fetcher { session, inside: is_inside(url) }
    }

    /// Fetches `what` (`the key`).
    ///
    /// # Errors
    /// An address that is not fetched; the network's; what the server says instead.
    pub(super) async fn get(&self, what: &str, url: &Url, bound: Bound) -> Result<Vec<u8>> {
        self.refuse(what, url)?;
        let roots = self.session.global.ca_bundle.clone();
        let roots = roots.or_else(|| self.session.environment.var("SSL_CERT_FILE").map(Into::into));
        let trust = Trust { roots: roots.as_deref(), system: false, this_machine: is_loopback(url) };
        let sender = sender(self.session, url.as_str(), trust, String::new())?;
        let note = |text: &str| self.session.stderr.warn(text);
        let response = sender.get_public(url.as_str(), bound, &note).await.map_err(|error| {
            error.with(|details| {
                if details.message.starts_with("connect to ") {
                    details.hints = vec![format!("check the network, and the address of {what}")];
                }
                let told = details.message.replace("the vendor's answer", "the answer");
                details.message = format!("fetching {what}: {told}");
            })
        })?;
        self.session.stderr.detail(1, &format!("{what}: HTTP {}", response.status));
        match response.status {
            200..=299 => Ok(response.body),
            300..=399 => {
                let message = format!("fetching {what} from {}: the server sends elsewhere", place(url));
                let to = response.header("location").unwrap_or("nowhere").split('?').next().unwrap_or_default();
                Err(Error::new(Class::Vendor, message).hint(format!("no redirect is followed; it leads to {to}")))
            }
            status => Err(Error::new(class(status), format!("fetching {what} from {}: HTTP {status}", place(url)))
                .with(|details| details.http_status = Some(status))),
        }
    }

    /// Refuses what no player fetches, and what nobody outside may have fetched here.
    fn refuse(&self, what: &str, url: &Url) -> Result<()> {
        let refused = |why: &str| {
            // An address of another kind may hold the key itself.
            let shown = if url.host().is_some() { place(url) } else { format!("{}:…", url.scheme()) };
            Err(Error::new(Class::Vendor, format!("fetching {what} from `{shown}`: {why}")))
        };
        match url.scheme() {
            "http" | "https" if url.host().is_none() => refused("it names no server"),
            "http" | "https" if !url.username().is_empty() || url.password().is_some() => {
                refused("a login stands in it")
            }
            "http" | "https" if !self.inside && is_inside(url) => {
                refused("a playlist from elsewhere names a server of your own network")
            }
            "http" | "https" => Ok(()),
            _ => refused("only http:// and https:// are fetched"),
        }
    }
}

/// Server and path, without the query that may sign it, and not endless.
fn place(url: &Url) -> String {
    let path: String = url.path().chars().take(120).collect();
    format!("{}{path}", url.host_str().unwrap_or_default())
}

fn class(status: u16) -> Class {
    match status {
        401 | 403 => Class::Auth,
        404 | 410 => Class::NotFound,
        429 => Class::Throttled,
        _ => Class::Vendor,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a server is one that only one's own network reaches, as far as its address says so.
fn is_inside(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let local = ["localhost", "local", "internal", "lan", "home.arpa"];
            !name.contains('.') || local.iter().any(|end| name.ends_with(&format!(".{end}")))
        }
        Some(Host::Ipv4(address)) => is_private(address),
        Some(Host::Ipv6(address)) => is_private_v6(address),
        None => false,
    }
}

fn is_private(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || first == 0
        || first == 100 && (64..128).contains(&second)
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let mapped = address.to_ipv4().is_some_and(is_private);
    let [first, ..] = address.segments();
    mapped || address.is_loopback() || address.is_multicast() || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_of_ones_own_network_are_known() {
        for (url, inside) in [
            ("http://127.0.0.1/k", true),
            ("http://2130706433/k", true),
            ("http://0x7f.1/k", true),
            ("http://localhost:8080/k", true),
            ("http://printer/k", true),
            ("http://kms.internal/k", true),
            ("http://169.254.169.254/latest", true),
            ("http://10.1.2.3/k", true),
            ("http://100.100.100.200/k", true),
            ("http://[::1]/k", true),
            ("http://[::ffff:10.0.0.1]/k", true),
            ("http://[fd00::1]/k", true),
            ("http://[fe80::1]/k", true),
            ("https://kms.example.com/k", false),
            ("https://203.0.113.9/k", false),
            ("https://[2001:db8::1]/k", false),
        ] {
            assert_eq!(is_inside(&Url::parse(url).unwrap()), inside, "{url}");
        }
    }
}
