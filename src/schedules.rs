//! schedules.toml: when what runs, and which slots that makes.
