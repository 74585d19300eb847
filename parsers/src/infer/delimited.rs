//! Lines of separated values: the delimiter, and how fields are quoted.

mod header;

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use memchr::memchr_iter;

use super::{
    InferError, Packed,
    draft::{Kind, Place, Shape},
    fixed,
};
use crate::section::quoted;

/// What values are separated by, and how a definition says it; blanks only where nothing else fits.
const DELIMITERS: &[(u8, &str)] = &[(b',', ","), (b';', ";"), (b'\t', "\t"), (b'|', "|")];
const BLANKS: (u8, &str) = (b'\t', "whitespace");
/// Records that are looked at.
const SAMPLE: usize = 500;
/// Share of the records that must have as many fields as the header.
const MOST: f64 = 0.8;

/// How lines are told apart with one delimiter.
struct Dialect {
    delimiter: &'static str,
    /// Whether quotes stand around values; none if no value begins with one.
    quoted: Option<bool>,
    comment: bool,
    records: Vec<StringRecord>,
    /// Fields that most records have, and the share that has them.
    width: usize,
    share: f64,
}

pub(super) fn shape(packed: &Packed) -> Result<Shape, InferError> {
    let dialects = DELIMITERS.iter().filter_map(|delimiter| Dialect::of(packed, *delimiter));
    let best =
        dialects.filter(|dialect| dialect.share >= MOST).max_by(|one, other| one.worth().total_cmp(&other.worth()));
    if let Some(dialect) = best {
        return Ok(dialect.shape(packed));
    }
    // Where a line lacks a value between blanks, or values touch, it is the places that tell.
    let blanks = Dialect::of(packed, BLANKS).filter(|dialect| dialect.is_even() && !fixed::touch(packed));
    let shape = blanks.map(|dialect| dialect.shape(packed)).or_else(|| fixed::shape(packed));
    shape.ok_or_else(|| {
        let sentence = "the file is text, but neither JSON nor XML nor lines of values separated by comma, semicolon, tab, \
                        bar or blanks, nor lines of fixed width: write its definition by hand, by the examples in \
                        parsers/datasets/README.md; rows that are made of several kinds of lines take a small reader \
                        in parsers/src/odd";
        InferError::Unknown(sentence.to_owned())
    })
}

impl Dialect {
    fn of(packed: &Packed, (byte, delimiter): (u8, &'static str)) -> Option<Self> {
        let head = packed.head.trim_start_matches('\u{feff}');
        let comment = head.starts_with('#');
        let head = if delimiter == BLANKS.1 { Cow::Owned(tabbed(head)) } else { Cow::Borrowed(head) };
        let quoted = if delimiter == BLANKS.1 { Some(true) } else { are_quoted(head.as_bytes(), byte) };
        let mut reader = ReaderBuilder::new();
        reader
            .quoting(quoted != Some(false))
            .delimiter(byte)
            .has_headers(false)
            .flexible(true)
            .comment(comment.then_some(b'#'));
        let mut reader = reader.from_reader(head.as_bytes());
        let mut records: Vec<_> = reader.records().take(SAMPLE).map_while(Result::ok).collect();
        if !packed.whole && records.len() < SAMPLE {
            // The beginning ends within it.
            records.pop();
        }
        let widths: Vec<usize> = records.iter().map(StringRecord::len).filter(|width| *width > 1).collect();
        let count = |width: usize| widths.iter().filter(|other| **other == width).count();
        let width = widths.iter().copied().max_by_key(|width| count(*width))?;
        #[expect(clippy::cast_precision_loss, reason = "a share of a few hundred")]
        let share = count(width) as f64 / records.len() as f64;
        Some(Self { delimiter, quoted, comment, records, width, share })
    }

    /// Whether all records, once they have begun, have as many values, and more than two.
    fn is_even(&self) -> bool {
        let begun = self.records.iter().skip_while(|record| record.len() != self.width);
        self.width > 2 && self.share >= MOST && { begun }.all(|record| record.len() == self.width)
    }

    /// What is split evenly is split rightly; of two such ways the one into more fields.
    fn worth(&self) -> f64 {
        let fields = u16::try_from(self.width).map_or(f64::from(u16::MAX), f64::from);
        self.share * 4.0 + fields.ln()
    }

    fn shape(&self, packed: &Packed) -> Shape {
        let mut format = Vec::new();
        if self.delimiter != "," {
            let blanks = "  # GUESS: all lines have as many values with blanks between";
            let guess = if self.delimiter == BLANKS.1 { blanks } else { "" };
            format.push(format!("delimiter = {}{guess}", quoted(self.delimiter)));
        }
        if self.comment {
            format.push("comment = \"#\"".to_owned());
        }
        let none = |why: &str| format!("quoting = \"none\"  # GUESS: {why}");
        if self.quoted == Some(false) {
            format.push(none("values begin with a quote that does not end them"));
        }
        let columns = self.header(&mut format);
        if self.records.iter().any(|record| record.iter().any(|field| field.contains('\n'))) {
            format.push("multiline = true".to_owned());
        }
        format.extend(packed.end("footer"));
        let remedies = self.quoted.is_none().then(|| none("no value has quotes around it, and some begin with one"));
        let (columns, remedies) = (columns.into_iter().map(Place::new).collect(), remedies.into_iter().collect());
        Shape { format, remedies, columns, ..Shape::new(Kind::Csv) }
    }
}

/// Lines with a tab for each run of blanks.
fn tabbed(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join("\t") + "\n");
    lines.collect()
}

/// Whether quotes stand around values; none if no value begins with one.
fn are_quoted(text: &[u8], delimiter: u8) -> Option<bool> {
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| [delimiter, b'\n', b'\r'].contains(byte));
    let (mut opening, mut closing) = (0_usize, 0_usize);
    for at in memchr_iter(b'"', text) {
        opening += usize::from(ends(at.checked_sub(1).and_then(|before| text.get(before))));
        closing += usize::from(ends(text.get(at + 1)));
    }
    (opening > 0).then_some(closing * 2 >= opening)
}
