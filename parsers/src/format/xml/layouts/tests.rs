use crate::{Contract, ReadError, sample};

const PLACES: &str = r#"mode = "replace"
key = []

[format]
kind = "xml"
namespaces = { k = "urn:keys" }
record = "list/place"
ignore = ["known"]

[columns]
name = { from = "Name", type = "text", required = true, comment = "Name" }
country = { from = "Country", type = "text", comment = "Country" }
code = { from = "k:Code/@value", type = "text", comment = "Code" }
mayor = { from = "Mayor", type = "text", may_be_absent = true, comment = "Mayor" }
of = { from = "../Of", type = "text", comment = "Owner of the list" }
"#;

const NEWER: &str = r#"
[[version]]
name = "since 2026"
from = { country = "Country-Pays", of = "../@of" }
absent = ["code"]
ignore = ["Old"]
"#;

fn read(definition: &str, text: &str) -> Result<Vec<String>, ReadError> {
    let (mut rows, new) = sample::read(&sample::parse(definition).unwrap(), text.as_bytes())?;
    rows.extend(new.iter().map(|column| format!("+{}", column.name)));
    Ok(rows)
}

fn contract(definition: &str, text: &str) -> Contract {
    match read(definition, text) {
        Err(ReadError::Contract(contract)) => *contract,
        other => panic!("{other:?}"),
    }
}

fn both() -> String {
    format!("{PLACES}{NEWER}")
}

fn older(places: &str) -> String {
    format!("<list xmlns:k='urn:keys'>\n<Of>me</Of>\n{places}</list>")
}

const LUND: &str = "<place><Name>Lund</Name><Country>SE</Country><k:Code value='L'/></place>\n";
const NICE: &str = "<place><Name>Nice</Name><Country-Pays>FR</Country-Pays></place>\n";

#[test]
fn a_document_is_read_by_the_version_that_its_paths_tell() {
    assert_eq!(read(&both(), &older(LUND)).unwrap(), ["Lund|SE|L||me"]);
    let newer = format!("<list of='me'>\n{NICE}{NICE}</list>");
    assert_eq!(read(&both(), &newer).unwrap(), ["Nice|FR|||me", "Nice|FR|||me"]);
}

#[test]
fn what_the_format_ignores_rules_no_version_out() {
    let version = "\n[[version]]\nname = \"by what is ignored\"\nfrom = { name = \"known\" }\n";
    let place = LUND.replace("<Name>", "<known>x</known><Name>");
    assert_eq!(read(&format!("{PLACES}{version}"), &older(&place)).unwrap(), ["Lund|SE|L||me"]);
}

#[test]
fn it_is_told_whenever_it_shows_and_records_before_that_are_the_same_by_each() {
    let bare = "<place><Name>Ys</Name><Mayor>M</Mayor></place>";
    let first = older(&format!("{bare}{LUND}"));
    assert_eq!(read(&both(), &first).unwrap(), ["Ys|||M|me", "Lund|SE|L||me"]);
    assert_eq!(read(&both(), &format!("<list of='me'>{bare}{NICE}</list>")).unwrap(), ["Ys|||M|me", "Nice|FR|||me"]);
    assert!(read(&both(), "<list></list>").unwrap().is_empty(), "and without records nothing need be told");
}

#[test]
fn a_document_that_mixes_two_versions_is_of_none_and_its_paths_are_named_with_their_lines() {
    let found = contract(&both(), &older(&format!("{LUND}{NICE}")));
    assert_eq!(
        found.to_string(),
        "the file is of no declared version: \"Country-Pays\" on line 4 is not of [columns], \"../Of\" on line 2 is not \
         of the version \"since 2026\""
    );
    assert_eq!(found.suggestion, None, "nothing that could be declared would read it");
    let ignored = both().replace("[\"Old\"]", "[\"Old\", \"Country\"]");
    let newer =
        format!("<list of='me'>{}</list>", NICE.replace("<Name>", "<Old/><Country>x</Country><Country/><Name>"));
    assert_eq!(read(&ignored, &newer).unwrap(), ["Nice|FR|||me"], "what a version ignores is no sign of another");
}

#[test]
fn what_a_version_ignores_is_new_to_the_others() {
    let with = |list: &str, place: &str| list.replace("</place>", &format!("<Old/><known/><Fax/>{place}</place>"));
    assert_eq!(read(&both(), &with(&older(LUND), "")).unwrap()[1..], ["+Old", "+Fax"]);
    assert_eq!(read(&both(), &with(&format!("<list of='me'>{NICE}</list>"), "")).unwrap()[1..], ["+Fax"]);
}

#[test]
fn the_suggested_version_reads_the_document_once_it_is_pasted() {
    let text = "<list xmlns:k='urn:keys'><OF>me</OF>\
                <place><NAME>Lund</NAME><Country>SE</Country><k:Code Value='L'/><Fax/></place></list>";
    let found = contract(PLACES, text);
    assert_eq!(
        found.to_string(),
        "the file lacks \"Name\", \"k:Code/@value\", \"../Of\"; it has \"NAME\", \"Fax\", \"../OF\", \"k:Code/@Value\", \
         which the definition does not name; \"Name\" is perhaps called \"NAME\" now; \"k:Code/@value\" is perhaps called \
         \"k:Code/@Value\" now; \"../Of\" is perhaps called \"../OF\" now"
    );
    let suggestion = found.suggestion.unwrap();
    insta::assert_snapshot!(suggestion, @r#"
    [[version]]
    name = "version 2"
    from = { name = "NAME", code = "k:Code/@Value", of = "../OF" }
    ignore = ["Fax"]
    "#);
    assert_eq!(read(&format!("{PLACES}{suggestion}"), text).unwrap(), ["Lund|SE|L||me"]);
    assert_eq!(read(&format!("{PLACES}{suggestion}"), &older(LUND)).unwrap(), ["Lund|SE|L||me"]);
}

#[test]
fn a_document_with_some_paths_of_one_version_and_some_of_another_comes_with_a_third() {
    let text = "<list of='me'><place><Name>Lund</Name><Country>SE</Country></place></list>";
    let found = contract(&both(), text);
    assert!(found.to_string().contains("; \"../Of\" is perhaps called \"../@of\" now"), "{found}");
    insta::assert_snapshot!(found.suggestion.unwrap(), @r#"
    [[version]]
    name = "version 3"
    from = { of = "../@of" }
    "#);
}

#[test]
fn a_document_that_lacks_a_path_is_told_against_the_version_that_it_is_nearest_to() {
    let found = contract(&both(), "<list of='me'><place><Name>Nice</Name></place></list>");
    assert!(found.to_string().starts_with("the file lacks \"Country-Pays\" (it is nearest to the version"), "{found}");
}

#[test]
fn an_element_that_held_text_may_hold_elements_in_another_version() {
    let text = format!(
        "{PLACES}[[version]]\nname = \"deeper\"\nfrom = {{ country = \"Country/Id\", mayor = \"Mayor/@name\" }}\n"
    );
    assert_eq!(read(&text, &older(LUND)).unwrap(), ["Lund|SE|L||me"]);
    let empty = older(&format!("{}{LUND}", LUND.replace("SE", "")));
    assert_eq!(read(&text, &empty).unwrap(), ["Lund||L||me", "Lund|SE|L||me"], "an element without text is of both");
    let deeper = older(&LUND.replace("SE", "\n <Id>SE</Id>\n").replace("</place>", "<Mayor name='M'/></place>"));
    assert_eq!(read(&text, &deeper).unwrap(), ["Lund|SE|L|M|me"]);
    let mixed = contract(&text, &older(&LUND.replace("SE", "text <Id>SE</Id>")));
    assert!(mixed.to_string().contains("\"Country\" on line 3 is not of the version \"deeper\""), "{mixed}");
}

#[test]
fn what_a_version_ignores_may_hold_what_it_likes_and_what_it_reads_holds_text_alone() {
    let text = both().replace("[\"Old\"]", "[\"Country\"]");
    let newer = format!("<list of='me'>\n{}</list>", NICE.replace("<Name>", "<Country>\n<Id>FR</Id></Country><Name>"));
    assert_eq!(read(&text, &newer).unwrap(), ["Nice|FR|||me"]);
    let error = read(&both(), &older(&LUND.replace("SE", "\n<Id>SE</Id>"))).unwrap_err();
    let ReadError::Broken { line, message } = error else { panic!("{error}") };
    assert_eq!((line, message.as_str()), (Some(4), "list/place/Country should hold text alone, and holds an element"));
}

#[test]
fn a_record_that_each_version_reads_otherwise_is_not_guessed_at() {
    let text = format!("{PLACES}[[version]]\nname = \"b\"\nfrom = {{ country = \"Mayor\", mayor = \"Country\" }}\n");
    let error = read(&text, &older(&LUND.replace("<Name>", "<Mayor>M</Mayor><Name>"))).unwrap_err().to_string();
    assert!(
        error.starts_with("the record on line 3 reads otherwise by each of several versions: of [columns], b"),
        "{error}"
    );
}

#[test]
fn records_in_records_and_points_of_series_have_versions_too() {
    let tree = r#"mode = "replace"
key = []
format = { kind = "xml", record = "tree/leaf", recursive = true }
[columns]
name = { from = "Name", type = "text", comment = "Name" }
parent = { from = "../Name", type = "text", may_be_absent = true, comment = "Name of the leaf around it" }
[[version]]
name = "newer"
from = { name = "@name", parent = "../@name" }
"#;
    let older = "<tree><leaf><Name>A</Name><leaf><Name>B</Name></leaf></leaf></tree>";
    assert_eq!(read(tree, older).unwrap(), ["A|", "B|A"]);
    assert_eq!(read(tree, "<tree><leaf name='A'><leaf name='B'/></leaf></tree>").unwrap(), ["A|", "B|A"]);
    let found = contract(tree, "<tree><leaf name='A'><leaf><Name>B</Name></leaf></leaf></tree>");
    assert!(found.to_string().contains("\"Name\" on line 1 is not of the version \"newer\""), "{found}");
}

#[test]
fn mistakes_in_the_versions_of_documents_are_told() {
    let text = both().replace("../@of", "k2:of").replace("ignore = [\"Old\"]", "charset = \"windows-1252\"");
    let mistakes: Vec<String> = sample::parse(&text).unwrap_err().into_iter().map(|mistake| mistake.message).collect();
    insta::assert_snapshot!(mistakes.join("\n"), @"
    the prefix `k2` is not one of `namespaces`
    a document is decoded before its version is known: say it in [decode]
    ");
}
