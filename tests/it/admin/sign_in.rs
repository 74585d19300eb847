//! Ways in, and ways to be kept out.

use super::{PASSWORD, Sends, link, password_form, signed_in, try_sign_in};
use crate::support::TestHouse;

#[test]
fn nobody_can_sign_in_before_somebody_was_added() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    assert_eq!(house.db().number("SELECT count(*) FROM bluebook.users"), 0);
    for login in ["admin", "root", "bluebook", ""] {
        assert_eq!(try_sign_in(&daemon.visitor(), login, "admin").status, 422, "{login}");
    }
}

#[test]
fn a_one_time_link_works_once() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let link = link(&house, &["user", "add", "ada", "--role", "admin"]);
    let (first, second) = (daemon.visitor(), daemon.visitor());
    // Looking does not use it up: programs that check mail look too.
    let tokens = [first.get(&link).input("csrf").unwrap(), second.get(&link).input("csrf").unwrap()];
    let weak = first.post(&link, &password_form(&tokens[0], "password1234"));
    assert_eq!(weak.status, 422, "a password that is easily guessed is not taken");
    assert_eq!(first.post(&link, &password_form(&tokens[0], PASSWORD)).header("location"), "/");
    assert_eq!(first.get("/users").status, 200);
    assert_eq!(second.post(&link, &password_form(&tokens[1], PASSWORD)).header("location"), "/sign-in");
    assert_eq!(second.get(&link).header("location"), "/sign-in");
    assert_eq!(try_sign_in(&second, "ADA", PASSWORD).header("location"), "/", "the password counts from now on");
}

#[test]
fn a_new_link_makes_the_old_one_void_and_an_old_one_expires() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let old = link(&house, &["user", "add", "ada"]);
    let new = link(&house, &["user", "passwd", "ada"]);
    assert_eq!(daemon.visitor().get(&old).status, 303);
    assert_eq!(daemon.visitor().get(&new).status, 200);
    house.db().batch("UPDATE bluebook.sign_in_links SET expires_at = now()");
    assert_eq!(daemon.visitor().get(&new).status, 303);
}

#[test]
fn signing_in_changes_the_session_and_signing_out_ends_it() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    signed_in(&house, &daemon, "ada", "viewer");
    let visitor = daemon.visitor();
    assert_eq!(try_sign_in(&visitor, "ada", PASSWORD).status, 303);
    let first = visitor.cookies();
    visitor.submit("/sign-out", &[]);
    assert_eq!(visitor.get("/").status, 303);
    assert_eq!(try_sign_in(&visitor, "ada", PASSWORD).status, 303);
    assert_eq!(visitor.get("/").status, 200);
    assert_ne!(visitor.cookies(), first);
    let thief = daemon.visitor();
    thief.set_cookie("bluebook", first.split("bluebook=").nth(1).unwrap());
    assert_eq!(thief.get("/").status, 303, "the session of before is gone");
    let kept = house.db().text("SELECT string_agg(encode(token_hash, 'escape'), ' ') FROM bluebook.sessions");
    let token = visitor.cookies();
    assert!(!kept.contains(token.split("bluebook=").nth(1).unwrap()), "only the token's hash is kept");
}

#[test]
fn an_idle_session_and_an_old_one_end() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let visitor = signed_in(&house, &daemon, "ada", "viewer");
    assert_eq!(visitor.get("/").status, 200);
    house.db().batch("UPDATE bluebook.sessions SET seen_at = now() - interval '31 min'");
    assert_eq!(visitor.get("/").status, 303);
    house.db().batch("UPDATE bluebook.sessions SET seen_at = now(), expires_at = now()");
    assert_eq!(visitor.get("/").status, 303);
}

#[test]
fn guessing_is_slowed_down_for_accounts_that_exist_and_for_those_that_do_not_alike() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    signed_in(&house, &daemon, "ada", "viewer");
    let answers = |login: &str| -> Vec<u16> {
        let guess = |_| try_sign_in(&daemon.visitor(), login, "wrong horse battery").status;
        (0..7).map(guess).collect()
    };
    let known = answers("ada");
    assert_eq!(known, [422, 422, 422, 422, 422, 429, 429]);
    assert_eq!(answers("nobody"), known);
    let blocked = try_sign_in(&daemon.visitor(), "ada", PASSWORD);
    assert_eq!(blocked.status, 429, "the right password does not help while one has to wait");
    assert!(blocked.header("retry-after").parse::<u32>().is_ok_and(|seconds| (1..=15).contains(&seconds)));
    house.db().batch("UPDATE bluebook.sign_in_attempts SET blocked_until = now() WHERE key LIKE 'login:%'");
    assert_eq!(try_sign_in(&daemon.visitor(), "ada", PASSWORD).status, 303);
}

#[test]
fn one_address_may_not_try_many_accounts() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let tried: Vec<u16> =
        (0..22).map(|n| try_sign_in(&daemon.visitor(), &format!("login-{n}"), "wrong horse battery").status).collect();
    assert_eq!(tried[..20], [422; 20]);
    assert_eq!(tried[20..], [429; 2]);
}

#[test]
fn sign_ins_are_in_the_audit_log_and_passwords_are_nowhere() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let link = link(&house, &["user", "add", "ada"]);
    let visitor = daemon.visitor();
    let token = visitor.get(&link).input("csrf").unwrap();
    visitor.post(&link, &password_form(&token, PASSWORD));
    try_sign_in(&daemon.visitor(), "ada", "wrong horse battery");
    try_sign_in(&daemon.visitor(), "my secret typed in the wrong field", "x");
    try_sign_in(&daemon.visitor(), "ada", PASSWORD);
    let log = house.db().rows("SELECT who, action FROM bluebook.audit ORDER BY id");
    let log: Vec<String> = log.iter().map(|row| row.iter().flatten().cloned().collect::<Vec<_>>().join(": ")).collect();
    let expected = [
        "command line: add user",
        "ada: sign in by link",
        "ada: sign in refused",
        "unknown: sign in refused",
        "ada: sign in",
    ];
    assert_eq!(log, expected);
    let all = house.db().text("SELECT string_agg(a::text, ' ') FROM bluebook.audit a") + &daemon.log();
    for secret in [PASSWORD, "wrong horse", "my secret"] {
        assert!(!all.contains(secret), "{secret:?} was written down");
    }
}

#[test]
fn a_way_back_never_leads_away_from_the_site() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    signed_in(&house, &daemon, "ada", "viewer");
    let go = |next: &str| {
        let visitor = daemon.visitor();
        let token = visitor.get("/sign-in").input("csrf").unwrap();
        let form = [("csrf", token.as_str()), ("login", "ada"), ("password", PASSWORD), ("next", next)];
        visitor.post("/sign-in", &form).header("location").to_owned()
    };
    assert_eq!(go("/runs?state=failed"), "/runs?state=failed");
    for away in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        assert_eq!(go(away), "/", "{away}");
    }
}
