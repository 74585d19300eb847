//! What was measured: kept round by round, printed as a table, written as JSON.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use serde_json::{Value, json};

use super::{
    line::{LINES, Line, Unit},
    machine::Machine,
};

/// All single measurements, by the name of their line.
#[derive(Default)]
pub(crate) struct Results {
    rounds: BTreeMap<&'static str, Rounds>,
    skipped: BTreeMap<&'static str, String>,
}

#[derive(Default)]
struct Rounds {
    ours: Vec<f64>,
    others: Vec<f64>,
}

impl Results {
    /// Another measurement of ours.
    pub(crate) fn ours(&mut self, line: &Line, measured: f64) {
        self.rounds.entry(line.name).or_default().ours.push(measured);
    }

    /// Another measurement of what ours is compared with.
    pub(crate) fn other(&mut self, line: &Line, measured: f64) {
        self.rounds.entry(line.name).or_default().others.push(measured);
    }

    /// Why a line has no measurements.
    pub(crate) fn skip(&mut self, line: &Line, why: impl Into<String>) {
        self.skipped.insert(line.name, why.into());
    }

    /// The table, for people.
    pub(crate) fn table(&self) -> String {
        let mut table =
            format!("\n{:<50}{:>10}  {:<28}{:>7}  {:<12}holds\n", "work", "ours", "against", "ratio", "reach");
        for line in &LINES {
            let _infallible = writeln!(table, "{}", self.row(line));
        }
        table
    }

    fn row(&self, line: &Line) -> String {
        let reach = line.reach.map_or_else(String::new, |reach| match line.against {
            Some(_) => format!("<= {reach}"),
            None => format!("<= {}", shown(line.unit, reach)),
        });
        let Some(value) = self.value(line) else {
            let why = self.skipped.get(line.name).map_or("not asked for", String::as_str);
            return format!("{:<50}skipped: {why}", line.name);
        };
        let ours = shown(line.unit, self.ours_of(line));
        let (other, ratio) = match line.against {
            Some(other) => (format!("{other} {}", shown(line.unit, self.other_of(line))), format!("{value:.3}")),
            None => (String::new(), String::new()),
        };
        let holds = holds(line, value).map_or("", |holds| if holds { "yes" } else { "NO" });
        format!("{:<50}{ours:>10}  {other:<28}{ratio:>7}  {reach:<12}{holds}", line.name)
    }

    /// Writes summary.json and rounds.json.
    pub(crate) fn write(&self, folder: &Path, machine: &Machine) -> anyhow::Result<()> {
        let summary: Vec<Value> = LINES.iter().map(|line| self.summary(line)).collect();
        fs::write(folder.join("summary.json"), format!("{:#}\n", json!(summary)))?;
        let rounds = LINES.iter().filter_map(|line| {
            let Rounds { ours, others } = self.rounds.get(line.name)?;
            let unit = if line.unit == Unit::Seconds { "seconds" } else { "bytes" };
            Some(json!({ "name": line.name, "unit": unit, "ours": ours, "against": line.against, "others": others }))
        });
        let rounds = json!({ "machine": machine, "rounds": rounds.collect::<Vec<_>>() });
        fs::write(folder.join("rounds.json"), format!("{rounds:#}\n"))?;
        Ok(())
    }

    fn summary(&self, line: &Line) -> Value {
        let value = self.value(line);
        let holds = value.and_then(|value| holds(line, value));
        let mut summary = json!({ "name": line.name, "measured": value, "reach": line.reach, "holds": holds });
        if let (None, Some(summary)) = (value, summary.as_object_mut()) {
            summary
                .insert("skipped".into(), self.skipped.get(line.name).map_or("not asked for", String::as_str).into());
        }
        summary
    }

    /// The value that the reach is for. Without measurements of both sides there is none.
    fn value(&self, line: &Line) -> Option<f64> {
        let rounds = self.rounds.get(line.name)?;
        let compared = line.against.is_none() || !rounds.others.is_empty();
        let value = if line.against.is_some() { self.ours_of(line) / self.other_of(line) } else { self.ours_of(line) };
        (compared && !rounds.ours.is_empty()).then_some(value)
    }

    fn ours_of(&self, line: &Line) -> f64 {
        self.rounds.get(line.name).map_or(0.0, |rounds| typical(line, &rounds.ours))
    }

    fn other_of(&self, line: &Line) -> f64 {
        self.rounds.get(line.name).map_or(0.0, |rounds| typical(line, &rounds.others))
    }
}

fn holds(line: &Line, value: f64) -> Option<bool> {
    line.reach.map(|reach| value <= reach)
}

/// The median; of sizes that must never be exceeded, the greatest.
fn typical(line: &Line, measured: &[f64]) -> f64 {
    let mut sorted = measured.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = if line.against.is_some() { sorted.len() / 2 } else { sorted.len().saturating_sub(1) };
    sorted.get(at).copied().unwrap_or_default()
}

fn shown(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Seconds => format!("{value:.3} s"),
        Unit::Bytes => format!("{:.1} MB", value / 1e6),
    }
}
