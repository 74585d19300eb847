//! Columns whose values are more than a text, and members that are none yet.

use super::{PEOPLE, list, read, read_by};

#[test]
fn a_column_of_json_takes_whatever_stands_there() {
    let home = r#""home/town", type = "text""#;
    let json = PEOPLE.replace(home, r#""home", type = "json""#);
    assert_ne!(json, PEOPLE);
    let read = |home: &str| {
        let rows = read_by(&json, list(&format!(r#"{{"name": "A", "home": {home}}}"#)).as_bytes()).unwrap();
        rows.first().unwrap().clone()
    };
    for (home, kept) in [(r#"{ "a b": [1.50, "c d"] }"#, r#"{"a b":[1.50,"c d"]}"#), ("\"x\"", "\"x\""), ("null", "")] {
        assert_eq!(read(home), format!("A|{kept}|||0|g|G|me"));
    }
    assert!(read(r#"{"a": "\u0000"}"#).contains("NUL"));
}

#[test]
fn a_moment_may_be_put_together_of_several_members() {
    let text =
        PEOPLE.replace("[columns]", "[time]\nzone = \"Europe/Madrid\"\ninterval = \"1 hour\"\n\n[columns]").replace(
            "town = { from = \"home/town\", type = \"text\"",
            "town = { from = \"day\", period = \"no\", type = \"timestamp\"",
        );
    let people = list(r#"{"name": "A", "day": "2025-10-26", "no": 25}, {"name": "B", "day": "2025-10-26", "no": 26}"#);
    let rows = read_by(&text, people.as_bytes()).unwrap();
    assert_eq!(rows, ["A|2025-10-26T22:00:00Z|||0|g|G|me", "!1 has 25 periods, and this is number 26"]);
}

#[test]
fn a_member_is_offered_by_the_path_that_leads_to_it() {
    let rows = read(&list(r#"{"name": "A", "": 1, "a/b": "2", "*": "{}"}"#)).unwrap();
    let told = [
        "# no `from` leads to \"\" by what",
        "a_b = { from = \"a~1b\", type = \"integer\"",
        "# no `from` leads to \"*\"",
    ];
    for (row, told) in rows[1..].iter().zip(told) {
        assert!(row.starts_with(&format!("+{told}")), "{row}");
    }
}
