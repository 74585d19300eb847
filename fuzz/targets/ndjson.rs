//! One JSON document a line.
#![no_main]

use std::sync::LazyLock;

use bluebook_fuzz::{dataset, twice};
use libfuzzer_sys::fuzz_target;
use parsers::Dataset;

static NDJSON: LazyLock<Dataset> = LazyLock::new(|| {
    dataset(
        r#"
[format]
kind = "ndjson"
[columns]
k = { from = "k", type = "text", comment = "c" }
v = { from = "v/w", type = "decimal(12,4)", may_be_absent = true, comment = "c" }
"#,
    )
});

fuzz_target!(|bytes: &[u8]| twice(&NDJSON, bytes));
