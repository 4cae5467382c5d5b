//! Name resolution beside the one thread we have.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

/// The addresses of a name; the ports are 0.
type Lookup = fn(&str) -> io::Result<Vec<SocketAddr>>;

/// Asks in a thread of its own: a resolver that hangs then holds up neither the time-out of its connection, nor the
/// calls beside it, nor the end of the program.
pub(super) struct ThreadResolver(Lookup);

impl ThreadResolver {
    /// Asks the system's resolver: IPv4 and IPv6, in its order.
    pub(super) fn system() -> Self {
        ThreadResolver(|name| Ok((name, 0).to_socket_addrs()?.collect()))
    }
}

/// The addresses of a name, as a connection would find them.
///
/// # Errors
/// Why there are none: the system's words, or that it did not answer in time.
pub async fn addresses(host: &str, limit: Duration) -> Result<Vec<IpAddr>, String> {
    let name: Name = host.parse().map_err(|_| "it is no name".to_owned())?;
    match tokio::time::timeout(limit, ThreadResolver::system().resolve(name)).await {
        Ok(Ok(found)) => Ok(found.map(|address| address.ip()).collect()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", limit.as_secs_f32())),
    }
}

impl Resolve for ThreadResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (sender, found) = oneshot::channel();
        let lookup = self.0;
        let asked = std::thread::Builder::new().name("resolver".to_owned()).spawn(move || {
            // Who asked may have given up.
            let _ = sender.send(lookup(name.as_str()));
        });
        Box::pin(async move {
            asked?;
            let found = found.await.map_err(io::Error::other)??;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(lookup: Lookup) -> Resolving {
        ThreadResolver(lookup).resolve("live.example.com".parse().unwrap())
    }

    #[tokio::test]
    async fn a_name_is_looked_up_or_told_to_be_unknown() {
        let known = |name: &str| Ok(vec![SocketAddr::from(([name.len() as u8, 0, 0, 1], 0))]);
        let found: Vec<SocketAddr> = resolve(known).await.unwrap().collect();
        assert_eq!(found, [SocketAddr::from(([16, 0, 0, 1], 0))]);
        let unknown = |_: &str| Err(io::Error::other("no such name"));
        assert_eq!(resolve(unknown).await.err().unwrap().to_string(), "no such name");
    }

    #[tokio::test(start_paused = true)]
    async fn a_resolver_that_hangs_holds_up_nobody() {
        // The thread never ends; the clock of the test goes on because nothing else is waited for.
        let hangs: Lookup = |_| loop {
            std::thread::park();
        };
        let waited = tokio::time::timeout(Duration::from_secs(5), resolve(hangs)).await;
        assert!(waited.is_err());
    }
}
