//! Diesel's picture of schema `bluebook`. `tests/it/migrations.rs` holds it against the migrations.

#![expect(missing_docs, reason = "the migrations comment on every table and column")]

mod load;
mod news;

pub use load::fingerprints;
pub use news::{changes, conditions, gaps, notices};

diesel::table! {
    /// One row for each [[schedule]] of schedules.toml, and how far its slots are planned.
    bluebook.schedules (name) {
        name -> Text,
        job -> Text,
        cron -> Text,
        time_zone -> Text,
        catch_up -> Text,
        overlap -> Text,
        active -> Bool,
        planned_until -> Timestamptz,
        paused_at -> Nullable<Timestamptz>,
        paused_by -> Nullable<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Queue and history in one: each slot and each request is one row, and stays.
    bluebook.runs (id) {
        id -> BigInt,
        job -> Text,
        trigger -> Jsonb,
        schedule -> Nullable<Text>,
        slot -> Nullable<Timestamptz>,
        requested_by -> Nullable<Text>,
        state -> Text,
        reason -> Nullable<Text>,
        attempt -> Integer,
        interruptions -> Integer,
        not_before -> Timestamptz,
        epoch -> BigInt,
        owner -> Nullable<Text>,
        lease_until -> Nullable<Timestamptz>,
        step -> Nullable<Text>,
        progress -> Nullable<Jsonb>,
        outcome -> Nullable<Jsonb>,
        error -> Nullable<Text>,
        cancel_requested_at -> Nullable<Timestamptz>,
        cancel_requested_by -> Nullable<Text>,
        queued_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// What happened in a run, in order: steps entered, notes, retries, interruptions, the end.
    bluebook.run_events (id) {
        id -> BigInt,
        run -> BigInt,
        at -> Timestamptz,
        attempt -> Integer,
        kind -> Text,
        step -> Nullable<Text>,
        message -> Text,
    }
}

diesel::table! {
    /// One file as it was fetched; its bytes lie in the archive under this hash and never change.
    bluebook.artifacts (id) {
        id -> BigInt,
        sha256 -> Text,
        bytes -> BigInt,
        name -> Text,
        stored_at -> Timestamptz,
    }
}

diesel::table! {
    /// What the system knows of each dataset beyond its TOML; its row is locked by whoever publishes.
    bluebook.datasets (name) {
        name -> Text,
        title -> Text,
        definition -> Text,
        readers -> Array<Text>,
        published_release -> Nullable<BigInt>,
        history_since -> Nullable<Timestamptz>,
        checked_at -> Nullable<Timestamptz>,
        changed_at -> Nullable<Timestamptz>,
        paused_at -> Nullable<Timestamptz>,
        paused_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// Each answer of a publisher: from where, when, with which validators, and the artifact that it brought.
    bluebook.fetches (id) {
        id -> BigInt,
        run -> BigInt,
        dataset -> Text,
        part -> Integer,
        url -> Text,
        final_url -> Text,
        status -> Integer,
        etag -> Nullable<Text>,
        last_modified -> Nullable<Text>,
        content_type -> Nullable<Text>,
        artifact -> Nullable<BigInt>,
        fetched_at -> Timestamptz,
    }
}

diesel::table! {
    /// The artifacts that one ingest run loads together, and what became of them.
    bluebook.releases (id) {
        id -> BigInt,
        dataset -> Text,
        run -> Nullable<BigInt>,
        state -> Text,
        base -> Nullable<BigInt>,
        definition -> Text,
        definition_artifact -> Nullable<BigInt>,
        parser_version -> Integer,
        content -> Text,
        stage -> Nullable<Text>,
        staged_rows -> Nullable<BigInt>,
        counts -> Nullable<Jsonb>,
        findings -> Jsonb,
        fetched_at -> Timestamptz,
        published_at -> Nullable<Timestamptz>,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<Text>,
        decision_reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// Which file is part 0, 1, … of a release; data.<name>._part points here.
    bluebook.release_artifacts (release, part) {
        release -> BigInt,
        part -> Integer,
        artifact -> BigInt,
        step -> Integer,
    }
}

diesel::table! {
    /// Records that failed their checks, as the publisher wrote them.
    bluebook.rejects (id) {
        id -> BigInt,
        release -> BigInt,
        part -> Integer,
        record -> BigInt,
        line -> Nullable<BigInt>,
        column_name -> Nullable<Text>,
        value -> Nullable<Text>,
        reason -> Text,
        original -> Bytea,
    }
}

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

diesel::table! {
    /// People who may sign in to the admin site.
    bluebook.users (id) {
        id -> BigInt,
        login -> Text,
        name -> Text,
        role -> Text,
        password -> Nullable<Text>,
        password_changed_at -> Nullable<Timestamptz>,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Signed-in browsers; the cookie's token is kept only as its SHA-256.
    bluebook.sessions (token_hash) {
        token_hash -> Bytea,
        user_id -> BigInt,
        csrf -> Bytea,
        created_at -> Timestamptz,
        seen_at -> Timestamptz,
        expires_at -> Timestamptz,
        address -> Nullable<Text>,
        browser -> Nullable<Text>,
    }
}

diesel::table! {
    /// One-time links: how an account is entered before it has a password.
    bluebook.sign_in_links (token_hash) {
        token_hash -> Bytea,
        user_id -> BigInt,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Failed sign-ins, counted for accounts that exist and for those that do not alike.
    bluebook.sign_in_attempts (key) {
        key -> Text,
        failures -> Integer,
        since -> Timestamptz,
        blocked_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Who did what: append-only, each line carrying the hash of the one before.
    bluebook.audit (id) {
        id -> BigInt,
        at -> Timestamptz,
        user_id -> Nullable<BigInt>,
        who -> Text,
        action -> Text,
        subject -> Nullable<Text>,
        row_key -> Nullable<Jsonb>,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
        request -> Nullable<Text>,
        previous -> Bytea,
        hash -> Bytea,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    schedules,
    runs,
    run_events,
    artifacts,
    datasets,
    fetches,
    releases,
    release_artifacts,
    rejects,
    editions,
    edition_files,
    edition_releases,
    deliveries,
    conditions,
    changes,
    notices,
    users,
    sessions,
    sign_in_links,
    sign_in_attempts,
    audit
);
