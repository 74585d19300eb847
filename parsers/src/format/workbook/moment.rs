//! Days and times as workbooks count them: days since an epoch, and the time of day as a part of one.

use jiff::{
    SignedDuration,
    civil::{Date, DateTime, Time, date},
};

use super::sheet::Value;

/// The day that a workbook counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Epoch {
    /// The first of January 1900 is day 1; and 1900 has a 29th of February, as in the first spreadsheets.
    Of1900,
    /// The first of January 1904 is day 0.
    Of1904,
}

/// Milliseconds of a day: what is finer is the noise of binary fractions.
const DAY: f64 = 86_400_000.0;

/// What a number means whose format shows a day or a time. A number that means none stays a number.
pub(super) fn read<'s>(serial: f64, epoch: Epoch) -> Value<'s> {
    moment(serial, epoch).unwrap_or(Value::Number(serial, 0))
}

fn moment<'s>(serial: f64, epoch: Epoch) -> Option<Value<'s>> {
    // The year 9999 is the last that workbooks know.
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 2.6e14, as has been looked at")]
    let millis = (serial * DAY).round() as i64;
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    let since_midnight = SignedDuration::from_millis(rest);
    let time = Time::midnight().checked_add(since_midnight).ok()?;
    if serial < 1.0 && days == 0 {
        return Some(Value::Time(time));
    }
    let day = day(days, epoch)?;
    Some(Value::Moment(DateTime::from_parts(day, time)))
}

fn day(days: i64, epoch: Epoch) -> Option<Date> {
    let first: Date = match (epoch, days) {
        (Epoch::Of1904, _) => date(1904, 1, 1),
        (Epoch::Of1900, 60) => return None,
        (Epoch::Of1900, 1..60) => date(1899, 12, 31),
        (Epoch::Of1900, _) => date(1899, 12, 30),
    };
    first.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(serial: f64, epoch: Epoch) -> String {
        let mut text = String::new();
        read(serial, epoch).write(&mut text);
        text
    }

    #[test]
    fn days_are_counted_as_the_first_spreadsheets_did() {
        let days = [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (35437.0, "1997-01-07"),
            (45726.0, "2025-03-10"),
            (2_958_465.0, "9999-12-31"),
        ];
        for (serial, day) in days {
            assert_eq!(text(serial, Epoch::Of1900), day);
        }
        assert_eq!(text(60.0, Epoch::Of1900), "60", "there was no such day");
        assert_eq!(text(44264.0, Epoch::Of1904), "2025-03-10");
        assert_eq!(text(60.0, Epoch::Of1904), "1904-03-01");
    }

    #[test]
    fn times_are_parts_of_a_day() {
        assert_eq!(text(45726.25, Epoch::Of1900), "2025-03-10T06:00:00");
        assert_eq!(text(45_726.041_666_666_664, Epoch::Of1900), "2025-03-10T01:00:00");
        assert_eq!(text(45_726.999_999_999_99, Epoch::Of1900), "2025-03-11");
        assert_eq!(text(0.5, Epoch::Of1900), "12:00:00");
        assert_eq!(text(0.0, Epoch::Of1900), "00:00:00");
    }

    #[test]
    fn what_is_no_day_stays_a_number() {
        for (serial, number) in [(-1.0, "-1"), (2_958_466.0, "2958466"), (1e300, &format!("{}", 1e300))] {
            assert_eq!(text(serial, Epoch::Of1900), number);
        }
    }

    proptest! {
        #[test]
        fn every_second_is_read_back_from_its_number(day in 61_i64..80_000, second in 1_u32..86_400) {
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let serial = day as f64 + f64::from(second) / 86400.0;
            let expected = date(1899, 12, 30).to_datetime(Time::midnight()) + jiff::Span::new().days(day).seconds(second);
            prop_assert_eq!(text(serial, Epoch::Of1900), expected.to_string());
        }
    }
}
