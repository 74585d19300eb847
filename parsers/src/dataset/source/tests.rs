//! What a source says, and how it says it wrongly.

use crate::dataset::tests::{GOOD, mistakes, parse};

/// The definition with another source.
fn with_source(source: &str) -> String {
    GOOD.replace("url = \"https://example.org/prices.csv\"", source).replace("\"replace\"", "\"upsert\"")
}

#[test]
fn a_source_says_how_it_is_asked() {
    let text = with_source(
        "url = \"https://example.org/api?x=1\"\nmethod = \"POST\"\nbody = '{\"key\": \"{secret:KEY}\"}'\n\
         headers = { Authorization = \"Bearer {secret:TOKEN}\" }\nquery = { api_key = \"secret:KEY\", day = \"{date:%F}\" }\n\
         period = \"day\"",
    );
    let source = parse(&text).unwrap().source;
    let names: Vec<_> = source.manner.secrets().into_iter().map(ToString::to_string).collect();
    assert_eq!(names, ["KEY", "TOKEN"]);
    let dated = source.dated.as_ref().unwrap();
    let asking = source.asking(dated.newest("2026-11-22T10:00:00Z".parse().unwrap()).ok()).unwrap();
    let shown = asking.manner.query.iter().map(|(name, words)| format!("{name}={}", words.shown()));
    assert_eq!(shown.collect::<Vec<_>>(), ["api_key=hidden", "day=2026-11-22"]);
    assert_eq!(asking.manner.headers[0].1.shown(), "Bearer hidden");
}

#[test]
fn an_authority_is_a_file_beside_the_definition() {
    let source = |ca: &str| with_source(&format!("url = \"https://example.org/\"\nca = \"{ca}\""));
    assert_eq!(parse(&source("office.pem")).unwrap().source.ca.unwrap().file, "office.pem");
    for ca in ["", ".pem", "../office.pem", "/etc/office.pem"] {
        assert!(mistakes(&source(ca)).contains("`ca` is the name of a file that stands beside the definition"), "{ca}");
    }
}

#[test]
fn a_source_may_be_that_of_another_dataset() {
    let source = parse(&with_source("same_as = \"others\"")).unwrap().source;
    assert_eq!(source.same_as, Some("others".parse().unwrap()));
    let both = mistakes(&with_source("same_as = \"others\"\nurl = \"https://example.org\""));
    assert_eq!(both, "url | `url` is not a key of [source] | it knows same_as\n");
}

#[test]
fn urls_follow_each_other() {
    let two = "[[source.url]]\nuntil = \"2024-08-01\"\nurl = \"https://example.org/old/{date:%Y%m}\"\n\
               [[source.url]]\nurl = \"https://example.org/{date:%Y%m}\"\n[source]\nperiod = \"month\"";
    let source = parse(&with_source("").replace("[source]\n", two)).unwrap().source;
    assert_eq!(source.url, "https://example.org/{date:%Y%m}");
    let old = source.dated.unwrap().url("2024-07-01T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(old, "https://example.org/old/202407");
    let wrong = two.replace("[[source.url]]\nurl", "[[source.url]]\nuntil = \"2024-01-01\"\nurl");
    assert!(mistakes(&with_source("").replace("[source]\n", &wrong)).contains("no URL is for now"));
    let undated = two.replace("/{date:%Y%m}", "/x").replace("/old/x", "/old");
    let told = mistakes(&with_source("").replace("[source]\n", &undated));
    assert!(told.contains("only a URL with a date has another one before a day"), "{told}");
}

#[test]
fn a_source_that_cannot_be_asked_is_told() {
    let text = with_source(
        "url = \"https://example.org/?key={secret:KEY}\"\nbody = \"x\"\nheaders = { Host = \"evil\", \"a b\" = \"x\", X = \"a\\nb\" }\n\
         query = { key = \"secret:not a name\" }\npages = { by = \"cursor\", total = \"total\" }\nlisting = { pattern = \"*\", most = 3 }\n\
         ckan = {}",
    );
    insta::assert_snapshot!(mistakes(&text), @r#"
    "https://example.org/?key={secret:KEY}" | a secret has no place in a URL | URLs are shown and kept: name the secret in [source.query] or [source.headers]
    "x" | only a POST has a body | add `method = "POST"`
    "evil" | the header Host is the program's own affair | -
    "x" | "a b" is no name of a header | -
    "a\nb" | a control character has no place here | -
    "secret:not a name" | "secret:not a name" names no secret: write secret:NAME, with letters, digits, `_`, `-` and `.` in its name | -
    "cursor" | pages by "cursor" need `parameter` | -
    "cursor" | pages by "cursor" need `next` | -
    "total" | "total" is no JSON pointer | write "/response/total": a slash before each name; "" is the whole page
    { pattern = "*", most = 3 } | a source has `pages` or `listing`, not both | -
    3 | `most` is for `take = "unseen"` | -
    {} | it is not said which resource of the package it is | add `name`, `file` or `format`: exactly one resource must match
    "#);
    let unseen = with_source("url = \"https://example.org/\"\nlisting = { pattern = \"*\", take = \"unseen\" }");
    assert!(mistakes(&unseen.replace("\"upsert\"", "\"replace\"")).contains("would remove the rest"));
}

#[test]
fn pages_are_not_counted_by_rows_of_which_a_record_has_several() {
    let paged = |more: &str| {
        with_source(&format!("url = \"https://example.org/\"\npages = {{ by = \"offset\", parameter = \"p\"{more} }}"))
    };
    let odd = |text: String| text.replace("kind = \"csv\"", "kind = \"odd\"\nparser = \"nem12\"");
    let told = mistakes(&odd(paged("")));
    assert!(told.contains("\"offset\" | pages are counted by records, and this format makes several of one"), "{told}");
    assert!(parse(&odd(paged(", records = \"/data\""))).is_ok() && parse(&paged("")).is_ok());
}
