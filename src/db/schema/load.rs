//! What only loads know.

diesel::table! {
    /// What a dataset's next release can be compared with while it is read; its absence costs time and nothing else.
    bluebook.fingerprints (dataset) {
        dataset -> Text,
        release -> BigInt,
        file -> Text,
        seed -> BigInt,
        rows -> BigInt,
        definition -> Text,
        parser_version -> Integer,
        made_at -> Timestamptz,
    }
}
