//! Changes of the jobs' conditions, and who was told of each.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Site,
    page::{Answer, Page},
    visit::SignedIn,
};
use crate::db::{
    conditions::{self, Change},
    notices::{self, NoticeRow},
};

/// Changes on a page.
const PAGE: usize = 50;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    before: Option<i64>,
}

/// A page of changes, the newest first.
pub(super) async fn list(site: web::Data<Site>, me: SignedIn, asked: web::Query<Asked>) -> Answer {
    let mut conn = site.conn().await?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut changes = conditions::changes(&mut conn, asked.before, limit).await?;
    let more = changes.len() > PAGE;
    changes.truncate(PAGE);
    let ids: Vec<i64> = changes.iter().map(|change| change.id).collect();
    let notices = notices::of_changes(&mut conn, &ids).await?;
    let values = json!({
        "changes": changes.iter().map(|change| line(change, &notices)).collect::<Vec<_>>(),
        "older": changes.last().filter(|_| more).map(|last| format!("/notices?before={}", last.id)),
    });
    Page::new("Notices").under("Overview", "/").show(&site, &me, "admin/notices", &values)
}

fn line(change: &Change, notices: &[NoticeRow]) -> Value {
    let told = notices.iter().filter(|notice| notice.change == change.id);
    json!({
        "at": change.at,
        "title": change.title,
        "job": change.job,
        "before": change.before,
        "after": change.after,
        "run": change.run,
        "release": change.release,
        "told": told.map(notice).collect::<Vec<_>>(),
    })
}

fn notice(notice: &NoticeRow) -> Value {
    json!({
        "channel": notice.channel,
        "state": notice.state,
        "error": notice.error,
        "next": (notice.state == "pending" && notice.error.is_some()).then_some(notice.not_before),
    })
}
