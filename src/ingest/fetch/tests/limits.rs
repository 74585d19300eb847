//! Publishers without haste, and publishers without end.

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::join_all;

use super::*;

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n";

/// Ways to be slow: the script, and what is said of it.
fn slow() -> Vec<(Script, &'static str)> {
    let pause = Duration::from_millis(20);
    let bytes = |text: &str| text.bytes().map(|byte| (pause, vec![byte])).collect::<Script>();
    // Before and within the head, which must come within its time as a whole.
    let heads = (0..10).map(|n| (vec![(NOW, HEAD.as_bytes()[..n * 4].to_vec())], "no answer within"));
    let dripped = (0..10).map(|n| {
        let (at_once, rest) = HEAD.split_at(n);
        // So slow that none of them is whole before the transfer must end.
        let rest = bytes(rest).into_iter().map(|(pause, byte)| (pause * 3, byte));
        ([vec![(NOW, at_once.as_bytes().to_vec())], rest.collect()].concat(), "no answer")
    });
    // In the body: a stall after so many bytes, a drip after so many.
    let begun = |n: usize| (NOW, [HEAD.as_bytes(), &vec![b'x'; n * 9]].concat());
    let stalls = (0..10).map(|n| (vec![begun(n)], "bytes in 200ms, and 100 are the least"));
    let drips = (0..10).map(|n| ([vec![begun(n)], bytes(&"x".repeat(400))].concat(), "and 100 are the least"));
    // Fast enough to the eye, too slow for the whole.
    let crawls = (0..10).map(|n| {
        let pieces = (0..200).map(|_| (pause, vec![b'x'; 60 + n]));
        ([vec![begun(n)], pieces.collect()].concat(), "did not end within 1s (source.timeout)")
    });
    heads.chain(dripped).chain(stalls).chain(drips).chain(crawls).collect()
}

#[tokio::test]
async fn however_a_publisher_is_slow_it_is_given_up_in_time() {
    let cases = slow();
    let street = Street::of(cases.len()).await;
    let asked = cases.into_iter().enumerate().map(async |(door, (script, told))| {
        let begun = Instant::now();
        let timed = |dataset: &mut Dataset| dataset.source.timeout = Duration::from_secs(1);
        let error = street.ask(door, (script, End::Waits), timed).await.unwrap_err();
        assert!(error.to_string().contains(told), "{door}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(6), "{door}: given up after {:?}", begun.elapsed());
        assert!(matches!(Failure::from(error), Failure::Retry { .. }), "{door}");
    });
    assert_eq!(join_all(asked).await.len(), 50);
}

#[tokio::test]
async fn of_a_body_without_end_no_more_is_written_than_the_dataset_takes() {
    const CAP: u64 = 3 << 20;
    let street = Street::of(1).await;
    let endless = |says: &str| format!("HTTP/1.1 200 OK\r\n{says}\r\n").into_bytes();
    for says in ["Content-Length: 10737418240\r\n", "Connection: close\r\n", "Transfer-Encoding: chunked\r\n"] {
        let piece = if says.contains("chunked") {
            [b"10000\r\n".as_slice(), &vec![0; 0x10000], b"\r\n"].concat()
        } else {
            vec![0; 0x10000]
        };
        let publisher = async {
            let (mut line, _) = street.doors[0].accept().await.unwrap();
            let _request = line.read(&mut [0; 4096]).await.unwrap();
            line.write_all(&endless(says)).await.unwrap();
            while line.write_all(&piece).await.is_ok() {}
            std::future::pending::<()>().await;
        };
        let (most, mut dataset) = (AtomicU64::new(0), dataset(&street.url(0)));
        dataset.source.max_bytes = CAP;
        let watch = |bytes, _| {
            most.fetch_max(bytes, Ordering::Relaxed);
        };
        let error = tokio::select! {
            got = street.watched(&dataset, &watch) => got.unwrap_err(),
            () = publisher => unreachable!("it never leaves first"),
        };
        assert!(matches!(&error, FetchError::Large { limit: CAP, .. }), "{says}: {error}");
        let announced = says.contains("Length");
        let most = most.load(Ordering::Relaxed);
        assert!(most <= CAP && (most > CAP / 2) != announced, "{says}: {most} bytes were written");
    }
}
