//! What type a column's values may have: for suggestions to people, never for loading.

use std::{collections::BTreeSet, fmt};

use jiff::tz::TimeZone;

use super::{
    Clock, ColumnType, Digits, Fold, Written,
    number::{self, Use},
    time,
};

/// The pattern that needs not be said.
const ISO: &str = "%Y-%m-%d";

/// Patterns of dates that publishers like, the unambiguous ones first.
const DATES: &[&str] = &["%d.%m.%Y", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d-%b-%Y", "%d-%b-%y"];

/// Patterns of times without an offset.
const TIMES: &[&str] = &[
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
];

/// Pairs of words for true and false.
const TRUTHS: &[(&str, &str)] = &[("true", "false"), ("Y", "N"), ("Yes", "No"), ("yes", "no"), ("TRUE", "FALSE")];

/// A type that all of a column's values have, as it would stand in a definition: `type = "date"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The type.
    pub kind: ColumnType,
    /// The pattern of a date that is not ISO 8601.
    pub pattern: Option<&'static str>,
    /// The words for true and false, where they are not these.
    pub truth: Option<(&'static str, &'static str)>,
}

impl Guess {
    /// The narrowest type that all of these values have; empty ones count as no value.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let values = given(values);
        let plain = |kind| Self { kind, pattern: None, truth: None };
        if values.is_empty() {
            return plain(ColumnType::Text);
        }
        if let Some(truth) = truth(&values) {
            let truth = Some(truth).filter(|words| *words != ("true", "false"));
            return Self { kind: ColumnType::Boolean, pattern: None, truth };
        }
        if let Some(pattern) = date(&values) {
            return Self {
                kind: ColumnType::Date,
                pattern: Some(pattern).filter(|pattern| *pattern != ISO),
                truth: None,
            };
        }
        if values.iter().all(|value| time::instant(value, None, None).is_ok()) {
            return plain(ColumnType::Timestamp);
        }
        plain(numeric(&values).unwrap_or(ColumnType::Text))
    }
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "type = \"{}\"", self.kind)?;
        if let Some(pattern) = self.pattern {
            write!(f, ", pattern = \"{pattern}\"")?;
        }
        match self.truth {
            Some((yes, no)) => write!(f, ", yes = \"{yes}\", no = \"{no}\""),
            None => Ok(()),
        }
    }
}

/// Marks before decimals and between thousands that publishers like, those first that say more.
const MARKS: &[(char, Option<char>)] = &[('.', Some(',')), (',', Some('.')), (',', Some(' ')), (',', None)];
/// What stands around numbers.
const AROUND: &[(&str, &str)] =
    &[("", ""), ("$", ""), ("€ ", ""), ("€", ""), ("£", ""), ("", "%"), ("", " %"), ("", " €")];

/// The type of numbers that are written otherwise than `-1234.5`, and how they are.
pub(crate) fn otherwise_written<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<(Guess, Written)> {
    let values = given(values);
    let first = values.first()?;
    let ways = AROUND.iter().flat_map(|around| MARKS.iter().map(move |marks| (around, marks)));
    let ways = ways.map(|(&(prefix, suffix), &(decimal_mark, thousands))| {
        let (prefix, suffix) = (prefix.to_owned(), suffix.to_owned());
        Written { decimal_mark, thousands, prefix, suffix, digits: Digits::Exact }
    });
    let plain = |way: &Written, value: &str| {
        let mut plain = String::new();
        way.plain(value, Use::Decimal(30), &mut plain).map(|()| plain)
    };
    let fits = |way: &Written| {
        plain(way, first).ok()?;
        let plain: Vec<String> = values.iter().map(|value| plain(way, value)).collect::<Result<_, _>>().ok()?;
        Some(Guess::of(plain.iter().map(String::as_str)))
    };
    let mut typed = ways.filter_map(|way| fits(&way).map(|guess| (guess, way)));
    let (guess, way) =
        typed.find(|(guess, _)| matches!(guess.kind, ColumnType::Integer | ColumnType::Decimal { .. }))?;
    // A mark that no value has is not one of this publisher's.
    let thousands = way.thousands.filter(|mark| values.iter().any(|value| value.contains(*mark)));
    Some((guess, Written { thousands, ..way }))
}

/// The pattern of times without an offset that all values have; whose clock they are on nobody can see.
pub(crate) fn local_time<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
    let values = given(values);
    let clock = Clock::of(TimeZone::UTC, Fold::Refuse);
    let fits = |pattern: &str| values.iter().all(|value| time::instant(value, Some(pattern), Some(&clock)).is_ok());
    TIMES.iter().copied().find(|pattern| !values.is_empty() && fits(pattern))
}

/// Whether a text is an instant by this pattern, or by ISO 8601, on whatever clock.
pub(crate) fn is_instant(text: &str, pattern: Option<&str>) -> bool {
    let clock = Clock::of(TimeZone::UTC, Fold::Refuse);
    time::instant(text, pattern, Some(&clock)).is_ok()
}

/// Whether a text is a day by this pattern.
pub(crate) fn is_day(text: &str, pattern: &str) -> bool {
    time::date(text, Some(pattern)).is_ok()
}

/// Whether a text is a time of day by this pattern, or by ISO 8601.
pub(crate) fn is_time_of_day(text: &str, pattern: Option<&str>) -> bool {
    time::of_day(text, pattern).is_ok()
}

/// Values without white space around them; the empty ones are none.
fn given<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    values.into_iter().map(str::trim).filter(|value| !value.is_empty()).collect()
}

/// Both words must occur: a column of nothing but "Y" may mean anything.
fn truth(values: &[&str]) -> Option<(&'static str, &'static str)> {
    let different: BTreeSet<&str> = values.iter().copied().collect();
    TRUTHS.iter().copied().find(|&(yes, no)| different == BTreeSet::from([yes, no]))
}

/// The pattern that all values have.
fn date(values: &[&str]) -> Option<&'static str> {
    let fits = |pattern: &str| values.iter().all(|value| time::date(value, Some(pattern)).is_ok());
    let iso = values.iter().all(|value| time::date(value, None).is_ok());
    if iso { Some(ISO) } else { DATES.iter().copied().find(|pattern| fits(pattern)) }
}

/// Digits with a zero before them are a code, and stay text.
fn numeric(values: &[&str]) -> Option<ColumnType> {
    let digits = |value: &&str| value.trim_start_matches(['-', '+']).to_owned();
    let code = |value: &str| value.len() > 1 && value.starts_with('0') && !value.starts_with("0.");
    if values.iter().any(|value| code(&digits(value))) {
        return None;
    }
    if values.iter().all(|value| number::integer(value).is_ok()) {
        return Some(ColumnType::Integer);
    }
    let mut room = String::new();
    if !values.iter().all(|value| number::decimal(value, 60, 30, &mut room).is_ok()) {
        // `12E4` may be a code; with a point in it, it is a number in scientific notation.
        let scientific = values.iter().any(|value| value.contains('.') && value.contains(['e', 'E']));
        return (scientific && values.iter().all(|value| number::float(value).is_ok())).then_some(ColumnType::Float);
    }
    let parts = values.iter().map(digits);
    let (whole, scale) = parts.fold((0, 0), |(whole, scale), value| {
        let (before, after) = value.split_once('.').unwrap_or((&value, ""));
        (before.len().max(whole), after.len().max(scale))
    });
    // Room for values that are still to come.
    let scale = u16::try_from(scale).ok()?;
    Some(ColumnType::Decimal { precision: u16::try_from(whole).ok()? + scale + 4, scale })
}

#[cfg(test)]
mod tests {
    use super::Guess;

    fn guess(values: &[&str]) -> String {
        Guess::of(values.iter().copied()).to_string()
    }

    #[test]
    fn the_narrowest_type_of_all_values_is_guessed() {
        assert_eq!(guess(&["1", "-20", ""]), "type = \"integer\"");
        assert_eq!(guess(&["1.25", "100"]), "type = \"decimal(9,2)\"");
        assert_eq!(guess(&["2026-01-31", " 2026-02-01 "]), "type = \"date\"");
        assert_eq!(guess(&["31/01/2026"]), "type = \"date\", pattern = \"%d/%m/%Y\"");
        assert_eq!(guess(&["01/31/2026"]), "type = \"date\", pattern = \"%m/%d/%Y\"");
        assert_eq!(guess(&["2026-01-31T00:00:00Z"]), "type = \"timestamp\"");
        assert_eq!(guess(&["Y", "N", "Y"]), "type = \"boolean\", yes = \"Y\", no = \"N\"");
        assert_eq!(guess(&["-3.0000000000000001E-3", "12.5"]), "type = \"float\"");
        assert_eq!(guess(&["true", "false"]), "type = \"boolean\"");
    }

    #[test]
    fn what_is_not_clear_is_text() {
        for values in [&[][..], &[""], &["0801193", "1"], &["1", "n/a"], &["Y", "Y"], &["1,5"]] {
            assert_eq!(guess(values), "type = \"text\"", "{values:?}");
        }
    }
}
