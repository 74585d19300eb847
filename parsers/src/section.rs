//! Reads TOML that people write: every mistake of a file at once, each with the bytes that it is about.
//!
//! A [`Section`] is one table of the file. Ask it for every key first and combine the answers after, so that one
//! mistake hides no other; what nobody asked for is reported as an unknown key when the section is dropped.
//!
//! ```
//! use parsers::section;
//!
//! struct Report { title: String, copies: u64 }
//!
//! let (report, mistakes) = section::read("report.toml", "title = 'Prices'\ncopy = 2", |file| {
//!     let title = file.required("title");
//!     let copies = file.optional("copies").unwrap_or(1);
//!     Some(Report { title: title?, copies })
//! });
//! assert_eq!(report.map(|report| (report.title, report.copies)), Some(("Prices".into(), 1)));
//! assert_eq!(mistakes[0].message, "`copy` is not a key of this file");
//! ```

mod nearest;
mod take;
pub(crate) mod zone;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    fmt::{Display, Write as _},
    ops::Range,
    str::FromStr,
};

use toml::{Spanned, de::DeTable, de::DeValue};

pub(crate) use nearest::near;
pub use nearest::nearest;
pub use take::{OneOrMore, Size, Take};

use crate::Diagnostic;

type Value<'a> = Spanned<DeValue<'a>>;

/// Reads `text`, the content of `file`. A file that is not TOML is not walked: its mistakes are the parser's.
///
/// What `walk` makes comes back even beside mistakes: whoever reads a list may go on with its good entries.
pub fn read<T>(file: &str, text: &str, walk: impl FnOnce(&Section<'_>) -> Option<T>) -> (Option<T>, Vec<Diagnostic>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return (None, errors.iter().map(|error| syntax(file, error)).collect());
    }
    let mistakes = Mistakes { file: file.to_owned(), found: RefCell::default() };
    let root = Section {
        table: document.get_ref(),
        span: None,
        path: String::new(),
        mistakes: &mistakes,
        known: RefCell::default(),
        open: Cell::new(false),
    };
    let made = walk(&root);
    drop(root);
    let mut found = mistakes.found.into_inner();
    found.sort_by_key(|mistake| mistake.span.as_ref().map(|span| span.start));
    (made, found)
}

fn syntax(file: &str, error: &toml::de::Error) -> Diagnostic {
    Diagnostic { file: file.to_owned(), span: error.span(), message: error.message().to_owned(), help: None }
}

struct Mistakes {
    file: String,
    found: RefCell<Vec<Diagnostic>>,
}

/// One table of a TOML file.
pub struct Section<'a> {
    table: &'a DeTable<'a>,
    span: Option<Range<usize>>,
    path: String,
    mistakes: &'a Mistakes,
    known: RefCell<BTreeSet<String>>,
    open: Cell<bool>,
}

impl<'a> Section<'a> {
    /// The value of a key that must be there.
    pub fn required<T: Take<'a>>(&self, key: &str) -> Option<T> {
        let value = self.present(key, T::WHAT)?;
        self.take(key, value)
    }

    /// The value of a key that may be absent.
    pub fn optional<T: Take<'a>>(&self, key: &str) -> Option<T> {
        let value = self.find(key)?;
        self.take(key, value)
    }

    /// A text that must be there and be understood by `T`; the mistake is the error's own sentence.
    pub fn parsed<T: FromStr<Err: Display>>(&self, key: &str) -> Option<T> {
        self.required::<&str>(key).and_then(|text| self.parse(key, text))
    }

    /// The same, where the key may be absent.
    pub fn optional_parsed<T: FromStr<Err: Display>>(&self, key: &str) -> Option<T> {
        self.optional::<&str>(key).and_then(|text| self.parse(key, text))
    }

    /// One of a closed set of words, which must be there.
    pub fn word<T: Clone>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.required::<&str>(key)?;
        self.among(key, text, words)
    }

    /// One of a closed set of words, where the key may be absent.
    pub fn optional_word<T: Clone>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.optional::<&str>(key)?;
        self.among(key, text, words)
    }

    /// A table that must be there.
    pub fn table(&self, key: &str) -> Option<Section<'a>> {
        let value = self.present(key, "a table")?;
        self.section(key, value)
    }

    /// A table that may be absent.
    pub fn optional_table(&self, key: &str) -> Option<Section<'a>> {
        let value = self.find(key)?;
        self.section(key, value)
    }

    /// The tables of an array, `[[key]]`; none if the key is absent.
    pub fn tables(&self, key: &str) -> Vec<Section<'a>> {
        let Some(value) = self.find(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "an array of tables");
            return Vec::new();
        };
        let numbered = items.iter().enumerate();
        numbered.filter_map(|(at, item)| self.section(&format!("{key}[{}]", at + 1), item)).collect()
    }

    /// Every entry of this table as a table of its own, in the order of the file. All keys count as known.
    pub fn sections(&self) -> Vec<(&'a str, Section<'a>)> {
        let keys = self.keys();
        keys.into_iter().filter_map(|key| Some((key, self.optional_table(key)?))).collect()
    }

    /// The keys of this table, in the order of the file. They all count as known.
    pub fn keys(&self) -> Vec<&'a str> {
        self.open.set(true);
        let mut keys: Vec<_> = self.table.keys().collect();
        keys.sort_by_key(|key| key.span().start);
        keys.into_iter().map(|key| key.get_ref().as_ref()).collect()
    }

    /// Whether the key is there at all. Does not count as asking for it.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether the value of `key` is a text. Does not count as asking for it.
    pub fn is_text(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| value.get_ref().is_str())
    }

    /// Where the value of `key` stands, else where the section does.
    pub fn span(&self, key: &str) -> Option<Range<usize>> {
        self.table.get(key).map(Spanned::span).or_else(|| self.span.clone())
    }

    /// Notes a mistake about the value of `key`, or about the section if it has no such key.
    pub fn mistake(&self, key: &str, message: impl Into<String>, help: Option<String>) {
        self.note(self.span(key), message.into(), help);
    }

    /// How this section is called in messages.
    pub fn title(&self) -> String {
        if self.path.is_empty() { "this file".to_owned() } else { format!("[{}]", self.path) }
    }

    fn find(&self, key: &str) -> Option<&'a Value<'a>> {
        self.known.borrow_mut().insert(key.to_owned());
        self.table.get(key)
    }

    fn present(&self, key: &str, what: &str) -> Option<&'a Value<'a>> {
        let value = self.find(key);
        if value.is_none() {
            let help = format!("add `{key}`: {what}");
            self.note(self.span.clone(), format!("{} lacks `{key}`", self.title()), Some(help));
        }
        value
    }

    fn take<T: Take<'a>>(&self, key: &str, value: &'a Value<'a>) -> Option<T> {
        let taken = T::take(value.get_ref());
        if taken.is_none() {
            self.wrong_type(key, value, T::WHAT);
        }
        taken
    }

    fn parse<T: FromStr<Err: Display>>(&self, key: &str, text: &str) -> Option<T> {
        text.parse().map_err(|error: T::Err| self.mistake(key, error.to_string(), None)).ok()
    }

    fn among<T: Clone>(&self, key: &str, text: &str, words: &[(&str, T)]) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| value.clone());
        if found.is_none() {
            let listed = words.iter().map(|(word, _)| format!("{word:?}")).collect::<Vec<_>>().join(", ");
            self.mistake(key, format!("`{key}` cannot be {text:?}"), Some(format!("it is one of {listed}")));
        }
        found
    }

    fn section(&self, key: &str, value: &'a Value<'a>) -> Option<Section<'a>> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table");
            return None;
        };
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let (known, open) = (RefCell::default(), Cell::new(false));
        Some(Section { table, span: Some(value.span()), path, mistakes: self.mistakes, known, open })
    }

    fn wrong_type(&self, key: &str, value: &Value<'_>, what: &str) {
        let message = format!("`{key}` must be {what}, and this is a TOML {}", value.get_ref().type_str());
        self.note(Some(value.span()), message, None);
    }

    fn note(&self, span: Option<Range<usize>>, message: String, help: Option<String>) {
        let file = self.mistakes.file.clone();
        self.mistakes.found.borrow_mut().push(Diagnostic { file, span, message, help });
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        let known = self.known.take();
        let unknown = self.table.keys().filter(|key| !self.open.get() && !known.contains(key.get_ref().as_ref()));
        for key in unknown {
            let help = match nearest(key.get_ref(), known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it knows {}", known.iter().cloned().collect::<Vec<_>>().join(", ")),
            };
            self.note(Some(key.span()), format!("`{}` is not a key of {}", key.get_ref(), self.title()), Some(help));
        }
    }
}

/// A text as it stands in TOML, in quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            character if character.is_control() => {
                let _infallible = write!(quoted, "\\u{:04X}", u32::from(character));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests;
