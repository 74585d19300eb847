//! Which members are meant: a name in which `*` stands for any run of characters, and `.zip/` leads into an archive in
//! the archive.

/// The patterns of a path, from the outermost archive inwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::decode) struct Pattern(pub(in crate::decode) Vec<String>);

impl Pattern {
    /// Tells the archives of a path apart.
    pub(in crate::decode) fn new(path: &str) -> Self {
        const INTO: &str = ".zip/";
        let (mut levels, mut rest) = (Vec::new(), path);
        while let Some(at) = rest.to_ascii_lowercase().find(INTO) {
            let Some((outer, inner)) = rest.split_at_checked(at + INTO.len()) else { break };
            levels.push(outer.trim_end_matches('/').to_owned());
            rest = inner;
        }
        levels.push(rest.to_owned());
        Self(levels)
    }
}

/// Whether `name` is `pattern`.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<_> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, behind)) = name.split_once(part) else { return false };
        name = behind;
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        let same =
            [("*.csv", "a.csv"), ("a*c*e", "abcde"), ("*", ""), ("x.csv", "x.csv"), ("PUB_*_*.CSV", "PUB_1_2.CSV")];
        for (pattern, name) in same {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("*.csv", "a.CSV"), ("a*c*e", "abde"), ("x.csv", "xx.csv"), ("ab*ba", "aba")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn a_path_leads_into_archives_in_the_archive() {
        let levels = |path: &str| Pattern::new(path).0;
        assert_eq!(levels("*.csv"), ["*.csv"]);
        assert_eq!(levels("data/x.csv"), ["data/x.csv"]);
        assert_eq!(levels("PUBLIC_*.zip/*.CSV"), ["PUBLIC_*.zip", "*.CSV"]);
        assert_eq!(levels("a/B.ZIP/c.zip/d/*.csv"), ["a/B.ZIP", "c.zip", "d/*.csv"]);
        assert_eq!(levels("x.zip"), ["x.zip"]);
    }
}
