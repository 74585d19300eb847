//! How many of many cases a test plays.

/// One in five of the cases, always the first among them; `EVERY=1` asks for all, as `make test-faults` does.
pub(crate) fn one_in_five<T>(cases: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    let every = std::env::var("EVERY").map_or(5, |every| every.parse().expect("EVERY is a number from 1"));
    cases.into_iter().step_by(every)
}
