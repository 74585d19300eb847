//! admin.toml held against the catalogue: what it names must be there.

use parsers::{Diagnostic, section::nearest};

use super::{Names, Setup, TableSetup, Words};
use crate::db::catalog::{Catalog, Table};

impl Setup {
    /// Everything that the file names and the database does not have, and what cannot go together.
    pub fn verify(&self, catalog: &Catalog) -> Vec<Diagnostic> {
        self.tables.iter().flat_map(|table| table.verify(catalog)).collect()
    }
}

impl TableSetup {
    /// What the file says of this table and the database does not have.
    pub(in crate::admin) fn verify(&self, catalog: &Catalog) -> Vec<Diagnostic> {
        let Some(table) = catalog.table(&self.schema, &self.name) else {
            let message = format!("the database has no table {}.{} that this account may read", self.schema, self.name);
            let help = "look for a slip of the keys, or say in which `schema` it stands".to_owned();
            return vec![self.mistake(self.span.clone(), message, Some(help))];
        };
        let lists = [&self.list, &self.search, &self.hidden, &self.read_only, &self.sensitive];
        let in_groups = self.groups.iter().map(|group| &group.columns);
        let mut found: Vec<_> =
            lists.into_iter().chain(in_groups).flat_map(|names| self.unknown(table, names)).collect();
        if let Some(label) = &self.label {
            let names = Names { names: label.columns().map(str::to_owned).collect(), span: None };
            found.extend(self.unknown(table, &names));
            found.extend(self.clash(&names.names, &self.hidden, "names a row and cannot be hidden"));
            found.extend(self.clash(&names.names, &self.sensitive, "is sensitive and cannot name a row"));
        }
        let key: Vec<_> = table.key_columns().map(|column| column.name.as_str().to_owned()).collect();
        found.extend(self.clash(&key, &self.hidden, "belongs to the key and cannot be hidden"));
        found.extend(self.clash(
            &key,
            &self.sensitive,
            "belongs to the key, stands in addresses and cannot be sensitive",
        ));
        found.extend(self.clash(
            &self.search.names,
            &self.sensitive,
            "is sensitive: searching would tell what it holds",
        ));
        found.extend(self.clash(&self.search.names, &self.hidden, "is hidden: searching would tell what it holds"));
        found.extend(self.unknown_words(
            &self.labels,
            &table.columns.iter().map(|column| column.name.as_str()),
            "column",
        ));
        found.extend(self.unknown_words(&self.messages, &constraints(table), "constraint"));
        found
    }

    fn unknown(&self, table: &Table, names: &Names) -> Vec<Diagnostic> {
        let columns = || table.columns.iter().map(|column| column.name.as_str());
        let missing = names.names.iter().filter(|name| table.column(name).is_none());
        let tell = |name: &String| {
            let message = format!("{} has no column {name:?}", table.full_name());
            let help = match nearest(name, columns()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("it has {}", columns().collect::<Vec<_>>().join(", ")),
            };
            self.mistake(names.span.clone(), message, Some(help))
        };
        missing.map(tell).collect()
    }

    fn clash(&self, names: &[String], others: &Names, why: &str) -> Vec<Diagnostic> {
        let both = names.iter().filter(|name| others.names.contains(name));
        both.map(|name| self.mistake(others.span.clone(), format!("{name:?} {why}"), None)).collect()
    }

    fn unknown_words<'a>(
        &self,
        words: &Words,
        known: &(impl Iterator<Item = &'a str> + Clone),
        what: &str,
    ) -> Vec<Diagnostic> {
        let missing = words.words.iter().filter(|(name, _)| !known.clone().any(|known| known == name.as_str()));
        let tell = |(name, (_, span)): (&String, &(String, _))| {
            let message = format!("{}.{} has no {what} {name:?}", self.schema, self.name);
            let help = nearest(name, known.clone()).map(|near| format!("did you mean {near:?}?"));
            self.mistake(Option::clone(span), message, help)
        };
        missing.map(tell).collect()
    }
}

fn constraints(table: &Table) -> impl Iterator<Item = &str> + Clone {
    let checks = table.checks.iter().map(|check| check.name.as_str());
    let uniques = table.uniques.iter().map(|unique| unique.name.as_str());
    checks.chain(uniques).chain(table.links.iter().map(|link| link.name.as_str()))
}
