//! Takes a record apart where no quote stands in its way: at its delimiters, at its blanks, or at known places.

use crate::record::Span;

const WORD: usize = 8;

/// How a record without quotes is taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// At each delimiter.
    Delimiter,
    /// At each run of blanks and tabs; those at the ends of the line stand for nothing.
    Blanks,
    /// At the same places in every line.
    Places(Places),
}

/// Places of fields in a line, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) places: Vec<Span>,
    /// Whether characters of UTF-8 are counted, and not bytes.
    pub(crate) characters: bool,
}

impl Cut {
    /// Appends where the fields of `line` lie.
    pub(super) fn split(&self, line: &[u8], delimiter: u8, spans: &mut Vec<Span>) {
        match self {
            Self::Delimiter => split(line, delimiter, spans),
            Self::Blanks => split_at_blanks(line, spans),
            Self::Places(places) => places.split(line, spans),
        }
    }
}

fn split_at_blanks(line: &[u8], spans: &mut Vec<Span>) {
    let mut from = None;
    for (at, byte) in line.iter().enumerate() {
        match (from, *byte == b' ' || *byte == b'\t') {
            (None, false) => from = Some(at),
            (Some(start), true) => {
                spans.push(Span { start, end: at });
                from = None;
            }
            _ => (),
        }
    }
    spans.extend(from.map(|start| Span { start, end: line.len() }));
}

impl Places {
    /// The field at each place, without the blanks that fill it up. A line that ends before a field leaves it empty.
    fn split(&self, line: &[u8], spans: &mut Vec<Span>) {
        let wide = self.characters && !line.is_ascii();
        let text = if wide { str::from_utf8(line).ok() } else { None };
        for place in &self.places {
            let byte = |at: usize| match text {
                Some(text) => text.char_indices().nth(at).map_or(line.len(), |(byte, _)| byte),
                None if wide => characters(line).nth(at).unwrap_or(line.len()),
                None => at.min(line.len()),
            };
            spans.push(without_blanks(line, Span { start: byte(place.start), end: byte(place.end) }));
        }
    }

    /// How long a line is, as places are counted.
    pub(super) fn length(&self, line: &[u8]) -> usize {
        if self.characters && !line.is_ascii() { characters(line).count() } else { line.len() }
    }
}

/// Where each character of a line begins. What is no UTF-8 is one, as it is in an editor: a byte that does not decode must
/// not move what stands behind it.
fn characters(line: &[u8]) -> impl Iterator<Item = usize> {
    let mut start = 0;
    line.utf8_chunks().flat_map(move |chunk| {
        let (from, broken) = (start, start + chunk.valid().len());
        start = broken + chunk.invalid().len();
        let broken = (!chunk.invalid().is_empty()).then_some(broken);
        chunk.valid().char_indices().map(move |(at, _)| from + at).chain(broken)
    })
}

fn without_blanks(line: &[u8], Span { mut start, mut end }: Span) -> Span {
    while start < end && line.get(start) == Some(&b' ') {
        start += 1;
    }
    while start < end && line.get(end - 1) == Some(&b' ') {
        end -= 1;
    }
    Span { start, end }
}

/// Appends where the fields of `line` lie between delimiters.
fn split(line: &[u8], delimiter: u8, spans: &mut Vec<Span>) {
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
