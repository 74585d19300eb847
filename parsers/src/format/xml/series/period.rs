//! How a period divides into points: by steps of fixed length, or of days, months and years as calendars have them.

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};

/// The most points of one period that are believed: a year of minutes.
const MOST: i64 = 366 * 24 * 60;

/// Seconds of a usual day, and of a month by the calendar's whole cycle of 400 years.
const DAY: i64 = 86_400;
const MONTH: i64 = 2_629_746;

/// What a period says of its points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period<'z> {
    pub(super) start: Timestamp,
    pub(super) step: Step<'z>,
    pub(super) points: i64,
    /// Whether an absent point repeats the one before it.
    pub(super) repeats: bool,
}

/// How long a point lasts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'z> {
    Fixed(SignedDuration),
    /// By the calendar of a zone: a day has 23 hours where clocks are put forward, and a month as many days as it has.
    Calendar(Span, &'z TimeZone),
}

/// The step that a resolution such as `PT15M` or `P1D` means, and how many of them there are between two instants; or why
/// there is no such number. The zone is the one whose calendar it is.
pub(super) fn divide<'z>(
    (start, end): (Timestamp, Timestamp),
    resolution: &str,
    zone: Option<&'z TimeZone>,
) -> Result<(Step<'z>, i64), String> {
    let step = Step::read(resolution, zone)?;
    let points = step.count(start, end).filter(|points| (1..=MOST).contains(points));
    points.map(|points| (step, points)).ok_or_else(|| {
        format!("the period from {start} to {end} does not divide into steps of {resolution}{}", step.whose())
    })
}

impl<'z> Step<'z> {
    fn read(resolution: &str, zone: Option<&'z TimeZone>) -> Result<Self, String> {
        let wrong = || format!("the resolution {resolution:?} is no length of time such as PT15M, P1D or P1M");
        let span = resolution.parse::<Span>().ok().filter(|span| span.is_positive()).ok_or_else(wrong)?;
        if let Ok(step) = SignedDuration::try_from(span) {
            let whole = step.as_secs() > 0 && step.subsec_nanos() == 0;
            return if whole { Ok(Self::Fixed(step)) } else { Err(wrong()) };
        }
        let days = Span::new().years(span.get_years()).months(span.get_months());
        let days = days.weeks(span.get_weeks()).days(span.get_days());
        if days.fieldwise() != span.fieldwise() {
            return Err(wrong());
        }
        zone.map(|zone| Self::Calendar(span, zone)).ok_or_else(|| {
            format!(
                "the resolution {resolution} is as long as a calendar has it: `zone` in [format.series] must say whose"
            )
        })
    }

    /// How many steps lead from one instant to another, if any number does: by the calendar, as many as it would be of the
    /// usual length.
    fn count(self, start: Timestamp, end: Timestamp) -> Option<i64> {
        let length = end.duration_since(start).as_secs();
        let steps = match self {
            Self::Fixed(step) => length / step.as_secs(),
            Self::Calendar(step, _) => {
                let days = i64::from(step.get_weeks()) * 7 + i64::from(step.get_days());
                let months = i64::from(step.get_years()) * 12 + i64::from(step.get_months());
                let usual = days.checked_mul(DAY)?.checked_add(months.checked_mul(MONTH)?)?;
                (length + usual / 2) / usual
            }
        };
        (self.after(start, steps) == Some(end)).then_some(steps)
    }

    /// The instant that lies so many steps behind another.
    pub(super) fn after(self, start: Timestamp, steps: i64) -> Option<Timestamp> {
        match self {
            Self::Fixed(step) => start.checked_add(step.checked_mul(steps.try_into().ok()?)?).ok(),
            Self::Calendar(step, zone) => {
                let start = start.to_zoned(zone.clone());
                let behind = start.checked_add(step.checked_mul(steps).ok()?).ok()?;
                // Not every day begins at midnight.
                let whole_days = start == start.start_of_day().ok()?;
                Some(if whole_days { behind.start_of_day().ok()? } else { behind }.timestamp())
            }
        }
    }

    /// By whose calendar it is, for a sentence that says what it is no part of.
    fn whose(self) -> String {
        let Self::Calendar(_, zone) = self else { return String::new() };
        format!(" by the calendar of {}, which [format.series] names", zone.iana_name().unwrap_or("a fixed offset"))
    }
}
