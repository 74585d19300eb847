//! Heads, ends, comments and blanks: what publishers write around their records.

use proptest::prelude::*;

use super::{HEAD, TWO, broken, read};
use crate::sample;

fn mistakes(format: &str) -> String {
    let text = format!("{HEAD}\nformat = {{ kind = \"csv\"{format} }}\n{TWO}");
    sample::parse(&text).unwrap_err().iter().map(|mistake| mistake.message.clone()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_file_without_a_header_has_the_columns_that_its_definition_names() {
    let names = ", header = false, names = [\"b\", \"\", \"a\"]";
    assert_eq!(read(names, b"1,x,2\n3,,4\n").unwrap(), ["2|1", "4|3"]);
    assert_eq!(read(names, b"1,x\n3,,4\n").unwrap()[0], "!1 has 2 fields, and the definition has 3");
    let error = broken(", header = false, names = [\"b\", \"c\"]", b"1,2\n");
    assert!(error.contains("the file lacks \"a\""), "{error}");
}

#[test]
fn lines_above_the_header_are_counted_as_an_editor_counts_them() {
    let file = b"\"A title, with an open quote\r\n\r\na,b\r\n1,2\r\n";
    assert_eq!(read(", preamble = 2", file).unwrap(), ["1|2"]);
    assert_eq!(read(", preamble = 2", b"t\n\na,b\n1\n").unwrap(), ["!4 has 1 fields, and the header has 2"]);
    assert!(broken(", preamble = 2", b"t\n").contains("the file has 1 lines, and its preamble alone has 2"));
}

#[test]
fn what_the_preamble_says_belongs_to_every_record() {
    let said = ", preamble = 1, said = { b = { line = 1, field = 2 } }";
    assert_eq!(read(said, b"x, y ,q\na\n1\n2\n").unwrap(), ["1|y", "2|y"]);
    assert_eq!(read(said, b"x,\"y, z\",q\na\n1\n").unwrap(), ["1|y, z"]);
    assert!(broken(said, b"x\na\n1\n").contains("`b` is field 2 of line 1, which has 1"));
}

#[test]
fn a_header_is_found_by_its_names_wherever_it_stands() {
    let has = ", header_has = [\"a\", \"b\"]";
    assert_eq!(read(has, b"Report\n\"open\nof today,a\nb,c,a\n1,2,3\n").unwrap(), ["3|1"]);
    assert!(broken(has, b"Report\na,c\n1,2\n").contains("the file lacks \"a\", \"b\""));
}

#[test]
fn a_header_of_several_rows_is_what_all_of_them_say() {
    let text = TWO.replace("from = \"a\"", "from = \"Solar actual\"");
    let text = format!("{HEAD}\nformat = {{ kind = \"csv\", header_rows = 2 }}\n{text}");
    let dataset = sample::parse(&text).unwrap();
    let bytes = b",Solar,Solar\nb,actual,limited\n1,2,3\n".to_vec();
    let mut reading = dataset.open(Box::new(std::io::Cursor::new(bytes))).unwrap();
    let mut row = crate::Row::default();
    reading.next(&mut row).unwrap();
    assert_eq!(row.values().map(|value| value.to_string()).collect::<Vec<_>>(), ["2", "1"]);
    assert_eq!(reading.new_columns()[0].name, "Solar limited");
}

#[test]
fn comments_are_passed_over_wherever_they_stand() {
    let comment = ", comment = \"#\"";
    let file = b"# \"open, and long\n#\na,b\n# x\n1,2\n#3,4\n\n#\n5\n#";
    assert_eq!(read(comment, file).unwrap(), ["1|2", "!9 has 1 fields, and the header has 2"]);
    let mut long = b"#".to_vec();
    long.resize(3 << 20, b'x');
    long.extend_from_slice(b"\na,b\n1,2\n");
    assert_eq!(read(comment, &long).unwrap(), ["1|2"], "a comment may be as long as it likes");
}

#[test]
fn fields_between_blanks_are_told_apart() {
    let blanks = ", delimiter = \"whitespace\"";
    assert_eq!(
        read(blanks, b"  a   b\n 1\t 2  \n\"3 4\"\n5\n").unwrap(),
        ["1|2", "\"3|4\"", "!4 has 1 fields, and the header has 2"]
    );
}

#[test]
fn an_end_mark_is_a_footer_that_no_line_end_follows() {
    let footer = ", footer = \"\\u001A\"";
    assert_eq!(read(footer, b"a,b\r\n1,2\r\n\x1a").unwrap(), ["1|2"]);
    assert!(broken(footer, b"a,b\r\n1,2\r\n").contains("was cut"));
    assert_eq!(read(", footer = \"\"", b"a,b\n1,2\n,\n").unwrap(), ["1|2"], "a line of delimiters alone");
}

#[test]
fn what_follows_the_beginning_of_a_footer_is_part_of_it() {
    let begins = ", footer_begins = \"Source: \"";
    assert_eq!(read(begins, b"a,b\n1,2\nSource: \"us, and\nothers\n\n\"").unwrap(), ["1|2"]);
    assert!(broken(begins, b"a,b\n1,2\nsource: us\n3,4\n").contains("ends without its last line \"Source: \""));
}

#[test]
fn short_records_are_padded_only_by_declaration() {
    let pad = ", ragged = \"pad\"";
    assert_eq!(read(pad, b"a,b\n1\n2,3\n4,5,6\n").unwrap(), ["1|", "2|3", "!4 has 3 fields, and the header has 2"]);
    assert!(broken(pad, b"a,b\n1,2\n3").contains("no line end"), "a cut line is not a short one");
}

#[test]
fn a_dialect_that_contradicts_itself_is_a_mistake() {
    let cases = [
        (", header = false", "nobody says what its columns are"),
        (", names = [\"a\"]", "a header is found in one way"),
        (", header_rows = 2, header_has = [\"a\"]", "a header is found in one way"),
        (", header = false, names = [\"a\", \"b\", \"a\"]", "\"a\" stands here twice"),
        (", delimiter = \"whitespace\", quote = \"'\"", "fields between blanks are not quoted"),
        (", delimiter = \"ab\"", "must be one ASCII character, or \"whitespace\""),
        (", footer = \"x\", footer_begins = \"y\"", "a file ends in one way"),
        (", said = { b = { line = 1, field = 1 } }", "the line does not stand in the preamble"),
        (", preamble = 1, said = { b = { line = 1, field = 0 } }", "fields are counted from 1"),
        (", table = { name = [\"a\", \"b\"] }, preamble = 1", "`preamble` is not for files with several tables"),
        (", table = { name = [\"a\"] }", "a table has two names"),
        (", unpivot = { label = \"a\", values = { b = \"c\" } }", "`b` names one column, and rows come of several"),
        (", unpivot = { label = \"a\", values = {} }", "nobody says which columns become rows"),
    ];
    for (format, told) in cases {
        let mistakes = mistakes(format);
        assert!(mistakes.contains(told), "{format}: {mistakes}");
    }
}

proptest! {
    #[test]
    fn no_bytes_in_any_dialect_make_it_panic_or_lose_a_record(
        bytes in prop::collection::vec(prop::sample::select(b"ab1,\"\n\r# \xff\0".to_vec()), 0..60),
        format in prop::sample::select(vec![
            ", comment = \"#\", preamble = 1",
            ", delimiter = \"whitespace\", ragged = \"pad\"",
            ", header_has = [\"a\", \"b\"], footer_begins = \"b\"",
            ", header_rows = 2, multiline = true",
            ", preamble = 1, said = { b = { line = 1, field = 1 } }",
            ", unpivot = { label = \"a\", values = { b = \"*\" } }",
        ]),
    ) {
        let mut file = b"a,b\na,b\n".to_vec();
        file.extend_from_slice(&bytes);
        drop(read(&format!("{format}, final_newline = \"optional\""), &file));
    }

    #[test]
    fn a_preamble_and_comments_change_no_row(
        rows in prop::collection::vec("[a-c\"\r]{0,3},[a-c]{0,3}", 0..6),
        above in prop::collection::vec("[a-c,\"]{0,8}", 0..4),
    ) {
        let plain = format!("a,b\n{}\n", rows.join("\n"));
        let (preamble, above) = (above.len(), above.iter().flat_map(|line| [line, "\n"]).collect::<String>());
        let dressed = format!("{above}{}", plain.replace('\n', "\n#,\"\n"));
        let format = format!(", comment = \"#\", preamble = {preamble}");
        // An open quote on the last line says that the file was cut.
        let Ok(plain) = read("", plain.as_bytes()) else { return Ok(()) };
        let dressed = read(&format, dressed.as_bytes()).unwrap();
        let shown = |rows: Vec<String>| rows.into_iter().map(|row| match row.split_once(' ') {
            Some((line, reason)) if line.starts_with('!') => reason.to_owned(),
            _ => row,
        }).collect::<Vec<_>>();
        prop_assert_eq!(shown(plain), shown(dressed));
    }
}

#[test]
fn a_header_of_nothing_but_blanks_has_no_columns() {
    let columns = "columns = { a = { from = \"a\", may_be_absent = true, type = \"text\", comment = \"c\" } }";
    let format = "format = { kind = \"csv\", delimiter = \"whitespace\" }";
    let dataset = sample::parse(&format!("mode = \"replace\"\nkey = []\n{format}\n{columns}")).unwrap();
    let rows = sample::read(&dataset, b"  \n \t\n x\n").unwrap().0;
    assert_eq!(rows, ["", "!3 has 1 fields, and the header has 0"]);
}
