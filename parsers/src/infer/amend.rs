//! What only the whole file shows of its lines: quotes that belong to a text, and last lines that are no records.

use super::{
    Asked, InferError, Open,
    draft::{Draft, Kind},
    profile::{Last, Profile},
};
use crate::section::quoted;

/// Characters that tell a last line at most.
const TELLING: usize = 40;

/// Reads the file by the draft. Where some of it is no record by that, the draft gets the lines that help.
pub(super) fn read(asked: &Asked, draft: &mut Draft, open: Open<'_>) -> Result<Profile, InferError> {
    let mut read = Profile::read(asked, draft, open);
    for remedy in draft.remedies.clone() {
        if read.as_ref().map_or(true, |profile| profile.rejected > 0) {
            read = better(asked, draft, open, read, remedy);
        }
    }
    let footer = read.as_ref().ok().filter(|profile| draft.kind == Kind::Csv && profile.rows > 0);
    match footer.and_then(|profile| footer_of(&profile.last)) {
        Some(footer) => better(asked, draft, open, read, footer),
        None => read,
    }
}

/// Reads the file with one more line in the draft, which stays there if that is better than what was `read` without.
fn better(
    asked: &Asked,
    draft: &mut Draft,
    open: Open<'_>,
    read: Result<Profile, InferError>,
    line: String,
) -> Result<Profile, InferError> {
    // Values are looked at anew, with the white space that is around them.
    let mut amended = Draft { trim: false, ..draft.clone() };
    amended.format.push(line);
    match Profile::read(asked, &mut amended, open) {
        Ok(profile) if read.as_ref().map_or(true, |before| is_better(&profile, before)) => {
            *draft = amended;
            Ok(profile)
        }
        _ => read,
    }
}

/// Whether there are fewer rejects, or no more, and nothing went but the last line.
fn is_better(now: &Profile, before: &Profile) -> bool {
    let only_last = now.rejected == before.rejected && now.rows + 1 == before.rows;
    only_last || (now.rejected < before.rejected && now.rows >= before.rows)
}

/// How a definition tells a last line that is no record.
fn footer_of(last: &Last) -> Option<String> {
    match last {
        Last::Record => None,
        Last::Nothing => Some("footer = \"\"  # GUESS: the file ends with a line in which nothing stands".to_owned()),
        Last::Total(word) => Some(format!("footer = {}  # GUESS: the last line is a sum, and no record", quoted(word))),
        Last::Refused(line) => {
            let line = str::from_utf8(line).ok().filter(|line| line.is_ascii() && !line.contains('"'))?;
            let begins = line.split([',', ';', '\t', '|']).next().unwrap_or_default();
            let begins: String = begins.chars().take(TELLING).collect();
            // What begins with a number is more likely a record that is broken.
            if begins.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
                return None;
            }
            let key = if begins.is_empty() { "footer" } else { "footer_begins" };
            Some(format!("{key} = {}  # GUESS: the file ends with the line that begins so", quoted(&begins)))
        }
    }
}
