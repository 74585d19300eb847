//! What a query's columns look like in a report.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use serde_json::Value;

use super::{
    chart::{self, Sparkline},
    locale::Locale,
};

/// One column of a query, as readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in the SQL.
    pub name: String,
    /// Its heading, with the unit if it has one.
    pub label: String,
    /// How its values are written.
    pub format: Format,
}

/// How values are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// As it is.
    Text,
    /// A number.
    Number {
        /// Digits after the point, 0 to 10; without a count, those that the value has.
        decimals: Option<usize>,
        /// Written after each number, such as `%`.
        suffix: String,
    },
    /// A difference: a number with its sign, and a mark for up or down.
    Change {
        /// Digits after the point, 0 to 10.
        decimals: usize,
        /// Written after each number, such as `%`.
        suffix: String,
    },
    /// A day.
    Date,
    /// An instant, by the clocks of the report's zone.
    Moment,
    /// A truth value: these words where it is true, nothing where it is not.
    Flag(String),
    /// A bar for a share from 0 to 1. It has no place in CSV.
    Bar,
    /// A small line through an array of numbers. It has no place in CSV.
    Sparkline {
        /// Digits after the point in its description.
        decimals: usize,
    },
}

/// A value ready for a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// The column's name.
    pub column: String,
    /// The column's heading.
    pub label: String,
    /// `text`, `number`, `change`, `date`, `moment`, `flag`, `bar` or `sparkline`.
    pub kind: &'static str,
    /// The value as readers see it; empty if there is none.
    pub text: String,
    /// The value as machines read it, for `<time datetime>`.
    pub iso: String,
    /// `up`, `down` or nothing.
    pub trend: &'static str,
    /// The bar's length in hundredths; empty if it is none.
    pub bar: String,
    /// The line, if it is one.
    pub line: Option<Sparkline>,
}

/// A value that its column cannot write: it says what is there and what was declared.
#[derive(Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The value, as JSON.
    pub value: String,
    /// What the column is declared as.
    pub declared: &'static str,
}

impl Format {
    /// The word for it in a report.toml, and the class of its cells.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number { .. } => "number",
            Self::Change { .. } => "change",
            Self::Date => "date",
            Self::Moment => "moment",
            Self::Flag(_) => "flag",
            Self::Bar => "bar",
            Self::Sparkline { .. } => "sparkline",
        }
    }

    /// Whether it is drawn, not written.
    pub fn is_drawn(&self) -> bool {
        matches!(self, Self::Bar | Self::Sparkline { .. })
    }
}

impl Column {
    /// Writes one value for a page.
    pub fn cell(&self, value: &Value, locale: Locale, zone: &TimeZone) -> Result<Cell, Unfit> {
        let mut cell = Cell {
            column: self.name.clone(),
            label: self.label.clone(),
            kind: self.format.word(),
            text: String::new(),
            iso: String::new(),
            trend: "",
            bar: String::new(),
            line: None,
        };
        if !value.is_null() {
            let unfit = || Unfit { value: value.to_string(), declared: self.format.word() };
            self.fill(&mut cell, value, locale, zone).ok_or_else(unfit)?;
        }
        Ok(cell)
    }

    fn fill(&self, cell: &mut Cell, value: &Value, locale: Locale, zone: &TimeZone) -> Option<()> {
        match &self.format {
            Format::Text => cell.text = text(value)?,
            Format::Number { decimals, suffix } => cell.text = number(value, locale, *decimals)? + suffix,
            Format::Change { decimals, suffix } => {
                let written = number(value, locale, Some(*decimals))?;
                let zero = !written.contains(|c: char| c.is_ascii_digit() && c != '0');
                let down = written.starts_with('\u{2212}');
                cell.trend = if zero {
                    ""
                } else if down {
                    "down"
                } else {
                    "up"
                };
                let sign = if zero || down { "" } else { "+" };
                cell.text = format!("{sign}{written}{suffix}");
            }
            Format::Date => {
                let date: Date = value.as_str()?.parse().ok()?;
                (cell.text, cell.iso) = (locale.date(date), date.to_string());
            }
            Format::Moment => {
                let at: Timestamp = value.as_str()?.parse().ok()?;
                (cell.text, cell.iso) = (locale.moment(at, zone), at.to_string());
            }
            Format::Flag(words) => cell.text = if value.as_bool()? { words.clone() } else { String::new() },
            Format::Bar => cell.bar = format!("{:.1}", value.as_f64()?.clamp(0.0, 1.0) * 100.0),
            Format::Sparkline { decimals } => {
                let values: Vec<Option<f64>> = value.as_array()?.iter().map(Value::as_f64).collect();
                cell.line =
                    chart::sparkline(&values, |value| locale.number(&value.to_string(), *decimals).unwrap_or_default());
            }
        }
        Some(())
    }
}

fn number(value: &Value, locale: Locale, decimals: Option<usize>) -> Option<String> {
    locale.number(&value.as_number()?.to_string(), decimals)
}

/// Text, and whatever else has an obvious spelling.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cell(format: Format, value: &Value) -> Result<Cell, Unfit> {
        let column = Column { name: "c".into(), label: "C".into(), format };
        column.cell(value, Locale::English, &TimeZone::UTC)
    }

    #[test]
    fn a_change_carries_its_sign_and_its_direction() {
        let change = || Format::Change { decimals: 1, suffix: " %".into() };
        let written = |value| cell(change(), &value).map(|cell| (cell.text, cell.trend)).unwrap();
        assert_eq!(written(json!(1.25)), ("+1.3 %".into(), "up"));
        assert_eq!(written(json!(-0.5)), ("\u{2212}0.5 %".into(), "down"));
        assert_eq!(written(json!(-0.01)), ("0.0 %".into(), ""));
    }

    #[test]
    fn a_value_of_another_type_is_no_guess_but_a_mistake() {
        let unfit = |format, value: Value| cell(format, &value).unwrap_err().declared;
        assert_eq!(unfit(Format::Number { decimals: Some(1), suffix: String::new() }, json!("12,5")), "number");
        assert_eq!(unfit(Format::Date, json!("yesterday")), "date");
        assert_eq!(unfit(Format::Flag("x".into()), json!(1)), "flag");
        assert_eq!(unfit(Format::Text, json!({"a": 1})), "text");
    }

    #[test]
    fn nothing_is_written_where_there_is_nothing() {
        let empty = cell(Format::Number { decimals: Some(2), suffix: " %".into() }, &Value::Null).unwrap();
        assert_eq!(empty.text, "");
    }
}
