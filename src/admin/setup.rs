//! admin.toml: which tables staff may see, and how they look.

mod label;
mod verify;

use std::{collections::BTreeMap, ops::Range, path::Path};

use parsers::{Diagnostic, section, section::Section};

use crate::config::Home;

pub use label::{Label, Part};

/// The file's name in messages.
const FILE: &str = "admin.toml";

/// What admin.toml says. A table that it does not name does not exist for the admin site.
#[derive(Debug, Default)]
pub struct Setup {
    /// In the order of the file, which is that of the menu.
    pub tables: Vec<TableSetup>,
}

/// One `[[table]]`.
#[derive(Debug)]
pub struct TableSetup {
    /// Where it stands; `public` if the file is silent.
    pub schema: String,
    /// Its name there.
    pub name: String,
    /// How the table is called on pages; made from the name if the file is silent.
    pub title: Option<String>,
    /// How one of its rows is called.
    pub singular: Option<String>,
    /// What names a row to people.
    pub label: Option<Label>,
    /// Columns of the list.
    pub list: Names,
    /// Columns that the search box looks into; of a link, what names the row that it leads to.
    pub search: Names,
    /// Columns that are nowhere.
    pub hidden: Names,
    /// Columns that are shown and not written.
    pub read_only: Names,
    /// Columns that are shown masked, and recorded in the audit only as changed.
    pub sensitive: Names,
    /// How columns are called on pages, where that is not their name.
    pub labels: Words,
    /// Sentences for constraints, by their names.
    pub messages: Words,
    /// Fields that stand together.
    pub groups: Vec<Group>,
    /// Where the table's name stands in the file.
    pub(super) span: Option<Range<usize>>,
}

/// Names of columns, and where the file lists them.
#[derive(Debug, Default, Clone)]
pub struct Names {
    /// The names.
    pub names: Vec<String>,
    pub(super) span: Option<Range<usize>>,
}

/// Texts by name, and where the file gives each.
#[derive(Debug, Default, Clone)]
pub struct Words {
    words: BTreeMap<String, (String, Option<Range<usize>>)>,
}

impl Words {
    /// The text for a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.words.get(name).map(|(text, _)| text.as_str())
    }
}

/// Fields that stand together under a title.
#[derive(Debug)]
pub struct Group {
    /// Its title.
    pub title: String,
    /// Its columns.
    pub columns: Names,
}

impl Setup {
    /// Reads admin.toml. A home folder without one shows no tables.
    pub fn load(home: &Home) -> (Self, Vec<Diagnostic>) {
        match read(&home.admin()) {
            Ok(Some(text)) => Self::parse(&text),
            Ok(None) => (Self::default(), Vec::new()),
            Err(error) => {
                let message = format!("cannot be read: {error}");
                (Self::default(), vec![Diagnostic { file: FILE.to_owned(), span: None, message, help: None }])
            }
        }
    }

    /// Reads the text of an admin.toml: what is right in it, and all that is wrong.
    pub fn parse(text: &str) -> (Self, Vec<Diagnostic>) {
        let (tables, mut mistakes) = section::read(FILE, text, |file| {
            Some(file.tables("table").iter().filter_map(TableSetup::read).collect::<Vec<_>>())
        });
        let setup = Self { tables: tables.unwrap_or_default() };
        mistakes.extend(setup.twice());
        (setup, mistakes)
    }

    /// Schema and name of each table, for the catalogue.
    pub fn names(&self) -> Vec<(String, String)> {
        self.tables.iter().map(|table| (table.schema.clone(), table.name.clone())).collect()
    }

    fn twice(&self) -> Vec<Diagnostic> {
        let again = |(at, table): (usize, &TableSetup)| {
            let before = self.tables.iter().take(at);
            let same = |other: &TableSetup| (&other.schema, &other.name) == (&table.schema, &table.name);
            let message = format!("the table {}.{} is named twice", table.schema, table.name);
            before.into_iter().any(same).then(|| table.mistake(table.span.clone(), message, None))
        };
        self.tables.iter().enumerate().filter_map(again).collect()
    }
}

fn read(path: &Path) -> std::io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl TableSetup {
    fn read(table: &Section<'_>) -> Option<Self> {
        let name = table.required("name");
        let setup = Self {
            schema: table.optional("schema").unwrap_or_else(|| "public".to_owned()),
            name: String::new(),
            title: table.optional("title"),
            singular: table.optional("singular"),
            label: table.optional_parsed("label"),
            list: names(table, "list"),
            search: names(table, "search"),
            hidden: names(table, "hidden"),
            read_only: names(table, "read_only"),
            sensitive: names(table, "sensitive"),
            labels: words(table, "labels"),
            messages: words(table, "messages"),
            groups: table.tables("group").iter().filter_map(group).collect(),
            span: table.span("name"),
        };
        Some(Self { name: name?, ..setup })
    }

    fn mistake(&self, span: Option<Range<usize>>, message: String, help: Option<String>) -> Diagnostic {
        Diagnostic { file: FILE.to_owned(), span: span.or_else(|| self.span.clone()), message, help }
    }
}

fn names(table: &Section<'_>, key: &str) -> Names {
    let names: Option<Vec<String>> = table.optional(key);
    Names { span: names.as_ref().and_then(|_| table.span(key)), names: names.unwrap_or_default() }
}

fn words(table: &Section<'_>, key: &str) -> Words {
    let Some(section) = table.optional_table(key) else { return Words::default() };
    let word = |name: &str| Some((name.to_owned(), (section.required::<String>(name)?, section.span(name))));
    Words { words: section.keys().into_iter().filter_map(word).collect() }
}

fn group(section: &Section<'_>) -> Option<Group> {
    let (title, columns) = (section.required("title"), section.required::<Vec<String>>("columns"));
    Some(Group { title: title?, columns: Names { names: columns?, span: section.span("columns") } })
}

#[cfg(test)]
mod tests;
