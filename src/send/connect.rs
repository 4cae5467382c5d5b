//! How a connection is begun: whom it trusts, which proxy it goes through, how long it may take; and why none was.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Class, Error};
use crate::model::Proxy;
use crate::send::resolve::ThreadResolver;
use crate::send::transport::Options;
use crate::send::trust;
use crate::sign::percent;

/// A connection that nobody uses is kept so long: less than any vendor keeps it, so that a request seldom meets one
/// that is just being closed.
const LONGEST_IDLE: Duration = Duration::from_secs(10);

/// The HTTP client of these options: it follows nobody, repeats nothing, and asks the platform for nothing.
///
/// # Errors
/// Usage, where a named file holds no roots.
pub(super) fn client(options: &Options) -> Result<reqwest::Client, Error> {
    let failed =
        |error: reqwest::Error| Error::new(Class::Internal, format!("set up the HTTP client: {}", causes(&error)));
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .timeout(options.timeout)
        .connect_timeout(connect_time(options))
        .pool_idle_timeout(LONGEST_IDLE)
        .http1_only()
        .no_proxy()
        .user_agent(options.user_agent)
        .dns_resolver(Arc::new(ThreadResolver::system()));
    if options.system_trust {
        builder = trust::platform(builder, &options.roots)?;
    } else {
        builder = builder.tls_backend_preconfigured(trust::client_config(&options.roots)?);
    }
    if let Some(proxy) = &options.proxy {
        builder = builder.proxy(reqwest::Proxy::all(&*address(proxy)).map_err(failed)?);
    }
    builder.build().map_err(failed)
}

/// Connecting ends before the attempt does: what was never connected is then known to be so.
fn connect_time(options: &Options) -> Duration {
    options.connect_timeout.min(options.timeout * 9 / 10)
}

/// A proxy as the client wants it, login and all.
fn address(proxy: &Proxy) -> zeroize::Zeroizing<String> {
    let login = proxy
        .login
        .as_ref()
        .map(|(user, password)| format!("{}:{}@", percent::encode(user), percent::encode(password.expose())));
    zeroize::Zeroizing::new(format!("{}://{}{}", proxy.scheme, login.unwrap_or_default(), proxy.authority))
}

/// Why no connection came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The network's doing: another try may be luckier.
    Unreached,
    /// The proxy wants a user and password, or others.
    ProxyLogin,
    /// The certificate does not hold.
    Certificate,
}

/// Sorts a failed connection, and says it in words.
pub(super) fn refusal(error: &reqwest::Error, proxied: bool) -> (Refusal, String) {
    let told = causes(error);
    if let Some(why) = chain(error).find_map(certificate) {
        return (Refusal::Certificate, why);
    }
    let logins = ["proxy authorization required", "user/pass authentication", "credentials not accepted"];
    if proxied && logins.iter().any(|login| told.contains(login)) {
        return (Refusal::ProxyLogin, "the proxy wants another user and password".to_owned());
    }
    if told.contains("tunnel error: unsuccessful") {
        return (Refusal::Unreached, "the proxy refuses to connect there".to_owned());
    }
    (Refusal::Unreached, told)
}

/// What is wrong with a certificate, where that is what an error says.
fn certificate(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    use rustls::CertificateError as Wrong;
    let rustls::Error::InvalidCertificate(wrong) = cause.downcast_ref()? else { return None };
    Some(match wrong {
        Wrong::Expired | Wrong::ExpiredContext { .. } => {
            "its certificate has expired, or this machine's clock is wrong".to_owned()
        }
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => {
            "its certificate is not valid yet, or this machine's clock is wrong".to_owned()
        }
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => {
            "its certificate is for another host".to_owned()
        }
        Wrong::UnknownIssuer => "its certificate is signed by nobody whom livectl trusts".to_owned(),
        Wrong::Revoked => "its certificate has been revoked".to_owned(),
        other => format!("its certificate does not hold: {other}"),
    })
}

/// An error and all that caused it, also what an I/O error carries.
pub(super) fn chain<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let carried = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        carried.map(|inner| inner as &(dyn std::error::Error + 'static)).or_else(|| error.source())
    })
}

/// The innermost causes of an error, without the URL that the outermost would print.
pub(super) fn causes(error: &reqwest::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        // The client's own layer only repeats which step it was at.
        if !text.starts_with("client error (") && !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        source = cause.source();
    }
    if parts.is_empty() {
        parts.push("the connection failed".to_owned());
    }
    parts.join(": ")
}
