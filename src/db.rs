//! The database: one pool, one way to connect, and every query of the system's own tables.

pub mod artifacts;
pub mod audit;
pub mod catalog;
pub mod conditions;
pub mod connect;
pub mod dataset_rows;
pub mod deliveries;
pub mod difference;
pub mod editions;
mod failure;
pub mod fingerprints;
pub mod gaps;
pub mod history;
pub mod hosts;
pub mod ident;
pub mod listener;
pub mod manifests;
pub mod migrations;
pub mod notices;
pub mod outage;
pub mod pool;
pub mod reading;
pub mod rejects;
pub mod releases;
pub mod run_log;
pub mod runs;
pub mod schedule_rows;
pub mod schema;
pub mod session;
pub mod sessions;
pub mod sign_in_attempts;
pub mod sign_in_links;
pub mod token;
pub mod users;
pub mod walks;

pub use connect::{ConnectError, Connector};
pub use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
pub use failure::is_too_long;
pub use pool::{Pool, PoolError, Pooled};
pub use session::PgSession;

/// What a query of this floor can go wrong with.
pub type DbError = diesel::result::Error;

/// The result of a query of this floor.
pub type DbResult<T> = Result<T, DbError>;
