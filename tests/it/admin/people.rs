//! Managing people: what an administrator does takes effect at once.

use super::{PASSWORD, Sends, link, password_form, signed_in, try_sign_in};
use crate::support::TestHouse;

fn id(house: &TestHouse, login: &str) -> String {
    house.db().text(&format!("SELECT id FROM bluebook.users WHERE login = '{login}'"))
}

#[test]
fn a_closed_accounts_sessions_and_links_end_at_once() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let admin = signed_in(&house, &daemon, "ada", "admin");
    let editor = signed_in(&house, &daemon, "eve", "editor");
    let unused = link(&house, &["user", "passwd", "eve"]);
    assert_eq!(editor.get("/runs").status, 200);
    assert_eq!(admin.submit(&format!("/users/{}/disable", id(&house, "eve")), &[]).status, 303);
    assert_eq!(editor.get("/runs").status, 303);
    assert_eq!(daemon.visitor().get(&unused).status, 303);
    assert_eq!(try_sign_in(&daemon.visitor(), "eve", PASSWORD).status, 422);
    admin.submit(&format!("/users/{}/enable", id(&house, "eve")), &[]);
    assert_eq!(try_sign_in(&daemon.visitor(), "eve", PASSWORD).status, 303);
}

#[test]
fn the_command_line_closes_accounts_too() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let _admin = signed_in(&house, &daemon, "ada", "admin");
    let viewer = signed_in(&house, &daemon, "vic", "viewer");
    house.run(["user", "disable", "vic"]).expect_code(0);
    assert_eq!(viewer.get("/").status, 303);
    let last = house.run(["user", "disable", "ada"]).expect_code(1);
    assert!(last.stderr().contains("the last administrator"), "{}", last.stderr());
    house.run(["user", "add", "vic"]).expect_code(1);
    house.run(["user", "passwd", "nobody"]).expect_code(1);
    house.run(["user", "add", "x", "--role", "king"]).expect_code(2);
}

#[test]
fn another_role_counts_from_the_next_request() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let admin = signed_in(&house, &daemon, "ada", "admin");
    let other = signed_in(&house, &daemon, "bob", "admin");
    assert_eq!(other.get("/users").status, 200);
    admin.submit(&format!("/users/{}/role", id(&house, "bob")), &[("role", "viewer")]);
    assert_eq!(other.get("/users").status, 303, "the session of the old role has ended");
    assert_eq!(try_sign_in(&other, "bob", PASSWORD).status, 303);
    assert_eq!(other.get("/users").status, 403);
    let last = admin.submit(&format!("/users/{}/role", id(&house, "ada")), &[("role", "viewer")]);
    assert_eq!(last.status, 409, "the last administrator stays one");
    assert_eq!(admin.submit(&format!("/users/{}/disable", id(&house, "ada")), &[]).status, 409);
}

#[test]
fn a_person_is_added_with_a_link_that_is_shown_once() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let admin = signed_in(&house, &daemon, "ada", "admin");
    let name = "<script>alert(1)</script>\"'";
    let page = admin.submit("/users", &[("login", "eve"), ("name", name), ("role", "editor")]);
    let (_, token) = page.body.split_once("/enter/").expect("the link is shown");
    let shown: String = "/enter/".chars().chain(token.chars().take_while(|c| *c != '<')).collect();
    assert!(!page.body.contains("<script>alert"), "names are escaped");
    assert!(!admin.get("/users").body.contains("/enter/"), "it is not shown again");
    let eve = daemon.visitor();
    let token = eve.get(&shown).input("csrf").unwrap();
    eve.post(&shown, &password_form(&token, PASSWORD));
    assert!(!eve.get("/account").body.contains("<script>alert"));
    assert_eq!(eve.get("/users").status, 403);
    let twice = admin.submit("/users", &[("login", "EVE"), ("name", "Eve"), ("role", "viewer")]);
    assert_eq!(twice.header("location"), "/users", "a login is taken whatever its case");
}

#[test]
fn a_new_password_ends_all_other_sessions() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let here = signed_in(&house, &daemon, "ada", "viewer");
    let there = daemon.visitor();
    try_sign_in(&there, "ada", PASSWORD);
    let new = "another horse battery";
    let form = [("old", "wrong horse battery"), ("password", new), ("again", new)];
    assert_eq!(here.submit("/account/password", &form).status, 422);
    let form = [("old", PASSWORD), ("password", new), ("again", new)];
    assert_eq!(here.submit("/account/password", &form).status, 303);
    assert_eq!(here.get("/account").status, 200);
    assert_eq!(there.get("/account").status, 303);
    assert_eq!(try_sign_in(&there, "ada", PASSWORD).status, 422);
    assert_eq!(try_sign_in(&there, "ada", new).status, 303);
}

#[test]
fn one_ends_ones_own_sessions_and_nobody_elses() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let here = signed_in(&house, &daemon, "ada", "viewer");
    let there = daemon.visitor();
    try_sign_in(&there, "ada", PASSWORD);
    let stranger = signed_in(&house, &daemon, "bob", "admin");
    let page = here.get("/account").body;
    let session = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    stranger.submit("/account/sessions/end", &[("session", &session)]);
    assert_eq!(there.get("/account").status, 200);
    here.submit("/account/sessions/end", &[("session", &session)]);
    assert_eq!(there.get("/account").status, 303);
}

#[test]
fn the_audit_log_is_a_chain_that_cannot_be_changed() {
    let house = TestHouse::without_customers();
    let daemon = house.serve();
    let admin = signed_in(&house, &daemon, "ada", "admin");
    admin.submit("/users", &[("login", "eve"), ("name", "Eve"), ("role", "viewer")]);
    let second = daemon.visitor();
    try_sign_in(&second, "ada", PASSWORD);
    let broken = "SELECT count(*) FROM (SELECT previous, lag(hash, 1, '\\x') OVER (ORDER BY id) AS before
        FROM bluebook.audit) AS chain WHERE previous <> before";
    assert_eq!(house.db().number(broken), 0);
    assert!(house.db().number("SELECT count(*) FROM bluebook.audit") >= 2);
    for change in ["UPDATE bluebook.audit SET who = 'x'", "DELETE FROM bluebook.audit", "TRUNCATE bluebook.audit"] {
        assert!(house.db().try_batch(change).is_err(), "{change}");
    }
    let page = admin.get("/audit").body;
    assert!(page.contains("add user") && page.contains("sign in"));
}
