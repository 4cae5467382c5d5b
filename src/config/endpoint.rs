//! What may stand in `--endpoint`.

use std::net::{IpAddr, Ipv6Addr};

use crate::error::{Error, Fault};

/// Checks an endpoint: `https://HOST[:PORT]`, or `http://` for a loopback address, and nothing after the host.
///
/// # Errors
/// Usage, with what is allowed.
pub fn check_endpoint(endpoint: &str) -> Result<(), Error> {
    let refuse = |why: &str| {
        let allowed = "`https://HOST[:PORT]`, or `http://` with a loopback address";
        let given = Some(without_user(endpoint));
        Error::usage(format!("checking the endpoint `{}`: {why}", without_user(endpoint)))
            .hint("write it as `https://live.example.com`, or `http://127.0.0.1:8080` for a local server")
            .faults(vec![Fault { option: "--endpoint".into(), given, allowed: allowed.into() }])
    };
    let Some((scheme, rest)) = endpoint.split_once("://") else {
        return Err(refuse("it begins with `https://`"));
    };
    let plain = match scheme.to_ascii_lowercase().as_str() {
        "https" => false,
        "http" => true,
        _ => return Err(refuse("it begins with `https://`")),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let Some(host) = host_of(authority) else {
        return Err(refuse("only a host and perhaps a port follow the `://`"));
    };
    if plain && !is_loopback(host) {
        return Err(refuse("`http://` is for loopback addresses only, elsewhere it is `https://`"));
    }
    Ok(())
}

/// An endpoint as official tools write it, often without a scheme, in our form.
pub(super) fn with_scheme(endpoint: &str) -> String {
    match endpoint.contains("://") {
        true => endpoint.to_owned(),
        false => format!("https://{endpoint}"),
    }
}

/// The endpoint without a user and password, which somebody may have put into it.
pub(super) fn without_user(endpoint: &str) -> String {
    match (endpoint.split_once("://"), endpoint.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://***@{host}"),
        (None, Some((_, host))) => format!("***@{host}"),
        _ => endpoint.to_owned(),
    }
}

fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
        }
        None => {
            let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
            let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
            if host.is_empty() || !plain || host.starts_with(['.', '-']) {
                return None;
            }
            (host, port)
        }
    };
    let port_fits = |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|p| p > 0);
    port.is_none_or(port_fits).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
