//! A column whose values are no longer of its type: not bad records, but another file.

use parsers::{Column, ColumnType, Guess};

use super::{Finding, fail, percent, share};
use crate::db::rejects::Blamed;

/// Share of the records from which on a column, and not its values, is to blame.
const MOST: f64 = 0.5;
/// Fewer records say nothing about a column.
const FEWEST: u64 = 5;
/// Values that are shown.
const SHOWN: usize = 5;

/// The findings about columns that most of the records read so far failed on.
pub(in crate::ingest) fn retyped(columns: &[Column], blamed: &[Blamed], read: u64) -> Vec<Finding> {
    let mostly = |blamed: &&Blamed| {
        let rejects = blamed.rejects.cast_unsigned();
        rejects >= FEWEST && share(rejects, read) > MOST
    };
    let found = blamed.iter().filter(mostly);
    found
        .filter_map(|blamed| Some(finding(columns.iter().find(|column| column.name == blamed.column)?, blamed, read)))
        .collect()
}

fn finding(column: &Column, blamed: &Blamed, read: u64) -> Finding {
    let Column { name, kind, .. } = column;
    let refused = percent(share(blamed.rejects.cast_unsigned(), read));
    let shown: Vec<_> = blamed.values.iter().take(SHOWN).map(|value| format!("{value:?}")).collect();
    let guess = Guess::of(blamed.values.iter().map(String::as_str));
    let now = match &guess {
        _ if is_put_together(column) => "they are put together with what other columns of the file say".to_owned(),
        Guess { kind: ColumnType::Text, .. } => "they look like text now".to_owned(),
        guess => format!("they look like {} now", guess.kind),
    };
    let values = if shown.is_empty() {
        "it is empty".to_owned()
    } else {
        format!("its values are such as {}; {now}", shown.join(", "))
    };
    let from = column.origin.name().map(|from| format!(" ({from:?} in the file)")).unwrap_or_default();
    let message = format!(
        "the column `{name}`{from} is {kind} by the definition, and {refused} of the records read fail on it: {values}. \
         If the publisher has changed the column, change its type in the dataset's TOML and replay the release"
    );
    let has_type = !shown.is_empty() && !is_put_together(column);
    Finding { suggestion: has_type.then(|| line(column, &guess)), ..fail(RETYPED, message) }
}

/// Whether a column's text is only a part of its value: what that looks like tells nothing of the type.
fn is_put_together(Column { rule, .. }: &Column) -> bool {
    rule.moment.is_some() || !rule.behind.is_empty()
}

/// The check whose finding says that a column has another type.
const RETYPED: &str = "retyped";

fn line(column: &Column, guess: &Guess) -> String {
    let from = column.origin.name().map(|from| format!("from = {}, ", parsers::section::quoted(from)));
    let comment = parsers::section::quoted(&column.comment);
    format!("{} = {{ {}{guess}, comment = {comment} }}", column.name, from.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use parsers::Dataset;

    fn columns() -> Vec<Column> {
        let text = include_str!("../../../parsers/datasets/us_gov_domains.toml")
            .replace("city = { from = \"City\", type = \"text\"", "city = { from = \"City\", type = \"integer\"");
        Dataset::parse("x.toml", "x".parse().unwrap(), &text).unwrap().schema.columns
    }

    fn blamed(rejects: i64, values: &[&str]) -> [Blamed; 1] {
        [Blamed { column: "city".into(), rejects, values: values.iter().map(ToString::to_string).collect() }]
    }

    #[test]
    fn a_column_that_most_records_fail_on_is_named_with_what_it_seems_to_be() {
        let found = retyped(&columns(), &blamed(11, &["31/12/2026", "01/01/2027"]), 12);
        assert_eq!(
            found[0].message,
            "the column `city` (\"City\" in the file) is integer by the definition, and 91.67 % of the records read fail \
             on it: its values are such as \"31/12/2026\", \"01/01/2027\"; they look like date now. If the publisher has \
             changed the column, change its type in the dataset's TOML and replay the release"
        );
        let line =
            "city = { from = \"City\", type = \"date\", pattern = \"%d/%m/%Y\", comment = \"Seat of the body\" }";
        assert_eq!(found[0].suggestion.as_deref(), Some(line));
    }

    #[test]
    fn a_part_of_a_value_tells_no_type() {
        let mut columns = columns();
        for column in &mut columns {
            column.rule.behind = vec![0];
        }
        let found = retyped(&columns, &blamed(11, &["31/12/2026"]), 12);
        assert!(
            found[0]
                .message
                .contains("\"31/12/2026\"; they are put together with what other columns of the file say. If")
        );
        assert_eq!(found[0].suggestion, None);
    }

    #[test]
    fn single_bad_values_say_nothing_about_the_column() {
        assert_eq!(retyped(&columns(), &blamed(5, &["x"]), 10), []);
        assert_eq!(retyped(&columns(), &blamed(4, &["x"]), 4), []);
        assert_eq!(retyped(&columns(), &blamed(5, &["x"]), 9).len(), 1);
    }
}
