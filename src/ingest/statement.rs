//! The statements of a load: templates in `.sql` files, filled with one dataset's names.

use parsers::{Column, Dataset, dataset::Mode};

use super::stage::Stage;
use crate::db::ident::{literal, qualified, quote};

/// A dataset's names as they stand in its statements. `t` is the table, `s` the stage.
#[derive(Debug, Clone)]
pub(super) struct Names {
    fillings: Vec<(&'static str, String)>,
    /// Whether rows have keys; without, rows are a multiset.
    pub(super) keyed: bool,
    /// Whether a release is the whole truth.
    pub(super) removes: bool,
    /// Whether an existing row may never change.
    pub(super) frozen: bool,
}

impl Names {
    pub(super) fn new(dataset: &Dataset, stage: &Stage) -> Self {
        Self::with(dataset, stage.quoted())
    }

    /// For statements that name no stage.
    pub(super) fn without_stage(dataset: &Dataset) -> Self {
        Self::with(dataset, String::new())
    }

    fn with(dataset: &Dataset, stage: String) -> Self {
        let all: Vec<&Column> = dataset.schema.columns.iter().collect();
        let key: Vec<&Column> = dataset.schema.key_columns().collect();
        let values: Vec<&Column> = all.iter().copied().filter(|column| !key.contains(column)).collect();
        let of = |alias: &str, columns: &[&Column]| join(columns, ", ", |name| format!("{alias}.{name}"));
        let differs = match values.as_slice() {
            [] => "false".to_owned(),
            some => format!("ROW({}) IS DISTINCT FROM ROW({})", of("t", some), of("s", some)),
        };
        let same_key = join(&key, " AND ", |name| format!("t.{name} = s.{name}"));
        let same_row = match key.as_slice() {
            [] => format!("ROW({}) IS NOT DISTINCT FROM ROW({})", of("t", &all), of("s", &all)),
            _ => same_key.clone(),
        };
        let fillings = vec![
            ("{table}", qualified("data", dataset.name.as_str())),
            ("{history}", qualified("data", &format!("{}_history", dataset.name))),
            ("{stage}", stage),
            ("{columns}", join(&all, ", ", str::to_owned)),
            ("{s_columns}", of("s", &all)),
            ("{t_columns}", of("t", &all)),
            ("{key}", join(&key, ", ", str::to_owned)),
            ("{k_key}", of("k", &key)),
            ("{t_key}", of("t", &key)),
            ("{same_key}", same_key),
            ("{same_row}", same_row),
            ("{marked_key}", join(&key, " AND ", |name| format!("k.{name} = s.{name}"))),
            ("{differs}", differs),
            ("{set}", join(&values, ", ", |name| format!("{name} = s.{name}"))),
            ("{typed}", typed(&all)),
            ("{typed_key}", typed(&key)),
            ("{name}", literal(dataset.name.as_str())),
            ("{rejects}", "bluebook.rejects".to_owned()),
        ];
        Self {
            fillings,
            keyed: !key.is_empty(),
            removes: dataset.mode == Mode::Replace,
            frozen: dataset.mode == Mode::Append,
        }
    }

    /// The same for another table of the same shape.
    pub(super) fn with_table(&self, table: String) -> Self {
        self.with_filling("{table}", table)
    }

    /// The same for somebody who only looks: rejects go into a table that is theirs alone.
    pub(super) fn with_rejects(&self, table: &str) -> Self {
        self.with_filling("{rejects}", table.to_owned())
    }

    fn with_filling(&self, place: &'static str, text: String) -> Self {
        let mut names = self.clone();
        names.fillings.retain(|(known, _)| *known != place);
        names.fillings.push((place, text));
        names
    }

    /// The same for a release that is the whole truth, whatever the dataset's mode.
    pub(super) fn as_whole_truth(&self) -> Self {
        Self { removes: true, frozen: false, ..self.clone() }
    }

    /// Whether rows of several releases stand side by side, and may change.
    pub(super) fn is_sum(&self) -> bool {
        !self.removes && !self.frozen
    }

    /// Whether there is anything in a row beside its key that could change.
    pub(super) fn has_values(&self) -> bool {
        self.fillings.iter().any(|(place, text)| *place == "{set}" && !text.is_empty())
    }

    /// The statement that a template makes for this dataset.
    pub(super) fn fill(&self, template: &str) -> String {
        self.fillings.iter().fold(template.to_owned(), |sql, (place, text)| sql.replace(place, text))
    }
}

fn join(columns: &[&Column], between: &str, write: impl Fn(&str) -> String) -> String {
    columns.iter().map(|column| write(&quote(&column.name))).collect::<Vec<_>>().join(between)
}

fn typed(columns: &[&Column]) -> String {
    columns.iter().map(|column| format!("{} {}", quote(&column.name), column.kind.sql())).collect::<Vec<_>>().join(", ")
}
