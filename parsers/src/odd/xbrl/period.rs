//! When a fact holds. An instance writes days or times; here they are as in the Open Information Model (OIM), times
//! all: a day on which something begins is its first midnight, a day on which it ends, or at which it holds, its last.

use jiff::civil::{Date, Time};

use super::element::{Element, INSTANCE};

/// A period: an instant, from one time to another, or forever.
#[derive(Debug, Default)]
pub(super) struct Period {
    pub(super) instant: Option<String>,
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    /// `2021-01-01T01:00:00`, `2021-01-01T00:00:00/2022-01-01T00:00:00` or `forever`.
    pub(super) text: String,
}

impl Period {
    pub(super) fn read(element: &Element) -> Result<Self, String> {
        let names: Vec<&str> = element.children.iter().map(|child| child.name.local.as_str()).collect();
        if element.children.iter().any(|child| child.name.namespace != INSTANCE) {
            return Err(format!("has a period of {}", names.join(", ")));
        }
        match (names.as_slice(), element.children.as_slice()) {
            (["instant"], [instant]) => {
                let instant = time(instant, true)?;
                Ok(Self { text: instant.clone(), instant: Some(instant), ..Self::default() })
            }
            (["startDate", "endDate"], [start, end]) => {
                let (start, end) = (time(start, false)?, time(end, true)?);
                Ok(Self { text: format!("{start}/{end}"), start: Some(start), end: Some(end), instant: None })
            }
            (["forever"], _) => Ok(Self { text: "forever".to_owned(), ..Self::default() }),
            _ => Err(format!(
                "has a period of {}",
                if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
            )),
        }
    }
}

/// The time that a text stands for, with its zone if it has one.
fn time(element: &Element, ends: bool) -> Result<String, String> {
    let text = element.token()?;
    read(text, ends).ok_or_else(|| format!("has the {} {text:?}, which is no day and no time", element.name.local))
}

fn read(text: &str, ends: bool) -> Option<String> {
    let (day, rest) = text.split_at_checked("2021-01-01".len())?;
    let day: Date = day.parse().ok()?;
    let midnight = |day: Date, zone: &str| is_zone(zone).then(|| format!("{day}T00:00:00{zone}"));
    let Some(rest) = rest.strip_prefix('T') else {
        return midnight(if ends { day.tomorrow().ok()? } else { day }, rest);
    };
    let (time, after) = rest.split_at_checked("00:00:00".len())?;
    if time == "24:00:00" {
        return midnight(day.tomorrow().ok()?, after);
    }
    let digits = after.strip_prefix('.').map_or(0, |after| 1 + after.bytes().take_while(u8::is_ascii_digit).count());
    let (fraction, zone) = after.split_at_checked(digits)?;
    format!("{time}{fraction}").parse::<Time>().ok().filter(|_| is_zone(zone)).map(|_| format!("{day}T{rest}"))
}

fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        b"" | b"Z" => true,
        [b'+' | b'-', hours @ .., b':', b'0'..=b'5', b'0'..=b'9'] => {
            matches!(hours, [b'0', b'0'..=b'9'] | [b'1', b'0'..=b'4'])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn days_and_times_are_times_and_a_day_that_ends_something_ends_at_midnight() {
        let cases = [
            ("2021-01-01", false, "2021-01-01T00:00:00"),
            ("2021-12-31", true, "2022-01-01T00:00:00"),
            ("2021-12-31Z", true, "2022-01-01T00:00:00Z"),
            ("2021-02-28T24:00:00", true, "2021-03-01T00:00:00"),
            ("2021-01-01T01:00:00", true, "2021-01-01T01:00:00"),
            ("2021-01-01T01:00:00.25-05:00", false, "2021-01-01T01:00:00.25-05:00"),
        ];
        for (text, ends, expected) in cases {
            assert_eq!(read(text, ends).as_deref(), Some(expected), "{text}");
        }
        let none = [
            "",
            "2021",
            "2021-02-30",
            "2021-01-01T",
            "2021-01-01T25:00:00",
            "2021-01-01T01:00:00EST",
            "2021-01-01 x",
            "2021-01-0é",
        ];
        for text in none {
            assert_eq!(read(text, true), None, "{text}");
        }
    }
}
