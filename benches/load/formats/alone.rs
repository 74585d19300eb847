//! The libraries by themselves, each as its documentation shows it. They check nothing and keep nothing.

use std::{
    fs::{self, File},
    hint::black_box,
    io::{BufRead as _, BufReader},
    path::Path,
};

use anyhow::Context as _;
use calamine::{Reader as _, Xlsx};
use quick_xml::{Reader, events::Event};
use serde::Deserialize;

use super::files::WIDTHS;

/// Every event of the document.
pub(super) fn quick_xml(path: &Path) -> anyhow::Result<u64> {
    let mut reader = Reader::from_reader(BufReader::new(File::open(path)?));
    let (mut buffer, mut rows) = (Vec::new(), 0);
    loop {
        match black_box(reader.read_event_into(&mut buffer)?) {
            Event::Start(start) if start.name().as_ref() == "row" => rows += 1,
            Event::Eof => return Ok(rows),
            _ => (),
        }
        buffer.clear();
    }
}

#[derive(Deserialize)]
struct Document {
    rows: Vec<Record>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what the library is asked to read")]
struct Record {
    id: i64,
    code: String,
    amount: f64,
    price: Option<f64>,
    day: String,
    name: String,
    city: String,
    active: bool,
    note: Option<String>,
    reference: Option<i64>,
}

/// The whole document at once into typed records.
pub(super) fn serde_json(path: &Path) -> anyhow::Result<u64> {
    let document: Document = serde_json::from_slice(&fs::read(path)?)?;
    Ok(u64::try_from(black_box(document).rows.len())?)
}

/// Cell after cell of the first sheet.
pub(super) fn calamine(path: &Path) -> anyhow::Result<u64> {
    let mut book: Xlsx<_> = calamine::open_workbook(path)?;
    let name = book.sheet_names().first().context("a sheet")?.clone();
    let mut cells = book.worksheet_cells_reader(&name)?;
    let mut last = 0;
    while let Some(cell) = cells.next_cell()? {
        last = black_box(cell).get_position().0;
    }
    // The first is that of the names.
    Ok(u64::from(last))
}

/// Lines, each cut at its places into texts without the blanks around them.
pub(super) fn cut_lines(path: &Path) -> anyhow::Result<u64> {
    let mut file = BufReader::new(File::open(path)?);
    let (mut line, mut rows) = (Vec::new(), 0);
    while file.read_until(b'\n', &mut line)? > 0 {
        let mut rest = line.as_slice();
        for width in WIDTHS {
            let (field, behind) = rest.split_at_checked(width).context("a line of full length")?;
            black_box(field.trim_ascii().iter().map(|&byte| char::from(byte)).collect::<String>());
            rest = behind;
        }
        line.clear();
        rows += 1;
    }
    Ok(rows)
}
