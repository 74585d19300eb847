//! The records of a sheet below the row that names its columns.

use jiff::{
    civil::{DateTime, Time},
    fmt::strtime,
};

use super::{
    Workbook,
    header::Header,
    line::{Line, Twice},
    sheet::{Sheet, Value},
};
use crate::{
    Column, ColumnType,
    decode::matches,
    read::{NewColumn, ReadError},
    record::{Filling, Found, Record},
    schema::Schema,
};

/// A sheet on its way to records.
pub(super) struct SheetRecords<'a> {
    workbook: &'a Workbook,
    schema: &'a Schema,
    sheet: Sheet,
    header: Header,
    /// What the rows above say that holds for those below, in the order of the definition.
    above: Vec<Option<String>>,
    next: usize,
    number: u64,
    line: Line,
    scratch: String,
}

/// What a row is.
enum Kind {
    Record,
    Other,
    Footer,
}

impl<'a> SheetRecords<'a> {
    pub(super) fn new(workbook: &'a Workbook, sheet: Sheet, header: Header, schema: &'a Schema) -> Self {
        let (above, next) = (vec![None; workbook.above.len()], header.next);
        let (line, scratch) = (Line::default(), String::new());
        let mut records = Self { workbook, schema, sheet, header, above, next, number: 0, line, scratch };
        // What holds for the first rows may stand above the names.
        for at in 0..next.saturating_sub(1) {
            records.line.write(&records.sheet, at);
            records.kind();
        }
        records
    }

    /// What the row is that was written down.
    fn kind(&mut self) -> Kind {
        let mut texts = self.line.texts().map(str::trim).filter(|text| !text.is_empty());
        let Some(first) = texts.next() else { return Kind::Other };
        if let Some(at) = self.workbook.above.iter().position(|label| label == first) {
            let said = texts.next().map(str::to_owned);
            self.above.get_mut(at).into_iter().for_each(|above| above.clone_from(&said));
            return Kind::Other;
        }
        match &self.workbook.footer {
            Some(footer) if matches(footer, first) => Kind::Footer,
            _ if self.workbook.is_record(first) => Kind::Record,
            _ => Kind::Other,
        }
    }

    /// Fills a record from the row that was written down.
    fn fill(&mut self, at: usize, into: &mut Record) -> Result<(), String> {
        into.clear();
        let fields = &self.header.binding.fields;
        for (column, field) in self.schema.sources().zip(fields) {
            match field.map(|field| (field, self.header.columns.get(field).copied())) {
                None => into.push(None),
                Some((field, None)) => {
                    let above = self.above.get(field - self.header.columns.len());
                    into.push(above.and_then(Option::as_deref));
                }
                Some((field, Some(area))) => match self.line.within(area) {
                    Ok(None) => into.push(None),
                    Ok(Some(cell)) => {
                        let value = self.sheet.row(at).and_then(|(_, cells)| Some(self.sheet.value(cells.get(cell)?)));
                        let plain = self.line.text(cell);
                        into.push(Some(read(value.unwrap_or(Value::Text(plain)), plain, column, &mut self.scratch)?));
                    }
                    Err(Twice) => {
                        let name = self.header.names.get(field).map_or("", String::as_str);
                        return Err(format!("fills two of the merged columns under {name:?}"));
                    }
                },
            }
        }
        Ok(())
    }

    fn look(&mut self) {
        let (columns, line) = (&self.header.columns, &self.line);
        self.header.binding.news.look(|at| {
            let cell = line.within(*columns.get(at)?).ok().flatten()?;
            Some(line.text(cell).as_bytes())
        });
    }

    fn without_footer(&self) -> ReadError {
        let (footer, name) = (self.workbook.footer.as_deref().unwrap_or_default(), &self.sheet.name);
        ReadError::broken(None, format!("the sheet {name:?} ends without its last row {footer:?}: it was cut"))
    }
}

impl Filling for SheetRecords<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        while let Some((row, _)) = self.sheet.row(self.next) {
            let at = self.next;
            self.next += 1;
            self.line.write(&self.sheet, at);
            match self.kind() {
                Kind::Other => (),
                Kind::Footer => {
                    self.next = self.sheet.len();
                    return Ok(Found::End);
                }
                Kind::Record => {
                    self.number += 1;
                    (into.number, into.line) = (self.number, Some(row));
                    if self.header.binding.news.wants(self.number) {
                        self.look();
                    }
                    return Ok(self.fill(at, into).map_or_else(Found::Bad, |()| Found::Record));
                }
            }
        }
        if self.workbook.footer.is_some() { Err(self.without_footer()) } else { Ok(Found::End) }
    }

    fn original(&self) -> &[u8] {
        self.line.whole().as_bytes()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.header.binding.news.columns()
    }
}

/// What a column reads of a cell: the text that everybody sees. But a day and a truth value have no text of their own and
/// are written as the column reads them; and an error is a value only if the column says that it means none.
fn read<'t>(value: Value<'_>, plain: &'t str, column: &Column, scratch: &'t mut String) -> Result<&'t str, String> {
    let rule = &column.rule;
    if let Value::Error(error) = value {
        let help = "if that means that there is no value, say so in `nulls`";
        let declared = rule.nulls.iter().any(|null| null == error);
        return if declared { Ok(plain) } else { Err(format!("holds the error {error} in {:?}; {help}", column.name)) };
    }
    scratch.clear();
    match (value, column.kind) {
        (Value::Truth(truth), ColumnType::Boolean) => scratch.push_str(if truth { &rule.yes } else { &rule.no }),
        (Value::Moment(at), ColumnType::Timestamp) => by_pattern(at, column, scratch),
        (Value::Moment(at), ColumnType::Date) if at.time() == Time::midnight() && rule.pattern.is_some() => {
            by_pattern(at, column, scratch);
        }
        _ => return Ok(plain),
    }
    Ok(scratch)
}

fn by_pattern(at: DateTime, column: &Column, into: &mut String) {
    let written = column.rule.pattern.as_ref().and_then(|pattern| strtime::format(pattern, at).ok());
    into.push_str(&written.unwrap_or_else(|| at.to_string()));
}
