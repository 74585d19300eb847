//! Channels: through what people are told, as the settings say.

use std::{net::IpAddr, path::PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use super::{command, mail::Mailbox, mail::Mailer, news::News, webhook::Webhook};
use crate::config::Settings;

/// One way to tell people.
#[derive(Debug, Clone)]
pub struct Channel {
    label: String,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Mail(Box<(Mailer, Mailbox)>),
    Webhook(Webhook),
    Command(PathBuf),
}

/// A notice that could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Another attempt may do better.
    #[error("{0}")]
    ForNow(String),
    /// It was refused, and would be again.
    #[error("{0}")]
    ForGood(String),
}

impl Channel {
    /// What it is called in the database and on pages: an address, a program, or a host with a fingerprint of its URL.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What it is, for the log: nobody's address.
    pub fn kind(&self) -> &'static str {
        match self.way {
            Way::Mail(_) => "mail",
            Way::Webhook(_) => "webhook",
            Way::Command(_) => "command",
        }
    }

    /// Tells. Ends within a minute, one way or the other.
    pub async fn send(&self, news: &News) -> Result<(), SendError> {
        match &self.way {
            Way::Mail(mail) => mail.0.send(&mail.1, news).await,
            Way::Webhook(hook) => hook.send(news).await,
            Way::Command(path) => command::send(path, news).await,
        }
    }

    fn of(text: &str, mailer: Option<&Mailer>) -> Result<Self, String> {
        if let Some(address) = text.strip_prefix("mailto:") {
            let to = Mailbox::of(address).ok_or("is no mail address: write mailto:NAME@HOST")?;
            let mailer = mailer.ok_or("is a mail address, and mails need --smtp-url and --mail-from")?;
            return Ok(Self { label: text.to_owned(), way: Way::Mail(Box::new((mailer.clone(), to))) });
        }
        if let Some(path) = text.strip_prefix("command:") {
            let path = command::checked(path)?;
            return Ok(Self { label: text.to_owned(), way: Way::Command(path) });
        }
        // The URL may be a secret: no message repeats it.
        let url: Url = text.parse().map_err(|_why: url::ParseError| UNKNOWN)?;
        match url.scheme() {
            "https" => (),
            "http" if is_loopback(&url) => (),
            "http" => return Err("would be sent in clear: write https, http is for this machine alone".into()),
            _ => return Err(UNKNOWN.into()),
        }
        let hook = Webhook::new(url)?;
        Ok(Self { label: hook.label(), way: Way::Webhook(hook) })
    }
}

const UNKNOWN: &str = "is none of mailto:ADDRESS, https://HOST/PATH and command:/PATH";

/// Whether a URL leads to this machine, whatever a name server says.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // Of schemes that are not the web's, addresses are not told from names.
        Some(Host::Domain(name)) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
        None => false,
    }
}

/// All channels of the settings.
#[derive(Debug, Clone, Default)]
pub struct Channels(Vec<Channel>);

impl Channels {
    /// Reads the settings; every mistake is a sentence that repeats no secret.
    pub fn of(settings: &Settings) -> Result<Self, Vec<String>> {
        let mut mistakes = Vec::new();
        let mailer = match (&settings.smtp_url, &settings.mail_from) {
            (Some(url), Some(from)) => Mailer::new(url, from).map_err(|found| mistakes.extend(found)).ok(),
            _ => None,
        };
        let mail_is_broken = !mistakes.is_empty();
        let mut channels: Vec<Channel> = Vec::new();
        let given = settings.notify.iter().filter(|text| !text.expose_secret().trim().is_empty());
        for (number, text) in (1..).zip(given) {
            let text = text.expose_secret().trim();
            if mail_is_broken && text.starts_with("mailto:") {
                continue;
            }
            match Channel::of(text, mailer.as_ref()) {
                Ok(channel) if channels.iter().any(|other| other.label == channel.label) => {
                    mistakes.push(format!("--notify names its channel {number} twice"));
                }
                Ok(channel) => channels.push(channel),
                Err(why) => mistakes.push(format!("--notify: channel {number} {why}")),
            }
        }
        if mistakes.is_empty() { Ok(Self(channels)) } else { Err(mistakes) }
    }

    /// Each of them, in the order of the settings.
    pub fn iter(&self) -> impl Iterator<Item = &Channel> {
        self.0.iter()
    }

    /// The one of that label.
    pub fn get(&self, label: &str) -> Option<&Channel> {
        self.iter().find(|channel| channel.label == label)
    }

    /// Whether nobody is told of anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A setting that is a secret, as a URL; the message does not repeat it.
pub(super) fn secret_url(name: &str, text: &SecretString) -> Result<Url, String> {
    text.expose_secret().trim().parse().map_err(|why: url::ParseError| format!("{name} is no URL: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Channel, String> {
        Channel::of(text, None)
    }

    #[test]
    fn a_webhook_shows_its_host_and_no_secret() {
        let one = of("https://hooks.example.org/T0/secret").unwrap();
        let other = of("https://hooks.example.org/T0/another").unwrap();
        assert!(one.label().starts_with("https://hooks.example.org #"), "{}", one.label());
        assert_ne!(one.label(), other.label(), "two secrets of one host are two channels");
        assert!(!format!("{one:?}").contains("secret"));
    }

    #[test]
    fn what_is_no_channel_is_refused_without_repeating_it() {
        for text in
            ["hooks.example.org/secret", "ftp://example.org/secret", "mailto:secret", "secret", "file:///secret"]
        {
            let why = of(text).unwrap_err();
            assert!(!why.contains("secret"), "{why}");
        }
        assert!(of("http://hooks.example.org/x").unwrap_err().contains("in clear"));
        assert!(of("http://127.0.0.1:9000/x").is_ok());
        assert!(of("mailto:ops@example.org").unwrap_err().contains("--smtp-url"));
        assert!(of("command:bin/tell").unwrap_err().contains("whole path"));
        assert!(of("command:/no/such/program").unwrap_err().contains("not there"));
    }
}
