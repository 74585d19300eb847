//! Values that are longer than an index takes.

use parsers::Dataset;

use crate::db::{DbError, is_too_long};

/// Which of a dataset's indexes does not take a value, and what would help; none if the error is another one. `stage` is
/// the table that may be about to become the dataset's.
pub(in super::super) fn too_long(dataset: &Dataset, stage: &str, error: &DbError) -> Option<String> {
    let DbError::DatabaseError(_, said) = error else { return None };
    if !is_too_long(error) {
        return None;
    }
    let index = match said.constraint_name() {
        Some(name) => numbered(dataset, stage, name).unwrap_or_else(|| format!("the index {name}")),
        None => "one of its indexes".to_owned(),
    };
    Some(format!(
        "a value of {} is too long for {index} ({}): take it out of `indexes`. One that is made by hand over a hash, such as \
         md5(column), takes values of any length",
        dataset.name,
        said.message()
    ))
}

/// An index of a stage has its number for a name.
fn numbered(dataset: &Dataset, stage: &str, name: &str) -> Option<String> {
    let number: usize = name.strip_prefix(stage)?.strip_prefix('_')?.strip_suffix("_idx")?.parse().ok()?;
    Some(format!("the index on {}", dataset.offer.indexes.get(number)?.join(", ")))
}
