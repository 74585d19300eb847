//! JSON: what is none, what is too much, and numbers and texts at their edges.

use super::{COLUMNS, all_come_to, cost, define, of};

const PATIENCE: u64 = 5;

fn columns() -> String {
    COLUMNS.replace("comment", "may_be_absent = true, comment")
}

fn document() -> parsers::Dataset {
    define(&format!("format = {{ kind = \"json\", record = \"/*\" }}\n{}", columns()))
}

#[track_caller]
fn come_to(dataset: &parsers::Dataset, cases: Vec<(&'static str, Vec<u8>, &'static str)>) {
    all_come_to(cases.into_iter().map(|(what, bytes, wanted)| {
        let (came, cpu) = cost(|| of(dataset, bytes));
        assert!(cpu.as_secs() < PATIENCE, "{what}: {cpu:?}");
        (what, came.chars().take(400).collect(), wanted)
    }));
}

#[test]
fn what_is_no_json_is_broken() {
    let cases: Vec<(&str, &str, &str)> = vec![
        ("cut", "[{\"a\": \"x\", \"b\": 1}", "…ends early"),
        ("cut in a text", "[{\"a\": \"x", "…ends early"),
        ("cut behind a comma", "[{\"a\": \"x\"},", "…ends early"),
        ("two documents", "[{\"a\": \"x\"}]\n[{\"a\": \"y\"}]", "…goes on behind its end"),
        ("garbage behind", "[{\"a\": \"x\"}] x", "…goes on behind its end"),
        ("a comma too many", "[{\"a\": \"x\"},]", "…BROKEN"),
        ("a comma too many in a record", "[{\"a\": \"x\",}]", "…BROKEN"),
        ("a comment", "[/* no */{\"a\": \"x\"}]", "…BROKEN"),
        ("names without quotes", "[{a: \"x\"}]", "…BROKEN"),
        ("quotes of another kind", "[{'a': 'x'}]", "…BROKEN"),
        ("not a number", "[{\"b\": NaN}]", "…BROKEN"),
        ("infinity", "[{\"b\": -Infinity}]", "…BROKEN"),
        ("a plus", "[{\"b\": +1}]", "…BROKEN"),
        ("a zero in front", "[{\"b\": 01}]", "…BROKEN"),
        ("a point without digits", "[{\"b\": 1.}]", "…BROKEN"),
        ("a point in front", "[{\"b\": .1}]", "…BROKEN"),
        ("hexadecimal", "[{\"b\": 0x1}]", "…BROKEN"),
        ("an exponent without digits", "[{\"b\": 1e}]", "…BROKEN"),
        ("a minus alone", "[{\"b\": -}]", "…BROKEN"),
        ("the same that nobody wants", "[{\"c\": -}]", "…BROKEN"),
        ("an exponent that nobody wants", "[{\"c\": 1e}]", "…BROKEN"),
        ("a word", "[{\"b\": True}]", "…BROKEN"),
        (
            "an object for the list",
            "{\"a\": \"x\", \"b\": 1}",
            "…!1 has a text where the definition looks into an object",
        ),
        ("a text for the list", "\"x\"", "…BROKEN"),
        ("a byte order mark", "\u{feff}[{\"a\": \"x\"}]", "x|"),
        ("two of them", "\u{feff}\u{feff}[{\"a\": \"x\"}]", "…BROKEN"),
        ("a line break in a text", "[{\"a\": \"x\ny\"}]", "…BROKEN"),
        ("an escape that is none", "[{\"a\": \"\\x41\"}]", "…BROKEN"),
    ];
    come_to(
        &document(),
        cases.into_iter().map(|(what, text, wanted)| (what, text.as_bytes().to_vec(), wanted)).collect(),
    );
}

#[test]
fn values_at_their_edges_are_exact_or_refused() {
    let long = "9".repeat(400);
    let one = |value: &str| format!("[{{\"a\": {value}}}, {{\"a\": \"next\"}}]").into_bytes();
    let number = |value: &str| format!("[{{\"b\": {value}}}, {{\"b\": 2}}]").into_bytes();
    come_to(
        &document(),
        vec![
            ("a name twice", b"[{\"a\": \"x\", \"a\": \"y\"}]".to_vec(), "!1 has a name twice in one object"),
            (
                "a name twice, once escaped",
                b"[{\"a\": \"x\", \"\\u0061\": \"y\"}]".to_vec(),
                "!1 has a name twice in one object",
            ),
            ("a name twice that nobody wants", b"[{\"c\": {\"d\": 1, \"d\": 2}}]".to_vec(), "|"),
            (
                "half a pair",
                one("\"\\ud83d\""),
                "!1 has half of a surrogate pair at its byte 14, which is no character; next|",
            ),
            ("the other half", one("\"\\ude00\""), "…!1 has half of a surrogate pair"),
            ("both in the wrong order", one("\"\\ude00\\ud83d\""), "…!1 has half of a surrogate pair"),
            ("half a pair, and another character", one("\"\\ud83d\\u0041\""), "…!1 has half of a surrogate pair"),
            ("half a pair that nobody wants", b"[{\"c\": \"\\ud83d\"}]".to_vec(), "…!1 has half of a surrogate pair"),
            ("a pair", one("\"\\ud83d\\ude00\""), "😀|; next|"),
            (
                "a surrogate in UTF-8",
                [b"[{\"a\": \"".to_vec(), vec![0xed, 0xa0, 0xbd], b"\"}]".to_vec()].concat(),
                "…does not decode as UTF-8",
            ),
            ("a NUL", one("\"x\\u0000\""), "…!1 holds a NUL"),
            ("more than a whole number holds", number("9223372036854775808"), "…!1 "),
            ("all that one holds", number("9223372036854775807"), "|9223372036854775807; |2"),
            ("400 digits", number(&long), "…!1 "),
            ("a fraction for a whole number", number("1.5"), "…!1 "),
            ("a fraction of nothing", number("1.0"), "!1 is not a whole number; |2"),
            ("an exponent", number("1e2"), "!1 is not a whole number; |2"),
            ("minus zero", number("-0"), "|0; |2"),
            ("a text for a number", number("\"1\""), "|1; |2"),
            ("a truth value for a number", number("true"), "…!1 "),
            ("an object for a number", number("{}"), "…!1 "),
            ("an empty list for a number", number("[]"), "…!1 "),
            (
                "a list for a record",
                b"[[\"x\", 1]]".to_vec(),
                "!1 has an array where the definition looks into an object: [\"x\", 1]",
            ),
            ("a list of nothing for a record", b"[[]]".to_vec(), "|"),
            ("a text for a record", b"[\"x\"]".to_vec(), "…!1 "),
            ("null for a record", b"[null]".to_vec(), "!1 is null"),
            ("a long number for a text", one(&long), "…9999"),
        ],
    );
}

#[test]
fn what_is_deep_or_without_end_is_given_up() {
    let deep = |open: &str| format!("[{{\"a\": {}", open.repeat(1_000_000)).into_bytes();
    let closed = format!("[{{\"c\": {}{}}}]", "[".repeat(5000), "]".repeat(5000)).into_bytes();
    let names = (0..200_000).fold("[{".to_owned(), |text, at| text + &format!("\"n{at}\": 1, ")) + "\"a\": \"x\"}]";
    let long = format!("[{{\"a\": \"{}\"}}]", "x".repeat(17 << 20)).into_bytes();
    come_to(
        &document(),
        vec![
            ("a million lists deep", deep("["), "…BROKEN"),
            ("a million objects deep", deep("{\"a\":"), "…BROKEN"),
            ("a million lists deep around", "[".repeat(1_000_000).into_bytes(), "…BROKEN"),
            ("5000 deep where nobody looks", closed, "…BROKEN"),
            ("200,000 names", names.into_bytes(), "x|"),
            ("a text of 17 MiB", long, "…longer than 16 MiB"),
            ("17 MiB of digits", format!("[{{\"b\": {}}}]", "1".repeat(17 << 20)).into_bytes(), "…longer than 16 MiB"),
            ("17 MiB of blanks", format!("[{}]", " ".repeat(17 << 20)).into_bytes(), ""),
        ],
    );
}

#[test]
fn of_lines_each_costs_only_itself_and_a_cut_one_the_file() {
    let lines = define(&format!("format = {{ kind = \"ndjson\" }}\n{}", columns()));
    let cases: Vec<(&str, &str, &str)> = vec![
        ("all good", "{\"a\": \"x\"}\n{\"b\": 1}\n", "x|; |1"),
        ("the last without its end", "{\"a\": \"x\"}\n{\"b\": 1}", "x|; |1"),
        ("the last cut", "{\"a\": \"x\"}\n{\"b\": 1", "…cut on its way"),
        ("two on a line", "{\"a\": \"x\"}{\"a\": \"y\"}\n{\"a\": \"z\"}\n", "…; z|"),
        ("one over two lines", "{\"a\":\n\"x\"}\n{\"a\": \"z\"}\n", "…; z|"),
        ("a list of all", "[{\"a\": \"x\"},\n{\"a\": \"y\"}]\n", "…!1 "),
        ("an error at the end", "{\"a\": \"x\"}\nError: the connection was lost\n", "…; !2 is no JSON"),
        ("a name twice", "{\"a\": \"x\", \"a\": \"y\"}\n", "!1 has a name twice in one object"),
        ("lines that end in CR", "{\"a\": \"x\"}\r{\"a\": \"y\"}\r", "…cut on its way"),
    ];
    come_to(&lines, cases.into_iter().map(|(what, text, wanted)| (what, text.as_bytes().to_vec(), wanted)).collect());
}
