//! Reports: their editions, and the editions' files out of the archive.

use actix_web::{
    HttpResponse,
    http::header::{self, ContentDisposition, DispositionParam, DispositionType},
    web,
};
use serde_json::{Value, json};

use super::{
    Site,
    page::{Answer, Page},
    problem::Problem,
    visit::SignedIn,
};
use crate::{
    db::{
        deliveries,
        editions::{self, EditionFile, EditionRow},
    },
    job::{EditionId, Job, ReportName},
};

/// Editions that the list shows.
const SHOWN: i64 = 100;

/// An edition is a document of its own. It may bring its style with it, and nothing else: no script, no form, no
/// request, and no part in this site's origin.
const DOCUMENT_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// All reports, and the newest editions.
pub(super) async fn list(site: web::Data<Site>, me: SignedIn) -> Answer {
    let mut conn = site.conn().await?;
    let editions = editions::list(&mut conn, None, SHOWN).await?;
    let reports: Vec<Value> = site.parts.reports.iter().map(|(name, title)| report(&site, name, title)).collect();
    let values = json!({ "reports": reports, "editions": editions.iter().map(line).collect::<Vec<_>>() });
    Page::new("Reports").under("Overview", "/").show(&site, &me, "admin/reports/list", &values)
}

/// One edition: its files, what it was computed from, to whom it went.
pub(super) async fn show(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>) -> Answer {
    let mut conn = site.conn().await?;
    let edition = editions::show(&mut conn, EditionId(*id)).await?.ok_or(Problem::NotFound)?;
    let files = editions::files(&mut conn, edition.id).await?;
    let releases = editions::computed_from(&mut conn, edition.id).await?;
    let deliveries = deliveries::of_edition(&mut conn, edition.id).await?;
    let values = json!({
        "edition": line(&edition),
        "run": edition.run,
        "files": files.iter().map(|file| json!({
            "name": file.name,
            "href": format!("/editions/{}/{}", edition.id, file.name),
            "media_type": file.media_type,
            "bytes": file.bytes,
            "sha256": file.sha256,
            "document": is_document(file),
        })).collect::<Vec<_>>(),
        "releases": releases.iter().map(|release| json!({
            "dataset": release.dataset,
            "release": release.release,
            "fetched_at": release.fetched_at,
            "published_at": release.published_at,
        })).collect::<Vec<_>>(),
        "deliveries": deliveries.iter().map(|delivery| json!({
            "recipient": delivery.recipient,
            "state": delivery.state,
            "attempts": delivery.attempts,
            "error": delivery.error,
            "delivered_at": delivery.delivered_at,
        })).collect::<Vec<_>>(),
    });
    let page = Page::new(edition.title.clone()).under("Overview", "/").under("Reports", "/reports");
    page.show(&site, &me, "admin/reports/show", &values)
}

/// A file of an edition: a document is shown, anything else is saved.
pub(super) async fn file(site: web::Data<Site>, _me: SignedIn, path: web::Path<(i64, String)>) -> Answer {
    let (edition, name) = path.into_inner();
    let files = {
        let mut conn = site.conn().await?;
        editions::files(&mut conn, EditionId(edition)).await?
    };
    let file = files.into_iter().find(|file| file.name == name).ok_or(Problem::NotFound)?;
    let bytes = site.parts.archive.bytes(&file.sha256).await.map_err(anyhow::Error::from)?;
    let (disposition, media_type) = if is_document(&file) {
        (DispositionType::Inline, "text/html; charset=utf-8")
    } else {
        (DispositionType::Attachment, file.media_type.as_str())
    };
    let disposition =
        ContentDisposition { disposition, parameters: vec![DispositionParam::Filename(saved_name(edition, &name))] };
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header(disposition)
        .insert_header((header::CONTENT_SECURITY_POLICY, DOCUMENT_POLICY))
        .body(bytes))
}

fn is_document(file: &EditionFile) -> bool {
    file.media_type.split(';').next().is_some_and(|kind| kind.trim() == "text/html")
}

/// A name that is safe on every file system.
fn saved_name(edition: i64, name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    format!("edition-{edition}-{}", name.chars().map(safe).collect::<String>())
}

fn report(site: &Site, name: &ReportName, title: &str) -> Value {
    let job = Job::Report(name.clone());
    let next = site.parts.schedules.coming(&job, jiff::Timestamp::now(), 1).pop();
    json!({ "name": name, "title": title, "job": job, "next": next.map(|next| next.slot.utc) })
}

pub(super) fn line(edition: &EditionRow) -> Value {
    json!({
        "id": edition.id,
        "report": edition.report,
        "title": edition.title,
        "slot": edition.slot,
        "created_at": edition.created_at,
    })
}

#[cfg(test)]
mod tests {
    use super::saved_name;

    #[test]
    fn a_saved_file_cannot_leave_its_folder() {
        assert_eq!(saved_name(7, "rates.csv"), "edition-7-rates.csv");
        assert_eq!(saved_name(7, "../a/b\\c\r\n\".csv"), "edition-7-.._a_b_c___.csv");
    }
}
