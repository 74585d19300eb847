//! What a person has typed into a form.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    shown::{Resource, Seen},
    sql::Row,
};
use crate::db::catalog::Filled;

/// The fields of a posted form, by column. Fields that the form does not have are not looked at.
#[derive(Debug, Default, Clone)]
pub(super) struct Input {
    /// `f.NAME`: what the field holds.
    pub(super) fields: BTreeMap<usize, String>,
    /// `b.NAME`: what it held when the form was shown.
    pub(super) before: BTreeMap<usize, String>,
    /// `q.NAME`: what is looked for in the table that a link leads to.
    pub(super) sought: BTreeMap<usize, String>,
    /// `c.NAME`: sensitive fields that are to be emptied.
    pub(super) cleared: BTreeSet<usize>,
    /// The row's version when the form was shown.
    pub(super) version: Option<String>,
    /// The column whose "Find" was pressed, if one was.
    pub(super) finding: Option<usize>,
}

/// A value that a column is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) at: usize,
    pub(super) value: New,
}

/// What it is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum New {
    /// What this text stands for.
    Text(String),
    /// Nothing.
    Null,
    /// Its DEFAULT, since it cannot be nothing and the field was emptied.
    Default,
}

impl Change {
    /// The text that the value is read from.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            New::Text(text) => Some(text),
            New::Null | New::Default => None,
        }
    }
}

impl Input {
    /// Takes what the form has for this resource out of what was sent.
    pub(super) fn read<'p>(resource: Resource<'_>, new: bool, sent: impl Iterator<Item = (&'p str, &'p str)>) -> Self {
        let mut input = Self::default();
        let written: BTreeMap<_, _> = resource.written(new).map(|seen| (seen.column.name.as_str(), seen.at)).collect();
        for (name, value) in sent {
            let field = name.get(2..).and_then(|column| written.get(column)).copied();
            match (name.get(..2), field, name) {
                (Some("f."), Some(at), _) => _ = input.fields.entry(at).or_insert_with(|| value.to_owned()),
                (Some("b."), Some(at), _) => _ = input.before.insert(at, value.to_owned()),
                (Some("q."), Some(at), _) => _ = input.sought.insert(at, value.to_owned()),
                (Some("c."), Some(at), _) => _ = input.cleared.insert(at),
                (.., "version") => input.version = Some(value.to_owned()),
                (.., "find") => input.finding = written.get(value).copied(),
                _ => {}
            }
        }
        input
    }

    /// What a form begins with: the row's own values. Sensitive fields begin empty.
    pub(super) fn of_row(resource: Resource<'_>, row: &Row) -> Self {
        let open = resource.written(false).filter(|seen| !seen.look.sensitive);
        let fields: BTreeMap<_, _> =
            open.map(|seen| (seen.at, row.cell(seen.at).unwrap_or_default().to_owned())).collect();
        Self { before: fields.clone(), fields, version: row.version.clone(), ..Self::default() }
    }

    /// What the row's columns are to become: only those whose field says something else than the row does.
    pub(super) fn changes(&self, resource: Resource<'_>, row: Option<&Row>) -> Vec<Change> {
        let change = |seen: Seen<'_>| {
            let typed = self.fields.get(&seen.at)?;
            let value = match row {
                None if typed.is_empty() => return None,
                None => New::Text(tidied(typed, "")),
                Some(row) => self.change(seen, typed, row.cell(seen.at))?,
            };
            Some(Change { at: seen.at, value })
        };
        resource.written(row.is_none()).filter_map(change).collect()
    }

    fn change(&self, seen: Seen<'_>, typed: &str, old: Option<&str>) -> Option<New> {
        let cleared = self.cleared.contains(&seen.at);
        let kept = seen.look.sensitive && typed.is_empty();
        if !cleared && (kept || same(typed, old.unwrap_or_default())) {
            return None;
        }
        Some(match &seen.column.filled {
            _ if !cleared && !typed.is_empty() => New::Text(tidied(typed, old.unwrap_or_default())),
            Filled::Default(_) if seen.column.not_null => New::Default,
            _ => New::Null,
        })
    }

    /// True if a person changed the field since the form was shown.
    pub(super) fn touched(&self, seen: Seen<'_>) -> bool {
        let (now, before) = (self.fields.get(&seen.at), self.before.get(&seen.at));
        let typed = now.is_some_and(|now| !now.is_empty());
        if seen.look.sensitive {
            return typed || self.cleared.contains(&seen.at);
        }
        now.zip(before).is_some_and(|(now, before)| !same(now, before))
    }
}

/// Browsers send every line break as CR LF, whatever the field was filled with.
pub(super) fn same(one: &str, other: &str) -> bool {
    one == other || unix(one) == unix(other)
}

/// What was typed, with the line breaks that the old value has.
fn tidied(typed: &str, old: &str) -> String {
    if old.contains("\r\n") { typed.to_owned() } else { unix(typed) }
}

fn unix(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_alone_are_no_change() {
        assert!(same("a\r\nb", "a\nb"));
        assert!(same("a\r\nb", "a\rb"));
        assert!(!same("a\r\nb", "a b"));
        assert_eq!(tidied("a\r\nb", "a\nc"), "a\nb");
        assert_eq!(tidied("a\r\nb", "a\r\nc"), "a\r\nb");
    }
}
