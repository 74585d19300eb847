//! Text from elsewhere, as people are shown it: nothing in it commands a terminal, turns the direction of writing, or
//! begins a line that seems to be ours.

use std::fmt::Write as _;

/// The text, in which each character that is none to be read is written out (`\\u{1b}`); its lines stay.
pub fn harmless(text: &str) -> String {
    written(text, |c| c == '\n' || c == '\t' || !commands(c))
}

/// The same on one line: a line break is written out, too.
pub fn one_line(text: &str) -> String {
    written(text, |c| !commands(c))
}

/// JSON in which each such character is written as JSON does; between strings it has none.
pub fn harmless_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if commands(c) {
            let _infallible = write!(safe, "\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// The text, or its first `most` characters and a mark that there were more.
pub fn shortened(mut text: String, most: usize) -> String {
    if let Some((cut, _)) = text.char_indices().nth(most) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

fn written(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if stays(c) { safe.push(c) } else { safe.extend(c.escape_default()) }
    }
    safe
}

/// Control characters, ends of lines and paragraphs, and marks that turn the direction of what follows.
fn commands(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_is_written_out_and_all_else_stays() {
        let cases = [
            ("\u{1b}[2J\u{7}", "\\u{1b}[2J\\u{7}", "\\u{1b}[2J\\u{7}"),
            ("a\u{9b}31m\u{202e}b", "a\\u{9b}31m\\u{202e}b", "a\\u{9b}31m\\u{202e}b"),
            ("Žluťoučký \"kůň\" \\ 馬", "Žluťoučký \"kůň\" \\ 馬", "Žluťoučký \"kůň\" \\ 馬"),
            ("one\ntwo\r\n", "one\ntwo\\r\n", "one\\ntwo\\r\\n"),
        ];
        for (text, lines, line) in cases {
            assert_eq!((harmless(text).as_str(), one_line(text).as_str()), (lines, line));
        }
        let json = serde_json::to_string("\u{1b}\u{9b}\u{7f}").unwrap();
        assert_eq!(harmless_json(&json), "\"\\u001b\\u009b\\u007f\"");
        assert_eq!(serde_json::from_str::<String>(&harmless_json(&json)).unwrap(), "\u{1b}\u{9b}\u{7f}");
    }
}
