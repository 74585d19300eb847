//! The composition root: the one place that knows everyone.

mod database;
mod house;
mod serve;

pub use database::{Database, install_tls};
pub use house::House;
pub use serve::{channels, listen, serve, stop_on_signal};
