//! Logs: what is written where, and in which form.
