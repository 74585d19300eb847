//! The page of one record: its fields, what belongs to it, and who changed it last.

use actix_web::web;
use serde_json::{Value, json};

use super::{
    display,
    form::grouped,
    keys, list,
    list::Wanted,
    list_page,
    shown::{Resource, Shown},
    sql::Row,
    write,
};
use crate::{
    admin::{
        Site,
        page::{Answer, Page},
        problem::Problem,
        visit::SignedIn,
    },
    db::{AsyncPgConnection, DbResult, audit},
};

/// Rows of a child table that stand on the parent's page.
const CHILDREN: usize = 8;
/// Lines of the history.
const HISTORY: i64 = 5;

pub(in crate::admin) async fn show(site: web::Data<Site>, me: SignedIn, path: web::Path<(String, String)>) -> Answer {
    let (slug, key) = path.into_inner();
    let mut conn = site.conn().await?;
    let shown = site.shown(&mut conn).await?;
    let (resource, row) = find(&mut conn, &shown, &slug, &key).await?;
    let (name, href) = (row.name(resource), resource.row_href(&row.key(resource.table)));
    let groups = grouped(resource).into_iter().map(|(title, columns)| {
        let cells = columns.into_iter().map(|seen| display::in_full(seen, &row)).collect::<Vec<_>>();
        json!({ "title": title, "cells": cells })
    });
    let values = json!({
        "name": name,
        "singular": resource.look.singular,
        "groups": groups.collect::<Vec<_>>(),
        "children": children(&mut conn, resource, &row, me.may_edit()).await?,
        "history": history(&mut conn, resource, &row).await?,
        "edit": (me.may_edit() && resource.can_edit()).then(|| format!("{href}/edit")),
        "read_only": resource.read_only_because(),
    });
    let page = Page::new(name).under("Overview", "/").under(resource.look.title.clone(), resource.href());
    page.show(&site, &me, "admin/resources/record", &values)
}

/// The record that an address names.
pub(super) async fn find<'a>(
    conn: &mut AsyncPgConnection,
    shown: &'a Shown,
    slug: &str,
    key: &str,
) -> Result<(Resource<'a>, Row), Problem> {
    let resource = shown.resource(slug).filter(|resource| !resource.table.key.is_empty()).ok_or(Problem::NotFound)?;
    let key = keys::decode_key(key, resource.table.key.len()).ok_or(Problem::NotFound)?;
    let row = write::load(conn, resource, &key).await?.ok_or(Problem::NotFound)?;
    Ok((resource, row))
}

/// Rows of other tables that lead to this one.
async fn children(
    conn: &mut AsyncPgConnection,
    parent: Resource<'_>,
    row: &Row,
    may_edit: bool,
) -> DbResult<Vec<Value>> {
    let mut all = Vec::new();
    for child in &parent.table.children {
        let Some(resource) = parent.all.of(child.table) else { continue };
        let Some(link) = resource.table.links.get(child.link) else { continue };
        let Some(target) = &link.target else { continue };
        let pairs = link.columns.iter().zip(&target.columns);
        let only: Option<Vec<_>> =
            pairs.map(|(own, theirs)| Some((resource.seen(*own)?.at, row.cell(*theirs)?.to_owned()))).collect();
        let Some(only) = only else { continue };
        let shown: Vec<usize> = resource.look.list.iter().copied().filter(|at| !link.columns.contains(at)).collect();
        let wanted = Wanted { only: only.clone(), ..Wanted::default() };
        let Some(mut page) = list::page(conn, resource, &wanted, &shown).await? else { continue };
        let more = page.rows.len() > CHILDREN;
        page.rows.truncate(CHILDREN);
        let heads = shown.iter().filter_map(|at| resource.seen(*at)).map(|seen| seen.look.label.clone());
        all.push(json!({
            "title": title(parent, resource, &link.columns),
            "columns": heads.collect::<Vec<_>>(),
            "rows": list_page::rows(resource, &shown, &page),
            "all": more.then(|| list_page::only_address(resource, only.clone())),
            "add": (may_edit && resource.can_create()).then(|| add_address(resource, &only)),
            "singular": resource.look.singular,
        }));
    }
    Ok(all)
}

/// The child table's title; with the column's, where several lead here.
fn title(parent: Resource<'_>, child: Resource<'_>, columns: &[usize]) -> String {
    let leads_here =
        |link: &&crate::db::catalog::Link| link.target.as_ref().is_some_and(|target| target.table == parent.table.id);
    let several = child.table.links.iter().filter(leads_here).count() > 1 || parent.table.id == child.table.id;
    match columns.first().and_then(|at| child.seen(*at)).filter(|_| several) {
        Some(seen) => format!("{} by “{}”", child.look.title, seen.look.label),
        None => child.look.title.clone(),
    }
}

/// The address of a new row's form with these columns filled in.
fn add_address(resource: Resource<'_>, only: &[(usize, String)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (seen, value) in only.iter().filter_map(|(at, value)| Some((resource.seen(*at)?, value))) {
        query.append_pair(&format!("f.{}", seen.column.name.as_str()), value);
    }
    format!("{}/new?{}", resource.href(), query.finish())
}

/// The last lines of the audit about a row, without columns that are not shown.
pub(super) async fn history(conn: &mut AsyncPgConnection, resource: Resource<'_>, row: &Row) -> DbResult<Vec<Value>> {
    let (subject, row_key) = (resource.table.full_name(), write::row_key(resource.table, row));
    let filter = audit::Filter { subject: Some(&subject), row_key: Some(&row_key), ..audit::Filter::default() };
    let lines = audit::list(conn, &filter, HISTORY).await?;
    Ok(lines.iter().map(|line| said(resource, line)).collect())
}

fn said(resource: Resource<'_>, line: &audit::AuditRow) -> Value {
    let before = line.before.as_ref().and_then(Value::as_object);
    let changed = line.after.as_ref().and_then(Value::as_object).filter(|_| before.is_some());
    let fields = changed.into_iter().flatten().filter_map(|(name, value)| {
        let seen = resource.seen_by_name(name)?;
        let said = |value: Option<&Value>| match value.and_then(Value::as_str) {
            Some(_) if seen.look.sensitive => "hidden".to_owned(),
            Some(text) => display::read(seen, text),
            None => "nothing".to_owned(),
        };
        let old = before.and_then(|before| before.get(name));
        Some(json!({ "label": seen.look.label, "before": said(old), "after": said(Some(value)) }))
    });
    json!({ "who": line.who, "at": line.at, "created": before.is_none(), "fields": fields.collect::<Vec<_>>() })
}
