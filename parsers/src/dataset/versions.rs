//! `[[version]]`: how other layouts of the file differ from what `[columns]` says.

use encoding_rs::Encoding;

use crate::{
    Column, Format,
    decode::encoding,
    schema::{Origin, Version, When},
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
    when: Option<When>,
    columns: Option<Vec<String>>,
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
        let when = table.optional_table("when").map(|when| self::when(&when));
        let columns = table.optional("names");
        Said { table, name, from: from.unwrap_or_default(), absent, ignore, charset, when, columns }
    };
    root.tables("version").into_iter().map(said).collect()
}

fn names(from: &Section<'_>) -> Vec<(String, String)> {
    let pair = |column: &str| Some((column.to_owned(), from.required::<&str>(column)?.trim().to_owned()));
    from.keys().into_iter().filter_map(pair).collect()
}

fn when(table: &Section<'_>) -> When {
    let when = When {
        fields: counted(table, "fields"),
        length: counted(table, "length"),
        begins: table.optional("begins"),
        line: counted(table, "line"),
    };
    if when.begins.as_ref().is_none_or(String::is_empty) && (when.line.is_some() || table.keys().is_empty()) {
        let help = "say `fields = 27`, `length = 168` or `begins = \"V2\"`".to_owned();
        table.mistake("", "this says nothing of what such files are like", Some(help));
    }
    when
}

/// A number of things that are there.
fn counted(table: &Section<'_>, key: &str) -> Option<usize> {
    let number = table.optional::<u64>(key)?;
    let good = usize::try_from(number).ok().filter(|number| (1..=1_000_000).contains(number));
    if good.is_none() {
        table.mistake(key, format!("`{key}` is 1 to 1000000"), None);
    }
    good
}

fn charset(table: &Section<'_>, label: &str) -> Option<&'static Encoding> {
    let found = encoding(label).filter(|charset| charset.is_ascii_compatible());
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
    let by_records = format.is_some_and(Format::is_told_by_records);
    if by_records {
        said.iter().for_each(told_by_records);
    } else {
        said.iter().for_each(told_by_names);
    }
    if !said.is_empty() && !by_records && format.is_some_and(|format| !format.has_names()) {
        let help = "say `may_be_absent = true` for what some documents lack";
        root.mistake("version", "versions are for lines, workbooks and XML", Some(help.into()));
    }
    let resolved = |said: &Said<'_>| {
        let version = resolve(said, columns, format);
        if let Some(format) = format.filter(|_| by_records) {
            format.check_version(&said.table, &version);
        }
        version
    };
    said.iter().map(resolved).collect()
}

fn told_by_records(said: &Said<'_>) {
    if said.when.is_none() {
        let help = "say what they are like: when = { fields = 27 }, { length = 168 } or { begins = \"V2\" }".to_owned();
        said.table.mistake("", "files without a header do not tell of which version they are", Some(help));
    }
}

fn told_by_names(said: &Said<'_>) {
    let keys = [("when", said.when.is_some()), ("names", said.columns.is_some())];
    for (key, _) in keys.iter().filter(|(_, said)| *said) {
        said.table.mistake(key, format!("`{key}` is for files that do not name their columns"), None);
    }
}

fn resolve(said: &Said<'_>, columns: &[&Column], format: Option<&Format>) -> Version {
    for name in said.from.iter().map(|(name, _)| name).chain(&said.absent) {
        if !columns.iter().any(|column| column.name == *name) {
            let near = nearest(name, columns.iter().map(|column| column.name.as_str()));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            said.table.mistake("", format!("there is no column `{name}`"), help);
        }
    }
    let is_document = format.is_some_and(|format| !format.has_header() && !format.is_told_by_records());
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
    Version { name, origins, ignore, charset: said.charset, when: said.when.clone(), names: said.columns.clone() }
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
