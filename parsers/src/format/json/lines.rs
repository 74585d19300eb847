//! Files with one JSON value a line: a line that cannot be read is one reject, and the next is another record.

use super::{Fault, Reading, stream::Stream};
use crate::{
    read::{NewColumn, ReadError},
    record::{Filling, Found, Record},
};

/// The records of such a file.
pub(super) struct Lines<'a> {
    stream: Stream<'a>,
    reading: Reading<'a>,
    records: u64,
    line: Vec<u8>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(stream: Stream<'a>, reading: Reading<'a>) -> Self {
        Self { stream, reading, records: 0, line: Vec::new() }
    }
}

impl Filling for Lines<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        loop {
            let line = self.stream.line();
            let Some(has_end) = self.stream.whole_line(&mut self.line)? else {
                self.reading.complete(self.records)?;
                return Ok(Found::End);
            };
            if self.line.trim_ascii().is_empty() {
                continue;
            }
            self.records += 1;
            (into.number, into.line) = (self.records, Some(line));
            self.reading.forget();
            return match self.reading.record(self.records, &self.line, into) {
                Ok(()) => Ok(Found::Record),
                Err(Fault::Shape(reason)) => Ok(Found::Bad(reason)),
                Err(Fault::Syntax(..)) if !has_end => Err(ReadError::broken(
                    Some(line),
                    "the file ends within this line: it was cut on its way; fetch it again",
                )),
                Err(Fault::Syntax(at, reason)) => Ok(Found::Bad(format!("is no JSON at byte {}: {reason}", at + 1))),
            };
        }
    }

    fn original(&self) -> &[u8] {
        &self.line
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.reading.new_columns()
    }
}
