use super::*;
use crate::sample;

#[test]
fn json_is_read_by_the_list_that_holds_most_of_it() {
    let document = br#"{ "meta": { "count": 3, "api_key": "s3cret", "next": "https://example.org/?page=2" }, "data": [
        { "id": 1, "place": { "name": "A", "at": [1.5, 2] }, "tags": ["x", "y"], "parts": [{ "a": 1 }, { "a": 2 }] },
        { "id": 2, "place": { "name": "B", "at": [3, 4.25] }, "tags": [], "parts": [], "more": null },
        { "id": 3, "place": null, "tags": ["z"], "parts": [{ "a": 3 }] }] }"#;
    let found = definition(document);
    has(
        &found,
        &[
            "kind = \"json\"",
            "record = \"/data/*\"  # GUESS: most values of the document stand there",
            "total = \"/meta/count\"  # GUESS: it is the number of records",
            "id = { from = \"id\", type = \"integer\", comment = \"id\" }",
            "place_name = { from = \"place/name\", type = \"text\", may_be_absent = true, comment = \"place/name\" }",
            "place_at = { from = \"place/at\", type = \"json\", may_be_absent = true, comment = \"place/at\" }",
            "tags = { from = \"tags/*\", join = \", \", type = \"text\", comment = \"tags/*\" }  # GUESS: a record may have several, put together here",
            "parts = { from = \"parts\", type = \"json\", comment = \"parts\" }",
            "# GUESS: \"/meta/next\" leads to a further page, \"https://example.org/?page=2\": in [source], pages = { by = \"next\", next = \"/meta/next\", records = … }",
        ],
    );
    assert!(!found.contains("s3cret"), "{found}");
}

#[test]
fn json_under_keys_tells_the_keys() {
    let document = br#"{ "south": { "events": [{ "day": "2026-01-01" }, { "day": "2026-04-06" }] },
                         "north": { "events": [{ "day": "2026-01-01" }, { "day": "2026-01-02" }] } }"#;
    has(
        &definition(document),
        &[
            "record = \"/*/events/*\"  # GUESS: most values of the document stand there",
            "key = { from = \"../../~key\", type = \"text\", comment = \"../../~key\" }",
            "day = { from = \"day\", type = \"date\", comment = \"day\" }",
        ],
    );
}

#[test]
fn a_page_of_more_says_so() {
    let found = definition(br#"{ "total": 812, "rows": [{ "a": 1 }, { "a": 2 }] }"#);
    assert!(found.contains("# GUESS: by \"/total\" there are \"812\" records, and 2 are here"), "{found}");
}

#[test]
fn lines_of_json_are_records_and_a_bad_one_is_a_reject() {
    let inferred = inferred(b"{\"a\": 1, \"b\": {\"c\": \"x\"}}\n{\"a\": 2}\n{\"a\": \n{\"a\": 4}\n").unwrap();
    assert_eq!((inferred.rows, inferred.rejected), (3, 1));
    has(
        &inferred.definition,
        &["kind = \"ndjson\"", "b_c = { from = \"b/c\", type = \"text\", may_be_absent = true, comment = \"b/c\" }"],
    );
    assert_eq!(inferred.fixture.map(|fixture| fixture.name).as_deref(), Some("first.jsonl"));
}

#[test]
fn a_workbook_is_read_below_the_row_of_names_and_above_its_last_words() {
    let found = definition(include_bytes!("../../../fixtures/miso_load/first.xls"));
    has(
        &found,
        &[
            "kind = \"workbook\"",
            "footer = \"MISO MAKES NO REPRESENTATIONS *\"  # GUESS: the table ends with the row that begins so",
            "market_day = { from = \"Market Day\", type = \"date\", comment = \"Market Day\" }",
            "hour_ending = { from = \"HourEnding\", type = \"integer\", comment = \"HourEnding\" }",
            "#   starts_at = { from = \"Market Day\", hour = \"HourEnding\", label = \"end\", type = \"timestamp\", comment = \"Start of the interval\" }",
        ],
    );
    let several = definition(include_bytes!("../../../fixtures/eia_henry_hub/first.xls"));
    assert!(several.contains("sheet = \"Data 1\"  # GUESS: it holds most; the others are \"Contents\""), "{several}");
}

#[test]
fn what_a_dbase_table_calls_true_or_false_is_a_boolean() {
    let field =
        |name: &[u8; 4], kind: u8, length: u8| [&name[..], &[0; 7], &[kind, 0, 0, 0, 0, length], &[0; 15]].concat();
    let facts = [&[3, 122, 4, 12, 2, 0, 0, 0, 97, 0, 5, 0][..], &[0; 20]].concat();
    let table = [facts, field(b"NAME", b'C', 3), field(b"OPEN", b'L', 1), b"\r abcT xyzF\x1a".to_vec()].concat();
    has(&definition(&table), &["open = { from = \"OPEN\", type = \"boolean\", comment = \"OPEN\" }"]);
}

/// A workbook of `OpenDocument` with one sheet of one column.
fn ods(cells: &[&str]) -> Vec<u8> {
    const NAMES: &str = "urn:oasis:names:tc:opendocument:xmlns";
    let row = |cell: &&str| {
        format!("<table-row><table-cell o:value-type='string'><x:p>{cell}</x:p></table-cell></table-row>")
    };
    let content = format!(
        "<o:document-content xmlns:o='{NAMES}:office:1.0' xmlns='{NAMES}:table:1.0' xmlns:x='{NAMES}:text:1.0' \
         xmlns:t='{NAMES}:table:1.0'><o:body><o:spreadsheet><table t:name='Plants'>{}</table></o:spreadsheet></o:body>\
         </o:document-content>",
        cells.iter().map(row).collect::<String>()
    );
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    sample::zipped(&[("mimetype", kind), ("content.xml", content.as_str())])
}

#[test]
fn a_workbook_of_open_document_is_one_and_no_archive() {
    let inferred = inferred(&ods(&["Plant", "Barry", "Comanche", "Jolliet"])).unwrap();
    has(
        &inferred.definition,
        &["kind = \"workbook\"", "plant = { from = \"Plant\", type = \"text\", comment = \"Plant\" }"],
    );
    assert_eq!((inferred.rows, inferred.fixture.unwrap().name.as_str()), (3, "first.ods"));
}

#[test]
fn a_dbase_table_says_itself_what_its_columns_are() {
    let found = definition(include_bytes!("../../../fixtures/bkg_municipalities/first.zip"));
    has(&found, &["kind = \"dbf\"", "beginn = { from = \"BEGINN\", type = \"date\", comment = \"BEGINN\" }"]);
    assert!(!found.contains("charset"), "{found}");
}

#[test]
fn fixed_width_is_a_draft_with_fields_that_stand_again_and_again() {
    let found = definition(include_bytes!("../../../fixtures/noaa_ghcn_daily/first.dly"));
    has(
        &found,
        &[
            "kind = \"fixed\"",
            "length = 269",
            "[format.unpivot]  # GUESS: from character 22 on the same fields stand 31 times",
            "every = 8",
            "times = 31",
            "skip = [\"\", \"-9999\"]  # GUESS: what stands where there is no value",
        ],
    );
    assert!(found.contains("Look at some lines beside the publisher's description"), "{found}");
}

#[test]
fn fields_of_fixed_width_begin_behind_blanks_and_where_letters_become_digits() {
    let lines = (0..40).map(|n| {
        format!(
            "{:<12}{:>6}{}202601{:02}\n",
            ["Aberdeen", "Bath", "Elgin"][n % 3],
            n * 37,
            ["A", "B"][n % 2],
            n % 28 + 1
        )
    });
    let found = definition(lines.collect::<String>().as_bytes());
    has(
        &found,
        &[
            "place_1_14 = { from = \"1-14\", type = \"text\", comment = \"1-14\" }",
            "place_19 = { from = \"19\", type = \"enum\", values = [\"A\", \"B\"], comment = \"19\" }  # GUESS: no other words occur, each of these some 20 times; another one will be a reject",
            "place_20_27 = { from = \"20-27\", type = \"date\", pattern = \"%Y%m%d\", comment = \"20-27\" }",
        ],
    );
}

#[test]
fn records_in_records_are_told_with_the_record_around_them() {
    let document = b"<List><Part id=\"p\"><Code>1</Code><Name>A</Name><Code2/><Part><Code>11</Code><Name>B</Name>\
        <Part><Code>111</Code><Name>C</Name></Part></Part></Part><Part><Code>2</Code><Name>D</Name></Part></List>";
    let found = definition(document);
    has(
        &found,
        &[
            "record = \"List/Part\"  # GUESS: the element that is one row, for it holds most values",
            "recursive = true  # records stand in records",
            "parent_id = { from = \"../@id\", type = \"text\", may_be_absent = true, comment = \"../@id\" }",
        ],
    );
}

#[test]
fn one_table_of_a_report_is_chosen_and_the_others_are_told() {
    let file =
        b"C,NEMP.WORLD,X,AEMO,PUBLIC,2026/01/01,00:00:00\nI,A,ONE,1,DAY,MW\nD,A,ONE,1,\"2026/01/01 00:30:00\",5\n\
        I,B,TWO,3,ID,V\nD,B,TWO,3,1,x\nD,B,TWO,3,2,y\nC,\"END OF REPORT\",7\n";
    has(
        &definition(file),
        &[
            "table = { name = [\"B\", \"TWO\"], versions = [\"3\"] }  # GUESS: the one with most rows",
            "#   [\"A\", \"ONE\"] 1",
            "id = { from = \"ID\", type = \"integer\", comment = \"ID\" }",
        ],
    );
}

#[test]
fn hours_as_columns_and_words_for_offsets_are_noticed() {
    let header = (1..=24).fold(String::new(), |header, hour| header + &format!(",HE{hour:02}"));
    let hours = ",7.5".repeat(24);
    let lines = (1..=28).fold(String::new(), |lines, day| lines + &format!("2026-02-{day:02},EST{hours}\n"));
    let found = definition(format!("Day,Zone{header}\n{lines}").as_bytes());
    has(&found, &["#   values = { value = \"HE#\" }", "#   and in [time]: offsets = { EST = \"-05:00\" }"]);
}

#[test]
fn lines_without_end_and_without_fields_are_given_up_in_time() {
    let line = "0".repeat(12_000) + "\n";
    assert!(inferred(line.repeat(6).as_bytes()).is_err());
}

#[test]
fn what_no_path_can_name_is_left_out_wherever_it_stands() {
    let items = (0..25).map(|n| format!(r#"{{ "b": {n} }}"#)).collect::<Vec<_>>().join(", ");
    let document = format!(
        r#"{{ "groups": [{{ "": 1, "at ": 2, "of": "x", "items": [{{ "a ": 1, "b": 2, "": 3, "c\u0000": 4 }}, {{ "b": 4 }}] }},
                         {{ "": 1, "of": "y", "items": [{items}] }}] }}"#
    );
    let found = definition(document.as_bytes());
    has(
        &found,
        &[
            "record = \"/groups/*/items/*\"  # GUESS: most values of the document stand there",
            "b = { from = \"b\", type = \"integer\", comment = \"b\" }",
            "of = { from = \"../../of\", type = \"text\", may_be_absent = true, comment = \"../../of\" }",
            "# left out, for no path can name it: \"a \"",
            "# left out, for no path can name it: \"c\\u0000\"",
        ],
    );
    let mixed =
        b"<p:list xmlns:p='urn:p'><p:group><of>1</of><p:item><p:a>1</p:a></p:item><p:item><p:a>2</p:a></p:item>\
                  </p:group></p:list>";
    has(&definition(mixed), &["a = { from = \"a\", type = \"integer\", comment = \"a\" }"]);
}

#[test]
fn what_stands_above_a_table_is_told_without_what_no_comment_may_hold() {
    let mut book = include_bytes!("../../../fixtures/miso_load/first.xls").to_vec();
    let title = b"L\0O\0A\0D\0 \0R\0";
    let at = book.windows(title.len()).position(|bytes| bytes == title).unwrap();
    book[at + 8] = 0x0b;
    let found = definition(&book);
    assert!(found.contains("ACTUAL LOAD REPORT"), "{found}");
}

#[test]
fn a_report_that_counts_its_lines_is_not_cut_into_a_fixture() {
    let rows = (0..4000).map(|at| format!("D,A,ONE,1,{at},some text\n"));
    let file: String = std::iter::once("C,X,Y\nI,A,ONE,1,ID,TEXT\n".to_owned()).chain(rows).collect();
    let inferred = inferred(format!("{file}C,\"END OF REPORT\",4003\n").as_bytes()).unwrap();
    assert_eq!((inferred.rows, inferred.rejected, inferred.fixture), (4000, 0, None));
}

#[test]
fn what_records_have_beyond_hundreds_of_names_is_left_out() {
    let record = (0..400).fold(String::new(), |text, at| text + &format!("<c{at}>1</c{at}>"));
    let found = definition(format!("<l><r>{record}</r><r>{record}</r></l>").as_bytes());
    assert!(found.contains("c299 = {") && !found.contains("c300 = {"), "{found}");
    has(&found, &["# left out, for there are too many to name them: others in \"\""]);
    let crowd = (0..400).fold(String::new(), |text, at| text + &format!("<c{at}><a>1</a></c{at}>"));
    let told = inferred(format!("<l>{crowd}</l>").as_bytes()).unwrap_err().to_string();
    assert!(told.contains("have hundreds of names"), "{told}");
}
