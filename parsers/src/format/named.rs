//! Records with what only the name of their file says.

use crate::{
    read::{NewColumn, ReadError},
    record::{Canon, Place, Record, Records, Texts},
    schema::{Origin, Schema},
};

/// Adds to each record of a file what columns have from the file's name.
pub(super) fn named<'a>(
    records: Box<dyn Records + 'a>,
    name: &str,
    schema: &Schema,
) -> Result<Box<dyn Records + 'a>, ReadError> {
    let mut values = Vec::new();
    for column in &schema.columns {
        values.push(match &column.origin {
            Origin::Name(pattern) => Some(pattern.value(name).map_err(|reason| refused(&column.name, &reason))?),
            _ => None,
        });
    }
    if values.iter().all(Option::is_none) {
        return Ok(records);
    }
    let values = values.into_iter().map(|value| value.map(str::to_owned)).collect();
    Ok(Box::new(Named { records, values, record: Record::default() }))
}

fn refused(column: &str, reason: &str) -> ReadError {
    ReadError::broken(None, format!("the file {reason}, from which `{column}` comes"))
}

struct Named<'a> {
    records: Box<dyn Records + 'a>,
    /// What the name says, for each column that has its value from there.
    values: Vec<Option<String>>,
    record: Record,
}

impl Records for Named<'_> {
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.records.advance()
    }

    fn place(&self) -> Place {
        self.records.place()
    }

    fn write(&mut self, into: &mut Canon) {
        self.records.write(into);
        self.values.iter().flatten().for_each(|value| into.field(Some(value.as_bytes())));
    }

    fn texts(&mut self) -> Result<Texts<'_>, String> {
        let texts = self.records.texts()?;
        self.record.clear();
        for at in 0..texts.spans.len() {
            let said = self.values.get(at).and_then(Option::as_deref);
            self.record.push(said.or_else(|| texts.field(at)));
        }
        Ok(self.record.texts())
    }

    fn original(&self) -> &[u8] {
        self.records.original()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.records.new_columns()
    }

    fn member(&self) -> Option<&str> {
        self.records.member()
    }
}
