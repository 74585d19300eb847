//! Names that a careless program would break its SQL on.

use super::desk::{Desk, words};

const NAMES: &[&str] = &[
    "a\"b",
    "it's",
    "semi;colon",
    "dot.ted",
    "per%s",
    "dollar$1",
    "t",
    "x",
    "n",
    "p",
    "select",
    "back\\slash",
    "--",
    "comma,ted",
    "ümläut",
    "a b",
    "{brace}",
    "<b>bold</b>",
    "lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll",
];
const PAYLOADS: &[&str] =
    &["' OR 1=1 --", "\"; DROP TABLE t; --", "%s$1\\", "${7*7}", "<script>alert(1)</script>", "\u{202e}"];
const HOME: &str = "/tables/sche~2ema~27,tab~22le~3b~20DROP~2ex";
const ADMIN: &str = "[[table]]\nschema = \"sche.ma'\"\nname = 'tab\"le; DROP.x'\n[[table]]\nname = 't'\n";

fn desk() -> Desk {
    let quoted = |name: &&str| format!("\"{}\"", name.replace('"', "\"\""));
    let column = |name: &&str| format!("{0} text CHECK ({0} <> 'no')", quoted(name));
    let columns = NAMES.iter().map(column).collect::<Vec<_>>().join(", ");
    let (table, key) = (quoted(&"tab\"le; DROP.x"), quoted(&"the key's \"name\""));
    Desk::with(
        &format!(
            "CREATE SCHEMA \"sche.ma'\";
             CREATE TABLE \"sche.ma'\".{table} ({key} text PRIMARY KEY, {columns}, UNIQUE (x), UNIQUE (t, n));
             CREATE TABLE t (x text PRIMARY KEY, n text UNIQUE, t text REFERENCES t, CHECK (n <> t));
             INSERT INTO t VALUES ('x', 'n', NULL);"
        ),
        ADMIN,
    )
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[test]
fn hostile_names_stay_names() {
    let desk = desk();
    let mut form = desk.form(&format!("{HOME}/new")).with(&[("f.the key's \"name\"", "k'e\"y/1")]);
    for (name, value) in NAMES.iter().zip(PAYLOADS.iter().cycle()) {
        form = form.with(&[(&format!("f.{name}"), value)]);
    }
    let created = desk.send(&format!("{HOME}/new"), &form);
    assert_eq!(created.status, 303, "{}", words(&created.body));
    let row = created.header("location").to_owned();
    assert!(!desk.page(&row).contains("<script>alert"));
    let edit = format!("{row}/edit");
    assert_eq!(desk.send(&edit, &desk.form(&edit)).status, 303);
    for name in NAMES {
        assert_eq!(desk.fill(&edit, &[(&format!("f.{name}"), "no")]).status, 422, "{name}");
        assert_eq!(desk.fill(&edit, &[(&format!("f.{name}"), "yes")]).status, 303, "{name}");
        let name = encoded(name);
        for query in [format!("sort=-{name}"), format!("is.{name}=yes"), format!("q={name}")] {
            assert_eq!(desk.get(&format!("{HOME}?{query}")).status, 200, "{query}");
        }
    }
    assert_eq!(desk.house.sql_mistakes(), Vec::<String>::new());
}

#[test]
fn hostile_values_stay_values() {
    let desk = desk();
    for payload in PAYLOADS {
        for field in ["q", "sort", "after", "before", "is.x", "is.t"] {
            let path = format!("{HOME}?{field}={}", encoded(payload));
            assert!(desk.get(&path).status < 500, "{field}={payload}");
        }
    }
    assert_eq!(desk.fill("/tables/t/new", &[("f.x", "y"), ("f.n", "n"), ("f.t", "x")]).status, 422);
    assert_eq!(desk.fill("/tables/t/new", &[("f.x", "y"), ("f.n", "m"), ("f.t", "x")]).status, 303);
    assert_eq!(desk.house.sql_mistakes(), Vec::<String>::new());
}
