//! URLs that carry a date: each period of the publisher's calendar is a file of its own.

use jiff::{
    RoundMode, Span, Timestamp, ToSpan, Unit, Zoned, ZonedRound,
    civil::{Date, DateTime},
    tz::{Disambiguation, TimeZone},
};

use super::template::{self, PlanError};

/// A URL with a date in it.
#[derive(Debug, Clone)]
pub struct Dated {
    url: String,
    /// URLs of before: each until the first instant that the next one is for, the earliest first.
    earlier: Vec<(Timestamp, String)>,
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

impl Period {
    /// The word in the definition.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

impl Dated {
    /// A request with dates in its URL or `beside` it, filled in once to see that it can be.
    pub fn new(url: &str, beside: &[&str], period: Period, lag: Span, zone: TimeZone) -> Result<Self, PlanError> {
        let dated = Self { url: url.to_owned(), earlier: Vec::new(), period, lag, zone };
        dated.tells_periods_apart(url, beside)?;
        dated.newest(Timestamp::UNIX_EPOCH)?;
        Ok(dated)
    }

    /// The same with another URL for the periods before `until`, a day of the dataset's own clock. The earliest is told
    /// first.
    pub fn and_before(mut self, until: Date, url: &str, beside: &[&str]) -> Result<Self, PlanError> {
        let refuse = |reason: &str| PlanError::Template { template: url.to_owned(), reason: reason.to_owned() };
        self.tells_periods_apart(url, beside)?;
        let until = until.to_zoned(self.zone.clone()).map_err(|_range| PlanError::Moment(until.to_string()))?;
        let until = until.timestamp();
        if self.earlier.last().is_some_and(|(last, _)| *last >= until) {
            return Err(refuse("its `until` is not after that of the URL before it"));
        }
        self.earlier.push((until, url.to_owned()));
        Ok(self)
    }

    fn tells_periods_apart(&self, url: &str, beside: &[&str]) -> Result<(), PlanError> {
        let refuse = |reason: &str| PlanError::Template { template: url.to_owned(), reason: reason.to_owned() };
        let first = self.begin(Timestamp::UNIX_EPOCH)?;
        let next = self.next(first)?;
        let mut apart = false;
        for text in std::iter::once(&url).chain(beside) {
            apart |= self.fill(text, first)? != self.fill(text, next)?;
        }
        if apart { Ok(()) } else { Err(refuse("two periods after each other would have one URL")) }
    }

    /// What one file covers.
    pub fn period(&self) -> Period {
        self.period
    }

    /// How long before a slot the period was that it means; negative if it is to come.
    pub fn lag(&self) -> Span {
        self.lag
    }

    /// URLs of before, each with the first day, by the dataset's clock, that it is not for any more; the earliest first.
    pub fn earlier(&self) -> impl Iterator<Item = (Date, &str)> {
        self.earlier.iter().map(|(until, url)| (self.there(*until).date(), url.as_str()))
    }

    /// Whether a text has a date in it.
    pub fn is_dated(text: &str) -> bool {
        template::is_dated(text)
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
        let earlier = self.earlier.iter().find(|(until, _)| period < *until);
        self.fill(earlier.map_or(&self.url, |(_, url)| url), period)
    }

    /// A text that goes with the request for the period that begins at `period`.
    pub fn fill(&self, text: &str, period: Timestamp) -> Result<String, PlanError> {
        template::fill(text, &self.there(period), || Ok(self.there(self.next(period)?)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::range;

    fn dated(template: &str, period: Period, lag: &str, zone: &str) -> Result<Dated, PlanError> {
        Dated::new(template, &[], period, lag.parse().unwrap(), TimeZone::get(zone).unwrap())
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
    fn a_template_that_cannot_be_filled_in_is_told() {
        let refused = |template| dated(template, Period::Day, "0 s", "UTC").unwrap_err().to_string();
        assert!(refused("https://x.example/{date:%Y%m}").contains("two periods after each other"));
        assert!(refused("https://x.example/{date:%Y").contains("no closing brace"));
        assert!(refused("https://x.example/{date:%E}").contains("cannot be filled in"));
    }

    #[test]
    fn a_url_is_that_of_its_period() {
        let monthly = dated("https://x.example/new/{date:%Y%m}.zip", Period::Month, "0 s", "Europe/Madrid").unwrap();
        let until = |day: &str| day.parse().unwrap();
        let monthly = monthly.and_before(until("2019-01-01"), "https://x.example/{date:%Y/%m}.csv", &[]).unwrap();
        let monthly = monthly.and_before(until("2024-08-01"), "https://x.example/old/{date:%Y%m}.zip", &[]).unwrap();
        let cases = [
            ("2018-12-31T22:59:59Z", "https://x.example/2018/12.csv"),
            ("2018-12-31T23:00:00Z", "https://x.example/old/201901.zip"),
            ("2024-07-31T21:59:59Z", "https://x.example/old/202407.zip"),
            ("2024-07-31T22:00:00Z", "https://x.example/new/202408.zip"),
        ];
        for (moment, url) in cases {
            assert_eq!(asked(&monthly, moment), url);
        }
        let late = monthly.and_before(until("2024-08-01"), "https://x.example/{date:%Y%m}", &[]).unwrap_err();
        assert!(late.to_string().contains("is not after"), "{late}");
    }

    #[test]
    fn a_request_may_say_where_its_period_ends_and_may_say_it_beside_its_url() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let beside = ["{date:%FT%H:%M%:z}/{end:%FT%H:%M%:z}", "plain"];
        let daily = Dated::new("https://x.example/api", &beside, Period::Day, Span::new(), zone).unwrap();
        let day = daily.newest("2026-03-29T12:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(daily.fill(beside[0], day).unwrap(), "2026-03-29T00:00+01:00/2026-03-30T00:00+02:00");
        assert_eq!(daily.url(day).unwrap(), "https://x.example/api");
        let ahead = dated("https://x.example/{date:%F}", Period::Day, "-1 d", "UTC").unwrap();
        assert_eq!(asked(&ahead, "2026-03-29T12:00:00Z"), "https://x.example/2026-03-30");
    }
}
