//! A dataset's TOML: good, or told with all its mistakes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parsers::Dataset;

fuzz_target!(|text: &str| {
    if let Err(mistakes) = Dataset::parse("fuzz.toml", "fuzz".parse().expect("a name"), text) {
        assert!(!mistakes.is_empty(), "refused without a word");
    }
});
