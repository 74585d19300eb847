use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::schema::Fold;

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
    Clock::of(TimeZone::get("Europe/Madrid").unwrap(), fold)
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
    let clock = Clock::of(TimeZone::fixed(Offset::constant(10)), Fold::Refuse);
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

#[test]
fn a_pattern_takes_what_it_says_and_no_more() {
    let read = |text, pattern| date(text, Some(pattern)).map(|date| date.to_string());
    assert_eq!(read("1.2.2026", "%d.%m.%Y").unwrap(), "2026-02-01", "a zero in front may be left out");
    assert_eq!(read("0926-01-02", "%Y-%m-%d").unwrap(), "0926-01-02");
    assert_eq!(read("01.02.26", "%d.%m.%y").unwrap(), "2026-02-01");
    for (text, pattern) in [("01.02.26", "%d.%m.%Y"), ("126-01-02", "%Y-%m-%d"), ("2026111", "%Y%m%d")] {
        assert!(read(text, pattern).is_err(), "{text}");
    }
    for (text, pattern) in [("Jan 2026", "%b %Y"), ("2026-01", "%Y-%m"), ("2026", "%Y"), ("202601", "%Y%m")] {
        assert_eq!(read(text, pattern).unwrap(), "2026-01-01", "{pattern}");
    }
    assert_eq!(read("2026-032", "%Y-%j").unwrap(), "2026-02-01");
    let utc = Clock::of(TimeZone::UTC, Fold::Refuse);
    let moment = |text, pattern| instant(text, pattern, Some(&utc)).map(|instant| instant.to_string());
    assert!(moment("2026-08-22T23:59:60Z", None).is_err() && moment("20260822 235960", Some("%Y%m%d %H%M%S")).is_err());
    assert_eq!(moment("20260822 235959", Some("%Y%m%d %H%M%S")).unwrap(), "2026-08-22T23:59:59Z");
    assert!(moment("2026-08-22 23:59:60", Some("%Y-%m-%d %H:%M:%S")).is_err(), "not even where the minute is the 59th");
    assert_eq!(moment("1960-06-01 23:59:59", Some("%Y-%m-%d %k:%M:%S")).unwrap(), "1960-06-01T23:59:59Z");
    assert!(of_day("23:59:60", Some("%H:%M:%S")).is_err() && of_day("11:59:59 PM", Some("%I:%M:%S %p")).is_ok());
    assert!(moment("2026082 2359", Some("%Y%m%d %H%M")).is_err());
    assert_eq!(moment("20260401 0:30", Some("%Y%m%d %H:%M")).unwrap(), "2026-04-01T00:30:00Z");
    assert_eq!(moment("20260401 0:30:01.50", Some("%Y%m%d %H:%M:%S%.f")).unwrap(), "2026-04-01T00:30:01.5Z");
}

#[test]
fn a_pattern_that_can_read_nothing_is_known() {
    let dates = ["%d.%m.%Y", "%b %Y", "%Y", "%G-W%V-%u", "%Y%j", "%F", "%A, %d %B %Y"];
    let times = ["%Y-%m-%dT%H:%M:%S%:z", "%d/%m/%y %I:%M %p", "%s", "%Y%m%d%H", "%F %T"];
    for (kind, good, bad) in [
        (ColumnType::Date, &dates[..], &["%H:%M", "%m", "", "%Q%Y"][..]),
        (ColumnType::Time, &["%H:%M", "%H%M", "%I:%M:%S %p"], &["%Y-%m-%d", "%M", "x"]),
        (ColumnType::Timestamp, &times, &["%d/%m %H:%M", "%H:%M", "%b %Y"]),
    ] {
        for pattern in good {
            assert_eq!(is_readable(pattern, kind), Ok(()), "{pattern}");
        }
        for pattern in bad {
            assert!(is_readable(pattern, kind).is_err(), "{pattern}");
        }
    }
}

#[test]
fn midnight_may_be_the_end_of_its_day() {
    let clock = Clock::of(TimeZone::UTC, Fold::Refuse);
    let cases = [
        ("01/31/1997 24:00", Some("%m/%d/%Y %H:%M"), "1997-02-01T00:00:00Z"),
        ("20241231 2400", Some("%Y%m%d %H%M"), "2025-01-01T00:00:00Z"),
        ("2024/2/24 24:00:00", Some("%Y/%m/%d %H:%M:%S"), "2024-02-25T00:00:00Z"),
        ("2024-02-24T24:00", None, "2024-02-25T00:00:00Z"),
        ("24/02/24 24:00", Some("%y/%m/%d %H:%M"), "2024-02-25T00:00:00Z"),
    ];
    for (text, pattern, meant) in cases {
        assert_eq!(instant(text, pattern, Some(&clock)).unwrap().to_string(), meant);
    }
    for text in ["1997-01-01T24:01", "1997-01-01T25:00", "1997-02-30T24:00", "2024-24-01T00:00", "9999-12-31T24:00"] {
        assert!(instant(text, None, Some(&clock)).is_err(), "{text}");
    }
}

#[test]
fn a_time_of_day_has_hours_and_minutes_at_least() {
    let read = |text| of_day(text, None).map(|time| time.to_string());
    assert_eq!(read("05:30").unwrap(), "05:30:00");
    assert_eq!(read("23:59:59.999999").unwrap(), "23:59:59.999999");
    assert_eq!(of_day("0530", Some("%H%M")).unwrap().to_string(), "05:30:00");
    for text in [
        "",
        "5",
        "05",
        "0530",
        "24:00",
        "05:60",
        "23:59:60",
        "05:30Z",
        "05:30+02:00",
        "05:30:00.0000001",
        "T05:30",
        "05:30 ",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
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
