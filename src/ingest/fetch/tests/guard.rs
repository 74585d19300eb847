//! No way leads to a machine that the operator did not name: not by any spelling of its address, not by a redirect, not
//! by a name, not by a name that means something else the second time. A canary sits where they all would lead.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::{FutureExt as _, future::join_all};
use url::Host;

use super::{super::resolve::Guarded, *};

/// A machine that must not be asked: on all addresses of this one.
struct Canary {
    port: u16,
    callers: Arc<AtomicUsize>,
}

impl Canary {
    async fn sits() -> Self {
        // Of both versions where there are two.
        let listener = match TcpListener::bind("[::]:0").await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
        };
        let (port, callers) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&callers);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { port, callers }
    }

    /// The canary is alive, and nobody but this has called it.
    async fn is_alone(&self) {
        drop(tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap());
        let called = async {
            while self.callers.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), called).await.unwrap();
        assert_eq!(self.callers.load(Ordering::SeqCst), 1, "somebody asked a machine that was not named");
    }

    fn url(&self, host: &str) -> Url {
        format!("http://{host}:{}/x", self.port).parse().unwrap()
    }
}

fn address(url: &Url) -> IpAddr {
    match url.host().unwrap() {
        Host::Ipv4(address) => address.into(),
        Host::Ipv6(address) => address.into(),
        Host::Domain(name) => panic!("{name} is no address"),
    }
}

/// The street, its names meaning what `ask` says.
async fn street(ask: impl Fn(String) -> Vec<IpAddr> + Send + Sync + 'static) -> Street {
    let mut street = Street::of(1).await;
    let ask = move |name| {
        let found = ask(name).into_iter().map(|address| SocketAddr::new(address, 0)).collect();
        async { Ok(found) }.boxed()
    };
    let patience = Patience { connect: Duration::from_millis(100), ..QUICK };
    street.fetcher.clients.usual.guarded = client::plain(patience).dns_resolver(Guarded::asking(ask)).build().unwrap();
    street
}

#[tokio::test]
async fn no_spelling_of_a_closed_address_is_asked_at_once_or_by_a_redirect() {
    let (canary, street) = (Canary::sits().await, Street::of(1).await);
    for host in address::tests::closed_spellings() {
        let url = canary.url(host);
        let direct = street.fetch(&dataset(&format!("http://{host}:{}/x", canary.port))).await.unwrap_err();
        assert!(matches!(direct, FetchError::Closed { .. }), "{host}: {direct}");
        let redirect = format!("HTTP/1.1 302 Found\r\nLocation: http://{host}:{}/x\r\n\r\n", canary.port);
        let known = |dataset: &mut Dataset| dataset.source.redirect_hosts = vec![url.host_str().unwrap().to_owned()];
        let script = vec![(NOW, redirect.into_bytes())];
        let redirected = street.ask(0, (script, End::HangsUp), known).await.unwrap_err();
        // A header may not hold what is not ASCII: such a redirect leads nowhere.
        let refused = matches!(redirected, FetchError::Closed { .. } | FetchError::Status { .. });
        assert!(refused, "{host}: {redirected}");
        assert!(matches!(Failure::from(redirected), Failure::Final(_)), "{host}: asking again would end the same way");
    }
    canary.is_alone().await;
}

#[tokio::test]
async fn no_name_of_a_closed_address_is_asked() {
    let canary = Canary::sits().await;
    let closed: Vec<IpAddr> =
        address::tests::closed_spellings().iter().map(|host| address(&canary.url(host))).collect();
    let meant = closed.clone();
    let street = street(move |name| {
        let number: usize = name.trim_start_matches('n').split('.').next().unwrap().parse().unwrap();
        vec![meant[number], meant[(number + 1) % meant.len()]]
    });
    let street = street.await;
    let asked = closed.iter().enumerate().map(async |(number, address)| {
        let url = canary.url(&format!("n{number}.example"));
        let error = street.fetch(&dataset(url.as_str())).await.unwrap_err().to_string();
        assert!(error.contains("leads only to addresses that are not on the open internet"), "{address}: {error}");
    });
    join_all(asked).await;
    canary.is_alone().await;
}

#[tokio::test]
async fn a_name_that_means_something_else_the_second_time_gains_nothing() {
    // In the open by its kind, and nobody's: no site is there to be asked.
    let nobody: IpAddr = "2fff::1".parse().unwrap();
    let canary = Canary::sits().await;
    let closed: Vec<IpAddr> =
        address::tests::closed_spellings().iter().map(|host| address(&canary.url(host))).collect();
    let (meant, lookups) = (closed.clone(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&lookups);
    let street = street(move |name| {
        let number: usize = name.trim_start_matches('n').split('.').next().unwrap().parse().unwrap();
        let first = counted.fetch_add(1, Ordering::SeqCst) < meant.len();
        vec![if first { nobody } else { meant[number] }]
    });
    let street = street.await;
    for told in ["", "leads only to addresses that are not on the open internet"] {
        let before = lookups.load(Ordering::SeqCst);
        let asked = (0..closed.len()).map(async |number| {
            let url = canary.url(&format!("n{number}.example"));
            let error = street.fetch(&dataset(url.as_str())).await.unwrap_err().to_string();
            assert!(error.contains(told), "{number}: {error}");
        });
        join_all(asked).await;
        let after = lookups.load(Ordering::SeqCst);
        assert_eq!(after - before, closed.len(), "the address that was judged is the one that is asked");
    }
    canary.is_alone().await;
}
