//! Readers for formats that a definition cannot describe: one small file each, and one line in `odd!`.

use crate::{
    decode::Text,
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
    open: Open,
}

type Open = for<'a> fn(Text<'a>, &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError>;

/// Each name is a file beside this one, with `VERSION` (raised when the same bytes come to other records) and `open`.
macro_rules! odd {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        const ALL: &[Odd] = &[$(Odd { name: stringify!($name), version: $name::VERSION, open: $name::open }),+];
    };
}

odd! {
    nem12,
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

    pub(crate) fn open<'a>(self, text: Text<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        (self.open)(text, schema)
    }
}
