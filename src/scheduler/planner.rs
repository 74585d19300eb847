//! The planner: due slots become rows, once, whoever plans them and how often.

use std::collections::HashMap;

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};

use super::{
    Off,
    policy::{Situation, decide},
};
use crate::{
    db::schedule_rows::{self, Declared, Fate, PlannedSlot, Standing},
    db::{AsyncPgConnection, ConnectError, Connector, DbError, DbResult, PgSession},
    schedules::{Schedule, Schedules, slots},
};

/// The most slots of one schedule that get their rows at once: a year of minutes. What lies before them is only counted.
const MOST: usize = 600_000;

/// A clock that stands this far behind what is planned has been set back.
const SET_BACK: SignedDuration = SignedDuration::from_mins(1);

pub(super) struct Planner<'a> {
    connector: Connector,
    schedules: &'a Schedules,
    off: &'a Off,
    session: Option<PgSession>,
    declared: bool,
    /// For each schedule: how far it was planned, and which slot comes next.
    next: HashMap<String, (Timestamp, Option<Timestamp>)>,
}

/// A round did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum RoundError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl<'a> Planner<'a> {
    pub(super) fn new(connector: Connector, schedules: &'a Schedules, off: &'a Off) -> Self {
        Self { connector, schedules, off, session: None, declared: false, next: HashMap::new() }
    }

    /// Gives every slot that is due its row. On an error the session is given up; the next round opens another.
    pub(super) async fn round(&mut self) -> Result<(), RoundError> {
        let mut session = match self.session.take() {
            Some(session) => session,
            None => PgSession::open(&self.connector).await?,
        };
        if !self.declared {
            let declared = declared(self.schedules);
            schedule_rows::declare(&mut session, &declared).await?;
            if self.schedules.is_whole() {
                schedule_rows::retire_all_but(&mut session, &declared).await?;
            }
            tracing::info!(schedules = declared.len(), "schedules.toml is in force");
            self.declared = true;
        }
        for standing in schedule_rows::standings(&mut session).await? {
            let Some(schedule) = self.schedules.get(&standing.name) else { continue };
            if self.is_due(schedule, &standing) {
                session.transaction(async |conn| plan(conn, schedule, self.off).await).await?;
            }
        }
        self.session = Some(session);
        Ok(())
    }

    fn is_due(&mut self, schedule: &Schedule, standing: &Standing) -> bool {
        let from = standing.planned_until;
        let known = self.next.get(&standing.name).filter(|(planned, _)| *planned == from).map(|(_, next)| *next);
        let next = known.unwrap_or_else(|| slots(schedule, from, Timestamp::MAX).next());
        self.next.insert(standing.name.clone(), (from, next));
        next.is_some_and(|next| next <= standing.now) || is_set_back(standing)
    }
}

/// The schedules as their rows are to say it.
pub fn declared(schedules: &Schedules) -> Vec<Declared> {
    let declared = schedules.iter().map(|schedule| Declared {
        name: schedule.name.to_string(),
        job: schedule.job.clone(),
        cron: schedule.cron.to_string(),
        time_zone: schedule.zone_name().to_owned(),
        catch_up: schedule.catch_up.as_str(),
        overlap: schedule.overlap.as_str(),
    });
    declared.collect()
}

/// Plans one schedule up to now, under its row's lock: of two daemons one plans, and the other has nothing to do.
async fn plan(conn: &mut AsyncPgConnection, schedule: &Schedule, off: &Off) -> DbResult<()> {
    let name = schedule.name.as_str();
    let Some(standing) = schedule_rows::lock(conn, name).await? else { return Ok(()) };
    if is_set_back(&standing) {
        tracing::warn!(schedule = name, planned_until = %standing.planned_until, now = %standing.now,
            "the database's clock has been set back; slots that have their rows are not run again");
    }
    let due = due(schedule, standing.planned_until, standing.now);
    let open = schedule_rows::open_run(conn, &schedule.job).await?;
    // What is off is looked at where something is due: a secret that is put there counts from the next slot on.
    let paused = standing.paused.clone().or_else(|| (!due.is_empty()).then(|| off(&schedule.job)).flatten());
    let situation = Situation { now: standing.now, paused: paused.as_deref(), open };
    let planned = decide(schedule, &due, &situation);
    tell(name, &planned);
    schedule_rows::plan(conn, name, &schedule.job, &planned, standing.now).await
}

fn is_set_back(standing: &Standing) -> bool {
    standing.planned_until.duration_since(standing.now) > SET_BACK
}

/// The slots after `from` up to `until`; of more than can get their rows, the latest ones.
fn due(schedule: &Schedule, mut from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    loop {
        let due: Vec<Timestamp> = slots(schedule, from, until).take(MOST + 1).collect();
        if due.len() <= MOST {
            return due;
        }
        let later = from + until.duration_since(from) / 2;
        tracing::warn!(schedule = schedule.name.as_str(), %from, until = %later, "too many slots were missed to note them all");
        from = later;
    }
}

fn tell(schedule: &str, planned: &[PlannedSlot]) {
    let missed = planned.iter().filter(|planned| matches!(planned.fate, Fate::Missed(_))).count();
    let skipped = planned.iter().filter(|planned| matches!(planned.fate, Fate::Skipped(_))).count();
    if missed + skipped > 0 {
        tracing::info!(schedule, missed, skipped, "slots are not run; their rows say why");
    }
}
