//! What a held release would change, in lines.

use crate::{
    cli::{load::grouped, out},
    db::difference::{Cell, Difference},
};

/// Values of a new or removed row that are printed.
const CELLS: usize = 6;

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
        whole("new", row);
    }
    for row in removed {
        whole("removed", row);
    }
}

fn whole(word: &str, row: &[Cell]) {
    let cells: Vec<_> = row.iter().take(CELLS).map(|cell| format!("{} {:?}", cell.column, cell.value)).collect();
    let more = if row.len() > CELLS { ", …" } else { "" };
    out::line(format_args!("  {word}: {}{more}", cells.join(", ")));
}
