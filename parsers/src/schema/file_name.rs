//! A value that stands only in a file's name: the year of `yob2010.txt`.

use std::str::FromStr;

use crate::decode::matches;

/// The longest name that is compared, in bytes.
const LONGEST: usize = 1000;

/// What a file's name looks like: `{}` is the value, `*` any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    before: String,
    behind: String,
}

/// A text in which not exactly one part is the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} does not say which part of the name is meant: write `{{}}` in its place, once, as in \"yob{{}}.txt\"")]
pub struct FileNameError(String);

impl FromStr for FileName {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, FileNameError> {
        match text.split("{}").collect::<Vec<_>>().as_slice() {
            [before, behind] => Ok(Self { before: (*before).to_owned(), behind: (*behind).to_owned() }),
            _ => Err(FileNameError(text.to_owned())),
        }
    }
}

impl FileName {
    /// The value in a name, or why there is none. Where stars leave open which part is meant, none is.
    pub(crate) fn value<'n>(&self, name: &'n str) -> Result<&'n str, String> {
        if name.len() > LONGEST {
            return Err(format!("has a name of {} bytes, and {LONGEST} are looked at", name.len()));
        }
        let places = || name.char_indices().map(|(at, _)| at).chain([name.len()]);
        let starts = places().filter(|at| fits(&self.before, name.get(..*at)));
        let ends: Vec<usize> = places().filter(|at| fits(&self.behind, name.get(*at..))).collect();
        let mut values = starts.flat_map(|start| {
            let ends = ends.iter().filter(move |end| **end > start);
            ends.filter_map(move |end| name.get(start..*end))
        });
        let first = values.next().ok_or_else(|| format!("is not named as {:?} says", self.to_string()))?;
        match values.find(|other| *other != first) {
            Some(other) => {
                let pattern = self.to_string();
                Err(format!("has a name in which {pattern:?} may mean {first:?} or {other:?}"))
            }
            None if first.contains(char::REPLACEMENT_CHARACTER) => {
                Err(format!("has a name that does not decode as UTF-8: {name:?}"))
            }
            None => Ok(first),
        }
    }
}

fn fits(pattern: &str, part: Option<&str>) -> bool {
    part.is_some_and(|part| matches(pattern, part))
}

impl std::fmt::Display for FileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{{}}{}", self.before, self.behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(pattern: &str, name: &str) -> Result<String, String> {
        pattern.parse::<FileName>().unwrap().value(name).map(str::to_owned)
    }

    #[test]
    fn a_value_is_what_stands_in_its_place() {
        for (pattern, name, found) in [
            ("yob{}.txt", "yob2010.txt", "2010"),
            ("*yob{}.txt", "names/yob2010.txt", "2010"),
            ("*_*_{}.csv", "a_b_Ä.csv", "Ä"),
            ("{}", "x", "x"),
        ] {
            assert_eq!(value(pattern, name).unwrap(), found, "{pattern}");
        }
    }

    #[test]
    fn a_name_of_another_form_has_none_and_nothing_is_guessed() {
        let other = value("yob{}.txt", "YOB2010.txt").unwrap_err();
        assert_eq!(other, "is not named as \"yob{}.txt\" says");
        assert!(value("yob{}.txt", "yob.txt").is_err(), "no value is no value");
        let open = value("*_{}.csv", "a_b_c.csv").unwrap_err();
        assert_eq!(open, "has a name in which \"*_{}.csv\" may mean \"b_c\" or \"c\"");
        assert!(value("{}", &"x".repeat(2000)).is_err());
        let other = value("{}_*.csv", "K\u{fffd}ln_2020.csv").unwrap_err();
        assert_eq!(other, "has a name that does not decode as UTF-8: \"K\u{fffd}ln_2020.csv\"");
        assert_eq!(value("*_{}.csv", "K\u{fffd}ln_2020.csv").unwrap(), "2020", "the rest of it may be what it likes");
        assert!("yob.txt".parse::<FileName>().is_err() && "{}{}".parse::<FileName>().is_err());
    }
}
