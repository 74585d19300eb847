use super::*;

#[test]
fn a_package_beside_the_file_says_what_is_not_in_it() {
    let package = br#"{ "title": "Things", "licenses": [{ "name": "CC0-1.0", "title": "CC0 1.0" }], "homepage": "https://example.org",
        "contributors": [{ "title": "Office of Things" }], "resources": [{ "path": "data/things.csv", "description": "All things",
        "schema": { "fields": [{ "name": "id", "description": "Its number" }] } }] }"#;
    let beside = Beside::parse(package, "things.csv").unwrap().unwrap();
    let asked = Asked { beside, ..asked() };
    let found = infer(&asked, &|| Ok(Box::new(Cursor::new(b"id,x\n1,a\n2,a\n".to_vec())))).unwrap().definition;
    has(
        &found,
        &[
            "title = \"Things\"",
            "description = \"All things\"",
            "licence = \"CC0 1.0\"",
            "name = \"Office of Things\"",
            "page = \"https://example.org\"",
            "id = { from = \"id\", type = \"integer\", comment = \"Its number\" }",
        ],
    );
}

#[test]
fn metadata_of_csv_on_the_web_are_understood() {
    let metadata = br#"{ "@context": "http://www.w3.org/ns/csvw", "url": "things.csv", "dc:title": "Things",
        "dc:publisher": { "@value": "Office" }, "tableSchema": { "columns": [{ "titles": "id", "dc:description": "Its number" }] } }"#;
    let beside = Beside::parse(metadata, "things.csv").unwrap().unwrap();
    assert_eq!((beside.title.as_deref(), beside.publisher.as_deref()), (Some("Things"), Some("Office")));
    assert_eq!(beside.columns.get("id").map(String::as_str), Some("Its number"));
}

#[test]
fn types_key_and_words_for_no_value_are_taken_from_the_description() {
    let package = br#"{ "resources": [{ "path": "other.csv" }, { "path": "things.csv", "schema": { "fields": [
        { "name": "naics", "type": "string" }, { "name": "day", "type": "string" }, { "name": "mw", "type": "number" }],
        "primaryKey": ["naics", "day"], "missingValues": ["", "-999"] } }] }"#;
    let beside = Beside::parse(package, "things.csv.gz").unwrap().unwrap();
    let asked = Asked { beside, ..asked() };
    let file = b"naics,day,mw\n11,2026-01-01,1.5\n11,2026-01-02,-999\n12,2026-01-03,2\n";
    let found = infer(&asked, &|| Ok(Box::new(Cursor::new(file.to_vec())))).unwrap().definition;
    has(
        &found,
        &[
            "key = [\"naics\", \"day\"]  # GUESS: no two of the first 3 rows are alike in it",
            "naics = { from = \"naics\", type = \"text\", comment = \"naics\" }",
            "day = { from = \"day\", type = \"date\", comment = \"day\" }",
            "mw = { from = \"mw\", type = \"decimal(6,1)\", nulls = [\"\", \"-999\"], comment = \"mw\" }",
        ],
    );
    let metadata =
        br#"{ "tables": [{ "url": "a.csv" }, { "url": "things.csv", "null": "-", "tableSchema": { "primaryKey": "n",
        "columns": [{ "name": "n", "titles": "Number", "datatype": "string" }] } }] }"#;
    let beside = Beside::parse(metadata, "things.csv").unwrap().unwrap();
    assert_eq!((beside.key, beside.nulls), (vec!["Number".to_owned()], vec!["-".to_owned()]));
    assert!(beside.texts.contains("Number"));
}

#[test]
fn a_description_of_other_files_is_none_of_this_one() {
    for other in [&b"[1, 2]"[..], br#"{ "title": "T", "resources": [{ "path": "more-things.csv" }] }"#] {
        assert_eq!(Beside::parse(other, "things.csv").unwrap(), None);
    }
}
