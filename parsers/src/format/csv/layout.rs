//! Which of the declared layouts a file has that does not name its columns: told by its first record.

use super::{Line, Lines};
use crate::{
    read::ReadError,
    schema::{First, Schema},
};

/// Goes to the first record, which comes again, and says of which version the file is; none if it is of what the columns
/// themselves say. Where no version says when it is meant, nothing is looked at.
pub(crate) fn version(lines: &mut Lines<'_>, above: &[Vec<u8>], schema: &Schema) -> Result<Option<usize>, ReadError> {
    if !schema.are_told_apart() {
        return Ok(None);
    }
    let line = lines.next()?;
    // A file without records is of any version.
    let whole = match &line {
        Line::Fields => true,
        Line::End => false,
        Line::Malformed(reason) => {
            let message = format!("the first record, which tells of which version the file is, {reason}");
            return Err(ReadError::broken(Some(lines.line()), message));
        }
    };
    let first = First { record: lines.original(), above, fields: lines.spans().len(), length: lines.length() };
    let is = |(at, version): (usize, &crate::schema::Version)| {
        version.when.as_ref().is_some_and(|when| whole && when.is(first)).then_some(at)
    };
    let fitting: Vec<usize> = schema.versions.iter().enumerate().filter_map(is).collect();
    let number = lines.line();
    lines.again(line);
    match fitting.as_slice() {
        [] => Ok(None),
        [at] => Ok(Some(*at)),
        several => {
            let names = several.iter().filter_map(|at| schema.versions.get(*at)).map(|version| version.name.as_str());
            let names = names.collect::<Vec<_>>().join(", ");
            let message = format!("the file is of more than one version: {names}. Say more in `when`");
            Err(ReadError::broken(Some(number), message))
        }
    }
}
