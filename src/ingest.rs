//! Ingest: fetch, archive, stage, expect, merge.
