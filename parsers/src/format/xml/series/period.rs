//! How a period divides into points: by steps of fixed length, or of days, months and years as calendars have them.

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};

/// The most points of one period that are believed: a year of minutes.
const MOST: i64 = 366 * 24 * 60;

/// Seconds of a usual day, and of a month by the calendar's whole cycle of 400 years.
const DAY: i64 = 86_400;
const MONTH: i64 = 2_629_746;

/// What a period says of its points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    pub(super) start: Timestamp,
    pub(super) step: Step,
    pub(super) points: i64,
    /// Whether an absent point repeats the one before it.
    pub(super) repeats: bool,
}

/// How long a point lasts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Fixed(SignedDuration),
    /// A day has 23 hours where clocks are put forward, and a month as many days as it has.
    Calendar(Span),
}

/// The step that a resolution such as `PT15M` or `P1D` means, and how many of them there are between two instants; or why
/// there is no such number. The zone is the one whose calendar it is.
pub(super) fn divide(
    (start, end): (Timestamp, Timestamp),
    resolution: &str,
    zone: Option<&TimeZone>,
) -> Result<(Step, i64), String> {
    let Some(step) = Step::read(resolution) else {
        return Err(format!("the resolution {resolution:?} is no length of time such as PT15M, P1D or P1M"));
    };
    let (points, whose) = match (step, zone) {
        (Step::Fixed(step), _) => (fixed(end.duration_since(start), step), String::new()),
        (Step::Calendar(step), Some(zone)) => {
            let whose = zone.iana_name().map_or_else(|| "a fixed offset".to_owned(), str::to_owned);
            (calendar((start, end), step, zone), format!(" by the calendar of {whose}, which [format.series] names"))
        }
        (Step::Calendar(_), None) => {
            return Err(format!(
                "the resolution {resolution} is as long as a calendar has it: `zone` in [format.series] must say whose"
            ));
        }
    };
    let points = points
        .filter(|points| (1..=MOST).contains(points))
        .ok_or_else(|| format!("the period from {start} to {end} does not divide into steps of {resolution}{whose}"));
    Ok((step, points?))
}

/// How many steps make a length of time.
fn fixed(whole: SignedDuration, step: SignedDuration) -> Option<i64> {
    let (length, step) = (whole.as_secs(), step.as_secs());
    (length % step == 0 && whole.subsec_nanos() == 0).then_some(length / step)
}

/// How many steps lead from one instant to another: as many as it would be of the usual length, if these do.
fn calendar((start, end): (Timestamp, Timestamp), step: Span, zone: &TimeZone) -> Option<i64> {
    let days = i64::from(step.get_weeks()) * 7 + i64::from(step.get_days());
    let months = i64::from(step.get_years()) * 12 + i64::from(step.get_months());
    let usual = days.checked_mul(DAY)?.checked_add(months.checked_mul(MONTH)?)?;
    let steps = (end.duration_since(start).as_secs() + usual / 2) / usual;
    (Step::Calendar(step).after(start, steps, Some(zone)) == Some(end)).then_some(steps)
}

impl Step {
    fn read(resolution: &str) -> Option<Self> {
        let span = resolution.parse::<Span>().ok().filter(|span| span.is_positive())?;
        if let Ok(step) = SignedDuration::try_from(span) {
            return (step.as_secs() > 0 && step.subsec_nanos() == 0).then_some(Self::Fixed(step));
        }
        let days = Span::new().years(span.get_years()).months(span.get_months());
        let days = days.weeks(span.get_weeks()).days(span.get_days());
        (days.fieldwise() == span.fieldwise()).then_some(Self::Calendar(span))
    }

    /// The instant that lies so many steps behind another.
    pub(super) fn after(self, start: Timestamp, steps: i64, zone: Option<&TimeZone>) -> Option<Timestamp> {
        match self {
            Self::Fixed(step) => start.checked_add(step.checked_mul(steps.try_into().ok()?)?).ok(),
            Self::Calendar(step) => {
                let start = start.to_zoned(zone?.clone());
                let behind = start.checked_add(step.checked_mul(steps).ok()?).ok()?;
                // Not every day begins at midnight.
                let whole_days = start == start.start_of_day().ok()?;
                Some(if whole_days { behind.start_of_day().ok()? } else { behind }.timestamp())
            }
        }
    }
}
