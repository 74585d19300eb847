//! How numbers are written: said once for the dataset, and otherwise for a column.

use crate::{
    ColumnType,
    schema::{Digits, Written},
    section::Section,
};

const DIGITS: &[(&str, Digits)] = &[("exact", Digits::Exact), ("binary", Digits::Binary), ("rounded", Digits::Rounded)];

/// The keys of a column that are about numbers.
const KEYS: [&str; 5] = ["decimal_mark", "thousands", "prefix", "suffix", "digits"];

/// What `table`, the dataset or a column, says; the rest is as in `otherwise`.
pub(super) fn written(table: &Section<'_>, otherwise: &Written) -> Written {
    let written = Written {
        decimal_mark: mark(table, "decimal_mark", None).unwrap_or(otherwise.decimal_mark),
        thousands: mark(table, "thousands", otherwise.thousands),
        prefix: otherwise.prefix.clone(),
        suffix: otherwise.suffix.clone(),
        digits: table.optional_word("digits", DIGITS).unwrap_or(otherwise.digits),
    };
    if written.thousands == Some(written.decimal_mark) {
        let key = if table.has("thousands") { "thousands" } else { "decimal_mark" };
        let help = "`thousands = \"\"` says that there is no mark between groups";
        table.mistake(key, "`thousands` and `decimal_mark` are the same mark", Some(help.into()));
    }
    written
}

/// What a column says, if its numbers are not as everybody's.
pub(super) fn of_column(table: &Section<'_>, kind: Option<ColumnType>, dataset: &Written) -> Option<Box<Written>> {
    let written = written(table, dataset);
    let (prefix, suffix) = (table.optional("prefix"), table.optional("suffix"));
    let written =
        Written { prefix: prefix.unwrap_or(written.prefix), suffix: suffix.unwrap_or(written.suffix), ..written };
    let kind = kind?;
    let decimal = matches!(kind, ColumnType::Decimal { .. });
    let number = decimal || matches!(kind, ColumnType::Integer | ColumnType::Float);
    for key in KEYS.iter().filter(|key| table.has(key)) {
        if *key == "digits" && !decimal {
            table.mistake(key, "`digits` is for decimals only", None);
        } else if !number {
            table.mistake(key, format!("`{key}` is for numbers only"), None);
        }
    }
    (number && written != Written::default()).then(|| Box::new(written))
}

/// One character that can stand in a number, or `otherwise`; none where an empty text says that there is no such mark.
fn mark(table: &Section<'_>, key: &str, otherwise: Option<char>) -> Option<char> {
    let Some(text) = table.optional::<&str>(key) else { return otherwise };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (None, _) if key == "thousands" => None,
        (Some(mark), None) if !mark.is_alphanumeric() && !['-', '+'].contains(&mark) => Some(mark),
        _ => {
            let help = Some("write \".\" or \",\", for example".to_owned());
            table.mistake(key, format!("`{key}` is one character, and no letter, digit or sign"), help);
            otherwise
        }
    }
}
