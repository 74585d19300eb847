use proptest::prelude::*;

use crate::{ReadError, sample};

mod values;

const HEAD: &str = "mode = \"replace\"\nkey = []\nnulls = [\"-\"]\n";

const PEOPLE: &str = r#"[format]
kind = "json"
record = "/groups/*/people/*"
total = "/count"
refusal = "/error/message"
ignore = ["known", "/groups/extra"]

[columns]
name = { from = "name", type = "text", comment = "Name" }
town = { from = "home/town", type = "text", may_be_absent = true, comment = "Town" }
nick = { from = "nicks/*", join = ", ", type = "text", may_be_absent = true, comment = "Names among friends" }
first = { from = "nicks/0", type = "text", may_be_absent = true, comment = "The first of them" }
at = { from = "~key", type = "integer", comment = "Place in the group" }
in = { from = "../../~key", type = "text", comment = "Name of the group" }
label = { from = "../../label", type = "text", may_be_absent = true, comment = "Label of the group" }
of = { from = "/meta/owner", type = "text", may_be_absent = true, comment = "Owner of the list" }
"#;

fn read_by(definition: &str, text: &[u8]) -> Result<Vec<String>, ReadError> {
    let dataset = sample::parse(&format!("{HEAD}\n{definition}")).unwrap();
    let (mut rows, new) = sample::read(&dataset, text)?;
    rows.extend(new.iter().map(|column| format!("+{column}")));
    Ok(rows)
}

fn read(text: &str) -> Result<Vec<String>, ReadError> {
    read_by(PEOPLE, text.as_bytes())
}

fn list(people: &str) -> String {
    let count = people.matches("name").count();
    format!(
        r#"{{"count": {count}, "meta": {{"owner": "me"}}, "groups": {{"g": {{"label": "G", "people": [{people}]}}}}}}"#
    )
}

fn broken(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn mistakes(definition: &str) -> Vec<String> {
    let found = sample::parse(&format!("{HEAD}\n{definition}")).unwrap_err();
    found.into_iter().map(|mistake| mistake.message).collect()
}

#[test]
fn values_come_from_the_record_and_from_what_is_around_it() {
    let people = r#"{"name": "Åsa", "home": {"town": "Lund"}, "nicks": ["Å", "A"]},
                    {"nicks": [], "home": null, "name": "B"}"#;
    assert_eq!(read(&list(people)).unwrap(), ["Åsa|Lund|Å, A|Å|0|g|G|me", "B||||1|g|G|me"]);
    let two = list(people).replace("]}}}", r#"]}, "h": {"people": [{"name": "C"}]}, "extra": 7}}"#);
    let two = two.replace("\"count\": 2", "\"count\": \"3\"");
    assert_eq!(read(&two).unwrap().last().unwrap(), "C||||0|h||me");
}

#[test]
fn texts_and_numbers_are_exact() {
    let name = |json: &str| {
        let rows = read(&list(&format!(r#"{{"name": {json}}}"#))).unwrap();
        rows.first().unwrap().strip_suffix("||||0|g|G|me").unwrap().to_owned()
    };
    assert_eq!(name(r#""a\"\\\/\n\u00e9\ud83d\ude00 }],""#), "a\"\\/\né😀 }],");
    assert_eq!(name("12345678901234567890.12345678901234567890"), "12345678901234567890.12345678901234567890");
    assert_eq!(name("-0.10"), "-0.10");
    assert_eq!(name("1E400"), "1E400");
    assert_eq!((name("true"), name("null"), name("\"\"")), ("true".into(), String::new(), String::new()));
}

#[test]
fn null_is_there_and_the_empty_text_is_a_value() {
    let required = PEOPLE.replace("comment = \"Name\"", "required = true, comment = \"Name\"");
    let read = |json: &str| read_by(&required, list(&format!(r#"{{"name": {json}}}"#)).as_bytes());
    assert_eq!(read("\"\"").unwrap(), ["||||0|g|G|me"]);
    assert_eq!(read("null").unwrap(), ["!1 is missing, and a value is required"]);
    let error =
        read_by(&required, list(r#"{"Name": "A"}"#).replace(": 0,", ": 1,").as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error,
        "the file lacks \"name\"; it has \"Name\", which the definition does not name; \"name\" is perhaps called \"Name\" now"
    );
}

#[test]
fn new_members_are_told_with_the_type_that_they_seem_to_have() {
    let people = r#"{"name": "A", "known": 1, "born": "1999-01-02"}, {"name": "B", "born": "2001-03-04", "of": [1]}"#;
    let rows = read(&list(people)).unwrap();
    assert!(rows[2].starts_with("+born = { from = \"born\", type = \"date\""), "{rows:?}");
    assert_eq!(rows[3], "+of = { from = \"of\", type = \"json\", comment = \"…\" }");
    assert_eq!(rows.len(), 4);
}

#[test]
fn a_name_twice_is_not_guessed_at() {
    assert_eq!(
        read(&list(r#"{"name": "A", "home": {"x": 1, "x": 2}}"#)).unwrap(),
        ["!1 has a name twice in one object"]
    );
    let twice = list(r#"{"name": "A"}"#).replace("\"meta\"", "\"count\": 1, \"meta\"");
    assert!(broken(&twice).contains("has a name twice"));
}

#[test]
fn values_of_another_kind_are_rejects() {
    let people = r#"{"name": {"first": "A"}}, {"name": "A", "home": "Lund"}, null"#;
    let rows = read(&list(people).replace("\"count\": 2", "\"count\": 3")).unwrap();
    let shape = "has a text where the definition looks into an object or array: \"Lund\"}";
    assert!(rows[0].contains("has an object at /groups/*/people/*/name"), "{rows:?}");
    assert_eq!(rows[1], format!("!1 {shape}"));
    assert_eq!(rows[2], "!1 is null");
}

#[test]
fn a_document_that_ends_early_anywhere_is_broken() {
    let whole = list(r#"{"name": "A\n", "x": [1, {"y": -1.5e3}]}, {"name": "B"}"#);
    assert_eq!(read(&whole).unwrap().len(), 3);
    sample::is_broken_wherever_it_ends(&whole, read);
}

#[test]
fn what_is_no_json_is_broken_wherever_it_stands() {
    let good = list(r#"{"name": "A", "x": [1, 2]}"#);
    for (from, to) in [
        ("[1, 2]", "[1, 2,]"),
        ("[1, 2]", "[1 2]"),
        ("[1, 2]", "[01]"),
        ("[1, 2]", "[1}"),
        ("[1, 2]", "NaN"),
        ("\"A\"", "\"A\u{1}\""),
        ("\"A\"", "\"\\x\""),
        ("\"count\"", "count"),
        ("\"me\"", "\"me\" \"you\""),
        ("{\"owner\"", "[\"owner\""),
        (", \"groups\"", " \"groups\""),
        ("\"groups\":", "\"groups\""),
        ("\"people\": [", "\"people\": [,"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        let message = broken(&text);
        assert!(message.contains("broken") || message.contains("ends early"), "{text}: {message}");
    }
    assert!(broken(&format!("{good} {good}")).contains("goes on behind its end"));
    assert!(broken(&format!("{good},")).contains("goes on behind its end"));
    let unwanted = good.replace("\"meta\"", "\"other\": [1, {\"a\": tru}], \"meta\"");
    assert!(broken(&unwanted).contains("broken"));
}

#[test]
fn the_line_of_a_mistake_is_named() {
    let text = list("\n{\"name\": \"A\"},\n\n{\"name\": \"B\",\n \"x\": 01}");
    let Err(ReadError::Broken { line, .. }) = read(&text) else { panic!() };
    assert_eq!(line, Some(5));
}

#[test]
fn the_documents_own_total_must_hold() {
    let text = list(r#"{"name": "A"}"#);
    let said = |count: &str| broken(&text.replace("\"count\": 1", count));
    assert_eq!(said("\"count\": 2"), "the document says that it has 2 records, and it has 1");
    assert!(said("\"count\": 1.0").contains("1.0 records"));
    assert!(said("\"size\": 1").contains("does not say how many"));
    let behind = text.replace("\"count\": 1, ", "").replace("]}}}", "]}}, \"count\": 1}");
    assert_eq!(read(&behind).unwrap().len(), 1);
}

#[test]
fn a_document_without_data_says_why() {
    assert_eq!(
        broken(r#"{"error": {"message": "The API key is wrong"}}"#),
        "the publisher sent no data but says: The API key is wrong"
    );
    let empty = |error: &str| read(&format!(r#"{{"count": 0, "groups": {{}}, "error": {{"message": {error}}}}}"#));
    let told = empty("\"No such day\"").unwrap_err().to_string();
    assert_eq!(told, "the publisher sent no data but says: No such day", "an empty list is no data either");
    for nothing in ["null", "\"\"", "[]", "false"] {
        assert!(empty(nothing).unwrap().is_empty(), "{nothing}");
    }
    assert_eq!(broken("{\"count\": 0}"), "the document has no /groups");
    assert_eq!(broken(r#"{"groups": {"g": {"label": "G"}}}"#), "the document has no /groups/*/people");
    assert_eq!(broken(r#"{"groups": {"g": null}}"#), "/groups/g is null, and the records are expected in it");
    assert_eq!(broken("[]"), "the document has no /groups");
    assert!(read_by(PEOPLE, b"<html>").unwrap_err().to_string().contains("a web page"));
    assert!(read_by(PEOPLE, b"name,town\n").unwrap_err().to_string().contains("not JSON"));
}

#[test]
fn a_value_that_comes_after_its_records_is_not_guessed_at() {
    let late = list(r#"{"name": "A"}"#).replace("\"label\": \"G\", ", "").replace("]}}}", "], \"label\": \"G\"}}}");
    assert_eq!(broken(&late), "/groups/*/label comes after the records that it belongs to");
}

#[test]
fn a_byte_that_does_not_decode_is_a_reject() {
    let text = list(r#"{"name": "A"}, {"name": "B"}"#).replace('B', "\u{1}");
    let bytes: Vec<u8> = text.into_bytes().into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    let rows = read_by(PEOPLE, &bytes).unwrap();
    assert_eq!(rows[1], "!1 does not decode as UTF-8 at its byte 11");
}

#[test]
fn the_root_may_be_the_array_or_the_record() {
    let definition = |record: &str| {
        format!(
            "[format]\nkind = \"json\"\nrecord = \"{record}\"\n[columns]\na = {{ from = \"a\", type = \"integer\", comment = \"A\" }}"
        )
    };
    assert_eq!(read_by(&definition("/*"), b" [{\"a\": 1},\r\n{\"a\":2}] ").unwrap(), ["1", "2"]);
    assert_eq!(read_by(&definition("/*"), br#"{"x": {"a": 1}, "y": {"a": 2}}"#).unwrap(), ["1", "2"]);
    assert_eq!(read_by(&definition("/*"), b"[]").unwrap(), [""; 0]);
    assert_eq!(read_by(&definition("/"), b"{\"a\": 1}").unwrap(), ["1"]);
    let whole = definition("/*").replace("from = \"a\"", "from = \".\"");
    assert_eq!(read_by(&whole, b"[1,2 ,3]").unwrap(), ["1", "2", "3"]);
    let pairs = definition("/*").replace("from = \"a\"", "from = \"1\"");
    assert_eq!(read_by(&pairs, b"[[1,2],[3,4,5]]").unwrap(), ["2", "4"]);
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let in_record = list(&format!(r#"{{"name": "A", "x": {deep}}}"#));
    assert!(broken(&in_record).contains("recursion limit"));
    assert!(broken(&list("").replace("\"me\"", &deep).replace("\"meta\"", "\"other\"")).contains("more than 128 deep"));
}

#[test]
fn a_column_of_json_keeps_whatever_is_there() {
    let definition = "[format]\nkind = \"json\"\nrecord = \"/*\"\n[columns]\na = { from = \"a\", type = \"json\", comment = \"A\" }\n\
                      b = { from = \"a/b\", type = \"text\", may_be_absent = true, comment = \"B\" }";
    let text = b"[{\"a\": {\"b\": \"x \\\" y\", \"c\": [1.50, true,\n null]}}, {\"a\": null}]";
    assert_eq!(read_by(definition, text).unwrap(), ["{\"b\":\"x \\\" y\",\"c\":[1.50,true,null]}|x \" y", "|"]);
    let scalar = definition.split("b = ").next().unwrap();
    assert_eq!(read_by(scalar, b"[{\"a\": \"x\"}, {\"a\": 1e5}]").unwrap(), ["\"x\"", "1e5"]);
}

const LINES: &str = r#"[format]
kind = "ndjson"

[columns]
id = { from = "id", type = "integer", required = true, comment = "Id" }
text = { from = "t", type = "text", comment = "Text" }
"#;

#[test]
fn a_line_that_is_no_json_is_a_reject_and_the_next_is_read() {
    let text = b"{\"id\":1,\"t\":\"a\"}\r\n{\"id\":2,\n\n{\"id\":3,\"t\":null} 4\n{\"id\":5,\"t\":\"\\n\"}";
    let rows = read_by(LINES, text).unwrap();
    assert_eq!(rows[0], "1|a");
    assert!(rows[1].starts_with("!2 is no JSON at byte 9: EOF"), "{rows:?}");
    assert!(rows[2].starts_with("!4 is no JSON at byte 19: trailing"), "{rows:?}");
    assert_eq!(rows[3], "5|\n");
    let cut = read_by(LINES, b"{\"id\":1,\"t\":\"a\"}\n{\"id\":2").unwrap_err().to_string();
    assert!(cut.contains("cut on its way"), "{cut}");
}

#[test]
fn mistakes_in_paths_are_told() {
    let with = |from: &str, to: &str| mistakes(&PEOPLE.replace(from, to)).join("; ");
    assert!(with("\"/groups/*/people/*\"", "\"groups\"").contains("write \"/groups\""));
    assert!(with("\"../../label\"", "\"../../../../../label\"").contains("leads out of the document"));
    assert!(with("\"../../label\"", "\"../..\"").contains("what the records are in"));
    assert!(with("\"/count\"", "\"/*/count\"").contains("does not lead to one value"));
    assert!(with("\"nicks/*\", join = \", \"", "\"nicks/*\"").contains("leads to several values"));
    assert!(with("\"nicks/0\"", "\"nicks/0\", join = \"-\"").contains("`join` is for paths with a star"));
    assert!(with("\"home/town\"", "\"home/~key\"").contains("~key is for"));
    assert!(with("\"home/town\"", "\"home//town\"").contains("a step without a name"));
}

proptest! {
    #[test]
    fn changed_bytes_never_panic_and_never_lose_a_record_unseen(at in 0_usize..200, byte in any::<u8>()) {
        let mut bytes = list(r#"{"name": "A", "nicks": ["x", "y"]}, {"name": "B", "home": {"town": "L"}}"#).into_bytes();
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        prop_assert!(read_by(PEOPLE, &bytes).is_ok_and(|rows| rows.len() >= 2) || read_by(PEOPLE, &bytes).is_err());
    }

    #[test]
    fn texts_come_back_as_they_went_in(text in any::<String>()) {
        let text = text.replace('\0', "");
        let definition = "[format]\nkind = \"json\"\nrecord = \"/*\"\n[columns]\na = { from = \"a\", type = \"text\", nulls = [], comment = \"A\" }";
        prop_assert_eq!(read_by(definition, serde_json::json!([{ "a": text }]).to_string().as_bytes()).unwrap(), [text]);
    }
}
