//! Which characters stand at each place of a line.

use std::{fmt, ops::Range};

/// A place that is filled in fewer lines than this says nothing of its kind.
const SPARSE: f64 = 0.02;
/// A share of lines that is none.
const NEVER: f64 = 1e-6;
/// Where at most so many lines have a blank a field may begin, if so many more have one before it.
const FULL: f64 = 0.05;
const DROP: f64 = 0.4;
/// Share of lines with one kind of character that makes a place steady.
const STEADY: f64 = 0.95;

/// A field's characters, from 0, the last not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span(pub(super) Range<usize>);

/// As definitions name it: from 1, both ends in it.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.0.start + 1, self.0.end);
        if first == last { write!(f, "{first}") } else { write!(f, "{first}-{last}") }
    }
}

/// The places of a line, one by one.
#[derive(Debug)]
pub(super) struct Places(pub(super) Vec<At>);

/// Shares of the lines that have a blank, a digit or point, a sign, a letter or anything else at a place.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct At {
    pub(super) blank: f64,
    pub(super) digit: f64,
    pub(super) sign: f64,
    pub(super) other: f64,
}

/// What a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Number,
    Text,
}

impl Places {
    pub(super) fn count(lines: &[Vec<char>], length: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a share of a few thousand")]
        let one = 1.0 / lines.len().max(1) as f64;
        let mut places = vec![At::default(); length];
        for line in lines {
            for (at, place) in places.iter_mut().enumerate() {
                match line.get(at) {
                    None | Some(' ') => place.blank += one,
                    Some('0'..='9' | '.') => place.digit += one,
                    Some('+' | '-') => place.sign += one,
                    Some(_) => place.other += one,
                }
            }
        }
        Self(places)
    }

    /// Share of the places at which nearly every line has the same kind of character.
    pub(super) fn steady(&self) -> f64 {
        let steady = self.0.iter().filter(|at| at.blank.max(at.digit).max(at.other) >= STEADY).count();
        #[expect(clippy::cast_precision_loss, reason = "a share of a line")]
        let share = steady as f64 / self.0.len().max(1) as f64;
        share
    }

    /// The fields of a part of the line. What no line fills belongs to the field before it.
    pub(super) fn fields(&self, start: usize, end: usize) -> Vec<Span> {
        let mut starts = Vec::new();
        let mut open: Option<Field> = None;
        for at in start..end {
            let Some(&place) = self.0.get(at) else { break };
            if place.blank > 0.9999 {
                open = open.map(|field| Field { gap: true, ..field });
                continue;
            }
            let next = self.0.get(at + 1).copied().unwrap_or_default();
            let begins = open.as_ref().is_none_or(|field| field.ends_before(place, next));
            if begins {
                starts.push(at);
                open = Some(Field::new(place));
            } else if let Some(field) = &mut open {
                field.take(place);
            }
        }
        let ends = starts.iter().skip(1).copied().chain([end]);
        starts.iter().zip(ends).map(|(&start, end)| Span(start..end)).collect()
    }
}

/// A field on the way to its end.
#[derive(Debug, Clone, Copy)]
struct Field {
    is: Use,
    first: At,
    last: At,
    /// Whether a place that no line fills stands behind it.
    gap: bool,
}

impl Field {
    fn new(first: At) -> Self {
        Self { is: first.is(), first, last: first, gap: false }
    }

    fn take(&mut self, place: At) {
        (self.last, self.gap) = (place, false);
    }

    /// Whether this place cannot belong to it any more.
    fn ends_before(&self, place: At, next: At) -> bool {
        let filled = 1.0 - place.blank;
        let refilled = self.last.blank - place.blank > DROP && place.blank < FULL;
        match (self.is, place.is()) {
            // A few long names may reach across what is blank elsewhere.
            _ if self.gap => filled > SPARSE || self.is == Use::Number,
            // A sign alone begins a number.
            (Use::Number, Use::Number) if place.sign > STEADY && place.digit < SPARSE => true,
            // Numbers stand at the right, so blanks become fewer within them, but not once they have begun; and behind a
            // number's last digit, which each line has, blanks that become fewer are those of another one.
            (Use::Number, Use::Number) => {
                let another = self.last.blank < NEVER && place.blank > SPARSE && next.blank < place.blank - SPARSE;
                another || (refilled && self.first.blank < SPARSE)
            }
            (Use::Text, Use::Text) => refilled,
            (Use::Text, Use::Number) => filled > SPARSE && (place.blank < FULL || self.last.blank < SPARSE),
            (Use::Number, Use::Text) => filled > SPARSE,
        }
    }
}

impl At {
    fn is(self) -> Use {
        if self.other * 20.0 > self.digit + self.sign { Use::Text } else { Use::Number }
    }

    /// How unlike two places are, from 0 to 1.
    pub(super) fn distance(self, other: Self) -> f64 {
        let parts =
            [self.blank - other.blank, self.digit - other.digit, self.sign - other.sign, self.other - other.other];
        parts.iter().map(|part| part.abs()).sum::<f64>() / 2.0
    }
}
