//! ODS: the workbook of `OpenDocument`. Its content is one XML document, of which one table is kept. The reader is our own:
//! the library's takes an error for a text, and makes room for as many cells as a file says that it repeats.

mod cell;
mod text;
mod xml;

use std::io::{BufReader, Read};

use super::{
    Workbook,
    book::{choose, unreadable},
    sheet::{Sheet, Value},
};
use crate::{
    decode::{Limit, zip_is_sound, zip_member},
    read::ReadError,
};
use cell::Held;
use xml::{Attributes, Node, Tag, Xml};

const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// The most rows and columns that a sheet of this kind can have.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// What a cell takes beside its text.
const CELL: u64 = 40;

/// Whether a zip archive says of itself that it is a document of this family.
pub(super) fn is_one(bytes: &[u8]) -> Result<bool, ReadError> {
    Ok(zip_member(bytes, "mimetype")?.is_some())
}

pub(super) fn read(workbook: &Workbook, bytes: &[u8], limit: &Limit) -> Result<Sheet, ReadError> {
    let book = read_book(workbook, bytes, limit)?;
    choose(workbook, &book.names)?;
    book.sheet.ok_or_else(|| unreadable("it has no sheet"))
}

pub(super) fn names(bytes: &[u8], limit: &Limit) -> Result<Vec<String>, ReadError> {
    Ok(read_book(&Workbook::of_sheet(String::new()), bytes, limit)?.names)
}

fn read_book<'a>(
    workbook: &'a Workbook,
    bytes: &'a [u8],
    limit: &'a Limit,
) -> Result<Book<'a, impl std::io::BufRead + 'a>, ReadError> {
    // Whether the manifest speaks of an encryption is looked for where any member may.
    let mut speaks = false;
    zip_is_sound(bytes, limit, |piece| {
        speaks = speaks || memchr::memmem::find(piece, b":e").is_some();
        Ok(())
    })?;
    if speaks && is_encrypted(bytes)? {
        return Err(unreadable("it is encrypted"));
    }
    if !whole(bytes, "mimetype")?.starts_with(KIND) {
        return Err(unreadable("it is a document of OpenDocument, but no workbook"));
    }
    let content = zip_member(bytes, "content.xml")?.ok_or_else(|| unreadable("it has no content"))?;
    let xml = Xml::new(BufReader::with_capacity(1 << 16, content));
    let mut book = Book { workbook, limit, xml, names: Vec::new(), sheet: None };
    book.read()?;
    Ok(book)
}

fn is_encrypted(bytes: &[u8]) -> Result<bool, ReadError> {
    Ok(memchr::memmem::find(&whole(bytes, "META-INF/manifest.xml")?, b":encryption-data").is_some())
}

fn whole(bytes: &[u8], name: &str) -> Result<Vec<u8>, ReadError> {
    let mut whole = Vec::new();
    if let Some(mut member) = zip_member(bytes, name)? {
        member.read_to_end(&mut whole).map_err(ReadError::reading)?;
    }
    Ok(whole)
}

/// A workbook that is read.
struct Book<'a, R> {
    workbook: &'a Workbook,
    limit: &'a Limit,
    xml: Xml<R>,
    /// The names of all sheets.
    names: Vec<String>,
    /// The first of them that may be meant.
    sheet: Option<Sheet>,
}

impl<R: std::io::BufRead> Book<'_, R> {
    fn read(&mut self) -> Result<(), ReadError> {
        loop {
            match self.xml.next()? {
                Node::Start(Tag::Table, table) => self.table(&table)?,
                Node::Start(Tag::Around, _) | Node::End | Node::Text(_) => (),
                Node::Start(..) => self.xml.skip()?,
                Node::Eof => return Ok(()),
            }
        }
    }

    fn table(&mut self, table: &Attributes) -> Result<(), ReadError> {
        // Copies of other workbooks' cells are kept as if they were sheets, and are none.
        if table.get("table:style-name") == Some("ta_extref") {
            return self.xml.skip();
        }
        let name = table.get("table:name").unwrap_or_default().to_owned();
        self.names.push(name.clone());
        if self.sheet.is_some() || !self.workbook.means(&name) {
            return self.xml.skip();
        }
        let mut sheet = Sheet::new(name, Vec::new());
        let (mut row, mut within) = (0, 0_u32);
        loop {
            match self.xml.next()? {
                Node::Start(Tag::Row, attributes) => row = self.rows(&mut sheet, row, &attributes)?,
                Node::Start(Tag::Rows, _) => within += 1,
                Node::Start(..) => self.xml.skip()?,
                Node::End if within == 0 => break,
                Node::End => within -= 1,
                Node::Text(_) => (),
                Node::Eof => return Err(unreadable("its content ends early")),
            }
        }
        self.sheet = Some(sheet);
        Ok(())
    }

    /// Reads a row, and puts it down as often as it says that it stands there. The number of the row behind it.
    fn rows(&mut self, sheet: &mut Sheet, row: u32, attributes: &Attributes) -> Result<u32, ReadError> {
        let times = attributes.times("table:number-rows-repeated")?;
        let behind = row.saturating_add(times);
        let cells = self.row(sheet, row)?;
        if cells.is_empty() {
            return Ok(behind);
        }
        if behind > ROWS {
            return Err(unreadable(format!("it has more than {ROWS} rows")));
        }
        for row in row..behind {
            for (column, times, held) in &cells {
                for column in *column..column.saturating_add(*times) {
                    self.limit.take(CELL + held.bytes())?;
                    sheet.push(row, column, held.value())?;
                }
            }
        }
        Ok(behind)
    }

    /// The cells of a row that hold something: column, how often, and what.
    fn row(&mut self, sheet: &mut Sheet, row: u32) -> Result<Vec<(u32, u32, Held)>, ReadError> {
        let (mut cells, mut column) = (Vec::new(), 0_u32);
        loop {
            match self.xml.next()? {
                Node::Start(Tag::Cell, attributes) => {
                    let times = attributes.times("table:number-columns-repeated")?;
                    let behind = column.saturating_add(times);
                    let held = cell::read(&mut self.xml, &attributes, || place(sheet, row, column))?;
                    if self.workbook.wants_merged()
                        && let Some(span) = attributes.number("table:number-columns-spanned")?.filter(|span| *span > 1)
                    {
                        sheet.merged.push((row, column, column.saturating_add(span - 1)));
                    }
                    if held.value() != Value::Text("") {
                        if behind > COLUMNS {
                            return Err(unreadable(format!("it has more than {COLUMNS} columns")));
                        }
                        cells.push((column, times, held));
                    }
                    column = behind;
                }
                Node::Start(..) => self.xml.skip()?,
                Node::Text(_) => (),
                Node::End => return Ok(cells),
                Node::Eof => return Err(unreadable("its content ends early")),
            }
        }
    }
}

/// A cell as people find it.
fn place(sheet: &Sheet, row: u32, column: u32) -> (String, u32) {
    let row = row.saturating_add(1);
    (format!("the cell {}{row} of the sheet {:?}", super::header::letters(column), sheet.name), row)
}
