//! A day of a data stream: one value an interval, and what quality each has.

use std::fmt::Write as _;

use jiff::{
    SignedDuration,
    civil::{DateTime, Time},
    fmt::strtime,
};

use crate::{
    format::csv::Lines,
    record::{Found, Record, Span},
};

/// Fields of a day before its values, and behind them.
const BEFORE: usize = 2;
const BEHIND: usize = 5;
/// What a line 200 says, by its fields: the same as the first of the columns.
const STREAM: [usize; 7] = [1, 3, 4, 5, 6, 7, 8];
const MINUTES_OF_DAY: usize = 24 * 60;
/// The quality that is said interval by interval.
const VARIES: &str = "V";

/// A data stream, as its line 200 says.
#[derive(Debug)]
pub(super) struct Stream {
    texts: [String; STREAM.len()],
    /// Minutes of an interval, or why its days cannot be read.
    minutes: Result<usize, &'static str>,
}

/// A day on its way to rows.
#[derive(Debug, Default)]
pub(super) struct Day {
    pub(super) line: u64,
    pub(super) original: Vec<u8>,
    text: String,
    fields: Vec<Span>,
    begins: DateTime,
    minutes: usize,
    intervals: usize,
    /// The interval that is next.
    at: usize,
    /// Runs of intervals, from 1, with quality, reason and description.
    qualities: Vec<(usize, usize, [String; 3])>,
    /// Why the day cannot be read.
    fault: Option<String>,
    scratch: String,
}

/// What is wrong with a day that no data stream has been named for.
const NAMELESS: &str = "stands under no line 200 with intervals of 5, 15 or 30 minutes";

impl Default for Stream {
    /// None.
    fn default() -> Self {
        Self { texts: Default::default(), minutes: Err(NAMELESS) }
    }
}

impl Stream {
    pub(super) fn read(&mut self, lines: &Lines<'_>) {
        let Some(all) = lines.text() else {
            self.minutes = Err("stands under a line 200 that is not text");
            return;
        };
        for (text, field) in self.texts.iter_mut().zip(STREAM) {
            text.clear();
            text.push_str(lines.spans().get(field).and_then(|span| all.get(span.start..span.end)).unwrap_or_default());
        }
        let minutes = self.texts.last().and_then(|minutes| minutes.parse().ok());
        self.minutes = minutes.filter(|minutes| [5, 15, 30].contains(minutes)).ok_or(NAMELESS);
    }
}

impl Day {
    /// Whether its rows have all been given.
    pub(super) fn is_over(&self) -> bool {
        self.fault.is_none() && self.at >= self.intervals
    }

    /// Stands for a line that cannot be read.
    pub(super) fn refuse(&mut self, lines: &Lines<'_>, reason: String) {
        self.line = lines.line();
        self.original.clear();
        self.original.extend_from_slice(lines.original());
        (self.at, self.intervals, self.fault) = (0, 0, Some(reason));
    }

    /// Stands for a line 300.
    pub(super) fn read(&mut self, lines: &Lines<'_>, stream: &Stream) {
        self.refuse(lines, String::new());
        self.qualities.clear();
        self.fault = self.take(lines, stream).err();
    }

    fn take(&mut self, lines: &Lines<'_>, stream: &Stream) -> Result<(), String> {
        let minutes = stream.minutes?;
        let text = lines.text().ok_or("is not text")?;
        let intervals = MINUTES_OF_DAY / minutes;
        let wanted = BEFORE + intervals + BEHIND;
        if lines.spans().len() != wanted {
            return Err(format!("has {} fields, and a day of {minutes} minutes has {wanted}", lines.spans().len()));
        }
        self.text.clear();
        self.text.push_str(text);
        self.fields.clear();
        self.fields.extend_from_slice(lines.spans());
        let date = self.field(1);
        let begins = strtime::parse("%Y%m%d", date).and_then(|day| day.to_date()).ok();
        let begins = begins.ok_or_else(|| format!("is of {date:?}, and that is no day"))?;
        self.begins = begins.to_datetime(Time::midnight());
        (self.minutes, self.intervals) = (minutes, intervals);
        Ok(())
    }

    /// Takes a line 400, which says what quality a run of values has.
    pub(super) fn qualify(&mut self, lines: &Lines<'_>) {
        // Of a day that cannot be read nothing more is kept: of its intervals nobody knows how many there may be.
        if self.fault.is_none()
            && let Err(reason) = self.quality(lines)
        {
            self.fault = Some(format!("has line {} behind it, {reason}", lines.line()));
        }
    }

    fn quality(&mut self, lines: &Lines<'_>) -> Result<(), &'static str> {
        let all = lines.text().ok_or("which is not text")?;
        let text = |at: usize| lines.spans().get(at).and_then(|span| all.get(span.start..span.end)).unwrap_or_default();
        let (Ok(first @ 1..), Ok(last)) = (text(1).parse::<usize>(), text(2).parse::<usize>()) else {
            return Err("whose intervals are not those of the day");
        };
        if first > last || last > self.intervals {
            return Err("whose intervals are not those of the day");
        }
        if self.qualities.iter().any(|(from, to, _)| first <= *to && *from <= last) {
            return Err("which says another quality of intervals that have one");
        }
        self.qualities.push((first, last, [text(3), text(4), text(5)].map(str::to_owned)));
        Ok(())
    }

    /// Fills the row of the next interval.
    pub(super) fn fill(&mut self, stream: &Stream, columns: &[Option<usize>], into: &mut Record) -> Found {
        if let Some(fault) = self.fault.take() {
            self.at = self.intervals;
            return Found::Bad(fault);
        }
        self.at += 1;
        let (values, number) = (BEFORE + self.intervals, self.at);
        let said = self.qualities.iter().find(|(first, last, _)| (*first..=*last).contains(&number));
        if said.is_none() && self.field(values) == VARIES {
            return Found::Bad(format!("has a quality that varies, and no line 400 says that of interval {number}"));
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        into.clear();
        for column in columns {
            scratch.clear();
            let text = match column {
                Some(at @ 0..7) => stream.texts.get(*at).map(String::as_str),
                Some(at @ 7..=8) => Some(self.time(number + at - 8, &mut scratch)),
                Some(9) => Some(self.field(BEFORE + number - 1)),
                Some(at @ 10..=12) => match said {
                    Some((.., texts)) => texts.get(at - 10).map(String::as_str),
                    None => Some(self.field(values + at - 10)),
                },
                Some(at) => Some(self.field(values + at - 10)),
                None => None,
            };
            into.push(text);
        }
        self.scratch = scratch;
        Found::Record
    }

    /// When so many intervals of the day are over, on the market's clock.
    fn time<'s>(&self, intervals: usize, into: &'s mut String) -> &'s str {
        let minutes = i64::try_from(intervals * self.minutes).unwrap_or(i64::MAX);
        let at = self.begins.checked_add(SignedDuration::from_mins(minutes));
        let _infallible = at.map(|at| write!(into, "{at}"));
        into
    }

    fn field(&self, at: usize) -> &str {
        let span = self.fields.get(at).copied().unwrap_or(Span { start: 0, end: 0 });
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}
