//! The form of a row, ready for its template.

mod widget;

use serde::Serialize;

use super::{
    complaint::Complaint,
    display,
    input::Input,
    lookup::Choice,
    shown::{Resource, Seen},
    sql::Row,
};
use crate::db::{
    AsyncPgConnection, DbResult,
    catalog::{Filled, Shape},
};

/// A form: groups of fields, and what is wrong with it.
#[derive(Debug, Serialize)]
pub(super) struct Form {
    pub(super) groups: Vec<FieldGroup>,
    pub(super) complaints: Vec<Told>,
    /// How many complaints.
    pub(super) count: usize,
    pub(super) version: Option<String>,
}

/// Fields under a title.
#[derive(Debug, Serialize)]
pub(super) struct FieldGroup {
    pub(super) title: Option<String>,
    pub(super) fields: Vec<Field>,
}

/// A complaint in the summary, with the field that it is about.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    pub(super) field: Option<String>,
    pub(super) label: Option<String>,
    pub(super) sentence: String,
    pub(super) other: Option<Choice>,
}

/// One field.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a template asks one at a time")]
pub(super) struct Field {
    /// `line`, `area`, `date`, `select`, `radio`, `link` or `fixed`.
    pub(super) widget: &'static str,
    pub(super) id: String,
    /// The column.
    pub(super) name: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
    pub(super) hint: Option<String>,
    pub(super) value: String,
    pub(super) before: String,
    pub(super) required: bool,
    pub(super) sensitive: bool,
    /// A sensitive field may be emptied only by saying so.
    pub(super) clearable: bool,
    pub(super) cleared: bool,
    pub(super) number: bool,
    pub(super) longest: Option<usize>,
    pub(super) lines: usize,
    pub(super) options: Vec<Opt>,
    pub(super) link: Option<LinkField>,
    pub(super) problems: Vec<Told>,
    pub(super) described: String,
}

/// A choice of a field.
#[derive(Debug, Serialize)]
pub(super) struct Opt {
    pub(super) id: String,
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// The part of a field that leads to another table.
#[derive(Debug, Serialize)]
pub(super) struct LinkField {
    /// What the table is called.
    pub(super) target: String,
    /// Where suggestions come from.
    pub(super) find: String,
    pub(super) sought: String,
    /// True once something was looked for.
    pub(super) looked: bool,
    pub(super) more: bool,
}

/// Fills a form in.
pub(super) async fn form(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    row: Option<&Row>,
    input: &Input,
    complaints: &[Complaint],
) -> DbResult<Form> {
    let told: Vec<Told> = complaints.iter().map(|complaint| tell(resource, complaint)).collect();
    let mut groups = Vec::new();
    for (title, columns) in grouped(resource) {
        let mut fields = Vec::new();
        for seen in columns {
            if let Some(field) = field(conn, resource, seen, row, input, complaints).await? {
                fields.push(field);
            }
        }
        if !fields.is_empty() {
            groups.push(FieldGroup { title, fields });
        }
    }
    Ok(Form { groups, count: told.len(), complaints: told, version: input.version.clone() })
}

/// One field of a link alone, for suggestions while typing.
pub(super) async fn single(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    at: usize,
    input: &Input,
) -> DbResult<Option<Field>> {
    let Some(seen) = resource.written(true).find(|seen| seen.at == at && resource.linked(at).is_some()) else {
        return Ok(None);
    };
    let mut field = blank(seen, input);
    field.required = resource.needed(at);
    widget::dress_link(conn, resource, seen, input, &mut field).await?;
    Ok(Some(field))
}

/// Columns under the titles of admin.toml; what is in no group comes last, what the database keeps at the very end.
pub(super) fn grouped(resource: Resource<'_>) -> Vec<(Option<String>, Vec<Seen<'_>>)> {
    let of = |columns: &[usize]| columns.iter().filter_map(|at| resource.seen(*at)).collect::<Vec<_>>();
    let mut groups: Vec<_> =
        resource.look.groups.iter().map(|(title, columns)| (Some(title.clone()), of(columns))).collect();
    let placed = |at: usize| resource.look.groups.iter().any(|(_, columns)| columns.contains(&at));
    let (counted, rest): (Vec<_>, Vec<_>) =
        resource.columns().filter(|seen| !placed(seen.at)).partition(|seen| kept_by_database(*seen));
    let title = |text: &str| (!groups.is_empty()).then(|| text.to_owned());
    let (rest_title, kept_title) = (title("More"), Some("Kept by the database".to_owned()));
    groups.push((rest_title, rest));
    groups.push((kept_title, counted));
    groups.retain(|(_, columns)| !columns.is_empty());
    groups
}

fn kept_by_database(seen: Seen<'_>) -> bool {
    seen.look.access == super::look::Access::Seen && seen.column.filled != Filled::Never
}

fn tell(resource: Resource<'_>, complaint: &Complaint) -> Told {
    let seen = complaint.at.and_then(|at| resource.seen(at));
    let other = complaint.other.as_ref();
    Told {
        field: seen.map(|seen| id(seen)),
        label: seen.map(|seen| seen.look.label.clone()),
        sentence: complaint.sentence.clone(),
        other: other.map(|other| Choice { value: other.href.clone(), name: other.name.clone() }),
    }
}

/// Column names may hold anything; places make safe ids.
pub(super) fn id(seen: Seen<'_>) -> String {
    format!("field-{}", seen.at)
}

async fn field(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    seen: Seen<'_>,
    row: Option<&Row>,
    input: &Input,
    complaints: &[Complaint],
) -> DbResult<Option<Field>> {
    let written = resource.written(row.is_none()).any(|written| written.at == seen.at);
    if !written {
        return Ok(row.map(|row| fixed(seen, row)));
    }
    let mut field = blank(seen, input);
    field.required = if row.is_none() {
        resource.needed(seen.at)
    } else {
        seen.column.not_null && !seen.look.sensitive && seen.column.filled == Filled::Never
    };
    field.hint = widget::hint(seen, row);
    field.clearable =
        seen.look.sensitive && row.is_some_and(|row| row.cell(seen.at).is_some()) && !seen.column.not_null;
    let own = complaints.iter().filter(|complaint| complaint.at == Some(seen.at));
    field.problems = own.map(|complaint| tell(resource, complaint)).collect();
    widget::dress(conn, resource, seen, input, &mut field).await?;
    let problem = (!field.problems.is_empty()).then(|| format!("{}-problem", field.id));
    let help = (field.help.is_some() || field.hint.is_some()).then(|| format!("{}-help", field.id));
    field.described = problem.into_iter().chain(help).collect::<Vec<_>>().join(" ");
    Ok(Some(field))
}

fn blank(seen: Seen<'_>, input: &Input) -> Field {
    Field {
        widget: "line",
        id: id(seen),
        name: seen.column.name.as_str().to_owned(),
        label: seen.look.label.clone(),
        help: seen.column.comment.clone(),
        hint: None,
        value: input.fields.get(&seen.at).cloned().unwrap_or_default(),
        before: input.before.get(&seen.at).cloned().unwrap_or_default(),
        required: false,
        sensitive: seen.look.sensitive,
        clearable: false,
        cleared: input.cleared.contains(&seen.at),
        number: matches!(seen.column.shape, Shape::Integer | Shape::Decimal(_)),
        longest: None,
        lines: 3,
        options: Vec::new(),
        link: None,
        problems: Vec::new(),
        described: String::new(),
    }
}

/// A value that is shown and not typed.
fn fixed(seen: Seen<'_>, row: &Row) -> Field {
    let mut field = blank(seen, &Input::default());
    field.widget = "fixed";
    let cell = display::in_full(seen, row);
    field.value = if cell.items.is_empty() { cell.text } else { cell.items.join(", ") };
    field
}
