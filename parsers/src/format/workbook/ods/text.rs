//! The text of a cell: its paragraphs, a line each.

use std::io::BufRead;

use super::xml::{Node, Tag, Xml};
use crate::{format::workbook::book::unreadable, read::ReadError};

/// Blanks at once that are believed.
const BLANKS: u32 = 10_000;

/// Reads on to the end of the cell.
pub(super) fn read<R: BufRead>(xml: &mut Xml<R>) -> Result<String, ReadError> {
    let (mut text, mut paragraphs, mut within) = (String::new(), 0, 0_u32);
    loop {
        match xml.next()? {
            Node::Start(Tag::Paragraph, _) => {
                if within == 0 && paragraphs > 0 {
                    text.push('\n');
                }
                (paragraphs, within) = (paragraphs + 1, within + 1);
            }
            Node::Start(Tag::Span, _) if within > 0 => within += 1,
            Node::Start(tag @ (Tag::Space | Tag::Tab | Tag::Break), attributes) => {
                match tag {
                    Tag::Space => blanks(attributes.number("text:c")?.unwrap_or(1), &mut text)?,
                    Tag::Tab => text.push('\t'),
                    _ => text.push('\n'),
                }
                within += 1;
            }
            // Comments and pictures.
            Node::Start(..) => xml.skip()?,
            Node::Text(more) if within > 0 => unbroken(&more, &mut text),
            Node::Text(_) => (),
            Node::End if within == 0 => return Ok(text),
            Node::End => within -= 1,
            Node::Eof => return Err(unreadable("its content ends early")),
        }
    }
}

fn blanks(number: u32, text: &mut String) -> Result<(), ReadError> {
    if number > BLANKS {
        return Err(unreadable(format!("a text has {number} blanks at once")));
    }
    text.extend((0..number).map(|_| ' '));
    Ok(())
}

/// A line that is broken in the XML is none of the text, and what indents the next one is no blank of it. Blanks alone are
/// kept, although the specification makes one of many: the program that writes most of these workbooks means them so.
fn unbroken(more: &str, text: &mut String) {
    let mut rest = more;
    while let Some(at) = rest.find(is_space) {
        let (before, run) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let behind = run.trim_start_matches(is_space);
        let run = run.strip_suffix(behind).unwrap_or_default();
        text.push_str(before);
        text.push_str(if run.contains(['\n', '\r', '\t']) { " " } else { run });
        rest = behind;
    }
    text.push_str(rest);
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}
