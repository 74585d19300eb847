//! The records of one artifact on their way to rows.

use super::{NewColumn, Read, ReadError, Reading, Reject};
use crate::{
    Row, Schema,
    record::{Canon, Place, Records},
    schema::{Checker, Fault},
};

/// The records of a format, and what checks them.
pub(super) struct Rows<'a> {
    schema: &'a Schema,
    records: Box<dyn Records + 'a>,
    /// Whether it stands on a record.
    stands: bool,
    checker: Checker,
    canon: Canon,
}

impl<'a> Rows<'a> {
    pub(super) fn new(schema: &'a Schema, records: Box<dyn Records + 'a>) -> Self {
        Self { schema, records, stands: false, checker: Checker::default(), canon: Canon::default() }
    }

    fn stand(&self) -> Result<Place, ReadError> {
        let nothing = "there is no record to read: the file has come to its end, or has not been begun";
        if self.stands { Ok(self.records.place()) } else { Err(ReadError::broken(None, nothing)) }
    }

    fn reject(&self, fault: Fault, key: Option<Vec<String>>) -> Read {
        let Place { number, line } = self.records.place();
        let original = self.records.original().to_vec();
        let Fault { column, value, reason } = fault;
        let reason = match self.records.member() {
            Some(member) => format!("{reason} (in the member {member:?})"),
            None => reason,
        };
        Read::Rejected(Box::new(Reject { record: number, line, column, value, reason, original, key }))
    }
}

impl Reading for Rows<'_> {
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.stands = false;
        self.stands = self.records.advance()?;
        Ok(self.stands)
    }

    fn record(&self) -> u64 {
        self.records.place().number
    }

    fn line(&self) -> Option<u64> {
        self.records.place().line
    }

    fn member(&self) -> Option<&str> {
        self.records.member()
    }

    fn original(&self) -> &[u8] {
        self.records.original()
    }

    fn digest(&mut self, seed: u64) -> Result<u128, ReadError> {
        self.stand()?;
        self.canon.clear();
        self.records.write(&mut self.canon);
        Ok(self.canon.digest(seed))
    }

    fn read(&mut self, row: &mut Row) -> Result<Read, ReadError> {
        let Place { number, line } = self.stand()?;
        (row.record, row.line) = (number, line);
        let (fault, key) = match self.records.texts() {
            Err(reason) => (Fault::of_record(reason), None),
            Ok(texts) => match self.checker.check(self.schema, texts, row) {
                Ok(()) => return Ok(Read::Row),
                Err(fault) => (*fault, self.checker.key(self.schema, texts)),
            },
        };
        Ok(self.reject(fault, key))
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.records.new_columns()
    }
}

#[cfg(test)]
mod tests;
