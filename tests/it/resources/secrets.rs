//! What must not be told: hidden tables, hidden columns, sensitive values.
//!
//! The secrets here are words with spaces: no token, hash or time of day holds one by chance.

use super::desk::{Desk, words};

const SQL: &str = "
    CREATE TABLE secret (id integer PRIMARY KEY, name text NOT NULL);
    INSERT INTO secret VALUES (7, 'Top secret'), (8, 'Other secret');
    CREATE TABLE card (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL UNIQUE, pin text NOT NULL,
        salt text DEFAULT 'pepper',
        region integer REFERENCES secret, version integer NOT NULL DEFAULT 1);
    INSERT INTO card (owner, pin, region) VALUES ('Ann', 'grey heron 4711', 7);";

const ADMIN: &str = "[[table]]
name = 'card'
hidden = ['salt']
sensitive = ['pin']
read_only = ['version']
";

#[test]
fn a_hidden_table_or_column_is_like_one_that_does_not_exist() {
    let desk = Desk::with(SQL, ADMIN);
    let told = |path: &str, name: &str| {
        let page = desk.get(path);
        (page.status, words(&page.body).replace(name, "*").split("Request number").next().map(str::to_owned))
    };
    let pairs = [
        ("/tables/secret", "/tables/nosuch"),
        ("/tables/secret/row/7", "/tables/nosuch/row/7"),
        ("/tables/secret/new", "/tables/nosuch/new"),
        ("/tables/card?sort=salt", "/tables/card?sort=nosuch"),
        ("/tables/card?is.salt=pepper", "/tables/card?is.nosuch=pepper"),
        ("/tables/card/find/3", "/tables/card/find/99"),
        ("/tables/card/find/4", "/tables/card/find/99"),
    ];
    for (hidden, absent) in pairs {
        let name = if hidden.contains("salt") { "salt" } else { "secret" };
        assert_eq!(told(hidden, name), told(absent, "nosuch"), "{hidden}");
    }
    for path in
        ["/tables/card", "/tables/card?q=pepper", "/tables/card/row/1", "/tables/card/row/1/edit", "/tables/card/new"]
    {
        let page = desk.page(path);
        assert!(!page.contains("secret") && !page.contains("salt") && !page.contains("Top secret"), "{path}");
    }
    assert!(words(&desk.page("/tables/card/row/1")).contains("Region 7"), "the key of what is hidden is only a number");
}

#[test]
fn nothing_is_written_but_what_the_form_has() {
    let desk = Desk::with(SQL, ADMIN);
    let forged = [
        ("f.owner", "Eve"),
        ("f.salt", "x"),
        ("f.region", "8"),
        ("f.version", "9"),
        ("f.id", "5"),
        ("f.xmin", "1"),
        ("f.", ""),
    ];
    assert_eq!(desk.fill("/tables/card/row/1/edit", &forged).status, 303);
    let row = "SELECT concat_ws('|', id, owner, pin, salt, region, version) FROM card ORDER BY id DESC LIMIT 1";
    assert_eq!(desk.house.db().text(row), "1|Eve|grey heron 4711|pepper|7|1");
    let created = desk.fill(
        "/tables/card/new",
        &[("f.owner", "Bob"), ("f.pin", "1"), ("f.salt", "x"), ("f.region", "8"), ("f.version", "9")],
    );
    assert_eq!(created.status, 303);
    assert_eq!(desk.house.db().text(row), "2|Bob|1|pepper|1");
}

#[test]
fn a_sensitive_value_is_never_shown_and_never_recorded() {
    let desk = Desk::with(SQL, ADMIN);
    assert_eq!(desk.fill("/tables/card/row/1/edit", &[("f.pin", "red kestrel 5522")]).status, 303);
    assert_eq!(desk.house.db().text("SELECT pin FROM card"), "red kestrel 5522");
    for path in ["/tables/card", "/tables/card/row/1", "/tables/card/row/1/edit"] {
        let page = desk.page(path);
        assert!(!page.contains("kestrel") && !page.contains("heron"), "{path}");
    }
    let audit = desk.house.db().text("SELECT string_agg(a::text, ' ') FROM bluebook.audit AS a");
    assert!(audit.contains("hidden") && !audit.contains("kestrel") && !audit.contains("heron"), "{audit}");
    assert_eq!(desk.fill("/tables/card/row/1/edit", &[("f.owner", "Eve")]).status, 303);
    assert_eq!(desk.house.db().text("SELECT pin FROM card"), "red kestrel 5522", "left empty, it is kept");
    assert_eq!(desk.get("/tables/card?sort=pin").status, 400, "an order would tell");
    assert_eq!(desk.get("/tables/card?is.pin=red%20kestrel%205522").status, 400, "a filter would tell");
}

#[test]
fn a_viewer_looks_and_does_not_write() {
    let desk = Desk::with(SQL, ADMIN);
    let viewer = desk.somebody("looker", "viewer");
    assert_eq!(viewer.get("/tables/card/row/1").status, 200);
    assert!(!viewer.get("/tables/card/row/1").body.contains("/edit"));
    assert_eq!(viewer.get("/tables/card/row/1/edit").status, 403);
    let csrf = viewer.get("/account").input("csrf").unwrap();
    for path in ["/tables/card/row/1/edit", "/tables/card/new"] {
        assert_eq!(viewer.post(path, &[("csrf", &csrf), ("f.owner", "Eve"), ("f.pin", "1")]).status, 403);
    }
    assert_eq!(desk.house.db().text("SELECT string_agg(owner, ',') FROM card"), "Ann");
}

#[test]
fn a_table_whose_hidden_column_is_gone_is_not_shown_at_all() {
    let desk = Desk::with(SQL, &ADMIN.replace("'salt'", "'pepper'"));
    assert_eq!(desk.get("/tables/card").status, 404);
}

#[test]
fn a_mistake_in_admin_toml_shows_no_table_at_all() {
    let desk = Desk::with(SQL, &ADMIN.replace("['pin']", "'pin'"));
    assert_eq!(desk.get("/tables/card").status, 404);
}
