//! Name resolution under guard: what is not on the open internet is never connected to.

use std::{fmt, io, net::SocketAddr, sync::Arc};

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address;

/// Resolves names and drops closed addresses. The connection is made to the very addresses that were judged here, so
/// a name that answers differently the second time gains nothing.
#[derive(Clone)]
pub(super) struct Guarded {
    ask: Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>,
}

/// A name that leads nowhere on the open internet.
#[derive(Debug, thiserror::Error)]
#[error(
    "{name} leads only to addresses that are not on the open internet: if it is yours, allow it with --fetch-allow"
)]
pub(super) struct ClosedName {
    name: String,
}

impl Guarded {
    /// Asks this system, as everybody does.
    pub(super) fn system() -> Self {
        Self::asking(|name| async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) }.boxed())
    }

    /// Asks whoever this is.
    pub(super) fn asking(
        ask: impl Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync + 'static,
    ) -> Self {
        Self { ask: Arc::new(ask) }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let found = (self.ask)(name.as_str().to_owned());
        Box::pin(async move {
            let open = judge(name.as_str(), &found.await?)?;
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

impl fmt::Debug for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded").finish_non_exhaustive()
    }
}

fn judge(name: &str, found: &[SocketAddr]) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
    let open: Vec<SocketAddr> = found.iter().copied().filter(|at| address::is_open(at.ip())).collect();
    match (open.is_empty(), found.is_empty()) {
        (false, _) => Ok(open),
        (true, false) => Err(ClosedName { name: name.to_owned() }.into()),
        (true, true) => Err(io::Error::new(io::ErrorKind::NotFound, format!("{name} has no address")).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_for_a_private_address_is_refused() {
        let answer = ["10.0.0.7:0", "[::1]:0"].map(|at| at.parse().unwrap());
        let refused = judge("sneaky.example", &answer).unwrap_err();
        assert!(refused.to_string().starts_with("sneaky.example leads only to addresses"));
    }

    #[test]
    fn of_mixed_answers_only_the_open_ones_are_used() {
        let answer = ["10.0.0.7:0", "8.8.8.8:0"].map(|at| at.parse().unwrap());
        assert_eq!(judge("mixed.example", &answer).unwrap(), ["8.8.8.8:0".parse().unwrap()]);
    }

    #[tokio::test]
    async fn localhost_is_refused_whatever_the_hosts_file_calls_it() {
        for name in ["localhost", "localhost."] {
            assert!(Guarded::system().resolve(name.parse().unwrap()).await.is_err(), "{name}");
        }
    }
}
