//! What a held release would change, in lines.

use crate::{
    cli::{load::grouped, out},
    db::difference::Difference,
};

/// Prints a difference: columns, then the first rows of each kind.
pub(super) fn difference(difference: &Difference) {
    let Difference { caution, columns, changed, inserted, removed } = difference;
    if let Some(caution) = caution {
        out::line(format_args!("  {caution}"));
    }
    if !columns.is_empty() {
        let columns: Vec<_> =
            columns.iter().map(|column| format!("{} {}", column.name, grouped(column.rows))).collect();
        out::line(format_args!("  rows that change, by column: {}", columns.join(", ")));
    }
    for row in changed {
        let text = |value: &Option<String>| value.as_ref().map_or_else(|| "nothing".to_owned(), |v| format!("{v:?}"));
        let cells = row.cells.iter().map(|cell| format!("{} {} → {}", cell.column, text(&cell.old), text(&cell.new)));
        out::line(format_args!("  changed {}: {}", row.key, cells.collect::<Vec<_>>().join(", ")));
    }
    for row in inserted {
        out::row("new", row);
    }
    for row in removed {
        out::row("removed", row);
    }
}
