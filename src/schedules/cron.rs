//! Cron lines: five fields, or six with the seconds first.

use std::{fmt, str::FromStr};

use croner::parser::{CronParser, Seconds, Year};
use jiff::{civil, tz::TimeZone};

/// Any moment will do to ask whether there is a next one: a cron line has no years.
const REFERENCE: civil::DateTime = civil::date(2024, 1, 1).at(0, 0, 0, 0);

/// A cron line that has a next moment.
#[derive(Debug, Clone)]
pub struct Cron {
    text: String,
    parsed: croner::Cron,
    fixed: bool,
}

/// A cron line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// Not five or six fields.
    #[error(
        "{0:?} has {1} fields; a cron line has five (minute, hour, day of the month, month, day of the week), or six \
         with the seconds first"
    )]
    Fields(String, usize),
    /// A field is not understood.
    #[error("{0:?} is not a cron line: {1}")]
    Field(String, String),
    /// Such as the 30th of February.
    #[error("{0:?} is never due: no day of any year fits it")]
    Never(String),
}

impl Cron {
    /// True if the line names times of the day one by one, as `30 6,18 * * *` does. Such a time is due once a day,
    /// also where the clock goes forward over it or comes by it twice. Lines with `*`, `/` or `-` in their time mean
    /// every real hour or minute.
    pub fn is_fixed(&self) -> bool {
        self.fixed
    }

    /// The first matching time on the wall clock at (`inclusive`) or after `from`, as if no clock were ever changed.
    pub(super) fn next(&self, from: civil::DateTime, inclusive: bool) -> Option<civil::DateTime> {
        let from = from.to_zoned(TimeZone::UTC).ok()?;
        self.parsed.find_next_occurrence(&from, inclusive).ok().map(|next| next.datetime())
    }
}

impl FromStr for Cron {
    type Err = CronError;

    fn from_str(text: &str) -> Result<Self, CronError> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        if !matches!(fields.len(), 5 | 6) {
            return Err(CronError::Fields(text.to_owned(), fields.len()));
        }
        let parser = CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed).build();
        let parsed = parser.parse(text).map_err(|error| CronError::Field(text.to_owned(), reason(error)))?;
        let time = fields.iter().take(fields.len() - 3);
        let fixed = time.copied().all(|field| field.chars().all(|c| c.is_ascii_digit() || c == ','));
        let cron = Self { text: fields.join(" "), parsed, fixed };
        if cron.next(REFERENCE, true).is_none() {
            return Err(CronError::Never(text.to_owned()));
        }
        Ok(cron)
    }
}

/// What croner says, without what it says about itself.
fn reason(error: croner::errors::CronError) -> String {
    use croner::errors::CronError as Croner;
    match error {
        Croner::InvalidPattern(reason) | Croner::IllegalCharacters(reason) | Croner::ComponentError(reason) => reason,
        other => other.to_string(),
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
