use std::io::Cursor;

mod dialects;
mod layouts;
mod tables;

use proptest::prelude::*;

use crate::{Dataset, ReadError, Row, Step, sample};

const HEAD: &str = r#"mode = "replace"
key = []
nulls = ["NULL"]
"#;

const TWO: &str = r#"[columns]
a = { from = "a", type = "text", comment = "A" }
b = { from = "b", type = "text", comment = "B" }
"#;

fn dataset(format: &str) -> Dataset {
    let text = format!("{HEAD}\n{format}\n{TWO}");
    sample::parse(&text).unwrap()
}

/// Rows as `a|b`, rejects as `!line reason`.
fn read(format: &str, bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let dataset = dataset(&format!("format = {{ kind = \"csv\"{format} }}"));
    sample::read(&dataset, bytes).map(|(rows, _)| rows)
}

fn good(bytes: &[u8]) -> Vec<String> {
    read("", bytes).unwrap()
}

fn broken(format: &str, bytes: &[u8]) -> String {
    read(format, bytes).unwrap_err().to_string()
}

#[test]
fn columns_are_found_by_name_wherever_they_stand() {
    assert_eq!(good(b"b,x, a \n1,2,3\n"), ["3|1"]);
    assert!(broken("", b"a,b,a\n1,2,3\n").contains("two columns \"a\""));
    assert!(broken("", b"A,c\n1,2\n").contains("\"a\" is perhaps called \"A\" now"));
}

#[test]
fn every_line_end_is_a_line_end_and_blank_lines_are_none() {
    for text in ["a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "\n\na,b\n\r\n1,2\n\n3,4\n\n"] {
        assert_eq!(good(text.as_bytes()), ["1|2", "3|4"], "{text:?}");
    }
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    assert_eq!(good(b"a,b\r\n1,2\r\n\r\n3\r\n")[1], "!4 has 1 fields, and the header has 2");
    let rows = read(", multiline = true", b"a,b\n\"1\n1\",2\n3\n").unwrap();
    assert_eq!(rows, ["1\n1|2", "!4 has 1 fields, and the header has 2"]);
}

#[test]
fn an_open_quote_costs_its_line_or_the_file_but_never_the_rest_in_silence() {
    let rows = good(b"a,b\n\"1,2\n3,4\n");
    assert!(rows[0].starts_with("!2 has a quote that is not closed"), "{rows:?}");
    assert_eq!(rows[1], "3|4");
    for format in ["", ", multiline = true"] {
        for end in ["", "\n", "\r\n"] {
            let error = broken(format, format!("a,b\n1,2\n3,\"4{end}").as_bytes());
            assert!(error.contains("line 3 is never closed"), "{end:?}: {error}");
        }
    }
    assert!(broken(", multiline = true", b"a,b\n1,\"2\n3,4\n5,6\n").contains("line 2 is never closed"));
}

#[test]
fn a_last_line_that_may_be_cut_is_refused_unless_it_proves_to_be_whole() {
    assert!(broken("", b"a,b\n1,2\n3,4").contains("line 3, the last, has no line end"));
    assert_eq!(read(", final_newline = \"optional\"", b"a,b\n1,2\n3,4").unwrap(), ["1|2", "3|4"]);
    assert!(broken(", final_newline = \"optional\"", b"a,b\n1,2\n3").contains("no line end"));
    assert_eq!(read(", trailing_column = true", b"a,b,\n1,2,\n3,4,").unwrap(), ["1|2", "3|4"]);
    assert!(broken(", trailing_column = true", b"a,b,\n1,2,\n3,4").contains("no line end"));
}

#[test]
fn a_trailing_column_holds_nothing() {
    let rows = read(", trailing_column = true", b"a,b,\n1,2,\n3,4,5\n").unwrap();
    assert_eq!(rows, ["1|2", "!3 has text behind the last column"]);
}

#[test]
fn a_declared_footer_must_be_there_and_be_the_last() {
    let footer = ", footer = \"Total\"";
    assert_eq!(read(footer, b"a,b\n1,2\nTotal,1\n").unwrap(), ["1|2"]);
    assert!(broken(footer, b"a,b\n1,2\n").contains("ends without its last line \"Total\""));
    assert!(broken(footer, b"a,b\nTotal,1\n1,2\n").contains("goes on behind its last line"));
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let mut bytes = b"a,b\n1,".to_vec();
    bytes.resize(3 << 20, b'x');
    assert!(broken("", &bytes).contains("longer than 1 MiB"));
}

#[test]
fn bytes_of_another_encoding_are_read_or_rejected_but_never_replaced() {
    let western = |bytes: &[u8]| {
        let text = format!("{HEAD}format = {{ kind = \"csv\" }}\ndecode = {{ charset = \"windows-1252\" }}\n{TWO}");
        let dataset = sample::parse(&text).unwrap();
        let mut reading = dataset.open(Box::new(Cursor::new(bytes.to_vec()))).unwrap();
        let mut row = Row::default();
        assert!(matches!(reading.next(&mut row).unwrap(), Step::Row));
        row.values().map(|value| value.to_string()).collect::<Vec<_>>().join("|")
    };
    assert_eq!(western(b"a,b\n\x80,\xe9\n"), "€|é");
    assert_eq!(good(b"a,b\n\xe9,1\n2,3\n"), ["!2 the field \"a\" does not decode as UTF-8", "2|3"]);
}

#[test]
fn a_rejected_records_bytes_are_kept_as_they_were() {
    let dataset = dataset("format = { kind = \"csv\" }");
    let mut reading = dataset.open(Box::new(Cursor::new(b"a,b\r\n \"x\",\xff \r\n".to_vec()))).unwrap();
    let Step::Rejected(reject) = reading.next(&mut Row::default()).unwrap() else { panic!("a reject is due") };
    assert_eq!(reject.original, b" \"x\",\xff ");
}

#[test]
fn a_nul_is_refused_and_shown_so_that_a_database_can_keep_it() {
    let dataset = dataset("format = { kind = \"csv\" }");
    let mut reading = dataset.open(Box::new(Cursor::new(b"a,b\n1\x002,3\n".to_vec()))).unwrap();
    let Step::Rejected(reject) = reading.next(&mut Row::default()).unwrap() else { panic!("a reject is due") };
    assert_eq!((reject.value.as_deref(), reject.original.as_slice()), (Some("1␀2"), &b"1\x002,3"[..]));
    assert!(broken("", b"a,b,\0\n1,2,3\n").contains("the header holds a NUL"));
}

#[test]
fn other_delimiters_and_no_quoting() {
    assert_eq!(read(", delimiter = \";\", quoting = \"none\"", b"a;b\n\"1;2\"\n").unwrap(), ["\"1|2\""]);
    assert_eq!(read(", delimiter = \"\\t\", quote = \"'\"", b"a\tb\n'1\t1'\t2\n").unwrap(), ["1\t1|2"]);
}

proptest! {
    #[test]
    fn what_a_csv_writer_writes_is_read_back(rows in prop::collection::vec(("[^\0]{0,8}", "[a\",\r\n é]{0,6}"), 1..8)) {
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(["a", "b"]).unwrap();
        for (a, b) in &rows {
            writer.write_record([a, b]).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let wanted: Vec<_> = rows.iter().map(|(a, b)| format!("{a}|{b}")).collect();
        prop_assert_eq!(read(", multiline = true", &bytes).unwrap(), wanted);
    }

    #[test]
    fn no_bytes_make_it_panic_or_lose_a_line(bytes in prop::collection::vec(prop::sample::select(b"ab1,\"\n\xff\0 ".to_vec()), 0..60)) {
        let mut file = b"a,b\n".to_vec();
        file.extend_from_slice(&bytes);
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
        if let Ok(rows) = read(", final_newline = \"optional\"", &file) {
            prop_assert_eq!(rows.len(), lines);
        }
    }

    #[test]
    fn records_and_fields_are_those_of_a_common_reader(bytes in prop::collection::vec(prop::sample::select(b"ab,\"\n\r".to_vec()), 0..60)) {
        let mut file = b"a,b\n".to_vec();
        file.extend_from_slice(&bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file.as_slice());
        let wanted: Vec<_> = reader.records().map(Result::unwrap).collect();
        let Ok(rows) = read(", multiline = true, final_newline = \"optional\"", &file) else { return Ok(()) };
        prop_assert_eq!(rows.len(), wanted.len());
        for (row, wanted) in rows.iter().zip(&wanted) {
            let texts: Vec<_> = wanted.iter().collect();
            prop_assert!(row.starts_with('!') || *row == texts.join("|"), "{row:?} for {wanted:?}");
            prop_assert!(texts.len() == 2 || row.starts_with('!'), "{row:?} for {wanted:?}");
        }
    }
}
