//! The records of several files of one artifact, as if they were one: numbers run on, lines begin anew.

use super::{Format, named::named};
use crate::{
    decode::{Part, Parts},
    read::{NewColumn, ReadError},
    record::{Canon, Place, Records, Texts},
    schema::Schema,
};

/// Values of a new column that are kept, of all files together.
const MOST: usize = 1000;

/// Opens the first file, and the others where it ends. An artifact that is one file is read without this.
pub(super) fn open<'a>(
    format: &'a Format,
    mut parts: Parts<'a>,
    schema: &'a Schema,
) -> Result<Box<dyn Records + 'a>, ReadError> {
    let first = parts.next()?.ok_or_else(|| ReadError::broken(None, "the artifact holds no file"))?;
    let several = first.several;
    let Some(name) = first.name.clone() else { return format.open_part(first, schema) };
    if !several {
        let records = format.open_part(first, schema)?;
        return named(records, &name, schema).map_err(|error| error.in_member(&name));
    }
    let records = open_named(format, first, &name, schema)?;
    Ok(Box::new(Joined { format, schema, parts, records, name, before: 0, news: Vec::new() }))
}

fn open_named<'a>(
    format: &'a Format,
    part: Part<'a>,
    name: &str,
    schema: &'a Schema,
) -> Result<Box<dyn Records + 'a>, ReadError> {
    let records = format.open_part(part, schema);
    records.and_then(|records| named(records, name, schema)).map_err(|error| error.in_member(name))
}

struct Joined<'a> {
    format: &'a Format,
    schema: &'a Schema,
    parts: Parts<'a>,
    /// The file that it stands in, and its name.
    records: Box<dyn Records + 'a>,
    name: String,
    /// Records of the files before it, and the columns in them that nobody asked for.
    before: u64,
    news: Vec<NewColumn>,
}

impl Records for Joined<'_> {
    fn advance(&mut self) -> Result<bool, ReadError> {
        loop {
            let last = self.records.place().number;
            if self.records.advance().map_err(|error| error.in_member(&self.name))? {
                return Ok(true);
            }
            let Some(part) = self.parts.next()? else { return Ok(false) };
            self.news = self.new_columns();
            self.before += last;
            self.name = part.name.clone().unwrap_or_default();
            self.records = open_named(self.format, part, &self.name, self.schema)?;
        }
    }

    fn place(&self) -> Place {
        let place = self.records.place();
        Place { number: self.before + place.number, ..place }
    }

    fn write(&mut self, into: &mut Canon) {
        self.records.write(into);
    }

    fn texts(&mut self) -> Result<Texts<'_>, String> {
        self.records.texts()
    }

    fn original(&self) -> &[u8] {
        self.records.original()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        let mut all = self.news.clone();
        for column in self.records.new_columns() {
            match all.iter_mut().find(|known| known.name == column.name) {
                // The first values tell its type: an archive may have any number of files.
                Some(known) => {
                    known.has_parts |= column.has_parts;
                    let room = MOST.saturating_sub(known.values.len());
                    known.values.extend(column.values.into_iter().take(room));
                }
                None => all.push(column),
            }
        }
        all
    }

    fn member(&self) -> Option<&str> {
        Some(&self.name)
    }
}

#[cfg(test)]
mod tests;
