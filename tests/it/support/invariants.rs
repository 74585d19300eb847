//! What must hold after every fault: the product's own `verify`, asked within this process.

use std::{
    thread,
    time::{Duration, Instant},
};

use bluebook::{
    archive::Archive,
    config::{Home, StateDir},
    datasets::Datasets,
    db::{Connector, PgSession},
    verify::{self, Grounds},
};

use super::{TestHouse, block_on};

impl TestHouse {
    /// Fails with everything that is not as it must be. What is tidied after a run has ended is given a moment.
    #[track_caller]
    pub(crate) fn assert_invariants(&self) {
        let deadline = Instant::now() + Duration::from_secs(5);
        let mut broken = self.broken_invariants();
        while !broken.is_empty() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(100));
            broken = self.broken_invariants();
        }
        assert!(broken.is_empty(), "invariants do not hold:\n  {}", broken.join("\n  "));
    }

    /// Everything that is not as it must be.
    pub(crate) fn broken_invariants(&self) -> Vec<String> {
        let (url, state, home) = (self.url().to_owned(), self.state(), self.home());
        let broken = block_on(async move {
            let (datasets, _mistakes) = Datasets::load(&Home::new(Some(&home)));
            let datasets: Vec<_> = datasets.iter().map(AsRef::as_ref).collect();
            let (archive, reports) = (Archive::open(&StateDir::new(Some(&state)))?, state.join("reports"));
            let mut session = PgSession::open(&Connector::new(&url)?).await?;
            let grounds = Grounds { archive: &archive, reports: &reports, datasets: &datasets, deep: true };
            anyhow::Ok(verify::everything(&mut session, grounds).await?)
        });
        let broken = broken.expect("the database can be looked at");
        broken.into_iter().map(|broken| format!("{}: {}", broken.invariant, broken.what)).collect()
    }

    /// Sessions and locks that programs of this house have left behind. Ask when none of them runs any more.
    pub(crate) fn left_behind(&self) -> Vec<String> {
        self.db().column(
            "SELECT concat_ws(' ', pid, state, query) FROM pg_stat_activity \
             WHERE datname = current_database() AND application_name = 'bluebook'",
        )
    }

    /// What the server found wrong with SQL that was sent to this house's database: its grammar, or a name.
    pub(crate) fn sql_mistakes(&self) -> Vec<String> {
        let database = self.db().text("SELECT current_database()");
        let ours = |line: &&str| {
            ["42601", "42703", "42P01", "42883"].iter().any(|state| line.starts_with(&format!("{state} {database} ")))
        };
        self.server().log().lines().filter(ours).map(str::to_owned).collect()
    }
}
