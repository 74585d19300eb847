//! Dates and instants; a local time is read on the dataset's own clock, never on a guessed one.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    fmt::{strtime::BrokenDownTime, temporal::DateTimeParser},
    tz::{AmbiguousOffset, Offset, TimeZone},
};

use super::{Clock, Fold};

mod plain;

/// Years are counted from the first: what PostgreSQL makes of those before is none that the file has.
const FIRST: Timestamp = Timestamp::constant(-62_135_596_800, 0);
const OUTSIDE: &str = "lies outside of the calendar";

static ISO: DateTimeParser = DateTimeParser::new();

/// A day: by its pattern, else as `2026-08-22`.
pub(super) fn date(text: &str, pattern: Option<&str>) -> Result<Date, String> {
    let plain = match pattern {
        Some(pattern) => plain::by_pattern(text, pattern).map(DateTime::date),
        None => plain::date(text),
    };
    let date = plain.or_else(|| full_date(text, pattern));
    date.ok_or_else(|| format!("is not a date written as {}", pattern.unwrap_or("%Y-%m-%d")))
}

fn full_date(text: &str, pattern: Option<&str>) -> Option<Date> {
    let date = match pattern {
        Some(pattern) => BrokenDownTime::parse(pattern, text).and_then(|time| time.to_date()).ok(),
        None if text.len() == "2026-08-22".len() => ISO.parse_date(text).ok(),
        None => None,
    };
    date.filter(|date| date.year() > 0)
}

/// An instant: by its pattern, else ISO 8601. A text without an offset is a time on `clock`.
pub(super) fn instant(text: &str, pattern: Option<&str>, clock: Option<&Clock>) -> Result<Timestamp, String> {
    let Some(read) = plain_time(text, pattern).or_else(|| full_time(text, pattern)) else {
        return Err(format!("is not a time written as {}", pattern.unwrap_or("ISO 8601 says")));
    };
    let instant = match (read, clock) {
        (Read::Instant(instant), _) => instant,
        (Read::Local(local), Some(clock)) => on_clock(local, clock)?,
        (Read::Local(_), None) => return Err("has no offset, and the dataset does not say whose clock this is".into()),
    };
    if instant < FIRST {
        return Err(OUTSIDE.to_owned());
    }
    if instant.subsec_nanosecond() % 1000 != 0 {
        return Err("is finer than a microsecond".to_owned());
    }
    Ok(instant)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Instant(Timestamp),
    Local(DateTime),
}

fn plain_time(text: &str, pattern: Option<&str>) -> Option<Read> {
    match pattern {
        Some(pattern) => plain::by_pattern(text, pattern).map(Read::Local),
        None => match plain::time(text)? {
            (time, true) => Offset::UTC.to_timestamp(time).ok().map(Read::Instant),
            (time, false) => Some(Read::Local(time)),
        },
    }
}

fn full_time(text: &str, pattern: Option<&str>) -> Option<Read> {
    let (instant, local) = match pattern {
        Some(pattern) => {
            let time = BrokenDownTime::parse(pattern, text).ok()?;
            (time.to_timestamp().ok(), time.to_datetime().ok())
        }
        None => (ISO.parse_timestamp(text).ok(), ISO.parse_datetime(text).ok()),
    };
    let local = local.filter(|local| local.year() > 0);
    instant.map(Read::Instant).or(local.map(Read::Local))
}

fn on_clock(local: DateTime, clock: &Clock) -> Result<Timestamp, String> {
    if clock.zone == TimeZone::UTC {
        return Offset::UTC.to_timestamp(local).ok().ok_or_else(|| OUTSIDE.to_owned());
    }
    let ambiguous = clock.zone.to_ambiguous_timestamp(local);
    let instant = match (ambiguous.offset(), clock.fold) {
        (AmbiguousOffset::Unambiguous { .. }, _) => ambiguous.unambiguous(),
        (AmbiguousOffset::Gap { .. }, _) => return Err("does not exist: clocks were put forward over it".into()),
        (AmbiguousOffset::Fold { .. }, Fold::Earlier) => ambiguous.earlier(),
        (AmbiguousOffset::Fold { .. }, Fold::Later) => ambiguous.later(),
        (AmbiguousOffset::Fold { .. }, Fold::Refuse) => {
            return Err(
                "exists twice: clocks were put back over it, and the dataset does not say which is meant".into()
            );
        }
    };
    instant.ok().ok_or_else(|| OUTSIDE.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATTERNS: [Option<&str>; 8] = [
        None,
        Some("%Y-%m-%d"),
        Some("%Y/%m/%d %H:%M:%S"),
        Some("%Y-%m-%dT%H:%M"),
        Some("%Y/%m/%d  %H"),
        Some("%Y-%m-%d %M:%S"),
        Some("%Y%m%d%H%M"),
        Some("%d/%m/%Y"),
    ];

    fn madrid(fold: Fold) -> Clock {
        Clock { zone: TimeZone::get("Europe/Madrid").unwrap(), fold }
    }

    fn local(text: &str, clock: &Clock) -> Result<String, String> {
        instant(text, Some("%Y/%m/%d %H:%M:%S"), Some(clock)).map(|instant| instant.to_string())
    }

    #[test]
    fn a_time_with_an_offset_needs_no_clock_and_one_without_is_refused() {
        assert_eq!(instant("2025-09-28T22:00Z", None, None).unwrap().to_string(), "2025-09-28T22:00:00Z");
        assert_eq!(instant("2025-09-29T00:00:00+02:00", None, None).unwrap().to_string(), "2025-09-28T22:00:00Z");
        assert!(instant("2025-09-28T22:00", None, None).unwrap_err().starts_with("has no offset"));
        assert_eq!(instant("0001-01-01T00:00:00Z", None, None), Ok(FIRST));
        for before in ["0000-12-31T23:59:59Z", "-005000-01-02T00:00:00Z", "0001-01-01T00:00:00+01:00"] {
            assert_eq!(instant(before, None, None).unwrap_err(), OUTSIDE);
        }
        assert!(instant("2025-09-28T22:00:00.0000001Z", None, None).unwrap_err().contains("microsecond"));
    }

    #[test]
    fn market_time_is_a_fixed_offset_in_summer_and_in_winter() {
        let clock = Clock { zone: TimeZone::fixed(Offset::constant(10)), fold: Fold::Refuse };
        assert_eq!(local("2025/01/01 00:30:00", &clock).unwrap(), "2024-12-31T14:30:00Z");
        assert_eq!(local("2025/07/01 00:30:00", &clock).unwrap(), "2025-06-30T14:30:00Z");
    }

    #[test]
    fn an_hour_that_a_zone_skips_is_refused_and_one_that_it_has_twice_needs_a_word() {
        assert!(local("2025/03/30 02:30:00", &madrid(Fold::Earlier)).unwrap_err().contains("does not exist"));
        assert!(local("2025/10/26 02:30:00", &madrid(Fold::Refuse)).unwrap_err().contains("exists twice"));
        assert_eq!(local("2025/10/26 02:30:00", &madrid(Fold::Earlier)).unwrap(), "2025-10-26T00:30:00Z");
        assert_eq!(local("2025/10/26 02:30:00", &madrid(Fold::Later)).unwrap(), "2025-10-26T01:30:00Z");
    }

    #[test]
    fn dates_are_read_whole_or_not_at_all() {
        assert_eq!(date("2026-08-22", None).unwrap().to_string(), "2026-08-22");
        assert_eq!(date("22/08/2026", Some("%d/%m/%Y")).unwrap().to_string(), "2026-08-22");
        for text in ["2026-02-29", "20260822", "2026-08-22T00:00", "2026-08-22 ", "-002026-08-22", ""] {
            assert!(date(text, None).is_err(), "{text}");
        }
        assert!(date("22/08/2026x", Some("%d/%m/%Y")).is_err());
    }

    proptest! {
        #[test]
        fn the_plain_form_means_what_the_full_reader_reads(
            text in "[0-9]{4}[-/][01][0-9][-/][0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?Z?)?|[-+0-9T:Z /]{0,20}",
            pattern in prop::sample::select(PATTERNS.to_vec()),
        ) {
            if let Some(plain) = plain_time(&text, pattern) {
                prop_assert_eq!(Some(plain), full_time(&text, pattern));
            }
            prop_assert_eq!(date(&text, pattern).ok(), full_date(&text, pattern));
        }

        #[test]
        fn every_instant_is_read_back_from_its_local_time(seconds in 0_i64..4_000_000_000) {
            let clock = madrid(Fold::Refuse);
            let instant = Timestamp::from_second(seconds).unwrap();
            let text = instant.to_zoned(clock.zone.clone()).strftime("%Y/%m/%d %H:%M:%S").to_string();
            match local(&text, &clock) {
                Ok(read) => prop_assert_eq!(read, instant.to_string()),
                Err(reason) => prop_assert!(reason.starts_with("exists twice"), "{}: {}", text, reason),
            }
        }
    }
}
