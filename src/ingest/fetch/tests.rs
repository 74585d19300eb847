use std::time::Duration;

use clap::Parser;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::{config::StateDir, job::Failure};

#[derive(Parser)]
struct Only {
    #[command(flatten)]
    settings: Settings,
}

/// What a publisher sends: bytes, each after a pause.
type Script = Vec<(Duration, &'static [u8])>;

const QUICK: Patience = Patience {
    connect: Duration::from_secs(5),
    head: Duration::from_millis(300),
    window: Duration::from_millis(200),
    window_bytes: 100,
};

/// Asks a publisher that follows the script and then keeps the line open.
async fn fetch(script: Script, change: impl FnOnce(&mut Dataset)) -> Result<(Fetched, u64), FetchError> {
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let publisher = tokio::spawn(async move {
        let (mut line, _) = listener.accept().await.unwrap();
        let _request = line.read(&mut [0; 4096]).await.unwrap();
        for (pause, bytes) in script {
            tokio::time::sleep(pause).await;
            if line.write_all(bytes).await.is_err() {
                return;
            }
        }
        let _hung_up = line.read(&mut [0; 1]).await;
    });
    let settings = Only::parse_from(["test", "--fetch-allow", &at.to_string()]).settings;
    let fetcher = Fetcher::with_patience(&settings, QUICK).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::open(&StateDir::new(Some(dir.path()))).unwrap();
    let mut dataset = dataset(&format!("http://{at}/file.csv?token=abc"));
    change(&mut dataset);
    let manner = fetcher.manner(&dataset.source.asking(None).unwrap()).unwrap();
    let (url, bytes) = (dataset.source.url.as_str(), dataset.source.max_bytes);
    let ask = Ask { url, manner: &manner, known: &Validators::default(), bytes };
    let answer = fetcher.fetch(&dataset, ask, &archive, &|_, _| ()).await;
    publisher.abort();
    answer.map(|fetched| {
        let bytes = fetched.file.as_ref().map_or(0, |file| file.incoming.bytes());
        (fetched, bytes)
    })
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
    let mut script: Script = vec![(NOW, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")];
    script.extend((0..500).map(|_| (Duration::from_millis(10), &b"x"[..])));
    let error = fetch(script, |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("and 100 are the least"), "{error}");
}

#[tokio::test]
async fn the_whole_transfer_has_a_deadline() {
    let mut script: Script = vec![(NOW, b"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n")];
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
async fn a_gzip_file_may_be_told_as_its_encoding_and_stays_packed() {
    let packed = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\nxx";
    let fetched = fetch(vec![(NOW, packed)], |dataset| dataset.decoding.packing = Packing::Gzip).await.unwrap();
    assert_eq!(fetched.1, 2);
}
