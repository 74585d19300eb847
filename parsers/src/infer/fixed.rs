//! Fixed width: fields found by what kinds of characters stand where, in every line.

mod dates;
mod lines;
mod places;
mod repeated;

use super::{
    Packed,
    draft::{Kind, Place, Shape},
};
use crate::section::quoted;
use lines::Lines;
use places::{Places, Span};
use repeated::Repeated;

/// Share of places that must have one kind of character mostly, where lines differ in length.
const STEADY: f64 = 0.5;

/// The shape of lines of fixed width; none if the file has no such lines.
pub(super) fn shape(packed: &Packed) -> Option<Shape> {
    let Lines { above, lines } = Lines::of(packed);
    let (length, open) = lines::length(&lines)?;
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
    if !above.is_empty() {
        let preamble = above.len();
        shape.format.push(format!("preamble = {preamble}  # GUESS: it has words where all other lines have digits"));
        shape.notes.extend(above.iter().map(|line| format!("above the first record stands {}", quoted(line.trim()))));
    }
    let short = lines.iter().any(|line| line.len() < length);
    if open {
        shape.format.push(
            "longer_lines = \"ignore\"  # GUESS: so much every line has; what stands behind it is not read".to_owned(),
        );
    } else if short {
        shape.format.push("ragged = \"pad\"  # GUESS: some lines are shorter".to_owned());
    }
    shape.format.extend(packed.end("footer_begins"));
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

/// Whether values touch in lines of one length, so that blanks do not tell them apart.
pub(super) fn touch(packed: &Packed) -> bool {
    let Lines { lines, .. } = Lines::of(packed);
    lines::length(&lines).is_some_and(|(length, open)| !open && lines::touch(&lines, length))
}

fn column(span: &Span) -> Place {
    let from = span.to_string();
    Place { called: Some(format!("place {from}")), ..Place::new(from) }
}
