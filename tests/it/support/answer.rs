//! What a publisher answers, and how it goes wrong on the way.

use std::{
    io::{self, Write},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

/// Bytes that are written at once.
const PIECE: usize = 8 * 1024;

/// One answer. Made by [`Answer::ok`] or [`Answer::status`], then given its faults.
#[derive(Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    framing: Framing,
    cut: Option<u64>,
    gate: Option<(u64, Gate)>,
    drip: Option<(usize, Duration)>,
    conditional: bool,
}

#[derive(Clone)]
enum Body {
    Bytes(Arc<[u8]>),
    Zeros(u64),
}

/// How the reader learns where the body ends.
#[derive(Clone, Copy)]
enum Framing {
    Length,
    LengthSays(u64),
    Chunked,
    Close,
}

impl Answer {
    /// 200 with this body.
    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::status(200).body(body)
    }

    /// Any status, without a body.
    pub(crate) fn status(status: u16) -> Self {
        let (framing, body) = (Framing::Length, Body::Bytes(Arc::default()));
        Self { status, headers: vec![], body, framing, cut: None, gate: None, drip: None, conditional: true }
    }

    /// 302 to another place.
    pub(crate) fn redirect(to: &str) -> Self {
        Self::status(302).header("Location", to)
    }

    /// 200 with as many zeros.
    pub(crate) fn zeros(bytes: u64) -> Self {
        Self { body: Body::Zeros(bytes), ..Self::status(200) }
    }

    /// Another body.
    pub(crate) fn body(self, body: impl AsRef<[u8]>) -> Self {
        Self { body: Body::Bytes(body.as_ref().into()), ..self }
    }

    /// One more header field.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A validator, quotes included; a request that knows it is answered with 304.
    pub(crate) fn etag(self, tag: &str) -> Self {
        self.header("ETag", tag)
    }

    /// A validator as HTTP writes dates; a request that knows it is answered with 304.
    pub(crate) fn last_modified(self, date: &str) -> Self {
        self.header("Last-Modified", date)
    }

    /// `Transfer-Encoding: chunked`.
    pub(crate) fn chunked(self) -> Self {
        Self { framing: Framing::Chunked, ..self }
    }

    /// Neither length nor chunks: the body ends with the connection.
    pub(crate) fn until_close(self) -> Self {
        Self { framing: Framing::Close, ..self }
    }

    /// The whole answer, also to who has it already.
    pub(crate) fn whatever_is_known(self) -> Self {
        Self { conditional: false, ..self }
    }

    /// A Content-Length that need not be true.
    pub(crate) fn length_says(self, bytes: u64) -> Self {
        Self { framing: Framing::LengthSays(bytes), ..self }
    }

    /// Hangs up after that many bytes of the body.
    pub(crate) fn cut_at(self, bytes: u64) -> Self {
        Self { cut: Some(bytes), ..self }
    }

    /// Says nothing more after that many bytes of the body until the gate is opened.
    pub(crate) fn wait_at(self, bytes: u64, gate: &Gate) -> Self {
        Self { gate: Some((bytes, gate.clone())), ..self }
    }

    /// Writes only so many bytes at a time.
    pub(crate) fn drip(self, bytes: usize, every: Duration) -> Self {
        Self { drip: Some((bytes, every)), ..self }
    }

    /// What this answer is to a request with these header fields: itself, or 304.
    pub(super) fn to_request(&self, asked: &[(String, String)]) -> Self {
        let field = |all: &[(String, String)], name: &str| {
            all.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
        };
        let knows = |theirs: &str, ours: &str| {
            let ours = field(&self.headers, ours);
            ours.is_some() && field(asked, theirs) == ours
        };
        if self.conditional && (knows("If-None-Match", "ETag") || knows("If-Modified-Since", "Last-Modified")) {
            return Self { headers: self.headers.clone(), ..Self::status(304) };
        }
        self.clone()
    }

    /// Writes the answer, faults and all.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        write!(to, "HTTP/1.1 {} Whatever\r\nConnection: close\r\n", self.status)?;
        for (name, value) in &self.headers {
            write!(to, "{name}: {value}\r\n")?;
        }
        match self.framing {
            _ if self.status == 304 => {}
            Framing::Length => write!(to, "Content-Length: {}\r\n", self.len())?,
            Framing::LengthSays(bytes) => write!(to, "Content-Length: {bytes}\r\n")?,
            Framing::Chunked => to.write_all(b"Transfer-Encoding: chunked\r\n")?,
            Framing::Close => {}
        }
        to.write_all(b"\r\n")?;
        self.write_body(to)
    }

    fn write_body(&self, to: &mut impl Write) -> io::Result<()> {
        let end = self.cut.map_or(self.len(), |cut| cut.min(self.len()));
        let mut at = 0;
        loop {
            let mut until = end.min(at + self.drip.map_or(PIECE, |(bytes, _)| bytes.min(PIECE)) as u64);
            if let Some((place, gate)) = &self.gate {
                if at == *place {
                    gate.pass();
                } else if at < *place {
                    until = until.min(*place);
                }
            }
            if at == end {
                break;
            }
            self.write_piece(to, at, until)?;
            at = until;
            if let Some((_, every)) = self.drip {
                thread::sleep(every);
            }
        }
        let whole = matches!(self.framing, Framing::Chunked) && self.cut.is_none();
        if whole { to.write_all(b"0\r\n\r\n") } else { Ok(()) }
    }

    fn write_piece(&self, to: &mut impl Write, from: u64, until: u64) -> io::Result<()> {
        let (from, until) = (usize::try_from(from).unwrap(), usize::try_from(until).unwrap());
        let zeros = [0; PIECE];
        let piece = match &self.body {
            Body::Bytes(bytes) => &bytes[from..until],
            Body::Zeros(_) => &zeros[..until - from],
        };
        if matches!(self.framing, Framing::Chunked) {
            to.write_all(format!("{:x}\r\n", piece.len()).as_bytes())?;
            to.write_all(piece)?;
            return to.write_all(b"\r\n");
        }
        to.write_all(piece)
    }

    fn len(&self) -> u64 {
        match &self.body {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Zeros(bytes) => *bytes,
        }
    }
}

/// A gate in the middle of an answer: the test sees when it is reached, and opens it or never does.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<(u32, bool)>, Condvar)>);

impl Gate {
    /// A shut gate.
    pub(crate) fn shut() -> Self {
        Self::default()
    }

    /// How many answers have come to it.
    pub(crate) fn reached(&self) -> u32 {
        self.0.0.lock().unwrap().0
    }

    /// Lets all pass, now and later.
    pub(crate) fn open(&self) {
        self.0.0.lock().unwrap().1 = true;
        self.0.1.notify_all();
    }

    pub(super) fn pass(&self) {
        let (state, opened) = &*self.0;
        let mut state = state.lock().unwrap();
        state.0 += 1;
        drop(opened.wait_timeout_while(state, Duration::from_mins(10), |(_, open)| !*open));
    }
}
