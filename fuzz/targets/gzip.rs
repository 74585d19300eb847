//! gzip with any number of members.
#![no_main]

use std::sync::LazyLock;

use bluebook_fuzz::{dataset, twice};
use libfuzzer_sys::fuzz_target;
use parsers::Dataset;

static GZIP: LazyLock<Dataset> = LazyLock::new(|| {
    dataset(
        "[decode]\npacking = \"gzip\"\nmax_size = \"1 MiB\"\n[format]\nkind = \"csv\"\n[columns]\n\
         k = { from = \"a\", type = \"text\", comment = \"c\" }\n",
    )
});

fuzz_target!(|bytes: &[u8]| twice(&GZIP, bytes));
