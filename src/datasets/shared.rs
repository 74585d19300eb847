//! Datasets that read the files of another: `source = { same_as = "other" }`.

use std::{collections::BTreeMap, sync::Arc};

use parsers::{Dataset, DatasetName, Diagnostic, dataset::Mode};

use super::{Datasets, whole};

impl Datasets {
    /// Gives each of them the source of the one that fetches, and that one the names of its readers.
    pub(super) fn share_sources(&mut self, mistakes: &mut Vec<Diagnostic>) {
        let mut broken = Vec::new();
        let mut readers: BTreeMap<DatasetName, Vec<DatasetName>> = BTreeMap::new();
        for dataset in self.good.values() {
            let Some(other) = &dataset.source.same_as else { continue };
            match self.mistake(dataset, other) {
                None => readers.entry(other.clone()).or_default().push(dataset.name.clone()),
                Some(message) => {
                    mistakes.push(whole(&format!("parsers/datasets/{}.toml", dataset.name), message));
                    broken.push(dataset.name.clone());
                }
            }
        }
        self.turn_off(broken);
        for (other, read_by) in readers {
            let Some(source) = self.good.get(&other).map(|dataset| dataset.source.clone()) else { continue };
            for reader in &read_by {
                if let Some(reader) = self.good.get_mut(reader) {
                    let same_as = Some(other.clone());
                    Arc::make_mut(reader).source = parsers::dataset::Source { same_as, ..source.clone() };
                }
            }
            if let Some(dataset) = self.good.get_mut(&other) {
                Arc::make_mut(dataset).source.read_by = read_by;
            }
        }
    }

    fn mistake(&self, dataset: &Dataset, other: &DatasetName) -> Option<String> {
        if *other == dataset.name {
            return Some(format!("[source] is the same as that of `{other}`, which is this dataset: name another one"));
        }
        let Some(source) = self.good.get(other).map(|found| &found.source) else {
            return Some(format!("[source] is the same as that of `{other}`, and there is no such dataset"));
        };
        if let Some(third) = &source.same_as {
            return Some(format!(
                "[source] is the same as that of `{other}`, which reads the files of `{third}`: name the dataset that \
                 fetches them"
            ));
        }
        let in_pieces = source.dated.is_some() || source.way.is_piecemeal();
        (in_pieces && dataset.mode == Mode::Replace).then(|| {
            format!(
                "a file of `{other}` is not all that there is, and the mode \"replace\" would remove the rest: use \
                 \"upsert\" or \"append\""
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Home;

    const GOV: &str = include_str!("../../parsers/datasets/us_gov_domains.toml");

    fn load(sources: &[(&str, &str)]) -> (Datasets, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(Some(folder.path()));
        std::fs::create_dir_all(home.datasets()).unwrap();
        for (name, source) in sources {
            let (before, after) = GOV.split_once("[source]\n").unwrap();
            let text = format!("{before}[source]\n{source}\n[{}", after.split_once("\n[").unwrap().1);
            std::fs::write(home.datasets().join(format!("{name}.toml")), text).unwrap();
        }
        let (datasets, mistakes) = Datasets::load(&home);
        (datasets, mistakes.into_iter().map(|mistake| format!("{}: {}", mistake.file, mistake.message)).collect())
    }

    #[test]
    fn the_readers_of_a_file_know_where_it_comes_from_and_it_knows_them() {
        let url = "url = 'https://x.example/all.csv'";
        let (datasets, mistakes) = load(&[("a", "same_as = 'b'"), ("b", url), ("c", "same_as = 'b'")]);
        assert_eq!(mistakes, [""; 0]);
        let source = |name: &str| &datasets.get(&name.parse().unwrap()).unwrap().source;
        assert_eq!((source("a").url.as_str(), source("c").read_by.len()), ("https://x.example/all.csv", 0));
        assert_eq!(source("b").read_by, ["a".parse().unwrap(), "c".parse().unwrap()]);
    }

    #[test]
    fn circles_chains_and_unknown_names_are_mistakes() {
        let (datasets, mistakes) = load(&[
            ("a", "same_as = 'b'"),
            ("b", "same_as = 'a'"),
            ("c", "same_as = 'c'"),
            ("d", "same_as = 'nobody'"),
            ("e", "url = 'https://x.example/'"),
        ]);
        let told = mistakes.join("\n");
        assert_eq!((mistakes.len(), datasets.iter().count()), (4, 1), "{told}");
        let chain = "a.toml: [source] is the same as that of `b`, which reads the files of `a`";
        for part in [chain, "which is this dataset", "`nobody`, and there is no such dataset"] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}
