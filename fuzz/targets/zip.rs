//! Archives: all members that match, and one in an archive in the archive.
#![no_main]

use std::sync::LazyLock;

use bluebook_fuzz::{dataset, twice};
use libfuzzer_sys::fuzz_target;
use parsers::Dataset;

const REST: &str = "max_size = \"1 MiB\"\n[format]\nkind = \"csv\"\n[columns]\nk = { from = \"a\", type = \"text\", comment = \"c\" }\n";

static ALL: LazyLock<[Dataset; 2]> = LazyLock::new(|| {
    ["members = \"*.csv\"", "member = \"*.zip/*.csv\""]
        .map(|which| dataset(&format!("[decode]\npacking = \"zip\"\n{which}\n{REST}")))
});

fuzz_target!(|bytes: &[u8]| ALL.iter().for_each(|dataset| twice(dataset, bytes)));
