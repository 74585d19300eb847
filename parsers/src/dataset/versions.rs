//! `[[version]]`: how other layouts of the file differ from what `[columns]` says.

use encoding_rs::Encoding;

use crate::{
    Column, Format,
    schema::{Origin, Version},
    section::{Section, nearest},
};

/// A version as it is written, before its columns are known.
pub(super) struct Said<'a> {
    table: Section<'a>,
    name: Option<String>,
    from: Vec<(String, String)>,
    absent: Vec<String>,
    ignore: Vec<String>,
    charset: Option<&'static Encoding>,
}

impl Said<'_> {
    /// Whether the version says where a column comes from.
    pub(super) fn names(&self, column: &str) -> bool {
        self.from.iter().any(|(name, _)| name == column)
    }
}

pub(super) fn said<'a>(root: &Section<'a>) -> Vec<Said<'a>> {
    let said = |table: Section<'a>| {
        let (name, from) = (table.required("name"), table.optional_table("from").map(|from| names(&from)));
        let absent = table.optional("absent").unwrap_or_default();
        let ignore = table.optional("ignore").unwrap_or_default();
        let charset = table.optional::<&str>("charset").and_then(|label| charset(&table, label));
        Said { table, name, from: from.unwrap_or_default(), absent, ignore, charset }
    };
    root.tables("version").into_iter().map(said).collect()
}

fn names(from: &Section<'_>) -> Vec<(String, String)> {
    let pair = |column: &str| Some((column.to_owned(), from.required::<&str>(column)?.trim().to_owned()));
    from.keys().into_iter().filter_map(pair).collect()
}

fn charset(table: &Section<'_>, label: &str) -> Option<&'static Encoding> {
    let found = Encoding::for_label(label.as_bytes()).filter(|charset| charset.is_ascii_compatible());
    if found.is_none() {
        let help = "use a WHATWG label such as utf-8, windows-1252 or iso-8859-2";
        table.mistake("charset", format!("{label:?} is no encoding that a version can have"), Some(help.into()));
    }
    found
}

pub(super) fn versions(
    root: &Section<'_>,
    said: &[Said<'_>],
    columns: &[&Column],
    format: Option<&Format>,
) -> Vec<Version> {
    if !said.is_empty() && format.is_some_and(|format| !format.has_names()) {
        let help = "say `may_be_absent = true` for what some documents lack";
        root.mistake("version", "versions are for files with a header, and for XML", Some(help.into()));
    }
    said.iter().map(|version| resolve(version, columns, format)).collect()
}

fn resolve(said: &Said<'_>, columns: &[&Column], format: Option<&Format>) -> Version {
    for name in said.from.iter().map(|(name, _)| name).chain(&said.absent) {
        if !columns.iter().any(|column| column.name == *name) {
            let near = nearest(name, columns.iter().map(|column| column.name.as_str()));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            said.table.mistake("", format!("there is no column `{name}`"), help);
        }
    }
    let is_document = format.is_some_and(|format| !format.has_header());
    if is_document && said.charset.is_some() {
        said.table.mistake("charset", "a document is decoded before its version is known: say it in [decode]", None);
    }
    for (_, path) in &said.from {
        if let Some(format) = format {
            format.check_path(path, |reason, help| said.table.mistake("from", reason, help));
        }
    }
    let origins = columns.iter().map(|column| origin(said, column, is_document)).collect();
    let (name, ignore) = (said.name.clone().unwrap_or_default(), said.ignore.clone());
    Version { name, origins, ignore, charset: said.charset }
}

fn origin(said: &Said<'_>, column: &Column, is_document: bool) -> Origin {
    let owner = column.name.split('.').next().unwrap_or_default();
    let absent = said.absent.iter().any(|name| *name == column.name || name == owner);
    let from = said.from.iter().find(|(name, _)| *name == column.name);
    if absent && column.required && owner == column.name {
        let message = format!("`{}` is required, so no version can lack it", column.name);
        said.table.mistake("absent", message, None);
    }
    if absent && from.is_some() {
        said.table.mistake("absent", format!("`{}` stands in `from`, too", column.name), None);
    }
    if (absent || from.is_some()) && matches!(column.origin, Origin::Name(_)) {
        let message = format!("`{}` comes from the file's name, which every version has", column.name);
        said.table.mistake("", message, None);
    }
    match (from, &column.origin) {
        // A name in a header tells a version, may the column be absent or not; a document is told by what is in it.
        (Some((_, name)), Origin::Sometimes(_)) if is_document => Origin::Sometimes(name.clone()),
        (Some((_, name)), _) => Origin::File(name.clone()),
        (None, _) if absent => Origin::Nowhere,
        (None, origin) => origin.clone(),
    }
}
