//! The dataset definitions of the home folder: `parsers/datasets/*.toml`, read once at start.
