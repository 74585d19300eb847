//! `bluebook demo`: real releases replayed by a local publisher.

pub mod customers;

pub use customers::insert_customers;
