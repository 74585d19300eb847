//! The one form of a record's fields, however the source quotes and orders them: what a digest is taken of.

use memchr::{memchr_iter, memchr3};
use twox_hash::XxHash3_128;

/// A length of this or more is written with all its bytes behind this mark.
const LONG: u8 = 0xf0;
/// The record has no such field.
const ABSENT: u8 = 0xf1;
/// The record's fields cannot be told apart; its bytes stand for them.
const BAD: u8 = 0xf2;

/// The fields that a row depends on, each with a delimiter behind it, and then their lengths, and how long all of
/// them are: no two lists of fields come to the same bytes. Where no field holds what would need quotes, the fields with
/// a delimiter between them say all that, and most lines of a file are written so already.
#[derive(Debug, Default)]
pub(crate) struct Canon {
    fields: Vec<u8>,
    lengths: Vec<u8>,
    delimiter: u8,
    /// Whether a field is absent, of which `fields` does not know.
    has_gap: bool,
    /// Whether `fields` is a line, and there are no lengths.
    is_line: bool,
}

impl Canon {
    /// Forgets the fields, keeps the buffers.
    pub(crate) fn clear(&mut self) {
        self.fields.clear();
        self.lengths.clear();
        (self.has_gap, self.is_line) = (false, false);
    }

    /// Says what stands behind each field; the same for all records of a file.
    pub(crate) fn delimit(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// Appends the next column's field.
    pub(crate) fn field(&mut self, field: Option<&[u8]>) {
        let Some(field) = field else {
            self.has_gap = true;
            return self.lengths.push(ABSENT);
        };
        self.fields.extend_from_slice(field);
        self.fields.push(self.delimiter);
        self.length(field.len());
    }

    /// Takes a line that has neither quotes nor line breaks for all the fields.
    pub(crate) fn line(&mut self, line: &[u8]) {
        self.fields.extend_from_slice(line);
        self.is_line = true;
    }

    /// Makes a line of the fields, if no field is absent and none would need this quote around it.
    pub(crate) fn as_line(&mut self, fields: usize, quote: Option<u8>) {
        let delimiters = memchr_iter(self.delimiter, &self.fields).count();
        let quote = quote.unwrap_or(self.delimiter);
        let quote = Some(quote).filter(|quote| *quote != self.delimiter).unwrap_or(b'\n');
        if fields > 0 && !self.has_gap && delimiters == fields && memchr3(b'\n', b'\r', quote, &self.fields).is_none() {
            self.fields.pop();
            self.lengths.clear();
            self.is_line = true;
        }
    }

    /// Appends a record whose fields cannot be told apart.
    pub(crate) fn bad(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.field(Some(part));
        }
        self.lengths.push(BAD);
    }

    /// The hash of all that was written, keyed by `seed`.
    pub(crate) fn digest(&mut self, seed: u64) -> u128 {
        if self.is_line {
            return XxHash3_128::oneshot_with_seed(!seed ^ u64::from(self.delimiter), &self.fields);
        }
        let length = self.fields.len();
        self.fields.extend_from_slice(&self.lengths);
        self.fields.extend_from_slice(&length.to_le_bytes());
        XxHash3_128::oneshot_with_seed(seed, &self.fields)
    }

    fn length(&mut self, length: usize) {
        match u8::try_from(length) {
            Ok(short) if short < LONG => self.lengths.push(short),
            _ => {
                self.lengths.push(LONG);
                self.lengths.extend_from_slice(&length.to_le_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a digest is taken of, in either form.
    fn written(fields: &[Option<Vec<u8>>], line: bool) -> (bool, Vec<u8>) {
        let mut canon = Canon::default();
        canon.delimit(b',');
        for field in fields {
            canon.field(field.as_deref());
        }
        if line {
            canon.as_line(fields.len(), Some(b'"'));
        }
        canon.digest(0);
        (canon.is_line, canon.fields)
    }

    fn fields() -> impl Strategy<Value = Vec<Option<Vec<u8>>>> {
        let byte = prop::sample::select(b"aa,\"\n\x01\x02\xf0\xf1\xf2\0".to_vec());
        let long = (230_usize..260).prop_map(|length| vec![b'a'; length]);
        let field = prop_oneof![6 => prop::collection::vec(byte, 0..4), 1 => long];
        prop::collection::vec(prop::option::weighted(0.8, field), 1..4)
    }

    proptest! {
        #[test]
        fn other_fields_are_other_bytes(one in fields(), other in fields(), line: bool) {
            prop_assume!(!line || one.len() == other.len());
            prop_assert_eq!(one == other, written(&one, line) == written(&other, line));
        }

        #[test]
        fn a_line_is_written_as_its_fields_are(line in "[a-c,]{0,300}") {
            let mut canon = Canon::default();
            canon.delimit(b',');
            canon.line(line.as_bytes());
            let fields: Vec<_> = line.split(',').map(|field| Some(field.as_bytes().to_vec())).collect();
            prop_assert_eq!((true, canon.fields), written(&fields, true));
        }

        #[test]
        fn a_field_that_is_absent_is_no_other_and_hides_behind_none(fields in fields()) {
            let line: Vec<u8> = fields.iter().flatten().flatten().copied().collect();
            let split: Vec<_> = line.split(|byte| *byte == b',').map(|field| Some(field.to_vec())).collect();
            let has_gap = fields.iter().any(Option::is_none);
            prop_assert!(!has_gap || written(&fields, true) != written(&split, true), "{fields:?}");
        }

        #[test]
        fn what_needs_quotes_or_is_absent_is_no_line(field in "[a,\"\n\r]{0,3}", absent: bool) {
            let fields = [Some(b"a".to_vec()), Some(field.clone().into_bytes()).filter(|_| !absent)];
            let plain = !absent && !field.contains([',', '"', '\n', '\r']);
            prop_assert_eq!(written(&fields, true).0, plain);
        }
    }
}
