mod apart;

use std::io::Cursor;

use crate::{ReadError, Row, Step, sample};

const HEAD: &str = r#"mode = "replace"
key = []
nulls = ["NULL"]
"#;

const PEOPLE: &str = r#"[format]
kind = "xml"
namespace = "urn:people"
namespaces = { k = "urn:keys" }
record = "list/group/person"
ignore = ["known"]

[columns]
name = { from = "name", type = "text", comment = "Name" }
id = { from = "@id", type = "text", may_be_absent = true, comment = "Id" }
lang = { from = "name/@xml:lang", type = "text", may_be_absent = true, comment = "Language" }
town = { from = "home/k:town", type = "text", may_be_absent = true, comment = "Town" }
label = { from = "../@label", type = "text", may_be_absent = true, comment = "Label of the group" }
of = { from = "../../of", type = "text", may_be_absent = true, comment = "Owner of the list" }
"#;

fn read(text: &str) -> Result<Vec<String>, ReadError> {
    read_by(PEOPLE, text)
}

fn read_by(definition: &str, text: &str) -> Result<Vec<String>, ReadError> {
    let dataset = sample::parse(&format!("{HEAD}\n{definition}")).unwrap();
    let (mut rows, new) = sample::read(&dataset, text.as_bytes())?;
    rows.extend(new.iter().map(|column| format!("+{}", column.name)));
    Ok(rows)
}

fn list(inner: &str) -> String {
    format!("<list xmlns='urn:people'><of>me</of><group label='g'>{inner}</group></list>")
}

fn name(inner: &str) -> String {
    let rows = read(&list(&format!("<person><name>{inner}</name></person>"))).unwrap();
    rows[0].strip_suffix("||||g|me").unwrap().to_owned()
}

fn broken(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn values_come_from_elements_attributes_and_the_elements_around() {
    let inner = "<person id='7'><name xml:lang='sv'>Åsa</name><home><town xmlns='urn:keys'>Lund</town></home></person>";
    assert_eq!(read(&list(inner)).unwrap(), ["Åsa|7|sv|Lund|g|me"]);
    let two = list(inner).replace("</list>", "<group><person><name>B</name></person></group></list>");
    assert_eq!(read(&two).unwrap(), ["Åsa|7|sv|Lund|g|me", "B|||||me"]);
}

#[test]
fn names_are_matched_by_namespace_and_never_by_prefix() {
    let text = "<p:list xmlns:p='urn:people' xmlns='urn:keys'><p:group><p:person><p:name>A</p:name><name>no</name>\
                <p:home><town>Lund</town><p:town>no</p:town></p:home></p:person></p:group></p:list>";
    assert_eq!(read(text).unwrap(), ["A|||Lund||", "+k:name"]);
    assert!(broken("<list xmlns='urn:other'/>").contains("urn:other"));
    assert!(broken("<x:list/>").contains("no namespace"));
}

#[test]
fn text_is_exact_through_entities_and_cdata() {
    assert_eq!(name("AT&amp;T"), "AT&T");
    assert_eq!(name("&lt;&#233;&#x1F600;&quot;&apos;&gt;"), "<é😀\"'>");
    assert_eq!(name("a<![CDATA[<b>&amp;]]>c<!-- no -->d<?no no?>e"), "a<b>&amp;cde");
    assert_eq!(name(" two\r\nlines "), " two\nlines ");
    assert!(broken(&list("<person><name>&nbsp;</name></person>")).contains("&nbsp;"));
    for none in ["&#1;", "&#xFFFF;", "&#xfffe;", "&#x1f;"] {
        let error = format!("the reference {none} stands for no character that XML may hold");
        assert_eq!(broken(&list(&format!("<person><name>{none}</name></person>"))), error);
        assert_eq!(broken(&list(&format!("<person id='a{none}'><name>x</name></person>"))), error);
    }
    assert_eq!(name("&#9;&#10;&#xD;&#x10FFFF;&#xFFFD;&#x85;"), "\t\n\r\u{10ffff}\u{fffd}\u{85}");
    let attribute = list("<person id='a&amp;b &#233;'><name>x</name></person>");
    assert_eq!(read(&attribute).unwrap(), ["x|a&b é||||g|me".replacen("||||", "|||", 1)]);
}

#[test]
fn a_document_that_ends_early_anywhere_is_broken() {
    let whole = list("<person><name>A</name></person><person><name>B</name></person>");
    assert_eq!(read(&whole).unwrap().len(), 2);
    sample::is_broken_wherever_it_ends(&whole, read);
}

#[test]
fn what_stands_around_a_document_is_looked_at() {
    let whole = list("");
    assert!(read(&format!("<?xml version='1.0'?>\n<!-- x -->\n{whole}\n<!-- y -->\n")).is_ok());
    assert!(broken(&format!("{whole}<list/>")).contains("second root"));
    assert!(broken(&format!("{whole}text")).contains("text outside"));
    assert!(broken(&format!("<!DOCTYPE list [<!ENTITY a 'b'>]>{whole}")).contains("DOCTYPE"));
    assert!(broken("<?xml version='1.0'?>\n<!-- nothing -->").contains("empty"));
    assert!(broken("<list xmlns='urn:people'></lost>").contains("broken on line 1"));
}

#[test]
fn what_a_publisher_says_in_place_of_data_is_told_as_it_says_it() {
    let definition = PEOPLE.replace("[columns]", "[format.refusal]\nroot = \"no\"\nreason = \"why/text\"\n\n[columns]");
    let told = |inner: &str| {
        let error = read_by(&definition, &format!("<no>{inner}</no>")).unwrap_err().to_string();
        error.strip_prefix("the publisher sent no data but no: ").unwrap().to_owned()
    };
    let because = |text: &str| told(&format!("<why><text>{text}</text></why>"));
    assert_eq!(because("no data &amp; none &#233;"), "no data & none é");
    assert_eq!(because("<![CDATA[no data <x>]]>"), "no data <x>");
    assert_eq!(because(" one <b>no</b></text><text/><text>two\n"), "one; two");
    assert_eq!(because(" "), "it gives no reason");
    assert_eq!(because("as far as it &goes;"), "as far as it");
    let damaged = read_by(&definition, "<no><why><text>cut off").unwrap_err().to_string();
    assert!(damaged.ends_with(": cut off"), "{damaged}");
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("{}{}", "<a>".repeat(200), "</a>".repeat(200));
    assert!(broken(&list(&deep)).contains("more than 128 deep"));
}

#[test]
fn a_value_that_comes_twice_late_or_with_elements_in_it_is_not_guessed_at() {
    let twice = read(&list("<person><name>A</name><name>B</name></person>")).unwrap();
    assert_eq!(twice, ["!1 has name twice"]);
    let late =
        list("<person><name>A</name></person>").replace("<of>me</of>", "").replace("</list>", "<of>me</of></list>");
    assert!(broken(&late).contains("comes after the records"));
    assert!(broken(&list("<person><name>A<b>B</b></name></person>")).contains("holds an element"));
}

#[test]
fn an_element_that_no_record_has_breaks_the_contract() {
    let error = broken(&list("<person><Name>A</Name><known/></person>"));
    assert_eq!(
        error,
        "the file lacks \"name\"; it has \"Name\", which the definition does not name; \"name\" is perhaps called \"Name\" now"
    );
}

#[test]
fn new_elements_are_reported_once() {
    let person = "<person><name>A</name><known/><born>1</born></person>";
    assert_eq!(read(&list(&person.repeat(2))).unwrap(), ["A||||g|me", "A||||g|me", "+born"]);
}

#[test]
fn attributes_of_records_are_columns_and_those_of_xml_itself_are_none() {
    let xsi = "xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='1' xmlns='urn:people'";
    let person = format!("<person id='7' born='1' {xsi} known='2'><name of='x'>A</name></person>");
    assert_eq!(read(&list(&person)).unwrap(), ["A|7|||g|me", "+@born", "+@known"]);
    let ignoring = PEOPLE.replace("[\"known\"]", "[\"@born\", \"@known\"]");
    assert_eq!(read_by(&ignoring, &list(&person)).unwrap(), ["A|7|||g|me"]);
    let unwanted = PEOPLE.replace("from = \"@id\"", "from = \"no\"");
    assert_eq!(read_by(&unwanted, &list("<person id='7'><name>A</name></person>")).unwrap(), ["A||||g|me", "+@id"]);
}

#[test]
fn a_new_element_is_offered_by_the_path_that_leads_to_it() {
    let dataset = sample::parse(&format!("{HEAD}\n{PEOPLE}")).unwrap();
    let person =
        "<person at='1'><name>A</name><name xmlns='urn:keys'>B</name><name xmlns='urn:x'>C</name><born/></person>";
    let (_, new) = sample::read(&dataset, list(person).as_bytes()).unwrap();
    let lines: Vec<String> = new.iter().map(ToString::to_string).collect();
    let told = [
        "at = { from = \"@at\", type = \"text\", comment = \"…\" }",
        "k_name = { from = \"k:name\", type = \"text\", comment = \"…\" }",
        "# no `from` leads to \"name\" by what the definition says so far",
        "born = { from = \"born\", type = \"text\", comment = \"…\" }",
    ];
    assert_eq!(lines, told);
}

#[test]
fn a_tag_that_never_ends_is_stopped_at_one_mebibyte() {
    let attributes = (0..200_000).fold(String::new(), |text, at| text + &format!(" a{at}='1'"));
    assert!(broken(&format!("<list xmlns='urn:people'{attributes}>")).contains("longer than 1 MiB"));
    let comment = format!("<list xmlns='urn:people'><!--\n{}--></list>", "x".repeat(2 << 20));
    assert_eq!(broken(&comment), "what stands before line 2 is longer than 1 MiB, and no record ends in it");
    let spaces = (0..60_000).fold(String::new(), |text, at| text + &format!(" xmlns:a{at}='u'"));
    assert!(read(&format!("<list xmlns='urn:people'{spaces}></list>")).is_err());
}

const TREE: &str = r#"[format]
kind = "xml"
record = "tree/part/leaf"
recursive = true
total = "/tree/count"
ignore = ["end"]

[columns]
name = { from = "name", type = "text", comment = "Name" }
parent = { from = "../name", type = "text", may_be_absent = true, comment = "Name of the leaf around it" }
part = { from = "/tree/part/@id", type = "text", comment = "Part" }
note = { from = "notes/note", join = "; ", type = "text", may_be_absent = true, comment = "Notes" }
"#;

fn tree(leaves: &str) -> Result<Vec<String>, ReadError> {
    let count = leaves.matches("<leaf").count();
    read_by(TREE, &format!("<tree><part id='p'><name>no</name>{leaves}</part><count>{count}</count></tree>"))
}

#[test]
fn records_may_stand_in_records() {
    let inner = "<leaf><name>B</name><leaf><name>C</name><notes><note>1</note><note>2</note></notes></leaf></leaf>";
    let leaves = format!("<leaf><name>A</name><notes><note/></notes>{inner}<leaf><name>D</name></leaf><end/></leaf>");
    let rows = tree(&format!("{leaves}<leaf><name>E</name></leaf>")).unwrap();
    assert_eq!(rows, ["A|no|p|", "B|A|p|", "C|B|p|1; 2", "D|A|p|", "E|no|p|"]);
    let late = tree("<leaf><leaf><name>B</name></leaf><name>A</name></leaf>").unwrap_err().to_string();
    assert_eq!(late, "tree/part/leaf/name comes after the records in the one that it belongs to");
}

#[test]
fn a_record_in_records_is_shown_as_it_was_written_as_far_as_the_next() {
    let required = TREE.replace("comment = \"Name\"", "required = true, comment = \"Name\"");
    let dataset = sample::parse(&format!("{HEAD}\n{required}")).unwrap();
    let text = "<tree><part id='p'>\n<leaf ><notes/>\n <leaf><notes/></leaf>\n</leaf></part><count>2</count></tree>";
    let mut reading = dataset.open(Box::new(Cursor::new(text.as_bytes().to_vec()))).unwrap();
    let mut row = Row::default();
    for (line, written) in [(2, "<leaf ><notes/>\n "), (3, "<leaf><notes/></leaf>")] {
        let Step::Rejected(reject) = reading.next(&mut row).unwrap() else { panic!() };
        assert_eq!((reject.line, String::from_utf8(reject.original).unwrap().as_str()), (Some(line), written));
    }
}

#[test]
fn a_documents_own_total_must_hold() {
    let text = "<tree><part id='p'><leaf><name>A</name></leaf></part><count>2</count></tree>";
    let error = read_by(TREE, text).unwrap_err().to_string();
    assert_eq!(error, "the document says that it has 2 records, and it has 1");
    let error = read_by(TREE, &text.replace("<count>2</count>", "")).unwrap_err().to_string();
    assert_eq!(error, "the document says that it has no number of records, and it has 1");
}

#[test]
fn mistakes_about_records_in_records_are_told() {
    let with = |from: &str, to: &str| {
        let found = sample::parse(&format!("{HEAD}\n{}", TREE.replace(from, to))).unwrap_err();
        found.into_iter().map(|mistake| mistake.message).collect::<Vec<_>>().join("; ")
    };
    assert!(with("\"../name\"", "\"leaf/name\"").contains("are records, and no values"));
    assert!(with("\"../name\"", "\"../../name\"").contains("only one step out"));
    assert!(with("\"../name\"", "\"/\"").contains("is no name"));
}

#[test]
fn a_tree_that_ends_early_anywhere_is_broken() {
    let whole =
        "<tree><part id='p'><leaf><name>A</name><leaf><name>B</name></leaf></leaf></part><count>2</count></tree>";
    assert_eq!(read_by(TREE, whole).unwrap().len(), 2);
    for cut in 1..whole.len() {
        assert!(matches!(read_by(TREE, whole.get(..cut).unwrap()), Err(ReadError::Broken { .. })), "{cut}");
    }
}

#[test]
fn the_text_around_records_is_the_same_for_all_of_them_or_broken() {
    let definition = "format = { kind = \"xml\", record = \"list/item\" }\n[columns]\n\
                      a = { from = \"@a\", type = \"text\", comment = \"c\" }\n\
                      of = { from = \"..\", type = \"text\", comment = \"c\" }\n";
    let rows = read_by(definition, "<list>me\n <item a='1'/>\n <item a='2'/>\n</list>").unwrap();
    assert_eq!(rows, ["1|me\n ", "2|me\n "]);
    let late = read_by(definition, "<list>me<item a='1'/>you<item a='2'/></list>").unwrap_err().to_string();
    assert_eq!(late, "text of list comes after the records in it");
    let nested = "format = { kind = \"xml\", record = \"list/item\", recursive = true }\n[columns]\n\
                  a = { from = \".\", type = \"text\", comment = \"c\" }\n";
    assert_eq!(read_by(nested, "<list><item>x<item>y</item>\n</item></list>").unwrap(), ["x", "y"]);
    let late = read_by(nested, "<list><item>x<item>y</item>z</item></list>").unwrap_err().to_string();
    assert_eq!(late, "text of list/item comes after the records in it");
}

#[test]
fn what_stands_around_records_does_not_fill_the_memory() {
    let definition = "format = { kind = \"xml\", record = \"list/item\" }\n[columns]\n\
                      of = { from = \"../of\", type = \"text\", comment = \"c\" }\n\
                      notes = { from = \"../note/@n\", join = \", \", type = \"text\", comment = \"c\" }\n";
    let long = "x".repeat(100_000);
    for many in [format!("<of>{}</of>", format!("{long}<!-- -->").repeat(20)), format!("<note n='{long}'/>").repeat(20)]
    {
        let error = read_by(definition, &format!("<list>{many}<item/></list>")).unwrap_err().to_string();
        assert!(error.ends_with(" is longer than 1 MiB"), "{error}");
    }
}
