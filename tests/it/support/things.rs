//! A small dataset of our own making, for tests that need rows by the thousand or a file that is wrong just so.

use std::fmt::Write as _;

/// The definition of a dataset `things` at `url`: a CSV file with a key, a text, a decimal and a date.
pub(crate) fn things_toml(url: &str) -> String {
    format!(
        r#"title = "Things"
description = "Things that tests count"
licence = "None: invented"
mode = "replace"
key = ["id"]

[publisher]
name = "Office of Invented Things"
page = "https://publisher.test/"

[source]
url = "{url}"

[format]
kind = "csv"

[columns.id]
from = "id"
type = "integer"
comment = "Number of the thing"

[columns.name]
from = "name"
type = "text"
required = true
comment = "What it is called"

[columns.price]
from = "price"
type = "decimal(12,2)"
comment = "What it costs, in euro"

[columns.since]
from = "since"
type = "date"
comment = "First day on which it was there"

[expect]
min_rows = 1
max_rejected = 10
"#
    )
}

/// A release of `things` with these numbers; another `edition` has other prices for every seventh thing.
pub(crate) fn things_csv(ids: std::ops::Range<u32>, edition: u32) -> String {
    let mut csv = "id,name,price,since\n".to_owned();
    for id in ids {
        let cents = if id % 7 == 0 { edition } else { 0 };
        writeln!(csv, "{id},\"Thing, number {id}\",{}.{cents:02},2026-01-{:02}", id % 1000, id % 28 + 1).unwrap();
    }
    csv
}

/// What `data.things` must hold after that release: see [`super::Db::dump`].
pub(crate) fn things_rows(ids: std::ops::Range<u32>, edition: u32) -> Vec<String> {
    let row = |id: u32| {
        let cents = if id.is_multiple_of(7) { edition } else { 0 };
        format!("{id}|Thing, number {id}|{}.{cents:02}|2026-01-{:02}", id % 1000, id % 28 + 1)
    };
    let mut rows: Vec<String> = ids.map(row).collect();
    rows.sort();
    rows
}
