//! The admin site: its route table, and nothing else.

pub mod setup;
