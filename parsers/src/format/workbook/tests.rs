mod made;
mod ods;

use proptest::prelude::*;

use made::{header, text, xlsx, xlsx_of};

use crate::{Dataset, ReadError, Reject, Row, sample};

const PLANTS: &[u8] = include_bytes!("../../../fixtures/dla_1033/first.xlsx");
const PRICES: &[u8] = include_bytes!("../../../fixtures/eia_henry_hub/release-2016-04-18.xls");

fn dataset(format: &str, columns: &str) -> Dataset {
    let rest = format!("mode = 'replace'\nkey = []\n[format]\nkind = 'workbook'\n{format}\n[columns]\n{columns}");
    sample::parse(&rest).unwrap()
}

fn table(format: &str) -> Dataset {
    let columns = r##"
day = { from = "Day", type = "date", comment = "c" }
seen = { from = "Seen at", type = "timestamp", pattern = "%d/%m/%Y %H:%M", comment = "c" }
price = { from = "Price", type = "decimal(12,4)", comment = "c" }
final = { from = "Final", type = "boolean", yes = "Y", no = "N", comment = "c" }
note = { from = "Note", type = "text", nulls = ["", "#N/A"], comment = "c" }

[time]
zone = "UTC"
"##;
    dataset(format, columns)
}

/// Rows as line and values; rejects as `!`, line and reason; new columns as `+` and name.
fn read(dataset: &Dataset, bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let row = |row: &Row| format!("{}: {}", row.line.unwrap(), sample::values(row));
    let reject = |reject: &Reject| format!("!{}: {}", reject.line.unwrap(), reject.reason);
    let (mut came, new) = sample::read_as(dataset, bytes, row, reject)?;
    came.extend(new.into_iter().map(|column| format!("+{}", column.name)));
    Ok(came)
}

fn fails(dataset: &Dataset, bytes: &[u8]) -> String {
    read(dataset, bytes).unwrap_err().to_string()
}

#[test]
fn a_value_is_what_is_stored_and_dates_are_as_the_column_reads_them() {
    let rows = format!(
        "<row r='1'>{}</row>{}<row r='4'><c r='A4' s='1'><v>45726</v></c><c r='B4' s='2'><v>45726.25</v></c>\
         <c r='C4'><v>0.30000000000000004</v></c><c r='D4' t='b'><v>1</v></c><c r='E4' s='3'><v>802</v></c></row>\
         <row r='5'/><row r='6'><c r='C6'><v>0.29999999999999999</v></c><c r='D6' t='b'><v>0</v></c>\
         <c r='E6' t='str'><f>A1&amp;\"x\"</f><v>a &amp; b</v></c></row>",
        text("A1", "A title"),
        header(3)
    );
    let came = read(&table(""), &xlsx(&rows)).unwrap();
    assert_eq!(
        came,
        ["!4: has 17 decimals, and 4 are allowed", "6: ||0.3|false|a & b"],
        "0.30000000000000004 is another number than 0.3, whatever the sheet shows"
    );
    let rows = rows.replace("0.30000000000000004", "0.3");
    let came = read(&table(""), &xlsx(&rows)).unwrap();
    assert_eq!(came[0], "4: 2025-03-10|2025-03-10T06:00:00Z|0.3|true|00802");
}

#[test]
fn a_workbook_may_count_its_days_from_1904() {
    let rows = format!("{}<row r='2'><c r='A2' s='1'><v>44264</v></c></row>", header(1));
    let bytes = xlsx_of(&[("Sheet1", &rows)], "<workbookPr date1904='1'/>");
    assert_eq!(read(&table(""), &bytes).unwrap(), ["2: 2025-03-10||||"]);
}

#[test]
fn an_error_is_no_value_unless_it_is_declared_to_be_none() {
    let cell = |place: &str, error: &str| format!("<c r='{place}' t='e'><v>{error}</v></c>");
    let rows = format!(
        "{}<row r='2'>{}</row><row r='3'>{}</row><row r='4'>{}</row>",
        header(1),
        cell("E2", "#N/A"),
        cell("E3", "#DIV/0!"),
        cell("C4", "#N/A")
    );
    let came = read(&table(""), &xlsx(&rows)).unwrap();
    assert_eq!(came[0], "2: ||||");
    assert!(came[1].starts_with("!3: holds the error #DIV/0! in \"note\""), "{came:?}");
    assert!(came[2].starts_with("!4: holds the error #N/A in \"price\""), "{came:?}");
}

#[test]
fn a_formula_that_nobody_computed_is_not_taken_for_no_value() {
    let rows = format!("{}<row r='2'><c r='C2'><f>1+1</f></c></row>", header(1));
    let message = fails(&table(""), &xlsx(&rows));
    assert_eq!(message, "the cell C2 of the sheet \"Sheet1\" has a formula whose value nobody has computed");
}

#[test]
fn rows_that_are_none_of_the_table_are_declared() {
    let rows = format!(
        "{}<row r='2'>{}</row><row r='3'>{}</row><row r='4'>{}</row><row r='5'>{}</row>",
        header(1),
        text("A2", "March 9"),
        text("E3", "x"),
        text("B4", "The end of it") + &text("E4", "y"),
        text("A5", "whatever")
    );
    let declared = table("skip = ['March *']\nfooter = 'The end*'");
    assert_eq!(read(&declared, &xlsx(&rows)).unwrap(), ["3: ||||x"]);
    let rejected = read(&table(""), &xlsx(&rows)).unwrap();
    assert_eq!(rejected.iter().filter(|came| came.starts_with('!')).count(), 3, "{rejected:?}");
    let cut = rows.replace("The end", "An end");
    assert!(fails(&declared, &xlsx(&cut)).contains("ends without its last row \"The end*\""));
}

#[test]
fn what_stands_above_holds_for_the_rows_below_and_a_merged_name_for_its_columns() {
    let columns = r#"
place = { from = "Place:", type = "text", comment = "c" }
name = { from = "Name", type = "text", comment = "c" }
"#;
    let dataset = dataset("merged = true\nabove = ['Place:']\nskip = ['Name']", columns);
    let rows = format!(
        "<row r='1'>{}</row><row r='2'>{}</row><row r='3'>{}</row><row r='4'>{}</row><row r='5'>{}</row>\
         <row r='6'>{}</row><row r='7'>{}</row>",
        text("A1", "Place:") + &text("C1", "north"),
        text("B2", "Name"),
        text("C3", "one"),
        text("A4", "Place:") + &text("B4", "south"),
        text("B5", "Name"),
        text("B6", "two"),
        text("B7", "three") + &text("C7", "four")
    );
    let merged = format!("{rows}</sheetData><mergeCells count='1'><mergeCell ref='B2:C2'/></mergeCells><sheetData>");
    let came = read(&dataset, &xlsx(&merged)).unwrap();
    assert_eq!(came, ["3: north|one", "6: south|two", "!7: fills two of the merged columns under \"Name\""]);
}

#[test]
fn names_over_several_rows_are_joined_and_a_merged_one_is_said_of_each_column_below() {
    let columns = r#"
place = { from = "Place", type = "text", comment = "c" }
summer = { from = "Net capacity Summer", type = "integer", comment = "c" }
winter = { from = "Net capacity Winter", type = "integer", comment = "c" }
note = { from = "Note", type = "text", comment = "c" }
"#;
    let row = |number: u32, cells: &[(&str, &str)]| {
        let cells: String = cells.iter().map(|(column, name)| text(&format!("{column}{number}"), name)).collect();
        format!("<row r='{number}'>{cells}</row>")
    };
    let rows = [
        row(1, &[("A", "Capacity by place")]),
        row(3, &[("A", "Place"), ("B", "Net\ncapacity")]),
        row(4, &[("B", "Summer"), ("C", "Winter"), ("D", "Note")]),
        row(5, &[("A", "north"), ("B", "1"), ("C", "2"), ("D", "x")]),
        row(7, &[("A", "south"), ("C", "4")]),
    ];
    let areas = "<mergeCell ref='A1:D1'/><mergeCell ref='B3:C3'/><mergeCell ref='A3:A4'/>";
    let merged = format!("{}</sheetData><mergeCells>{areas}</mergeCells><sheetData>", rows.concat());
    let came = read(&dataset("header_rows = 2", columns), &xlsx(&merged)).unwrap();
    assert_eq!(came, ["5: north|1|2|x", "7: south||4|"]);
    let message = fails(&dataset("header_rows = 2", columns), &xlsx(&rows.concat()));
    assert!(message.contains("lacks \"Net capacity Winter\"") && message.contains("it has \"Winter\""), "{message}");
    let rest = "mode = 'replace'\nkey = []\ncolumns = { a = { from = 'A', type = 'text', comment = 'c' } }\n";
    for (format, mistake) in [("header_rows = 2, merged = true", "each column below"), ("header_rows = 0", "1 to 20")] {
        let mistakes = sample::parse(&format!("{rest}format = {{ kind = 'workbook', {format} }}")).unwrap_err();
        assert!(mistakes[0].message.contains(mistake), "{mistakes:?}");
    }
}

#[test]
fn the_two_rows_above_real_prices_name_them_together() {
    let columns = "day = { from = 'Sourcekey Date', type = 'date', required = true, comment = 'c' }\n\
                   price = { from = 'RNGWHHD Henry Hub Natural Gas Spot Price (Dollars per Million Btu)', type = \
                   'decimal(8,2)', comment = 'c' }";
    let two = read(&dataset("sheet = 'Data 1'\nheader_rows = 2", columns), PRICES).unwrap();
    let one = columns.replace("Sourcekey ", "").replace("RNGWHHD ", "");
    assert_eq!(two, read(&dataset("sheet = 'Data 1'", &one), PRICES).unwrap());
    assert!(two.len() == 10 && !two[0].starts_with('!'), "{two:?}");
}

#[test]
fn a_column_that_is_new_is_reported_named_or_not() {
    let rows = format!(
        "<row r='1'>{}</row><row r='2'>{}</row>",
        header(1).replace("<row r='1'>", "").replace("</row>", "") + &text("G1", "New"),
        text("E2", "x") + &text("F2", "y") + &text("G2", "z")
    );
    let came = read(&table(""), &xlsx(&rows)).unwrap();
    assert_eq!(came, ["2: ||||x", "+(column F without a name)", "+New"]);
    assert_eq!(read(&table("ignore = ['(column F without a name)', 'New']"), &xlsx(&rows)).unwrap(), ["2: ||||x"]);
}

#[test]
fn the_sheet_and_the_names_must_be_there() {
    let sheets = [("Notes ", ""), ("Data 1", "")];
    assert!(fails(&table("sheet = 'Data'"), &xlsx_of(&sheets, "")).starts_with("0 of the 2 sheets match \"Data\""));
    assert!(fails(&table("sheet = '*a*'"), &xlsx_of(&[("a", ""), ("ba", "")], "")).starts_with("2 of the 2 sheets"));
    assert!(fails(&table(""), &xlsx_of(&sheets, "")).contains("say which is meant by `sheet`"));
    let none = "no row of the sheet \"Notes \" names the columns: \"Day\", \"Seen at\", \"Price\", …";
    assert_eq!(fails(&table("sheet = 'Notes'"), &xlsx_of(&sheets, "")), none);
    let renamed = header(2).replace("Final", "Definitive");
    let message = fails(&table(""), &xlsx(&renamed));
    assert!(message.contains("lacks \"Final\"") && message.contains("it has \"Definitive\""), "{message}");
}

#[test]
fn what_is_no_workbook_is_named() {
    for (bytes, what) in [
        (&b"<html><table>"[..], "a web page, and a workbook is expected"),
        (b"Day,Price\n", "neither XLSX nor XLS nor ODS"),
        (b"<?xml version='1.0'?><Workbook/>", "XML, and a workbook"),
        (b"", "the file is empty"),
        (b"PK\x03\x04", "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cannot be read"),
    ] {
        let message = fails(&table(""), bytes);
        assert!(message.contains(what), "{what}: {message}");
    }
}

#[test]
fn cells_that_are_not_in_their_order_are_refused() {
    let rows = format!("{}<row r='3'>{}</row><row r='2'>{}</row>", header(1), text("A3", "x"), text("A2", "y"));
    assert!(fails(&table(""), &xlsx(&rows)).contains("not in their order in row 2"));
}

#[test]
fn an_archive_that_unpacks_beyond_reason_is_stopped() {
    let rows = format!("{}<row r='2'>{}</row>", header(1), " ".repeat(16 << 20));
    assert!(fails(&table(""), &xlsx(&rows)).contains("200 times its size"));
}

fn items() -> Dataset {
    dataset("", "nsn = { from = 'nsn', type = 'text', required = true, comment = 'c' }")
}

fn prices() -> Dataset {
    let columns = "day = { from = 'Date', type = 'date', required = true, comment = 'c' }";
    dataset("sheet = 'Data 1'", columns)
}

#[test]
fn a_workbook_that_is_cut_anywhere_is_broken() {
    for (dataset, bytes) in [(items(), PLANTS), (prices(), PRICES)] {
        let whole = read(&dataset, bytes).unwrap();
        for cut in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
            match read(&dataset, &bytes[..cut]) {
                // A compound file is padded to whole sectors.
                Ok(came) => assert_eq!(came, whole, "cut at {cut} of {}", bytes.len()),
                Err(error) => assert!(matches!(error, ReadError::Broken { .. }), "{cut}: {error}"),
            }
        }
    }
}

fn damages() -> impl Strategy<Value = Vec<(usize, u8)>> {
    prop::collection::vec((0..PRICES.len(), any::<u8>()), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_is_an_error_or_changes_nothing_in_an_xlsx(at in 0..PLANTS.len(), bit in 0_u8..8) {
        let mut bytes = PLANTS.to_vec();
        bytes[at] ^= 1_u8 << bit;
        let (dataset, whole) = (items(), read(&items(), PLANTS).unwrap());
        if let Ok(came) = read(&dataset, &bytes) {
            prop_assert_eq!(came, whole);
        }
    }

    #[test]
    fn damage_neither_stops_nor_kills_the_reader_of_an_xls(damage in damages()) {
        let mut bytes = PRICES.to_vec();
        for (at, byte) in damage {
            bytes[at] = byte;
        }
        drop(read(&prices(), &bytes));
    }
}
