//! Templates of mails: each kind is a folder with a subject, a text and an HTML part.

use handlebars::{Handlebars, no_escape};
use rust_embed::RustEmbed;
use serde::Serialize;

use super::{ViewError, engine};

#[derive(RustEmbed)]
#[folder = "templates/mail/"]
struct Files;

/// A mail as it is written, without its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// One line, without control characters.
    pub subject: String,
    /// For whoever reads plain text.
    pub text: String,
    /// The same for everybody else.
    pub html: String,
}

/// The templates under templates/mail, compiled into the program. HTML is escaped, the others are plain text.
pub struct Mails {
    plain: Handlebars<'static>,
    html: Handlebars<'static>,
}

impl Mails {
    /// Parses all of them.
    pub fn embedded() -> Result<Self, ViewError> {
        let (mut plain, mut html) = (engine(), engine());
        plain.register_escape_fn(no_escape);
        for path in Files::iter() {
            let Some((name, file)) = path.strip_suffix(".hbs").zip(Files::get(&path)) else { continue };
            let is_plain = name.ends_with("/subject") || name.ends_with("/text");
            let engine = if is_plain { &mut plain } else { &mut html };
            engine.register_template_string(name, String::from_utf8_lossy(&file.data)).map_err(Box::new)?;
        }
        Ok(Self { plain, html })
    }

    /// Fills in the three parts of a kind of mail.
    pub fn write(&self, kind: &str, values: &impl Serialize) -> Result<Mail, ViewError> {
        let plain = |part: &str| self.plain.render(&format!("{kind}/{part}"), values).map_err(Box::new);
        let subject = plain("subject")?;
        let html = self.html.render(&format!("{kind}/html"), values).map_err(Box::new)?;
        Ok(Mail { subject: one_line(&subject), text: plain("text")?, html })
    }
}

/// What comes from elsewhere begins no header of its own.
fn one_line(text: &str) -> String {
    let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.trim().chars().map(|c| if ends_line(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_has_its_three_parts() {
        let mails = Mails::embedded().unwrap();
        for kind in ["held", "failing", "recovered", "test"] {
            assert!(mails.plain.has_template(&format!("{kind}/subject")), "{kind}");
            assert!(mails.plain.has_template(&format!("{kind}/text")), "{kind}");
            assert!(mails.html.has_template(&format!("{kind}/html")), "{kind}");
        }
    }

    #[test]
    fn a_subject_is_one_line() {
        assert_eq!(one_line(" Held: a\r\nBcc: b\u{2028}c\n"), "Held: a  Bcc: b c");
    }
}
