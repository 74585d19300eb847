//! Days and months within digits that touch: where all lines say one, a field begins and ends.

use std::collections::BTreeSet;

use super::places::Span;
use crate::schema::is_day;

/// How many digits say what.
const WINDOWS: &[usize] = &[8, 6];

/// Splits fields of nothing but digits around a day or a month that each line has there.
pub(super) fn split(fields: Vec<Span>, lines: &[Vec<char>]) -> Vec<Span> {
    fields.into_iter().flat_map(|field| around(&field, lines).unwrap_or_else(|| vec![field])).collect()
}

fn around(field: &Span, lines: &[Vec<char>]) -> Option<Vec<Span>> {
    let range = field.0.clone();
    let text =
        |line: &[char], at: usize, digits: usize| line.get(at..at + digits).map(|part| part.iter().collect::<String>());
    if range.len() <= 8
        || !lines.iter().all(|line| line.get(range.clone()).is_some_and(|part| part.iter().all(char::is_ascii_digit)))
    {
        return None;
    }
    let says = |at: usize, digits: usize| {
        let found: Option<BTreeSet<String>> =
            lines.iter().map(|line| text(line, at, digits).filter(|text| is_date(text))).collect();
        found.is_some_and(|found| found.len() > 1)
    };
    let all = WINDOWS.iter().flat_map(|&digits| (range.start..=range.end - digits).rev().map(move |at| (at, digits)));
    let (at, digits) = all.into_iter().find(|(at, digits)| says(*at, *digits))?;
    let parts = [range.start..at, at..at + digits, at + digits..range.end];
    Some(parts.into_iter().filter(|part| !part.is_empty()).map(Span).collect())
}

/// A day of eight digits, or a month of six, of times that people measured.
fn is_date(text: &str) -> bool {
    let day = if text.len() == 6 { format!("{text}01") } else { text.to_owned() };
    ("1750".."2100").contains(&text.get(..4).unwrap_or_default()) && is_day(&day, "%Y%m%d")
}
