//! Conditions in the dataset's own SQL: each row that comes back is a violation.

use diesel::result::Error;
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use parsers::{Dataset, dataset::Check};
use serde_json::Value;

use super::{Finding, fail, look::Answer, warn};
use crate::db::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    ident::{list, qualified},
    reading,
};

/// Violations that are shown; own.sql asks for one more.
const SHOWN: usize = 10;

/// How long one check may take, and where it finds tables that it names without a schema.
const BOUNDS: &str = "SET LOCAL statement_timeout = '5min'; SET LOCAL search_path = pg_temp, data";

/// What `bluebook check` needs to hold a dataset's checks against the database: the statements that make the views
/// `release` and `published`, both as the table is, and the statement that is sent for each check.
pub fn rehearsal(dataset: &Dataset) -> (String, Vec<String>) {
    let table = qualified("data", dataset.name.as_str());
    let columns = list(dataset.schema.columns.iter().map(|column| column.name.as_str()));
    let view = |name: &str| format!("CREATE TEMPORARY VIEW {name} AS SELECT {columns} FROM {table};");
    let views = format!("{}{}{BOUNDS}", view("release"), view("published"));
    (views, dataset.checks.iter().map(|check| statement(&check.sql)).collect())
}

/// The statement that is sent for a check.
fn statement(sql: &str) -> String {
    include_str!("own.sql").replace("{query}", sql.trim().trim_end_matches(';'))
}

/// Asks a check. One that cannot be asked is a violation, too: nobody knows what it would have found.
pub(super) async fn look(conn: &mut AsyncPgConnection, check: &Check) -> DbResult<Option<Finding>> {
    // A savepoint: what is wrong with one check does not keep the next from being asked.
    let asked: DbResult<Answer> = conn
        .transaction(async |conn| {
            conn.batch_execute(BOUNDS).await?;
            reading::only(conn).await?;
            diesel::sql_query(statement(&check.sql)).get_result(conn).await
        })
        .await;
    let message = match asked {
        Ok(answer) => violated(check, &answer.read::<Vec<Value>>()?),
        Err(Error::DatabaseError(_, said)) => {
            Some(format!("the check {} could not be asked: {}", check.file, said.message()))
        }
        Err(error) => return Err(error),
    };
    let finding = if check.holds { fail } else { warn };
    Ok(message.map(|message| finding(&check.name, message)))
}

fn violated(check: &Check, rows: &[Value]) -> Option<String> {
    let shown: Vec<_> = rows.iter().take(SHOWN).map(Value::to_string).collect();
    let many = if rows.len() > SHOWN { format!("more than {SHOWN}") } else { rows.len().to_string() };
    let sentence = sentence(&check.sql).map(|sentence| format!(" ({sentence})")).unwrap_or_default();
    (!rows.is_empty()).then(|| format!("{} found {many} violations{sentence}: {}", check.file, shown.join(", ")))
}

/// What the check says of itself: its first line, if that is a comment.
fn sentence(sql: &str) -> Option<&str> {
    sql.lines().next()?.strip_prefix("--").map(|line| line.trim().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violated_check_says_what_it_is_about_and_shows_the_first_rows() {
        let sql = "-- Prices are above zero.\nSELECT id FROM release WHERE price <= 0".to_owned();
        let check = Check { name: "prices".into(), file: "things/prices.sql".into(), sql, holds: true };
        let rows: Vec<Value> = (0..11).map(|id| serde_json::json!({ "id": id })).collect();
        let told = violated(&check, &rows).unwrap();
        let begins = "things/prices.sql found more than 10 violations (Prices are above zero): {\"id\":0}, {\"id\":1}";
        assert!(told.starts_with(begins) && !told.contains("\"id\":10"), "{told}");
        assert_eq!(violated(&check, &[]), None);
    }
}
