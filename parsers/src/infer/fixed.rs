//! Fixed width: fields found by what kinds of characters stand where, in every line.

mod dates;
mod places;
mod repeated;

use super::{
    Packed,
    draft::{Kind, Place, Shape},
};
use places::{Places, Span};
use repeated::Repeated;

/// Lines that must be there, and those that are looked at.
const FEWEST: usize = 5;
const SAMPLE: usize = 3000;
/// How long a line must be.
const SHORTEST: usize = 15;
/// Share of the lines that must be as long as most are; if fewer are, all that every line has is read.
const ALIKE: f64 = 0.9;
/// Share of places that must have one kind of character mostly, where lines differ in length.
const STEADY: f64 = 0.5;

/// The shape of lines of fixed width; none if the file has no such lines.
pub(super) fn shape(packed: &Packed) -> Option<Shape> {
    let lines = lines(packed);
    let (length, open) = length(&lines)?;
    let places = Places::count(&lines, length);
    if open && places.steady() < STEADY {
        return None;
    }
    // Groups stand up to the end of a line, and an open one has none.
    let repeated = if open { None } else { Repeated::find(&places, &lines) };
    let until = repeated.as_ref().map_or(length, |repeated| repeated.start);
    let fields = dates::split(places.fields(0, until), &lines);
    if fields.len() + repeated.as_ref().map_or(0, |repeated| repeated.fields.len()) < 2 {
        return None;
    }
    let mut shape = Shape::new(Kind::Fixed);
    shape.format.push(format!("length = {length}"));
    let short = lines.iter().any(|line| line.len() < length);
    if open {
        shape.format.push(
            "longer_lines = \"ignore\"  # GUESS: so much every line has; what stands behind it is not read".to_owned(),
        );
    } else if short {
        shape.format.push("ragged = \"pad\"  # GUESS: some lines are shorter".to_owned());
    }
    if !packed.ends_in_newline {
        shape.format.push("final_newline = \"optional\"  # GUESS: this file has none at its end".to_owned());
    }
    shape.columns.extend(fields.iter().map(column));
    if let Some(repeated) = repeated {
        repeated.describe(&mut shape);
    }
    shape.notes.extend(NOTE.lines().map(str::to_owned));
    Some(shape)
}

const NOTE: &str = "\
GUESS: where fields begin and end, by blanks in every line and by kinds of characters (letters, digits). What touches and is
of one kind is one field here, such as a year, a month and a day. Look at some lines beside the publisher's description of
the format, then move the borders, split fields and name them:  year = { from = \"12-15\", type = \"integer\", comment = \"…\" }";

/// Characters of the first lines.
fn lines(packed: &Packed) -> Vec<Vec<char>> {
    let head = packed.head.trim_start_matches('\u{feff}');
    let mut lines: Vec<Vec<char>> = head.lines().take(SAMPLE + 1).map(|line| line.chars().collect()).collect();
    if !packed.whole {
        // The beginning ends within it.
        lines.pop();
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// How long lines are, and whether they may be longer.
fn length(lines: &[Vec<char>]) -> Option<(usize, bool)> {
    let shortest = lines.iter().map(Vec::len).min().filter(|shortest| *shortest >= SHORTEST);
    let longest = lines.iter().map(Vec::len).max()?;
    #[expect(clippy::cast_precision_loss, reason = "a share of a few thousand")]
    let alike = lines.iter().filter(|line| line.len() == longest).count() as f64 >= ALIKE * lines.len() as f64;
    if lines.len() < FEWEST {
        return None;
    }
    if alike && longest >= SHORTEST { Some((longest, false)) } else { shortest.map(|shortest| (shortest, true)) }
}

fn column(span: &Span) -> Place {
    let from = span.to_string();
    Place { called: Some(format!("place {from}")), ..Place::new(from) }
}
