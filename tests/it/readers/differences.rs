//! The cells in which a table and another reader's rows differ.

use super::Case;
use crate::support::Db;

/// Each cell that differs, or why they cannot be compared.
pub(super) fn between(db: &Db, case: &Case, rows: &str) -> Vec<String> {
    let Case { table, reader, .. } = case;
    let Shape { columns, typed, key } = Shape::of(db, table);
    db.batch(&format!(
        "DROP TABLE IF EXISTS typed, lines; CREATE TEMP TABLE typed ({typed}); CREATE TEMP TABLE lines AS \
         SELECT line::jsonb FROM unnest(string_to_array($lines${rows}$lines$, E'\\n')) line WHERE line <> ''"
    ));
    let unlike = db.column(include_str!("unlike.sql"));
    if !unlike.is_empty() {
        return vec![format!("{table} and {reader}.py have not the same columns: {}", unlike.join(", "))];
    }
    let filled = [("{table}", *table), ("{columns}", &columns), ("{key}", &key)];
    let sql = include_str!("differences.sql").to_owned();
    let found = db.rows(&filled.into_iter().fold(sql, |sql, (name, value)| sql.replace(name, value)));
    let rows = db.number(&format!("SELECT count(*) FROM data.{table}"));
    eprintln!("{table:<26}{rows:>7} rows: {} cells are not as {reader}.py has them", found.len());
    assert!(rows > 0, "{table} has rows");
    let shown = found.into_iter().map(|cell| {
        let [key, column, ours, theirs] = <[_; 4]>::try_from(cell).expect("four values").map(Option::unwrap_or_default);
        format!("{table} {key} {column}: {ours}; {reader}.py: {theirs}")
    });
    shown.collect()
}

/// A table's columns, in SQL, without those that say where a row is from.
struct Shape {
    columns: String,
    /// With their types, but without the types' sizes, so that nothing is rounded to them.
    typed: String,
    /// The primary key, as an array.
    key: String,
}

impl Shape {
    fn of(db: &Db, table: &str) -> Self {
        let rest = "ORDER BY attnum) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 \
                    AND NOT attisdropped AND attname NOT LIKE '\\_%'";
        let rest = rest.replace("{table}", &format!("data.{table}"));
        let key = "SELECT coalesce(array_agg(attname ORDER BY array_position(indkey, attnum)), '{}') FROM pg_attribute \
                   JOIN pg_index ON indrelid = attrelid AND indisprimary AND attnum = ANY (indkey) WHERE attrelid = ";
        Self {
            columns: db.text(&format!("SELECT string_agg(quote_ident(attname), ', ' {rest}")),
            typed: db.text(&format!(
                "SELECT string_agg(quote_ident(attname) || ' ' || format_type(atttypid, NULL), ', ' {rest}"
            )),
            key: db.text(&format!("{key} 'data.{table}'::regclass")),
        }
    }
}
