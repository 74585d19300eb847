//! What a value of Parquet is as text: exact, and as in ISO 8601 where it is a day or a time.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Time, date},
    tz::TimeZone,
};
use parquet::{
    basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical},
    record::Field,
    schema::types::Type,
};

use crate::{Column, ColumnType};

/// What the values of a column are, where the library does not know it or says it with less than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As the library gives it.
    Plain,
    /// An instant, or a time on somebody's clock: how many make a second, and whether it is an instant.
    Timestamp(i64, bool),
    /// A time of day: how many make a second.
    Time(i64),
}

impl Kind {
    /// Of a column; what it is, if such a one is not read.
    pub(super) fn of(field: &Type) -> Result<Self, &'static str> {
        if !field.is_primitive() {
            return Err("a group or a list");
        }
        if field.get_basic_info().has_repetition()
            && field.get_basic_info().repetition() == parquet::basic::Repetition::REPEATED
        {
            return Err("a list");
        }
        if field.get_physical_type() == Physical::INT96 {
            return Err("an INT96, a kind of time that the format has given up");
        }
        let info = field.get_basic_info();
        Ok(match (info.logical_type_ref(), info.converted_type()) {
            (Some(LogicalType::Timestamp(said)), _) => Self::Timestamp(second(said.unit), said.is_adjusted_to_u_t_c),
            (Some(LogicalType::Time(said)), _) => Self::Time(second(said.unit)),
            (None, ConvertedType::TIMESTAMP_MILLIS) => Self::Timestamp(1000, true),
            (None, ConvertedType::TIMESTAMP_MICROS) => Self::Timestamp(1_000_000, true),
            (None, ConvertedType::TIME_MILLIS) => Self::Time(1000),
            (None, ConvertedType::TIME_MICROS) => Self::Time(1_000_000),
            _ => Self::Plain,
        })
    }

    /// A value as text; nothing if there is none, and what it is if it is no value.
    pub(super) fn text(self, field: &Field) -> Result<Option<String>, String> {
        let outside = || format!("{field}, which lies outside of the calendar");
        match (self, field) {
            (_, Field::Null) => Ok(None),
            (
                Self::Timestamp(second, instant),
                Field::Long(at) | Field::TimestampMillis(at) | Field::TimestampMicros(at),
            ) => timestamp(*at, second, instant).map(Some).ok_or_else(outside),
            (Self::Time(second), Field::Long(at) | Field::TimeMicros(at)) => {
                time(*at, second).map(Some).ok_or_else(outside)
            }
            (Self::Time(second), Field::Int(at) | Field::TimeMillis(at)) => {
                time(i64::from(*at), second).map(Some).ok_or_else(outside)
            }
            (Self::Plain, field) => plain(field),
            (_, field) => Err(format!("{field}, which is no time")),
        }
    }
}

/// A truth value as the column writes it.
pub(super) fn truth<'c>(field: &Field, column: &'c Column) -> Option<&'c str> {
    match field {
        Field::Bool(true) if column.kind == ColumnType::Boolean => Some(&column.rule.yes),
        Field::Bool(false) if column.kind == ColumnType::Boolean => Some(&column.rule.no),
        _ => None,
    }
}

fn second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

fn duration(at: i64, second: i64) -> Option<SignedDuration> {
    let nanos = at.rem_euclid(second).checked_mul(1_000_000_000 / second)?;
    Some(SignedDuration::from_secs(at.div_euclid(second)) + SignedDuration::from_nanos(nanos))
}

fn timestamp(at: i64, second: i64, instant: bool) -> Option<String> {
    let instant_at = Timestamp::from_duration(duration(at, second)?).ok()?;
    Some(if instant { instant_at.to_string() } else { TimeZone::UTC.to_datetime(instant_at).to_string() })
}

fn time(at: i64, second: i64) -> Option<String> {
    let since_midnight = duration(at, second).filter(|since| *since < SignedDuration::from_hours(24))?;
    if since_midnight.is_negative() {
        return None;
    }
    Time::midnight().checked_add(since_midnight).ok().map(|time| time.to_string())
}

fn plain(field: &Field) -> Result<Option<String>, String> {
    Ok(Some(match field {
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => match str::from_utf8(bytes.data()) {
            Ok(text) => text.to_owned(),
            Err(_) => return Err("bytes that are no text".to_owned()),
        },
        Field::Bool(truth) => truth.to_string(),
        Field::Float(number) if number.is_finite() => (number + 0.0).to_string(),
        Field::Double(number) if number.is_finite() => (number + 0.0).to_string(),
        Field::Float(_) | Field::Double(_) => return Err(format!("{field}, which is no number")),
        Field::Byte(_) | Field::Short(_) | Field::Int(_) | Field::Long(_) | Field::Decimal(_) => field.to_string(),
        Field::UByte(_) | Field::UShort(_) | Field::UInt(_) | Field::ULong(_) => field.to_string(),
        Field::Date(days) => {
            let day = date(1970, 1, 1).checked_add(SignedDuration::from_hours(24).saturating_mul(*days));
            day.map_err(|_outside| format!("day {days}, which lies outside of the calendar"))?.to_string()
        }
        _ => return Err(format!("{field}, which is of a kind that is not read")),
    }))
}
