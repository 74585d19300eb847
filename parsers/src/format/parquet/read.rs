//! The rows of a Parquet file. The file itself is in memory, as it is packed; of what it unpacks to, no more than the pages
//! that the current rows lie in.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use bytes::Bytes;
use parquet::{
    errors::ParquetError,
    file::{metadata::ParquetMetaData, reader::FileReader, serialized_reader::SerializedFileReader},
    record::{Row, reader::RowIter},
    schema::types::Type,
};

use super::{Parquet, cell::Kind};
use crate::{
    decode::{Limit, Part},
    format::{Binding, bind},
    read::{NewColumn, ReadError},
    record::{Filled, Filling, Found, Record, Records},
    schema::Schema,
};

pub(super) fn open<'a>(
    parquet: &'a Parquet,
    part: Part<'a>,
    schema: &'a Schema,
) -> Result<Box<dyn Records + 'a>, ReadError> {
    let limit = part.limit();
    let bytes = Bytes::from(part.whole()?);
    let reader = guarded(|| SerializedFileReader::new(bytes))?;
    check(reader.metadata(), &limit)?;
    let root = reader.metadata().file_metadata().schema_descr().root_schema_ptr();
    let names: Vec<String> = root.get_fields().iter().map(|field| field.name().to_owned()).collect();
    let binding = bind(&names, schema, &parquet.ignore)?;
    let mut wanted = Vec::new();
    let mut kinds = Vec::new();
    for (at, field) in root.get_fields().iter().enumerate().filter(|(at, _)| binding.fields.contains(&Some(*at))) {
        kinds.push((at, Kind::of(field).map_err(|what| refused(field.name(), what))?));
        wanted.push(Arc::clone(field));
    }
    let rows = u64::try_from(reader.metadata().file_metadata().num_rows())
        .map_err(|_negative| damaged("a number of rows is negative"))?;
    let rows_of = || {
        let projection = Type::group_type_builder(root.name()).with_fields(wanted.clone()).build()?;
        RowIter::from_file_into(Box::new(reader)).project(Some(projection))
    };
    let iter = guarded(rows_of)?;
    let (line, number) = (String::new(), 0);
    Ok(Box::new(Filled::new(Table { schema, binding, kinds, iter, rows, line, number })))
}

struct Table<'a> {
    schema: &'a Schema,
    binding: Binding,
    /// The columns of the file that are read, in their order, and what their values are.
    kinds: Vec<(usize, Kind)>,
    iter: RowIter<'static>,
    /// How many rows the file says that it has.
    rows: u64,
    /// The row, as a rejected one is shown.
    line: String,
    number: u64,
}

impl Filling for Table<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        let Some(row) = guarded(|| self.iter.next().transpose())? else {
            if self.number == self.rows {
                return Ok(Found::End);
            }
            let (found, rows) = (self.number, self.rows);
            return Err(damaged(&format!("it says that it has {rows} rows, and it has {found}")));
        };
        self.number += 1;
        (into.number, into.line) = (self.number, None);
        Ok(self.fill(&row, into).map_or_else(Found::Bad, |()| Found::Record))
    }

    fn original(&self) -> &[u8] {
        self.line.as_bytes()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.binding.news.columns()
    }
}

impl Table<'_> {
    fn fill(&mut self, row: &Row, into: &mut Record) -> Result<(), String> {
        into.clear();
        self.line.clear();
        let mut cells = Vec::with_capacity(self.kinds.len());
        for ((at, kind), (name, field)) in self.kinds.iter().zip(row.get_column_iter()) {
            let text = kind.text(field);
            self.line.push_str(text.as_ref().ok().and_then(Option::as_deref).unwrap_or_default());
            self.line.push('\t');
            cells.push((*at, name, field, text));
        }
        self.line.pop();
        for (column, at) in self.schema.sources().zip(&self.binding.fields) {
            let cell = cells.iter().find(|(place, ..)| Some(*place) == *at);
            let Some((_, name, field, text)) = cell else {
                into.push(None);
                continue;
            };
            let text = text.as_ref().map_err(|what| format!("holds {what} in {name:?}"))?;
            into.push(super::cell::truth(field, column).or(text.as_deref()));
        }
        Ok(())
    }
}

/// Refuses what the file says that it unpacks to more than it may.
fn check(file: &ParquetMetaData, limit: &Limit) -> Result<(), ReadError> {
    for group in file.row_groups() {
        let bytes = u64::try_from(group.total_byte_size()).map_err(|_negative| damaged("a size is negative"))?;
        limit.take(bytes)?;
    }
    Ok(())
}

fn refused(name: &str, what: &str) -> ReadError {
    ReadError::broken(None, format!("the column {name:?} is {what}, which is not read"))
}

fn damaged(what: &str) -> ReadError {
    ReadError::broken(None, format!("the Parquet file cannot be read, it may be damaged: {what}"))
}

/// The library panics over some files that are damaged: for us that is one more way to say so.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ReadError> {
    let read = catch_unwind(AssertUnwindSafe(read));
    let read = read.unwrap_or_else(|_panic| Err(ParquetError::General("its parts contradict each other".into())));
    read.map_err(|error| damaged(&error.to_string()))
}

#[cfg(test)]
mod tests;
