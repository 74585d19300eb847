//! Walks without a network: each kind from its first request to its end, and how each goes wrong.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::{Dataset, sample};

mod counted;
mod found;

const HOME: &str = "https://x.example/api/list?limit=2";

/// Walks with these answers, one after the other; tells requests and what became of each.
fn walk(plan: &mut Plan, answers: &[&str]) -> Result<String, WalkError> {
    walk_with(plan, answers.iter().map(|answer| (None, *answer)))
}

fn walk_with<'a>(
    plan: &mut Plan,
    answers: impl Iterator<Item = (Option<&'a str>, &'a str)>,
) -> Result<String, WalkError> {
    let json = dataset("kind = \"json\"\nrecord = \"/data/*\"\nrefusal = \"/error\"");
    walk_by(&json, plan, answers.map(|(link, answer)| (link, answer.as_bytes())))
}

/// A dataset of one column, in this format.
fn dataset(format: &str) -> Dataset {
    let column = "h = { from = \"h\", type = \"text\", comment = \"H\" }";
    sample::parse(&format!("mode = \"replace\"\nkey = []\n[format]\n{format}\n[columns]\n{column}")).unwrap()
}

fn walk_by<'a>(
    dataset: &Dataset,
    plan: &mut Plan,
    answers: impl Iterator<Item = (Option<&'a str>, &'a [u8])>,
) -> Result<String, WalkError> {
    let (mut told, mut request) = (String::new(), Some(plan.first()?));
    for (link, content) in answers {
        let asked = request.take().expect("an answer that nobody asked for");
        let answer = Answer { url: &asked.url, link, content };
        let step = plan.next(&answer, &|page| dataset.tally(page))?;
        let became = if step.is_part { "part" } else { "guide" };
        writeln!(told, "{became} {}{}", asked.url, step.note.map(|note| format!(" ({note})")).unwrap_or_default())
            .unwrap();
        request = step.next;
    }
    assert_eq!(request, None, "{told}");
    Ok(told)
}

fn pages(turn: Turn) -> Pages {
    let at = |pointer: &str| Some(pointer.to_owned());
    Pages { turn, records: at("/data"), total: at("/total"), size: None, most: 10 }
}

fn paging(pages: Pages) -> Plan {
    Plan::new(Way::Pages(pages), HOME, &["files.x.example".to_owned()])
}

fn by_offset() -> Turn {
    Turn::Offset { parameter: "offset".into() }
}

#[test]
fn a_file_is_asked_for_and_that_is_all() {
    let told = walk(&mut Plan::new(Way::File, HOME, &[]), &["anything"]).unwrap();
    assert_eq!(told, format!("part {HOME}\n"));
}

#[test]
fn pages_come_until_all_that_was_declared_has_come() {
    let (one, two) = (r#"{"total": 3, "data": [1, 2]}"#, r#"{"total": "3", "data": [3]}"#);
    let told = walk(&mut paging(pages(by_offset())), &[one, two]).unwrap();
    assert_eq!(
        told,
        "part https://x.example/api/list?limit=2&offset=0\npart https://x.example/api/list?limit=2&offset=2\n"
    );
    let number = Turn::Number { parameter: "page".into(), first: 1 };
    let told = walk(&mut paging(pages(number)), &[one, two]).unwrap();
    assert!(told.ends_with("limit=2&page=2\n"), "{told}");
    let next = Turn::Next { at: "/next".into() };
    let links = [r#"{"total": 2, "data": [1], "next": "?p=2"}"#, r#"{"total": 2, "data": [2], "next": null}"#];
    assert_eq!(
        walk(&mut paging(pages(next)), &links).unwrap(),
        format!("part {HOME}\npart https://x.example/api/list?p=2\n")
    );
    let cursor = Turn::Cursor { at: "/cursor".into(), parameter: "after".into() };
    let links = [r#"{"total": 2, "data": [1], "cursor": "a/b="}"#, r#"{"total": 2, "data": [2], "cursor": ""}"#];
    assert!(walk(&mut paging(pages(cursor)), &links).unwrap().ends_with("limit=2&after=a%2Fb%3D\n"));
}

#[test]
fn the_header_link_leads_on_without_a_look_at_the_body() {
    let pages = Pages { turn: Turn::Header, records: None, total: None, size: None, most: 3 };
    let stands = paging(pages.clone()).first().unwrap().may_stand;
    assert!(!stands, "that a page has not changed does not say which one is next");
    let header = "</api/list?p=2>; rel=\"next\", </api/list?p=9>; rel=\"last\"";
    let told = walk_with(&mut paging(pages.clone()), [(Some(header), "a,b\n1,2\n"), (None, "a,b\n3,4\n")].into_iter());
    assert_eq!(told.unwrap(), format!("part {HOME}\npart https://x.example/api/list?p=2\n"));
    let twice = [(Some(header), "a\n1\n"), (Some(header), "a\n2\n")].into_iter();
    assert!(matches!(walk_with(&mut paging(pages), twice), Err(WalkError::Repeated { .. })));
}

#[test]
fn pages_that_are_no_whole_are_a_failure_with_a_sentence() {
    let declared = |total: u64, data: &str| format!(r#"{{"total": {total}, "data": [{data}]}}"#);
    let failed = |answers: &[&str]| walk(&mut paging(pages(by_offset())), answers).unwrap_err().to_string();
    let (one, two) = (declared(5, "1, 2"), declared(5, "3, 4"));
    let short = failed(&[&one, &two, &declared(5, "")]);
    assert_eq!(short, "the publisher declared 5 records and sent 4, in 3 pages");
    let more = failed(&[&one, &declared(5, "3, 4, 5, 6")]);
    assert_eq!(more, "the publisher declared 5 records and sent 6, in 2 pages");
    assert!(failed(&[&one, &declared(6, "3, 4")]).contains("page 2 declares 6 records and the page before it 5"));
    assert!(failed(&[&one, &one]).contains("page 2 is page 1 once more"));
    assert!(failed(&["<html>"]).contains("a page is not JSON, or is cut"));
    assert!(failed(&[r#"{"error": "over quota"}"#]).contains("no array of records at \"/data\""));
    assert!(failed(&[r#"{"data": []}"#]).contains("no number of all records at \"/total\""));
    let endless = Pages { most: 2, ..pages(by_offset()) };
    let endless = walk(&mut paging(endless), &[&one, &two]).unwrap_err();
    assert!(endless.to_string().contains("more than 2 pages") && !endless.may_pass());
}

/// It declares all, and sends the same again and again.
#[test]
fn a_page_is_known_again_by_its_records() {
    let page = |at: u32| format!(r#"{{"total": 4, "generated": {at}, "data": [{{"h": 1}}, {{"h": 2}}]}}"#);
    let again = walk(&mut paging(pages(by_offset())), &[&page(1), &page(2)]).unwrap_err().to_string();
    assert!(again.contains("page 2 is page 1 once more"), "{again}");
}

#[test]
fn a_next_link_may_not_lead_to_another_house() {
    let next = |to: &str| {
        let page = format!(r#"{{"total": 2, "data": [1], "next": "{to}"}}"#);
        let mut plan = paging(pages(Turn::Next { at: "/next".into() }));
        walk(&mut plan, &[&page, r#"{"total": 2, "data": [2]}"#])
    };
    for bad in ["https://evil.example/x", "http://x.example/x", "file:///etc/passwd", "//evil.example", "https://["] {
        assert!(!next(bad).unwrap_err().may_pass(), "{bad}");
    }
    assert!(next("https://files.x.example/2#top").unwrap().contains("part https://files.x.example/2\n"));
}

#[test]
fn what_does_not_tell_the_next_page_is_not_the_end() {
    let cursor = Turn::Cursor { at: "/links/next".into(), parameter: "after".into() };
    for turn in [Turn::Next { at: "/links/next".into() }, cursor] {
        let only = |links: &str| {
            let page = format!(r#"{{"data": [1], "links": {links}}}"#);
            walk(&mut paging(Pages { total: None, ..pages(turn.clone()) }), &[&page])
        };
        for (other, kind) in [("{\"href\": \"2\"}", "an object"), ("[\"2\"]", "an array"), ("true", "a truth value")] {
            let failed = only(&format!("{{\"next\": {other}}}")).unwrap_err().to_string();
            assert!(failed.contains(&format!("there is {kind} at \"/links/next\"")), "{failed}");
        }
        for end in ["{}", "{\"next\": null}", "{\"next\": \"\"}"] {
            assert_eq!(only(end).unwrap(), format!("part {HOME}\n"));
        }
        let noted = only("null").unwrap();
        assert!(noted.contains("(there is no object at \"/links\" to tell the next page"), "{noted}");
    }
}

proptest! {
    /// However many records there are and however they are cut into pages, all are taken, and a page that is left out is
    /// noticed.
    #[test]
    fn all_pages_make_the_total(sizes in proptest::collection::vec(1_u64..5, 1..8), lost in 0_usize..8) {
        let total: u64 = sizes.iter().sum();
        let page = |at: usize, size: u64| {
            let records: Vec<String> = (0..size).map(|record| format!("\"{at}/{record}\"")).collect();
            format!(r#"{{"total": {total}, "data": [{}]}}"#, records.join(","))
        };
        let texts: Vec<String> = sizes.iter().enumerate().map(|(at, size)| page(at, *size)).collect();
        let all: Vec<&str> = texts.iter().map(String::as_str).collect();
        let told = walk(&mut paging(pages(by_offset())), &all).unwrap();
        prop_assert_eq!(told.lines().count(), sizes.len());
        let empty = format!(r#"{{"total": {total}, "data": []}}"#);
        let lost = lost % all.len();
        let mut short: Vec<&str> = all.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, page)| *page).collect();
        short.push(&empty);
        let is_short = matches!(walk(&mut paging(pages(by_offset())), &short), Err(WalkError::Total { .. }));
        prop_assert!(is_short);
    }

    /// Nothing that a publisher sends makes a walk panic.
    #[test]
    fn no_answer_panics(content in proptest::collection::vec(any::<u8>(), 0..200), link in "[ -~]{0,60}") {
        let json = dataset("kind = \"ndjson\"");
        let ckan = Ckan { name: None, file: None, format: None, is_newest: true };
        let ways = [
            Way::Pages(pages(by_offset())),
            Way::Pages(Pages { turn: Turn::Header, records: None, total: None, size: None, most: 2 }),
            Way::Links(Links { pattern: "*".into(), take: Take::Newest, most: 1 }),
            Way::Ckan(ckan),
            Way::Socrata(Socrata { format: "csv".into() }),
        ];
        for way in ways {
            let mut plan = Plan::new(way, HOME, &[]);
            let first = plan.first().unwrap();
            let answer = Answer { url: &first.url, link: Some(&link), content: &content };
            let _whatever = plan.next(&answer, &|page| json.tally(page));
        }
    }
}
