//! What somebody may have meant.

/// How much alike words must be to be taken for each other.
const NEAR: f64 = 0.85;

/// The candidate that `word` was probably meant to be, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (likeness(word, candidate), candidate));
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (best.0 >= NEAR).then_some(best.1)
}

/// How much alike two words are, from 0 to 1, if that is enough to be taken for each other.
pub(crate) fn near(word: &str, other: &str) -> Option<f64> {
    Some(likeness(word, other)).filter(|likeness| *likeness >= NEAR)
}

/// From 0 to 1. One slip of the finger is near in short words, too, of which Jaro and Winkler think little.
fn likeness(word: &str, candidate: &str) -> f64 {
    const SLIP: f64 = 0.9;
    let slip = word.len() > 2 && strsim::damerau_levenshtein(word, candidate) == 1;
    strsim::jaro_winkler(word, candidate).max(if slip { SLIP } else { 0.0 })
}
