//! Finds what is wrong with a form before anything is written: all of it at once, as far as that can be known.
//!
//! Every question is a statement of its own, outside of any transaction, so one that fails spoils no other. The write
//! itself asks the database again; what slips through here is told there.

use super::{
    complaint::Complaint,
    input::{Change, Input, New},
    shown::{Resource, Seen},
    sql::{self, Binds, Row, Select},
};
use crate::db::{
    AsyncPgConnection, DbError, DbResult,
    catalog::{Filled, Shape, Unique},
};

/// Everything that is wrong, in the order of the fields.
pub(super) async fn complaints(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    input: &Input,
    row: Option<&Row>,
    changes: &[Change],
) -> DbResult<Vec<Complaint>> {
    let mut found = missing(resource, input, row, changes);
    found.extend(changes.iter().filter_map(|change| at_a_glance(resource.seen(change.at)?, change)));
    for change in unreadable(conn, resource, changes, &found).await? {
        found.extend(resource.seen(change.at).map(Complaint::no_such_value));
    }
    let asking = Asking { resource, row, changes, bad: found.iter().filter_map(|complaint| complaint.at).collect() };
    found.extend(asking.broken_checks(conn).await?);
    found.extend(asking.lost_links(conn).await?);
    for unique in &resource.table.uniques {
        found.extend(asking.clash(conn, unique).await?);
    }
    found.sort_by_key(|complaint| complaint.at.unwrap_or(usize::MAX));
    Ok(found)
}

/// Fields that must not be empty and are.
fn missing(resource: Resource<'_>, input: &Input, row: Option<&Row>, changes: &[Change]) -> Vec<Complaint> {
    let empty = |seen: &Seen<'_>| match row {
        None => resource.needed(seen.at) && input.fields.get(&seen.at).is_none_or(String::is_empty),
        Some(_) => {
            seen.column.not_null && changes.iter().any(|change| change.at == seen.at && change.value == New::Null)
        }
    };
    resource.written(row.is_none()).filter(empty).map(Complaint::empty).collect()
}

/// What can be told without asking the database.
fn at_a_glance(seen: Seen<'_>, change: &Change) -> Option<Complaint> {
    let value = change.text()?;
    if value.contains('\0') {
        return Some(Complaint::new(seen.at, "There is a sign in this that cannot be kept."));
    }
    match &seen.column.shape {
        Shape::Text(Some(longest)) if value.chars().count() > *longest => {
            let count = value.chars().count();
            Some(Complaint::new(seen.at, format!("This has {count} characters; at most {longest} fit.")))
        }
        Shape::Decimal(Some(places)) if decimals(value) > usize::try_from(*places).unwrap_or(0) => {
            Some(Complaint::new(seen.at, format!("At most {places} digits can stand after the point.")))
        }
        Shape::Enum(labels) if !labels.iter().any(|label| label == value) => Some(Complaint::no_such_value(seen)),
        _ => None,
    }
}

/// Digits after the point that are not just noughts; PostgreSQL would round them away silently.
fn decimals(value: &str) -> usize {
    let Some((_, fraction)) = value.split_once('.') else { return 0 };
    let digits: String = fraction.chars().take_while(char::is_ascii_digit).collect();
    digits.trim_end_matches('0').len()
}

/// Changes whose text the column's type cannot read. One question for all; only if it fails, one for each.
async fn unreadable<'c>(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    changes: &'c [Change],
    found: &[Complaint],
) -> DbResult<Vec<&'c Change>> {
    let open = changes
        .iter()
        .filter(|change| change.text().is_some() && !found.iter().any(|complaint| complaint.at == Some(change.at)));
    let open: Vec<&Change> = open.collect();
    if readable(conn, resource, &open).await? {
        return Ok(Vec::new());
    }
    let mut bad = Vec::new();
    for change in open {
        if !readable(conn, resource, &[change]).await? {
            bad.push(change);
        }
    }
    Ok(bad)
}

async fn readable(conn: &mut AsyncPgConnection, resource: Resource<'_>, changes: &[&Change]) -> DbResult<bool> {
    let mut binds = Binds::default();
    let columns = changes.iter().filter_map(|change| Some((resource.table.columns.get(change.at)?, change)));
    let casts = columns.map(|(column, change)| format!("({}) IS NULL", binds.value(change.text(), column)));
    let casts = casts.collect::<Vec<_>>();
    if casts.is_empty() {
        return Ok(true);
    }
    told(binds.ask(conn, &format!("SELECT ARRAY[{}] AS answers", casts.join(", "))).await).map(|asked| asked.is_some())
}

/// None where the database refused a value; other failures are failures.
fn told<T>(result: DbResult<T>) -> DbResult<Option<T>> {
    use diesel::result::DatabaseErrorKind::{CheckViolation, NotNullViolation};
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(DbError::DatabaseError(CheckViolation | NotNullViolation, _)) => Ok(None),
        Err(error) if sql::refused(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Questions about the row as it would be.
struct Asking<'a> {
    resource: Resource<'a>,
    row: Option<&'a Row>,
    changes: &'a [Change],
    /// Fields that are wrong already: nothing that looks at them is asked.
    bad: Vec<usize>,
}

impl Asking<'_> {
    fn worth_asking(&self, columns: &[usize]) -> bool {
        let table = self.resource.table;
        let computed = |at: &usize| table.columns.get(*at).is_none_or(|column| column.filled == Filled::Generated);
        let changed = columns.iter().any(|at| self.changes.iter().any(|change| change.at == *at));
        let sound = !columns.iter().any(|at| self.bad.contains(at) || computed(at));
        sound && (changed || (self.row.is_none() && !columns.is_empty()))
    }

    /// The row as it would be, as a derived table under the table's own name (checks may use it).
    fn row_to_be(&self, binds: &mut Binds) -> String {
        let table = self.resource.table;
        let key = self.row.map(|row| row.key(table).into_iter().flatten().collect::<Vec<_>>());
        let value = |(at, column): (usize, &crate::db::catalog::Column)| {
            let change = self.changes.iter().find(|change| change.at == at);
            let value = match (change.filter(|change| change.value != New::Default), &column.filled) {
                (Some(_), _) if self.bad.contains(&at) => format!("NULL::{}", column.cast),
                (Some(given), _) => binds.value(given.text(), column),
                (None, _) if key.is_some() && change.is_none() => format!("t.{}", column.name),
                (None, Filled::Default(expression)) if !expression.contains("nextval") => {
                    format!("({expression})::{}", column.cast)
                }
                (None, _) => format!("NULL::{}", column.cast),
            };
            format!("{value} AS {}", column.name)
        };
        let values = (0..).zip(&table.columns).map(value).collect::<Vec<_>>().join(", ");
        let from = key.map(|key| format!(" FROM {} AS t WHERE {}", table.sql(), binds.key(table, &key)));
        format!("(SELECT {values}{}) AS {}", from.unwrap_or_default(), table.name)
    }

    async fn broken_checks(&self, conn: &mut AsyncPgConnection) -> DbResult<Vec<Complaint>> {
        let table = self.resource.table;
        let asked: Vec<_> = table.checks.iter().filter(|check| self.worth_asking(&check.columns)).collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut binds = Binds::default();
        let row = self.row_to_be(&mut binds);
        let questions = asked.iter().map(|check| format!("({}) IS FALSE", check.expression)).collect::<Vec<_>>();
        let sql = format!("SELECT ARRAY[{}] AS answers FROM {row}", questions.join(", "));
        let answers = told(binds.ask(conn, &sql).await)?.unwrap_or_default();
        let broken = asked.iter().zip(answers).filter(|(_, broken)| *broken == Some(true));
        Ok(broken.filter_map(|(check, _)| Complaint::of_check(self.resource, &check.name, self.changes)).collect())
    }

    async fn lost_links(&self, conn: &mut AsyncPgConnection) -> DbResult<Vec<Complaint>> {
        let all = self.resource.table.links.iter().filter(|link| self.worth_asking(&link.columns));
        let asked: Vec<_> = all
            .filter_map(|link| Some((link, link.target.as_ref()?, self.resource.all.of(link.target.as_ref()?.table)?)))
            .collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut binds = Binds::default();
        let row = self.row_to_be(&mut binds);
        let own = &self.resource.table;
        let question =
            |(link, end, target): &(&crate::db::catalog::Link, &crate::db::catalog::Target, Resource<'_>)| {
                let pairs = link.columns.iter().zip(&end.columns);
                let pairs: Vec<_> = pairs
                    .filter_map(|(own_at, at)| Some((own.columns.get(*own_at)?, target.table.columns.get(*at)?)))
                    .collect();
                let joined =
                    pairs.iter().map(|(own_column, column)| format!("x.{} = n.{}", column.name, own_column.name));
                let empty = pairs.iter().map(|(own_column, _)| format!("n.{} IS NULL", own_column.name));
                let exists = format!(
                    "EXISTS (SELECT FROM {} AS x WHERE {})",
                    target.table.sql(),
                    joined.collect::<Vec<_>>().join(" AND ")
                );
                format!("{} OR {exists}", empty.collect::<Vec<_>>().join(" OR "))
            };
        let questions = asked.iter().map(question).collect::<Vec<_>>().join(", ");
        let answers = told(
            binds.ask(conn, &format!("SELECT ARRAY[{questions}] AS answers FROM (SELECT * FROM {row}) AS n")).await,
        )?;
        let lost = asked.iter().zip(answers.unwrap_or_default()).filter(|(_, there)| *there == Some(false));
        Ok(lost.filter_map(|((link, ..), _)| Complaint::of_link(self.resource, &link.name, self.changes)).collect())
    }

    /// The row that is in the way of a unique key or an exclusion constraint.
    async fn clash(&self, conn: &mut AsyncPgConnection, unique: &Unique) -> DbResult<Option<Complaint>> {
        let columns: Vec<usize> = unique.columns.iter().map(|(at, _)| *at).collect();
        if !unique.complete || !self.worth_asking(&columns) {
            return Ok(None);
        }
        let (resource, table) = (self.resource, self.resource.table);
        let mut binds = Binds::default();
        let row = self.row_to_be(&mut binds);
        let agree = unique.columns.iter().filter_map(|(at, operator)| {
            let name = &table.columns.get(*at)?.name;
            Some(format!("t.{name} {operator} n.{name}"))
        });
        let about = unique.predicate.as_deref().unwrap_or("true");
        let key_columns = table.key_columns().map(|column| format!("t.{}", column.name)).collect::<Vec<_>>();
        let mut select = Select::of(resource, Vec::new());
        let about_them = format!("SELECT * FROM {} WHERE {about}", table.sql());
        select.conditions = vec![format!(
            "({keys}) IN (SELECT {keys} FROM ({about_them}) AS t, (SELECT * FROM {row} WHERE {about}) AS n \
             WHERE {agree})",
            keys = key_columns.join(", "),
            agree = agree.collect::<Vec<_>>().join(" AND "),
        )];
        if let Some(row) = self.row {
            let own = row.key(table).into_iter().flatten().collect::<Vec<_>>();
            select.conditions.push(format!("NOT ({})", binds.key(table, &own)));
        }
        let clash = told(select.load(conn, &binds).await)?.and_then(|rows| rows.into_iter().next());
        Ok(clash.map(|other| {
            let href = resource.row_href(&other.key(table));
            let related = super::sql::Related { name: other.name(resource), href };
            Complaint::of_unique(resource, unique, self.changes, Some(related))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::decimals;

    #[test]
    fn noughts_at_the_end_are_no_decimals() {
        assert_eq!(decimals("1.500"), 1);
        assert_eq!(decimals("1e5"), 0);
        assert_eq!(decimals("1.005"), 3);
    }
}
