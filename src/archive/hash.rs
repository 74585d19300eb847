//! SHA-256, as artifacts are named by it.
//!
//! By `ring`, which TLS brings along: where a processor has no instructions for SHA-256, it takes half the time.

use std::{
    fs::File,
    io::{self, Read},
};

use ring::digest::{Context, SHA256};

/// Bytes that are hashed at a time. They stay in the processor's second cache.
const STRIDE: usize = 256 * 1024;

/// A hash in the making.
#[derive(Clone)]
pub(super) struct Hash(Context);

impl Hash {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    /// Appends bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all of them, in lower-case hex.
    pub(super) fn finish(self) -> String {
        hex(self.0.finish().as_ref())
    }
}

/// The hash of all that there is to read.
pub(super) fn of(mut bytes: impl Read) -> io::Result<String> {
    let (mut hash, mut buffer) = (Hash::new(), vec![0; STRIDE]);
    loop {
        match bytes.read(&mut buffer) {
            Ok(0) => return Ok(hash.finish()),
            Ok(read) => hash.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
}

/// The hash of a file, from where it stands, on a thread of its own.
pub(super) async fn of_file(file: File) -> io::Result<String> {
    tokio::task::spawn_blocking(move || of(file)).await.map_err(io::Error::other)?
}

/// Bytes in lower-case hex, as hashes are written.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
