//! A publisher on the loopback: a real HTTP server that answers, and misbehaves, as the test says.

use std::{
    collections::{HashMap, VecDeque},
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{Arc, Mutex},
    time::Instant,
};

use super::{Answer, Certificate, loopback::Loopback};

/// A running publisher; gone when it is dropped.
pub(crate) struct Publisher {
    port: Loopback,
    scheme: &'static str,
    desk: Arc<Desk>,
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path and query.
    pub(crate) path: String,
    /// The header fields as written.
    pub(crate) headers: Vec<(String, String)>,
    /// What was sent with it.
    pub(crate) body: String,
    /// When it had come.
    pub(crate) at: Instant,
}

impl Asked {
    /// A header field's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Desk {
    answers: Mutex<HashMap<String, VecDeque<Answer>>>,
    log: Mutex<Vec<Asked>>,
    /// Callers now, and the most that there were at once.
    callers: Mutex<(usize, usize)>,
}

impl Publisher {
    /// Opens on a free port.
    pub(crate) fn start() -> Self {
        Self::on("http", |desk, stream| desk.serve(BufReader::new(stream)))
    }

    /// The same with TLS.
    pub(crate) fn with_tls(certificate: Certificate) -> Self {
        Self::on("https", move |desk, stream| desk.serve(BufReader::new(certificate.greet(stream))))
    }

    fn on(scheme: &'static str, serve: impl Fn(&Desk, &TcpStream) + Send + Sync + 'static) -> Self {
        let desk = Arc::new(Desk::default());
        let clerk = Arc::clone(&desk);
        let port = Loopback::open(move |stream| {
            clerk.comes();
            serve(&clerk, &stream);
            let _ = stream.shutdown(Shutdown::Both);
            clerk.callers.lock().unwrap().0 -= 1;
        });
        Self { port, scheme, desk }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// The URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.port.address())
    }

    /// Answers requests for `path` (with its query) like this from now on.
    pub(crate) fn serve(&self, path: &str, answer: Answer) {
        self.serve_in_turn(path, [answer]);
    }

    /// Answers requests for `path` in this order; the last answer stays.
    pub(crate) fn serve_in_turn(&self, path: &str, answers: impl IntoIterator<Item = Answer>) {
        self.desk.answers.lock().unwrap().insert(path.to_owned(), answers.into_iter().collect());
    }

    /// Every request so far.
    pub(crate) fn log(&self) -> Vec<Asked> {
        self.desk.log.lock().unwrap().clone()
    }

    /// The most callers that there were at once.
    pub(crate) fn most_callers(&self) -> usize {
        self.desk.callers.lock().unwrap().1
    }

    /// How often `path` was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.desk.log.lock().unwrap().iter().filter(|asked| asked.path == path).count()
    }
}

impl Desk {
    fn comes(&self) {
        let (now, most) = &mut *self.callers.lock().unwrap();
        *now += 1;
        *most = (*most).max(*now);
    }

    fn serve<S: Read + Write>(&self, mut line: BufReader<S>) {
        let Some(asked) = read_request(&mut line) else { return };
        let answer = self.answer(&asked);
        self.log.lock().unwrap().push(asked);
        // A client that hangs up before the end is a thing that tests do.
        let _ = answer.write(line.get_mut()).and_then(|()| line.get_mut().flush());
    }

    fn answer(&self, asked: &Asked) -> Answer {
        let mut answers = self.answers.lock().unwrap();
        let Some(queue) = answers.get_mut(&asked.path) else { return Answer::status(404) };
        let next = if queue.len() > 1 { queue.pop_front() } else { queue.front().cloned() };
        next.unwrap_or_else(|| Answer::status(404)).to_request(&asked.headers)
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Asked> {
    let mut lines = reader.by_ref().lines().map_while(Result::ok);
    let first = lines.next()?;
    let mut words = first.split(' ');
    let path = words.nth(1)?.to_owned();
    let fields = lines.take_while(|line| !line.is_empty());
    let headers: Vec<(String, String)> = fields
        .filter_map(|line| Some(line.split_once(": ")?).map(|(name, value)| (name.to_owned(), value.to_owned())))
        .collect();
    let asked = Asked { path, headers, body: String::new(), at: Instant::now() };
    let length = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { body: String::from_utf8_lossy(&body).into_owned(), ..asked })
}
