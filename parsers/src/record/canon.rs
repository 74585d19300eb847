//! The one form of a record's fields, however the source quotes and orders them: what a digest is taken of.

use twox_hash::XxHash3_128;

use super::Span;

/// A length of this or more is written with all its bytes behind this mark.
const LONG: u8 = 0xf0;
/// The record has no such field.
const ABSENT: u8 = 0xf1;
/// The record's fields cannot be told apart; its bytes stand for them.
const BAD: u8 = 0xf2;

/// The fields that a row depends on, each with a delimiter behind it, and then their lengths, and how long all of
/// them are: no two lists of fields come to the same bytes.
#[derive(Debug, Default)]
pub(crate) struct Canon {
    fields: Vec<u8>,
    lengths: Vec<u8>,
    delimiter: u8,
}

impl Canon {
    /// Forgets the fields, keeps the buffers.
    pub(crate) fn clear(&mut self) {
        self.fields.clear();
        self.lengths.clear();
    }

    /// Says what stands behind each field; the same for all records of a file.
    pub(crate) fn delimit(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// Appends the next column's field.
    pub(crate) fn field(&mut self, field: Option<&[u8]>) {
        let Some(field) = field else { return self.lengths.push(ABSENT) };
        self.fields.extend_from_slice(field);
        self.fields.push(self.delimiter);
        self.length(field.len());
    }

    /// Appends fields at once that stand in `line` just as [`Canon::field`] would write them, but for the last delimiter.
    pub(crate) fn line(&mut self, line: &[u8], fields: &[Span]) {
        self.fields.extend_from_slice(line);
        self.fields.push(self.delimiter);
        for span in fields {
            self.length(span.end - span.start);
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

    fn bytes(fields: &[Option<Vec<u8>>]) -> Vec<u8> {
        let mut canon = Canon::default();
        canon.delimit(b',');
        for field in fields {
            canon.field(field.as_deref());
        }
        canon.digest(0);
        canon.fields
    }

    fn fields() -> impl Strategy<Value = Vec<Option<Vec<u8>>>> {
        let byte = prop::sample::select(b"a,\x01\x02\xf0\xf1\xf2\0".to_vec());
        let long = (230_usize..260).prop_map(|length| vec![b'a'; length]);
        let field = prop_oneof![6 => prop::collection::vec(byte, 0..4), 1 => long];
        prop::collection::vec(prop::option::weighted(0.8, field), 0..4)
    }

    proptest! {
        #[test]
        fn other_fields_are_other_bytes(one in fields(), other in fields()) {
            prop_assert_eq!(one == other, bytes(&one) == bytes(&other));
        }

        #[test]
        fn a_line_is_written_as_its_fields_are(line in "[a-c,]{0,300}") {
            let (mut spans, mut start) = (Vec::new(), 0);
            for field in line.split(',') {
                spans.push(Span { start, end: start + field.len() });
                start += field.len() + 1;
            }
            let mut canon = Canon::default();
            canon.delimit(b',');
            canon.line(line.as_bytes(), &spans);
            canon.digest(0);
            let fields: Vec<_> = line.split(',').map(|field| Some(field.as_bytes().to_vec())).collect();
            prop_assert_eq!(canon.fields, bytes(&fields));
        }
    }
}
