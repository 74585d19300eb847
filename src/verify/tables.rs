//! The datasets' tables themselves: whose rows they hold, and whether a key stands in one twice.

use diesel::{
    QueryableByName,
    sql_types::{Array, Text},
};
use parsers::{Dataset, dataset::Mode};

use super::Line;
use crate::db::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    history::{self, Apart},
    ident,
};

/// Keys that stand twice, of which so many are shown.
const SHOWN: usize = 5;

/// A table in schema `data`, and the dataset that it belongs to.
#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    dataset: String,
}

/// Rows of releases that nobody has published.
pub(super) async fn rows(conn: &mut AsyncPgConnection) -> DbResult<Vec<String>> {
    let tables: Vec<Table> = diesel::sql_query(include_str!("tables.sql")).load(conn).await?;
    let mut found = Vec::new();
    for Table { name, dataset } in tables {
        let query = include_str!("rows.sql").replace("{table}", &ident::qualified("data", &name));
        let lines: Vec<Line> =
            diesel::sql_query(query).bind::<Text, _>(&name).bind::<Text, _>(&dataset).load(conn).await?;
        found.extend(lines.into_iter().map(|line| line.broken));
    }
    Ok(found)
}

/// Tables that are replaced with each release and have not as many rows as the published one gave them.
pub(super) async fn counted(conn: &mut AsyncPgConnection, datasets: &[&Dataset]) -> DbResult<Vec<String>> {
    let tables: Vec<Table> = diesel::sql_query(include_str!("tables.sql")).load(conn).await?;
    let mut found = Vec::new();
    for dataset in datasets.iter().filter(|dataset| dataset.mode == Mode::Replace) {
        let name = dataset.name.as_str();
        if tables.iter().any(|table| table.name == name) {
            let query = include_str!("row_count.sql").replace("{table}", &ident::qualified("data", name));
            let query = diesel::sql_query(query).bind::<Text, _>(name).bind::<Text, _>(&dataset.hash);
            found.extend(query.load::<Line>(conn).await?.into_iter().map(|line| line.broken));
        }
    }
    Ok(found)
}

/// Histories whose open versions are not the rows of their table. Where one of the two is not there, somebody has moved
/// it away: the next release makes it anew.
pub(super) async fn histories(conn: &mut AsyncPgConnection) -> DbResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct History {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Array<Text>)]
        columns: Vec<String>,
    }
    let written: Vec<History> = diesel::sql_query(include_str!("histories.sql")).load(conn).await?;
    let mut found = Vec::new();
    for History { name, columns } in written {
        let history = ident::qualified("data", &format!("{name}_history"));
        let (table, columns) = (ident::qualified("data", &name), ident::list(columns.iter().map(String::as_str)));
        let Apart { versions, rows } = history::apart(conn, &history, &table, &columns).await?;
        if (versions, rows) != (0, 0) {
            found.push(format!(
                "data.{name}_history is not what data.{name} says; open versions without a row: {versions}, rows without \
                 an open version: {rows}"
            ));
        }
    }
    Ok(found)
}

/// Keys that stand in their table twice, whatever its index says.
pub(super) async fn duplicates(conn: &mut AsyncPgConnection, keyed: &[&Dataset]) -> DbResult<Vec<String>> {
    let tables: Vec<Table> = diesel::sql_query(include_str!("tables.sql")).load(conn).await?;
    let mut found = Vec::new();
    for dataset in keyed.iter().filter(|dataset| tables.iter().any(|table| table.name == dataset.name.as_str())) {
        let query = include_str!("duplicates.sql")
            .replace("{table}", &ident::qualified("data", dataset.name.as_str()))
            .replace("{key}", &ident::list(dataset.schema.key_columns().map(|column| column.name.as_str())))
            .replace("{shown}", &SHOWN.to_string());
        let lines: Vec<Line> = diesel::sql_query(query).bind::<Text, _>(dataset.name.as_str()).load(conn).await?;
        found.extend(lines.into_iter().map(|line| line.broken));
    }
    Ok(found)
}
