//! A view under the name that older programs know.

use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{Bool, Text},
};
use parsers::{Dataset, dataset::Compatibility};
use sha2::{Digest, Sha256};

use super::Act;
use crate::{
    archive::hex,
    db::{AsyncPgConnection, DbResult, RunQueryDsl, ident},
};

/// A view of ours that is there.
#[derive(Debug, QueryableByName)]
struct Existing {
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    comment: String,
    /// Whether it shows the table that has the dataset's name now, and not one that was moved away.
    #[diesel(sql_type = Bool)]
    current: bool,
}

/// Where the view is to stand.
#[derive(Debug, QueryableByName)]
struct Place {
    #[diesel(sql_type = Bool)]
    schema_there: bool,
    #[diesel(sql_type = Bool)]
    may_make_schema: bool,
    /// Something that is not ours has the name.
    #[diesel(sql_type = Bool)]
    taken: bool,
}

/// What is to be done so that exactly the declared view is there; and what stands in the way of it, in a sentence.
pub(super) async fn acts(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<(Vec<Act>, Option<String>)> {
    let existing = existing(conn, dataset).await?;
    let wanted = dataset.offer.compatibility.as_ref();
    let is_wanted =
        |view: &Existing| wanted.is_some_and(|wanted| wanted.schema == view.schema && wanted.view == view.name);
    let mut acts: Vec<Act> = existing
        .iter()
        .filter(|view| !is_wanted(view))
        .map(|view| one(&view.schema, &view.name, [drop(view)]))
        .collect();
    let Some(wanted) = wanted else { return Ok((acts, None)) };
    let place = place(conn, dataset, wanted).await?;
    let found = existing.iter().find(|view| is_wanted(view));
    let name = format!("{}.{}", wanted.schema, wanted.view);
    if place.taken && found.is_none() {
        let why = format!("compatibility.view: {name} is there already and is not Bluebook's: rename it or drop it");
        return Ok((acts, Some(why)));
    }
    if !place.schema_there && !place.may_make_schema {
        let schema = &wanted.schema;
        let why =
            format!("compatibility.view: there is no schema {schema}, and this role may not make it: make it by hand");
        return Ok((acts, Some(why)));
    }
    let make = make(dataset, wanted);
    match found {
        Some(view) if view.current && view.comment == make.comment => {}
        Some(view) => acts.push(Act {
            what: format!("view {name}"),
            ways: vec![make.statements(), [vec![drop(view)], make.statements()].concat()],
        }),
        None => {
            let schema = (!place.schema_there).then(|| format!("CREATE SCHEMA {}", ident::quote(&wanted.schema)));
            acts.push(one(&wanted.schema, &wanted.view, schema.into_iter().chain(make.statements())));
        }
    }
    Ok((acts, None))
}

/// The statements that take all our views off the table.
pub(super) async fn drops(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<String>> {
    Ok(existing(conn, dataset).await?.iter().map(drop).collect())
}

/// Where the declared view stands, if it does.
pub(super) async fn standing(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Option<(String, String)>> {
    let views = existing(conn, dataset).await?;
    Ok(views.into_iter().next().map(|view| (view.schema, view.name)))
}

async fn existing(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<Existing>> {
    diesel::sql_query(include_str!("old_names.sql"))
        .bind::<Text, _>(dataset.name.as_str())
        .bind::<Text, _>(ours(dataset))
        .load(conn)
        .await
}

async fn place(conn: &mut AsyncPgConnection, dataset: &Dataset, wanted: &Compatibility) -> DbResult<Place> {
    let place: Option<Place> = diesel::sql_query(include_str!("old_place.sql"))
        .bind::<Text, _>(&wanted.schema)
        .bind::<Text, _>(&wanted.view)
        .bind::<Text, _>(ours(dataset))
        .get_result(conn)
        .await
        .optional()?;
    Ok(place.unwrap_or(Place { schema_there: false, may_make_schema: false, taken: false }))
}

/// How the comment begins that makes a view ours.
fn ours(dataset: &Dataset) -> String {
    format!("Kept by Bluebook: data.{} under an older name", dataset.name)
}

/// A view to be made. Its comment tells whether it is this one.
struct Make {
    create: String,
    name: String,
    comment: String,
}

fn make(dataset: &Dataset, wanted: &Compatibility) -> Make {
    let name = ident::qualified(&wanted.schema, &wanted.view);
    let columns: Vec<String> =
        wanted.columns.iter().map(|(old, new)| format!("t.{} AS {}", ident::quote(new), ident::quote(old))).collect();
    let table = ident::qualified("data", dataset.name.as_str());
    let create = format!("CREATE OR REPLACE VIEW {name} AS SELECT {} FROM {table} t", columns.join(", "));
    let hash: String = hex(&Sha256::digest(&create)).chars().take(8).collect();
    Make { comment: format!("{} ({hash})", ours(dataset)), create, name }
}

impl Make {
    fn statements(&self) -> Vec<String> {
        let comment = format!("COMMENT ON VIEW {} IS {}", self.name, ident::literal(&self.comment));
        vec![self.create.clone(), comment]
    }
}

fn drop(view: &Existing) -> String {
    format!("DROP VIEW {}", ident::qualified(&view.schema, &view.name))
}

fn one(schema: &str, view: &str, statements: impl IntoIterator<Item = String>) -> Act {
    Act { what: format!("view {schema}.{view}"), ways: vec![statements.into_iter().collect()] }
}
