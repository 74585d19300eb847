//! `max_nulls`: how many rows may lack a value.

use std::collections::BTreeMap;

use parsers::dataset::Expectations;

use super::{Finding, found, look::Answer, percent, share};
use crate::db::{AsyncPgConnection, DbResult, RunQueryDsl, ident::quote};

pub(super) async fn look(conn: &mut AsyncPgConnection, expect: &Expectations) -> DbResult<Vec<Finding>> {
    if expect.max_nulls.is_empty() {
        return Ok(Vec::new());
    }
    let names = expect.max_nulls.iter().map(|(column, _)| quote(column));
    let counts: Vec<_> = names.map(|name| format!("count({name}) AS {name}")).collect();
    let question = include_str!("nulls.sql").replace("{counts}", &counts.join(", "));
    let answer: Answer = diesel::sql_query(question).get_result(conn).await?;
    let values: BTreeMap<String, u64> = answer.read()?;
    let rows = values.get("_rows").copied().unwrap_or_default();
    let finding = |(column, most): &(String, f64)| {
        let nulls = rows - values.get(column).copied().unwrap_or_default();
        let share = share(nulls, rows);
        (share > *most).then(|| {
            let (share, most) = (percent(share), percent(*most));
            let message = format!(
                "{nulls} rows, {share}, have no value in `{column}`; the dataset allows {most} (expect.max_nulls)"
            );
            found(expect, "max_nulls", "nulls", message)
        })
    };
    Ok(expect.max_nulls.iter().filter_map(finding).collect())
}
