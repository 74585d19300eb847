//! Listings and catalogues, which tell where the files are.

use super::*;

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
    let page = include_str!("../../../tests/listings/nemweb.html");
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
