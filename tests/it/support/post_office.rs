//! A mail server on the loopback: it takes mails, or refuses them, as the test says. Without TLS.

use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, Mutex},
};

use super::{Gate, loopback::Loopback};

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
    /// Opens on a free port.
    pub(crate) fn open() -> Self {
        let desk = Arc::new(Desk::default());
        let clerk = Arc::clone(&desk);
        let port = Loopback::open(move |stream| {
            // A sender that hangs up before the end is a thing that tests do.
            let _ = clerk.serve(&stream);
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
    fn serve(&self, mut stream: &TcpStream) -> io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        stream.write_all(b"220 post.test\r\n")?;
        let (mut to, mut post) = (Vec::new(), Post::Take);
        while let Some(line) = lines.next().transpose()? {
            self.said.lock().unwrap().push(line.clone());
            let answer = match line.split([' ', ':']).next().unwrap_or_default() {
                "MAIL" => {
                    post = self.next.lock().unwrap().pop_front().unwrap_or(Post::Take);
                    "250 yes"
                }
                "RCPT" => {
                    to.push(line.trim_start_matches("RCPT TO:").to_owned());
                    if let Post::Refuse(answer) = post { answer } else { "250 yes" }
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n")?;
                    let text = letter(&mut lines)?;
                    self.letters.lock().unwrap().push(Letter { to: std::mem::take(&mut to), text });
                    match &post {
                        Post::HangUp => return Ok(()),
                        Post::TakeBehind(gate) => gate.pass(),
                        Post::Take | Post::Refuse(_) => (),
                    }
                    "250 taken"
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n")?;
                    return Ok(());
                }
                _ => "250 yes",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes())?;
        }
        Ok(())
    }
}

/// Everything up to the lonely dot.
fn letter(lines: &mut io::Lines<BufReader<TcpStream>>) -> io::Result<String> {
    let mut text = String::new();
    for line in lines {
        let line = line?;
        if line == "." {
            break;
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push_str("\r\n");
    }
    Ok(text)
}
