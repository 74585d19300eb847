use std::io::Cursor;

use crate::{Contract, ReadError, Row, Step, sample::parse};

const HEAD: &str = r#"mode = "replace"
key = ["domain"]
format = { kind = "csv" }

[columns]
domain = { from = "Domain name", type = "text", comment = "The domain" }
body = { from = "Organization", type = "text", required = true, comment = "The body" }
part = { from = "Part", type = "text", comment = "Its part" }
nuts = { type = "text", comment = "The code of old" }
"#;

const OLD: &str = r#"
[[version]]
name = "until 2021"
from = { domain = "Domain Name", nuts = "NUTS" }
absent = ["part"]
ignore = ["Remarks"]
charset = "windows-1252"
"#;

fn read(text: &str, csv: &[u8]) -> Result<Vec<String>, ReadError> {
    let dataset = parse(text).unwrap();
    let mut reading = dataset.open(Box::new(Cursor::new(csv.to_vec())))?;
    let (mut row, mut rows) = (Row::default(), Vec::new());
    while let Step::Row = reading.next(&mut row)? {
        rows.push(row.values().map(|value| value.to_string()).collect::<Vec<_>>().join("|"));
    }
    rows.extend(reading.new_columns().iter().map(|column| format!("{column}")));
    Ok(rows)
}

fn contract(text: &str, csv: &[u8]) -> Contract {
    match read(text, csv) {
        Err(ReadError::Contract(contract)) => *contract,
        other => panic!("{other:?}"),
    }
}

/// Without versions, and so without a column that only a version has.
fn alone() -> String {
    HEAD.replace("nuts = { type = \"text\", comment = \"The code of old\" }\n", "")
}

fn both() -> String {
    format!("{HEAD}{OLD}")
}

#[test]
fn a_file_is_read_by_the_version_that_its_names_tell() {
    let text = both();
    assert_eq!(read(&text, b"Part,Domain name,Organization\np,a.gov,A\n").unwrap(), ["a.gov|A|p|"]);
    assert_eq!(
        read(&text, b"Remarks,Domain Name,NUTS,Organization\nx,a.gov,N1,Caf\xe9\n").unwrap(),
        ["a.gov|Café||N1"],
        "and in its encoding"
    );
}

#[test]
fn what_a_version_lacks_must_not_be_there() {
    let text = both().replace("from = { domain = \"Domain Name\", nuts = \"NUTS\" }", "from = { nuts = \"NUTS\" }");
    assert_eq!(read(&text, b"Domain name,NUTS,Organization\na.gov,N1,A\n").unwrap(), ["a.gov|A||N1"]);
    let found = contract(&text, b"Domain name,NUTS,Organization,Part\na.gov,N1,A,p\n");
    assert!(found.missing.is_empty() && found.to_string().contains("of no declared version"), "{found}");
}

#[test]
fn a_file_of_two_versions_is_of_none() {
    let text = format!("{HEAD}[[version]]\nname = \"b\"\nfrom = {{ nuts = \"NUTS\", part = \"Piece\" }}\n");
    let csv = b"Domain name,Organization,Part,Piece,NUTS\na,A,p,q,n\n";
    let error = read(&text.replace("nuts = { type", "nuts = { from = \"NUTS\", type"), csv).unwrap_err().to_string();
    assert!(error.starts_with("the file is of more than one version: of [columns], b"), "{error}");
}

#[test]
fn the_suggested_version_reads_the_file_once_it_is_pasted() {
    let csv = b"DOMAIN name,ORGANIZATION,Fax\na.gov,A,1\n";
    let found = contract(&alone(), csv);
    assert_eq!(
        found.to_string(),
        "the file lacks \"Domain name\", \"Organization\", \"Part\"; it has \"DOMAIN name\", \"ORGANIZATION\", \"Fax\", \
         which the definition does not name; \"Domain name\" is perhaps called \"DOMAIN name\" now; \"Organization\" is \
         perhaps called \"ORGANIZATION\" now"
    );
    let suggestion = found.suggestion.unwrap();
    insta::assert_snapshot!(suggestion, @r#"
    [[version]]
    name = "version 2"
    from = { domain = "DOMAIN name", body = "ORGANIZATION" }
    absent = ["part"]
    ignore = ["Fax"]
    "#);
    assert_eq!(read(&format!("{}{suggestion}", alone()), csv).unwrap(), ["a.gov|A|"]);
}

#[test]
fn what_is_not_wanted_is_named_or_matched() {
    let text = alone().replace("kind = \"csv\"", "kind = \"csv\", ignore = [\"Old *\", \"Fax\"]");
    let rows = read(&text, b"Domain name,Organization,Part,Old name,Fax,Old,Fax 2\na.gov,A,p,,,,\n").unwrap();
    let new: Vec<_> = rows[1..].iter().filter_map(|line| line.split(" = ").next()).collect();
    assert_eq!(new, ["old", "fax_2"]);
}

#[test]
fn a_required_column_that_nobody_knows_is_asked_for() {
    let suggestion = contract(&alone(), b"Domain name,Part\na,b\n").suggestion.unwrap();
    assert!(suggestion.contains("# `body` is required: name the file's column for it in `from`"), "{suggestion}");
}

#[test]
fn what_may_be_one_column_or_another_is_left_to_the_person() {
    let text = alone().replace("\"Part\"", "\"Suborganization name\"").replace("Organization\"", "Organization name\"");
    let found = contract(&text, b"Domain name,Agency,Organization\na,b,c\n");
    assert!(found.renamed.is_empty(), "{found}");
    insta::assert_snapshot!(found.suggestion.unwrap(), @r#"
    [[version]]
    name = "version 2"
    # `body` is required: name the file's column for it in `from`, perhaps "Organization"
    # `part` may be "Organization": name it in `from`, or leave it `absent`
    absent = ["part"]
    ignore = ["Agency", "Organization"]
    "#);
}

#[test]
fn a_new_column_comes_with_a_line_for_the_definition() {
    let csv = "Domain name,Organization,Part,Since when?,2nd \"key\"\na,A,p,2026-01-31,x\nb,B,p,,y\n";
    let rows = read(&alone(), csv.as_bytes()).unwrap();
    assert_eq!(
        rows[2..],
        [
            "since_when = { from = \"Since when?\", type = \"date\", comment = \"…\" }",
            "c_2nd_key = { from = \"2nd \\\"key\\\"\", type = \"text\", comment = \"…\" }"
        ]
    );
}

#[test]
fn mistakes_in_versions_are_told() {
    let text = both()
        .replace("absent = [\"part\"]", "absent = [\"prat\", \"body\", \"domain\"]")
        .replace("windows-1252", "klingon")
        .replace("nuts = \"NUTS\" }", "nuts = \"NUTS\", nutz = \"N\" }");
    let mistakes: Vec<String> = parse(&text).unwrap_err().iter().map(|mistake| mistake.message.clone()).collect();
    insta::assert_snapshot!(mistakes.join("\n"), @r#"
    there is no column `nutz`
    there is no column `prat`
    `domain` is required, so no version can lack it
    `domain` stands in `from`, too
    `body` is required, so no version can lack it
    "klingon" is no encoding that a version can have
    "#);
}
