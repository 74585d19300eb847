//! The composition root: the one place that knows everyone.

mod house;

pub use house::{House, has_database, install_tls};
