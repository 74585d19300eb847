//! Separated values, in the dialect that the first byte says.
#![no_main]

use std::sync::LazyLock;

use bluebook_fuzz::{dataset, twice};
use libfuzzer_sys::fuzz_target;
use parsers::Dataset;

const COLUMNS: &str = r#"
[columns]
k = { from = "a", type = "integer", comment = "c" }
t = { from = "b", type = "timestamp", pattern = "%Y-%m-%d %H:%M", comment = "c" }
n = { from = "c", type = "decimal(9,2)", decimal_mark = ",", thousands = ".", comment = "c" }
[time]
zone = "Europe/Madrid"
"#;

const DIALECTS: [&str; 5] = [
    "[format]\nkind = \"csv\"\n",
    "[format]\nkind = \"csv\"\nmultiline = true\ndelimiter = \";\"\n",
    "[format]\nkind = \"csv\"\nquoting = \"none\"\ntrailing_column = true\nfinal_newline = \"optional\"\nfooter = \"END\"\n",
    "[format]\nkind = \"csv\"\ndelimiter = \"whitespace\"\ncomment = \"#\"\npreamble = 1\nragged = \"pad\"\n",
    "[decode]\ncharset = \"shift_jis\"\n[format]\nkind = \"csv\"\nheader = false\nnames = [\"a\", \"b\", \"c\"]\n",
];

static ALL: LazyLock<Vec<Dataset>> =
    LazyLock::new(|| DIALECTS.iter().map(|dialect| dataset(&format!("{dialect}{COLUMNS}"))).collect());

fuzz_target!(|bytes: &[u8]| {
    if let Some((which, bytes)) = bytes.split_first() {
        twice(&ALL[usize::from(*which) % ALL.len()], bytes);
    }
});
