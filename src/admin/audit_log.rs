//! The audit log, for reading.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Site,
    page::{Answer, Page},
    visit::SignedIn,
};
use crate::db::audit::{self, AuditRow, Filter};

/// Lines on a page.
const PAGE: i64 = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    subject: String,
    before: Option<i64>,
}

/// A page of the log, the newest first.
pub(super) async fn list(site: web::Data<Site>, me: SignedIn, asked: web::Query<Asked>) -> Answer {
    let given = |text: &'_ str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (who, subject) = (given(&asked.who), given(&asked.subject));
    let filter = Filter { who: who.as_deref(), subject: subject.as_deref(), before: asked.before, row_key: None };
    let mut conn = site.conn().await?;
    let mut lines = audit::list(&mut conn, &filter, PAGE + 1).await?;
    let more = i64::try_from(lines.len()).is_ok_and(|count| count > PAGE);
    lines.truncate(usize::try_from(PAGE).unwrap_or_default());
    site.conceal(&mut conn, &mut lines).await?;
    let older = lines.last().filter(|_| more).map(|last| older(&asked, last.id));
    let values = json!({
        "lines": lines.iter().map(line).collect::<Vec<_>>(),
        "who": asked.who,
        "subject": asked.subject,
        "filtered": who.is_some() || subject.is_some() || asked.before.is_some(),
        "older": older,
    });
    Page::new("Audit log").under("Overview", "/").show(&site, &me, "admin/audit", &values)
}

fn older(asked: &Asked, before: i64) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("who", &asked.who).append_pair("subject", &asked.subject);
    format!("/audit?{}", query.append_pair("before", &before.to_string()).finish())
}

fn line(row: &AuditRow) -> Value {
    json!({
        "id": row.id,
        "at": row.at,
        "who": row.who,
        "action": row.action,
        "subject": row.subject,
        "row_key": row.row_key.as_ref().map(ToString::to_string),
        "changes": changes(row),
        "request": row.request,
    })
}

/// Old and new value of each column that the line speaks of.
fn changes(row: &AuditRow) -> Vec<Value> {
    let of = |side: &Option<Value>, key: &str| side.as_ref().and_then(|side| side.get(key)).map(plain);
    let sides = [&row.before, &row.after];
    let mut keys: Vec<&String> =
        sides.iter().filter_map(|side| side.as_ref()?.as_object()).flat_map(|o| o.keys()).collect();
    keys.sort();
    keys.dedup();
    let change = |key: &String| json!({ "key": key, "before": of(&row.before, key), "after": of(&row.after, key) });
    keys.into_iter().map(change).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
