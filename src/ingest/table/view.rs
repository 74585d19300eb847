//! The long view: one row for each value of a wide table.

use parsers::{Dataset, DatasetName, dataset::LongView};

use crate::db::ident::{literal, qualified, quote};

/// Makes the view, or brings it to its definition.
pub(super) fn create(dataset: &Dataset, long: &LongView) -> [String; 2] {
    let view = qualified("data", long.name.as_str());
    let keep: Vec<String> = long.keep.iter().map(|column| format!("t.{}", quote(column))).collect();
    let values: Vec<String> = dataset
        .schema
        .columns
        .iter()
        .filter(|column| !long.keep.contains(&column.name))
        .map(|column| format!("({}, t.{})", literal(&spelled(&column.name, long)), quote(&column.name)))
        .collect();
    let create = include_str!("long_view.sql")
        .replace("{view}", &view)
        .replace("{keep}", &keep.join(", "))
        .replace("{table}", &qualified("data", dataset.name.as_str()))
        .replace("{values}", &values.join(",\n    "))
        .replace("{name}", &quote(&long.name_column))
        .replace("{value}", &quote(&long.value_column));
    [create, format!("COMMENT ON VIEW {view} IS {}", literal(&long.comment))]
}

/// Takes the view away, if nobody else's builds on it.
pub(super) fn drop(name: &DatasetName) -> String {
    format!("DROP VIEW IF EXISTS {}", qualified("data", name.as_str()))
}

fn spelled(name: &str, long: &LongView) -> String {
    if long.upper { name.to_uppercase() } else { name.to_owned() }
}
