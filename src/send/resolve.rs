//! Name resolution on the one thread we have.

use std::net::{SocketAddr, ToSocketAddrs};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Asks the system's resolver inline: a pool thread for it costs more than the lookup of a one-shot call.
pub(super) struct InlineResolver;

impl Resolve for InlineResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = (name.as_str(), 0).to_socket_addrs()?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
