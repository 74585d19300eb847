//! schedules.toml: when what runs, and which slots that makes.

use std::{fs, ops::Range, time::Duration};

use jiff::tz::TimeZone;
use parsers::{Diagnostic, Name};

use crate::{config::Home, job::Job};

mod coming;
mod cron;
mod parse;
mod preview;
mod slots;

pub use coming::Coming;
pub use cron::{Cron, CronError};
pub use preview::{Mark, PreviewSlot, preview};
pub use slots::{Slots, slots};

/// The file's name, for messages.
const FILE: &str = "schedules.toml";

/// What schedules.toml says.
#[derive(Debug, Clone, Default)]
pub struct Schedules {
    listed: Vec<Schedule>,
    whole: bool,
}

/// One `[[schedule]]`.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// Its name; slots are kept under it, so a schedule that is renamed begins anew.
    pub name: Name,
    /// What a slot runs.
    pub job: Job,
    /// When it is due, by the clock of `zone`.
    pub cron: Cron,
    /// Whose clock.
    pub zone: TimeZone,
    /// What becomes of slots that came due while no daemon ran.
    pub catch_up: CatchUp,
    /// Slots older than this are never caught up.
    pub window: Option<Duration>,
    /// What becomes of a slot that comes due while the job runs or waits.
    pub overlap: Overlap,
    /// Each slot is run up to this much later, so that not everybody asks a publisher in the same second.
    pub jitter: Duration,
    /// Where the job stands in the file.
    job_span: Option<Range<usize>>,
}

/// What becomes of slots that came due while no daemon ran. Each has its row, whatever the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// They are missed.
    None,
    /// The latest is run, the others are missed.
    Latest,
    /// The latest ones are run in their order, the others are missed.
    All {
        /// So many at most.
        most: usize,
    },
}

/// What becomes of a slot that comes due while an earlier run of its job is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// It is skipped, and says so.
    Skip,
    /// It waits for its turn.
    Queue,
}

impl CatchUp {
    /// The word in the file and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Latest => "latest",
            Self::All { .. } => "all",
        }
    }
}

impl Overlap {
    /// The word in the file and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Queue => "queue",
        }
    }
}

impl Schedule {
    /// The zone's name, as the zone database has it.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }
}

impl Schedules {
    /// Reads the home folder's file. Schedules with mistakes are left out; the others stand.
    pub fn load(home: &Home) -> (Self, Vec<Diagnostic>) {
        let path = home.schedules();
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(FILE, &text),
            Err(error) => {
                let message = format!("{} cannot be read: {error}", path.display());
                let help = "name the folder that holds it with --home".to_owned();
                (Self::default(), vec![Diagnostic { file: FILE.into(), span: None, message, help: Some(help) }])
            }
        }
    }

    /// Whether the file was read without a mistake: only then is a schedule that is not here gone for good.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// All schedules without mistakes, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Schedule> {
        self.listed.iter()
    }

    /// The schedule of this name.
    pub fn get(&self, name: &str) -> Option<&Schedule> {
        self.listed.iter().find(|schedule| schedule.name.as_str() == name)
    }

    /// The schedules that run `job`.
    pub fn of(&self, job: &Job) -> impl Iterator<Item = &Schedule> {
        self.listed.iter().filter(move |schedule| schedule.job == *job)
    }

    /// A mistake for each schedule whose job names a dataset or report that there is not.
    pub fn unknown_jobs(&self, exists: impl Fn(&Job) -> bool) -> Vec<Diagnostic> {
        let unknown = self.listed.iter().filter(|schedule| !exists(&schedule.job));
        unknown.map(Schedule::unknown_job).collect()
    }

    /// A mistake for each schedule whose job is set off by something else: `why` says by what.
    pub fn needless(&self, why: impl Fn(&Job) -> Option<String>) -> Vec<Diagnostic> {
        let needless = self.listed.iter().filter_map(|schedule| {
            let message = why(&schedule.job)?;
            let help = Some("take this schedule away".to_owned());
            Some(Diagnostic { file: FILE.into(), span: schedule.job_span.clone(), message, help })
        });
        needless.collect()
    }
}

impl Schedule {
    fn unknown_job(&self) -> Diagnostic {
        let (what, place) = match &self.job {
            Job::Ingest(dataset) => (format!("there is no dataset {dataset}"), "parsers/datasets"),
            Job::Report(report) => (format!("there is no report {report}"), "templates/reports"),
            Job::Upkeep => ("upkeep cannot be run".to_owned(), "the program"),
        };
        let help = Some(format!("{place} has those that there are"));
        Diagnostic { file: FILE.into(), span: self.job_span.clone(), message: what, help }
    }
}
