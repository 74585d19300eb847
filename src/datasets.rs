//! The dataset definitions of the home folder: `parsers/datasets/*.toml`, read once at start.

mod authority;
mod how;
mod off;
mod shared;

use std::{collections::BTreeMap, fs, io, path::Path, sync::Arc};

use parsers::{Dataset, DatasetName, Diagnostic, dataset::Check};

use crate::config::Home;
use authority::with_authority;

mod shown;

pub use how::{first_request, how};
pub use off::Off;
pub use shown::{shown_page, shown_source};

/// All definitions that could be read, and the names of those that could not.
#[derive(Debug, Clone, Default)]
pub struct Datasets {
    good: BTreeMap<DatasetName, Arc<Dataset>>,
    broken: Vec<String>,
}

impl Datasets {
    /// Reads every definition of the home folder. A bad file is off, with all its mistakes; the others run.
    pub fn load(home: &Home) -> (Self, Vec<Diagnostic>) {
        let folder = home.datasets();
        let mut datasets = Self::default();
        let mut mistakes = Vec::new();
        match stems(&folder, "toml") {
            Ok(stems) => stems.into_iter().for_each(|stem| datasets.read(&folder, stem, &mut mistakes)),
            Err(error) => mistakes.push(whole("parsers/datasets", format!("the folder cannot be read: {error}"))),
        }
        datasets.refuse_shared_names(&mut mistakes);
        datasets.refuse_unknown_others(&mut mistakes);
        datasets.share_sources(&mut mistakes);
        (datasets, mistakes)
    }

    /// The dataset of this name, if its definition could be read.
    pub fn get(&self, name: &DatasetName) -> Option<&Arc<Dataset>> {
        self.good.get(name)
    }

    /// All datasets whose definitions could be read, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Dataset>> {
        self.good.values()
    }

    /// Why a dataset needs no schedule, if it needs none.
    pub fn is_set_off(&self, name: &DatasetName) -> Option<String> {
        let other = self.get(name)?.source.same_as.as_ref()?;
        Some(format!("{name} reads the files of {other}, and is loaded whenever {other} has fetched them"))
    }

    /// Stems of the files that could not be read as definitions.
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    fn read(&mut self, folder: &Path, stem: String, mistakes: &mut Vec<Diagnostic>) {
        let file = format!("parsers/datasets/{stem}.toml");
        let read = fs::read_to_string(folder.join(format!("{stem}.toml")));
        let dataset = match (stem.parse::<DatasetName>(), read) {
            (Ok(name), Ok(text)) => Dataset::parse(&file, name, &text)
                .and_then(|dataset| with_checks(folder, dataset))
                .and_then(|dataset| with_authority(folder, dataset)),
            (Err(error), _) => Err(vec![whole(&file, error.to_string())]),
            (_, Err(error)) => Err(vec![whole(&file, format!("the file cannot be read: {error}"))]),
        };
        match dataset {
            Ok(dataset) => drop(self.good.insert(dataset.name.clone(), Arc::new(dataset))),
            Err(found) => {
                mistakes.extend(found);
                self.broken.push(stem);
            }
        }
    }

    /// Long views and histories stand beside the tables: they cannot have the name of one, or of each other. Nor can two
    /// tables stand in for one old name.
    fn refuse_shared_names(&mut self, mistakes: &mut Vec<Diagnostic>) {
        let views =
            self.iter().flat_map(|dataset| views(dataset).map(|(view, kind)| (view, kind, dataset.name.clone())));
        let views: Vec<(String, &'static str, DatasetName)> = views.collect();
        for (at, (view, kind, dataset)) in views.iter().enumerate() {
            let earlier = views.iter().take(at).any(|(other, ..)| other == view);
            let is_table = view.strip_prefix("data.").is_some_and(|name| self.good.keys().any(|t| t.as_str() == name));
            if earlier || is_table {
                let message = format!("the {kind} `{view}` has the name of another table or view");
                mistakes.push(whole(&format!("parsers/datasets/{dataset}.toml"), message));
                self.good.remove(dataset);
                self.broken.push(dataset.to_string());
            }
        }
    }
}

/// What a dataset has beside its table: schema and name, and what it is.
pub fn views(dataset: &Dataset) -> impl Iterator<Item = (String, &'static str)> {
    let long = dataset.long_view.as_ref().map(|view| (format!("data.{}", view.name), "long view"));
    let old = dataset.offer.compatibility.as_ref();
    let old = old.map(|old| (format!("{}.{}", old.schema, old.view), "compatibility view"));
    let history = dataset.history.then(|| (format!("data.{}_history", dataset.name), "history"));
    long.into_iter().chain(old).chain(history)
}

impl Datasets {
    /// A dataset can only refer to others that there are, by columns that they have.
    fn refuse_unknown_others(&mut self, mistakes: &mut Vec<Diagnostic>) {
        let mut broken = Vec::new();
        for dataset in self.good.values() {
            let expect = &dataset.expect;
            let references = expect.references.iter().flat_map(|to| to.their.iter().map(|their| (&to.to, their)));
            let exceptions = expect.calendar.iter().filter_map(|calendar| calendar.exceptions.as_ref());
            for (other, column) in references.chain(exceptions.map(|(other, column)| (other, column))) {
                let columns = self.good.get(other).map(|other| &other.schema.columns);
                if !columns.is_some_and(|columns| columns.iter().any(|found| found.name == *column)) {
                    let message =
                        format!("[expect] refers to `{other}.{column}`, and there is no such dataset or column");
                    mistakes.push(whole(&format!("parsers/datasets/{}.toml", dataset.name), message));
                    broken.push(dataset.name.clone());
                }
            }
        }
        self.turn_off(broken);
    }

    fn turn_off(&mut self, names: Vec<DatasetName>) {
        for name in names {
            if self.good.remove(&name).is_some() {
                self.broken.push(name.to_string());
            }
        }
    }
}

/// The dataset with the SQL files of the folder that has its name.
fn with_checks(folder: &Path, dataset: Dataset) -> Result<Dataset, Vec<Diagnostic>> {
    let own = folder.join(dataset.name.as_str());
    if !own.is_dir() {
        return Ok(dataset);
    }
    let shown = |name: &str| format!("parsers/datasets/{}/{name}", dataset.name);
    let unread = |name: &str, error: &io::Error| vec![whole(&shown(name), format!("it cannot be read: {error}"))];
    let mut checks = Vec::new();
    for stem in stems(&own, "sql").map_err(|error| unread("", &error))? {
        let file = format!("{stem}.sql");
        let sql = fs::read_to_string(own.join(&file)).map_err(|error| unread(&file, &error))?;
        let (name, holds) = stem.strip_suffix(".warn").map_or((stem.as_str(), true), |name| (name, false));
        checks.push(Check { name: name.to_owned(), file: shown(&file), sql, holds });
    }
    Ok(dataset.with_checks(checks))
}

fn whole(file: &str, message: String) -> Diagnostic {
    Diagnostic { file: file.to_owned(), span: None, message, help: None }
}

/// The stems of a folder's files with this extension, sorted.
fn stems(folder: &Path, extension: &str) -> io::Result<Vec<String>> {
    let mut stems = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if path.extension().is_some_and(|found| found == extension) {
            stems.extend(stem);
        }
    }
    stems.sort();
    Ok(stems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(files: &[(&str, &str)]) -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(Some(folder.path()));
        fs::create_dir_all(home.datasets()).unwrap();
        for (name, text) in files {
            fs::write(home.datasets().join(name), text).unwrap();
        }
        (folder, home)
    }

    #[test]
    fn the_shipped_definitions_are_all_good() {
        let (datasets, mistakes) = Datasets::load(&Home::new(Some(Path::new(env!("CARGO_MANIFEST_DIR")))));
        assert_eq!(mistakes, []);
        assert!(datasets.iter().count() >= 4 && datasets.broken().is_empty());
    }

    #[test]
    fn a_bad_file_is_off_and_the_others_run() {
        let good = include_str!("../parsers/datasets/us_gov_domains.toml");
        let (_folder, home) =
            home(&[("good.toml", good), ("bad.toml", "title = 1"), ("Not A Name.toml", good), ("x.md", "")]);
        let (datasets, mistakes) = Datasets::load(&home);
        assert!(datasets.get(&"good".parse().unwrap()).is_some());
        assert_eq!(datasets.broken(), ["Not A Name", "bad"]);
        assert!(mistakes.iter().any(|mistake| mistake.file == "parsers/datasets/bad.toml"), "{mistakes:?}");
    }

    #[test]
    fn a_long_view_cannot_take_a_tables_name() {
        let wide = include_str!("../parsers/datasets/ecb_reference_rates.toml");
        let other = include_str!("../parsers/datasets/us_gov_domains.toml");
        let (_folder, home) = home(&[("wide.toml", wide), ("ecb_reference_rates_long.toml", other)]);
        let (datasets, mistakes) = Datasets::load(&home);
        assert_eq!(datasets.broken(), ["wide"]);
        assert_eq!(mistakes.len(), 1);
    }
}
