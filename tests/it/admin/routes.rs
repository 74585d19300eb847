//! Every route, asked for by everybody.

use bluebook::admin::ROUTES;
use reqwest::Method;

use super::{PASSWORD, Sends, signed_in, try_sign_in};
use crate::support::{Daemon, Page, TestHouse, Visitor};

/// Who is let in: not signed in, viewer, editor, admin.
const ALL: [bool; 4] = [true, true, true, true];
const SIGNED_IN: [bool; 4] = [false, true, true, true];
const EDITORS: [bool; 4] = [false, false, true, true];
const ADMINS: [bool; 4] = [false, false, false, true];

/// What is expected. It says the same as the program's own table on purpose: who adds a route decides twice.
const EXPECTED: &[(&str, &str, [bool; 4])] = &[
    ("GET", "/health", ALL),
    ("GET", "/static/{name:.*}", ALL),
    ("GET", "/sign-in", ALL),
    ("POST", "/sign-in", ALL),
    ("GET", "/enter/{token}", ALL),
    ("POST", "/enter/{token}", ALL),
    ("GET", "/", SIGNED_IN),
    ("GET", "/datasets", SIGNED_IN),
    ("GET", "/datasets/{name}", SIGNED_IN),
    ("GET", "/datasets/{name}/trace", SIGNED_IN),
    ("POST", "/datasets/{name}/pause", EDITORS),
    ("POST", "/datasets/{name}/resume", EDITORS),
    ("GET", "/runs", SIGNED_IN),
    ("POST", "/runs", EDITORS),
    ("GET", "/runs/{run}", SIGNED_IN),
    ("POST", "/runs/{run}/cancel", EDITORS),
    ("GET", "/releases/{release}", SIGNED_IN),
    ("GET", "/releases/{release}/rejects", SIGNED_IN),
    ("POST", "/releases/{release}/publish", EDITORS),
    ("POST", "/releases/{release}/discard", EDITORS),
    ("GET", "/notices", SIGNED_IN),
    ("GET", "/reports", SIGNED_IN),
    ("GET", "/editions/{edition}", SIGNED_IN),
    ("GET", "/editions/{edition}/{file}", SIGNED_IN),
    ("GET", "/tables/{table}", SIGNED_IN),
    ("GET", "/tables/{table}/new", EDITORS),
    ("POST", "/tables/{table}/new", EDITORS),
    ("GET", "/tables/{table}/find/{column}", EDITORS),
    ("GET", "/tables/{table}/row/{key}", SIGNED_IN),
    ("GET", "/tables/{table}/row/{key}/edit", EDITORS),
    ("POST", "/tables/{table}/row/{key}/edit", EDITORS),
    ("GET", "/users", ADMINS),
    ("POST", "/users", ADMINS),
    ("POST", "/users/{user}/link", ADMINS),
    ("POST", "/users/{user}/role", ADMINS),
    ("POST", "/users/{user}/disable", ADMINS),
    ("POST", "/users/{user}/enable", ADMINS),
    ("GET", "/audit", ADMINS),
    ("POST", "/theme", SIGNED_IN),
    ("GET", "/account", SIGNED_IN),
    ("POST", "/account/password", SIGNED_IN),
    ("POST", "/account/sessions/end", SIGNED_IN),
    // Last, as it ends the session.
    ("POST", "/sign-out", SIGNED_IN),
];

#[test]
fn every_route_lets_in_exactly_those_that_it_should() {
    let house = TestHouse::new();
    let daemon = house.serve();
    let visitors = visitors(&house, &daemon);
    for (method, pattern, expected) in EXPECTED {
        for (visitor, let_in) in visitors.iter().zip(expected) {
            let (who, visitor) = visitor;
            // The forms for those without a session are shown to nobody else.
            if *expected == ALL && *method == "POST" && *who != "nobody" {
                continue;
            }
            let page = ask(visitor, method, &path(pattern));
            let denied = page.status == 403 || to_sign_in(pattern, &page);
            assert_eq!(!denied, *let_in, "{method} {pattern} as {who}: {} {}", page.status, page.header("location"));
            assert!(page.status < 500, "{method} {pattern} as {who} fails: {}", page.body);
        }
    }
}

#[test]
fn every_route_is_in_the_table_of_expectations() {
    for route in ROUTES {
        let known = EXPECTED.iter().any(|(method, path, _)| *method == route.method && *path == route.path);
        assert!(known, "{} {} has no line in EXPECTED: who may use it?", route.method, route.path);
    }
    assert_eq!(ROUTES.len(), EXPECTED.len(), "EXPECTED names a route that is gone");
}

#[test]
fn a_route_that_is_not_in_the_table_does_not_exist() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let admin = signed_in(&house, &daemon, "ada", "admin");
    for path in ["/nothing", "/runs/", "/runs/1/2/3", "/static/app.css", "/static/../Cargo.toml", "/users/1/role"] {
        assert_eq!(admin.get(path).status, 404, "{path}");
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let origin = [("Origin", daemon.site()), ("Sec-Fetch-Site", "same-origin")];
        assert_eq!(admin.send(method.clone(), "/runs", &origin, None).unwrap().status, 404, "{method}");
    }
}

#[test]
fn what_an_address_gets_wrong_is_told_without_a_failure() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let viewer = signed_in(&house, &daemon, "vic", "viewer");
    for path in
        ["/runs?state=xx", "/runs?job=ingest:;DROP", "/runs?before=x", "/audit?before=x", "/runs?state=a&state=b"]
    {
        let status = viewer.get(path).status;
        assert!([400, 403].contains(&status), "{path}: {status}");
    }
    for path in ["/runs/abc", "/runs/99999999999999999999", "/releases/-1", "/datasets/no.such", "/editions/1/..%2F.."]
    {
        assert_eq!(viewer.get(path).status, 404, "{path}");
    }
}

fn visitors(house: &TestHouse, daemon: &Daemon) -> Vec<(&'static str, Visitor)> {
    let mut visitors = vec![("nobody", daemon.visitor())];
    for role in ["viewer", "editor", "admin"] {
        visitors.push((role, signed_in(house, daemon, role, role)));
    }
    // The one signed in by a link, the other by the password that was set then.
    let again = daemon.visitor();
    assert_eq!(try_sign_in(&again, "admin", PASSWORD).status, 303);
    visitors[3] = ("admin", again);
    visitors
}

/// A path that fits the pattern, and names nothing that there is.
fn path(pattern: &str) -> String {
    let segments = pattern.split('/').map(|segment| match segment {
        "{name}" => "no_such_dataset",
        "{token}" => "no-such-token",
        "{table}" => "customer",
        "{column}" => "address_id",
        "{file}" => "none.csv",
        "{name:.*}" => "none.000000000000.css",
        segment if segment.starts_with('{') => "424242",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

fn ask(visitor: &Visitor, method: &str, path: &str) -> Page {
    if method == "GET" { visitor.get(path) } else { visitor.submit(path, &[]) }
}

/// True if the answer asks to sign in. Using a link up and signing out lead to the same form, but not for that reason.
fn to_sign_in(pattern: &str, page: &Page) -> bool {
    let taken_back = page.headers.iter().any(|(name, value)| name == "set-cookie" && value.starts_with("bluebook=;"));
    page.header("location").starts_with("/sign-in") && !pattern.starts_with("/enter") && !taken_back
}
