//! What a tag may be, also where nobody wants what it says: behind a quote that is left open the elements that follow pass
//! for a value, and behind a bracket that is gone for a name.

use quick_xml::{events::BytesStart, name::ResolveResult};

use super::{Events, attributes};
use crate::read::ReadError;

impl Events<'_> {
    /// Looks at an element's name and at all its attributes.
    pub(super) fn check_tag(&self, start: &BytesStart<'_>) -> Result<(), ReadError> {
        let name = start.name().into_inner();
        if !is_name(name) {
            return Err(self.broken(format!("{name:?} is no name of an element")));
        }
        for attribute in attributes(start) {
            let attribute = attribute.map_err(|message| self.broken(message))?;
            let name = attribute.key.into_inner();
            if !is_name(name) {
                return Err(self.broken(format!("{name:?} is no name of an attribute")));
            }
            if matches!(self.reader.resolver().resolve_attribute(attribute.key).0, ResolveResult::Unknown(_)) {
                return Err(self.broken(format!("the prefix of the attribute {name} has no namespace")));
            }
            if memchr::memchr(b'<', attribute.value.as_bytes()).is_some() {
                let message = format!("the attribute {name} holds a \"<\": a quote is missing, or one too many");
                return Err(self.broken(message));
            }
            if memchr::memchr(b'&', attribute.value.as_bytes()).is_some() {
                self.value(&attribute)?;
            }
        }
        Ok(())
    }
}

/// Whether it can be a name, with or without a prefix: letters, digits and what may stand between them.
fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || matches!(byte, b'-' | b'.' | b'_');
    let is_part = |part: &str| {
        let begins = |byte: &u8| !byte.is_ascii_digit() && !matches!(byte, b'-' | b'.');
        part.as_bytes().first().is_some_and(begins) && part.bytes().all(fits)
    };
    text.split_once(':').map_or_else(|| is_part(text), |(prefix, local)| is_part(prefix) && is_part(local))
}
