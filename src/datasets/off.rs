//! Datasets that are off: their publisher asks for a secret, and it cannot be had.

use std::collections::BTreeMap;

use parsers::{DatasetName, plan::SecretName};

use super::Datasets;
use crate::config::{SecretError, Secrets};

/// A secret that cannot be had, and what cannot be fetched without it.
#[derive(Debug)]
pub struct Off<'a> {
    /// Why not.
    pub error: SecretError,
    /// The datasets, by name; those that read the files of others, too.
    pub datasets: Vec<&'a DatasetName>,
}

impl Datasets {
    /// Each secret that a source names and that cannot be had, by name.
    pub fn off(&self, secrets: &Secrets) -> Vec<Off<'_>> {
        let mut named: BTreeMap<&SecretName, Vec<&DatasetName>> = BTreeMap::new();
        for dataset in self.good.values() {
            for secret in dataset.source.manner.secrets() {
                named.entry(secret).or_default().push(&dataset.name);
            }
        }
        let off = |(secret, datasets)| Some(Off { error: secrets.find(secret).err()?, datasets });
        named.into_iter().filter_map(off).collect()
    }

    /// Why a dataset is off, if it is.
    pub fn is_off(&self, name: &DatasetName, secrets: &Secrets) -> Option<SecretError> {
        self.get(name)?.source.manner.secrets().into_iter().find_map(|secret| secrets.find(secret).err())
    }
}

impl Off<'_> {
    /// The datasets in words: one, one and another.
    pub fn named(&self) -> String {
        match self.datasets.as_slice() {
            [first @ .., last] if !first.is_empty() => {
                let first: Vec<&str> = first.iter().map(|name| name.as_str()).collect();
                format!("{} and {last}", first.join(", "))
            }
            few => few.iter().map(ToString::to_string).collect(),
        }
    }

    /// All of it in a sentence.
    pub fn told(&self) -> String {
        format!("{} cannot be fetched: {}", self.named(), self.error)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use clap::Parser;

    use super::*;
    use crate::config::{Home, Settings};

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        settings: Settings,
    }

    #[test]
    fn what_shares_a_secret_that_is_not_there_is_off_in_one_sentence() {
        let (datasets, mistakes) = Datasets::load(&Home::new(Some(Path::new(env!("CARGO_MANIFEST_DIR")))));
        assert_eq!(mistakes, []);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("EIA_API_KEY"), "k").unwrap();
        let secrets =
            Only::parse_from(["test", "--credentials-dir", folder.path().to_str().unwrap()]).settings.secrets();
        let told: Vec<String> = datasets.off(&secrets).iter().map(Off::told).collect();
        let begins =
            ["entsoe_day_ahead_prices, entsoe_generation and entsoe_load cannot", "sec_financial_notes cannot"];
        assert_eq!(told.len(), begins.len(), "{told:?}");
        for (told, begins) in told.iter().zip(begins) {
            assert!(told.starts_with(&format!("{begins} be fetched: the secret ")), "{told}");
        }
        let off = |name: &str| datasets.is_off(&name.parse().unwrap(), &secrets).is_some();
        assert!(off("entsoe_load") && !off("eia_fuel_mix") && !off("ecb_reference_rates"));
    }
}
