//! Values as people read them.

use serde::Serialize;

use super::{shown::Seen, sql::Row, words};
use crate::{db::catalog::Shape, view};

/// Signs of a text that a list shows.
const SHORT: usize = 80;

/// A value on a page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Cell {
    /// What the column is called.
    pub(super) label: String,
    /// The value; empty where there is none.
    pub(super) text: String,
    /// The record that it leads to.
    pub(super) href: Option<String>,
    /// `number`, `choice`, `code` or `text`: how it is set.
    pub(super) kind: &'static str,
    /// The several values of a list.
    pub(super) items: Vec<String>,
    /// True where the value is NULL.
    pub(super) empty: bool,
}

/// A cell of a list: in short.
pub(super) fn in_list(seen: Seen<'_>, row: &Row) -> Cell {
    let mut cell = in_full(seen, row);
    if seen.column.shape == Shape::Moment {
        cell.text = cell.text.get(..16).unwrap_or(&cell.text).to_owned();
    }
    if cell.text.chars().count() > SHORT {
        cell.text = cell.text.chars().take(SHORT).chain(['…']).collect();
    }
    cell
}

/// A value on a record's own page: all of it, unless it is sensitive.
pub(super) fn in_full(seen: Seen<'_>, row: &Row) -> Cell {
    let value = row.cell(seen.at);
    let mut cell = Cell {
        label: seen.look.label.clone(),
        text: value.map(|value| read(seen, value)).unwrap_or_default(),
        href: None,
        kind: kind(seen),
        items: Vec::new(),
        empty: value.is_none(),
    };
    if seen.column.type_name.ends_with("[]")
        && let Some(items) = value.filter(|_| !seen.look.sensitive).and_then(elements)
    {
        (cell.text, cell.items) = (String::new(), items);
    }
    if let Some(related) = row.related.get(&seen.at) {
        (cell.text, cell.href, cell.kind) = (related.name.clone(), Some(related.href.clone()), "text");
    }
    cell
}

/// A value in words, as conflict pages and histories show it too.
pub(super) fn read(seen: Seen<'_>, value: &str) -> String {
    if seen.look.sensitive {
        return words::masked(value);
    }
    match &seen.column.shape {
        Shape::Boolean => if value == "true" { "Yes" } else { "No" }.to_owned(),
        Shape::Enum(_) => words::choice(value),
        Shape::Decimal(_) => view::number(value),
        Shape::Moment => value.strip_suffix("+00").map_or_else(|| value.to_owned(), |utc| format!("{utc} UTC")),
        _ if seen.column.type_name.ends_with("range") => range(value),
        _ => value.to_owned(),
    }
}

fn kind(seen: Seen<'_>) -> &'static str {
    match seen.column.shape {
        _ if seen.look.leads => "text",
        Shape::Decimal(_) | Shape::Integer => "number",
        Shape::Enum(_) => "choice",
        Shape::Json => "code",
        _ => "text",
    }
}

/// `[a,b)` as "a up to b", `[a,)` as "from a".
fn range(value: &str) -> String {
    let inner = value.strip_prefix(['[', '(']).and_then(|rest| rest.strip_suffix([']', ')']));
    let ends = inner.and_then(|inner| inner.split_once(',')).filter(|_| !value.contains('"'));
    match ends {
        Some((first, "")) if !first.is_empty() => format!("from {first}"),
        Some(("", last)) if !last.is_empty() => format!("up to {last}"),
        Some((first, last)) if !last.contains(',') && !first.is_empty() => format!("{first} up to {last}"),
        _ => value.to_owned(),
    }
}

/// The elements of a list with one dimension; none for any other array.
fn elements(array: &str) -> Option<Vec<String>> {
    let inner = array.strip_prefix('{')?.strip_suffix('}')?;
    let (mut items, mut item, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            '\\' => item.push(letters.next()?),
            ',' if !quoted => items.push(std::mem::take(&mut item)),
            '{' | '}' if !quoted => return None,
            _ => item.push(letter),
        }
    }
    if !inner.is_empty() {
        items.push(item);
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_said_in_words() {
        assert_eq!(range("[2024-04-01,)"), "from 2024-04-01");
        assert_eq!(range("[2024-04-01,2025-04-01)"), "2024-04-01 up to 2025-04-01");
        assert_eq!(range("(,5)"), "up to 5");
        assert_eq!(range("empty"), "empty");
        assert_eq!(range("(,)"), "(,)");
    }

    #[test]
    fn lists_fall_into_their_elements() {
        assert_eq!(elements("{}"), Some(vec![]));
        assert_eq!(elements(r#"{"a,b",c,"d\"e"}"#), Some(vec!["a,b".to_owned(), "c".into(), "d\"e".into()]));
        assert_eq!(elements("{{1},{2}}"), None);
        assert_eq!(elements("[0:1]={1,2}"), None);
    }
}
