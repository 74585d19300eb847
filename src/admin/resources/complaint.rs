//! What is wrong with a form, in sentences that stand beside its fields.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind};

use super::{
    input::Change,
    shown::{Resource, Seen},
    sql::{self, Related},
    words,
};
use crate::db::{
    DbError,
    catalog::{Shape, Unique},
};

/// A rule that cannot be told by its name: it has none, or it is about what is hidden.
const RULE: &str = "The database refused this: it breaks a rule of the table that has no field of its own.";

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub(super) struct Complaint {
    /// The field that it stands at; none if it is about the row as a whole.
    pub(super) at: Option<usize>,
    pub(super) sentence: String,
    /// The record that is in the way.
    pub(super) other: Option<Related>,
}

impl Complaint {
    pub(super) fn new(at: usize, sentence: impl Into<String>) -> Self {
        Self { at: Some(at), sentence: sentence.into(), other: None }
    }

    /// A field that must not be empty.
    pub(super) fn empty(seen: Seen<'_>) -> Self {
        let choose = matches!(seen.column.shape, Shape::Enum(_) | Shape::Boolean);
        let verb = if choose { "Choose" } else { "Fill in" };
        Self::new(seen.at, format!("{verb} “{}”: it cannot be left empty.", seen.look.label))
    }

    /// A value that the column's type does not have.
    pub(super) fn no_such_value(seen: Seen<'_>) -> Self {
        let sentence = match &seen.column.shape {
            Shape::Integer => "Write a whole number, such as 42. Very large ones do not fit.".to_owned(),
            Shape::Decimal(_) => "Write a number, such as 1250.50, without commas or blanks.".to_owned(),
            Shape::Date => "Write a date as 2026-11-22: year, month, day.".to_owned(),
            Shape::Moment => "Write date, time and offset from UTC, such as 2026-10-25 02:30:00+02.".to_owned(),
            Shape::Json => "This is not JSON. Names and texts stand in double quotes: {\"paper\": false}.".to_owned(),
            Shape::Boolean => "Choose yes or no.".to_owned(),
            Shape::Enum(labels) => {
                let choices: Vec<_> = labels.iter().map(|label| words::choice(label)).collect();
                format!("Choose one of {}.", choices.join(", "))
            }
            Shape::Text(_) | Shape::Other if seen.column.type_name.ends_with("range") => {
                "Write a range as [first,end): both ends in brackets, parted by a comma.".to_owned()
            }
            Shape::Text(_) | Shape::Other if seen.column.type_name.ends_with("[]") => {
                "Write a list in braces: {first,\"second, with a comma\"}.".to_owned()
            }
            Shape::Text(_) | Shape::Other => format!("This cannot be read as {}.", seen.column.type_name),
        };
        Self::new(seen.at, sentence)
    }

    /// A condition of the table that does not hold.
    pub(super) fn of_check(resource: Resource<'_>, name: &str, changes: &[Change]) -> Option<Self> {
        let check = resource.table.checks.iter().find(|check| check.name == name)?;
        let secret = secret(resource, &check.columns);
        let named =
            || if secret { RULE.to_owned() } else { format!("This breaks the rule “{}”.", words::title(name)) };
        let sentence = sentence(resource, name, check.comment.as_deref()).unwrap_or_else(named);
        Some(Self { at: field(resource, &check.columns, changes), sentence, other: None })
    }

    /// A row that agrees with another where it must not.
    pub(super) fn of_unique(
        resource: Resource<'_>,
        unique: &Unique,
        changes: &[Change],
        other: Option<Related>,
    ) -> Self {
        let columns: Vec<usize> = unique.columns.iter().map(|(at, _)| *at).collect();
        let secret = secret(resource, &columns);
        let names = columns.iter().filter_map(|at| resource.seen(*at)).map(|seen| seen.look.label.as_str());
        let said = sentence(resource, &unique.name, unique.comment.as_deref()).unwrap_or_else(|| {
            let names = names.collect::<Vec<_>>().join(" and ");
            if secret {
                RULE.to_owned()
            } else if names.is_empty() {
                format!("This breaks the rule “{}”: another record is like it.", words::title(&unique.name))
            } else {
                format!("Another record has the same {names}.")
            }
        });
        Self { at: field(resource, &columns, changes), sentence: said, other: other.filter(|_| !secret) }
    }

    /// A link whose far end is not there.
    pub(super) fn of_link(resource: Resource<'_>, name: &str, changes: &[Change]) -> Option<Self> {
        let link = resource.table.links.iter().find(|link| link.name == name)?;
        let sentence = sentence(resource, name, link.comment.as_deref())
            .unwrap_or_else(|| "The record chosen here is no longer there. Choose another.".to_owned());
        Some(Self { at: field(resource, &link.columns, changes), sentence, other: None })
    }

    /// What the database said when it refused the row; none if that was no refusal.
    pub(super) fn of_error(resource: Resource<'_>, error: &DbError, changes: &[Change]) -> Option<Self> {
        let DbError::DatabaseError(kind, info) = error else { return None };
        let name = info.constraint_name().unwrap_or_default();
        let said = match kind {
            DatabaseErrorKind::NotNullViolation => not_null(resource, info.as_ref()),
            DatabaseErrorKind::CheckViolation => Self::of_check(resource, name, changes),
            DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ExclusionViolation => {
                let unique = resource.table.uniques.iter().find(|unique| unique.name == name);
                unique.map(|unique| Self::of_unique(resource, unique, changes, None))
            }
            DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => {
                Self::of_link(resource, name, changes).or_else(|| {
                    let sentence = "Other records refer to this one, so what they refer to cannot change.";
                    Some(Self { at: None, sentence: sentence.to_owned(), other: None })
                })
            }
            DatabaseErrorKind::Unknown if sql::refused(error) => None,
            _ => return None,
        };
        Some(said.unwrap_or_else(|| Self { at: None, sentence: RULE.to_owned(), other: None }))
    }
}

fn not_null(resource: Resource<'_>, info: &(dyn DatabaseErrorInformation + Send + Sync)) -> Option<Complaint> {
    resource.seen_by_name(info.column_name()?).map(Complaint::empty)
}

/// Whether a rule is about a column that is hidden: its name, and the record that is in the way, would tell of it.
fn secret(resource: Resource<'_>, columns: &[usize]) -> bool {
    columns.iter().any(|at| resource.seen(*at).is_none())
}

/// What admin.toml says about a constraint, else its COMMENT.
fn sentence(resource: Resource<'_>, name: &str, comment: Option<&str>) -> Option<String> {
    resource.look.messages.get(name).or(comment).map(str::to_owned)
}

/// The field to blame: the last changed one of the constraint's, else the first that stands in the form.
fn field(resource: Resource<'_>, columns: &[usize], changes: &[Change]) -> Option<usize> {
    let touched = columns.iter().rev().find(|at| changes.iter().any(|change| change.at == **at));
    touched.or_else(|| columns.iter().find(|at| resource.seen(**at).is_some())).copied()
}
