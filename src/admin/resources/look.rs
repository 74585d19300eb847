//! How a table looks: what admin.toml says, and guesses where it is silent.

use super::{keys, words};
use crate::{
    admin::setup::{Label, Part, Setup, TableSetup, Words},
    db::catalog::{Column, Filled, Shape, Table},
};

/// Columns that a guessed list has at most.
const GUESSED_COLUMNS: usize = 7;

/// How a table looks. Columns are named by their place in the table.
#[derive(Debug)]
pub(super) struct Look {
    /// The table in addresses.
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) singular: String,
    /// What names a row.
    pub(super) label: Vec<Piece>,
    pub(super) list: Vec<usize>,
    pub(super) search: Vec<usize>,
    pub(super) columns: Vec<ColumnLook>,
    /// Fields that stand together; those of no group come last.
    pub(super) groups: Vec<(String, Vec<usize>)>,
    /// Sentences for constraints, by name.
    pub(super) messages: Words,
}

/// A piece of what names a row.
#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Column(usize),
}

/// How a column looks.
#[derive(Debug)]
pub(super) struct ColumnLook {
    pub(super) label: String,
    pub(super) access: Access,
    /// Shown masked, recorded as "hidden".
    pub(super) sensitive: bool,
    /// True if its values lead to rows of a table that is shown.
    pub(super) leads: bool,
}

/// What may be done with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing: it does not exist.
    Hidden,
    /// It is shown.
    Seen,
    /// It is shown and stands in forms.
    Written,
}

impl Look {
    pub(super) fn new(setup: &TableSetup, table: &Table) -> Self {
        let columns: Vec<_> =
            (0..).zip(&table.columns).map(|(at, column)| column_look(setup, table, at, column)).collect();
        let visible = |at: &usize| columns.get(*at).is_some_and(|look| look.access != Access::Hidden);
        let open = |at: &usize| visible(at) && columns.get(*at).is_some_and(|look| !look.sensitive);
        let places =
            |names: &[String]| names.iter().filter_map(|name| table.column(name)).map(|(at, _)| at).collect::<Vec<_>>();
        let label = setup.label.as_ref().map(|label| pieces(label, table, &open)).unwrap_or_default();
        let label: Vec<_> = if label.is_empty() { guessed_label(table, &open) } else { label };
        let list: Vec<_> = places(&setup.list.names).into_iter().filter(visible).collect();
        let search: Vec<_> = places(&setup.search.names).into_iter().filter(open).collect();
        let groups = setup
            .groups
            .iter()
            .map(|group| (group.title.clone(), places(&group.columns.names).into_iter().filter(visible).collect()));
        Self {
            slug: slug(setup),
            singular: setup.singular.clone().unwrap_or_else(|| words::title(&setup.name)),
            title: title(setup),
            list: if list.is_empty() { guessed_list(table, &visible) } else { list },
            search: if search.is_empty() { guessed_search(table, &open) } else { search },
            groups: groups.collect(),
            messages: setup.messages.clone(),
            label,
            columns,
        }
    }

    /// The columns that name a row.
    pub(super) fn label_columns(&self) -> impl Iterator<Item = usize> {
        self.label.iter().filter_map(|piece| match piece {
            Piece::Column(at) => Some(*at),
            Piece::Text(_) => None,
        })
    }

    /// A row's name, from the values of [`Self::label_columns`] in their order.
    pub(super) fn name<'v>(&self, values: impl IntoIterator<Item = Option<&'v str>>) -> String {
        let mut values = values.into_iter();
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Column(_) => values.next().flatten().unwrap_or_default().to_owned(),
        };
        let name: String = self.label.iter().map(piece).collect();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",");
        let name = name.trim_matches([',', ' ']);
        if name.is_empty() { "(no name)".to_owned() } else { name.to_owned() }
    }
}

/// The table in addresses; the schema stands before it only where it is not `public`.
fn slug(setup: &TableSetup) -> String {
    let schema = (setup.schema != "public").then_some(setup.schema.as_str());
    keys::encode(schema.into_iter().chain([setup.name.as_str()]).map(Some))
}

fn title(setup: &TableSetup) -> String {
    setup.title.clone().unwrap_or_else(|| words::title(&setup.name))
}

/// Title and address of each table, in the order of admin.toml.
pub(crate) fn menu(setup: &Setup) -> impl Iterator<Item = (String, String)> {
    setup.tables.iter().map(|table| (title(table), format!("/tables/{}", slug(table))))
}

fn column_look(setup: &TableSetup, table: &Table, at: usize, column: &Column) -> ColumnLook {
    let name = column.name.as_str();
    let listed = |names: &crate::admin::setup::Names| names.names.iter().any(|listed| listed == name);
    let linked = table.link_of(at);
    let guess = || words::column(name, linked.is_some(), column.shape == Shape::Boolean);
    let elsewhere = table.links.iter().any(|link| link.columns.contains(&at) && link.target.is_none());
    let counted = matches!(column.filled, Filled::Identity | Filled::Generated);
    let access = match () {
        () if listed(&setup.hidden) => Access::Hidden,
        () if counted || elsewhere || keeps_itself(column) || listed(&setup.read_only) => Access::Seen,
        () => Access::Written,
    };
    ColumnLook {
        label: setup.labels.get(name).map_or_else(guess, str::to_owned),
        access,
        sensitive: listed(&setup.sensitive),
        leads: linked.is_some_and(|link| link.target.is_some()),
    }
}

/// Moments such as `created_at` that the database fills in: nobody types them.
fn keeps_itself(column: &Column) -> bool {
    let Filled::Default(expression) = &column.filled else { return false };
    let now = ["now()", "CURRENT_TIMESTAMP", "clock_timestamp()", "statement_timestamp()"];
    let verb = column.name.as_str().split('_').next().unwrap_or_default();
    now.contains(&expression.as_str()) && ["created", "updated", "modified", "changed", "inserted"].contains(&verb)
}

fn pieces(label: &Label, table: &Table, open: &dyn Fn(&usize) -> bool) -> Vec<Piece> {
    let piece = |part: &Part| match part {
        Part::Text(text) => Some(Piece::Text(text.clone())),
        Part::Column(name) => table.column(name).map(|(at, _)| at).filter(open).map(Piece::Column),
    };
    label.parts.iter().filter_map(piece).collect()
}

/// A code that is unique and a name, if there are such; else the key.
fn guessed_label(table: &Table, open: &dyn Fn(&usize) -> bool) -> Vec<Piece> {
    let text = |at: &usize| table.columns.get(*at).is_some_and(|column| matches!(column.shape, Shape::Text(_)));
    let singles = table.uniques.iter().filter(|unique| unique.columns.len() == 1 && unique.predicate.is_none());
    let code = singles.filter_map(|unique| unique.columns.first()).map(|(at, _)| *at).find(|at| text(at) && open(at));
    let named = |at: &usize| {
        let name = table.columns.get(*at).map(|column| column.name.as_str().to_lowercase()).unwrap_or_default();
        ["name", "title", "description"].iter().any(|word| name.ends_with(word))
    };
    let name = (0..table.columns.len()).find(|at| text(at) && open(at) && named(at) && Some(*at) != code);
    let mut chosen: Vec<usize> = code.into_iter().chain(name).collect();
    if chosen.is_empty() {
        chosen = table.key.iter().copied().filter(open).collect();
    }
    let mut pieces = Vec::new();
    for at in chosen {
        if !pieces.is_empty() {
            pieces.push(Piece::Text(" ".to_owned()));
        }
        pieces.push(Piece::Column(at));
    }
    pieces
}

/// The first columns that say something, and not at length.
fn guessed_list(table: &Table, visible: &dyn Fn(&usize) -> bool) -> Vec<usize> {
    let telling = |at: &usize| {
        table.columns.get(*at).is_some_and(|column| {
            column.filled != Filled::Identity && column.shape != Shape::Json && !keeps_itself(column)
        })
    };
    let all = || (0..table.columns.len()).filter(visible);
    let chosen: Vec<_> = all().filter(telling).take(GUESSED_COLUMNS).collect();
    if chosen.is_empty() { all().take(GUESSED_COLUMNS).collect() } else { chosen }
}

fn guessed_search(table: &Table, open: &dyn Fn(&usize) -> bool) -> Vec<usize> {
    let text = |at: &usize| table.columns.get(*at).is_some_and(|column| matches!(column.shape, Shape::Text(_)));
    (0..table.columns.len()).filter(|at| text(at) && open(at)).take(GUESSED_COLUMNS).collect()
}
