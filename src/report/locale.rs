//! How a report writes numbers and days.

use jiff::{civil::Date, tz::TimeZone};

/// A typographic minus: as wide as a plus.
const MINUS: char = '\u{2212}';

/// The language of a report's figures and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// 1,234.5 and 31 Dec 2026.
    English,
    /// 1.234,5 and 31.12.2026.
    German,
    /// 1.234,5 and 31/12/2026.
    Spanish,
    /// 1 234,5 and 31/12/2026.
    French,
}

impl Locale {
    /// What `language` may be in a report.toml, and what each means.
    pub const WORDS: [(&'static str, Self); 4] =
        [("en", Self::English), ("de", Self::German), ("es", Self::Spanish), ("fr", Self::French)];

    /// The language tag, for `<html lang>`.
    pub fn tag(self) -> &'static str {
        Self::WORDS.iter().find(|(_, locale)| *locale == self).map_or("en", |(tag, _)| tag)
    }

    /// Writes a number as JSON has it (`-1234.5`, `1e-7`) with so many digits after the point, halves away from zero;
    /// without a count, with those that it has. None if the text is no number.
    pub fn number(self, text: &str, decimals: impl Into<Option<usize>>) -> Option<String> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let own = || digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let decimals = decimals.into().unwrap_or_else(own);
        let rounded = if digits.contains(['e', 'E']) {
            format!("{:.decimals$}", digits.parse::<f64>().ok()?)
        } else {
            round(digits, decimals)?
        };
        let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
        let zero = rounded.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let mut out = String::with_capacity(text.len() + 4);
        if negative && !zero {
            out.push(MINUS);
        }
        self.group(whole, &mut out);
        if !fraction.is_empty() {
            out.push(self.point());
            out.push_str(fraction);
        }
        Some(out)
    }

    /// Writes a day.
    pub fn date(self, date: Date) -> String {
        let pattern = match self {
            Self::English => "%-d %b %Y",
            Self::German => "%d.%m.%Y",
            Self::Spanish | Self::French => "%d/%m/%Y",
        };
        date.strftime(pattern).to_string()
    }

    /// Writes a day of this year or last.
    pub fn day_and_month(self, date: Date) -> String {
        let pattern = match self {
            Self::English => "%-d %b",
            Self::German => "%d.%m.",
            Self::Spanish | Self::French => "%d/%m",
        };
        date.strftime(pattern).to_string()
    }

    /// Writes an instant as the clocks of `zone` show it, to the minute.
    pub fn moment(self, at: jiff::Timestamp, zone: &TimeZone) -> String {
        let there = at.to_zoned(zone.clone());
        format!("{}, {}", self.date(there.date()), there.strftime("%H:%M"))
    }

    fn point(self) -> char {
        if self == Self::English { '.' } else { ',' }
    }

    fn group(self, whole: &str, out: &mut String) {
        let separator = match self {
            Self::English => ',',
            Self::German | Self::Spanish => '.',
            Self::French => '\u{202f}',
        };
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                out.push(separator);
            }
            out.push(digit);
        }
    }
}

/// Rounds a plain decimal without ever making a binary number of it.
fn round(digits: &str, decimals: usize) -> Option<String> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) {
        return None;
    }
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(decimals).collect();
    let up = fraction.chars().nth(decimals).is_some_and(|next| next >= '5');
    let mut rounded: Vec<u8> = whole.bytes().chain(kept.bytes()).collect();
    if up {
        increment(&mut rounded);
    }
    let point = rounded.len() - decimals;
    if decimals > 0 {
        rounded.insert(point, b'.');
    }
    String::from_utf8(rounded).ok()
}

/// Adds one to a run of decimal digits.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_exactly_and_grouped() {
        let cases = [
            ("0", 0, "0"),
            ("1234567.891", 2, "1,234,567.89"),
            ("1.005", 2, "1.01"),
            ("999.995", 2, "1,000.00"),
            ("-0.004", 2, "0.00"),
            ("-12.5", 0, "\u{2212}13"),
            ("123456789012345678901234567890.5", 1, "123,456,789,012,345,678,901,234,567,890.5"),
            ("1e-7", 8, "0.00000010"),
        ];
        for (text, decimals, written) in cases {
            assert_eq!(Locale::English.number(text, decimals).as_deref(), Some(written), "{text} to {decimals}");
        }
        assert_eq!(Locale::English.number("NaN", 2), None);
        assert_eq!(Locale::English.number("1117.20", None).as_deref(), Some("1,117.20"));
    }

    #[test]
    fn each_language_has_its_own_signs() {
        assert_eq!(Locale::German.number("1234.5", 1).unwrap(), "1.234,5");
        assert_eq!(Locale::French.number("1234.5", 1).unwrap(), "1\u{202f}234,5");
        assert_eq!(Locale::English.date(Date::constant(2026, 8, 2)), "2 Aug 2026");
        assert_eq!(Locale::German.date(Date::constant(2026, 8, 2)), "02.08.2026");
    }

    #[test]
    fn an_instant_is_shown_by_the_clocks_of_the_reports_zone() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let at = "2026-10-25T00:30:00Z".parse().unwrap();
        assert_eq!(Locale::English.moment(at, &zone), "25 Oct 2026, 02:30");
    }
}
