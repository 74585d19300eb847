//! `bluebook check`: every mistake of every file, at once.
