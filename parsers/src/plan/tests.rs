//! Walks without a network: each kind from its first request to its end, and how each goes wrong.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::{Dataset, sample};

mod counted;

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

const LISTING: &str = r#"<html><body><a href="/up/">[To Parent Directory]</a><br>
    <A HREF="/d/F_202611210900_1.zip">F_202611210900_1.zip</A> <a href="F_202611211000_10.zip">x</a>
    <a href="F_202611211000_9.zip">x</a> <a href="G_202711211000.zip">other</a></body></html>"#;

fn listing(take: Take, most: usize) -> Plan {
    Plan::new(Way::Links(Links { pattern: "F_*.zip".into(), take, most }), "https://x.example/d/", &[])
}

#[test]
fn the_newest_file_of_a_listing_is_the_last_by_its_name() {
    let told = walk(&mut listing(Take::Newest, 100), &[LISTING, "zip"]).unwrap();
    assert_eq!(told, "guide https://x.example/d/\npart https://x.example/d/F_202611211000_10.zip\n");
}

#[test]
fn what_no_release_was_made_of_is_taken_in_order_and_not_too_much_at_once() {
    let seen = BTreeSet::from(["https://x.example/d/F_202611210900_1.zip".to_owned()]);
    let told = walk(&mut listing(Take::Unseen, 100).having(seen.clone(), str::to_owned), &[LISTING, "1", "2"]).unwrap();
    assert!(told.ends_with("_9.zip\npart https://x.example/d/F_202611211000_10.zip\n"), "{told}");
    let told = walk(&mut listing(Take::Unseen, 2), &[LISTING, "1", "2"]).unwrap();
    assert!(told.contains("0900_1.zip") && told.contains("1 more files of the listing are left to the next run"));
    let all: BTreeSet<_> = ["F_202611210900_1", "F_202611211000_9", "F_202611211000_10"]
        .map(|name| format!("https://x.example/d/{name}.zip"))
        .into();
    assert_eq!(
        walk(&mut listing(Take::Unseen, 2).having(all, str::to_owned), &[LISTING]).unwrap(),
        "guide https://x.example/d/\n"
    );
}

#[test]
fn files_that_are_written_down_alike_are_not_taken_for_one() {
    let page = "<a href='F_1.zip?key=1'>x</a><a href='F_1.zip?key=2'>x</a>";
    let kept = |url: &str| format!("{}?key=hidden", url.split('?').next().unwrap_or_default());
    let plan = |take| listing(take, 100).having(BTreeSet::new(), kept);
    let alike = walk(&mut plan(Take::Unseen), &[page]).unwrap_err();
    let told = "several files on https://x.example/d/ would be written down as https://x.example/d/F_1.zip?key=hidden";
    assert!(alike.to_string().starts_with(told) && !alike.may_pass(), "{alike}");
}

#[test]
fn the_newest_file_is_one() {
    for (one, other) in [("a/F_9.zip", "b/F_9.zip"), ("F_9.zip", "F_09.zip"), ("F_9.zip?v=1", "F_9.zip?v=2")] {
        let page = format!("<a href='{one}'>x</a><a href='F_8.zip'>x</a><a href='{other}'>x</a><a href='{one}'>x</a>");
        let several = walk(&mut listing(Take::Newest, 100), &[&page]).unwrap_err();
        let told =
            "2 files on https://x.example/d/ match \"F_*.zip\" and come last by their names, and exactly one must: ";
        assert!(several.to_string().starts_with(told) && several.to_string().contains(other), "{several}");
        assert!(!several.may_pass());
    }
}

#[test]
fn a_listing_without_the_file_is_a_failure_that_tells_what_is_there() {
    let failed = |page: &str| walk(&mut listing(Take::Newest, 100), &[page]).unwrap_err();
    let renamed = failed(&LISTING.replace("F_", "PUBLIC_F#"));
    assert!(renamed.may_pass());
    let told = "nothing on https://x.example/d/ matches \"F_*.zip\": it has links to PUBLIC_F";
    assert!(renamed.to_string().starts_with(told), "{renamed}");
    assert!(failed("").to_string().contains("no links to files at all"));
    assert!(failed("<a href='//evil.example/F_1.zip'>").to_string().contains("another host"));
}

#[test]
fn a_real_listing_is_understood() {
    let page = include_str!("../../tests/listings/nemweb.html");
    let links = Links { pattern: "PUBLIC_DISPATCHIS_*.zip".into(), take: Take::Unseen, most: 100 };
    let mut plan = Plan::new(Way::Links(links), "http://nemweb.com.au/Reports/Current/DispatchIS_Reports/", &[]);
    let told = walk(&mut plan, &[page, "1", "2", "3"]).unwrap();
    let first = "part http://nemweb.com.au/Reports/Current/DispatchIS_Reports/PUBLIC_DISPATCHIS_202111081435_";
    assert!(told.lines().nth(1).unwrap().starts_with(first), "{told}");
    assert!(!told.contains("DUPLICATE"));
}

const REGISTER: &str = r#"
    {"name": "Register 2025", "format": "CSV", "url": "/files/2025.csv", "created": "2025-01-02", "state": "active"},
    {"name": "Register 2026", "format": "csv", "url": "/files/2026.csv", "created": "2026-01-02", "state": "active"},
    {"name": "Register 2027", "format": "csv", "url": "/files/2027.csv", "created": "2027-01-02", "state": "deleted"},
    {"name": "Guide", "format": "PDF", "url": "https://evil.example/guide.pdf", "created": "2026-02-02"}"#;

fn package(change: impl FnOnce(&mut Ckan)) -> Result<String, WalkError> {
    package_of(REGISTER, change)
}

fn package_of(resources: &str, change: impl FnOnce(&mut Ckan)) -> Result<String, WalkError> {
    let mut ckan = Ckan { name: None, file: None, format: Some("CSV".into()), is_newest: false };
    change(&mut ckan);
    let url = "https://x.example/api/3/action/package_show?id=register";
    let package = format!(r#"{{"success": true, "result": {{"resources": [{resources}]}}}}"#);
    walk(&mut Plan::new(Way::Ckan(ckan), url, &[]), &[&package, "file"])
}

#[test]
fn a_package_says_where_its_resource_is() {
    assert!(package(|ckan| ckan.is_newest = true).unwrap().ends_with("part https://x.example/files/2026.csv\n"));
    assert!(package(|ckan| ckan.name = Some("* 2025".into())).unwrap().ends_with("/files/2025.csv\n"));
    assert!(package(|ckan| ckan.file = Some("2026.*".into())).unwrap().ends_with("/files/2026.csv\n"));
    let several = package(|_| ()).unwrap_err().to_string();
    assert!(several.starts_with("2 files on https://x.example/api"), "{several}");
    let none = package(|ckan| ckan.format = Some("XML".into())).unwrap_err().to_string();
    assert!(none.contains("its resources are \"Register 2025\" (CSV, \"2025.csv\")"), "{none}");
    assert!(package(|ckan| ckan.format = Some("PDF".into())).unwrap_err().to_string().contains("another host"));
}

#[test]
fn a_resources_file_is_called_as_people_read_it() {
    for (url, file) in
        [("/f.csv?download=1", "f.csv"), ("/a/g%20h.csv#top", "g h.csv"), ("https://x.example/i.csv", "i.*")]
    {
        let resource = format!(r#"{{"name": "x", "format": "CSV", "url": "{url}"}}"#);
        let told = package_of(&resource, |ckan| ckan.file = Some(file.to_owned()));
        assert!(told.as_ref().is_ok_and(|told| told.contains("part https://x.example/")), "{url}: {told:?}");
    }
}

#[test]
fn a_resource_that_cannot_be_told_is_not_guessed() {
    let resource =
        |url: &str, made: &str| format!(r#"{{"name": "x", "format": "csv", "url": "{url}", "created": "{made}"}}"#);
    let newest = |one: (&str, &str), other: (&str, &str)| {
        let both = format!("{}, {}", resource(one.0, one.1), resource(other.0, other.1));
        package_of(&both, |ckan| ckan.is_newest = true).unwrap_err().to_string()
    };
    let unsaid = newest(("/1.csv", "2026-01-02"), ("/2.csv", ""));
    assert!(unsaid.contains("it does not say when the resource \"x\" was made"), "{unsaid}");
    let same = newest(("/1.csv", "2026-01-02"), ("/2.csv", "2026-01-02"));
    assert!(same.contains("\"x\" (csv, \"1.csv\"), \"x\" (csv, \"2.csv\")"), "{same}");
    let nowhere = package_of(r#"{"name": "x", "format": "csv"}"#, |_| ()).unwrap_err().to_string();
    assert!(nowhere.ends_with("the resource \"x\" has no URL"), "{nowhere}");
}

#[test]
fn a_view_says_how_it_is_exported() {
    let view = |body: &str| {
        let way = Way::Socrata(Socrata { format: "csv".into() });
        walk(&mut Plan::new(way, "https://data.x.example/api/views/ab12-cd34.json", &[]), &[body, "file"])
    };
    let table = view(r#"{"id": "ab12-cd34", "viewType": "tabular"}"#).unwrap();
    assert!(table.ends_with("part https://data.x.example/api/views/ab12-cd34/rows.csv?accessType=DOWNLOAD\n"));
    let blob = view(r#"{"id": "ab12-cd34", "viewType": "blobby", "blobId": "0f-1"}"#).unwrap();
    assert!(blob.ends_with("/api/views/ab12-cd34/files/0f-1\n"), "{blob}");
    for bad in [
        r#"{"id": "zz99-zz99", "viewType": "tabular"}"#,
        r#"{"id": "ab12-cd34", "viewType": "map"}"#,
        r#"{"id": "ab12-cd34", "viewType": "blobby", "blobId": "../../x"}"#,
        "{}",
        "<",
    ] {
        assert!(matches!(view(bad), Err(WalkError::Unreadable { .. })), "{bad}");
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
