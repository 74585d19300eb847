//! Telling people: each change of a job's condition, once through each channel.
//!
//! The work itself tells nobody: a run's end writes a change into the database (`db::conditions`), in its own
//! transaction. A daemon makes one notice a channel of it and sends it, as often as it takes; so a change outlives every
//! crash, and a command without a daemon leaves it for the next one. At least once: a notice that was sent in the moment
//! of a crash goes out again, under the same Message-ID.

mod channel;
mod command;
mod mail;
mod news;
mod outbox;
mod sender;
mod webhook;

pub use channel::{Channel, Channels, SendError};
pub use news::{Desk, News};
pub use sender::Notifier;
