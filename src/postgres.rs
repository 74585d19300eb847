//! The private PostgreSQL server, for when no database is given.
