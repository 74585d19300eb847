//! Foreign keys of other tables that point into a dataset: rows that they use cannot be removed.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};

use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl},
    ingest::{LONG, statement::Names},
};

/// One foreign key: the table it stands in, and how its columns meet those of the dataset.
#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    constraint: String,
    #[diesel(sql_type = Text)]
    meets: String,
}

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// Which tables use rows that the release would remove, and how many of theirs do: a sentence for the finding.
pub(in crate::ingest) async fn referenced(conn: &mut AsyncPgConnection, names: &Names) -> DbResult<String> {
    conn.transaction(async |conn| {
        conn.batch_execute(LONG).await?;
        let found: Vec<Reference> = diesel::sql_query(names.fill(include_str!("references.sql"))).load(conn).await?;
        let mut uses = Vec::new();
        for reference in found {
            let count = names
                .fill(include_str!("referenced.sql"))
                .replace("{referring}", &reference.table)
                .replace("{meets}", &reference.meets);
            let counted: Rows = diesel::sql_query(count).get_result(conn).await?;
            if counted.rows > 0 {
                uses.push(format!("{} of {} ({})", counted.rows, reference.table, reference.constraint));
            }
        }
        Ok(format!(
            "the release removes rows that others refer to: {}. Change those first, then publish the release",
            uses.join(", ")
        ))
    })
    .await
}
