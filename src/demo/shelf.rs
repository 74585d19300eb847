//! Which releases are out: the local publisher's memory, which outlives the program.

use std::{
    collections::BTreeSet,
    fs, io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::releases::Release;

/// The releases, and how many of them are out.
#[derive(Debug)]
pub(super) struct Shelf {
    releases: Vec<Release>,
    position: PathBuf,
    every: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    out: usize,
    since: Instant,
    /// Paths and queries whose newest release somebody has asked for.
    asked: BTreeSet<String>,
}

impl Shelf {
    /// A shelf that goes on where the file `position` says. The first release of every dataset is always out.
    pub(super) fn new(releases: Vec<Release>, position: PathBuf, every: Duration) -> Self {
        let first = releases.iter().filter(|release| release.number == 1).count();
        let kept = fs::read_to_string(&position).ok().and_then(|text| text.trim().parse::<usize>().ok());
        let out = kept.unwrap_or(first).clamp(first.min(releases.len()), releases.len());
        let state = State { out, since: Instant::now(), asked: BTreeSet::new() };
        Self { releases, position, every, state: Mutex::new(state) }
    }

    /// The newest release that is out under a path and query; counts as asked for.
    pub(super) fn newest(&self, target: &str) -> Option<Release> {
        let mut state = self.state();
        let release = self.releases.iter().take(state.out).rfind(|release| release.target() == target)?;
        state.asked.insert(target.to_owned());
        Some(release.clone())
    }

    /// Puts the next release out if it is time: the last has been out long enough, and all that are out have been
    /// asked for, so that none passes unseen.
    pub(super) fn put_out(&self) -> io::Result<Option<Release>> {
        let mut state = self.state();
        if state.asked.len() < self.datasets() || state.since.elapsed() < self.every {
            return Ok(None);
        }
        let Some(next) = self.releases.get(state.out) else { return Ok(None) };
        // The place is noted first: a release that came out never goes back.
        let (place, new) = (&self.position, self.position.with_extension("new"));
        fs::write(&new, (state.out + 1).to_string()).and_then(|()| fs::rename(&new, place))?;
        state.asked.remove(&next.target());
        (state.out, state.since) = (state.out + 1, Instant::now());
        Ok(Some(next.clone()))
    }

    /// How many releases are still to come.
    pub(super) fn to_come(&self) -> usize {
        self.releases.len() - self.state().out
    }

    /// The time between two releases.
    pub(super) fn every(&self) -> Duration {
        self.every
    }

    /// The hosts of the publishers.
    pub(super) fn hosts(&self) -> BTreeSet<String> {
        self.releases.iter().filter_map(|release| release.url.host_str().map(ToOwned::to_owned)).collect()
    }

    /// How many datasets have a release.
    pub(super) fn datasets(&self) -> usize {
        self.releases.iter().map(|release| &release.dataset).collect::<BTreeSet<_>>().len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic of another thread leaves a place that is as good as before.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(dataset: &str, number: u32) -> Release {
        Release {
            dataset: dataset.into(),
            url: format!("https://{dataset}.example/{dataset}?x=1").parse().unwrap(),
            number,
            date: jiff::civil::date(2026, 8, 21),
            etag: format!("\"{number}\""),
            bytes: bytes::Bytes::new(),
        }
    }

    fn shelf(folder: &tempfile::TempDir) -> Shelf {
        let releases = vec![release("a", 1), release("b", 1), release("a", 2), release("a", 3)];
        Shelf::new(releases, folder.path().join("position"), Duration::ZERO)
    }

    #[test]
    fn a_release_stays_until_it_has_been_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = shelf(&folder);
        assert_eq!(shelf.newest("/a?x=1").unwrap().number, 1);
        assert!(shelf.put_out().unwrap().is_none(), "nobody has seen the first of b");
        assert_eq!(shelf.newest("/b?x=1").unwrap().number, 1);
        assert_eq!(shelf.put_out().unwrap().unwrap().number, 2);
        assert!(shelf.put_out().unwrap().is_none(), "nobody has seen the second");
        assert!(shelf.newest("/other").is_none());
    }

    #[test]
    fn the_next_program_goes_on_where_the_last_ended() {
        let folder = tempfile::tempdir().unwrap();
        let first = shelf(&folder);
        first.newest("/a?x=1").unwrap();
        first.newest("/b?x=1").unwrap();
        first.put_out().unwrap().unwrap();
        let second = shelf(&folder);
        assert_eq!(second.newest("/a?x=1").unwrap().number, 2);
        assert_eq!(second.to_come(), 1);
    }

    #[test]
    fn a_day_is_written_as_http_writes_it() {
        assert_eq!(release("a", 1).last_modified(), "Fri, 21 Aug 2026 16:00:00 GMT");
    }
}
