//! XML: records with values of the elements around them, attributes, namespaces.
#![no_main]

use std::sync::LazyLock;

use bluebook_fuzz::{dataset, twice};
use libfuzzer_sys::fuzz_target;
use parsers::Dataset;

static XML: LazyLock<Dataset> = LazyLock::new(|| {
    dataset(
        r#"
[format]
kind = "xml"
namespace = "urn:x"
record = "r/g/e"
[columns]
k = { from = "@k", type = "text", comment = "c" }
v = { from = "v", type = "integer", may_be_absent = true, comment = "c" }
g = { from = "../n", type = "text", may_be_absent = true, comment = "c" }
"#,
    )
});

fuzz_target!(|bytes: &[u8]| twice(&XML, bytes));
