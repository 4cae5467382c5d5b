//! Which proxy a connection goes through, by the variables that curl and its like obey.

use std::net::IpAddr;

use ipnet::IpNet;
use percent_encoding::percent_decode_str;

use crate::config::Environment;
use crate::error::Error;
use crate::model::{Proxy, Secret};

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The proxy for an address, `https://HOST[:PORT]…` or `http://…`: from `HTTPS_PROXY` or `HTTP_PROXY` by its scheme,
/// else from `ALL_PROXY`, unless `NO_PROXY` names its host. Each may be in lower case; upper case comes first, and what
/// is empty is not there.
///
/// # Errors
/// Usage: a variable that names no proxy. A connection must not go round a proxy because its name was mistyped.
pub fn proxy_for(environment: &Environment, address: &str) -> Result<Option<Proxy>, Error> {
    let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let plain = scheme.eq_ignore_ascii_case("http");
    let names: &[&str] = match plain {
        // A server hands the header `Proxy:` of a visitor to its scripts as HTTP_PROXY.
        true if environment.var("REQUEST_METHOD").is_some() => &["http_proxy", "ALL_PROXY", "all_proxy"],
        true => &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
        false => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
    };
    let named = names.iter().find_map(|name| Some((*name, environment.var(name)?)));
    let Some((name, value)) = named else { return Ok(None) };
    let exceptions = environment.var("NO_PROXY").or_else(|| environment.var("no_proxy")).unwrap_or_default();
    let (host, port) = split_port(authority);
    if is_exempt(exceptions, host, port.unwrap_or(if plain { 80 } else { 443 })) {
        return Ok(None);
    }
    read(value.trim()).map(Some).map_err(|why| {
        Error::usage(format!("read the proxy from `{name}`: {why}"))
            .hint("write it as `http://proxy.example.com:3128`, `http://USER:PASSWORD@…` or `socks5h://…`")
            .hint("in user and password, `%`, `:`, `@` and `/` are written `%25`, `%3A`, `%40` and `%2F`")
    })
}

/// Reads the address of a proxy. What it says wrong never quotes it: there may be a password in it.
fn read(value: &str) -> Result<Proxy, String> {
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    let scheme = scheme.to_ascii_lowercase();
    if !SCHEMES.contains(&scheme.as_str()) {
        return Err(format!("its scheme is none of {}", SCHEMES.join(", ")));
    }
    // A password may hold an `@` of its own: the last one ends it.
    let (login, place) = rest.rsplit_once('@').map_or((None, rest), |(login, place)| (Some(login), place));
    let authority = place.strip_suffix('/').unwrap_or(place);
    let (host, port) = split_port(authority);
    let named = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    let address = authority.starts_with('[') && host.parse::<IpAddr>().is_ok();
    let whole = port.is_some() || authority.trim_matches(['[', ']']) == host;
    if host.is_empty() || !(named || address) || !whole {
        return Err("only a host and perhaps a port may follow the scheme and the login".to_owned());
    }
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let login = login.map(|login| {
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        (decoded(user), Secret::new(decoded(password)))
    });
    Ok(Proxy { scheme, authority: authority.to_owned(), login })
}

/// Whether `NO_PROXY` names the host: entries are divided by commas or blanks. `*` is every host; a domain, with or
/// without a dot or `*.` before it, is itself and all below it; an address or a network in CIDR is an address; a
/// port behind them restricts them to it.
fn is_exempt(exceptions: &str, host: &str, port: u16) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok().map(|address| address.to_canonical());
    exceptions.split([',', ' ', '\t', '\n']).filter(|entry| !entry.is_empty()).any(|entry| {
        if entry == "*" {
            return true;
        }
        if let Ok(network) = entry.parse::<IpNet>() {
            return address.is_some_and(|address| network.contains(&address));
        }
        let (name, only) = split_port(entry);
        if only.is_some_and(|only| only != port) {
            return false;
        }
        if let Ok(exempt) = name.parse::<IpAddr>() {
            return address == Some(exempt.to_canonical());
        }
        let name = name.trim_start_matches('*').trim_matches('.').to_ascii_lowercase();
        let below = || host.strip_suffix(&name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        address.is_none() && !name.is_empty() && below()
    })
}

/// Host and port of `HOST:PORT`, `[V6]:PORT`, `V6` or `HOST`; the host without brackets.
fn split_port(authority: &str) -> (&str, Option<u16>) {
    if let Some((host, after)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, after.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match authority.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (authority, None),
        },
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VENDOR: &str = "https://live.example.com";

    fn chosen(variables: &[(&str, &str)], address: &str) -> Option<String> {
        let environment = Environment::new(variables.iter().copied(), None);
        proxy_for(&environment, address).unwrap().map(|proxy| format!("{}://{}", proxy.scheme, proxy.authority))
    }

    #[test]
    fn the_variable_is_chosen_by_scheme_and_order() {
        let all = [("HTTPS_PROXY", "http://a:1"), ("https_proxy", "http://b:2"), ("ALL_PROXY", "socks5h://c:3")];
        assert_eq!(chosen(&all, VENDOR).as_deref(), Some("http://a:1"));
        assert_eq!(chosen(&all[1..], VENDOR).as_deref(), Some("http://b:2"));
        assert_eq!(chosen(&all[2..], VENDOR).as_deref(), Some("socks5h://c:3"));
        assert_eq!(chosen(&[("all_proxy", "d")], VENDOR).as_deref(), Some("http://d"));
        assert_eq!(
            chosen(&[("HTTPS_PROXY", ""), ("https_proxy", "http://b:2/")], VENDOR).as_deref(),
            Some("http://b:2")
        );
        assert_eq!(chosen(&[("HTTP_PROXY", "http://a:1")], VENDOR), None);
        assert_eq!(chosen(&[("HTTPS_PROXY", "http://a:1")], "http://play.example.com/x?y"), None);
        assert_eq!(
            chosen(&[("HTTP_PROXY", "http://a:1")], "http://play.example.com/x?y").as_deref(),
            Some("http://a:1")
        );
        let script = [("HTTP_PROXY", "http://a:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(chosen(&script, "http://play.example.com"), None);
    }

    #[test]
    fn a_login_is_taken_out_and_decoded() {
        let login = |value: &str| {
            let proxy = read(value).unwrap();
            let (user, password) = proxy.login.unwrap();
            (proxy.authority, user, password.expose().to_owned())
        };
        let expected = |place: &str, user: &str, password: &str| (place.into(), user.into(), password.into());
        assert_eq!(login("http://me:p%40ss%3Aw%2Fo%25@proxy:3128"), expected("proxy:3128", "me", "p@ss:w/o%"));
        assert_eq!(login("http://me:p@ss#w/o?@proxy:3128/"), expected("proxy:3128", "me", "p@ss#w/o?"));
        assert_eq!(login("socks5://corp%5Cme:@[::1]:1080"), expected("[::1]:1080", "corp\\me", ""));
        assert_eq!(login("me@proxy"), expected("proxy", "me", ""));
        assert!(!format!("{:?}", read("http://me:s3cret@proxy:3128").unwrap()).contains("s3cret"));
    }

    #[test]
    fn what_names_no_proxy_is_refused_without_a_word_of_it() {
        for value in [
            "htp://s3cret:s3cret@proxy:1",
            "http://s3cret:s3cret@",
            "http://s3cret@proxy:99999",
            "http://s3cret@proxy:1/path",
            "http://pro xy:1",
            "http://s3cret@::1",
            "://",
        ] {
            let environment = Environment::new([("HTTPS_PROXY", value)], None);
            let error = proxy_for(&environment, VENDOR).unwrap_err();
            assert!(error.to_string().starts_with("read the proxy from `HTTPS_PROXY`: "), "{error}");
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
            // Who goes round the proxy needs none that can be read.
            let round = Environment::new([("HTTPS_PROXY", value), ("NO_PROXY", "example.com")], None);
            assert_eq!(proxy_for(&round, VENDOR).unwrap(), None);
        }
    }

    #[test]
    fn exceptions_are_whole_labels_addresses_networks_and_ports() {
        for (exceptions, host, port, exempt) in [
            ("example.com", "example.com", 443, true),
            ("example.com", "live.example.com", 443, true),
            ("example.com", "notexample.com", 443, false),
            ("example.com", "example.com.evil.org", 443, false),
            (".example.com", "live.example.com", 443, true),
            (".example.com", "example.com", 443, true),
            (".example.com", "notexample.com", 443, false),
            ("*.example.com", "live.example.com", 443, true),
            ("EXAMPLE.com", "LIVE.Example.COM", 443, true),
            ("example.com.", "live.example.com", 443, true),
            ("example.com", "live.example.com.", 443, true),
            ("ample.com", "example.com", 443, false),
            ("live", "live.example.com", 443, false),
            ("*", "live.example.com", 443, true),
            ("*", "10.0.0.1", 443, true),
            ("a.org, \texample.com ,", "live.example.com", 443, true),
            ("a.org example.com", "live.example.com", 443, true),
            (" , ,", "live.example.com", 443, false),
            (".", "live.example.com", 443, false),
            ("example.com:443", "live.example.com", 443, true),
            ("example.com:8443", "live.example.com", 443, false),
            ("10.0.0.1", "10.0.0.1", 443, true),
            ("10.0.0.1:443", "10.0.0.1", 443, true),
            ("10.0.0.1:80", "10.0.0.1", 443, false),
            ("10.0.0.1", "10.0.0.10", 443, false),
            ("0.0.1", "10.0.0.1", 443, false),
            ("10.0.0.0/8", "10.200.3.4", 443, true),
            ("10.0.0.0/8", "11.0.0.1", 443, false),
            ("10.0.0.0/8", "10.example.com", 443, false),
            ("fd00::/8", "fd12::1", 443, true),
            ("::1", "::1", 443, true),
            ("[::1]:443", "::1", 443, true),
            ("[::1]", "::1", 443, true),
            ("[::1]:80", "::1", 443, false),
            ("127.0.0.1", "::ffff:127.0.0.1", 443, true),
            ("localhost", "127.0.0.1", 443, false),
        ] {
            assert_eq!(is_exempt(exceptions, host, port), exempt, "`{exceptions}` {host}:{port}");
        }
    }
}
