//! XLSX: the sheet's XML is walked cell by cell. What it says of its own dimensions is not asked for: it may be wrong.

use std::{collections::BTreeSet, io::Cursor};

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use memchr::{memchr, memmem, memrchr};

use super::{
    Workbook,
    book::{choose, unreadable},
    moment::{self, Epoch},
    sheet::{Sheet, Value},
};
use crate::{
    decode::{Limit, OVERLAP, zip_is_sound},
    read::ReadError,
};

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The attribute that counts shared texts, and the most that are believed.
const COUNT: &[u8] = b"uniqueCount";
const MOST: u64 = 1 << 24;

/// The longest number that a cell or a count is, in bytes with the blanks around it.
const LONGEST: usize = OVERLAP / 4;

/// Positions of cells, by row and column from 0.
type Cells = BTreeSet<(u32, u32)>;

pub(super) fn read(workbook: &Workbook, bytes: &[u8], limit: &Limit) -> Result<Sheet, ReadError> {
    // The library stops at the last row: it would miss a damaged end, and unpacks whatever it is given. And it makes room
    // for as many shared texts as the workbook says it has, for want of which the process would end; and takes the first
    // of them where a cell names none.
    let mut formulas = false;
    zip_is_sound(bytes, limit, |piece| {
        formulas = formulas || memmem::find(piece, b"<f").is_some();
        believe_counts(piece)?;
        believe_places(piece)
    })?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let name = choose(workbook, &book.sheet_names())?;
    let blank = if formulas { without_value(&mut book, &name)? } else { Cells::new() };
    let merged = if workbook.wants_merged() { merged(&mut book, &name)? } else { Vec::new() };
    let mut sheet = Sheet::new(name, merged);
    fill(&mut sheet, &mut book, &blank)?;
    Ok(sheet)
}

pub(super) fn names(bytes: &[u8], limit: &Limit) -> Result<Vec<String>, ReadError> {
    zip_is_sound(bytes, limit, |piece| believe_counts(piece).and_then(|()| believe_places(piece)))?;
    let book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    Ok(book.sheet_names())
}

/// Refuses a count of shared texts that no workbook has.
fn believe_counts(piece: &[u8]) -> Result<(), ReadError> {
    for at in memmem::find_iter(piece, COUNT) {
        let behind = piece.get(at + COUNT.len()..).unwrap_or_default();
        let digits = behind.iter().take(LONGEST).skip_while(|byte| !byte.is_ascii_digit());
        let digits = digits.take_while(|byte| byte.is_ascii_digit());
        if digits.fold(0, |count: u64, digit| count.saturating_mul(10).saturating_add(u64::from(digit - b'0'))) > MOST {
            return Err(unreadable("it says that it has more texts than any workbook"));
        }
    }
    Ok(())
}

/// Refuses a cell that names a shared text by anything but its place.
fn believe_places(piece: &[u8]) -> Result<(), ReadError> {
    for at in memmem::find_iter(piece, b"v>") {
        let (before, behind) = (piece.get(..at).unwrap_or_default(), piece.get(at + 2..).unwrap_or_default());
        let Some(length) = memchr(b'<', behind.get(..LONGEST).unwrap_or(behind)) else { continue };
        let value = behind.get(..length).unwrap_or_default();
        if value.iter().all(u8::is_ascii_digit) || !matches!(before.last(), Some(b'<' | b':')) {
            continue;
        }
        let tag = memrchr(b'<', before).and_then(|value| before.get(memrchr(b'<', before.get(..value)?)?..value));
        let is_shared = |tag: &[u8]| [&b" t=\"s\""[..], b" t='s'"].iter().any(|kind| memmem::find(tag, kind).is_some());
        if tag.is_some_and(is_shared) {
            let value = String::from_utf8_lossy(value);
            return Err(unreadable(format!("a cell names the shared text {value:?}, and texts are named by numbers")));
        }
    }
    Ok(())
}

fn fill(sheet: &mut Sheet, book: &mut Book<'_>, blank: &Cells) -> Result<(), ReadError> {
    let epoch = if book.has_1904_epoch() { Epoch::Of1904 } else { Epoch::Of1900 };
    let mut cells = book.worksheet_cells_reader(&sheet.name).map_err(broken)?;
    let digits: Vec<usize> = cells.styles().iter().map(digits).collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(broken)? {
        let (row, column) = cell.get_position();
        let digits = digits.get(style).copied().unwrap_or(0);
        match cell.get_value() {
            DataRef::Empty if blank.contains(&(row, column)) => return Err(not_computed(sheet, row, column)),
            DataRef::Empty => (),
            DataRef::Error(error) => sheet.push(row, column, Value::Error(&error.to_string()))?,
            value => sheet.push(row, column, self::value(value, digits, epoch)?)?,
        }
    }
    Ok(())
}

fn value<'s>(value: &'s DataRef<'_>, digits: usize, epoch: Epoch) -> Result<Value<'s>, ReadError> {
    Ok(match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Value::Text(text),
        DataRef::SharedString(text) => Value::Text(text),
        DataRef::Bool(truth) => Value::Truth(*truth),
        DataRef::DateTime(at) if at.is_duration() => Value::Number(at.as_f64(), 0),
        DataRef::DateTime(at) => moment::read(at.as_f64(), epoch),
        DataRef::Float(number) if !number.is_finite() => return Err(unreadable("a number is out of all bounds")),
        DataRef::Float(number) => Value::Number(*number, digits),
        #[expect(clippy::cast_precision_loss, reason = "a workbook stores no other numbers than f64")]
        DataRef::Int(number) => Value::Number(*number as f64, digits),
        DataRef::Error(_) | DataRef::Empty => Value::Text(""),
    })
}

/// How many digits a number has at least, where its format is a row of zeros: a code, such as a postal one.
fn digits(style: &calamine::Style) -> usize {
    let format = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
    if format.bytes().all(|byte| byte == b'0') { format.len() } else { 0 }
}

/// Cells with a formula that whoever wrote the workbook did not compute.
fn without_value(book: &mut Book<'_>, name: &str) -> Result<Cells, ReadError> {
    let mut found = Cells::new();
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(broken)? {
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            found.insert(cell.pos);
        }
    }
    Ok(found)
}

fn merged(book: &mut Book<'_>, name: &str) -> Result<Vec<(u32, u32, u32)>, ReadError> {
    let areas = book.merge_cells_by_sheet_name(name).map_err(broken)?;
    Ok(areas.iter().map(|area| (area.start.0, area.start.1, area.end.1)).collect())
}

fn not_computed(sheet: &Sheet, row: u32, column: u32) -> ReadError {
    let (name, row, column) = (&sheet.name, row + 1, super::header::letters(column));
    let message = format!("the cell {column}{row} of the sheet {name:?} has a formula whose value nobody has computed");
    ReadError::broken(Some(u64::from(row)), message)
}

fn broken(error: XlsxError) -> ReadError {
    match error {
        XlsxError::Password => unreadable("it is encrypted"),
        other => unreadable(other),
    }
}
