//! Definitions for the tests of this crate: the part of one that no test is about.

use crate::{Dataset, Diagnostic};

const HEAD: &str = r#"title = "t"
description = "d"
licence = "l"
publisher = { name = "p", page = "https://example.org" }
source = { url = "https://example.org/x" }
expect = { min_rows = 0, max_rejected = 0 }
"#;

/// A definition, of which the test says the rest: mode, key, format and columns.
pub(crate) fn parse(rest: &str) -> Result<Dataset, Vec<Diagnostic>> {
    Dataset::parse("x.toml", "x".parse().unwrap(), &format!("{HEAD}{rest}"))
}
