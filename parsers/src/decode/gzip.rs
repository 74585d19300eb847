//! The content of a gzip file: one member behind the other, and perhaps the zeros that fill the last block up.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

/// What comes out of all members.
pub(super) struct Gzip<R> {
    /// The one that is read; none behind the last.
    member: Option<GzDecoder<BufReader<R>>>,
}

impl<R: Read> Gzip<R> {
    pub(super) fn new(packed: R) -> Self {
        Self { member: Some(GzDecoder::new(BufReader::with_capacity(1 << 16, packed))) }
    }
}

impl<R: Read> Read for Gzip<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(into).map_err(damaged)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            self.member = self.member.take().map(|ended| next(ended.into_inner())).transpose()?.flatten();
        }
        Ok(0)
    }
}

/// The member behind the one that has ended, if there is one.
fn next<R: Read>(mut packed: BufReader<R>) -> io::Result<Option<GzDecoder<BufReader<R>>>> {
    loop {
        match packed.fill_buf()? {
            [] => return Ok(None),
            [0x1f, ..] => return Ok(Some(GzDecoder::new(packed))),
            [0, ..] => packed.consume(1),
            _ => {
                let message = "something stands behind the end of the gzip file, and it is not packed: the file was \
                               damaged on its way, or put together of two; fetch it again";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
    }
}

fn damaged(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            let message = format!("the gzip file is damaged ({error}): fetch it again");
            io::Error::new(io::ErrorKind::InvalidData, message)
        }
        _ => error,
    }
}
