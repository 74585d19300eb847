//! The records of one page, counted as they will be read.

use std::io::Cursor;

use twox_hash::XxHash3_128;

use super::ReadError;
use crate::{Dataset, Schema, decode, plan::Tally, record::Canon};

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
                let strange = Some(contract.to_string());
                let nameless =
                    Schema { columns: vec![], parts: vec![], key: vec![], versions: vec![], ..self.schema.clone() };
                let counted = self.count(&nameless, page).map_err(|_broken| ReadError::Contract(contract))?;
                Ok(Tally { print: XxHash3_128::oneshot(page), strange, ..counted })
            }
            counted => counted,
        }
    }

    fn count(&self, schema: &Schema, page: &[u8]) -> Result<Tally, ReadError> {
        let parts = decode::open(&self.decoding, self.format.content(), Box::new(Cursor::new(page)))?;
        let mut records = self.format.open(parts, schema)?;
        let (mut tally, mut canon, mut print) = (Tally::default(), Canon::default(), XxHash3_128::new());
        while records.advance()? {
            canon.clear();
            records.write(&mut canon);
            print.write(&canon.digest(0).to_le_bytes());
            print.write(records.original());
            tally.records += 1;
        }
        tally.print = print.finish_128();
        Ok(tally)
    }
}
