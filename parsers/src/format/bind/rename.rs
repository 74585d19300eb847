//! Which of a file's new columns may be one of the definition's under another name.

use crate::section::near;

/// Likenesses that lie closer together than this tell nothing apart.
const CLEAR: f64 = 0.1;

/// New columns that are looked at, and the longest name in bytes: a hostile header is compared with nothing.
const MOST: usize = 500;
const LONGEST: usize = 200;

/// What the missing columns may be called now.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Names that can hardly be meant otherwise: in the definition, in the file. Each is used once.
    pub(super) likely: Vec<(String, String)>,
    /// Names in the definition with several that may be meant, or with one that another may mean as well.
    pub(super) unclear: Vec<(String, Vec<String>)>,
}

impl Renames {
    /// First those that differ in case and marks alone, then those that are near.
    pub(super) fn guess(missing: &[String], unexpected: &[String]) -> Self {
        let mut renames = Self::default();
        renames.keep(&pairs(missing, unexpected, |one, other| (one == other).then_some(1.0)));
        let open = |name: &&String| !renames.likely.iter().any(|(defined, found)| defined == *name || found == *name);
        let (missing, unexpected): (Vec<_>, Vec<_>) =
            (missing.iter().filter(open).collect(), unexpected.iter().filter(open).collect());
        let near = pairs(missing.iter().copied(), unexpected.iter().copied(), near);
        renames.keep(&near);
        for name in missing {
            let taken = |found: &String| renames.likely.iter().any(|(_, taken)| taken == found);
            let of_it = near.iter().filter(|pair| pair.defined == name && !taken(pair.found));
            let candidates: Vec<String> = of_it.map(|pair| pair.found.clone()).collect();
            if !candidates.is_empty() && renames.to(name).is_none() {
                renames.unclear.push((name.clone(), candidates));
            }
        }
        renames
    }

    /// What a column of the definition is probably called now.
    pub(super) fn to(&self, defined: &str) -> Option<&str> {
        self.likely.iter().find(|(name, _)| name == defined).map(|(_, found)| found.as_str())
    }

    /// What it may be called now, where that is not clear.
    pub(super) fn candidates(&self, defined: &str) -> &[String] {
        self.unclear.iter().find(|(name, _)| name == defined).map_or(&[], |(_, candidates)| candidates)
    }

    /// Keeps the pairs beside which neither name has another that is about as near.
    fn keep(&mut self, pairs: &[Pair<'_>]) {
        let clear = pairs.iter().filter(|pair| !pairs.iter().any(|other| other.rivals(pair)));
        self.likely.extend(clear.map(|pair| (pair.defined.clone(), pair.found.clone())));
    }
}

/// A name in the definition, one in the file, and how much alike they are.
struct Pair<'a> {
    defined: &'a String,
    found: &'a String,
    likeness: f64,
}

impl Pair<'_> {
    fn rivals(&self, pair: &Self) -> bool {
        let shared = (self.defined == pair.defined) != (self.found == pair.found);
        shared && self.likeness > pair.likeness - CLEAR
    }
}

fn pairs<'a>(
    missing: impl IntoIterator<Item = &'a String>,
    unexpected: impl IntoIterator<Item = &'a String>,
    like: impl Fn(&str, &str) -> Option<f64>,
) -> Vec<Pair<'a>> {
    let unexpected: Vec<&String> = unexpected.into_iter().take(MOST).filter(|found| found.len() <= LONGEST).collect();
    let unexpected: Vec<_> = unexpected.into_iter().map(|found| (found, normal(found))).collect();
    let mut pairs = Vec::new();
    for defined in missing {
        let plain = normal(defined);
        pairs.extend(unexpected.iter().filter_map(|(found, name)| {
            let likeness = like(&plain, name).filter(|_| !plain.is_empty())?;
            Some(Pair { defined, found, likeness })
        }));
    }
    pairs
}

/// A name without case and marks; one of marks alone is like no other.
fn normal(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::Renames;

    fn guess(missing: &[&str], unexpected: &[&str]) -> String {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let Renames { likely, unclear } = Renames::guess(&owned(missing), &owned(unexpected));
        let likely = likely.iter().map(|(defined, found)| format!("{defined} = {found}"));
        let unclear = unclear.iter().map(|(defined, found)| format!("{defined} = {}?", found.join(" or ")));
        likely.chain(unclear).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_name_is_taken_for_another_where_nothing_else_comes_near() {
        assert_eq!(guess(&["Domain name", "Part"], &["Fax", "DOMAIN_NAME"]), "Domain name = DOMAIN_NAME");
        assert_eq!(
            guess(&["price.amount", "unit"], &["price.value", "Units"]),
            "price.amount = price.value, unit = Units"
        );
        assert_eq!(guess(&["name", "names"], &["Name", "Names"]), "name = Name, names = Names");
        assert_eq!(guess(&["town"], &["colour"]), "");
    }

    #[test]
    fn where_two_come_about_as_near_nothing_is_guessed() {
        assert_eq!(
            guess(&["Organization name", "Suborganization name"], &["Agency", "Organization"]),
            "Organization name = Organization?, Suborganization name = Organization?"
        );
        assert_eq!(guess(&["Domain name", "Domain type"], &["Domain"]), "Domain name = Domain?, Domain type = Domain?");
        assert_eq!(guess(&["price"], &["price 1", "price 2"]), "price = price 1 or price 2?");
        assert_eq!(guess(&["price"], &["Price", "PRICE"]), "price = Price or PRICE?");
    }
}
