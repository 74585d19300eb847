//! Two people have changed the same record: what each of them did, field by field.

use serde::Serialize;

use super::{
    display,
    input::{Input, same},
    shown::{Resource, Seen},
    sql::Row,
};

/// A field that the other person changed, or both did.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Field {
    pub(super) label: String,
    pub(super) before: String,
    pub(super) theirs: String,
    pub(super) mine: String,
    /// True where both changed it, to different values: the form holds mine.
    pub(super) both: bool,
}

/// The form to go on with, and what the person should look at. Where only the other one changed a field, the form takes
/// over their value; where only this one did, it keeps that; where both did, it keeps this one's and says so.
pub(super) fn merge(resource: Resource<'_>, row: &Row, input: &Input) -> (Input, Vec<Field>) {
    let now = Input::of_row(resource, row);
    let mut merged = Input { cleared: input.cleared.clone(), sought: input.sought.clone(), ..now };
    let mut fields = Vec::new();
    for seen in resource.written(false) {
        let touched = input.touched(seen);
        fields.extend(told(seen, row, input, touched));
        if let Some(mine) = input.fields.get(&seen.at).filter(|_| touched) {
            merged.fields.insert(seen.at, mine.clone());
        }
    }
    (merged, fields)
}

fn told(seen: Seen<'_>, row: &Row, input: &Input, touched: bool) -> Option<Field> {
    let theirs = row.cell(seen.at).unwrap_or_default();
    let mine = input.fields.get(&seen.at).map_or("", String::as_str);
    if seen.look.sensitive {
        let said = |value: &str| if value.is_empty() { String::new() } else { display::read(seen, value) };
        return touched.then(|| Field {
            label: seen.look.label.clone(),
            before: "hidden".to_owned(),
            theirs: said(theirs),
            mine: said(mine),
            both: true,
        });
    }
    let before = input.before.get(&seen.at)?;
    if same(before, theirs) {
        return None;
    }
    let said = |value: &str| if value.is_empty() { "nothing".to_owned() } else { display::read(seen, value) };
    Some(Field {
        label: seen.look.label.clone(),
        before: said(before),
        theirs: said(theirs),
        mine: if touched { said(mine) } else { said(before) },
        both: touched && !same(mine, theirs),
    })
}
