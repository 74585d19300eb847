//! Headers on every answer, and hosts that are not ours.

use reqwest::Method;

use super::{Sends, signed_in};
use crate::support::{Page, TestHouse};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

fn assert_dressed(page: &Page, what: &str) {
    assert_eq!(page.header("content-security-policy"), POLICY, "{what}");
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(page.header("referrer-policy"), "no-referrer", "{what}");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert!(!page.header("cache-control").is_empty(), "{what}");
}

#[test]
fn every_answer_is_dressed_whatever_it_says() {
    let house = TestHouse::new();
    let daemon = house.serve();
    let (nobody, admin) = (daemon.visitor(), signed_in(&house, &daemon, "ada", "admin"));
    let viewer = signed_in(&house, &daemon, "vic", "viewer");
    let large = "x".repeat(20_000);
    let answers = [
        (200, nobody.get("/health")),
        (200, nobody.get("/sign-in")),
        (303, nobody.get("/runs")),
        (200, admin.get("/")),
        (404, admin.get("/nothing")),
        (400, admin.get("/runs?state=xx")),
        (403, viewer.get("/users")),
        (403, admin.post("/theme", &[])),
        (413, admin.submit("/theme", &[("theme", &large)])),
        (303, admin.submit("/theme", &[("theme", "dark")])),
        (422, admin.submit("/account/password", &[("password", "short")])),
    ];
    for (status, page) in answers {
        assert_eq!(page.status, status, "{}", page.body);
        assert_dressed(&page, &format!("an answer with status {status}"));
        assert!(status == 200 || !page.header("x-request-number").is_empty());
    }
}

#[test]
fn static_files_are_kept_and_pages_are_not() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let visitor = daemon.visitor();
    let page = visitor.get("/sign-in");
    assert_eq!(page.header("cache-control"), "no-store");
    let sheet = page.body.split("href=\"").find(|part| part.starts_with("/static/app.")).unwrap();
    let sheet = visitor.get(sheet.split('"').next().unwrap());
    assert_eq!((sheet.status, sheet.header("content-type")), (200, "text/css; charset=utf-8"));
    assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
    assert_dressed(&sheet, "the stylesheet");
}

#[test]
fn only_the_sites_own_names_are_answered() {
    let mut house = TestHouse::without_customers();
    house.set("BLUEBOOK_BASE_URL", "https://books.example.org");
    let daemon = house.serve();
    let visitor = daemon.visitor();
    let port = daemon.site().rsplit(':').next().unwrap().to_owned();
    let with = |host: &str| visitor.send(Method::GET, "/sign-in", &[("Host", host)], None).unwrap();
    for host in ["books.example.org", "books.example.org:443", &format!("localhost:{port}")] {
        assert_eq!(with(host).status, 200, "{host}");
    }
    for host in ["evil.example", "books.example.org.evil.example", "books.example.org:8080", "localhost", "127.0.0.1"] {
        let page = with(host);
        assert_eq!(page.status, 421, "{host}");
        assert!(!page.body.contains(host), "the name is not repeated");
    }
    let forwarded = [("X-Forwarded-Host", "evil.example"), ("X-Forwarded-For", "203.0.113.9")];
    let page = visitor.send(Method::GET, "/sign-in", &forwarded, None).unwrap();
    assert!(page.status == 200 && !page.body.contains("evil.example"));
}

#[test]
fn behind_tls_cookies_are_bound_to_it() {
    let mut house = TestHouse::without_customers();
    house.set("BLUEBOOK_BASE_URL", "https://books.example.org");
    let daemon = house.serve();
    let page = daemon.visitor().get("/sign-in");
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-bluebook-visitor="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
    let link = house.run(["user", "add", "ada"]).expect_code(0).stdout();
    assert!(link.starts_with("https://books.example.org/enter/"), "{link}");
}
