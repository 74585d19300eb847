//! Readers for formats that a definition cannot describe: one small file each, and one line in `odd!`.

use crate::{
    decode::{Content, Part},
    read::ReadError,
    record::Records,
    schema::Schema,
    section::{Section, nearest},
};

/// A reader for one publisher's format.
#[derive(Debug, Clone, Copy)]
pub struct Odd {
    name: &'static str,
    version: i32,
    content: Content,
    open: Open,
}

type Open = for<'a> fn(Part<'a>, &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError>;

/// Each name is a file beside this one, with `VERSION` (raised when the same bytes come to other records), `CONTENT` and
/// `open`.
macro_rules! odd {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        const ALL: &[Odd] = &[$(Odd {
            name: stringify!($name),
            version: $name::VERSION,
            content: $name::CONTENT,
            open: $name::open,
        }),+];
    };
}

odd! {
    nem12,
    xbrl,
}

impl Odd {
    pub(crate) fn define(table: &Section<'_>) -> Option<Self> {
        let name = table.required::<&str>("parser")?;
        let found = ALL.iter().find(|odd| odd.name == name).copied();
        if found.is_none() {
            let near = nearest(name, ALL.iter().map(|odd| odd.name)).map(|near| format!("did you mean {near:?}?"));
            table.mistake("parser", format!("there is no parser {name:?} in parsers/src/odd"), near);
        }
        found
    }

    pub(crate) fn version(self) -> i32 {
        self.version
    }

    /// What its text must be.
    pub(crate) fn content(self) -> Content {
        self.content
    }

    pub(crate) fn open<'a>(self, part: Part<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        (self.open)(part, schema)
    }
}
