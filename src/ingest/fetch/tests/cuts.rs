//! Lines that break, and lengths that lie.

use futures_util::future::join_all;

use super::*;

const BODY: &[u8] = b"id,name\n1,one\n2,two\n3,three\n4,four\n5,five\n6,six\n7,seven\n8,eight\n9,nine\n";
/// Places at which each way to send a body is cut.
const CUTS: usize = 50;

/// How the reader learns where the body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length,
    Chunked,
    Close,
}

/// A whole answer.
fn answer(framing: Framing) -> Vec<u8> {
    let (says, body) = match framing {
        Framing::Length => (format!("Content-Length: {}\r\n", BODY.len()), BODY.to_vec()),
        Framing::Chunked => {
            let chunks = BODY
                .chunks(16)
                .flat_map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
            ("Transfer-Encoding: chunked\r\n".to_owned(), chunks.chain(*b"0\r\n\r\n").collect())
        }
        Framing::Close => ("Connection: close\r\n".to_owned(), BODY.to_vec()),
    };
    [format!("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n{says}\r\n").as_bytes(), &body].concat()
}

/// Bytes after which an answer is cut: none, one, around the end of its head, the last one, and all over it.
fn cuts(answer: &[u8]) -> Vec<usize> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let mut at = vec![0, 1, head - 1, head, head + 1, answer.len() - 1];
    let spread = CUTS - at.len();
    at.extend((0..spread).map(|n| 2 + n * (answer.len() - 4) / spread));
    at
}

#[tokio::test]
async fn whoever_cuts_an_answer_where_and_how_is_found_out_or_left_to_the_format() {
    let street = Street::of(1).await;
    let (mut failed, mut short) = (0, 0);
    for framing in [Framing::Length, Framing::Chunked, Framing::Close] {
        let whole = answer(framing);
        for (n, at) in cuts(&whole).into_iter().enumerate() {
            let end = if n % 2 == 0 { End::HangsUp } else { End::Resets };
            let case = format!("{framing:?} cut at {at} of {}, {end:?}", whole.len());
            match street.ask(0, (vec![(NOW, whole[..at].to_vec())], end), |_| ()).await {
                Ok((_, bytes)) => {
                    assert_eq!((framing, end), (Framing::Close, End::HangsUp), "{case}");
                    assert!(bytes < BODY.len() as u64, "{case}");
                    short += 1;
                }
                Err(error) => {
                    assert!(matches!(Failure::from(error), Failure::Retry { .. }), "{case}");
                    failed += 1;
                }
            }
        }
    }
    // Nothing tells of a body without a length that it is cut but its own end: see `tests/it/ingest/transfers.rs`.
    assert_eq!(failed + short, 3 * CUTS);
    assert!(short > 0 && short < CUTS / 2, "{short} were short");
    assert!(is_empty(street.state.path()), "what came in part is not kept");
}

/// Whether no file is left of what was taken in.
fn is_empty(folder: &std::path::Path) -> bool {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.into_iter().all(|path| path.is_dir() && is_empty(&path))
}

#[tokio::test]
async fn a_length_that_lies_is_an_error_or_no_more_than_it_says() {
    const LIES: [(&str, Option<usize>); 12] = [
        // Shorter than the body: what the line brings beyond it is never seen.
        ("Content-Length: 30", Some(30)),
        ("Content-Length: 0", Some(0)),
        ("Content-Length: 500", None),
        ("Content-Length: -1", None),
        ("Content-Length: +73", None),
        ("Content-Length: 0x49", None),
        ("Content-Length: 18446744073709551616", None),
        ("Content-Length: 18446744073709551615", None),
        ("Content-Length: 30\r\nContent-Length: 73", None),
        ("Content-Length: 73, 30", None),
        ("Content-Length: 30\r\nTransfer-Encoding: chunked", Some(BODY.len())),
        ("Transfer-Encoding: chunked\r\nContent-Length: 500", Some(BODY.len())),
    ];
    let street = Street::of(1).await;
    for (lie, expected) in LIES {
        let chunked = answer(Framing::Chunked);
        let body = if lie.contains("chunked") {
            let head = chunked.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
            chunked[head..].to_vec()
        } else {
            BODY.to_vec()
        };
        let answer = [format!("HTTP/1.1 200 OK\r\n{lie}\r\n\r\n").as_bytes(), &body].concat();
        let got = street.ask(0, (vec![(NOW, answer)], End::HangsUp), |_| ()).await;
        assert_eq!(got.as_ref().ok().map(|(_, bytes)| *bytes), expected.map(|bytes| bytes as u64), "{lie}: {got:?}");
    }
}

/// What comes of a fetch whose callers are answered one after the other.
async fn answered(answers: impl IntoIterator<Item = Vec<u8>>) -> Result<(Fetched, u64), FetchError> {
    let street = Street::of(1).await;
    let publisher = async {
        for answer in answers {
            let (mut line, _) = street.doors[0].accept().await.unwrap();
            let _request = line.read(&mut [0; 4096]).await.unwrap();
            line.write_all(&answer).await.unwrap();
            line.shutdown().await.unwrap();
        }
        std::future::pending::<()>().await;
    };
    let dataset = dataset(&street.url(0));
    tokio::select! {
        got = street.fetch(&dataset) => got,
        () = publisher => unreachable!("it never leaves first"),
    }
}

/// The first caller is sent a part of the body, the second the rest, each under such a head, and the third this.
async fn rest(of: &str, head: &str, body: &[u8], then: &str) -> Result<(Fetched, u64), FetchError> {
    let part = [format!("HTTP/1.1 200 OK\r\n{of}\r\nContent-Length: 71\r\n\r\n").as_bytes(), &BODY[..8]].concat();
    let rest =
        [format!("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {head}\r\n\r\n").as_bytes(), body].concat();
    answered([part, rest, then.as_bytes().to_vec()]).await
}

#[tokio::test]
async fn a_rest_is_as_long_as_its_range_says_whatever_else_it_says() {
    let etag = "ETag: \"1\"";
    let proved = |head| format!("{head}\r\n{etag}");
    for head in ["8-70/71", "8-70/*"].map(proved) {
        assert_eq!(rest(etag, &head, &BODY[8..], GONE).await.unwrap().1, 71, "{head}");
    }
    let short = ["8-70/71", "8-70/*", "8-70/71\r\nContent-Length: 6"].map(proved).map(async |head| {
        let error = rest(etag, &head, &BODY[8..14], GONE).await.unwrap_err();
        assert!(error.to_string().contains("announced 71 bytes and sent 14"), "{head}: {error}");
    });
    join_all(short).await;
}

const GONE: &str = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

/// Who does not know `If-Range` sends the rest of what is there now, and need not say so.
#[tokio::test]
async fn a_rest_of_another_file_is_none_and_the_file_begins_anew() {
    let (etag, dated) = ("ETag: \"1\"", "Last-Modified: Sun, 22 Nov 2026 10:00:00 GMT");
    let others = [
        (etag, "8-70/71"),
        (etag, "8-70/71\r\nLast-Modified: Sun, 22 Nov 2026 10:00:00 GMT"),
        (dated, "8-70/71"),
        (dated, "8-70/*"),
        (etag, "8-70/71\r\nETag: \"2\""),
        (dated, "8-70/71\r\nLast-Modified: Sun, 22 Nov 2026 11:00:00 GMT"),
        (etag, "8-71/72"),
    ];
    let others = others.map(async |(of, head)| {
        let body = &[&BODY[8..], b"x"].concat();
        let got = rest(of, head, body, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother").await;
        assert_eq!(got.unwrap().1, 5, "{head}");
        let got = rest(of, head, body, GONE).await;
        assert!(matches!(got, Err(FetchError::Broken { .. })), "{head}: {got:?}");
    });
    join_all(others).await;
}

#[tokio::test]
async fn who_wishes_for_rest_in_the_middle_of_a_file_is_given_it() {
    let part = b"HTTP/1.1 200 OK\r\nContent-Length: 73\r\nETag: \"1\"\r\n\r\nid,name\n".to_vec();
    let busy = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n".to_vec();
    let error = answered([part, busy]).await.unwrap_err();
    assert_eq!((error.wish(), error.host().as_deref()), (Some(Duration::from_mins(1)), Some("127.0.0.1")), "{error}");
}
