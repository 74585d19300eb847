//! Reflection: what the tables that staff may see look like, as PostgreSQL's own catalogue says.
//!
//! The only maker of an [`Ident`] is a reading of the catalogue, so no text of a request can become a name in SQL.
//! What was not asked for by name is nowhere in a [`Catalog`]: a foreign key into another table has no target.

mod read;

use std::fmt;

use super::ident;

/// The tables that were asked for, as they are now.
#[derive(Debug, Default)]
pub struct Catalog {
    tables: Vec<Table>,
}

impl Catalog {
    /// A table by the names that it has in the database.
    pub fn table(&self, schema: &str, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.schema.0 == schema && table.name.0 == name)
    }

    /// The table that a link leads to or a child stands in.
    pub fn at(&self, id: TableId) -> Option<&Table> {
        self.tables.get(id.0)
    }

    /// All of them, by schema and name.
    pub fn iter(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter()
    }
}

/// A table's place in its [`Catalog`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableId(usize);

/// A name out of the catalogue. Shown, it is quoted: it cannot come into SQL in any other way.
#[derive(Clone, PartialEq, Eq)]
pub struct Ident(String);

impl Ident {
    /// The name as people know it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ident::quote(&self.0))
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A table or view.
#[derive(Debug)]
pub struct Table {
    /// Its place in the catalogue.
    pub id: TableId,
    /// The schema that it stands in.
    pub schema: Ident,
    /// Its name there.
    pub name: Ident,
    /// What it is.
    pub kind: Kind,
    /// Its `COMMENT`.
    pub comment: Option<String>,
    /// Rows as the last ANALYZE counted them; below zero if nobody has.
    pub rows: i64,
    /// In the table's own order. Other fields name columns by their place here.
    pub columns: Vec<Column>,
    /// What names one row: the primary key, else a unique key that is never null. Empty if there is none.
    pub key: Vec<usize>,
    /// Foreign keys out of the table.
    pub links: Vec<Link>,
    /// Foreign keys of shown tables into this one.
    pub children: Vec<Child>,
    /// CHECK constraints of the table.
    pub checks: Vec<Check>,
    /// Unique keys, unique indexes and exclusion constraints.
    pub uniques: Vec<Unique>,
}

impl Table {
    /// The table as SQL names it.
    pub fn sql(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// Schema and name, as the audit and messages write it.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.schema.0, self.name.0)
    }

    /// The column of that name, with its place.
    pub fn column(&self, name: &str) -> Option<(usize, &Column)> {
        self.columns.iter().enumerate().find(|(_, column)| column.name.0 == name)
    }

    /// Columns of the key.
    pub fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().filter_map(|at| self.columns.get(*at))
    }

    /// The link whose only column is that one. A column of several links belongs to the first.
    pub fn link_of(&self, column: usize) -> Option<&Link> {
        self.links.iter().find(|link| link.columns == [column])
    }

    /// Whether rows can be named and written at all, rights apart.
    pub fn writable(&self) -> bool {
        matches!(self.kind, Kind::Table | Kind::Partitioned) && !self.key.is_empty()
    }
}

/// What a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary table.
    Table,
    /// A partitioned one.
    Partitioned,
    /// A view, materialized or not.
    View,
    /// A table of another server.
    Foreign,
}

/// A column.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the catalogue says them apart, and nothing follows from one for another"
)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// The type as people read it: `character varying(8)`.
    pub type_name: String,
    /// The type as a cast names it, without a length: a cast to `varchar(8)` would cut the value silently.
    pub cast: String,
    /// What the values are like, below all domains.
    pub shape: Shape,
    /// Whether NULL is refused, by the column or by its domain.
    pub not_null: bool,
    /// Where its value comes from when nobody gives one.
    pub filled: Filled,
    /// Its `COMMENT`.
    pub comment: Option<String>,
    /// Whether the type has an order.
    pub sortable: bool,
    /// Whether this session's role may give a value to a new row.
    pub can_insert: bool,
    /// Whether this session's role may change the value.
    pub can_update: bool,
}

/// What values are like: enough to choose a field for them. PostgreSQL does the typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Text, at most so many characters.
    Text(Option<usize>),
    /// true or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A decimal number, with so many places if they are limited.
    Decimal(Option<i32>),
    /// A day.
    Date,
    /// A moment; its offset from UTC is part of the value.
    Moment,
    /// One of a closed set of words.
    Enum(Vec<String>),
    /// json or jsonb.
    Json,
    /// Anything else, written as PostgreSQL writes it.
    Other,
}

/// Where a column's value comes from when nobody gives one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filled {
    /// From nowhere: it is NULL.
    Never,
    /// From its DEFAULT, an expression in SQL.
    Default(String),
    /// From a counter; nobody gives it by hand.
    Identity,
    /// Computed from the others; nobody gives it by hand.
    Generated,
}

/// A foreign key.
#[derive(Debug)]
pub struct Link {
    /// The constraint's name.
    pub name: String,
    /// Its columns here.
    pub columns: Vec<usize>,
    /// What it leads to; none if that table is not shown.
    pub target: Option<Target>,
    /// The constraint's `COMMENT`.
    pub comment: Option<String>,
}

/// Where a foreign key leads.
#[derive(Debug, Clone)]
pub struct Target {
    /// The table.
    pub table: TableId,
    /// Its columns, each beside the one here.
    pub columns: Vec<usize>,
}

/// A foreign key of another table into this one.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// The table whose foreign key it is.
    pub table: TableId,
    /// Which of its links.
    pub link: usize,
}

/// A CHECK constraint.
#[derive(Debug)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// The columns that it looks at.
    pub columns: Vec<usize>,
    /// The condition in SQL.
    pub expression: String,
    /// Its `COMMENT`.
    pub comment: Option<String>,
}

/// A promise that no two rows agree: a unique key or index, or an exclusion constraint.
#[derive(Debug)]
pub struct Unique {
    /// The constraint's or index's name.
    pub name: String,
    /// Columns, each with the operator under which two rows would clash.
    pub columns: Vec<(usize, String)>,
    /// False if an expression has a part in it, so that the columns do not say all.
    pub complete: bool,
    /// Which rows it is about, in SQL; all if none.
    pub predicate: Option<String>,
    /// Its `COMMENT`.
    pub comment: Option<String>,
}
