//! Mail: over TLS, or to a server on this machine.

mod why;

use std::{borrow::Cow, time::Duration};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{self, MultiPart, header},
    transport::smtp::{
        self,
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use secrecy::SecretString;
use tokio::time::timeout;
use url::Url;

use super::{
    channel::{SendError, is_loopback, secret_url},
    news::News,
};
use crate::view::Mail;
use why::sentence;

/// How long the server may take for each answer, and for all of them.
const ANSWER: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_mins(1);

/// Answers that no other attempt would change: the address or the mail is refused. A refused password is not among
/// them, as the operator may mend it.
const REFUSALS: [&str; 5] = ["550", "551", "552", "553", "554"];

/// The answer of a server to which a mail is too large: RFC 1870.
const TOO_LARGE: &str = "552";

/// An address to which mails go, or from which they come. Has no control characters: the library would panic.
#[derive(Debug, Clone)]
pub(super) struct Mailbox(message::Mailbox);

impl Mailbox {
    /// `ADDRESS` or `NAME <ADDRESS>`.
    pub(super) fn of(text: &str) -> Option<Self> {
        if text.chars().any(char::is_control) {
            return None;
        }
        text.parse().ok().map(Self)
    }

    fn address(&self) -> &Address {
        &self.0.email
    }
}

/// A server that takes mails, and the sender that it takes them from.
#[derive(Debug, Clone)]
pub(super) struct Mailer {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// Reads the two settings; all that is wrong with them comes back at once.
    pub(super) fn new(url: &SecretString, from: &str) -> Result<Self, Vec<String>> {
        let server = secret_url("--smtp-url", url).and_then(|url| server(&url));
        let from = Mailbox::of(from).ok_or("--mail-from is no mail address: write NAME@HOST".to_owned());
        match (server, from) {
            (Ok(server), Ok(from)) => Ok(Self { server, from }),
            (server, from) => Err(server.err().into_iter().chain(from.err()).collect()),
        }
    }

    /// Hands a mail over; where it is too large for the server, a short one that says where it can be read.
    pub(super) async fn send(&self, to: &Mailbox, news: &News) -> Result<(), SendError> {
        match self.hand_over(to, &news.id, &news.mail).await {
            Err(Refusal { too_large: true, .. }) => Ok(self.hand_over(to, &news.id, &news.short).await?),
            other => Ok(other?),
        }
    }

    async fn hand_over(&self, to: &Mailbox, id: &str, mail: &Mail) -> Result<(), Refusal> {
        let mail =
            self.write(to, id, mail).map_err(|error| SendError::ForGood(format!("no mail can be made: {error}")))?;
        match timeout(PATIENCE, self.server.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Refusal::of(&error)),
            Err(_late) => Err(SendError::ForNow(format!("the mail server took over {} s", PATIENCE.as_secs())).into()),
        }
    }

    /// The same notice is the same mail: whoever gets it twice sees it once.
    fn write(&self, to: &Mailbox, id: &str, mail: &Mail) -> Result<Message, lettre::error::Error> {
        let id = format!("<{id}.bluebook@{}>", self.from.address().domain());
        let head = Message::builder().from(self.from.0.clone()).to(to.0.clone()).subject(&mail.subject);
        head.message_id(Some(id))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
    }
}

/// A mail that was not taken.
struct Refusal {
    error: SendError,
    /// Whether a shorter one may be.
    too_large: bool,
}

impl Refusal {
    fn of(error: &smtp::Error) -> Self {
        let code = error.status().map(|code| code.to_string()).unwrap_or_default();
        let refused = if REFUSALS.contains(&code.as_str()) { SendError::ForGood } else { SendError::ForNow };
        Self { error: refused(sentence(error)), too_large: code == TOO_LARGE }
    }
}

impl From<SendError> for Refusal {
    fn from(error: SendError) -> Self {
        Self { error, too_large: false }
    }
}

impl From<Refusal> for SendError {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

/// `smtps` speaks TLS from the start; `smtp` must agree on it, unless the server is on this machine.
fn server(url: &Url) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or("--smtp-url names no host")?;
    let plain = url.query_pairs().any(|(name, value)| name == "tls" && value == "none");
    let tls = || TlsParameters::new(host.trim_matches(['[', ']']).to_owned()).map_err(|error| sentence(&error));
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Wrapper(tls()?), 465),
        "smtp" if plain && is_loopback(url) => (Tls::None, 25),
        "smtp" if plain => return Err("--smtp-url: tls=none is for a server on this machine alone".into()),
        "smtp" => (Tls::Required(tls()?), 587),
        _ => return Err("--smtp-url must begin with smtps:// or smtp://".into()),
    };
    let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.trim_matches(['[', ']']));
    let server = server.port(url.port().unwrap_or(port)).tls(tls).timeout(Some(ANSWER)).hello_name(hello());
    Ok(match credentials(url)? {
        Some(credentials) => server.credentials(credentials).build(),
        None => server.build(),
    })
}

fn credentials(url: &Url) -> Result<Option<Credentials>, String> {
    let plain = |text: &str| {
        let text = percent_encoding::percent_decode_str(text).decode_utf8();
        text.map(Cow::into_owned).map_err(|_why| "--smtp-url: user or password is no UTF-8".to_owned())
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, password) => Ok(Some(Credentials::new(plain(user)?, plain(password.unwrap_or_default())?))),
    }
}

/// How this machine introduces itself.
fn hello() -> ClientId {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    let name = name.filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)));
    name.filter(|name| !name.is_empty()).map_or_else(ClientId::default, ClientId::Domain)
}

/// Tells other programs not to answer: RFC 3834.
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(url: &str, from: &str) -> String {
        Mailer::new(&SecretString::from(url), from).err().map(|found| found.join("; ")).unwrap_or_default()
    }

    #[tokio::test]
    async fn a_server_is_used_over_tls_or_on_this_machine() {
        for url in ["smtps://mail.example.org", "smtp://u:p%40@mail.example.org:2587", "smtp://127.0.0.1:1025?tls=none"]
        {
            assert_eq!(wrong(url, "Bluebook <bluebook@example.org>"), "", "{url}");
        }
        assert!(wrong("smtp://mail.example.org?tls=none", "a@example.org").contains("on this machine alone"));
        assert!(wrong("https://u:hidden@mail.example.org", "a@example.org").contains("smtps://"));
    }

    #[tokio::test]
    async fn both_mistakes_are_told_and_no_secret() {
        let found = wrong("smtp//u:hidden@mail", "a@example.org\r\nBcc: b@example.org");
        assert!(found.contains("--smtp-url is no URL") && found.contains("--mail-from"), "{found}");
        assert!(!found.contains("hidden"));
    }
}
