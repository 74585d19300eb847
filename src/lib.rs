//! Bluebook keeps a PostgreSQL database true to what governments publish.
//!
//! A schedule puts a run into a table; the worker takes the run and walks it step by step; the bytes are kept before
//! they are read; the reading is pure; the database decides at the end, once; the admin site edits its own tables and
//! otherwise only looks and enqueues. `ARCHITECTURE.md` has the plan of the house; `tests/tidy.rs` holds the code to it.

// The ground: words and settings that everyone may name.
pub mod config;
pub mod job;
pub mod telemetry;

// First floor: each knows one outside thing, and nobody above.
pub mod archive;
pub mod datasets;
pub mod postgres;
pub mod view;

// Second floor: queries and time tables.
pub mod db;
pub mod schedules;

// Third floor: what the program does. Rooms side by side never name each other.
pub mod admin;
pub mod ingest;
pub mod notify;
pub mod report;
pub mod scheduler;
pub mod upkeep;

// Beside them, for whoever shows rows to people.
pub mod trace;

// Above them: who runs the rooms, and who knows everyone.
pub mod boot;
pub mod check;
pub mod cli;
pub mod demo;
pub mod doctor;
pub mod verify;
pub mod worker;
