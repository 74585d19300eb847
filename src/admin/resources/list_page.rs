//! The page of a table: its rows, sorted and searched. All of its state stands in its address.

use actix_web::{http::StatusCode, web};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    display, keys,
    list::{self, Count, Page as Rows, Place, Wanted},
    lookup,
    shown::{Resource, Seen},
};
use crate::{
    admin::{
        Site,
        page::{Answer, Page},
        problem::Problem,
        visit::SignedIn,
    },
    db::{AsyncPgConnection, DbResult, catalog::Shape},
    view,
};

/// Before the name of a column whose rows are to hold one value: `is.customer_id=17`.
const ONLY: &str = "is.";

type Pairs = Vec<(String, String)>;

pub(in crate::admin) async fn show(
    site: web::Data<Site>,
    me: SignedIn,
    slug: web::Path<String>,
    asked: web::Query<Pairs>,
) -> Answer {
    let mut conn = site.conn().await?;
    let shown = site.shown(&mut conn).await?;
    let resource = shown.resource(&slug).ok_or(Problem::NotFound)?;
    let (mut wanted, mut mistakes) = understood(resource, &asked);
    let mut page = list::page(&mut conn, resource, &wanted, &resource.look.list).await?;
    if page.is_none() {
        mistakes.push("The address holds a value that this table cannot have; it was left out.".to_owned());
        wanted = Wanted { place: Place::Start, only: Vec::new(), ..wanted };
        page = list::page(&mut conn, resource, &wanted, &resource.look.list).await?;
    }
    let page = page.ok_or(Problem::NotFound)?;
    let only = only(&mut conn, resource, &wanted).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let mut values = values(resource, &wanted, &page);
    if let Value::Object(values) = &mut values {
        let create = (me.may_edit() && resource.can_create()).then(|| format!("{}/new", resource.href()));
        values.insert("create".into(), json!(create));
        values.insert("only".into(), json!(only));
        values.insert("mistakes".into(), json!(mistakes));
    }
    let page = Page::new(resource.look.title.clone()).under("Overview", "/").status(status);
    page.show(&site, &me, "admin/resources/list", &values)
}

/// What the address asks for, and what of it makes no sense. A column that is hidden makes no sense.
fn understood(resource: Resource<'_>, asked: &Pairs) -> (Wanted, Vec<String>) {
    let mut wanted =
        Wanted { sort: resource.look.list.first().copied().filter(|at| sortable(resource, *at)), ..Wanted::default() };
    let mut mistakes = Vec::new();
    let places = resource.table.key.len() + 1;
    for (name, value) in asked {
        match name.as_str() {
            "q" => value.trim().clone_into(&mut wanted.words),
            "sort" => {
                let (falling, column) =
                    value.strip_prefix('-').map_or((false, value.as_str()), |column| (true, column));
                match resource.seen_by_name(column).filter(|seen| sortable(resource, seen.at)) {
                    Some(seen) => (wanted.sort, wanted.falling) = (Some(seen.at), falling),
                    None => mistakes.push(format!("The list cannot be sorted by “{column}”.")),
                }
            }
            "after" | "before" if !resource.table.key.is_empty() => match keys::decode(value, places) {
                Some(place) if name == "after" => wanted.place = Place::After(place),
                Some(place) => wanted.place = Place::Before(place),
                None => mistakes.push("The address names no place in this list, so it begins at its start.".to_owned()),
            },
            _ => match name.strip_prefix(ONLY).map(|column| resource.seen_by_name(column)) {
                Some(Some(seen)) if !seen.look.sensitive => wanted.only.push((seen.at, value.clone())),
                Some(_) => mistakes.push(format!("The list cannot be narrowed by “{}”.", &name.replacen(ONLY, "", 1))),
                None => {}
            },
        }
    }
    (wanted, mistakes)
}

/// Sensitive columns are not sorted by: their order would tell what they hold.
fn sortable(resource: Resource<'_>, at: usize) -> bool {
    resource.seen(at).is_some_and(|seen| seen.column.sortable && !seen.look.sensitive)
}

/// The address of the list as it is wanted, with some of it changed.
fn address(resource: Resource<'_>, wanted: &Wanted, place: Option<(&str, &str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !wanted.words.is_empty() {
        query.append_pair("q", &wanted.words);
    }
    if let Some(seen) = wanted.sort.and_then(|at| resource.seen(at)) {
        let sign = if wanted.falling { "-" } else { "" };
        query.append_pair("sort", &format!("{sign}{}", seen.column.name.as_str()));
    }
    for (seen, value) in wanted.only.iter().filter_map(|(at, value)| Some((resource.seen(*at)?, value))) {
        query.append_pair(&format!("{ONLY}{}", seen.column.name.as_str()), value);
    }
    if let Some((name, place)) = place {
        query.append_pair(name, place);
    }
    format!("{}?{}", resource.href(), query.finish())
}

/// The address of a list with only the rows that hold these values.
pub(super) fn only_address(resource: Resource<'_>, only: Vec<(usize, String)>) -> String {
    address(resource, &Wanted { only, ..Wanted::default() }, None)
}

fn values(resource: Resource<'_>, wanted: &Wanted, page: &Rows) -> Value {
    let table = rows(resource, &resource.look.list, page);
    let columns = resource.look.list.iter().filter_map(|at| resource.seen(*at));
    let place = |name: &str, place: &Option<String>| {
        place.as_deref().map(|place| address(resource, wanted, Some((name, place))))
    };
    json!({
        "title": resource.look.title,
        "singular": resource.look.singular,
        "about": resource.table.comment,
        "action": resource.href(),
        "words": wanted.words,
        "sort": wanted.sort.and_then(|at| resource.seen(at)).map(|seen| {
            format!("{}{}", if wanted.falling { "-" } else { "" }, seen.column.name.as_str())
        }),
        "kept": wanted.only.iter().filter_map(|(at, value)| {
            Some(json!({ "name": format!("{ONLY}{}", resource.seen(*at)?.column.name.as_str()), "value": value }))
        }).collect::<Vec<_>>(),
        "searchable": !resource.look.search.is_empty(),
        "filtered": !wanted.words.is_empty() || !wanted.only.is_empty(),
        "columns": columns.map(|seen| head(resource, wanted, seen)).collect::<Vec<_>>(),
        "rows": table,
        "count": said(page.count, page.rows.len(), wanted),
        "previous": place("before", &page.before),
        "next": place("after", &page.after),
        "read_only": resource.read_only_because(),
    })
}

/// The rows of a page for a table; the first cell leads to the record.
pub(super) fn rows(resource: Resource<'_>, columns: &[usize], page: &Rows) -> Value {
    let keyed = !resource.table.key.is_empty();
    let row = |row: &super::sql::Row| {
        let cells = columns.iter().filter_map(|at| resource.seen(*at)).map(|seen| display::in_list(seen, row));
        json!({
            "href": keyed.then(|| resource.row_href(&row.key(resource.table))),
            "name": row.name(resource),
            "cells": cells.collect::<Vec<_>>(),
        })
    };
    Value::Array(page.rows.iter().map(row).collect())
}

fn head(resource: Resource<'_>, wanted: &Wanted, seen: Seen<'_>) -> Value {
    let sorted = wanted.sort == Some(seen.at);
    let turned =
        Wanted { sort: Some(seen.at), falling: sorted && !wanted.falling, place: Place::Start, ..wanted.clone() };
    let number = matches!(seen.column.shape, Shape::Decimal(_) | Shape::Integer) && !seen.look.leads;
    json!({
        "label": seen.look.label,
        "number": number,
        "href": sortable(resource, seen.at).then(|| address(resource, &turned, None)),
        "sorted": sorted.then_some(if wanted.falling { "descending" } else { "ascending" }),
    })
}

fn said(count: Count, here: usize, wanted: &Wanted) -> String {
    let searched = !wanted.words.is_empty() || !wanted.only.is_empty();
    let (number, one) = match count {
        Count::Exactly(number) => (view::number(&number.to_string()), number == 1),
        Count::About(number) => (format!("About {}", view::number(&number.to_string())), false),
        Count::MoreThan(number) => (format!("More than {}", view::number(&number.to_string())), false),
    };
    let noun = if one { "row" } else { "rows" };
    let all = if searched { format!("{number} {noun} found") } else { format!("{number} {noun}") };
    match count {
        Count::Exactly(number) if number == here => all,
        _ => format!("{all}, {here} on this page"),
    }
}

/// What the list is narrowed to, in words.
async fn only(conn: &mut AsyncPgConnection, resource: Resource<'_>, wanted: &Wanted) -> DbResult<Vec<Value>> {
    let mut said = Vec::new();
    for (place, (at, value)) in wanted.only.iter().enumerate() {
        let Some(seen) = resource.seen(*at) else { continue };
        let named = match resource.linked(*at) {
            Some((link, target)) => lookup::one(conn, link, target, value).await?.map(|choice| choice.name),
            None => None,
        };
        let mut rest = wanted.only.clone();
        rest.remove(place);
        let off = address(resource, &Wanted { only: rest, place: Place::Start, ..wanted.clone() }, None);
        let text = named.unwrap_or_else(|| display::read(seen, value));
        said.push(json!({ "label": seen.look.label, "text": text, "off": off }));
    }
    Ok(said)
}
