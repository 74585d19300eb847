//! Fixed width, with fields that stand again and again.
#![no_main]

use std::sync::LazyLock;

use bluebook_fuzz::{dataset, twice};
use libfuzzer_sys::fuzz_target;
use parsers::Dataset;

static FIXED: LazyLock<Dataset> = LazyLock::new(|| {
    dataset(
        r#"
[format]
kind = "fixed"
length = 19
ragged = "pad"
longer_lines = "ignore"
[format.unpivot]
label = "day"
values = { v = "5-8", f = "9" }
every = 5
times = 3
skip = ["-99"]
[columns]
k = { from = "1-4", type = "text", comment = "c" }
d = { from = "day", type = "integer", comment = "c" }
v = { from = "v", type = "integer", comment = "c" }
f = { from = "f", type = "text", comment = "c" }
"#,
    )
});

fuzz_target!(|bytes: &[u8]| twice(&FIXED, bytes));
