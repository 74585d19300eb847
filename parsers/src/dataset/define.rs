//! From the tables of the TOML file to a [`Dataset`].

use super::{Dataset, LongView, Mode, Publisher, columns, expect, identity, offer, source};
use crate::{DatasetName, Format, Schema, decode::Decoding, schema::is_column_name, section::Section};

const MODES: &[(&str, Mode)] = &[("replace", Mode::Replace), ("upsert", Mode::Upsert), ("append", Mode::Append)];

pub(super) fn dataset(root: &Section<'_>, name: DatasetName, text: &str) -> Option<Dataset> {
    let title = root.required("title");
    let description = root.required("description");
    let licence = root.required("licence");
    let mode = root.word("mode", MODES);
    let publisher = root.table("publisher").and_then(|table| publisher(&table));
    let decoding = root.optional_table("decode").map_or_else(|| Some(Decoding::default()), |t| Decoding::define(&t));
    let format = root.table("format").and_then(|table| Format::define(&table));
    let schema = columns::schema(root, decoding.as_ref(), format.as_ref());
    let zone = schema.as_ref().and_then(|schema| schema.clock.as_ref()).map(|clock| clock.zone.clone());
    let source = root.table("source").and_then(|table| source::source(&table, zone, mode, format.as_ref()));
    let expect = root.table("expect").and_then(|table| expect::expectations(&table, schema.as_ref()));
    let history = root.optional("history").unwrap_or(false);
    let long_view = root.optional_table("long_view").map(|table| long_view(&table, schema.as_ref()));
    let offer = offer::offer(root, schema.as_ref());
    Some(Dataset {
        name,
        title: title?,
        description: description?,
        publisher: publisher?,
        licence: licence?,
        source: source?,
        decoding: decoding?,
        format: format?,
        schema: schema?,
        mode: mode?,
        expect: expect?,
        long_view: long_view.map_or(Some(None), |view| view.map(Some))?,
        offer: offer?,
        history,
        hash: identity::of_rows(text),
        text_hash: identity::of_text(text),
        text: text.to_owned(),
        checks: Vec::new(),
    })
}

fn publisher(table: &Section<'_>) -> Option<Publisher> {
    let (name, page) = (table.required("name"), table.required("page"));
    Some(Publisher { name: name?, page: page? })
}

fn long_view(table: &Section<'_>, schema: Option<&Schema>) -> Option<LongView> {
    let name = table.parsed("name");
    let keep = table.required::<Vec<String>>("keep");
    let name_column = column_name(table, "name_column");
    let value_column = column_name(table, "value_column");
    let upper = table.optional("upper").unwrap_or(false);
    let comment = table.required("comment");
    for kept in keep.iter().flatten() {
        if schema.is_some_and(|schema| !schema.columns.iter().any(|column| column.name == *kept)) {
            table.mistake("keep", format!("the dataset has no column `{kept}`"), None);
        }
    }
    Some(LongView {
        name: name?,
        keep: keep?,
        name_column: name_column?,
        value_column: value_column?,
        upper,
        comment: comment?,
    })
}

fn column_name(table: &Section<'_>, key: &str) -> Option<String> {
    let name = table.required::<String>(key)?;
    let fits = is_column_name(&name);
    if !fits {
        table.mistake(key, format!("{name:?} cannot be a column's name"), Some(columns::NAMES.into()));
    }
    fits.then_some(name)
}
