//! Who is told of what, and what is missing.

#![expect(missing_docs, reason = "the migrations comment on every table and column")]

diesel::table! {
    /// How each job stands; judged in the transaction in which a run ends or a release is discarded.
    bluebook.conditions (job) {
        job -> Text,
        condition -> Text,
        checks -> Array<Text>,
        since -> Timestamptz,
    }
}

diesel::table! {
    /// Each change of a job's condition: what people are told of, once.
    bluebook.changes (id) {
        id -> BigInt,
        job -> Text,
        title -> Text,
        before -> Text,
        after -> Text,
        since -> Timestamptz,
        at -> Timestamptz,
        run -> Nullable<BigInt>,
        release -> Nullable<BigInt>,
        facts -> Jsonb,
        addressed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// One change through one channel: the outbox.
    bluebook.notices (id) {
        id -> BigInt,
        change -> BigInt,
        channel -> Text,
        state -> Text,
        attempts -> Integer,
        not_before -> Timestamptz,
        made_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    /// What a dataset's calendar misses: for thirty days the publisher is asked again, for the file or for the period.
    bluebook.gaps (id) {
        id -> BigInt,
        dataset -> Text,
        missing_from -> Timestamptz,
        missing_to -> Timestamptz,
        noticed_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}
