//! The composition root: the one place that knows everyone.

mod database;
mod house;

pub use database::Database;
pub use house::House;
