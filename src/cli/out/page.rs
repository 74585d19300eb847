//! A page of facts, paragraphs and tables, as wide as the terminal; elsewhere nothing is folded or cut.

use std::io;

use terminal_size::{Width, terminal_size_of};

use super::{aligned, line};
use crate::job::one_line;

/// Before everything that stands under a heading.
const INDENT: &str = "  ";

/// Characters of the widest name of a fact, and two.
const NAME: usize = 13;

/// A terminal that is narrower is written to as if it were not.
const NARROWEST: usize = 40;

/// One fact with its name, its text folded beside it.
pub(crate) fn fact(name: &str, text: &str) {
    let room = width().map(|width| width.saturating_sub(INDENT.len() + NAME));
    let mut name = name;
    for text in folded(text, room) {
        line(format!("{INDENT}{name:<NAME$}{text}").trim_end());
        name = "";
    }
}

/// Text in lines of the terminal's width.
pub(crate) fn paragraph(text: &str) {
    let room = width().map(|width| width.saturating_sub(INDENT.len()));
    for text in folded(text, room) {
        line(format_args!("{INDENT}{text}"));
    }
}

/// A table under a heading; what goes beyond the terminal's edge is cut.
pub(crate) fn indented(headings: &[&str], rows: &[Vec<String>]) {
    let room = width().map(|width| width.saturating_sub(INDENT.len()));
    for row in aligned(headings, rows).lines() {
        line(format_args!("{INDENT}{}", cut(row, room)));
    }
}

/// A table of which no cell is cut: where it is too wide for the terminal, the first cell of each row gets a line of its
/// own.
pub(crate) fn listing(headings: &[&str], rows: &[Vec<String>]) {
    listed(headings, rows, width()).iter().for_each(line);
}

fn listed(headings: &[&str], rows: &[Vec<String>], width: Option<usize>) -> Vec<String> {
    let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let whole = lines(aligned(headings, rows));
    let fits = |line: &String| width.is_none_or(|width| line.chars().count() <= width);
    let Some((first, others)) = headings.split_first().filter(|_| !whole.iter().all(fits)) else { return whole };
    let rest: Vec<Vec<String>> = rows.iter().map(|row| row.iter().skip(1).cloned().collect()).collect();
    let firsts = rows.iter().map(|row| row.first().map_or_else(String::new, |cell| one_line(cell)));
    let firsts = std::iter::once((*first).to_owned()).chain(firsts);
    let both = firsts.zip(lines(aligned(others, &rest)));
    both.flat_map(|(first, rest)| [first, format!("{INDENT}{rest}")]).collect()
}

/// Columns of the terminal that the result goes to; none if it goes elsewhere.
fn width() -> Option<usize> {
    let (Width(width), _) = terminal_size_of(io::stdout())?;
    Some(usize::from(width)).filter(|width| *width >= NARROWEST)
}

/// The text's words in lines of at most `room` characters. A longer word, such as a URL, stays whole.
fn folded(text: &str, room: Option<usize>) -> Vec<String> {
    let text = one_line(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let Some(room) = room else { return vec![text] };
    let (mut lines, mut open) = (Vec::new(), String::new());
    for word in text.split(' ') {
        if !open.is_empty() && open.chars().count() + 1 + word.chars().count() > room {
            lines.push(std::mem::take(&mut open));
        }
        if !open.is_empty() {
            open.push(' ');
        }
        open.push_str(word);
    }
    lines.push(open);
    lines
}

fn cut(text: &str, room: Option<usize>) -> String {
    match room.and_then(|room| text.char_indices().nth(room).map(|_| room)) {
        Some(room) => text.chars().take(room.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_between_words_and_commands_nothing() {
        assert_eq!(folded("one two  three\nfour", Some(9)), ["one two", "three", "four"]);
        assert_eq!(folded("https://a.example/long x", Some(9)), ["https://a.example/long", "x"]);
        assert_eq!(folded("one \u{1b}[2J two", None), ["one \\u{1b}[2J two"]);
        assert_eq!(folded("", Some(9)), [""]);
    }

    #[test]
    fn what_goes_beyond_the_edge_is_cut() {
        let cases = [
            ("abcdef", Some(6), "abcdef"),
            ("abcdefg", Some(6), "abcde…"),
            ("äöüß", Some(3), "äö…"),
            ("ab", None, "ab"),
        ];
        for (text, room, expected) in cases {
            assert_eq!(cut(text, room), expected);
        }
    }

    #[test]
    fn a_list_that_is_too_wide_gives_names_a_line_of_their_own() {
        let rows = [vec!["a_long_name".to_owned(), "fresh".to_owned()], vec!["b".to_owned(), "held".to_owned()]];
        let wide = ["dataset      state", "a_long_name  fresh", "b            held"];
        assert_eq!(listed(&["dataset", "state"], &rows, None), wide);
        assert_eq!(listed(&["dataset", "state"], &rows, Some(18)), wide);
        let narrow = ["dataset", "  state", "a_long_name", "  fresh", "b", "  held"];
        assert_eq!(listed(&["dataset", "state"], &rows, Some(17)), narrow);
    }
}
