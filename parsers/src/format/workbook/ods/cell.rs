//! What a cell says that it holds. Days and times are written in ISO 8601, whatever is shown of them.

use std::io::BufRead;

use jiff::{
    SignedDuration, Unit,
    civil::{DateTime, DateTimeRound, Time},
};

use super::{
    text,
    xml::{Attributes, Xml},
};
use crate::{format::workbook::sheet::Value, read::ReadError};

/// What is shown where a formula has failed, but for those with a number (`Err:502`).
const ERRORS: [&str; 7] = ["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"];

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a cell holds.
#[derive(Debug)]
pub(super) enum Held {
    Text(String),
    Error(String),
    /// With the digits that it is shown with at least.
    Number(f64, usize),
    Truth(bool),
    Moment(DateTime),
    Time(Time),
}

impl Held {
    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Error(text) => Value::Error(text),
            Self::Number(number, digits) => Value::Number(*number, *digits),
            Self::Truth(truth) => Value::Truth(*truth),
            Self::Moment(moment) => Value::Moment(*moment),
            Self::Time(time) => Value::Time(*time),
        }
    }

    /// Bytes of its text.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Text(text) | Self::Error(text) => u64::try_from(text.len()).unwrap_or(u64::MAX),
            _ => 0,
        }
    }
}

/// Reads a cell to its end. `place` is how people call it, and its row.
pub(super) fn read<R: BufRead>(
    xml: &mut Xml<R>,
    said: &Attributes,
    place: impl Fn() -> (String, u32),
) -> Result<Held, ReadError> {
    let shown = text::read(xml)?;
    let formula = said.get("table:formula").is_some();
    let (kind, refuse) = (said.get("office:value-type"), |what: String| {
        let (cell, row) = place();
        ReadError::broken(Some(u64::from(row)), format!("{cell} {what}"))
    });
    let failed = said.get("calcext:value-type") == Some("error") || (formula && is_error(&shown));
    if failed {
        return Ok(Held::Error(shown));
    }
    let stored = |name: &str| said.get(name).ok_or_else(|| refuse(format!("lacks its {name}")));
    let strange = |text: &str, what: &str| refuse(format!("holds {text:?}, which is no {what}"));
    match kind {
        Some("float" | "percentage" | "currency") => {
            let text = stored("office:value")?;
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            let number = number.ok_or_else(|| strange(text, "number"))?;
            Ok(Held::Number(number, digits(number, &shown)))
        }
        Some("date") => {
            let text = stored("office:date-value")?;
            moment(text).map(Held::Moment).ok_or_else(|| strange(text, "day"))
        }
        Some("time") => {
            let text = stored("office:time-value")?;
            time(text).ok_or_else(|| strange(text, "time"))
        }
        Some("boolean") => match stored("office:boolean-value")? {
            "true" => Ok(Held::Truth(true)),
            "false" => Ok(Held::Truth(false)),
            text => Err(strange(text, "truth value")),
        },
        Some("string") => Ok(Held::Text(said.get("office:string-value").map_or(shown, str::to_owned))),
        None | Some("void") if formula => Err(refuse("has a formula whose value nobody has computed".to_owned())),
        None | Some("void") => Ok(Held::Text(shown)),
        Some(other) => Err(refuse(format!("is of the kind {other:?}, which is not known"))),
    }
}

/// How many digits a number has at least, where it is shown with zeros before it: a code, such as a postal one.
fn digits(number: f64, shown: &str) -> usize {
    let code = shown.len() > 1 && shown.starts_with('0') && shown.bytes().all(|byte| byte.is_ascii_digit());
    if code && shown.parse() == Ok(number) { shown.len() } else { 0 }
}

fn is_error(shown: &str) -> bool {
    let numbered = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    ERRORS.contains(&shown) || shown.strip_prefix("Err:").is_some_and(numbered)
}

/// A day, or an instant on somebody's clock, to the millisecond as in other workbooks.
fn moment(text: &str) -> Option<DateTime> {
    text.parse::<DateTime>().ok()?.round(DateTimeRound::new().smallest(Unit::Millisecond)).ok()
}

/// A time of day; as long as a day or longer, it is a number of days.
fn time(text: &str) -> Option<Held> {
    let duration =
        text.starts_with('P').then(|| text.parse::<SignedDuration>().ok()).flatten()?.round(Unit::Millisecond).ok()?;
    if !duration.is_negative() && duration < DAY {
        return Time::midnight().checked_add(duration).ok().map(Held::Time);
    }
    Some(Held::Number(duration.as_secs_f64() / DAY.as_secs_f64(), 0))
}
