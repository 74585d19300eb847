//! From a record's texts to a checked row: the only maker of checked rows.

use super::{Column, ColumnType, Interval, Row, Rule, Schema, Value, json, number, time, uuid};
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
    /// A text and those that follow it.
    joined: String,
    /// Whether a NUL is anywhere in the record: it is looked for once, and not value by value.
    nul: bool,
}

impl Checker {
    /// Fills `row` from a record's texts, or says which value is wrong and why.
    pub(crate) fn check(&mut self, schema: &Schema, texts: Texts<'_>, row: &mut Row) -> Result<(), Box<Fault>> {
        row.clear();
        self.nul = memchr::memchr(0, texts.text.as_bytes()).is_some();
        for (at, column) in schema.columns.iter().enumerate() {
            self.value(schema, column, (texts, at), row)?;
        }
        // Mostly the whole record is shorter than that.
        if row.text_bytes() > LONGEST_KEY { key_fits(schema, texts, row) } else { Ok(()) }
    }

    /// The key's values as text, if all of them are good. The record is the one that was checked last.
    pub(crate) fn key(&mut self, schema: &Schema, texts: Texts<'_>) -> Option<Vec<String>> {
        let mut row = Row::default();
        for &at in &schema.key {
            self.value(schema, schema.columns.get(at)?, (texts, at), &mut row).ok()?;
        }
        let key: Vec<_> = row.values().map(|value| value.to_string()).collect();
        (!key.is_empty()).then_some(key)
    }

    /// Appends one value to `row`: that of the column at a place.
    fn value(
        &mut self,
        schema: &Schema,
        column: &Column,
        (texts, at): (Texts<'_>, usize),
        row: &mut Row,
    ) -> Result<(), Box<Fault>> {
        let field = texts.field(at);
        let field = if schema.trim { field.map(str::trim) } else { field };
        let text = field.filter(|text| !column.rule.is_null(text));
        let done = match text {
            None if column.required => Err("is missing, and a value is required".to_owned()),
            None => {
                row.push(Value::Null);
                Ok(())
            }
            Some(text) => self.read(schema, column, (text, texts), row),
        };
        done.map_err(|reason| Box::new(Fault { column: Some(column.name.clone()), value: field.map(shown), reason }))
    }

    /// Each kind of value goes straight into the row: moved through another hand first, it would cost twice the time.
    fn read(
        &mut self,
        schema: &Schema,
        column: &Column,
        (text, texts): (&str, Texts<'_>),
        row: &mut Row,
    ) -> Result<(), String> {
        let rule = &column.rule;
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
            ColumnType::Enum => match rule.words.iter().find(|word| *word == text) {
                Some(word) => row.push(Value::Text(word)),
                None => return Err(format!("is not one of {}", words(&rule.words))),
            },
            ColumnType::Uuid => row.push(Value::Uuid(uuid::read(text)?)),
            ColumnType::Json => row.push(Value::Json(json::read(text)?)),
            ColumnType::Date | ColumnType::Time | ColumnType::Timestamp | ColumnType::Range => {
                return self.time(schema, column, (text, texts), row);
            }
        }
        Ok(())
    }

    fn time(
        &mut self,
        schema: &Schema,
        column: &Column,
        (text, texts): (&str, Texts<'_>),
        row: &mut Row,
    ) -> Result<(), String> {
        let (rule, pattern, clock) = (&column.rule, column.rule.pattern.as_deref(), schema.clock.as_ref());
        let text = if rule.behind.is_empty() { text } else { joined(schema, rule, (text, texts), &mut self.joined)? };
        row.push(match (column.kind, rule.moment.as_deref()) {
            (ColumnType::Date, _) => Value::Date(time::date(text, pattern)?),
            (ColumnType::Time, _) => Value::Time(time::of_day(text, pattern)?),
            (ColumnType::Range, Some(moment)) => {
                let (start, end) = moment.read(text, pattern, clock, |at| part(schema, at, texts))?;
                Value::Range(end.and_then(|end| Interval::new(start, end)).ok_or("has no length")?)
            }
            (_, Some(moment)) => Value::Timestamp(moment.read(text, pattern, clock, |at| part(schema, at, texts))?.0),
            (_, None) => Value::Timestamp(time::instant(text, pattern, clock)?),
        });
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

/// The text of one of the parts, if it says something.
fn part<'t>(schema: &Schema, at: usize, texts: Texts<'t>) -> Option<&'t str> {
    let text = texts.field(schema.columns.len() + at)?;
    let text = if schema.trim { text.trim() } else { text };
    schema.parts.get(at).is_some_and(|part| !part.rule.is_null(text)).then_some(text)
}

/// The column's text and those of its parts, a space between two.
fn joined<'s>(
    schema: &Schema,
    rule: &Rule,
    (text, texts): (&str, Texts<'_>),
    out: &'s mut String,
) -> Result<&'s str, String> {
    out.clear();
    out.push_str(text);
    for &at in &rule.behind {
        let name = schema.parts.get(at).and_then(|part| part.origin.name()).unwrap_or_default();
        let text = part(schema, at, texts).ok_or_else(|| format!("stands beside an empty {name:?}"))?;
        out.push(' ');
        out.push_str(text);
    }
    Ok(out)
}

/// The words that an enum knows, the first of many.
fn words(words: &[String]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<_> = words.iter().take(SHOWN).map(|word| format!("{word:?}")).collect();
    let more = words.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
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
