//! What the library that reads XLS takes on trust, looked at beforehand: the records of the workbook stream.

use std::io::{Cursor, Read};

use cfb::CompoundFile;

use super::book::unreadable;
use crate::read::ReadError;

/// Kinds of records: beginning and end of a stream, a sheet's place, a sheet's dimensions, a password.
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const BOUNDSHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const FILEPASS: u16 = 0x002f;

/// Records that hold cells; each begins with the cell's row.
const CELLS: [u16; 10] = [0x0203, 0x0204, 0x0205, 0x00d6, 0x027e, 0x00fd, 0x00bd, 0x0006, 0x0201, 0x00be];
const MANY: [u16; 2] = [0x00bd, 0x00be];

/// The most rows and columns that a sheet of this kind can have.
const ROWS: u32 = 1 << 16;
const COLUMNS: u16 = 1 << 8;

/// The most cells, blank ones between others included, that are believed: the library keeps each of them.
const MOST: u64 = 8 << 20;

/// Refuses a workbook whose parts are not whole, or whose cells the library would lose or make room for beyond reason.
pub(super) fn check(bytes: &[u8]) -> Result<(), ReadError> {
    let stream = stream(bytes)?;
    let mut sheets = Vec::new();
    walk(&stream, |kind, data| match kind {
        FILEPASS => Err(unreadable("it is encrypted")),
        BOUNDSHEET => {
            let at = u32_at(data, 0).and_then(|at| usize::try_from(at).ok());
            sheets.push(at.ok_or_else(damaged)?);
            Ok(())
        }
        _ => Ok(()),
    })?;
    let mut cells = 0;
    for at in sheets {
        cells += sheet(stream.get(at..).unwrap_or_default())?;
    }
    if cells > MOST { Err(unreadable("its sheets are larger than any table")) } else { Ok(()) }
}

/// The stream in which all records stand.
fn stream(bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(unreadable)?;
    if file.is_stream("/EncryptedPackage") {
        return Err(unreadable("it is encrypted"));
    }
    let name = if file.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut stream = Vec::new();
    let mut found = file.open_stream(name).map_err(|_none| unreadable("it holds no workbook"))?;
    found.read_to_end(&mut stream).map_err(unreadable)?;
    Ok(stream)
}

/// A sheet's own records: whole, of possible dimensions, and row after row. How many cells there are between its corners.
fn sheet(stream: &[u8]) -> Result<u64, ReadError> {
    let (mut row, mut columns, mut depth) = (0, 0, 0_u32);
    walk(stream, |kind, data| {
        match kind {
            BOF => depth += 1,
            // Charts stand inside of sheets, with records of their own.
            EOF => depth = depth.saturating_sub(1),
            _ if depth > 1 => (),
            DIMENSIONS if !are_possible(data) => return Err(damaged()),
            kind if CELLS.contains(&kind) => {
                let (at, column) = (u16_at(data, 0).ok_or_else(damaged)?, u16_at(data, 2).ok_or_else(damaged)?);
                // A record of many cells ends with the column of its last.
                let last = if MANY.contains(&kind) { u16_at(data, data.len().saturating_sub(2)) } else { Some(column) };
                columns = last.unwrap_or(column).max(column).max(columns);
                if at < row || columns >= COLUMNS {
                    return Err(unreadable(format!("a cell of row {} comes behind row {}", at + 1, row + 1)));
                }
                row = at;
            }
            _ => (),
        }
        Ok(())
    })?;
    Ok((u64::from(row) + 1) * (u64::from(columns) + 1))
}

fn are_possible(dimensions: &[u8]) -> bool {
    let (top, bottom) = (u32_at(dimensions, 0), u32_at(dimensions, 4));
    let (left, right) = (u16_at(dimensions, 8), u16_at(dimensions, 10));
    right.is_some() && top <= bottom && bottom <= Some(ROWS) && left <= right && right <= Some(COLUMNS)
}

/// Goes from record to record, to the end of the stream that the first one begins.
fn walk(stream: &[u8], mut look: impl FnMut(u16, &[u8]) -> Result<(), ReadError>) -> Result<(), ReadError> {
    let (mut at, mut depth) = (0, 0_u32);
    loop {
        let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) else { return Err(damaged()) };
        let end = at + 4 + usize::from(length);
        let data = stream.get(at + 4..end).ok_or_else(damaged)?;
        look(kind, data)?;
        match kind {
            BOF => depth += 1,
            EOF if depth == 1 => return Ok(()),
            EOF => depth = depth.saturating_sub(1),
            _ if depth == 0 => return Err(damaged()),
            _ => (),
        }
        at = end;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn damaged() -> ReadError {
    unreadable("a record is cut or out of place")
}
