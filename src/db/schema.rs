//! Diesel's picture of schema `bluebook`. `tests/it/migrations.rs` holds it against the migrations.

#![expect(missing_docs, reason = "the migrations comment on every table and column")]

mod load;
mod news;
mod people;
mod reports;

pub use load::fingerprints;
pub use news::{changes, conditions, gaps, notices};
pub use people::{audit, sessions, sign_in_attempts, sign_in_links, users};
pub use reports::{deliveries, edition_files, edition_releases, editions};

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
        part -> Nullable<Integer>,
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
    /// Publishers' hosts, and when each may be asked next: shared by all datasets and daemons.
    bluebook.hosts (host) {
        host -> Text,
        free_at -> Timestamptz,
        run -> Nullable<BigInt>,
        epoch -> Nullable<BigInt>,
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
        period -> Nullable<Timestamptz>,
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
        period -> Nullable<Timestamptz>,
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
        pending -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    schedules,
    runs,
    run_events,
    artifacts,
    datasets,
    fetches,
    hosts,
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
