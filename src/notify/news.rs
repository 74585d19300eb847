//! What people are told: a change of condition in words, and in JSON.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    db::{
        conditions::{Change, Condition, Facts},
        releases,
    },
    job::Finding,
    view::{self, Mail, Mails, ViewError},
};

/// One notice, ready to be sent.
#[derive(Debug, Clone)]
pub struct News {
    /// The same whenever this notice is sent, and no other notice's.
    pub id: String,
    /// As a mail.
    pub mail: Mail,
    /// As a mail to a server that refuses that one for its size.
    pub short: Mail,
    json: Value,
}

impl News {
    /// As JSON: README.md says what each field means.
    pub fn json(&self) -> String {
        self.json.to_string()
    }
}

/// The JSON of webhooks and commands.
#[derive(Debug, Serialize)]
struct Object<'a> {
    notice: &'a str,
    kind: &'a str,
    job: &'a str,
    title: &'a str,
    before: Condition,
    after: Condition,
    at: Timestamp,
    run: Option<i64>,
    release: Option<i64>,
    error: Option<&'a str>,
    findings: &'a [Finding],
    url: &'a str,
    subject: &'a str,
    text: &'a str,
}

/// Writes news. Knows where the admin site is.
pub struct Desk {
    mails: Mails,
    site: String,
}

impl Desk {
    /// `site`: where people reach the admin site, without a slash at the end.
    pub fn new(site: String) -> Result<Self, ViewError> {
        Ok(Self { mails: Mails::embedded()?, site })
    }

    /// The news of notice number `notice`.
    pub fn write(&self, notice: i64, change: &Change) -> Result<News, ViewError> {
        // A database made anew counts from one again; the time tells its notices from those before.
        let id = format!("notice-{notice}-{}", change.at.as_second());
        self.news(id, kind(change.after), change)
    }

    /// News of nothing, to see whether it arrives.
    pub fn test(&self) -> Result<News, ViewError> {
        let at = Timestamp::now();
        let change = Change {
            id: 0,
            job: "test".into(),
            title: "Test".into(),
            before: Condition::Good,
            after: Condition::Good,
            since: at,
            at,
            run: None,
            release: None,
            facts: Facts::default(),
        };
        self.news(format!("test-{}", at.as_millisecond()), "test", &change)
    }

    fn news(&self, id: String, kind: &'static str, change: &Change) -> Result<News, ViewError> {
        let url = format!("{}{}", self.site, page(change));
        let mut values = values(change, &url);
        let mail = self.mails.write(kind, values.clone())?;
        if let Some(values) = values.as_object_mut() {
            values.insert("subject".into(), mail.subject.as_str().into());
        }
        let short = self.mails.write("short", values)?;
        let object = Object {
            notice: &id,
            kind,
            job: &change.job,
            title: &change.title,
            before: change.before,
            after: change.after,
            at: change.at,
            run: change.run.map(|run| run.0),
            release: change.release.map(|release| release.0),
            error: change.facts.error.as_deref(),
            findings: &change.facts.findings,
            url: &url,
            subject: &mail.subject,
            text: &mail.text,
        };
        Ok(News { json: json!(object), id, mail, short })
    }
}

fn kind(after: Condition) -> &'static str {
    match after {
        Condition::Held => "held",
        Condition::Failing => "failing",
        Condition::Good => "recovered",
    }
}

/// Where the admin site shows more.
fn page(change: &Change) -> String {
    match (change.after, change.run, change.release) {
        (Condition::Failing, Some(run), _) | (_, Some(run), None) => format!("/runs/{run}"),
        (_, _, Some(release)) => format!("/releases/{release}"),
        _ => "/".to_owned(),
    }
}

/// What the templates may say.
fn values(change: &Change, url: &str) -> Value {
    let name = change.job.split_once(':').map_or(change.job.as_str(), |(_, name)| name);
    let facts = &change.facts;
    let lasted = change.at.duration_since(change.since);
    json!({
        "title": change.title,
        "job": change.job,
        "name": name,
        "dataset": change.job.starts_with("ingest:"),
        "before": change.before,
        "held": change.after == Condition::Held,
        "was_failing": change.before == Condition::Failing,
        "lasted": view::duration(lasted.max(SignedDuration::ZERO).as_secs()),
        "at": change.at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        "run": change.run,
        "release": change.release,
        "error": facts.error,
        "findings": facts.findings,
        "counts": facts.counts,
        "readable": facts.counts.is_some() || !facts.findings.iter().any(|finding| finding.check == releases::COLUMNS),
        "discarded": facts.release_state.as_deref() == Some("discarded"),
        "published": facts.release_state.as_deref() == Some("published"),
        "url": url,
    })
}
