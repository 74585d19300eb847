//! What the bench is asked to do.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};

/// The words of `BENCH_ONLY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// `psql \copy` of the generated table. Our own first load is always done: all others stand on it.
    First,
    /// The release with few changes, and its WAL.
    Refresh,
    /// Other bytes with the same rows, and the same bytes.
    Same,
    /// Other bytes with the same rows, in ways that have no reach.
    Variants,
    /// The real file.
    Real,
    /// Each format against the library alone.
    Formats,
    /// One XML document on one line.
    Document,
    /// Ten times the rows.
    Large,
}

const WORKS: [(&str, Work); 8] = [
    ("first", Work::First),
    ("refresh", Work::Refresh),
    ("same", Work::Same),
    ("variants", Work::Variants),
    ("real", Work::Real),
    ("formats", Work::Formats),
    ("document", Work::Document),
    ("large", Work::Large),
];

/// All settings; see the head of benches/load.rs.
#[derive(Debug)]
pub(crate) struct Settings {
    /// target/bench: generated files, peers, results.
    pub(crate) folder: PathBuf,
    /// The program to measure.
    pub(crate) program: PathBuf,
    pub(crate) data: Option<PathBuf>,
    pub(crate) rounds: usize,
    pub(crate) rows: u64,
    pub(crate) profile: bool,
    /// Whether ten times the rows are wanted; where nobody said, the free disk decides.
    pub(crate) large: Option<bool>,
    works: Vec<Work>,
}

impl Settings {
    pub(crate) fn read() -> anyhow::Result<Self> {
        let program = env::var_os("BENCH_BIN").map_or_else(|| env!("CARGO_BIN_EXE_bluebook").into(), PathBuf::from);
        // Beside the build's own results, wherever they are.
        let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().context("the build has a target folder")?;
        let folder = built.join("bench");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self {
            folder,
            program,
            data: env::var_os("DATA").filter(|data| !data.is_empty()).map(PathBuf::from),
            rounds: number("BENCH_ROUNDS", 5)?,
            rows: number("BENCH_ROWS", 2_000_000)?,
            profile: word("BENCH_PROFILE").is_some_and(|word| word == "1"),
            large: word("BENCH_LARGE").map(|word| word == "1"),
            works: works(word("BENCH_ONLY").as_deref())?,
        })
    }

    pub(crate) fn wants(&self, work: Work) -> bool {
        self.works.contains(&work)
    }
}

fn works(only: Option<&str>) -> anyhow::Result<Vec<Work>> {
    let Some(only) = only else { return Ok(WORKS.map(|(_, work)| work).to_vec()) };
    only.split(',')
        .map(|word| match WORKS.iter().find(|(name, _)| *name == word.trim()) {
            Some((_, work)) => Ok(*work),
            None => bail!("BENCH_ONLY has {word:?}; there are {}", WORKS.map(|(name, _)| name).join(", ")),
        })
        .collect()
}

fn number<T: std::str::FromStr>(name: &str, usual: T) -> anyhow::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    word(name).map_or(Ok(usual), |text| text.parse().with_context(|| format!("{name} is {text:?}, which is no number")))
}

fn word(name: &str) -> Option<String> {
    env::var(name).ok().filter(|word| !word.is_empty())
}
