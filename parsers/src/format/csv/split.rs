//! Takes a record apart at its delimiters, where no quote stands in its way.

use crate::record::Span;

const WORD: usize = 8;

/// Appends where the fields of `line` lie.
pub(super) fn split(line: &[u8], delimiter: u8, spans: &mut Vec<Span>) {
    let mut start = 0;
    let mut cut = |end: usize| {
        spans.push(Span { start, end });
        start = end + 1;
    };
    let (words, rest) = line.as_chunks::<WORD>();
    let mut at = 0;
    for word in words {
        each(*word, delimiter, |byte| cut(at + byte));
        at += WORD;
    }
    let mut last = [!delimiter; WORD];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    each(last, delimiter, |byte| cut(at + byte));
    cut(line.len());
}

/// Calls `found` with the place of each of the bytes that is `wanted`: eight are looked at by one subtraction.
fn each(word: [u8; WORD], wanted: u8, mut found: impl FnMut(usize)) {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let differs = u64::from_le_bytes(word) ^ u64::from_le_bytes([wanted; WORD]);
    // The highest bit of each byte is set unless all its bits are zero; no byte carries into the next.
    let mut hits = !(((differs & LOW) + LOW) | differs | LOW);
    while hits != 0 {
        // At most 63 / 8.
        found((hits.trailing_zeros() / 8) as usize);
        hits &= hits - 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_line_is_cut_at_each_delimiter(line in prop::collection::vec(prop::sample::select(b"a,\0\xac\x2b\x2d\xff".to_vec()), 0..40)) {
            let mut spans = Vec::new();
            split(&line, b',', &mut spans);
            let fields: Vec<_> = spans.iter().map(|span| span.of(&line)).collect();
            let wanted: Vec<_> = line.split(|byte| *byte == b',').collect();
            prop_assert_eq!(fields, wanted);
        }
    }
}
