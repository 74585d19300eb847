//! Which field fits a column's values, and what stands in it.

use super::{Field, LinkField, Opt, Resource, Seen};
use crate::{
    admin::resources::{
        input::Input,
        lookup::{self, Choice},
        sql::Row,
        words,
    },
    db::{
        AsyncPgConnection, DbResult,
        catalog::{Filled, Shape},
    },
};

/// Choices up to so many are radio buttons.
const RADIOS: usize = 4;
/// Text that may be longer than this gets a field of several lines.
const ONE_LINE: usize = 200;

/// What happens when the field stays empty, or what it holds now.
pub(super) fn hint(seen: Seen<'_>, row: Option<&Row>) -> Option<String> {
    match (row, &seen.column.filled) {
        (Some(row), _) if seen.look.sensitive => {
            let now = row.cell(seen.at).map(words::masked);
            now.map(|now| format!("Now {now}. Leave the field empty to keep it."))
        }
        (None, Filled::Default(expression)) if usual(seen).is_none() => {
            Some(format!("Left empty, it becomes {}.", default(expression)))
        }
        _ => None,
    }
}

/// A DEFAULT as people would say it.
fn default(expression: &str) -> String {
    match (literal(expression), expression) {
        (Some(""), _) => "empty text".to_owned(),
        (Some("{}"), _) => "an empty list".to_owned(),
        (Some(literal), _) => words::choice(literal),
        (_, "CURRENT_DATE") => "today".to_owned(),
        (_, "now()" | "CURRENT_TIMESTAMP") => "this moment".to_owned(),
        (_, "true") => "yes".to_owned(),
        (_, "false") => "no".to_owned(),
        (_, number) if number.parse::<f64>().is_ok() => number.to_owned(),
        _ => "what the database decides".to_owned(),
    }
}

/// Chooses the widget for a column's values.
pub(super) async fn dress(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    seen: Seen<'_>,
    input: &Input,
    field: &mut Field,
) -> DbResult<()> {
    if resource.linked(seen.at).is_some() {
        return dress_link(conn, resource, seen, input, field).await;
    }
    match &seen.column.shape {
        Shape::Enum(labels) => {
            let labelled: Vec<_> = labels.iter().map(|label| (label.clone(), words::choice(label))).collect();
            choose(field, &labelled, seen);
        }
        Shape::Boolean => choose(field, &[("true".into(), "Yes".into()), ("false".into(), "No".into())], seen),
        Shape::Date if field.value.is_empty() || plain_date(&field.value) => field.widget = "date",
        Shape::Text(longest) => {
            field.longest = *longest;
            let lined = [&field.value, &field.before].iter().any(|text| text.contains(['\n', '\r']));
            let long = field.value.chars().count() > ONE_LINE || longest.is_some_and(|longest| longest > ONE_LINE);
            if lined || long || longest.is_none() && wordy(seen) {
                field.widget = "area";
                field.lines = field.value.lines().count().clamp(3, 12);
            }
        }
        Shape::Json | Shape::Other if field.value.contains('\n') || field.value.len() > ONE_LINE / 2 => {
            field.widget = "area";
        }
        _ => {}
    }
    Ok(())
}

/// Text without a limit is long only where its name says so.
fn wordy(seen: Seen<'_>) -> bool {
    let name = seen.column.name.as_str();
    ["note", "comment", "remark", "description", "text", "body"].iter().any(|word| name.contains(word))
}

fn plain_date(value: &str) -> bool {
    value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok()
}

/// A column that is never empty and has a usual choice begins with that; any other has a choice for nothing. So has a
/// sensitive one: its form does not say what it holds, and nothing chosen keeps it.
fn choose(field: &mut Field, labelled: &[(String, String)], seen: Seen<'_>) {
    let usual = usual(seen);
    if let Some(usual) = usual.clone().filter(|_| field.value.is_empty()) {
        field.value = usual;
    }
    let nothing = (usual.is_none() && !field.required).then(|| (String::new(), "Not given".to_owned()));
    let all = nothing.iter().chain(labelled);
    let option = |(place, (text, label)): (usize, &(String, String))| Opt {
        id: if place == 0 { field.id.clone() } else { format!("{}-{place}", field.id) },
        value: text.clone(),
        label: label.clone(),
        chosen: *text == field.value,
    };
    field.options = all.enumerate().map(option).collect();
    field.widget = if field.options.len() <= RADIOS + 1 { "radio" } else { "select" };
}

/// The choice that a column without one gets from its DEFAULT.
fn usual(seen: Seen<'_>) -> Option<String> {
    let Filled::Default(expression) = &seen.column.filled else { return None };
    if seen.look.sensitive {
        return None;
    }
    match &seen.column.shape {
        Shape::Enum(labels) => {
            let literal = literal(expression)?;
            labels.iter().find(|label| *label == literal && seen.column.not_null).cloned()
        }
        Shape::Boolean if seen.column.not_null => Some(expression.clone()).filter(|e| e == "true" || e == "false"),
        _ => None,
    }
}

/// The text of a constant such as `'household'::customer_kind`.
fn literal(expression: &str) -> Option<&str> {
    expression.strip_prefix('\'').and_then(|rest| rest.split_once('\'')).map(|(literal, _)| literal)
}

/// Few rows are a list; many are searched, and what is found stands as radio buttons beside the present choice.
pub(super) async fn dress_link(
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    seen: Seen<'_>,
    input: &Input,
    field: &mut Field,
) -> DbResult<()> {
    let Some((link, target)) = resource.linked(seen.at) else { return Ok(()) };
    let (held, present) = match field.value.as_str() {
        "" => (None, None),
        value => present(lookup::one(conn, link, target, value).await?, value),
    };
    if let Some(all) = lookup::all(conn, link, target).await? {
        field.widget = "select";
        let none = Choice { value: String::new(), name: "None".to_owned() };
        let all = all.into_iter().filter(|choice| held.as_ref() != Some(&choice.value));
        let choices: Vec<Choice> = std::iter::once(none).chain(present).chain(all).collect();
        field.options = options(&choices, field);
        return Ok(());
    }
    let sought = input.sought.get(&seen.at).cloned().unwrap_or_default();
    let looked = input.finding == Some(seen.at) || !sought.is_empty();
    let (found, more) = if looked { lookup::search(conn, link, target, &sought).await? } else { (Vec::new(), false) };
    let found = found.into_iter().filter(|choice| held.as_ref() != Some(&choice.value));
    let none = (!field.required || present.is_none()).then(|| Choice { value: String::new(), name: "None".to_owned() });
    let choices: Vec<Choice> = present.iter().cloned().chain(none).chain(found).collect();
    field.options = options(&choices, field);
    field.widget = "link";
    let find = format!("{}/find/{}", resource.href(), seen.at);
    field.link = Some(LinkField { target: target.look.title.clone(), find, sought, looked, more });
    Ok(())
}

/// What the other end calls itself, and the present choice with the value as it is written here: `1.0` leads to `1`,
/// and a save without a change must write neither.
fn present(found: Option<Choice>, value: &str) -> (Option<String>, Option<Choice>) {
    let (held, name) = match found {
        Some(found) => (Some(found.value), found.name),
        None => (None, "A record that is no longer there".to_owned()),
    };
    (held, Some(Choice { value: value.to_owned(), name }))
}

/// Choices as the options of a field.
fn options(choices: &[Choice], field: &Field) -> Vec<Opt> {
    let option = |(place, choice): (usize, &Choice)| Opt {
        id: if place == 0 { field.id.clone() } else { format!("{}-{place}", field.id) },
        value: choice.value.clone(),
        label: choice.name.clone(),
        chosen: choice.value == field.value,
    };
    choices.iter().enumerate().map(option).collect()
}
