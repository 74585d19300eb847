//! The composition root: the one place that knows everyone.

mod house;

pub use house::{House, install_tls};
