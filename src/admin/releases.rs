//! Releases: what came, what was found in it, and the decision about those that are held.

use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Site,
    cookies::Flash,
    page::{self, Answer, Page},
    posted::Posted,
    problem::Problem,
    visit::SignedIn,
};
use crate::{
    db::{
        AsyncConnection, AsyncPgConnection, audit,
        difference::{self, Difference},
        rejects,
        releases::{self, DecideError, ReleaseRow, State},
        runs::{self, NewRun},
    },
    job::{Job, ReleaseId, RunId, Trigger},
};

/// Rejects on a page.
const PAGE: i64 = 100;

/// One release.
pub(super) async fn show(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>) -> Answer {
    let mut conn = site.conn().await?;
    let release = known(&mut conn, *id).await?;
    let files = releases::files(&mut conn, release.id).await?.each().concat();
    let files = files
        .iter()
        .enumerate()
        .map(|(part, file)| json!({ "part": part, "name": file.name, "bytes": file.bytes, "sha256": file.sha256 }));
    let difference = difference(&site, &mut conn, &release).await?;
    let values = json!({
        "release": release,
        "difference": difference,
        "files": files.collect::<Vec<_>>(),
        "rejected": rejects::count(&mut conn, release.id).await?,
        "held": release.state == State::Held && releases::publishing(&mut conn, release.id).await?.is_none(),
        "by_period": release.period.is_some(),
        "unreadable": release.is_unreadable(),
    });
    let page = Page::new(format!("Release {}", release.id)).under("Overview", "/").under("Datasets", "/datasets");
    let page = page.under(release.dataset.clone(), format!("/datasets/{}", release.dataset));
    page.show(&site, &me, "admin/releases/show", &values)
}

/// What a held release would change, while its dataset is there.
async fn difference(
    site: &Site,
    conn: &mut AsyncPgConnection,
    release: &ReleaseRow,
) -> Result<Option<Difference>, Problem> {
    let name = release.dataset.parse().map_err(anyhow::Error::from)?;
    let Some(dataset) = site.parts.datasets.get(&name) else { return Ok(None) };
    Ok(difference::of_held(conn, dataset, release).await?)
}

/// Which page of the rejects.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    from: u32,
}

/// The records of a release that failed their checks, as the publisher wrote them.
pub(super) async fn rejects(
    site: web::Data<Site>,
    me: SignedIn,
    id: web::Path<i64>,
    asked: web::Query<Asked>,
) -> Answer {
    let mut conn = site.conn().await?;
    let release = known(&mut conn, *id).await?;
    let from = i64::from(asked.from);
    let count = rejects::count(&mut conn, release.id).await?;
    let rows = rejects::list(&mut conn, release.id, from, PAGE).await?;
    let rows = rows.iter().map(|row| {
        json!({
            "part": row.part,
            "record": row.record,
            "line": row.line,
            "column": row.column_name,
            "value": row.value,
            "reason": row.reason,
            "original": printable(&row.original),
        })
    });
    let here = format!("/releases/{}/rejects", release.id);
    let values = json!({
        "release": release,
        "count": count,
        "rejects": rows.collect::<Vec<_>>(),
        "first": from + 1,
        "last": (from + PAGE).min(count),
        "previous": (from > 0).then(|| format!("{here}?from={}", (from - PAGE).max(0))),
        "next": (from + PAGE < count).then(|| format!("{here}?from={}", from + PAGE)),
    });
    let page = Page::new(format!("Rejects of release {}", release.id)).under("Overview", "/");
    let page = page.under("Datasets", "/datasets");
    let page = page.under(release.dataset.clone(), format!("/datasets/{}", release.dataset));
    let page = page.under(format!("Release {}", release.id), format!("/releases/{}", release.id));
    page.show(&site, &me, "admin/releases/rejects", &values)
}

/// Publishes a held release anyway: the decision is kept, and a run does the work.
pub(super) async fn publish(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>, posted: Posted) -> Answer {
    let (release, reason) = (ReleaseId(*id), reason(&posted)?);
    let mut conn = site.conn().await?;
    let run = conn.transaction(async |conn| -> Result<Option<RunId>, Problem> {
        let held = releases::approve(conn, release, &me.login, &reason).await.map_err(refused)?;
        let job = Job::Ingest(held.dataset.parse().map_err(anyhow::Error::from)?);
        let run = runs::enqueue(conn, &NewRun::asked(job, Trigger::Publish(release), &me.login)).await?;
        decided(conn, &me, "publish", &held, &reason).await?;
        Ok(run)
    });
    let run = run.await?.ok_or_else(|| Problem::Conflict("It is in the queue already.".into()))?;
    Ok(page::redirect(&site, &format!("/runs/{run}"), Some(&Flash::done("It will be published by this run."))))
}

/// Discards a held release.
pub(super) async fn discard(site: web::Data<Site>, me: SignedIn, id: web::Path<i64>, posted: Posted) -> Answer {
    let (release, reason) = (ReleaseId(*id), reason(&posted)?);
    let mut conn = site.conn().await?;
    let discarded = conn.transaction(async |conn| -> Result<ReleaseRow, Problem> {
        let held = releases::discard(conn, release, &me.login, &reason).await.map_err(refused)?;
        decided(conn, &me, "discard", &held, &reason).await?;
        Ok(held)
    });
    let discarded = discarded.await?;
    let flash = Flash::done(format!("Release {release} is discarded. The table stays as it was."));
    Ok(page::redirect(&site, &format!("/datasets/{}", discarded.dataset), Some(&flash)))
}

async fn known(conn: &mut AsyncPgConnection, id: i64) -> Result<ReleaseRow, Problem> {
    releases::show(conn, ReleaseId(id)).await?.ok_or(Problem::NotFound)
}

async fn decided(
    conn: &mut AsyncPgConnection,
    me: &SignedIn,
    action: &str,
    release: &ReleaseRow,
    reason: &str,
) -> Result<(), Problem> {
    let subject = format!("release:{}", release.id);
    let after = json!({ "dataset": release.dataset, "reason": reason });
    Ok(audit::record(conn, audit::Entry { after: Some(after), ..me.did(action, &subject) }).await?)
}

/// A decision says why.
fn reason(posted: &Posted) -> Result<String, Problem> {
    match posted.text("reason") {
        "" => Err(Problem::Bad("A decision about a held release needs its reason. Go back and write one.".into())),
        reason => Ok(reason.chars().take(1000).collect()),
    }
}

fn refused(error: DecideError) -> Problem {
    match error {
        DecideError::Unknown(_) => Problem::NotFound,
        DecideError::Db(error) => Problem::Database(error),
        error @ (DecideError::NotHeld { .. } | DecideError::Publishing { .. } | DecideError::Unreadable(_)) => {
            let mut sentence = error.to_string();
            sentence.push('.');
            Problem::Conflict(sentence)
        }
    }
}

/// A record's bytes as text; what no character stands for is written out.
fn printable(bytes: &[u8]) -> Value {
    const MOST: usize = 2000;
    let text: String = String::from_utf8_lossy(bytes).chars().take(MOST).collect();
    let shown = text.chars().map(|character| match character {
        '\n' | '\t' => character.to_string(),
        character if character.is_control() => character.escape_default().to_string(),
        character => character.to_string(),
    });
    json!({ "text": shown.collect::<String>(), "cut": bytes.len() > text.len(), "bytes": bytes.len() })
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_characters_of_a_reject_are_written_out() {
        let shown = printable(b"a\x1b[31m\tb\xff\r\n");
        assert_eq!(shown["text"], "a\\u{1b}[31m\tb\u{fffd}\\r\n");
    }
}
