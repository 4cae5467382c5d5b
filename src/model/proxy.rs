//! The proxy that a connection goes through.

use crate::model::Secret;

/// A proxy, as one of the usual variables names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`.
    pub scheme: String,
    /// Host and perhaps port, IPv6 in brackets.
    pub authority: String,
    /// User and password, decoded.
    pub login: Option<(String, Secret)>,
}
