//! One page of a table: sorted, searched, and cut by the last row's place rather than by a count.

use super::{
    keys,
    shown::{Resource, Seen},
    sql::{self, Binds, Order, Row, Select},
};
use crate::db::{AsyncPgConnection, DbResult};

/// Rows on a page.
pub(super) const PAGE: usize = 50;

/// Rows that are counted one by one; beyond it the count is an estimate, or "more than".
const COUNTED: usize = 10_000;

/// Words of a search beyond which the rest is ignored.
const WORDS: usize = 8;

/// Which page is wanted. All of it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The column that the page is sorted by.
    pub(super) sort: Option<usize>,
    pub(super) falling: bool,
    pub(super) words: String,
    /// Only rows whose column holds this text: children of a row.
    pub(super) only: Vec<(usize, String)>,
    pub(super) place: Place,
}

/// Where in the list a page begins or ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Start,
    /// After the row with this sort value and key.
    After(Vec<Option<String>>),
    /// Before it.
    Before(Vec<Option<String>>),
}

/// One page.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) rows: Vec<Row>,
    /// The place of the page before, and of the one after, as addresses carry them.
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) count: Count,
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Exactly(usize),
    /// By the last ANALYZE.
    About(i64),
    MoreThan(usize),
}

/// Reads a page. None if the place or a condition holds a value that its column cannot have.
pub(super) async fn page(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    wanted: &Wanted,
    show: &[usize],
) -> DbResult<Option<Page>> {
    let mut binds = Binds::default();
    let conditions = conditions(resource, wanted, &mut binds);
    let count_binds = binds.clone();
    let mut select = Select::of(resource, show.to_vec());
    let backwards = matches!(wanted.place, Place::Before(_));
    select.order = order(resource, wanted, backwards);
    select.conditions.clone_from(&conditions);
    if let Place::After(place) | Place::Before(place) = &wanted.place {
        select.conditions.push(beyond(resource, &select.order, wanted, place, &mut binds));
    }
    select.limit = PAGE + 1;
    let mut rows = match select.load(conn, &binds).await {
        Err(error) if sql::refused(&error) && cannot_be(wanted) => return Ok(None),
        rows => rows?,
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    if backwards {
        rows.reverse();
    }
    let (back, on) = match wanted.place {
        Place::Start => (false, more),
        Place::After(_) => (true, more),
        Place::Before(_) => (more, true),
    };
    let keyed = !resource.table.key.is_empty();
    let place = |row: &Row| {
        keys::encode([row.sort.as_deref()].into_iter().chain(resource.table.key.iter().map(|at| row.cell(*at))))
    };
    let before = rows.first().filter(|_| back && keyed).map(place);
    let after = rows.last().filter(|_| on && keyed).map(place);
    let count = count(conn, resource, &conditions, &count_binds).await?;
    Ok(Some(Page { rows, before, after, count }))
}

/// Whether the request holds values that may be wrong for their columns.
fn cannot_be(wanted: &Wanted) -> bool {
    wanted.place != Place::Start || !wanted.only.is_empty()
}

fn order(resource: Resource<'_>, wanted: &Wanted, backwards: bool) -> Order {
    let falling = wanted.falling != backwards;
    let Some(seen) = wanted.sort.and_then(|at| resource.seen(at)) else {
        let first = resource.table.key_columns().next();
        return Order { by: first.map(|column| format!("t.{}", column.name)), join: String::new(), falling };
    };
    named_order(resource, seen, falling).unwrap_or_else(|| Order {
        by: Some(format!("t.{}", seen.column.name)),
        join: String::new(),
        falling,
    })
}

/// A link is sorted by what names the row that it leads to.
fn named_order(resource: Resource<'_>, seen: Seen<'_>, falling: bool) -> Option<Order> {
    let (link, target) = resource.linked(seen.at)?;
    let theirs = link.target.as_ref()?.columns.first().and_then(|at| target.table.columns.get(*at))?;
    let named =
        target.look.label_columns().next().and_then(|at| target.table.columns.get(at)).filter(|c| c.sortable)?;
    let join = format!("LEFT JOIN {} AS s ON s.{} = t.{}", target.table.sql(), theirs.name, seen.column.name);
    Some(Order { by: Some(format!("s.{}", named.name)), join, falling })
}

/// The condition that rows lie beyond a place, in the order given. NULL is the greatest value.
fn beyond(
    resource: Resource<'_>,
    order: &Order,
    wanted: &Wanted,
    place: &[Option<String>],
    binds: &mut Binds,
) -> String {
    let table = resource.table;
    let Some((by, (value, key))) = order.by.as_ref().zip(place.split_first()) else { return "true".to_owned() };
    let columns = table.key_columns().map(|column| format!("t.{}", column.name)).collect::<Vec<_>>().join(", ");
    let keys = table.key_columns().zip(key).map(|(column, value)| binds.value(value.as_deref(), column));
    let keys = keys.collect::<Vec<_>>().join(", ");
    let than = if order.falling { "<" } else { ">" };
    let cast = sort_cast(resource, wanted);
    match (value, order.falling) {
        (None, false) => format!("{by} IS NULL AND ({columns}) {than} ({keys})"),
        (None, true) => format!("({by} IS NOT NULL OR ({columns}) {than} ({keys}))"),
        (Some(value), falling) => {
            let value = format!("{}::{cast}", binds.text(Some(value)));
            let rest = format!("({by}, {columns}) {than} ({value}, {keys})");
            let nullable = !falling && sorts_null(resource, wanted);
            if nullable { format!("({rest} OR {by} IS NULL)") } else { rest }
        }
    }
}

/// The type of the sort value.
fn sort_cast<'a>(resource: Resource<'a>, wanted: &Wanted) -> &'a str {
    let own = || wanted.sort.and_then(|at| resource.seen(at)).map(|seen| seen.column);
    let named = wanted.sort.and_then(|at| resource.linked(at)).and_then(|(_, target)| {
        target.look.label_columns().next().and_then(|at| target.table.columns.get(at)).filter(|column| column.sortable)
    });
    let column = named.or_else(own).or_else(|| resource.table.key_columns().next());
    column.map_or("text", |column| column.cast.as_str())
}

fn sorts_null(resource: Resource<'_>, wanted: &Wanted) -> bool {
    let Some(seen) = wanted.sort.and_then(|at| resource.seen(at)) else { return false };
    !seen.column.not_null || resource.linked(seen.at).is_some()
}

/// Conditions of the search and of the rows that are wanted only.
fn conditions(resource: Resource<'_>, wanted: &Wanted, binds: &mut Binds) -> Vec<String> {
    let only = wanted.only.iter().filter_map(|(at, value)| Some((resource.seen(*at)?.column, value)));
    let mut all: Vec<_> =
        only.map(|(column, value)| format!("t.{} = {}", column.name, binds.value(Some(value), column))).collect();
    all.extend(searched(resource, &wanted.words, binds));
    all
}

/// Every word must be found in some column of the search, or in the name of what such a column leads to.
pub(super) fn searched(resource: Resource<'_>, words: &str, binds: &mut Binds) -> Vec<String> {
    let mut found_in = |word: &str| {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let pattern = format!("'%' || bluebook.plain({}) || '%'", binds.text(Some(&word)));
        let places: Vec<_> =
            resource.look.search.iter().filter_map(|at| searched_place(resource, *at, &pattern)).collect();
        if places.is_empty() { "false".to_owned() } else { format!("({})", places.join(" OR ")) }
    };
    let words = words.split(|sign: char| sign.is_whitespace() || sign == '\0').filter(|word| !word.is_empty());
    words.take(WORDS).map(&mut found_in).collect()
}

fn searched_place(resource: Resource<'_>, at: usize, pattern: &str) -> Option<String> {
    let column = resource.seen(at)?.column;
    let Some((link, target)) = resource.linked(at) else {
        return Some(format!("bluebook.plain(t.{}::text) LIKE {pattern}", column.name));
    };
    let theirs = link.target.as_ref()?.columns.first().and_then(|at| target.table.columns.get(*at))?;
    let names = target.look.label_columns().filter_map(|at| target.table.columns.get(at));
    let names = names.map(|name| format!("bluebook.plain(x.{}::text) LIKE {pattern}", name.name)).collect::<Vec<_>>();
    let inside = format!("SELECT x.{} FROM {} AS x WHERE {}", theirs.name, target.table.sql(), names.join(" OR "));
    Some(format!("t.{} IN ({inside})", column.name))
}

async fn count(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    conditions: &[String],
    binds: &Binds,
) -> DbResult<Count> {
    let estimate = resource.table.rows;
    if conditions.is_empty() && usize::try_from(estimate).is_ok_and(|rows| rows > COUNTED) {
        return Ok(Count::About(estimate));
    }
    let condition = if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") };
    let sql = format!(
        "SELECT ARRAY[count(*)::text] AS cells, '{{}}'::text[] AS related, NULL::text AS version, NULL::text AS sort \
         FROM (SELECT FROM {} AS t WHERE {condition} LIMIT {}) AS counted",
        resource.table.sql(),
        COUNTED + 1
    );
    let rows = binds.load(conn, &sql).await?;
    let number = rows.first().and_then(|row| row.cells.first()?.as_deref()?.parse().ok()).unwrap_or(0);
    Ok(if number > COUNTED { Count::MoreThan(COUNTED) } else { Count::Exactly(number) })
}
