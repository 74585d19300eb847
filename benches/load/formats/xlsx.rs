//! The generated workbook, as spreadsheets write it: texts stand in a list of their own, days are numbers with a style.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::row::{NAMES, Value, row, serial};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

const PARTS: [(&str, &str); 4] = [
    (
        "_rels/.rels",
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='a' \
         Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' \
         Target='xl/workbook.xml'/></Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' \
         xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets><sheet name='rows' \
         sheetId='1' r:id='sheet'/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='sheet' \
         Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' \
         Target='worksheets/sheet1.xml'/><Relationship Id='styles' \
         Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles' Target='styles.xml'/>\
         <Relationship Id='texts' \
         Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings' \
         Target='sharedStrings.xml'/></Relationships>",
    ),
    (
        "xl/styles.xml",
        "<styleSheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><cellXfs count='2'>\
         <xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
    ),
];

pub(super) fn write(path: &Path, rows: u64) -> anyhow::Result<()> {
    let mut zip = ZipWriter::new(BufWriter::new(File::create(path)?));
    for (name, text) in PARTS {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    let mut texts = Texts::default();
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default().large_file(true))?;
    write!(zip, "<worksheet xmlns='{MAIN}'><sheetData>")?;
    zip.write_all(line(1, NAMES.map(|name| Value::Text(name.into())), &mut texts).as_bytes())?;
    for id in 1..=rows {
        zip.write_all(line(id + 1, row(id), &mut texts).as_bytes())?;
    }
    zip.write_all(b"</sheetData></worksheet>")?;
    zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default())?;
    write!(zip, "<sst xmlns='{MAIN}'>{}</sst>", texts.items)?;
    zip.finish()?.flush()?;
    Ok(())
}

fn line(number: u64, values: [Value; 10], texts: &mut Texts) -> String {
    let mut line = format!("<row r=\"{number}\">");
    for (column, value) in ('A'..).zip(values) {
        let place = format_args!("r=\"{column}{number}\"");
        let _infallible = match value {
            Value::Number(number) => write!(line, "<c {place}><v>{number}</v></c>"),
            Value::Text(text) => write!(line, "<c {place} t=\"s\"><v>{}</v></c>", texts.place(text)),
            Value::Day(day) => write!(line, "<c {place} s=\"1\"><v>{}</v></c>", serial(day)),
            Value::Truth(truth) => write!(line, "<c {place} t=\"b\"><v>{}</v></c>", u8::from(truth)),
            Value::None => Ok(()),
        };
    }
    line.push_str("</row>");
    line
}

/// The list of texts, each once.
#[derive(Default)]
struct Texts {
    places: HashMap<Cow<'static, str>, usize>,
    items: String,
}

impl Texts {
    fn place(&mut self, text: Cow<'static, str>) -> usize {
        let next = self.places.len();
        *self.places.entry(text).or_insert_with_key(|text| {
            let _infallible = write!(self.items, "<si><t>{}</t></si>", text.replace('&', "&amp;"));
            next
        })
    }
}
