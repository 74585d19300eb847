//! Another encoding's bytes as UTF-8, strictly.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

use super::strict;

/// Reads UTF-8 out of another encoding; a byte that does not decode is an error.
pub(super) struct Utf8<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    output: Vec<u8>,
    given: usize,
    consumed: u64,
    ended: bool,
}

impl<R: Read> Utf8<R> {
    const CHUNK: usize = 1 << 14;

    pub(super) fn new(inner: R, charset: &'static Encoding) -> Self {
        let decoder = charset.new_decoder_without_bom_handling();
        let (input, output) = (Vec::with_capacity(Self::CHUNK), Vec::with_capacity(4 * Self::CHUNK));
        Self { inner, decoder, input, output, given: 0, consumed: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.input.clear();
        self.output.clear();
        self.given = 0;
        let limit = u64::try_from(Self::CHUNK).unwrap_or(u64::MAX);
        let read = self.inner.by_ref().take(limit).read_to_end(&mut self.input)?;
        self.ended = read == 0;
        let room = self.decoder.max_utf8_buffer_length_without_replacement(read).unwrap_or(4 * Self::CHUNK);
        self.output.resize(room, 0);
        let (input, output) = (&self.input, &mut self.output);
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(input, output, self.ended);
        self.output.truncate(written);
        if let Some(at) = self.hole() {
            self.consumed += at;
            return Err(self.undecodable());
        }
        self.consumed += u64::try_from(read).unwrap_or(u64::MAX);
        match result {
            DecoderResult::InputEmpty => Ok(()),
            DecoderResult::Malformed(..) => Err(self.undecodable()),
            DecoderResult::OutputFull => Err(io::Error::other("the decoder asked for less room than it needs")),
        }
    }

    /// Which byte of what has just been read its code page does not have, from 1: each character is a byte there.
    fn hole(&self) -> Option<u64> {
        let before = self.output.get(..strict::hole(&self.output, self.decoder.encoding())?)?;
        let characters = before.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count();
        u64::try_from(characters + 1).ok()
    }

    fn undecodable(&self) -> io::Error {
        let message =
            format!("byte {} of the text does not decode as {}", self.consumed, self.decoder.encoding().name());
        io::Error::new(io::ErrorKind::InvalidData, message)
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.output.len() && !self.ended {
            self.refill()?;
        }
        let mut rest = self.output.get(self.given..).unwrap_or_default();
        let read = rest.read(into)?;
        self.given += read;
        Ok(read)
    }
}
