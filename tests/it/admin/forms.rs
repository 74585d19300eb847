//! Forms that did not come from the site's own pages.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use bluebook::admin::ROUTES;
use reqwest::Method;

use super::{Sends, signed_in};
use crate::support::{TestHouse, Visitor};

#[test]
fn no_form_is_taken_from_anywhere_else() {
    let house = TestHouse::new();
    let daemon = house.serve();
    let admin = signed_in(&house, &daemon, "ada", "admin");
    let other = signed_in(&house, &daemon, "eve", "admin");
    let (own, others, site) = (admin.token(), other.token(), daemon.site().to_owned());
    let same = [("Origin", site.as_str()), ("Sec-Fetch-Site", "same-origin")];
    let routes = ROUTES.iter().filter(|route| route.method == "POST" && !route.path.starts_with("/enter"));
    for path in routes.map(|route| route.path.replace(['{', '}'], "")).filter(|path| path != "/sign-in") {
        let refused = |headers: &[(&str, &str)], token: &[(&str, &str)], what: &str| {
            let page = admin.send(Method::POST, &path, headers, Some(token)).unwrap();
            assert_eq!(page.status, 403, "{path} with {what}: {}", page.body);
        };
        let token = [("csrf", own.as_str())];
        refused(&same, &[], "no token");
        refused(&same, &[("csrf", "")], "an empty token");
        refused(&same, &[("csrf", &own.to_lowercase())], "a wrong token");
        refused(&same, &[("csrf", &others)], "another session's token");
        refused(&[], &token, "no word of where it comes from");
        refused(&[("Origin", "http://evil.example")], &token, "another origin");
        refused(&[("Origin", "null")], &token, "an origin that is kept back");
        refused(&[("Origin", "https://127.0.0.1"), ("Sec-Fetch-Site", "same-origin")], &token, "another scheme");
        refused(&[("Origin", &site), ("Sec-Fetch-Site", "cross-site")], &token, "a browser that says cross-site");
        refused(&[("Origin", &site), ("Sec-Fetch-Site", "same-site")], &token, "a browser that says same-site");
        refused(&[("Sec-Fetch-Site", "none")], &token, "a browser that says none");
        let plain = [same[0], same[1], ("Content-Type", "text/plain")];
        assert_eq!(admin.send(Method::POST, &path, &plain, None).unwrap().status, 403, "{path} as plain text");
    }
}

#[test]
fn the_forms_before_signing_in_are_guarded_as_well() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let (one, other) = (daemon.visitor(), daemon.visitor());
    let token = one.get("/sign-in").input("csrf").unwrap();
    let form = [("csrf", token.as_str()), ("login", "a"), ("password", "b")];
    assert_eq!(one.post("/sign-in", &form).status, 422, "the visitor's own form is looked at");
    assert_eq!(other.post("/sign-in", &form).status, 403, "nobody else's token counts");
    assert_eq!(one.send(Method::POST, "/sign-in", &[], Some(&form)).unwrap().status, 403);
}

#[test]
fn a_form_that_is_too_large_or_too_slow_is_cut() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let visitor = daemon.visitor();
    let token = visitor.get("/sign-in").input("csrf").unwrap();
    let login = "x".repeat(17 * 1024);
    assert_eq!(visitor.post("/sign-in", &[("csrf", &token), ("login", &login)]).status, 413);
    let before = Instant::now();
    assert_eq!(drip(&visitor, daemon.site()), 408);
    assert!(before.elapsed() < Duration::from_secs(20), "it took {:?}", before.elapsed());
}

/// Sends a form a byte at a time until it is answered, and gives the status.
fn drip(visitor: &Visitor, site: &str) -> u16 {
    let host = site.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let cookies = visitor.cookies();
    write!(
        stream,
        "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: {site}\r\nCookie: {cookies}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\n"
    )
    .unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let mut answer = [0; 12];
    loop {
        match stream.read(&mut answer) {
            Ok(12) => return std::str::from_utf8(&answer[9..]).unwrap().parse().unwrap(),
            Ok(read) => panic!("the connection ended after {read} bytes"),
            Err(_nothing_yet) => stream.write_all(b"a").unwrap(),
        }
    }
}
