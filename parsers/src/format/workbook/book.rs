//! From a workbook's bytes to the one sheet that is meant.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Workbook, ods, sheet::Sheet, xls, xlsx};
use crate::{decode::Part, read::ReadError};

/// An XLSX and an ODS are zip archives, an XLS is a compound file.
const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Reads the sheet that is meant, whichever kind of workbook it stands in.
pub(super) fn read(workbook: &Workbook, part: Part<'_>) -> Result<Sheet, ReadError> {
    let limit = part.limit();
    let bytes = part.whole()?;
    if bytes.starts_with(ZIP) {
        let ods = ods::is_one(&bytes)?;
        return if ods {
            ods::read(workbook, &bytes, &limit)
        } else {
            guarded(|| xlsx::read(workbook, &bytes, &limit))
        };
    }
    if bytes.starts_with(COMPOUND) {
        return guarded(|| xls::read(workbook, bytes));
    }
    Err(ReadError::broken(None, "the file is no workbook: neither XLSX nor XLS nor ODS"))
}

/// The names of its sheets, whichever kind of workbook it is.
pub(super) fn names(part: Part<'_>) -> Result<Vec<String>, ReadError> {
    let limit = part.limit();
    let bytes = part.whole()?;
    if bytes.starts_with(ZIP) {
        let ods = ods::is_one(&bytes)?;
        return if ods { ods::names(&bytes, &limit) } else { guarded(|| xlsx::names(&bytes, &limit)) };
    }
    guarded(|| xls::names(bytes))
}

/// The one sheet whose name matches.
pub(super) fn choose(workbook: &Workbook, names: &[String]) -> Result<String, ReadError> {
    let matching: Vec<_> = names.iter().filter(|name| workbook.means(name)).collect();
    if let [name] = matching.as_slice() {
        return Ok((*name).clone());
    }
    let listed = names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let (found, of) = (matching.len(), names.len());
    let message = match &workbook.sheet {
        Some(pattern) => format!("{found} of the {of} sheets match {pattern:?}, and exactly one must: {listed}"),
        None => format!("the workbook has {of} sheets, say which is meant by `sheet` in [format]: {listed}"),
    };
    Err(ReadError::broken(None, message))
}

/// What the library says of a workbook that it cannot read.
pub(super) fn unreadable(error: impl std::fmt::Display) -> ReadError {
    ReadError::broken(None, format!("the workbook cannot be read, it may be damaged: {error}"))
}

/// The library that reads workbooks panics over some that are damaged: for us that is one more way to say so.
fn guarded<T>(read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_panic| Err(unreadable("its parts contradict each other")))
}
