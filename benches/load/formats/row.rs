//! A generated record, the same in every format.

use std::borrow::Cow;

use jiff::civil::{Date, date};

use super::super::rows::{CITIES, scrambled, small};

/// A value, as formats write it: in quotes or not, as a number of days or as text.
pub(super) enum Value {
    Number(String),
    Text(Cow<'static, str>),
    Day(Date),
    Truth(bool),
    None,
}

pub(super) const NAMES: [&str; 10] =
    ["id", "code", "amount", "price", "day", "name", "city", "active", "note", "reference"];

/// Day 0 of a workbook.
const EPOCH: Date = date(1899, 12, 30);

/// The values of a record, in the order of their names.
pub(super) fn row(id: u64) -> [Value; 10] {
    let random = |column: u64| scrambled(id ^ scrambled(column));
    let (cents, price) = (random(1) % 100_000_000, random(2) % 10_000_000);
    let days = i64::try_from(random(3) % 5500).unwrap_or_default();
    let name = match (id % 11, id % 5) {
        (0, _) => format!("Gesellschaft \"Nord\" No. {id}, Abt. {}", id % 97),
        (_, 0) => format!("Müller & Söhne {id} GmbH"),
        _ => format!("Supplier number {id} Ltd"),
    };
    let unless = |null: bool, value: Value| if null { Value::None } else { value };
    [
        Value::Number(id.to_string()),
        Value::Text(format!("{:08}", random(4) % 100_000_000).into()),
        Value::Number(format!("{}.{:02}", cents / 100, cents % 100)),
        unless(id.is_multiple_of(7), Value::Number(format!("{}.{:04}", price / 10_000, price % 10_000))),
        Value::Day(date(2010, 1, 1).saturating_add(jiff::Span::new().days(days))),
        Value::Text(name.into()),
        Value::Text(CITIES.get(small(random(5), 10)).copied().unwrap_or_default().into()),
        Value::Truth(id.is_multiple_of(3)),
        unless(id.is_multiple_of(4), Value::Text(format!("{:016x}{:016x}", random(6), random(7)).into())),
        unless(id.is_multiple_of(10), Value::Number((random(8) % 2_147_483_648).to_string())),
    ]
}

/// The day as a workbook counts it.
pub(super) fn serial(day: Date) -> i32 {
    (day - EPOCH).get_days()
}
