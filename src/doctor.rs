//! `bluebook doctor`: what is this program standing on?
