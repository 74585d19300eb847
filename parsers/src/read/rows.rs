//! The records of one artifact on their way to rows.

use twox_hash::XxHash3_128;

use super::{Read, ReadError, Reading, Reject};
use crate::{
    Row, Schema,
    record::{Found, Record, Records},
    schema::{Checker, Fault},
};

/// The records of a format, and what checks them.
pub(super) struct Rows<'a> {
    schema: &'a Schema,
    records: Box<dyn Records + 'a>,
    record: Record,
    found: Found,
    checker: Checker,
    hashed: Vec<u8>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(schema: &'a Schema, records: Box<dyn Records + 'a>) -> Self {
        let (record, checker) = (Record::default(), Checker::default());
        Self { schema, records, record, found: Found::End, checker, hashed: Vec::new() }
    }

    /// Appends every field so that no two records come to the same bytes: each with its length, and absent ones apart.
    fn write_fields(&mut self) {
        for at in 0..self.schema.columns.len() {
            let field = self.record.field(at);
            let length = field.map_or(u64::MAX, |text| text.len() as u64);
            self.hashed.extend_from_slice(&length.to_le_bytes());
            self.hashed.extend_from_slice(field.unwrap_or_default().as_bytes());
        }
    }

    fn reject(&self, fault: Fault, key: Option<Vec<String>>) -> Box<Reject> {
        let Record { number, line, .. } = self.record;
        let original = self.records.original().to_vec();
        let Fault { column, value, reason } = fault;
        Box::new(Reject { record: number, line, column, value, reason, original, key })
    }
}

impl Reading for Rows<'_> {
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.found = self.records.next(&mut self.record)?;
        Ok(!matches!(self.found, Found::End))
    }

    fn record(&self) -> u64 {
        self.record.number
    }

    fn digest(&mut self, seed: u64) -> Result<u128, ReadError> {
        self.hashed.clear();
        match &self.found {
            Found::End => return Err(nothing()),
            Found::Bad(reason) => self.hashed.extend(reason.bytes().chain(self.records.original().iter().copied())),
            Found::Record => self.write_fields(),
        }
        Ok(XxHash3_128::oneshot_with_seed(seed, &self.hashed))
    }

    fn read(&mut self, row: &mut Row) -> Result<Read, ReadError> {
        match &self.found {
            Found::End => Err(nothing()),
            Found::Bad(reason) => Ok(Read::Rejected(self.reject(Fault::of_record(reason.clone()), None))),
            Found::Record => match self.checker.check(self.schema, &self.record, row) {
                Ok(()) => Ok(Read::Row),
                Err(fault) => {
                    let key = self.checker.key(self.schema, &self.record);
                    Ok(Read::Rejected(self.reject(fault, key)))
                }
            },
        }
    }

    fn new_columns(&self) -> &[String] {
        self.records.new_columns()
    }
}

fn nothing() -> ReadError {
    ReadError::broken(None, "there is no record to read: the file has come to its end, or has not been begun")
}

#[cfg(test)]
mod tests;
