//! What was reported.

#![expect(missing_docs, reason = "the migrations comment on every table and column")]

diesel::table! {
    /// One rendering of a report for one slot; a request without a slot makes an edition of its own.
    bluebook.editions (id) {
        id -> BigInt,
        report -> Text,
        title -> Text,
        run -> Nullable<BigInt>,
        slot -> Nullable<Timestamptz>,
        burst_key -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// The files of an edition, kept in the archive byte for byte.
    bluebook.edition_files (edition, name) {
        edition -> BigInt,
        name -> Text,
        media_type -> Text,
        artifact -> BigInt,
    }
}

diesel::table! {
    /// Which release of each dataset an edition was computed from.
    bluebook.edition_releases (edition, dataset) {
        edition -> BigInt,
        dataset -> Text,
        release -> BigInt,
    }
}

diesel::table! {
    /// One edition to one recipient: the outbox.
    bluebook.deliveries (id) {
        id -> BigInt,
        edition -> BigInt,
        recipient -> Text,
        state -> Text,
        attempts -> Integer,
        error -> Nullable<Text>,
        delivered_at -> Nullable<Timestamptz>,
    }
}
