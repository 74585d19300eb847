//! `bluebook demo`: real releases replayed by a local publisher.
