//! The lines themselves: what stands above the first record, how long they are, and whether their values touch.

use crate::infer::Packed;

/// Lines that must be there, and those that are looked at.
const FEWEST: usize = 5;
const SAMPLE: usize = 3000;
/// How long a line must be.
const SHORTEST: usize = 15;
/// Share of the lines that must be as long as most are; if fewer are, all that every line has is read.
const ALIKE: f64 = 0.9;

/// The first lines of a file, but for the empty ones.
#[derive(Debug)]
pub(super) struct Lines {
    /// What stands above the first record.
    pub(super) above: Vec<String>,
    /// Characters of each record.
    pub(super) lines: Vec<Vec<char>>,
}

impl Lines {
    pub(super) fn of(packed: &Packed) -> Self {
        let head = packed.head.trim_start_matches('\u{feff}');
        let mut lines: Vec<Vec<char>> = head.lines().take(SAMPLE + 1).map(|line| line.chars().collect()).collect();
        if !packed.whole {
            // The beginning ends within it.
            lines.pop();
        }
        let above = lines.split_first().filter(|(first, others)| is_header(first, others));
        let above: Vec<String> = above.iter().map(|(first, _)| first.iter().collect()).collect();
        lines.drain(..above.len());
        lines.retain(|line| !line.is_empty());
        Self { above, lines }
    }
}

/// Whether a line has letters where all others have digits.
fn is_header(first: &[char], others: &[Vec<char>]) -> bool {
    let digits = |at: usize| others.iter().all(|line| line.get(at).is_none_or(char::is_ascii_digit));
    let letters = first.iter().enumerate().filter(|(_, letter)| letter.is_alphabetic());
    let shortest = others.iter().map(Vec::len).filter(|length| *length > 0).min().unwrap_or_default();
    others.len() >= FEWEST && letters.map(|(at, _)| at).take_while(|at| *at < shortest).any(digits)
}

/// How long lines are, and whether they may be longer.
pub(super) fn length(lines: &[Vec<char>]) -> Option<(usize, bool)> {
    let shortest = lines.iter().map(Vec::len).min().filter(|shortest| *shortest >= SHORTEST);
    let longest = lines.iter().map(Vec::len).max()?;
    #[expect(clippy::cast_precision_loss, reason = "a share of a few thousand")]
    let alike = lines.iter().filter(|line| line.len() == longest).count() as f64 >= ALIKE * lines.len() as f64;
    if lines.len() < FEWEST {
        return None;
    }
    if alike && longest >= SHORTEST { Some((longest, false)) } else { shortest.map(|shortest| (shortest, true)) }
}

/// Whether somewhere in all lines a word, or nothing, stands behind a digit: two values with no blank between.
pub(super) fn touch(lines: &[Vec<char>], length: usize) -> bool {
    (1..length).any(|at| {
        let words: Option<Vec<bool>> = lines.iter().map(|line| word(line, at)).collect();
        words.is_some_and(|words| words.contains(&true))
    })
}

/// Whether a word stands behind the digit that is before this place; none if there is something else.
fn word(line: &[char], at: usize) -> Option<bool> {
    let (before, behind) = line.split_at_checked(at)?;
    let letters = behind.iter().take_while(|letter| letter.is_alphabetic()).count();
    // Letters before further digits, and a Z, are those of times and exponents.
    let ends = behind.get(letters).is_none_or(|letter| *letter == ' ') && behind.first() != Some(&'Z');
    (before.last()?.is_ascii_digit() && ends).then_some(letters > 0)
}
