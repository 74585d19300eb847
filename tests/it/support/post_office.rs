//! A mail server on the loopback: it takes mails, or refuses them, as the test says; with TLS, if it has a certificate.

use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, Mutex},
};

use super::{Certificate, Gate, loopback::Loopback};

/// A running mail server; gone when it is dropped.
pub(crate) struct PostOffice {
    port: Loopback,
    desk: Arc<Desk>,
}

/// What it does with the next mail.
#[derive(Clone)]
pub(crate) enum Post {
    /// Takes it.
    Take,
    /// Answers the recipient's address with this line.
    Refuse(&'static str),
    /// Takes it, and says so only once the gate is open.
    TakeBehind(Gate),
    /// Takes it, and hangs up without saying so.
    HangUp,
    /// Listens to the end, and finds it too large.
    TooLarge,
}

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    /// The addresses that the sender named to the server.
    pub(crate) to: Vec<String>,
    /// Header and body as they came, dots unstuffed.
    pub(crate) text: String,
}

impl Letter {
    /// A header field's value, its lines joined.
    pub(crate) fn header(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let fields = head.lines().filter_map(|line| line.split_once(": "));
        fields.filter(|(field, _)| *field == name).map(|(_, value)| value.to_owned()).collect::<Vec<_>>().join("; ")
    }

    /// The body, with the soft line breaks of quoted-printable taken out.
    pub(crate) fn body(&self) -> String {
        self.text.replace("=\r\n", "")
    }
}

#[derive(Default)]
struct Desk {
    next: Mutex<VecDeque<Post>>,
    letters: Mutex<Vec<Letter>>,
    said: Mutex<Vec<String>>,
}

impl PostOffice {
    /// Opens on a free port, without TLS.
    pub(crate) fn open() -> Self {
        Self::on(|desk, stream| drop(desk.welcome(BufReader::new(stream), None)))
    }

    /// With TLS from the start.
    pub(crate) fn with_tls(certificate: Certificate) -> Self {
        Self::on(move |desk, stream| drop(desk.welcome(BufReader::new(certificate.greet(stream)), None)))
    }

    /// With TLS once the sender asks for it.
    pub(crate) fn with_starttls(certificate: Certificate) -> Self {
        Self::on(move |desk, stream| {
            if let Ok(true) = desk.welcome(BufReader::new(stream), Some(certificate)) {
                drop(desk.serve(BufReader::new(certificate.greet(stream)), None));
            }
        })
    }

    fn on(serve: impl Fn(&Desk, &TcpStream) + Send + Sync + 'static) -> Self {
        let desk = Arc::new(Desk::default());
        let clerk = Arc::clone(&desk);
        let port = Loopback::open(move |stream| {
            // A sender that hangs up before the end is a thing that tests do.
            serve(&clerk, &stream);
            let _ = stream.shutdown(Shutdown::Both);
        });
        Self { port, desk }
    }

    /// For `BLUEBOOK_SMTP_URL`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}?tls=none", self.port.address())
    }

    /// The same, where TLS is asked for.
    pub(crate) fn url_with_tls(&self, login: &str) -> String {
        format!("smtp://{login}@{}", self.port.address())
    }

    /// The same, where nothing is said without TLS.
    pub(crate) fn url_within_tls(&self, login: &str) -> String {
        format!("smtps://{login}@{}", self.port.address())
    }

    /// What it does with the next mails, in turn; then it takes them again.
    pub(crate) fn next(&self, posts: impl IntoIterator<Item = Post>) {
        self.desk.next.lock().unwrap().extend(posts);
    }

    /// Every mail that was taken.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.desk.letters.lock().unwrap().clone()
    }

    /// Every line that senders said outside of mails.
    pub(crate) fn said(&self) -> Vec<String> {
        self.desk.said.lock().unwrap().clone()
    }
}

impl Desk {
    fn welcome<S: Read + Write>(&self, mut stream: BufReader<S>, tls: Option<Certificate>) -> io::Result<bool> {
        say(&mut stream, "220 post.test")?;
        self.serve(stream, tls)
    }

    /// Speaks with a sender. True if they go on under TLS, which there is for a certificate.
    fn serve<S: Read + Write>(&self, mut stream: BufReader<S>, tls: Option<Certificate>) -> io::Result<bool> {
        let (mut to, mut post) = (Vec::new(), Post::Take);
        while let Some(line) = line(&mut stream)? {
            self.said.lock().unwrap().push(line.clone());
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" if tls.is_some() => "250-post.test\r\n250 STARTTLS",
                "EHLO" => "250-post.test\r\n250 AUTH PLAIN LOGIN",
                "STARTTLS" if tls.is_some() => {
                    say(&mut stream, "220 go on")?;
                    return Ok(true);
                }
                "AUTH" => "235 welcome",
                "MAIL" => {
                    post = self.next.lock().unwrap().pop_front().unwrap_or(Post::Take);
                    "250 yes"
                }
                "RCPT" => {
                    to.push(line.trim_start_matches("RCPT TO:").to_owned());
                    if let Post::Refuse(answer) = post { answer } else { "250 yes" }
                }
                "DATA" => {
                    say(&mut stream, "354 go on")?;
                    let letter = Letter { to: std::mem::take(&mut to), text: letter(&mut stream)? };
                    match self.take(letter, &post) {
                        Some(answer) => answer,
                        None => return Ok(false),
                    }
                }
                "QUIT" => {
                    say(&mut stream, "221 bye")?;
                    return Ok(false);
                }
                _ => "250 yes",
            };
            say(&mut stream, answer)?;
        }
        Ok(false)
    }

    /// What is said of a letter, if anything.
    fn take(&self, letter: Letter, post: &Post) -> Option<&'static str> {
        if matches!(post, Post::TooLarge) {
            return Some("552 5.3.4 message size exceeds fixed limit");
        }
        self.letters.lock().unwrap().push(letter);
        match post {
            Post::HangUp => return None,
            Post::TakeBehind(gate) => gate.pass(),
            Post::Take | Post::Refuse(_) | Post::TooLarge => (),
        }
        Some("250 taken")
    }
}

fn say<S: Read + Write>(stream: &mut BufReader<S>, text: &str) -> io::Result<()> {
    stream.get_mut().write_all(format!("{text}\r\n").as_bytes())?;
    stream.get_mut().flush()
}

fn line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Everything up to the lonely dot.
fn letter(stream: &mut impl BufRead) -> io::Result<String> {
    let mut text = String::new();
    while let Some(line) = line(stream)?.filter(|line| line != ".") {
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push_str("\r\n");
    }
    Ok(text)
}
