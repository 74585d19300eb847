//! Upkeep: leases, old stages, sessions, retention.
