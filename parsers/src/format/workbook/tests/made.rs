//! Workbooks for tests, made of the XML of their rows.

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

/// An XLSX whose sheets have these names and these rows, as XML. Style 1 is a day, 2 a day and a time, 3 five zeros.
pub(super) fn xlsx_of(sheets: &[(&str, &str)], properties: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let numbered = || sheets.iter().enumerate().map(|(at, sheet)| (at + 1, sheet));
    let listed = numbered().map(|(at, (name, _))| format!("<sheet name='{name}' sheetId='{at}' r:id='r{at}'/>"));
    let listed = listed.collect::<Vec<_>>().concat();
    let related = numbered()
        .map(|(at, _)| format!("<Relationship Id='r{at}' Type='{OFFICE}/worksheet' Target='worksheets/s{at}.xml'/>"));
    let related = related.collect::<Vec<_>>().concat();
    let styles = format!("<Relationship Id='styles' Type='{OFFICE}/styles' Target='styles.xml'/>");
    let formats = "<numFmts count='2'><numFmt numFmtId='170' formatCode='dd/mm/yyyy hh:mm'/>\
                   <numFmt numFmtId='171' formatCode='00000'/></numFmts>";
    let cells =
        "<cellXfs count='4'><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/><xf numFmtId='171'/></cellXfs>";
    let mut parts = vec![
        (
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships xmlns='{PACKAGE}'><Relationship Id='a' Type='{OFFICE}/officeDocument' \
                 Target='xl/workbook.xml'/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!("<workbook xmlns='{MAIN}' xmlns:r='{OFFICE}'>{properties}<sheets>{listed}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("<Relationships xmlns='{PACKAGE}'>{related}{styles}</Relationships>"),
        ),
        ("xl/styles.xml".to_owned(), format!("<styleSheet xmlns='{MAIN}'>{formats}{cells}</styleSheet>")),
    ];
    parts.extend(numbered().map(|(at, (_, rows))| {
        let text = format!("<worksheet xmlns='{MAIN}'><dimension ref='A1'/><sheetData>{rows}</sheetData></worksheet>");
        (format!("xl/worksheets/s{at}.xml"), text)
    }));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(super) fn xlsx(rows: &str) -> Vec<u8> {
    xlsx_of(&[("Sheet1", rows)], "")
}

pub(super) fn text(place: &str, text: &str) -> String {
    format!("<c r='{place}' t='inlineStr'><is><t>{text}</t></is></c>")
}

pub(super) fn header(row: u32) -> String {
    let names = ["Day", "Seen\nat", " Price ", "Final", "Note"];
    let cells: String =
        "ABCDE".chars().zip(names).map(|(column, name)| text(&format!("{column}{row}"), name)).collect();
    format!("<row r='{row}'>{cells}</row>")
}
