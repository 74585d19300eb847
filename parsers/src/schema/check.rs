//! From a record's texts to a checked row: the only maker of checked rows.

use super::{Column, ColumnType, Row, Schema, Value, number, time};
use crate::record::Texts;

/// Why a record is no row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The table's column, if one value is to blame.
    pub(crate) column: Option<String>,
    /// That value as the source wrote it.
    pub(crate) value: Option<String>,
    /// What is wrong with it.
    pub(crate) reason: String,
}

impl Fault {
    /// A fault of the record as a whole.
    pub(crate) fn of_record(reason: String) -> Self {
        Self { column: None, value: None, reason }
    }
}

/// Checks record after record, within its own buffer.
#[derive(Debug, Default)]
pub(crate) struct Checker {
    scratch: String,
}

impl Checker {
    /// Fills `row` from a record's texts, or says which value is wrong and why.
    pub(crate) fn check(&mut self, schema: &Schema, texts: Texts<'_>, row: &mut Row) -> Result<(), Box<Fault>> {
        row.clear();
        for (at, column) in schema.columns.iter().enumerate() {
            row.push(self.value(schema, column, texts.field(at))?);
        }
        Ok(())
    }

    /// The key's values as text, if all of them are good.
    pub(crate) fn key(&mut self, schema: &Schema, texts: Texts<'_>) -> Option<Vec<String>> {
        let read = |&at: &usize| {
            let column = schema.columns.get(at)?;
            self.value(schema, column, texts.field(at)).ok().map(|value| value.to_string())
        };
        let key = schema.key.iter().map(read).collect::<Option<Vec<_>>>()?;
        (!key.is_empty()).then_some(key)
    }

    fn value<'s>(
        &'s mut self,
        schema: &Schema,
        column: &Column,
        field: Option<&'s str>,
    ) -> Result<Value<'s>, Box<Fault>> {
        let field = if schema.trim { field.map(str::trim) } else { field };
        let text = field.filter(|text| !column.rule.nulls.iter().any(|null| null == text));
        let value = match text {
            None if column.required => Err("is missing, and a value is required".to_owned()),
            None => Ok(Value::Null),
            Some(text) => self.read(schema, column, text),
        };
        value.map_err(|reason| Box::new(Fault { column: Some(column.name.clone()), value: field.map(shown), reason }))
    }

    fn read<'s>(&'s mut self, schema: &Schema, column: &Column, text: &'s str) -> Result<Value<'s>, String> {
        let rule = &column.rule;
        match column.kind {
            ColumnType::Text => self.text(text, rule.lower_case),
            ColumnType::Integer => number::integer(text).map(Value::Integer),
            ColumnType::Decimal { precision, scale } => {
                number::decimal(text, precision, scale, &mut self.scratch).map(Value::Decimal)
            }
            ColumnType::Float => number::float(text).map(Value::Float),
            ColumnType::Boolean if text == rule.yes => Ok(Value::Boolean(true)),
            ColumnType::Boolean if text == rule.no => Ok(Value::Boolean(false)),
            ColumnType::Boolean => Err(format!("is neither {:?} nor {:?}", rule.yes, rule.no)),
            ColumnType::Date => time::date(text, rule.pattern.as_deref()).map(Value::Date),
            ColumnType::Timestamp => {
                time::instant(text, rule.pattern.as_deref(), schema.clock.as_ref()).map(Value::Timestamp)
            }
        }
    }

    fn text<'s>(&'s mut self, text: &'s str, lower: bool) -> Result<Value<'s>, String> {
        if memchr::memchr(0, text.as_bytes()).is_some() {
            return Err("holds a NUL character, which no text may hold".to_owned());
        }
        if !lower {
            return Ok(Value::Text(text));
        }
        self.scratch.clear();
        self.scratch.extend(text.chars().flat_map(char::to_lowercase));
        Ok(Value::Text(&self.scratch))
    }
}

/// A value as a page can show it and a database keep it; the record's bytes stay beside it as they are.
fn shown(value: &str) -> String {
    const LONGEST: usize = 500;
    let mut shown: String = value.chars().take(LONGEST).map(|c| if c == '\0' { '␀' } else { c }).collect();
    if value.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
