use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;

use super::*;
use crate::schema::Fold;

const ZONES: [&str; 4] = ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "UTC"];
const HALF: SignedDuration = SignedDuration::from_mins(30);

fn clock(zone: &str) -> Clock {
    let offsets = vec![("EST".to_owned(), Offset::constant(-5)), ("EDT".to_owned(), Offset::constant(-4))];
    let repeated = Some(["A".to_owned(), "B".to_owned()]);
    Clock { zone: TimeZone::get(zone).unwrap(), fold: Fold::Refuse, offsets, repeated, interval: None }
}

fn moment(within: Within, label: Label, interval: SignedDuration) -> Moment {
    Moment { within, offset: None, mark: None, label, interval: Some(interval), extra: None }
}

/// What a record of a day and something beside it says.
fn read(moment: &Moment, clock: &Clock, text: &str, beside: &str) -> Result<String, String> {
    let extent = moment.read(text, None, Some(clock), |_| Some(beside));
    extent.map(|(start, end)| format!("{start} {}", end.unwrap().strftime("%H:%M")))
}

#[test]
fn hours_are_numbered_by_their_start_or_by_their_end() {
    let madrid = clock("Europe/Madrid");
    let end = moment(Within::Hour(0), Label::End, HOUR);
    assert_eq!(read(&end, &madrid, "2025-01-01", "1").unwrap(), "2024-12-31T23:00:00Z 00:00");
    assert_eq!(read(&end, &madrid, "2025-01-01", "24:00").unwrap(), "2025-01-01T22:00:00Z 23:00");
    assert_eq!(read(&end, &madrid, "2025-10-26", "3A").unwrap(), "2025-10-26T00:00:00Z 01:00");
    assert_eq!(read(&end, &madrid, "2025-10-26", "03B:00").unwrap(), "2025-10-26T01:00:00Z 02:00");
    for (day, hour, reason) in [
        ("2025-01-01", "0", "no hour from 1 to 24"),
        ("2025-01-01", "25", "no hour from 1 to 24"),
        ("2025-01-01", "+1", "no hour"),
        ("2025-01-01", "3B", "no clocks were put back"),
        ("2025-10-26", "3", "exists twice"),
        ("2025-03-30", "3", "does not exist"),
        ("2025-02-30", "1", "is not a date"),
    ] {
        let said = read(&end, &madrid, day, hour).unwrap_err();
        assert!(said.contains(reason), "{day} {hour}: {said}");
    }
    let start = moment(Within::Hour(0), Label::Start, HOUR);
    assert_eq!(read(&start, &madrid, "2025-01-01", "00").unwrap(), "2024-12-31T23:00:00Z 00:00");
    assert!(read(&start, &madrid, "2025-01-01", "24").is_err());
}

#[test]
fn an_extra_hour_is_the_second_of_the_two_and_is_on_no_other_day() {
    let york = Clock { repeated: None, ..clock("America/New_York") };
    let hours = Moment { extra: Some("25".to_owned()), ..moment(Within::Hour(0), Label::End, HOUR) };
    assert_eq!(read(&hours, &york, "2021-11-07", "2").unwrap(), "2021-11-07T05:00:00Z 06:00");
    assert_eq!(read(&hours, &york, "2021-11-07", "25").unwrap(), "2021-11-07T06:00:00Z 07:00");
    assert_eq!(read(&hours, &york, "2021-11-07", "3").unwrap(), "2021-11-07T07:00:00Z 08:00");
    assert_eq!(read(&hours, &york, "2021-11-08", "2").unwrap(), "2021-11-08T06:00:00Z 07:00");
    assert_eq!(
        read(&hours, &york, "2021-11-08", "25").unwrap_err(),
        "stands beside \"25\", and no hour of the day comes twice"
    );
    assert!(read(&hours, &york, "2021-03-14", "3").unwrap_err().contains("does not exist"));
}

#[test]
fn periods_are_counted_through_the_day_as_long_as_it_is() {
    let period = |interval| moment(Within::Period(0), Label::Start, interval);
    for (zone, day, interval, last) in [
        ("Europe/Madrid", "2025-03-30", HOUR, 23),
        ("Europe/Madrid", "2025-10-26", HOUR, 25),
        ("Europe/London", "2025-03-30", HALF, 46),
        ("Europe/London", "2025-10-26", HALF, 50),
        ("Europe/London", "2025-06-01", HALF, 48),
        ("Australia/Lord_Howe", "2025-10-05", HALF, 47),
    ] {
        let (clock, period) = (clock(zone), period(interval));
        assert!(read(&period, &clock, day, &last.to_string()).is_ok());
        let said = read(&period, &clock, day, &(last + 1).to_string()).unwrap_err();
        assert_eq!(said, format!("has {last} periods, and this is number {}", last + 1));
        assert!(read(&period, &clock, day, "0").is_err() && read(&period, &clock, day, "1.0").is_err());
    }
    assert_eq!(read(&period(HOUR), &clock("Europe/Madrid"), "2022-10-30", "25").unwrap(), "2022-10-30T22:00:00Z 23:00");
}

#[test]
fn a_label_of_the_end_is_taken_back_to_the_start() {
    let five = SignedDuration::from_mins(5);
    let moment = Moment { offset: Some(0), ..moment(Within::Text, Label::End, five) };
    let (york, read) = (clock("America/New_York"), |text, word| read(&moment, &clock("America/New_York"), text, word));
    assert_eq!(read("2025-02-01 00:05", "EST").unwrap(), "2025-02-01T05:00:00Z 05:05");
    assert_eq!(read("2025-02-01 24:00", "EST").unwrap(), "2025-02-02T04:55:00Z 05:00");
    assert_eq!(read("2025-11-02 01:00", "EDT").unwrap(), "2025-11-02T04:55:00Z 05:00");
    assert!(read("2026-03-08 02:00", "EST").unwrap_err().ends_with("say `label = \"ending\"`"));
    assert_eq!(read("2025-11-02 01:00", "EST").unwrap(), "2025-11-02T05:55:00Z 06:00");
    assert!(read("2025-07-01 00:05", "EST").unwrap_err().contains("its zone does not have then"));
    assert!(read("2025-07-01 00:05", "CST").unwrap_err().contains("\"CST\""));
    assert!(moment.read("2025-07-01 00:05", None, Some(&york), |_| None).unwrap_err().contains("no offset beside it"));
}

#[test]
fn an_hour_ending_is_told_by_the_clock_of_its_start() {
    let repeated = Some(["N".to_owned(), "Y".to_owned()]);
    let chicago = Clock { repeated, ..clock("America/Chicago") };
    let hourly = Moment { mark: Some(0), ..moment(Within::Text, Label::Ending, HOUR) };
    let fall = [("01:00", "N"), ("02:00", "N"), ("02:00", "Y"), ("03:00", "N"), ("24:00", "N")];
    let starts = fall.map(|(time, mark)| read(&hourly, &chicago, &format!("2026-11-01 {time}"), mark).unwrap());
    let hours = ["01T05:00:00Z 06:00", "01T06:00:00Z 07:00", "01T07:00:00Z 08:00", "01T08:00:00Z 09:00"];
    assert_eq!(starts[..4], hours.map(|hour| format!("2026-11-{hour}")));
    assert_eq!(starts[4], "2026-11-02T05:00:00Z 06:00");
    assert_eq!(read(&hourly, &chicago, "2026-03-08 02:00", "N").unwrap(), "2026-03-08T07:00:00Z 08:00");
    assert!(
        read(&hourly, &chicago, "2026-03-08 03:00", "N").unwrap_err().contains("put forward"),
        "no hour is so called"
    );
    let marked = Clock { repeated: Some(["A".to_owned(), "B".to_owned()]), ..clock("Europe/Madrid") };
    let quarter = Moment { mark: Some(0), ..moment(Within::Text, Label::Ending, SignedDuration::from_mins(15)) };
    let quarters = ["A", "B"].map(|mark| read(&quarter, &marked, "2026-10-25 03:00", mark).unwrap());
    assert_eq!(quarters, ["2026-10-25T00:45:00Z 01:00", "2026-10-25T01:45:00Z 02:00"]);
    assert_eq!(read(&hourly, &chicago, "2026-06-01T02:00Z", "N").unwrap(), "2026-06-01T01:00:00Z 02:00");
}

#[test]
fn a_column_may_mark_the_hour_that_comes_twice() {
    let repeated = Some(["N".to_owned(), "Y".to_owned()]);
    let clock = Clock { repeated, ..clock("America/Chicago") };
    let moment = Moment { mark: Some(0), ..moment(Within::Text, Label::Start, HOUR) };
    assert_eq!(read(&moment, &clock, "2025-11-02 01:00", "N").unwrap(), "2025-11-02T06:00:00Z 07:00");
    assert_eq!(read(&moment, &clock, "2025-11-02 01:00", "Y").unwrap(), "2025-11-02T07:00:00Z 08:00");
    assert_eq!(read(&moment, &clock, "2025-06-01 01:00", "N").unwrap(), "2025-06-01T06:00:00Z 07:00");
    assert!(read(&moment, &clock, "2025-06-01 01:00", "Y").is_err());
    assert!(read(&moment, &clock, "2025-06-01 01:00", "?").unwrap_err().contains("neither \"N\" nor \"Y\""));
}

#[test]
fn an_unmarked_hour_is_the_first_where_only_the_second_has_a_mark() {
    let clock = Clock { repeated: Some([String::new(), "*".to_owned()]), ..clock("America/Edmonton") };
    let end = moment(Within::Hour(0), Label::End, HOUR);
    assert_eq!(read(&end, &clock, "2025-11-02", "02").unwrap(), "2025-11-02T07:00:00Z 08:00");
    assert_eq!(read(&end, &clock, "2025-11-02", "02*").unwrap(), "2025-11-02T08:00:00Z 09:00");
    assert_eq!(read(&end, &clock, "2025-11-03", "02").unwrap(), "2025-11-03T08:00:00Z 09:00");
}

/// Half hours since the beginning of the year 2025, in all years that a test may ask for.
fn half_hours() -> impl Strategy<Value = (&'static str, i32)> {
    (prop::sample::select(ZONES.to_vec()), 0_i32..2 * 24 * 366)
}

/// The mark of a local time that its zone has twice.
fn mark(zone: &TimeZone, at: Timestamp) -> &'static str {
    let there = zone.to_ambiguous_timestamp(zone.to_datetime(at));
    match there.offset() {
        jiff::tz::AmbiguousOffset::Fold { before, .. } if before == zone.to_offset(at) => "A",
        jiff::tz::AmbiguousOffset::Fold { .. } => "B",
        _ => "",
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn an_instant_is_read_back_from_its_day_and_period((zone, halves) in half_hours()) {
        let clock = clock(zone);
        let at = "2025-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + HALF * halves;
        let day = clock.zone.to_datetime(at).date();
        let number = at.duration_since(clock.start_of(day).unwrap()).as_mins() / 30 + 1;
        let period = moment(Within::Period(0), Label::Start, HALF);
        let read = period.read(&day.to_string(), None, Some(&clock), |_| Some("x")).map(|_| ());
        prop_assert!(read.is_err());
        let number = number.to_string();
        let (start, end) = period.read(&day.to_string(), None, Some(&clock), |_| Some(number.as_str())).unwrap();
        prop_assert_eq!((start, end), (at, Some(at + HALF)));
    }

    #[test]
    fn an_instant_is_read_back_from_its_local_time_and_mark((zone, halves) in half_hours()) {
        let clock = clock(zone);
        let at = "2025-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + HALF * halves;
        let local = clock.zone.to_datetime(at);
        let text = format!("{}{}{}", local.strftime("%Y-%m-%d %H"), mark(&clock.zone, at), local.strftime(":%M"));
        let moment = moment(Within::Text, Label::Start, HALF);
        prop_assert_eq!(moment.read(&text, None, Some(&clock), |_| None), Ok((at, Some(at + HALF))));
    }

    #[test]
    fn an_hour_is_read_back_from_its_number_and_mark(zone in prop::sample::select(ZONES.to_vec()), hours in 0_i32..8760, end in any::<bool>()) {
        let clock = clock(zone);
        let at = "2025-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + HOUR * hours;
        let local = clock.zone.to_datetime(at);
        // Where a zone is half an hour off, hours of UTC are none of its own.
        prop_assume!(local.minute() == 0);
        let number = format!("{}{}", local.hour() + i8::from(end), mark(&clock.zone, at));
        let moment = moment(Within::Hour(0), if end { Label::End } else { Label::Start }, HOUR);
        let read = moment.read(&local.date().to_string(), None, Some(&clock), |_| Some(number.as_str()));
        prop_assert_eq!(read.map(|(start, _)| start), Ok(at));
    }

    #[test]
    fn no_text_stops_it(day in "[0-9-]{0,10}", beside in "[0-9A-B:]{0,6}|.{0,4}", period in any::<bool>()) {
        let within = if period { Within::Period(0) } else { Within::Hour(0) };
        let _either = moment(within, Label::End, HALF).read(&day, None, Some(&clock("Europe/Madrid")), |_| Some(beside.as_str()));
    }
}
