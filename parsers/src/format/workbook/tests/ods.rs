//! Workbooks of `OpenDocument`, made of the XML of their rows.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{fails, read, table};

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let method = if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An ODS whose content is this, within the spreadsheet. Its prefixes are not the usual ones, of which only names matter.
fn ods_of(content: &str) -> Vec<u8> {
    const NAMES: &str = "urn:oasis:names:tc:opendocument:xmlns";
    let calc = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0";
    let content = format!(
        "<o:document-content xmlns:o='{NAMES}:office:1.0' xmlns='{NAMES}:table:1.0' xmlns:t='{NAMES}:table:1.0' \
         xmlns:x='{NAMES}:text:1.0' xmlns:c='{calc}'><o:body><o:spreadsheet>{content}</o:spreadsheet></o:body>\
         </o:document-content>"
    );
    archive(&[("mimetype", KIND), ("content.xml", &content), ("META-INF/manifest.xml", "<m/>")])
}

/// One with one sheet of these rows.
fn ods(rows: &str) -> Vec<u8> {
    ods_of(&format!("<table t:name='Sheet1'>{rows}</table>"))
}

fn text(text: &str) -> String {
    format!("<table-cell o:value-type='string'><x:p>{text}</x:p></table-cell>")
}

fn row(cells: &str) -> String {
    format!("<table-row>{cells}</table-row>")
}

/// The row that names the columns of [`table`].
fn header() -> String {
    row(&["Day", "Seen at", "Price", "Final", "Note"].map(text).concat())
}

const NONE: &str = "<table-cell/>";

#[test]
fn a_value_is_what_the_cell_says_and_not_what_it_shows() {
    let rows = format!(
        "{}{}{}",
        row(&text("A title")),
        header(),
        row("<table-cell o:value-type='date' o:date-value='2025-03-10'><x:p>10/03/25</x:p></table-cell>\
             <table-cell o:value-type='date' o:date-value='2025-03-10T05:59:59.999999999'><x:p>6:00</x:p></table-cell>\
             <table-cell o:value-type='currency' o:currency='EUR' o:value='0.3'><x:p>€ 0</x:p></table-cell>\
             <table-cell t:formula='of:=TRUE()' o:value-type='boolean' o:boolean-value='true'><x:p>yes</x:p></table-cell>\
             <table-cell o:value-type='string'><o:annotation><x:p>no</x:p></o:annotation><x:p>a <x:span>&amp;\n  b</x:span>\
             <x:s x:c='2'/>c  d</x:p><x:p>d<x:tab/>e</x:p></table-cell>")
    );
    let rows = read(&table(""), &ods(&rows)).unwrap();
    assert_eq!(rows, ["3: 2025-03-10|2025-03-10T06:00:00Z|0.3|true|a & b  c  d\nd\te"]);
}

#[test]
fn a_code_keeps_its_zeros_and_what_is_rounded_to_be_shown_keeps_nothing() {
    let columns = "t = { from = 'T', type = 'text', comment = 'c' }";
    let cell = |(value, shown): (&str, &str)| {
        row(&format!("<table-cell o:value-type='float' o:value='{value}'><x:p>{shown}</x:p></table-cell>"))
    };
    let cells = [("802", "00802"), ("0", "000"), ("0.25", "00"), ("7", "7.00"), ("0.1", "0")].map(cell).concat();
    let rows = read(&super::dataset("", columns), &ods(&format!("{}{cells}", row(&text("T"))))).unwrap();
    assert_eq!(rows, ["2: 00802", "3: 000", "4: 0.25", "5: 7", "6: 0.1"]);
}

#[test]
fn a_time_is_a_time_of_day_and_a_longer_one_a_number_of_days() {
    let columns = "t = { from = 'T', type = 'text', comment = 'c' }";
    let cell = |time: &str| row(&format!("<table-cell o:value-type='time' o:time-value='{time}'/>"));
    let times = ["PT06H30M00S", "PT00H00M00S", "PT36H00M00S"].map(cell).concat();
    let rows = read(&super::dataset("", columns), &ods(&format!("{}{times}", row(&text("T"))))).unwrap();
    assert_eq!(rows, ["2: 06:30:00", "3: 00:00:00", "4: 1.5"]);
    let bad = format!("{}{}", row(&text("T")), cell("6 h"));
    let message = fails(&super::dataset("", columns), &ods(&bad));
    assert_eq!(message, "the cell A2 of the sheet \"Sheet1\" holds \"6 h\", which is no time");
}

#[test]
fn an_error_is_no_text_whoever_wrote_it() {
    let failed =
        |said: &str, shown: &str| row(&format!("{NONE}{NONE}<table-cell {said}><x:p>{shown}</x:p></table-cell>"));
    let rows = [
        header(),
        failed("t:formula='of:=NA()' o:value-type='string' o:string-value='' c:value-type='error'", "#N/A"),
        failed("t:formula='of:=1/0' o:value-type='float' o:value='0'", "#DIV/0!"),
        failed("t:formula='of:=X' o:value-type='string'", "Err:508"),
    ];
    for (came, error) in read(&table(""), &ods(&rows.concat())).unwrap().iter().zip(["#N/A", "#DIV/0!", "Err:508"]) {
        assert!(came.contains(&format!("holds the error {error} in \"price\"")), "{came}");
    }
    let noted = [header(), row(&format!("{NONE}{NONE}{NONE}{NONE}{}", text("#REF!")))].concat();
    assert_eq!(read(&table(""), &ods(&noted)).unwrap(), ["2: ||||#REF!"], "somebody typed it");
    let open = [header(), row(&format!("{NONE}{NONE}<table-cell t:formula='of:=1+1'/>"))].concat();
    let message = fails(&table(""), &ods(&open));
    assert_eq!(message, "the cell C2 of the sheet \"Sheet1\" has a formula whose value nobody has computed");
}

#[test]
fn what_stands_there_many_times_is_there_as_often_and_blank_stretches_take_no_room() {
    let number = "<table-cell t:number-columns-repeated='2' o:value-type='float' o:value='7'/>";
    let rows = format!(
        "<table-header-rows>{}</table-header-rows><table-row t:number-rows-repeated='997'><table-cell \
         t:number-columns-repeated='16384'/></table-row><table-row-group><table-row t:number-rows-repeated='2'>\
         <table-cell t:number-columns-repeated='1'/>{number}{}<table-cell t:number-columns-repeated='99999999999'/>\
         </table-row></table-row-group><table-row t:number-rows-repeated='4294967295'>{NONE}</table-row>",
        row(&["A", "B", "C", "D"].map(text).concat()),
        text("x")
    );
    let columns = ["A", "B", "C", "D"]
        .map(|name| format!("{} = {{ from = '{name}', type = 'text', comment = 'c' }}\n", name.to_lowercase()));
    let came = read(&super::dataset("", &columns.concat()), &ods(&rows)).unwrap();
    assert_eq!(came, ["999: |7|7|x", "1000: |7|7|x"]);
}

#[test]
fn what_would_fill_the_memory_is_refused() {
    let small = "mode = 'replace'\nkey = []\nformat = { kind = 'workbook' }\ndecode = { max_size = '2 MiB' }\n\
                 columns = { note = { from = 'Note', type = 'text', comment = 'c' } }";
    let wide = format!(
        "{}<table-row t:number-rows-repeated='1000000'><table-cell t:number-columns-repeated='16000' \
         o:value-type='string'><x:p>x</x:p></table-cell></table-row>",
        header()
    );
    assert!(fails(&crate::sample::parse(small).unwrap(), &ods(&wide)).contains("unpacks to more than 2 MiB"));
    let far = format!("{}<table-row t:number-rows-repeated='1048576'>{}</table-row>", header(), text("x"));
    assert!(fails(&table(""), &ods(&far)).contains("more than 1048576 rows"));
    let broad = format!(
        "{}<table-row>{NONE}<table-cell t:number-columns-repeated='16384' o:value-type='string'><x:p>x\
                         </x:p></table-cell></table-row>",
        header()
    );
    assert!(fails(&table(""), &ods(&broad)).contains("more than 16384 columns"));
    let blanks = format!("{}{}", header(), row(&text("<x:s x:c='4000000000'/>")));
    assert!(fails(&table(""), &ods(&blanks)).contains("4000000000 blanks"));
    for none in ["<table-row t:number-rows-repeated='0'>", "<table-row><table-cell t:number-columns-repeated='0'/>"] {
        let message = fails(&table(""), &ods(&format!("{}{none}{}</table-row>", header(), text("x"))));
        assert!(message.contains("-repeated is 0"), "{message}");
    }
    let deep = format!("{}{}", "<x:a>".repeat(200), "</x:a>".repeat(200));
    assert!(fails(&table(""), &ods(&row(&text(&deep)))).contains("nested more than 128 deep"));
}

#[test]
fn a_sheet_is_found_by_its_name_and_copies_of_other_workbooks_are_none() {
    let sheet = |name: &str, style: &str, note: &str| {
        let rows = header() + &row(&format!("{NONE}{NONE}{NONE}{NONE}{}", text(note)));
        format!("<table t:name='{name}' t:style-name='{style}'>{rows}</table>")
    };
    let book =
        ods_of(&(sheet("One", "ta1", "1") + &sheet("Two ", "ta1", "2") + &sheet("file:x#Two", "ta_extref", "3")));
    assert_eq!(read(&table("sheet = '*Two'"), &book).unwrap(), ["2: ||||2"]);
    assert!(
        fails(&table(""), &book).contains("has 2 sheets, say which is meant by `sheet` in [format]: \"One\", \"Two \"")
    );
}

#[test]
fn what_is_no_whole_workbook_is_named() {
    let message = |parts: &[(&str, &str)]| fails(&table(""), &archive(parts));
    let words = [("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>")];
    assert!(message(&words).contains("no workbook"));
    assert!(message(&[("mimetype", KIND)]).contains("has no content"));
    assert!(message(&[("mimetype", KIND), ("content.xml", "<a><b></b>")]).contains("ends early"));
    let locked = "<m:file-entry><m:encryption-data/></m:file-entry>";
    let locked = [("mimetype", KIND), ("content.xml", "?"), ("META-INF/manifest.xml", locked)];
    assert!(message(&locked).contains("it is encrypted"));
    let entity = row(&text("&x;"));
    assert!(fails(&table(""), &ods(&entity)).contains("the entity &x; is none of XML's own"));
    let whole = ods(&header());
    for cut in (0..whole.len()).step_by(7) {
        assert!(read(&table(""), &whole[..cut]).is_err(), "{cut}");
    }
}

#[test]
fn a_merged_name_is_that_of_the_columns_below_it() {
    let columns = "name = { from = 'Name', type = 'text', comment = 'c' }";
    let rows = [
        row(&format!(
            "{NONE}<table-cell t:number-columns-spanned='2' o:value-type='string'><x:p>Name</x:p></table-cell>\
             <covered-table-cell/>"
        )),
        row(&format!("{NONE}{}", text("one"))),
        row(&format!("{NONE}{NONE}{}", text("two"))),
    ];
    let came = read(&super::dataset("merged = true", columns), &ods(&rows.concat())).unwrap();
    assert_eq!(came, ["2: one", "3: two"]);
}
