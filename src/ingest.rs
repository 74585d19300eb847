//! Ingest: fetch, archive, stage, expect, merge.

pub mod fetch;
