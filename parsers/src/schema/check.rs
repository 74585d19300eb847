//! From a record's texts to a checked row: the only maker of checked rows.

use super::{Column, ColumnType, Row, Rule, Schema, Value, number, time};
use crate::record::Texts;

/// Bytes of text that a key may have. An entry of PostgreSQL's index takes 2,704, of which the other types, lengths and
/// padding of 32 columns and a moment of the history may take the rest; that it packs some texts is not relied on.
const LONGEST_KEY: usize = 2000;

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
    /// A number in its plain form.
    plain: String,
    /// Whether a NUL is anywhere in the record: it is looked for once, and not value by value.
    nul: bool,
}

impl Checker {
    /// Fills `row` from a record's texts, or says which value is wrong and why.
    pub(crate) fn check(&mut self, schema: &Schema, texts: Texts<'_>, row: &mut Row) -> Result<(), Box<Fault>> {
        row.clear();
        self.nul = memchr::memchr(0, texts.text.as_bytes()).is_some();
        for (at, column) in schema.columns.iter().enumerate() {
            self.value(schema, column, texts.field(at), row)?;
        }
        // Mostly the whole record is shorter than that.
        if row.text_bytes() > LONGEST_KEY { key_fits(schema, texts, row) } else { Ok(()) }
    }

    /// The key's values as text, if all of them are good. The record is the one that was checked last.
    pub(crate) fn key(&mut self, schema: &Schema, texts: Texts<'_>) -> Option<Vec<String>> {
        let mut row = Row::default();
        for &at in &schema.key {
            self.value(schema, schema.columns.get(at)?, texts.field(at), &mut row).ok()?;
        }
        let key: Vec<_> = row.values().map(|value| value.to_string()).collect();
        (!key.is_empty()).then_some(key)
    }

    /// Appends one value to `row`.
    fn value(
        &mut self,
        schema: &Schema,
        column: &Column,
        field: Option<&str>,
        row: &mut Row,
    ) -> Result<(), Box<Fault>> {
        let field = if schema.trim { field.map(str::trim) } else { field };
        let text = field.filter(|text| !column.rule.is_null(text));
        let done = match text {
            None if column.required => Err("is missing, and a value is required".to_owned()),
            None => {
                row.push(Value::Null);
                Ok(())
            }
            Some(text) => self.read(schema, column, text, row),
        };
        done.map_err(|reason| Box::new(Fault { column: Some(column.name.clone()), value: field.map(shown), reason }))
    }

    /// Each kind of value goes straight into the row: moved through another hand first, it would cost twice the time.
    fn read(&mut self, schema: &Schema, column: &Column, text: &str, row: &mut Row) -> Result<(), String> {
        let (rule, pattern) = (&column.rule, column.rule.pattern.as_deref());
        match column.kind {
            ColumnType::Text => row.push(Value::Text(self.text(text, rule.lower_case)?)),
            ColumnType::Integer => {
                row.push(Value::Integer(number::integer(plain(rule, text, number::Use::Integer, &mut self.plain)?)?));
            }
            ColumnType::Decimal { precision, scale } => {
                let text = plain(rule, text, number::Use::Decimal(scale), &mut self.plain)?;
                row.push(Value::Decimal(number::decimal(text, precision, scale, &mut self.scratch)?));
            }
            ColumnType::Float => {
                row.push(Value::Float(number::float(plain(rule, text, number::Use::Float, &mut self.plain)?)?));
            }
            ColumnType::Boolean if text == rule.yes => row.push(Value::Boolean(true)),
            ColumnType::Boolean if text == rule.no => row.push(Value::Boolean(false)),
            ColumnType::Boolean => return Err(format!("is neither {:?} nor {:?}", rule.yes, rule.no)),
            ColumnType::Date => row.push(Value::Date(time::date(text, pattern)?)),
            ColumnType::Timestamp => row.push(Value::Timestamp(time::instant(text, pattern, schema.clock.as_ref())?)),
        }
        Ok(())
    }

    fn text<'s>(&'s mut self, text: &'s str, lower: bool) -> Result<&'s str, String> {
        if self.nul && text.contains('\0') {
            return Err("holds a NUL character, which no text may hold".to_owned());
        }
        if !lower {
            return Ok(text);
        }
        self.scratch.clear();
        self.scratch.extend(text.chars().flat_map(char::to_lowercase));
        Ok(&self.scratch)
    }
}

/// A number as `-1234.5`, as which most are written anyway.
fn plain<'t>(rule: &Rule, text: &'t str, what: number::Use, out: &'t mut String) -> Result<&'t str, String> {
    let Some(written) = &rule.written else { return Ok(text) };
    written.plain(text, what, out)?;
    Ok(out)
}

/// Whether an index takes the row's key, which is checked here because PostgreSQL would refuse the whole release.
fn key_fits(schema: &Schema, texts: Texts<'_>, row: &Row) -> Result<(), Box<Fault>> {
    let bytes: usize = schema.key.iter().map(|&at| row.bytes_at(at)).sum();
    let longest = schema.key.iter().copied().max_by_key(|&at| row.bytes_at(at));
    let Some((at, column)) = longest.and_then(|at| Some((at, schema.columns.get(at)?))) else { return Ok(()) };
    if bytes <= LONGEST_KEY {
        return Ok(());
    }
    let reason = format!(
        "is {} bytes long, and with it the key {bytes}: a key may have {LONGEST_KEY} bytes of text. A `key` of other \
         columns, or none, takes such records",
        row.bytes_at(at)
    );
    Err(Box::new(Fault { column: Some(column.name.clone()), value: texts.field(at).map(shown), reason }))
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
