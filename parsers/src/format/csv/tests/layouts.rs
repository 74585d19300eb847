//! Files that do not name their columns, of layouts that are told apart by their first records.

use crate::{Dataset, Diagnostic, sample};

fn parse(format: &str, versions: &str) -> Result<Dataset, Vec<Diagnostic>> {
    sample::parse(&format!(
        "mode = 'replace'\nkey = []\n[format]\nkind = 'csv'\nheader = false\nnames = ['a', '', 'b']\n{format}\n\
         [columns]\na = {{ from = 'a', type = 'text', comment = 'c' }}\nb = {{ from = 'b', type = 'text', comment = 'c' }}\n\
         c = {{ from = 'c', may_be_absent = true, type = 'text', comment = 'c' }}\n{versions}"
    ))
}

const TWO: &str = r#"
[[version]]
name = "two fields"
when = { fields = 2 }
names = ["B", "a"]
from = { b = "B" }

[[version]]
name = "signed"
when = { fields = 3, begins = "V2," }
names = ["", "c", "a"]
absent = ["b"]
"#;

fn read(format: &str, versions: &str, text: &str) -> String {
    match sample::read(&parse(format, versions).unwrap(), text.as_bytes()) {
        Ok((rows, new)) => {
            assert!(new.is_empty(), "{new:?}");
            rows.join(" / ")
        }
        Err(error) => error.to_string(),
    }
}

fn mistake(format: &str, version: &str) -> String {
    parse(format, &format!("[[version]]\nname = 'v'\n{version}")).unwrap_err().remove(0).message
}

#[test]
fn the_first_record_says_of_which_version_a_file_is_and_the_others_must_be_as_it() {
    let two = format!("{TWO}\n");
    assert_eq!(read("", &two, "1,x,2\n3,x,4\n"), "1|2| / 3|4|");
    assert_eq!(read("", &two, "1,2\n3,4\n"), "2|1| / 4|3|");
    assert_eq!(read("", &two, "V2,1,2\nV2,3,4\n"), "2||1 / 4||3");
    assert_eq!(read("", &two, "1,2\n3,4,5\n"), "2|1| / !2 has 3 fields, and the definition has 2");
    assert_eq!(read("", &two, "\"V2\",1,2\n"), "V2|2|", "a sign is of the bytes");
    assert_eq!(read("", &two, ""), "the file is empty");
    let open = read("", &two, "V2,\"1,2\nV2,3,4\n");
    assert!(open.starts_with("the first record, which tells of which version the file is, has a quote"), "{open}");
    assert_eq!(read("comment = '#'\npreamble = 1", &two, "above\n# a, b\n1,2\n"), "2|1|");
}

#[test]
fn a_line_of_the_preamble_may_be_the_sign() {
    let version = "[[version]]\nname = 'v'\nwhen = { line = 2, begins = 'LAYOUT 2' }\nnames = ['b', 'a']\n";
    assert_eq!(read("preamble = 2", version, "x\nLAYOUT 2\n1,2\n"), "2|1|");
    assert_eq!(read("preamble = 2", version, "x\nLAYOUT 1\n1,x,2\n"), "1|2|");
    assert!(mistake("preamble = 1", "when = { line = 2, begins = 'x' }").contains("not stand in the preamble"));
}

#[test]
fn a_file_that_two_versions_fit_is_of_none() {
    let both =
        format!("{TWO}[[version]]\nname = 'other'\nwhen = {{ begins = 'V' }}\nnames = ['a', '', '']\nabsent = ['b']\n");
    let message = read("", &both, "V2,1,2\n");
    assert_eq!(message, "the file is of more than one version: signed, other. Say more in `when`");
    assert_eq!(read("", &both, "V1,1,2\n"), "V1||");
}

#[test]
fn what_cannot_tell_files_apart_is_a_mistake() {
    assert!(mistake("", "absent = ['b']").contains("do not tell of which version they are"));
    assert!(mistake("", "when = {}").contains("says nothing"));
    assert!(mistake("", "when = { line = 1 }").contains("says nothing"));
    assert!(mistake("", "when = { fields = 3 }").contains("of what [columns] says"));
    assert!(mistake("", "when = { fields = 2 }").contains("other than the 3 fields of their `names`"));
    assert!(
        mistake("", "when = { fields = 2 }\nnames = ['a', 'z']").contains("no column of its files is called \"b\"")
    );
    assert!(mistake("", "when = { fields = 2 }\nnames = ['b', 'b']\nabsent = ['a']").contains("stands here twice"));
    assert!(mistake("", "when = { length = 20 }").contains("tells nothing of separated values"));
    assert!(mistake("ragged = 'pad'", "when = { fields = 2 }\nnames = ['a', 'b']").contains("may be shorter here"));
    let named = "mode = 'replace'\nkey = []\nformat = { kind = 'csv' }\n[columns]\n\
                 a = { from = 'a', type = 'text', comment = 'c' }\n[[version]]\nname = 'v'\nwhen = { fields = 2 }\n";
    assert!(sample::parse(named).unwrap_err()[0].message.contains("do not name their columns"));
}

#[test]
fn columns_that_become_rows_do_so_in_each_version() {
    let text = "mode = 'replace'\nkey = []\n[format]\nkind = 'csv'\nheader = false\nnames = ['day', 'H1', 'H2']\n\
                [format.unpivot]\nlabel = 'hour'\nvalues = { price = 'H#' }\n\
                [columns]\nday = { from = 'day', type = 'text', comment = 'c' }\n\
                hour = { from = 'hour', type = 'integer', comment = 'c' }\n\
                price = { from = 'price', type = 'integer', comment = 'c' }\n\
                [[version]]\nname = 'long'\nwhen = { fields = 4 }\nnames = ['H1', 'H2', 'H3', 'day']\n";
    let dataset = sample::parse(text).unwrap();
    let rows = |text: &str| sample::read(&dataset, text.as_bytes()).unwrap().0.join(" ");
    assert_eq!(rows("x,5,6\n"), "x|1|5 x|2|6");
    assert_eq!(rows("5,6,7,x\n"), "x|1|5 x|2|6 x|3|7");
}
