//! The records of one page, counted as they will be read.

use std::io::Cursor;

use super::ReadError;
use crate::{Dataset, Schema, decode, plan::Tally};

impl Dataset {
    /// Counts the records of a page of this dataset's source, by its packing and format. What is no such page is an error,
    /// be it empty or a publisher's excuse.
    pub fn tally(&self, page: &[u8]) -> Result<Tally, ReadError> {
        let bytes = Box::new(Cursor::new(page));
        if self.format.may_be_blank() && decode::is_blank(&self.decoding, self.format.content(), bytes)? {
            return Ok(Tally::default());
        }
        match self.count(&self.schema, page) {
            // It has its records all the same: a release is held as a whole, for whoever mends the definition.
            Err(ReadError::Contract(contract)) => {
                let columns =
                    Schema { columns: vec![], parts: vec![], key: vec![], versions: vec![], ..self.schema.clone() };
                let strange = Some(contract.to_string());
                let counted = self.count(&columns, page).ok().filter(|tally| tally.records > 0);
                counted.map(|tally| Tally { strange, ..tally }).ok_or(ReadError::Contract(contract))
            }
            counted => counted,
        }
    }

    fn count(&self, schema: &Schema, page: &[u8]) -> Result<Tally, ReadError> {
        let parts = decode::open(&self.decoding, self.format.content(), Box::new(Cursor::new(page)))?;
        let mut records = self.format.open(parts, schema)?;
        let mut tally = Tally::default();
        while records.advance()? {
            tally.records += 1;
        }
        Ok(tally)
    }
}
