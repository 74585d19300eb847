//! Which releases are out: the local publisher's memory, which outlives the program.

use std::{
    collections::BTreeSet,
    fs, io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{address::Fit, releases::Release};

/// What a request is for.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing that is here.
    Nothing,
    /// Something that is not given to whoever does not name its secret.
    Refused,
    /// A page that lists files.
    Page(String),
    /// A file.
    File(Box<Release>),
}

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
    /// Datasets whose newest release somebody has asked for.
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

    /// What is out under a path and query. A release that is handed out counts as asked for.
    pub(super) fn ask(&self, target: &str) -> Found {
        let mut state = self.state();
        let out = self.releases.get(..state.out).unwrap_or_default();
        let fits = out.iter().rev().map(|release| (release, release.address.fits(target)));
        let Some((release, fit)) = fits.into_iter().find(|(_, fit)| *fit != Fit::No) else { return Found::Nothing };
        let of_it = out.iter().filter(|other| other.dataset == release.dataset);
        let found = match fit {
            Fit::Stranger => return Found::Refused,
            Fit::Yes if release.address.lists => return Found::Page(page(&of_it.collect::<Vec<_>>())),
            Fit::Beside => of_it.clone().find(|other| other.beside() == target),
            Fit::Yes | Fit::No => Some(release),
        };
        let Some(found) = found else { return Found::Nothing };
        if found.number == release.number {
            state.asked.insert(found.dataset.clone());
        }
        Found::File(Box::new(found.clone()))
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
        state.asked.remove(&next.dataset);
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
        self.releases.iter().filter_map(|release| release.address.host().map(ToOwned::to_owned)).collect()
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

/// A folder as the web server of a market operator shows it.
fn page(releases: &[&Release]) -> String {
    let path = releases.first().map_or("/", |release| release.address.path());
    let line = |release: &&Release| {
        let (date, bytes) = (release.date.strftime("%A, %B %d, %Y"), release.bytes.len());
        format!("{date} {bytes:>12} <A HREF=\"{}\">{}</A><br>", release.beside(), release.name)
    };
    let lines: Vec<String> = releases.iter().map(line).collect();
    let files = lines.join(" ");
    format!(
        "<html><body><H1>{path}</H1><hr><pre><A HREF=\"..\">[To Parent Directory]</A><br><br> {files}</pre><hr></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::address::Address;

    fn release(dataset: &str, number: u32) -> Release {
        let definition = include_str!("../../parsers/datasets/us_gov_domains.toml");
        let (before, rest) = definition.split_once("[source]\n").unwrap();
        let source = match dataset {
            "listed" => "url = 'https://listed.example/d/'\nlisting = { pattern = '*.csv' }".to_owned(),
            one => format!("url = 'https://{one}.example/{one}?x=1'"),
        };
        let text = format!("{before}[source]\n{source}\n[{}", rest.split_once("\n[").unwrap().1);
        let definition = parsers::Dataset::parse("x.toml", "x".parse().unwrap(), &text).unwrap();
        Release {
            dataset: dataset.into(),
            address: Address::of(&definition).unwrap(),
            name: format!("{number}.csv"),
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

    fn file(found: Found) -> u32 {
        match found {
            Found::File(release) => release.number,
            other => panic!("no file: {other:?}"),
        }
    }

    #[test]
    fn a_page_lists_what_is_out_and_each_of_it_may_be_had() {
        let folder = tempfile::tempdir().unwrap();
        let releases = vec![release("listed", 1), release("listed", 2), release("listed", 3)];
        let shelf = Shelf::new(releases, folder.path().join("position"), Duration::ZERO);
        assert!(shelf.put_out().unwrap().is_none(), "nobody has seen the first");
        for number in 1..=3 {
            let Found::Page(page) = shelf.ask("/d/") else { panic!("a page") };
            assert_eq!(page.matches("HREF=\"/d/").count(), number, "{page}");
            assert_eq!(file(shelf.ask(&format!("/d/{number}.csv"))), u32::try_from(number).unwrap());
            assert_eq!(shelf.put_out().unwrap().is_some(), number < 3);
        }
        assert_eq!(file(shelf.ask("/d/1.csv")), 1);
        assert!(matches!(shelf.ask("/d/4.csv"), Found::Nothing));
    }

    #[test]
    fn a_release_stays_until_it_has_been_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = shelf(&folder);
        assert_eq!(file(shelf.ask("/a?x=1")), 1);
        assert!(shelf.put_out().unwrap().is_none(), "nobody has seen the first of b");
        assert_eq!(file(shelf.ask("/b?x=1")), 1);
        assert_eq!(shelf.put_out().unwrap().unwrap().number, 2);
        assert!(shelf.put_out().unwrap().is_none(), "nobody has seen the second");
        assert!(matches!(shelf.ask("/other"), Found::Nothing));
    }

    #[test]
    fn the_next_program_goes_on_where_the_last_ended() {
        let folder = tempfile::tempdir().unwrap();
        let first = shelf(&folder);
        file(first.ask("/a?x=1"));
        file(first.ask("/b?x=1"));
        first.put_out().unwrap().unwrap();
        let second = shelf(&folder);
        assert_eq!(file(second.ask("/a?x=1")), 2);
        assert_eq!(second.to_come(), 1);
    }

    #[test]
    fn a_day_is_written_as_http_writes_it() {
        assert_eq!(release("a", 1).last_modified(), "Fri, 21 Aug 2026 16:00:00 GMT");
    }
}
