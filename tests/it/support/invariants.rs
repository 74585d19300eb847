//! What must hold after every fault (reliability: INV). Each query names what breaks it, one row each.

use std::{
    collections::HashSet,
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::{Db, TestHouse};

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
        let db = self.db();
        let mut broken = db.column(include_str!("invariants.sql"));
        for table in db.column(
            "SELECT c.oid::regclass FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'data'::regnamespace",
        ) {
            broken.extend(db.column(&unpublished_rows(db, &table)));
        }
        broken.extend(lost_artifacts(db, &self.state().join("archive")));
        broken.extend(stray_reports(db, &self.state().join("reports")));
        broken
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

/// I1 and I2: every row belongs to a release that was published, and a table without a key may hold a row twice.
fn unpublished_rows(db: &Db, table: &str) -> String {
    let released = db.number(&format!(
        "SELECT count(*) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = '_release'"
    ));
    if released == 0 {
        return format!("SELECT 'I1 {table} does not say which release its rows are from'");
    }
    format!(
        "SELECT format('I1 {table} holds %s rows of release %s, which is %s', count(*), _release, r.state) \
         FROM {table} t LEFT JOIN bluebook.releases r \
           ON r.id = t._release AND '{table}' IN ('data.' || quote_ident(r.dataset), \
                                                  'data.' || quote_ident(r.dataset || '_history')) \
         WHERE r.state IS NULL OR r.state NOT IN ('published', 'superseded') GROUP BY _release, r.state"
    )
}

/// What the database calls an artifact must be in the archive.
fn lost_artifacts(db: &Db, archive: &Path) -> Vec<String> {
    let mut kept = HashSet::new();
    collect_files(archive, archive, &mut kept);
    let at = |sha256: &String| kept.iter().find(|path| path.ends_with(sha256.as_str()));
    let lost = |row: Vec<Option<String>>| {
        let (sha256, bytes) = (row[0].clone()?, row[1].clone()?);
        let found = at(&sha256).and_then(|path| fs::metadata(archive.join(path)).ok());
        let found = found.map(|file| file.len().to_string());
        (found.as_ref() != Some(&bytes)).then(|| format!("artifact {sha256}: {found:?} of {bytes} bytes are there"))
    };
    db.rows("SELECT sha256, bytes FROM bluebook.artifacts").into_iter().filter_map(lost).collect()
}

/// I10: a report's file has its delivery, a delivery its file, and nothing half-made lies about.
fn stray_reports(db: &Db, reports: &Path) -> Vec<String> {
    let delivered =
        "SELECT substr(recipient, 6) FROM bluebook.deliveries WHERE state = 'delivered' AND recipient LIKE 'disk:%'";
    let told: HashSet<String> = db.column(delivered).into_iter().collect();
    let mut lying = HashSet::new();
    collect_files(reports, reports, &mut lying);
    let without_file = told.difference(&lying).map(|path| format!("I10 delivered, but not there: {path}"));
    let without_row = lying.difference(&told).map(|path| format!("I10 there, but never delivered: {path}"));
    without_file.chain(without_row).collect()
}

fn collect_files(root: &Path, dir: &Path, into: &mut HashSet<String>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_files(root, &path, into);
        } else if let Ok(path) = path.strip_prefix(root) {
            into.insert(path.to_string_lossy().into_owned());
        }
    }
}
