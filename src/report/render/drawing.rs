//! A query's line chart: where its lines, ticks and labels stand.

use jiff::{Span, Timestamp, Unit, Zoned, ZonedRound, civil::Date};
use serde::Serialize;
use serde_json::Value;

use crate::report::{
    chart::{self, Frame, Placed, Shape},
    define::{Chart, Query, Report},
    query::Row,
};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 250.0;

/// Most labels along.
const MOST_TICKS: usize = 7;

/// A chart, ready to be drawn.
#[derive(Debug, Serialize)]
pub(super) struct Drawing {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    bottom: f64,
    lines: Vec<Line>,
    along: Vec<Tick>,
    up: Vec<Tick>,
    description: String,
}

#[derive(Debug, Serialize)]
struct Line {
    label: String,
    /// From 1; the class of its colour.
    nth: usize,
    path: String,
}

/// A mark on an axis.
#[derive(Debug, Serialize)]
struct Tick {
    at: f64,
    label: String,
}

/// Draws a query's rows; none if there are fewer than two points.
pub(super) fn draw(report: &Report, query: &Query, chart: &Chart, rows: &[Row]) -> Option<Drawing> {
    let mut along: Vec<f64> = rows.iter().map(|row| instant(report, row.get(&chart.x)?)).collect::<Option<_>>()?;
    let series: Vec<Vec<Option<f64>>> =
        chart.y.iter().map(|name| rows.iter().map(|row| row.get(name)?.as_f64()).collect()).collect();
    let known: Vec<f64> = series.iter().flatten().flatten().copied().collect();
    let (low, high) = chart::range(&known)?;
    hold_last(&mut along, chart.shape)?;
    let up = chart::ticks(low, high, 5);
    let x = chart::range(&along)?;
    let frame = Frame { x, y: chart::range(&up)?, left: 52.0, top: 10.0, right: 26.0, bottom: 26.0 };
    let placed = frame.sized(WIDTH, HEIGHT);
    let write = |value: f64| report.locale.number(&value.to_string(), decimals(&up)).unwrap_or_default();
    let labels = |name: &str| {
        let column = query.columns.iter().find(|column| column.name == name);
        column.map_or_else(|| name.to_owned(), |column| column.label.clone())
    };
    let lines = chart.y.iter().zip(&series).enumerate().map(|(at, (name, values))| Line {
        label: labels(name),
        nth: at + 1,
        path: placed.path(&points(&along, values), chart.shape),
    });
    Some(Drawing {
        width: WIDTH,
        height: HEIGHT,
        left: frame.left,
        right: WIDTH - frame.right,
        bottom: HEIGHT - frame.bottom,
        lines: lines.collect(),
        along: ticks_along(report, x, &placed),
        description: format!("{}: lowest {}, highest {}", query.title, write(low), write(high)),
        up: up.iter().map(|&value| Tick { at: placed.at(x.0, value).1, label: write(value) }).collect(),
    })
}

/// Seconds since 1970 of a date's first moment or of an instant.
fn instant(report: &Report, value: &Value) -> Option<f64> {
    let text = value.as_str()?;
    let at = match text.parse::<Timestamp>() {
        Ok(at) => at,
        Err(_no_instant) => text.parse::<Date>().ok()?.to_zoned(report.zone.clone()).ok()?.timestamp(),
    };
    Some(at.as_duration().as_secs_f64())
}

/// In steps, the last value holds as long as the one before did: one more place along. None for a single point.
fn hold_last(along: &mut Vec<f64>, shape: Shape) -> Option<()> {
    let (last, before) = (along.last().copied()?, along.iter().rev().nth(1).copied()?);
    if shape == Shape::Steps {
        along.push(last + (last - before));
    }
    Some(())
}

/// Pairs places and values; a place without a value of its own repeats the last.
fn points(along: &[f64], values: &[Option<f64>]) -> Vec<(f64, Option<f64>)> {
    let last = values.last().copied().flatten();
    along.iter().copied().zip(values.iter().copied().chain(std::iter::repeat(last))).collect()
}

/// As many digits after the point as the ticks need.
fn decimals(ticks: &[f64]) -> usize {
    let whole = |power: f64| ticks.iter().all(|tick| ((tick * power).round() - tick * power).abs() < 1e-6);
    [1.0, 10.0, 100.0, 1000.0].into_iter().position(whole).unwrap_or(4)
}

/// Labels at round hours, days or months of the report's zone: the finest that leaves only so many.
fn ticks_along(report: &Report, (from, to): (f64, f64), placed: &Placed) -> Vec<Tick> {
    let steps = [
        Span::new().hours(1),
        Span::new().hours(3),
        Span::new().hours(6),
        Span::new().days(1),
        Span::new().days(2),
        Span::new().days(7),
        Span::new().days(14),
        Span::new().months(1),
        Span::new().months(3),
        Span::new().years(1),
    ];
    let Some((first, last)) = zoned(report, from).zip(zoned(report, to)) else { return Vec::new() };
    let Ok(start) = first.round(ZonedRound::new().smallest(Unit::Day).mode(jiff::RoundMode::Floor)) else {
        return Vec::new();
    };
    let marks = steps.into_iter().map(|step| (step, marks(&start, &first, &last, step)));
    let fitting = marks.into_iter().find(|(_, marks)| marks.len() <= MOST_TICKS);
    fitting.map_or_else(Vec::new, |(step, marks)| {
        let hours = step.get_hours() > 0;
        let tick = |at: &Zoned| Tick {
            at: placed.at(at.timestamp().as_duration().as_secs_f64(), 0.0).0,
            label: if hours { at.strftime("%H:%M").to_string() } else { report.locale.day_and_month(at.date()) },
        };
        marks.iter().map(tick).collect()
    })
}

fn zoned(report: &Report, seconds: f64) -> Option<Zoned> {
    let whole = jiff::SignedDuration::try_from_secs_f64(seconds).ok()?;
    Some(Timestamp::from_duration(whole).ok()?.to_zoned(report.zone.clone()))
}

/// The places from `first` to `last` that are whole steps from `start`, and one more if they are too many.
fn marks(start: &Zoned, first: &Zoned, last: &Zoned, step: Span) -> Vec<Zoned> {
    let places = (0i64..).map_while(|at| start.checked_add(step.checked_mul(at).ok()?).ok());
    places.take_while(|at| at <= last).filter(|at| at >= first).take(MOST_TICKS + 1).collect()
}
