//! A workbook whose cells point to texts, and a look into one.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::{infer::Fixture, sample};

/// A part that is about no rows.
pub(super) const APP: &str = "<Properties><Application>Somebody's</Application></Properties>";

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A workbook of so many records: a number, a text of its own and one of two.
pub(super) fn of(records: u32) -> Vec<u8> {
    let texts: Vec<String> =
        ["Id", "Name", "Side", "north", "south"].map(str::to_owned).into_iter().chain((0..records).map(name)).collect();
    let shared = |place: String, at: u32| format!("<c r=\"{place}\" t=\"s\"><v>{at}</v></c>");
    let header: String =
        ["A1", "B1", "C1"].iter().zip(0..).map(|(place, at)| shared((*place).to_owned(), at)).collect();
    let rows = (0..records).map(|id| {
        let (row, side) = (id + 2, 3 + u32::from(id > 30));
        let (name, side) = (shared(format!("B{row}"), id + 5), shared(format!("C{row}"), side));
        format!("<row r=\"{row}\"><c r=\"A{row}\"><v>{id}</v></c>{name}{side}</row>")
    });
    let rows = rows.collect::<String>();
    let texts = texts.iter().map(|text| format!("<si><t>{text}</t></si>"));
    let texts = texts.collect::<String>();
    sample::zipped(&[
        ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
        ("docProps/app.xml", APP.to_owned()),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns='{MAIN}' xmlns:r='{OFFICE}'><sheets><sheet name='S' sheetId='1' r:id='a'/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", related("worksheet", "worksheets/sheet1.xml")),
        ("xl/sharedStrings.xml", format!("<sst xmlns='{MAIN}'>{texts}</sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns='{MAIN}'><sheetData><row r=\"1\">{header}</row>{rows}</sheetData></worksheet>"),
        ),
    ])
}

/// The text of one part.
pub(super) fn part(workbook: &Fixture, name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(&workbook.bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn name(id: u32) -> String {
    format!("Name {id}")
}

fn related(kind: &str, target: &str) -> String {
    format!(
        "<Relationships xmlns='{PACKAGE}'><Relationship Id='a' Type='{OFFICE}/{kind}' Target='{target}'/></Relationships>"
    )
}
