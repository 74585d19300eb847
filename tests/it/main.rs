//! The integration tests: one binary that drives the real program against a real PostgreSQL and a real HTTP server.
//! `support.rs` says how to write one.

#[cfg(test)]
mod admin;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod infer;
#[cfg(test)]
mod ingest;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod notify;
#[cfg(test)]
mod publishers;
#[cfg(test)]
mod readers;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod support;
#[cfg(test)]
mod verify;
