//! Time zones by their names.

use jiff::tz::{Offset, TimeZone};

use super::Section;

impl Section<'_> {
    /// The time zone that a key's text names; what is none is noted.
    pub(crate) fn zone(&self, key: &str, text: &str) -> Option<TimeZone> {
        let found = offset(text).map(TimeZone::fixed).or_else(|| TimeZone::get(text).ok());
        if found.is_none() {
            let help = "write \"UTC\", a fixed offset such as \"+10:00\", or a zone such as \"Europe/Madrid\"";
            self.mistake(key, format!("{text:?} is no time zone that this system knows"), Some(help.into()));
        }
        found
    }
}

/// An offset such as `+10:00`.
pub(crate) fn offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let part = |text: &str, below: i32| text.parse::<i32>().ok().filter(|part| (0..below).contains(part));
    let (hours, minutes) = (part(hours, 26)?, part(minutes, 60)?);
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}
