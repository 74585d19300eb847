//! From the catalogue query's documents to a [`Catalog`].

use std::collections::HashMap;

use diesel::sql_types::{Array, Jsonb, Text};
use serde::Deserialize;

use super::{Catalog, Check, Child, Column, Filled, Ident, Kind, Link, Shape, Table, TableId, Target, Unique};
use crate::db::{AsyncPgConnection, DbError, DbResult, RunQueryDsl};

impl Catalog {
    /// Reads what the tables of these schemas and names look like. Those that do not exist, or that this role may not
    /// read, are not in it.
    pub async fn read(conn: &mut AsyncPgConnection, names: &[(String, String)]) -> DbResult<Self> {
        let (schemas, tables): (Vec<_>, Vec<_>) = names.iter().cloned().unzip();
        let documents: Vec<Document> = diesel::sql_query(include_str!("../catalog.sql"))
            .bind::<Array<Text>, _>(schemas)
            .bind::<Array<Text>, _>(tables)
            .load(conn)
            .await?;
        let raw = documents.into_iter().map(|found| serde_json::from_value(found.document));
        let raw = raw.collect::<Result<Vec<RawTable>, _>>().map_err(|e| DbError::DeserializationError(Box::new(e)))?;
        Ok(Self::assemble(raw))
    }

    fn assemble(raw: Vec<RawTable>) -> Self {
        let place = |table: &RawTable| (table.schema.clone(), table.name.clone());
        let ids = raw.iter().enumerate().map(|(at, table)| (place(table), TableId(at))).collect();
        let numbers: Vec<Vec<i16>> = raw.iter().map(|table| table.columns.iter().map(|c| c.number).collect()).collect();
        let mut tables: Vec<Table> =
            raw.into_iter().enumerate().map(|(at, table)| table.build(TableId(at), &ids, &numbers)).collect();
        for (parent, child) in children(&tables) {
            if let Some(table) = tables.get_mut(parent.0) {
                table.children.push(child);
            }
        }
        Self { tables }
    }
}

fn children(tables: &[Table]) -> Vec<(TableId, Child)> {
    let of = |table: &Table| {
        let linked = table.links.iter().enumerate();
        let into = linked.filter_map(|(at, link)| Some((link.target.as_ref()?.table, at)));
        into.map(|(parent, link)| (parent, Child { table: table.id, link })).collect::<Vec<_>>()
    };
    tables.iter().flat_map(of).collect()
}

#[derive(diesel::QueryableByName)]
struct Document {
    #[diesel(sql_type = Jsonb)]
    document: serde_json::Value,
}

#[derive(Deserialize)]
struct RawTable {
    schema: String,
    name: String,
    kind: String,
    comment: Option<String>,
    rows: i64,
    columns: Vec<RawColumn>,
    checks: Vec<RawCheck>,
    links: Vec<RawLink>,
    uniques: Vec<RawUnique>,
}

type Ids = HashMap<(String, String), TableId>;

impl RawTable {
    fn build(self, id: TableId, ids: &Ids, numbers: &[Vec<i16>]) -> Table {
        let own = numbers.get(id.0).map_or(&[][..], Vec::as_slice);
        let columns: Vec<Column> = self.columns.into_iter().map(RawColumn::build).collect();
        let key = key(&self.uniques, &columns, own);
        Table {
            id,
            schema: Ident(self.schema),
            name: Ident(self.name),
            kind: match self.kind.as_str() {
                "r" => Kind::Table,
                "p" => Kind::Partitioned,
                "f" => Kind::Foreign,
                _ => Kind::View,
            },
            comment: self.comment,
            rows: self.rows,
            key,
            links: self.links.into_iter().map(|link| link.build(own, ids, numbers)).collect(),
            children: Vec::new(),
            checks: self.checks.into_iter().map(|check| check.build(own)).collect(),
            uniques: self.uniques.into_iter().map(|unique| unique.build(own)).collect(),
            columns,
        }
    }
}

/// The primary key, else the first unique key that is whole, for all rows and never null.
fn key(uniques: &[RawUnique], columns: &[Column], numbers: &[i16]) -> Vec<usize> {
    let fit = |unique: &&RawUnique| {
        let never_null = |number: &i16| {
            position(numbers, *number).and_then(|at| columns.get(at)).is_some_and(|column| column.not_null)
        };
        !unique.exclusion && unique.predicate.is_none() && unique.columns.iter().all(never_null)
    };
    let chosen = uniques.iter().find(|unique| unique.primary).or_else(|| uniques.iter().find(fit));
    chosen.map_or_else(Vec::new, |unique| positions(numbers, &unique.columns))
}

fn position(numbers: &[i16], number: i16) -> Option<usize> {
    numbers.iter().position(|known| *known == number)
}

fn positions(numbers: &[i16], wanted: &[i16]) -> Vec<usize> {
    wanted.iter().filter_map(|number| position(numbers, *number)).collect()
}

#[derive(Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the catalogue says them apart, and nothing follows from one for another"
)]
struct RawColumn {
    number: i16,
    name: String,
    #[serde(rename = "type")]
    type_name: String,
    cast: String,
    base: String,
    category: String,
    max_length: Option<usize>,
    scale: Option<i32>,
    labels: Option<Vec<String>>,
    not_null: bool,
    identity: Option<String>,
    generated: bool,
    default: Option<String>,
    comment: Option<String>,
    sortable: bool,
    can_insert: bool,
    can_update: bool,
}

impl RawColumn {
    fn build(self) -> Column {
        let shape = self.shape();
        let filled = match (self.generated, self.identity, self.default) {
            (true, ..) => Filled::Generated,
            (_, Some(_), _) => Filled::Identity,
            (.., Some(expression)) => Filled::Default(expression),
            _ => Filled::Never,
        };
        Column {
            name: Ident(self.name),
            type_name: self.type_name,
            cast: self.cast,
            shape,
            not_null: self.not_null,
            filled,
            comment: self.comment,
            sortable: self.sortable,
            can_insert: self.can_insert,
            can_update: self.can_update,
        }
    }

    fn shape(&self) -> Shape {
        match (self.base.as_str(), self.category.as_str()) {
            ("text" | "varchar" | "bpchar" | "name" | "citext", _) => Shape::Text(self.max_length),
            ("bool", _) => Shape::Boolean,
            ("int2" | "int4" | "int8", _) => Shape::Integer,
            ("numeric", _) => Shape::Decimal(self.scale),
            ("float4" | "float8", _) => Shape::Decimal(None),
            ("date", _) => Shape::Date,
            ("timestamptz", _) => Shape::Moment,
            ("json" | "jsonb", _) => Shape::Json,
            (_, "E") => Shape::Enum(self.labels.clone().unwrap_or_default()),
            _ => Shape::Other,
        }
    }
}

#[derive(Deserialize)]
struct RawCheck {
    name: String,
    columns: Vec<i16>,
    expression: String,
    comment: Option<String>,
}

impl RawCheck {
    fn build(self, numbers: &[i16]) -> Check {
        let columns = positions(numbers, &self.columns);
        Check { name: self.name, columns, expression: self.expression, comment: self.comment }
    }
}

#[derive(Deserialize)]
struct RawLink {
    name: String,
    columns: Vec<i16>,
    target_schema: Option<String>,
    target_name: Option<String>,
    target_columns: Vec<i16>,
    comment: Option<String>,
}

impl RawLink {
    fn build(self, own: &[i16], ids: &Ids, numbers: &[Vec<i16>]) -> Link {
        let target = self.target_schema.zip(self.target_name).and_then(|place| ids.get(&place)).and_then(|table| {
            let theirs = numbers.get(table.0)?;
            Some(Target { table: *table, columns: positions(theirs, &self.target_columns) })
        });
        Link { name: self.name, columns: positions(own, &self.columns), target, comment: self.comment }
    }
}

#[derive(Deserialize)]
struct RawUnique {
    name: String,
    primary: bool,
    exclusion: bool,
    columns: Vec<i16>,
    operators: Option<Vec<String>>,
    predicate: Option<String>,
    nulls_clash: bool,
    comment: Option<String>,
}

impl RawUnique {
    fn build(self, numbers: &[i16]) -> Unique {
        let equal = if self.nulls_clash { "IS NOT DISTINCT FROM" } else { "=" };
        let operator = |at: usize| self.operators.as_ref().and_then(|all| all.get(at)).map_or(equal, String::as_str);
        let placed = self.columns.iter().enumerate();
        let columns: Vec<_> =
            placed.filter_map(|(at, number)| Some((position(numbers, *number)?, operator(at).to_owned()))).collect();
        let complete = columns.len() == self.columns.len();
        Unique { name: self.name, columns, complete, predicate: self.predicate, comment: self.comment }
    }
}
