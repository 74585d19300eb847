//! What the values of a column are: their type, how they are written, and what may be wrong with that.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ColumnType,
    schema::{Digits, Guess, Written, is_day, is_instant, is_time_of_day, local_time, otherwise_written, uuid},
};

/// Days, as publishers write them less often.
const DAYS: &[&str] =
    &["%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%B-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y"];
/// Times on somebody's clock, as publishers write them less often.
const LOCAL: &[&str] = &[
    "%Y-%m-%dT%H:%MZ",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H",
    "%Y-%m-%d %H",
    "%Y%m%d:%H%M",
    "%Y%m%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d-%b-%Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y %I:%M:%S %p",
];
/// Times that bring their offset.
const WITH_OFFSET: &[&str] =
    &["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M%:z", "%Y-%m-%d %H:%M%:z"];
/// Times that are nothing but digits.
const DIGITS: &[(usize, &str)] = &[(10, "%Y%m%d%H"), (12, "%Y%m%d%H%M"), (14, "%Y%m%d%H%M%S")];
/// Times of day.
const OF_DAY: &[&str] = &["%I:%M %p", "%I:%M:%S %p", "%H.%M"];

/// Words that a column has at most to be an enum, the longest of them, and how often each must come on average.
const WORDS: usize = 12;
const LONGEST_WORD: usize = 40;
const OFTEN: u64 = 20;
/// A decimal with more digits behind the point is a binary number.
const EXACT: u16 = 10;
/// Digits that a day has at least, and values that tell its pattern.
const DATE_DIGITS: usize = 5;
const TOLD: usize = 100;
/// Numbers with an exponent are few if there are so many times as many others; they may be so many digits longer.
const FEW: usize = 10;
const FAR: u16 = 2;
/// How the names of columns end that hold codes.
const CODES: &[&str] = &["id", "code"];
/// Bytes of a value that people are shown.
const SHOWN: usize = 80;

/// What is said of a column's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) guess: Guess,
    /// Texts that stand for no value; empty if nothing but the empty text does.
    pub(super) nulls: Vec<String>,
    /// How numbers are written, if otherwise than `-1234.5`.
    pub(super) written: Option<Written>,
    /// The words of an enum.
    pub(super) words: Vec<String>,
    /// Whether its times are on somebody's clock.
    pub(super) on_a_clock: bool,
    /// What may be wrong with it.
    pub(super) doubt: Option<String>,
}

impl Said {
    /// Nothing is known but that it is text.
    pub(super) fn text() -> Self {
        Self::of_type(ColumnType::Text)
    }

    /// Values of a type that needs no pattern.
    pub(super) fn of_type(kind: ColumnType) -> Self {
        let guess = Guess { kind, pattern: None, truth: None };
        Self { guess, nulls: Vec::new(), written: None, words: Vec::new(), on_a_clock: false, doubt: None }
    }

    /// The narrowest type that all of these values have.
    pub(super) fn of<'a>(values: &(impl Iterator<Item = &'a str> + Clone)) -> Self {
        let plain = Self { guess: Guess::of(values.clone()), ..Self::text() };
        let given: Vec<&str> = values.clone().map(str::trim).filter(|value| !value.is_empty()).collect();
        if given.is_empty() {
            return Self { doubt: Some("no record has a value, so nothing is known of it".to_owned()), ..plain };
        }
        match plain.guess.kind {
            ColumnType::Integer | ColumnType::Date => digits(&given).unwrap_or(plain).doubted(),
            ColumnType::Decimal { scale, .. } if scale > EXACT => {
                let doubt = "binary numbers; a decimal with digits = \"binary\" would be exact";
                Self { doubt: Some(doubt.to_owned()), ..Self::of_type(ColumnType::Float) }
            }
            ColumnType::Text => time(&given).or_else(|| other(&given)).unwrap_or(plain).doubted(),
            ColumnType::Decimal { .. } => codes(&given).unwrap_or(plain),
            _ => plain.doubted(),
        }
    }

    /// A text out of few, if each comes often enough to be one of a closed set.
    pub(super) fn or_enum(self, values: &BTreeSet<String>, times: u64) -> Self {
        let is_word = |word: &String| word.len() <= LONGEST_WORD && word.chars().any(char::is_alphabetic);
        let few = (2..=WORDS).contains(&values.len()) && times >= OFTEN * values.len() as u64;
        if !self.is_text() || !few || !values.iter().all(is_word) {
            return self;
        }
        let words: Vec<String> = values.iter().cloned().collect();
        let doubt = format!(
            "no other words occur, each of these some {} times; another one will be a reject",
            times / words.len() as u64
        );
        Self { words, doubt: Some(doubt), ..Self::of_type(ColumnType::Enum) }
    }

    /// A text, if the column's name says that its decimals name something: chapter 1 is not chapter 1.0.
    pub(super) fn or_code(self, name: &str) -> Self {
        let last = name.rsplit('_').next().unwrap_or(name);
        if !matches!(self.guess.kind, ColumnType::Decimal { .. }) || !CODES.contains(&last) {
            return self;
        }
        Self { doubt: Some("its name says that these are codes, and no decimals".to_owned()), ..Self::text() }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.guess.kind, ColumnType::Integer | ColumnType::Decimal { .. } | ColumnType::Float)
    }

    pub(super) fn is_text(&self) -> bool {
        self.guess.kind == ColumnType::Text
    }

    /// Says what may be wrong with it, as far as it shows.
    fn doubted(self) -> Self {
        let doubt = match self.guess.pattern {
            Some(pattern) if pattern.starts_with("%d/%m/") => Some("day before month"),
            Some(pattern) if pattern.starts_with("%m/%d/") => Some("month before day"),
            _ if self.written.is_some() => Some("numbers written so"),
            _ => None,
        };
        Self { doubt: self.doubt.clone().or(doubt.map(str::to_owned)), ..self }
    }

    fn at(pattern: Option<&'static str>, kind: ColumnType, on_a_clock: bool) -> Self {
        Self { guess: Guess { kind, pattern, truth: None }, on_a_clock, ..Self::text() }
    }
}

/// A value as people are shown it: cut, if it is long.
pub(super) fn shown(value: &str) -> String {
    let mut end = SHOWN.min(value.len());
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    let cut = value.get(..end).unwrap_or_default();
    if end < value.len() { format!("{cut}…") } else { cut.to_owned() }
}

/// Digits that are all a day and a time: a number that counts something is hardly ever all of them.
fn digits(values: &[&str]) -> Option<Said> {
    let length = values.first()?.len();
    let (_, pattern) = DIGITS.iter().find(|(digits, _)| *digits == length)?;
    let all = values.len() > 1 && values.iter().all(|value| value.len() == length && is_instant(value, Some(pattern)));
    let plausible = values.iter().all(|value| value.starts_with("19") || value.starts_with("20"));
    let doubt = Some(format!("all are days and times written {pattern}"));
    (all && plausible).then(|| Said { doubt, ..Said::at(Some(pattern), ColumnType::Timestamp, true) })
}

/// Numbers of chapters and the like: `1.1` and `1.10` are two of them, and would be one decimal.
fn codes(values: &[&str]) -> Option<Said> {
    let mut shortest = BTreeMap::new();
    let twins = values.iter().find_map(|value| {
        let short = value.trim_end_matches('0');
        let other = shortest.insert(short, value).filter(|other| *other != value && !short.ends_with('.'))?;
        Some((other, value)).filter(|_| short.contains('.'))
    });
    let (one, other) = twins.filter(|_| !values.iter().any(|value| value.starts_with(['-', '+'])))?;
    let doubt = format!("{one} and {other} would be one decimal; if they are measured and no codes, it is one");
    Some(Said { doubt: Some(doubt), ..Said::text() })
}

fn time(values: &[&str]) -> Option<Said> {
    let all = |fits: &dyn Fn(&str) -> bool| values.iter().all(|value| fits(value));
    let by = |patterns: &'static [&str], fits: &dyn Fn(&str, &str) -> bool| {
        patterns.iter().copied().find(|pattern| all(&|value| fits(value, pattern)))
    };
    if let Some(pattern) = local_time(values.iter().copied()) {
        return Some(Said::at(Some(pattern), ColumnType::Timestamp, true));
    }
    if all(&|value| value.len() > 10 && is_instant(value, None)) {
        return Some(Said::at(None, ColumnType::Timestamp, true));
    }
    if let Some(pattern) = by(DAYS, &is_day) {
        return Some(Said::at(Some(pattern), ColumnType::Date, false));
    }
    if let Some(pattern) = by(WITH_OFFSET, &|value, pattern| is_instant(value, Some(pattern))) {
        return Some(Said::at(Some(pattern), ColumnType::Timestamp, false));
    }
    if let Some(pattern) = by(LOCAL, &|value, pattern| is_instant(value, Some(pattern))) {
        return Some(Said::at(Some(pattern), ColumnType::Timestamp, true));
    }
    // A workbook's midnights are days.
    if values.iter().any(|value| value.contains('T')) && all(&|value| is_instant(value, None)) {
        return Some(Said::at(None, ColumnType::Timestamp, true));
    }
    if all(&|value| value.contains(':') && is_time_of_day(value, None)) {
        return Some(Said::at(None, ColumnType::Time, false));
    }
    let pattern = by(OF_DAY, &|value, pattern| is_time_of_day(value, Some(pattern)) && value.parse::<f64>().is_err())?;
    Some(Said::at(Some(pattern), ColumnType::Time, false))
}

fn other(values: &[&str]) -> Option<Said> {
    if values.iter().all(|value| uuid(value).is_some()) {
        return Some(Said::of_type(ColumnType::Uuid));
    }
    if let Some(said) = exponents(values) {
        return Some(said);
    }
    if let Some((guess, written)) = otherwise_written(values.iter().copied()) {
        return Some(Said { guess, written: Some(written), ..Said::text() });
    }
    let is_json =
        |value: &&str| value.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok();
    if values.iter().all(is_json) {
        return Some(Said { doubt: Some("all are JSON".to_owned()), ..Said::of_type(ColumnType::Json) });
    }
    two_patterns(values)
}

/// Decimals of which a few are written with an exponent: programs print 1000 as `1e3`.
fn exponents(values: &[&str]) -> Option<Said> {
    let has_exponent = |value: &&&str| value.contains(['e', 'E']) && value.parse::<f64>().is_ok_and(f64::is_finite);
    let few: Vec<&&str> = values.iter().filter(has_exponent).collect();
    let guess = Guess::of(values.iter().copied().filter(|value| !has_exponent(&value)));
    let ColumnType::Decimal { precision, scale: scale @ 0..=EXACT } = guess.kind else { return None };
    let first = few.first().filter(|_| few.len() * FEW < values.len())?;
    let written = Written { digits: Digits::Binary, ..Written::default() };
    let kind = ColumnType::Decimal { precision: precision + FAR, scale };
    let doubt = format!("a few numbers have an exponent, such as {first}");
    Some(Said { guess: Guess { kind, ..guess }, written: Some(written), doubt: Some(doubt), ..Said::text() })
}

/// Times that are written in two ways stay text, and people are told why.
fn two_patterns(values: &[&str]) -> Option<Said> {
    let all = || {
        DAYS.iter().chain(LOCAL).copied().chain([
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M:%S",
            "%d/%m/%Y",
            "%m/%d/%Y",
            "%Y-%m-%d",
        ])
    };
    let fits = |value: &str, pattern: &str| {
        is_day(value, pattern) && (!pattern.contains("%H") || is_instant(value, Some(pattern)))
    };
    let looks_so = |value: &&str| {
        value.contains(['-', '/', ':']) && value.bytes().filter(u8::is_ascii_digit).count() >= DATE_DIGITS
    };
    if !values.iter().all(looks_so) {
        return None;
    }
    let first = || values.iter().take(TOLD);
    let one = all().max_by_key(|pattern| first().filter(|value| fits(value, pattern)).count())?;
    let rest: Vec<&&str> = values.iter().filter(|value| !fits(value, one)).collect();
    let other = all().find(|pattern| rest.len() < values.len() && rest.iter().all(|value| fits(value, pattern)))?;
    let doubt = format!(
        "times written in two ways, {one} and {other}, and a column has one pattern: text, until a [[version]] tells them apart"
    );
    Some(Said { doubt: Some(doubt), ..Said::text() })
}

#[cfg(test)]
mod tests;
