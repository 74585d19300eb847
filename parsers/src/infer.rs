//! A first definition for a file that no dataset reads yet.
//!
//! It is guessed from the file's beginning. Then the whole file is read by it, as any release would be; what does not fit
//! is mended, and the file is read again. What comes out is a file for people to go on with: each guess says that it is one.

mod amend;
mod beside;
mod dbf;
mod delimited;
mod draft;
mod envelope;
mod fixed;
mod fixture;
mod hints;
mod json;
mod keys;
mod names;
mod packed;
mod profile;
mod reports;
#[cfg(test)]
mod tests;
mod tree;
mod trial;
mod types;
mod workbook;
mod xml;

use std::io;

use crate::{DatasetName, Diagnostic, Name, ReadError, Reject, read::ReadSeek};

pub use beside::Beside;
pub use fixture::Fixture;

use draft::Draft;
use fixture::Whole;
use packed::Packed;
use profile::Profile;
use trial::{Trial, Verdict};

/// Opens the file, from its first byte: it is read several times, and never held as a whole.
pub type Open<'a> = &'a dyn Fn() -> io::Result<Box<dyn ReadSeek>>;

/// After so many readings a column that still does not fit is text.
const ROUNDS: usize = 8;

/// What a definition is wanted for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The dataset's name.
    pub name: DatasetName,
    /// Where its file is published, without secrets.
    pub url: String,
    /// Parameters of its query that are secrets, each with the name under which the secret is kept.
    pub secrets: Vec<(String, String)>,
    /// What a description beside the file says of it.
    pub beside: Beside,
}

/// A first definition, and how the file fares with it.
#[derive(Debug)]
pub struct Inferred {
    /// The TOML file.
    pub definition: String,
    /// Rows that it makes of the file.
    pub rows: u64,
    /// Records that it cannot read.
    pub rejected: u64,
    /// The first of them.
    pub reject: Option<Box<Reject>>,
    /// A small file with the same quirks, for `parsers/fixtures`; none if such a file cannot be cut by rule.
    pub fixture: Option<Fixture>,
}

/// No definition can be proposed.
#[derive(Debug, thiserror::Error)]
pub enum InferError {
    /// The file is of no kind that a definition can describe.
    #[error("{0}")]
    Unknown(String),
    /// The file cannot be read by what was guessed of it.
    #[error("what was guessed of the file does not read it: {0}")]
    Unreadable(#[source] ReadError),
    /// What was guessed is no good definition.
    #[error("the definition that was guessed has mistakes: {}", told(.0))]
    Refused(Vec<Diagnostic>),
    /// The file could not be read from where it lies.
    #[error("cannot read the file")]
    Io(#[from] io::Error),
}

fn told(mistakes: &[Diagnostic]) -> String {
    let messages: Vec<_> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
    messages.join("; ")
}

/// A dataset's name, out of a file's; none if it holds no letters.
pub fn name(file: &str) -> Option<DatasetName> {
    let stem = packed::undated(file.split('.').next().unwrap_or(file)).replace('*', "");
    let words = stem.trim_start_matches(|c: char| !c.is_alphabetic());
    let mut name = names::column(Some(words).filter(|words| !words.is_empty())?);
    name.truncate(Name::LONGEST);
    name.trim_end_matches('_').parse().ok()
}

/// Proposes a definition.
pub fn infer(asked: &Asked, open: Open<'_>) -> Result<Inferred, InferError> {
    let packed = Packed::look(open)?;
    let mut draft = Draft::new(&packed, open)?;
    let mut profile = amend::read(asked, &mut draft, open)?;
    profile.decide(&mut draft, false);
    (draft.key, draft.looked) = (keys::find(&draft, &profile, &asked.beside.key), profile.hashes.len() as u64);
    let verdict = settle(asked, &mut draft, &mut profile, open)?;
    let hints = hints::find(&draft, &profile);
    draft.notes.extend(hints);
    let fixture = Whole { asked, draft: &draft, packed: &packed, open }.cut(&profile.ends)?;
    let definition = draft.definition(asked, Some(&verdict));
    let Verdict { rows, rejected, first, .. } = verdict;
    Ok(Inferred { definition, rows, rejected, reject: first, fixture })
}

/// Reads the file by the draft until every column has a type that all of its values have.
fn settle(asked: &Asked, draft: &mut Draft, profile: &mut Profile, open: Open<'_>) -> Result<Verdict, InferError> {
    let mut round = 0;
    loop {
        profile.decide(draft, round >= ROUNDS);
        let last = round > ROUNDS;
        let verdict = Trial::new(asked, draft)?.run(open, last)?;
        if verdict.misfits.is_empty() || last {
            return Ok(verdict);
        }
        profile.learn(verdict.misfits);
        round += 1;
    }
}
