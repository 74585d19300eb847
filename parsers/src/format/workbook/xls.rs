//! XLS, the workbook of 1997 to 2003 (BIFF8) and its older kin.

use std::io::Cursor;

use calamine::{Data, Reader, Xls, XlsError};

use super::{
    Workbook, biff,
    book::{choose, unreadable},
    moment::{self, Epoch},
    sheet::{Sheet, Value},
};
use crate::read::ReadError;

pub(super) fn read(workbook: &Workbook, bytes: Vec<u8>) -> Result<Sheet, ReadError> {
    biff::check(&bytes)?;
    let mut book = Xls::new(Cursor::new(bytes)).map_err(broken)?;
    let epoch = if book.has_1904_epoch() { Epoch::Of1904 } else { Epoch::Of1900 };
    let name = choose(workbook, &book.sheet_names())?;
    let areas =
        if workbook.wants_merged() { book.merge_cells_by_sheet_name(&name).map_err(broken)? } else { Vec::new() };
    let merged = areas.iter().map(|area| (area.start.0, area.start.1, area.end.1)).collect();
    let range = book.worksheet_range(&name).map_err(broken)?;
    let (top, left) = range.start().unwrap_or_default();
    let mut sheet = Sheet::new(name, merged);
    for (row, column, value) in range.used_cells() {
        let place = |from: u32, at: usize| u32::try_from(at).map(|at| from + at).map_err(unreadable);
        let (row, column) = (place(top, row)?, place(left, column)?);
        match value {
            Data::Error(error) => sheet.push(row, column, Value::Error(&error.to_string()))?,
            value => sheet.push(row, column, self::value(value, epoch)?)?,
        }
    }
    Ok(sheet)
}

pub(super) fn names(bytes: Vec<u8>) -> Result<Vec<String>, ReadError> {
    biff::check(&bytes)?;
    let book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(broken)?;
    Ok(book.sheet_names())
}

fn value(value: &Data, epoch: Epoch) -> Result<Value<'_>, ReadError> {
    Ok(match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Text(text),
        Data::Bool(truth) => Value::Truth(*truth),
        Data::DateTime(at) if at.is_duration() => Value::Number(at.as_f64(), 0),
        Data::DateTime(at) => moment::read(at.as_f64(), epoch),
        Data::Float(number) if !number.is_finite() => return Err(unreadable("a number is out of all bounds")),
        Data::Float(number) => Value::Number(*number, 0),
        #[expect(clippy::cast_precision_loss, reason = "a workbook stores no other numbers than f64")]
        Data::Int(number) => Value::Number(*number as f64, 0),
        Data::Error(_) | Data::Empty => Value::Text(""),
    })
}

fn broken(error: XlsError) -> ReadError {
    match error {
        XlsError::Password => unreadable("it is encrypted"),
        other => unreadable(other),
    }
}
