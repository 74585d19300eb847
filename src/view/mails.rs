//! Templates of mails: each kind is a folder with a subject, a text and an HTML part.

use handlebars::{Handlebars, no_escape};
use rust_embed::RustEmbed;
use serde_json::Value;

use super::{ViewError, engine};
use crate::job::one_line;

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

    /// Fills in the three parts of a kind of mail. What comes from elsewhere begins no paragraph of its own, and no header.
    pub fn write(&self, kind: &str, mut values: Value) -> Result<Mail, ViewError> {
        flatten(&mut values);
        let plain = |part: &str| self.plain.render(&format!("{kind}/{part}"), &values).map_err(Box::new);
        let subject = plain("subject")?;
        let html = self.html.render(&format!("{kind}/html"), &values).map_err(Box::new)?;
        Ok(Mail { subject: one_line(subject.trim()), text: plain("text")?, html })
    }
}

/// Makes one line of each text.
fn flatten(value: &mut Value) {
    match value {
        Value::String(text) => *text = one_line(&text.lines().map(str::trim).collect::<Vec<_>>().join(" ")),
        Value::Array(values) => values.iter_mut().for_each(flatten),
        Value::Object(values) => values.values_mut().for_each(flatten),
        Value::Null | Value::Bool(_) | Value::Number(_) => (),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_mail_has_its_three_parts() {
        let mails = Mails::embedded().unwrap();
        for kind in ["held", "failing", "recovered", "test", "short"] {
            assert!(mails.plain.has_template(&format!("{kind}/subject")), "{kind}");
            assert!(mails.plain.has_template(&format!("{kind}/text")), "{kind}");
            assert!(mails.html.has_template(&format!("{kind}/html")), "{kind}");
        }
    }

    #[test]
    fn no_value_begins_a_line_or_commands_a_terminal() {
        let evil = "x\r\nBcc: b\n\nWhat to do\n  curl\u{2028}y\u{1b}[2J";
        let findings = json!([{ "check": "own", "message": evil }]);
        let values = json!({
            "title": evil, "name": "things", "job": "ingest:things", "release": 1, "at": "now", "url": "http://x",
            "findings": findings, "counts": null, "readable": true, "run": 1
        });
        let mail = Mails::embedded().unwrap().write("held", values).unwrap();
        let flat = "x Bcc: b  What to do curl\\u{2028}y\\u{1b}[2J";
        assert_eq!(mail.subject, format!("Held: {flat} (release 1)"));
        assert!(mail.text.contains(&format!("\n- own: {flat}\n")), "{}", mail.text);
        assert!(mail.html.contains(&format!("<strong>own</strong>: {flat}</li>")), "{}", mail.html);
    }
}
