//! The archive: bytes under their SHA-256, kept before anything reads them.
