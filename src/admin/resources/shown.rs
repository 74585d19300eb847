//! What staff may see, as admin.toml says and the catalogue allows.

use parsers::Diagnostic;

use super::{
    keys,
    look::{Access, ColumnLook, Look},
};
use crate::{
    admin::setup::Setup,
    db::catalog::{Catalog, Column, Link, Table, TableId},
};

/// All resources at one moment. A changed schema makes a new one.
#[derive(Debug, Default)]
pub(super) struct Shown {
    catalog: Catalog,
    /// In the order of admin.toml.
    tables: Vec<(TableId, Look)>,
    /// Why other tables of admin.toml are left out.
    pub(super) mistakes: Vec<Diagnostic>,
}

impl Shown {
    /// Tables of the setup that fit the catalogue. One that does not is left out: the column that was renamed may be
    /// the one that nobody shall see.
    pub(super) fn new(setup: &Setup, catalog: Catalog) -> Self {
        let (mut tables, mut mistakes) = (Vec::new(), Vec::new());
        for table in &setup.tables {
            let wrong = table.verify(&catalog);
            match catalog.table(&table.schema, &table.name) {
                Some(reflected) if wrong.is_empty() => tables.push((reflected.id, Look::new(table, reflected))),
                _ => mistakes.extend(wrong),
            }
        }
        Self { catalog, tables, mistakes }
    }

    /// A resource by the name that its addresses carry. A table that is not shown and one that does not exist are the
    /// same.
    pub(super) fn resource(&self, slug: &str) -> Option<Resource<'_>> {
        self.iter().find(|resource| resource.look.slug == slug)
    }

    /// The resource of a table.
    pub(super) fn of(&self, id: TableId) -> Option<Resource<'_>> {
        self.iter().find(|resource| resource.table.id == id)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = Resource<'_>> {
        self.tables.iter().filter_map(|(id, look)| Some(Resource { all: self, table: self.catalog.at(*id)?, look }))
    }
}

/// A table that staff may see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resource<'a> {
    pub(super) all: &'a Shown,
    /// What the database says of it.
    pub(super) table: &'a Table,
    /// What admin.toml says of it.
    pub(super) look: &'a Look,
}

/// A column that staff may see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// Its place in the table.
    pub(super) at: usize,
    pub(super) column: &'a Column,
    pub(super) look: &'a ColumnLook,
}

impl<'a> Resource<'a> {
    /// A column by its place, unless it is hidden.
    pub(super) fn seen(self, at: usize) -> Option<Seen<'a>> {
        let (column, look) = (self.table.columns.get(at)?, self.look.columns.get(at)?);
        (look.access != Access::Hidden).then_some(Seen { at, column, look })
    }

    /// A column by its name, unless it is hidden: then it does not exist.
    pub(super) fn seen_by_name(self, name: &str) -> Option<Seen<'a>> {
        self.table.column(name).and_then(|(at, _)| self.seen(at))
    }

    /// All columns that are not hidden, in the table's order.
    pub(super) fn columns(self) -> impl Iterator<Item = Seen<'a>> {
        (0..self.table.columns.len()).filter_map(move |at| self.seen(at))
    }

    /// Columns that a new row may be given, or that may be changed in an old one.
    pub(super) fn written(self, new: bool) -> impl Iterator<Item = Seen<'a>> {
        let may = move |seen: &Seen<'_>| if new { seen.column.can_insert } else { seen.column.can_update };
        self.columns().filter(move |seen| seen.look.access == Access::Written && may(seen))
    }

    /// Where a column leads, if it leads to a table that is shown.
    pub(super) fn linked(self, at: usize) -> Option<(&'a Link, Resource<'a>)> {
        let link = self.table.link_of(at)?;
        Some((link, self.all.of(link.target.as_ref()?.table)?))
    }

    /// Whether rows can be added here, rights of the person apart. Every column that needs a value must be in the form.
    pub(super) fn can_create(self) -> bool {
        let given = |at: usize| self.written(true).any(|seen| seen.at == at);
        self.table.writable() && (0..self.table.columns.len()).all(|at| !self.needed(at) || given(at))
    }

    /// Whether rows can be changed here, rights of the person apart.
    pub(super) fn can_edit(self) -> bool {
        self.table.writable() && self.written(false).next().is_some()
    }

    /// Whether a new row must be given a value for that column.
    pub(super) fn needed(self, at: usize) -> bool {
        use crate::db::catalog::Filled;
        self.table.columns.get(at).is_some_and(|column| column.not_null && column.filled == Filled::Never)
    }

    /// Why the table can only be looked at, if so.
    pub(super) fn read_only_because(self) -> Option<&'static str> {
        use crate::db::catalog::Kind;
        match self.table.kind {
            Kind::View => Some("This is a view: it is computed from other tables and can only be read here."),
            Kind::Foreign => Some("These rows live on another server and can only be read here."),
            _ if self.table.key.is_empty() => {
                Some("This table has no key: no row can be told from another, so it can only be read here.")
            }
            _ if !self.can_edit() && !self.can_create() => {
                Some("The database gives this program no right to write here.")
            }
            _ => None,
        }
    }

    /// The address of its list.
    pub(super) fn href(self) -> String {
        format!("/tables/{}", self.look.slug)
    }

    /// The address of a row.
    pub(super) fn row_href(self, key: &[Option<String>]) -> String {
        format!("/tables/{}/row/{}", self.look.slug, keys::encode(key.iter().map(Option::as_deref)))
    }
}
