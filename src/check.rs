//! `bluebook check`: every mistake of every file, at once.

mod draw;
mod sql;

use parsers::{Dataset, Diagnostic};
use url::Url;

use crate::{
    admin::setup::Setup,
    boot::Database,
    config::Settings,
    datasets::{Datasets, Off},
    db::{Connector, PgSession, catalog::Catalog},
    ingest,
    job::Job,
    notify::Channels,
    report::Reports,
    schedules::Schedules,
    view::{Mails, Templates},
};

pub use draw::draw;

/// What was looked at and what was found.
#[derive(Debug, Default)]
pub struct Findings {
    /// All mistakes, file by file.
    pub mistakes: Vec<Diagnostic>,
    /// What there is, in words.
    pub looked_at: Vec<String>,
    /// What could not be looked at, and why.
    pub left_out: Vec<String>,
}

/// What the home folder says, with and without mistakes.
struct Definitions {
    datasets: Datasets,
    setup: Setup,
    reports: Reports,
}

/// Looks at the home folder, and holds it against the database if there is one to be had.
pub async fn everything(settings: Settings) -> anyhow::Result<Findings> {
    let mut findings = Findings::default();
    let definitions = files(&settings, &mut findings);
    findings.left_out.extend(secrets(&definitions.datasets, &settings));
    if let Err(error) = Templates::embedded().map(drop).and_then(|()| Mails::embedded().map(drop)) {
        findings.whole("the program's own templates", error.to_string());
    }
    for mistake in Channels::of(&settings).err().into_iter().flatten() {
        findings.whole("the settings", mistake);
    }
    if Database::exists(&settings) {
        let database = Database::open(&settings).await?;
        let held = hold_against(&definitions, &database.connector, &mut findings).await;
        database.close().await?;
        held?;
    } else {
        let why = "SQL and admin.toml were not held against a database: there is none yet";
        findings.left_out.push(why.to_owned());
    }
    findings.mistakes.sort_by_key(|mistake| (mistake.file.clone(), mistake.span.as_ref().map(|span| span.start)));
    Ok(findings)
}

fn files(settings: &Settings, findings: &mut Findings) -> Definitions {
    let home = &settings.home();
    let (datasets, found) = Datasets::load(home);
    findings.add(datasets.iter().count() + datasets.broken().len(), "dataset", found);
    let (reports, found) = Reports::load(home, &datasets);
    findings.add(reports.iter().count() + reports.broken().len(), "report", found);
    let (setup, found) = Setup::load(home);
    findings.add(setup.tables.len(), "admin table", found);
    let (schedules, mut found) = Schedules::load(home);
    let is_there = |job: &Job| match job {
        Job::Ingest(name) => {
            datasets.get(name).is_some() || datasets.broken().iter().any(|file| *file == name.as_str())
        }
        Job::Report(name) => {
            reports.get(name).is_some() || reports.broken().iter().any(|folder| *folder == name.as_str())
        }
        Job::Upkeep => true,
    };
    found.extend(schedules.unknown_jobs(is_there));
    found.extend(schedules.needless(|job| match job {
        Job::Ingest(name) => datasets.is_set_off(name),
        _ => None,
    }));
    findings.add(schedules.iter().count(), "schedule", found);
    findings.left_out.extend(undropped(&datasets, &schedules, settings));
    Definitions { datasets, setup, reports }
}

/// What cannot be fetched for want of a secret. It is no mistake of a file.
fn secrets(datasets: &Datasets, settings: &Settings) -> Vec<String> {
    datasets.off(&settings.secrets()).iter().map(Off::told).collect()
}

/// Scheduled datasets whose file lies where none is taken from.
fn undropped(datasets: &Datasets, schedules: &Schedules, settings: &Settings) -> Vec<String> {
    let fetched = schedules.iter().filter_map(|schedule| match &schedule.job {
        Job::Ingest(name) => datasets.get(name),
        _ => None,
    });
    let is_outside = |dataset: &Dataset| {
        let url = Url::parse(&dataset.source.url).ok().filter(|url| url.scheme() == "file");
        let path = url.and_then(|url| url.to_file_path().ok()).filter(|_| dataset.source.dated.is_none());
        path.is_some_and(|path| !path.parent().is_some_and(|folder| settings.may_drop(folder)))
    };
    let told = |dataset: &Dataset| {
        format!(
            "{} is scheduled, and its file lies in none of the drop folders: say as `url` in its [source] where it is \
             published, or name the folder with --drop-dir",
            dataset.name
        )
    };
    fetched.filter(|dataset| is_outside(dataset)).map(|dataset| told(dataset)).collect()
}

async fn hold_against(definitions: &Definitions, connector: &Connector, findings: &mut Findings) -> anyhow::Result<()> {
    let mut session = PgSession::open(connector).await?;
    let catalog = Catalog::read(&mut session, &definitions.setup.names()).await?;
    findings.mistakes.extend(definitions.setup.verify(&catalog));
    for dataset in definitions.datasets.iter() {
        let file = format!("parsers/datasets/{}.toml", dataset.name);
        for sentence in ingest::foresee(&mut session, dataset).await? {
            findings.whole(&file, sentence);
        }
    }
    sql::check_datasets(&mut session, &definitions.datasets, findings).await;
    sql::check(&mut session, &definitions.reports, findings).await
}

impl Findings {
    fn add(&mut self, count: usize, what: &str, mistakes: Vec<Diagnostic>) {
        let plural = if count == 1 { "" } else { "s" };
        self.looked_at.push(format!("{count} {what}{plural}"));
        self.mistakes.extend(mistakes);
    }

    fn whole(&mut self, file: &str, message: String) {
        self.mistakes.push(Diagnostic { file: file.to_owned(), span: None, message, help: None });
    }
}
