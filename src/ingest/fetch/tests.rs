use std::time::Duration;

use clap::Parser;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::{config::StateDir, job::Failure};

mod cuts;
mod guard;
mod limits;

#[derive(Parser)]
struct Only {
    #[command(flatten)]
    settings: Settings,
}

/// What a publisher sends: bytes, each after a pause.
type Script = Vec<(Duration, Vec<u8>)>;

/// What a publisher does once it has sent all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It keeps the line open.
    Waits,
    /// It hangs up.
    HangsUp,
    /// It tears the line down.
    Resets,
}

const QUICK: Patience = Patience {
    connect: Duration::from_secs(5),
    head: Duration::from_millis(300),
    window: Duration::from_millis(200),
    window_bytes: 100,
};

/// A fetcher of little patience, and publishers that it may ask.
struct Street {
    fetcher: Fetcher,
    archive: Archive,
    state: tempfile::TempDir,
    doors: Vec<TcpListener>,
}

impl Street {
    async fn of(publishers: usize) -> Self {
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let mut doors = Vec::new();
        for _ in 0..publishers {
            doors.push(TcpListener::bind("127.0.0.1:0").await.unwrap());
        }
        let allow = doors.iter().map(|door| format!("--fetch-allow={}", door.local_addr().unwrap()));
        let settings = Only::parse_from(std::iter::once("test".to_owned()).chain(allow)).settings;
        let fetcher = Fetcher::with_patience(&settings, QUICK).unwrap();
        let state = tempfile::tempdir().unwrap();
        let archive = Archive::open(&StateDir::new(Some(state.path()))).unwrap();
        Self { fetcher, archive, state, doors }
    }

    fn url(&self, door: usize) -> String {
        format!("http://{}/file.csv?token=abc", self.doors[door].local_addr().unwrap())
    }

    /// Asks a publisher that sends this to its first caller.
    async fn ask(
        &self,
        door: usize,
        (script, end): (Script, End),
        change: impl FnOnce(&mut Dataset),
    ) -> Result<(Fetched, u64), FetchError> {
        let mut dataset = dataset(&self.url(door));
        change(&mut dataset);
        // Who has not been called by the end of the question is not called any more.
        tokio::select! {
            biased;
            answer = self.fetch(&dataset) => answer,
            () = act(&self.doors[door], script, end) => unreachable!("a publisher never leaves first"),
        }
    }

    async fn fetch(&self, dataset: &Dataset) -> Result<(Fetched, u64), FetchError> {
        self.watched(dataset, &|_, _| ()).await
    }

    async fn watched(&self, dataset: &Dataset, watch: Watch<'_>) -> Result<(Fetched, u64), FetchError> {
        let manner = self.fetcher.manner(&dataset.source.asking(None).unwrap()).unwrap();
        let (url, bytes) = (dataset.source.url.as_str(), dataset.source.max_bytes);
        let ask = Ask { url, manner: &manner, known: &Validators::default(), bytes };
        let in_turn: InTurn<'_> = &|_host, _held| Box::pin(async { Ok(Turn::default()) });
        let fetched = self.fetcher.fetch(dataset, ask, Means { archive: &self.archive, watch, in_turn }).await?;
        let bytes = fetched.file.as_ref().map_or(0, |file| file.incoming.bytes());
        Ok((fetched, bytes))
    }
}

/// Follows the script with the first caller, and is then there without end.
async fn act(door: &TcpListener, script: Script, end: End) {
    let (mut line, _) = door.accept().await.unwrap();
    let _request = line.read(&mut [0; 4096]).await.unwrap();
    for (pause, bytes) in script {
        tokio::time::sleep(pause).await;
        if line.write_all(&bytes).await.is_err() {
            break;
        }
    }
    match end {
        End::Waits => {}
        End::HangsUp => drop(line.shutdown().await),
        End::Resets => line.set_zero_linger().unwrap(),
    }
    if end == End::Resets {
        drop(line);
    }
    std::future::pending::<()>().await;
}

/// Asks a publisher that sends this and then keeps the line open.
async fn fetch(
    script: Vec<(Duration, &[u8])>,
    change: impl FnOnce(&mut Dataset),
) -> Result<(Fetched, u64), FetchError> {
    let script = script.into_iter().map(|(pause, bytes)| (pause, bytes.to_vec())).collect();
    Street::of(1).await.ask(0, (script, End::Waits), change).await
}

fn dataset(url: &str) -> Dataset {
    with_source(&format!("url = '{url}'"))
}

/// A dataset with this source.
pub(super) fn with_source(source: &str) -> Dataset {
    let text = format!(
        "title = 'T'\ndescription = 'D'\nlicence = 'L'\nmode = 'replace'\nkey = ['id']\n\
         [publisher]\nname = 'P'\npage = 'https://p.example/'\n[source]\n{source}\n[format]\nkind = 'csv'\n\
         [columns]\nid = {{ from = 'id', type = 'integer', comment = 'C' }}\n[expect]\nmin_rows = 1\nmax_rejected = 0\n"
    );
    Dataset::parse("things.toml", "things".parse().unwrap(), &text).unwrap()
}

const NOW: Duration = Duration::ZERO;

#[tokio::test]
async fn a_whole_file_comes_with_its_name_and_its_validators() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: W/\"1\"\r\nContent-Type: text/csv\r\n\r\nhello";
    let (fetched, bytes) = fetch(vec![(NOW, head)], |_| ()).await.unwrap();
    assert!(fetched.final_url.ends_with("/file.csv?token=hidden"), "{}", fetched.final_url);
    let file = fetched.file.unwrap();
    assert_eq!((file.name.as_str(), bytes), ("file.csv", 5));
    assert_eq!(file.validators.etag.as_deref(), Some("W/\"1\""));
    assert_eq!(file.content_type.as_deref(), Some("text/csv"));
}

#[tokio::test]
async fn a_publisher_who_says_nothing_is_given_up() {
    let error = fetch(vec![], |_| ()).await.unwrap_err();
    assert!(matches!(error, FetchError::Slow { .. }), "{error}");
    assert!(matches!(Failure::from(error), Failure::Retry { .. }));
}

#[tokio::test]
async fn a_body_that_stops_on_its_way_is_given_up() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nsome";
    let error = fetch(vec![(NOW, head)], |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("4 bytes in 200ms, and 100 are the least"), "{error}");
}

#[tokio::test]
async fn a_drip_that_never_pauses_is_given_up_too() {
    let mut script: Vec<(_, &[u8])> = vec![(NOW, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")];
    script.extend((0..500).map(|_| (Duration::from_millis(10), &b"x"[..])));
    let error = fetch(script, |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("and 100 are the least"), "{error}");
}

#[tokio::test]
async fn the_whole_transfer_has_a_deadline() {
    let mut script: Vec<(_, &[u8])> = vec![(NOW, b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n")];
    script.extend((0..200).map(|_| (Duration::from_millis(10), &[b'x'; 250][..])));
    let error = fetch(script, |dataset| dataset.source.timeout = Duration::from_millis(500)).await.unwrap_err();
    assert!(error.to_string().contains("did not end within 500ms (source.timeout)"), "{error}");
}

#[tokio::test]
async fn what_was_not_asked_for_is_refused() {
    let packed = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: br\r\n\r\nxx";
    let error = fetch(vec![(NOW, packed)], |_| ()).await.unwrap_err();
    assert!(matches!(&error, FetchError::Packed { packing, .. } if packing == "br"), "{error}");
    let not_modified = b"HTTP/1.1 304 Not Modified\r\n\r\n";
    let error = fetch(vec![(NOW, not_modified)], |_| ()).await.unwrap_err();
    assert!(matches!(Failure::from(error), Failure::Retry { .. }), "nobody asked for changes only");
    let part = b"HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\nxx";
    let error = fetch(vec![(NOW, part)], |_| ()).await.unwrap_err();
    assert!(matches!(Failure::from(error), Failure::Final(_)));
}

#[tokio::test]
async fn a_header_may_stand_on_several_lines_and_say_more_than_ascii() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nLink: </9>; rel=\"last\"\r\n\
                Link: </2>; rel=\"next\"; title=\"Größe\"\r\n\r\nxx";
    let (fetched, _) = fetch(vec![(NOW, head.as_bytes())], |_| ()).await.unwrap();
    assert_eq!(parsers::headers::next_link(&fetched.link.unwrap()), Some("/2"));
    for told in ["identity\r\nContent-Encoding: br", "identity, br", "br\u{e4}"] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: {told}\r\n\r\nxx");
        let error = fetch(vec![(NOW, head.as_bytes())], |_| ()).await.unwrap_err();
        assert!(matches!(&error, FetchError::Packed { packing, .. } if packing.starts_with("br")), "{told}: {error}");
    }
}

#[tokio::test]
async fn a_gzip_file_may_be_told_as_its_encoding_and_stays_packed() {
    let packed = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\nxx";
    let fetched = fetch(vec![(NOW, packed)], |dataset| dataset.decoding.packing = Packing::Gzip).await.unwrap();
    assert_eq!(fetched.1, 2);
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_is_named_without_its_password() {
    let mut street = Street::of(1).await;
    let dead = street.doors.remove(0).local_addr().unwrap();
    let settings = Only::parse_from(["test".to_owned(), format!("--fetch-proxy=http://me:pw@{dead}")]).settings;
    street.fetcher = Fetcher::with_patience(&settings, QUICK).unwrap();
    let error = street.fetch(&dataset("http://publisher.test/k")).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot fetch http://publisher.test/k: Connection refused"), "{error}");
    assert!(error.ends_with(&format!(", by way of the proxy http://{dead}/ (--fetch-proxy)")), "{error}");
}
