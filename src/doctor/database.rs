//! The database, and what the daemons have left in it.

use std::time::{Duration, SystemTime};

use diesel::sql_types::{BigInt, Bool, Double, Integer, Nullable, Text};
use parsers::Dataset;

use super::Line;
use crate::{boot::House, db::RunQueryDsl as _, ingest};

/// The oldest server that has what the program uses.
const OLDEST: i32 = 140_000;
/// Clocks further apart than this give slots and leases that people wonder about.
const APART: Duration = Duration::from_secs(2);
/// A planner that has not planned for so long is not there.
const SILENT: f64 = 30.0;

#[derive(diesel::QueryableByName)]
struct Facts {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Integer)]
    version_number: i32,
    #[diesel(sql_type = Text)]
    encoding: String,
    #[diesel(sql_type = Bool)]
    superuser: bool,
    #[diesel(sql_type = Integer)]
    places: i32,
    #[diesel(sql_type = BigInt)]
    taken: i64,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
    #[diesel(sql_type = Double)]
    clock: f64,
    #[diesel(sql_type = BigInt)]
    people: i64,
    #[diesel(sql_type = Nullable<Double>)]
    since_planned: Option<f64>,
    #[diesel(sql_type = BigInt)]
    lost_runs: i64,
    #[diesel(sql_type = BigInt)]
    held: i64,
    #[diesel(sql_type = BigInt)]
    unsent: i64,
    #[diesel(sql_type = BigInt)]
    dead_notices: i64,
    #[diesel(sql_type = Nullable<Text>)]
    newest_artifact: Option<String>,
}

/// An open house has its migrations: without them it would not have opened.
pub(super) async fn examine(house: &House) -> Vec<Line> {
    let facts = match ask(house).await {
        Ok(facts) => facts,
        Err(error) => return vec![Line::bad("database", format!("{error:#}"), "see the server's log")],
    };
    let mut lines = vec![facts.server(house), Line::ok("migrations", "all applied"), facts.clock()];
    lines.extend([facts.places(house), facts.planner(), facts.people()]);
    lines.extend(facts.runs());
    lines.extend(archive(house, facts.newest_artifact.as_deref()).await);
    lines.extend(offers(house).await);
    lines
}

/// What datasets offer and the server refuses: readers that it does not know, names that are taken.
async fn offers(house: &House) -> Vec<Line> {
    let help = "the dataset goes on without it; `bluebook migrate` tries again once it is mended";
    let mut lines = Vec::new();
    for dataset in house.datasets.iter() {
        match foresee(house, dataset).await {
            Ok(found) => lines
                .extend(found.into_iter().map(|why| Line::warn("datasets", format!("{}: {why}", dataset.name), help))),
            Err(error) => return vec![Line::bad("datasets", format!("{error:#}"), "see the server's log")],
        }
    }
    lines
}

async fn foresee(house: &House, dataset: &Dataset) -> anyhow::Result<Vec<String>> {
    Ok(ingest::foresee(&mut *house.pool.get().await?, dataset).await?)
}

async fn ask(house: &House) -> anyhow::Result<Facts> {
    Ok(diesel::sql_query(include_str!("facts.sql")).get_result(&mut house.pool.get().await?).await?)
}

impl Facts {
    fn server(&self, house: &House) -> Line {
        let whose = if house.is_private() { "private server" } else { "server given" };
        let found = format!("PostgreSQL {}, {whose}, {} MB", self.version, self.bytes >> 20);
        if self.version_number < OLDEST {
            return Line::bad("database", found, "use PostgreSQL 14 or newer");
        }
        if self.encoding != "UTF8" {
            let help = "publishers' text will not fit: make the database anew with ENCODING 'UTF8'";
            return Line::bad("database", format!("{found}, encoding {}", self.encoding), help);
        }
        if self.superuser {
            let help = "a mistake could reach the whole server: give the program a role of its own";
            return Line::warn("database", format!("{found}, used as a superuser"), help);
        }
        Line::ok("database", found)
    }

    fn clock(&self) -> Line {
        let here = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let apart = here.abs_diff(Duration::from_secs_f64(self.clock.max(0.0)));
        let found = format!("{:.1} s apart from the database's", apart.as_secs_f64());
        if apart > APART {
            Line::warn("clock", found, "let both machines ask the same time server")
        } else {
            Line::ok("clock", found)
        }
    }

    fn places(&self, house: &House) -> Line {
        let size = i64::from(house.settings.pool_size);
        let found = format!("{size} places in the pool; the server has {} and {} are taken", self.places, self.taken);
        // Each place may open a twin for COPY; the heartbeat and the two listeners stand outside.
        if self.taken + 2 * size + 4 > i64::from(self.places) {
            return Line::warn("pool", found, "lower --pool-size, or raise the server's max_connections");
        }
        Line::ok("pool", found)
    }

    fn planner(&self) -> Line {
        match self.since_planned {
            None => Line::warn("planner", "no schedule was ever planned", "start `bluebook serve`"),
            Some(seconds) if seconds > SILENT => {
                let found = format!("the last tick was {seconds:.0} s ago");
                Line::warn("planner", found, "no daemon seems to run: `systemctl status bluebook`, or `bluebook serve`")
            }
            Some(seconds) => Line::ok("planner", format!("the last tick was {:.0} s ago", seconds.max(0.0))),
        }
    }

    fn people(&self) -> Line {
        match self.people {
            0 => Line::warn("people", "nobody can sign in", "`bluebook user add NAME --role admin` prints a link"),
            people => Line::ok("people", format!("{people} with an account")),
        }
    }

    fn runs(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.lost_runs > 0 {
            let found = format!("{} without a daemon that works on them", self.lost_runs);
            lines.push(Line::warn("runs", found, "the next daemon takes them up"));
        }
        if self.held > 0 {
            let found = format!("{} held", self.held);
            lines.push(Line::warn("releases", found, "`bluebook release list` shows them; publish or discard"));
        }
        lines.extend(self.notices());
        lines
    }

    fn notices(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.unsent > 0 {
            let found = format!("{} could not be sent yet", self.unsent);
            lines.push(Line::warn("notices", found, "`bluebook notify list` shows why; they are tried for three days"));
        }
        if self.dead_notices > 0 {
            let found = format!("{} could not be sent and is given up", self.dead_notices);
            let help = "`bluebook notify list` shows why; `bluebook notify retry` sends once more";
            lines.push(Line::warn("notices", found, help));
        }
        lines
    }
}

async fn archive(house: &House, newest: Option<&str>) -> Option<Line> {
    let help = "the artifacts on record must lie in the state folder's archive: is --state-dir the right one?";
    Some(match house.archive.read(newest?).await {
        Ok(_) => Line::ok("archive", "the newest artifact is there"),
        Err(error) => Line::bad("archive", error.to_string(), help),
    })
}
