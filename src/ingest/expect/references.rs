//! `references`: values that must stand in another dataset.

use parsers::{Dataset, dataset::Reference};
use serde::Deserialize;

use super::{
    Finding, found,
    look::{Answer, there},
};
use crate::db::{
    AsyncPgConnection, DbResult, RunQueryDsl,
    ident::{qualified, quote},
};

#[derive(Deserialize)]
struct Missing {
    rows: u64,
    samples: Vec<String>,
}

pub(super) async fn look(
    conn: &mut AsyncPgConnection,
    dataset: &Dataset,
    reference: &Reference,
) -> DbResult<Option<Finding>> {
    let expect = &dataset.expect;
    let to_itself = reference.to == dataset.name;
    let table = if to_itself { "pg_temp.release".to_owned() } else { qualified("data", reference.to.as_str()) };
    if !there(conn, &table).await? {
        let message = format!("what refers to {table} cannot be looked up: the table does not exist yet");
        return Ok(Some(found(expect, "references", "references", format!("{message} (expect.references)"))));
    }
    let answer: Answer = diesel::sql_query(question(reference, &table)).get_result(conn).await?;
    let Missing { rows, samples } = answer.read()?;
    Ok((rows > reference.max_missing).then(|| {
        let (columns, samples, most) = (reference.columns.join(", "), samples.join("; "), reference.max_missing);
        let message = format!(
            "{rows} rows refer by {columns} to what {table} does not have, such as {samples}; the dataset allows {most} \
             (expect.references)"
        );
        found(expect, "references", "references", message)
    }))
}

fn question(reference: &Reference, table: &str) -> String {
    let pairs = || reference.columns.iter().zip(&reference.their);
    let list = |write: &dyn Fn((&String, &String)) -> String, between: &str| {
        pairs().map(write).collect::<Vec<_>>().join(between)
    };
    include_str!("references.sql")
        .replace("{table}", table)
        .replace("{columns}", &list(&|(own, _)| format!("r.{}", quote(own)), ", "))
        .replace("{present}", &list(&|(own, _)| format!("r.{} IS NOT NULL", quote(own)), " AND "))
        .replace("{meets}", &list(&|(own, their)| format!("o.{} = r.{}", quote(their), quote(own)), " AND "))
}
