//! Which URL a source asks for. Pure: the moment comes from outside.
//!
//! A URL stays the same, or it carries a date: then each period of the publisher's calendar is a file of its own.
//! (Pages, listings and APIs will be further plans.)

use jiff::{
    RoundMode, Span, Timestamp, ToSpan, Unit, Zoned, ZonedRound,
    civil::DateTime,
    fmt::strtime,
    tz::{Disambiguation, TimeZone},
};

/// How a URL's date begins in its template: `{date:%Y%m%d}`.
const OPEN: &str = "{date:";

/// A URL with a date in it.
#[derive(Debug, Clone)]
pub struct Dated {
    template: String,
    period: Period,
    lag: Span,
    zone: TimeZone,
}

/// What one file of a dated source covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// A date that leads to no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A template that cannot be filled in.
    #[error("{template:?} cannot be filled in: {reason}")]
    Template {
        /// As it was written.
        template: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A moment beyond the calendar.
    #[error("{0} is beyond the calendar")]
    Moment(String),
}

impl Dated {
    /// A URL with dates in it, filled in once to see that it can be; none if it has no dates.
    pub fn new(template: &str, period: Period, lag: Span, zone: TimeZone) -> Result<Self, PlanError> {
        let dated = Self { template: template.to_owned(), period, lag, zone };
        let first = dated.begin(Timestamp::UNIX_EPOCH)?;
        let refuse = |reason: &str| PlanError::Template { template: template.to_owned(), reason: reason.to_owned() };
        if dated.url(first)? == dated.url(dated.next(first)?)? {
            return Err(refuse("two periods after each other would have one URL"));
        }
        dated.newest(Timestamp::UNIX_EPOCH)?;
        Ok(dated)
    }

    /// Whether a URL has a date in it.
    pub fn is_dated(template: &str) -> bool {
        template.contains(OPEN)
    }

    /// The period that is asked for at `moment`: the one that was going on there one `lag` before, by its first
    /// instant.
    pub fn newest(&self, moment: Timestamp) -> Result<Timestamp, PlanError> {
        let there = self.there(moment).checked_sub(self.lag).map_err(|_range| beyond(moment))?;
        self.begin(there.timestamp())
    }

    /// The first instant of the period that `moment` lies in.
    pub fn begin(&self, moment: Timestamp) -> Result<Timestamp, PlanError> {
        let there = self.there(moment);
        let begin = match self.period {
            Period::Hour => there.round(ZonedRound::new().smallest(Unit::Hour).mode(RoundMode::Trunc)),
            Period::Day => there.start_of_day(),
            Period::Month => there.first_of_month().and_then(|first| first.start_of_day()),
            Period::Year => there.first_of_year().and_then(|first| first.start_of_day()),
        };
        Ok(begin.map_err(|_range| beyond(moment))?.timestamp())
    }

    /// The first instant of the period after the one that begins at `period`.
    pub fn next(&self, period: Timestamp) -> Result<Timestamp, PlanError> {
        let step = match self.period {
            Period::Hour => 1.hour(),
            Period::Day => 1.day(),
            Period::Month => 1.month(),
            Period::Year => 1.year(),
        };
        let mut there = self.there(period);
        loop {
            // Where clocks are put back by less than an hour, an hour later may still be the same one.
            there = there.checked_add(step).map_err(|_range| beyond(period))?;
            let next = self.begin(there.timestamp())?;
            if next > period {
                return Ok(next);
            }
        }
    }

    /// All periods from the one that `from` lies in to the one that `to` lies in, both by the dataset's clock. Of a time
    /// that a clock shows twice, both are meant.
    pub fn periods(&self, from: DateTime, to: DateTime) -> Result<Vec<Timestamp>, PlanError> {
        let at = |moment: DateTime, which: Disambiguation| {
            let zoned = self.zone.to_ambiguous_zoned(moment).disambiguate(which);
            Ok(zoned.map_err(|_range| PlanError::Moment(moment.to_string()))?.timestamp())
        };
        self.covering(at(from, Disambiguation::Compatible)?, at(to, Disambiguation::Later)?)
    }

    /// All periods from the one that `from` lies in to the one that `to` lies in.
    pub fn covering(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Timestamp>, PlanError> {
        let (mut period, last) = (self.begin(from)?, self.begin(to)?);
        let mut periods = Vec::new();
        while period <= last {
            periods.push(period);
            period = self.next(period)?;
        }
        Ok(periods)
    }

    /// The URL of the period that begins at `period`.
    pub fn url(&self, period: Timestamp) -> Result<String, PlanError> {
        let there = self.there(period);
        let mut url = String::new();
        let mut rest = self.template.as_str();
        while let Some((before, after)) = rest.split_once(OPEN) {
            let refuse = |reason: String| PlanError::Template { template: self.template.clone(), reason };
            let (pattern, behind) =
                after.split_once('}').ok_or_else(|| refuse("a date has no closing brace".to_owned()))?;
            url.push_str(before);
            url.push_str(&strtime::format(pattern, &there).map_err(|error| refuse(error.to_string()))?);
            rest = behind;
        }
        url.push_str(rest);
        Ok(url)
    }

    /// A period as people write it: 2026, 2026-11, 2026-11-22, or 2026-11-22 07:00 with its offset.
    pub fn told(&self, period: Timestamp) -> String {
        let pattern = match self.period {
            Period::Hour => "%Y-%m-%d %H:%M%:z",
            Period::Day => "%Y-%m-%d",
            Period::Month => "%Y-%m",
            Period::Year => "%Y",
        };
        self.there(period).strftime(pattern).to_string()
    }

    fn there(&self, moment: Timestamp) -> Zoned {
        moment.to_zoned(self.zone.clone())
    }
}

fn beyond(moment: Timestamp) -> PlanError {
    PlanError::Moment(moment.to_string())
}

/// Reads `FROM..TO`, both meant: 2025, 2025-03, 2025-03-01 or 2025-03-01T06. The second ends with what it names.
pub fn range(text: &str) -> Result<(DateTime, DateTime), RangeError> {
    let error = || RangeError(text.to_owned());
    let (from, to) = text.split_once("..").ok_or_else(error)?;
    let (from, _) = within(from).ok_or_else(error)?;
    let (_, to) = within(to).ok_or_else(error)?;
    if from <= to { Ok((from, to)) } else { Err(error()) }
}

/// Text that is no range of dates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no range: write FROM..TO, both as 2025, 2025-03, 2025-03-01 or 2025-03-01T06, the earlier first")]
pub struct RangeError(pub String);

/// The first moment of what a text names, and its last second.
fn within(text: &str) -> Option<(DateTime, DateTime)> {
    let (first, step) = match text.len() {
        4 => (format!("{text}-01-01T00"), 1.year()),
        7 => (format!("{text}-01T00"), 1.month()),
        10 => (format!("{text}T00"), 1.day()),
        13 => (text.to_owned(), 1.hour()),
        _ => return None,
    };
    let first: DateTime = DateTime::strptime("%Y-%m-%dT%H:%M", format!("{first}:00")).ok()?;
    let last = first.checked_add(step).and_then(|next| next.checked_sub(1.second())).ok()?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(template: &str, period: Period, lag: &str, zone: &str) -> Result<Dated, PlanError> {
        Dated::new(template, period, lag.parse().unwrap(), TimeZone::get(zone).unwrap())
    }

    fn asked(dated: &Dated, moment: &str) -> String {
        dated.url(dated.newest(moment.parse().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_slot_asks_for_the_period_of_the_datasets_own_calendar() {
        let daily = dated("https://x.example/{date:%Y}/{date:%Y%m%d}.zip", Period::Day, "1 d", "Australia/Brisbane");
        let daily = daily.unwrap();
        assert_eq!(asked(&daily, "2026-01-01T13:59:59Z"), "https://x.example/2025/20251231.zip");
        assert_eq!(asked(&daily, "2026-01-01T14:00:00Z"), "https://x.example/2026/20260101.zip");
        let monthly = dated("https://x.example/{date:%Y-%m}.csv", Period::Month, "0 s", "Europe/Madrid").unwrap();
        assert_eq!(asked(&monthly, "2026-02-28T23:00:00Z"), "https://x.example/2026-03.csv");
    }

    #[test]
    fn periods_are_counted_over_clock_changes() {
        let hourly = dated("https://x.example/{date:%Y%m%d%H%z}", Period::Hour, "0 s", "Europe/Madrid").unwrap();
        let (from, to) = range("2026-10-25..2026-10-25").unwrap();
        let hours = hourly.periods(from, to).unwrap();
        assert_eq!(hours.len(), 25);
        assert_eq!(hourly.told(hours[2]), "2026-10-25 02:00+02:00");
        assert_eq!(hourly.told(hours[3]), "2026-10-25 02:00+01:00");
        let daily = dated("https://x.example/{date:%F}", Period::Day, "0 s", "Europe/Madrid").unwrap();
        let (from, to) = range("2026-03..2026-03").unwrap();
        let days: Vec<String> = daily.periods(from, to).unwrap().into_iter().map(|day| daily.told(day)).collect();
        assert_eq!((days.len(), days[28].as_str(), days[30].as_str()), (31, "2026-03-29", "2026-03-31"));
    }

    #[test]
    fn every_hour_has_its_turn_where_clocks_are_put_back() {
        let cases: [(&str, &str, &[&str]); 3] = [
            ("Europe/Madrid", "2025-10-26T02..2025-10-26T02", &["02:00+02:00", "02:00+01:00"]),
            (
                "Australia/Lord_Howe",
                "2026-04-05T00..2026-04-05T03",
                &["00:00+11:00", "01:00+11:00", "02:00+10:30", "03:00+10:30"],
            ),
            ("Australia/Lord_Howe", "2026-10-04T01..2026-10-04T03", &["01:00+10:30", "02:30+11:00", "03:00+11:00"]),
        ];
        for (zone, asked, told) in cases {
            let hourly = dated("https://x.example/{date:%Y%m%d%H%z}", Period::Hour, "0 s", zone).unwrap();
            let (from, to) = range(asked).unwrap();
            let hours = hourly.periods(from, to).unwrap().into_iter().map(|hour| hourly.told(hour));
            let hours: Vec<_> = hours.map(|hour| hour.split_once(' ').unwrap().1.to_owned()).collect();
            assert_eq!(hours, told, "{zone} {asked}");
        }
    }

    #[test]
    fn a_range_means_both_its_ends() {
        let told = |text| range(text).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(told("2025..2025").unwrap(), "2025-01-01T00:00:00 2025-12-31T23:59:59");
        assert_eq!(told("2024-02..2024-02-29T06").unwrap(), "2024-02-01T00:00:00 2024-02-29T06:59:59");
        for bad in
            ["2025", "2026..2025", "2025-13..2026", "2025-02-30..2026", "yesterday..today", "..", "2025..", "25..26"]
        {
            assert_eq!(range(bad), Err(RangeError(bad.to_owned())));
        }
    }

    #[test]
    fn a_template_that_cannot_be_filled_in_is_told() {
        let refused = |template| dated(template, Period::Day, "0 s", "UTC").unwrap_err().to_string();
        assert!(refused("https://x.example/{date:%Y%m}").contains("two periods after each other"));
        assert!(refused("https://x.example/{date:%Y").contains("no closing brace"));
        assert!(refused("https://x.example/{date:%E}").contains("cannot be filled in"));
    }
}
