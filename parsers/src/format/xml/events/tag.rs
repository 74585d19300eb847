//! What a tag may be, also where nobody wants what it says: behind a quote that is left open the elements that follow pass
//! for a value, and behind a bracket that is gone for a name.

use quick_xml::{events::BytesStart, name::ResolveResult};

use super::{Events, readable};
use crate::read::ReadError;

impl Events<'_> {
    /// Looks at an element's name.
    pub(super) fn check_name(&self, start: &BytesStart<'_>) -> Result<(), ReadError> {
        let name = start.name().into_inner();
        if is_name(name) { Ok(()) } else { Err(self.broken(format!("{name:?} is no name of an element"))) }
    }

    /// Looks at all the attributes of an element.
    pub(super) fn check_attributes(&self, start: &BytesStart<'_>) -> Result<(), ReadError> {
        for attribute in readable(start.attributes()) {
            let attribute = attribute.map_err(|message| self.broken(message))?;
            let name = attribute.key.into_inner();
            if !is_name(name) {
                return Err(self.broken(format!("{name:?} is no name of an attribute")));
            }
            if matches!(self.names.resolve_attribute(attribute.key).0, ResolveResult::Unknown(_)) {
                return Err(self.broken(format!("the prefix of the attribute {name} has no namespace")));
            }
            if memchr::memchr(b'<', attribute.value.as_bytes()).is_some() {
                let message = format!("the attribute {name} holds a \"<\": a quote is missing, or one too many");
                return Err(self.broken(message));
            }
            if memchr::memchr(b'&', attribute.value.as_bytes()).is_some() {
                self.check_references(&attribute.value)?;
                self.value(&attribute)?;
            }
        }
        Ok(())
    }
}

/// Whether the attributes of a tag are one alone, in double quotes, that has no prefix, declares no namespace and refers to
/// nothing: as with most records of most documents, and nothing about it can be wrong.
pub(super) fn is_plain(attributes: &str) -> bool {
    let one =
        attributes.trim_matches([' ', '\t', '\r', '\n']).strip_suffix('"').and_then(|rest| rest.split_once("=\""));
    one.is_some_and(|(name, value)| {
        is_name(name)
            && memchr::memchr(b':', name.as_bytes()).is_none()
            && name != "xmlns"
            && memchr::memchr3(b'"', b'<', b'&', value.as_bytes()).is_none()
    })
}

/// Whether it can be a name, with or without a prefix: letters, digits and what may stand between them.
fn is_name(text: &str) -> bool {
    let (mut begins, mut has_prefix) = (true, false);
    for byte in text.bytes() {
        if kind(byte) & if begins { BEGINS } else { GOES_ON } != 0 {
            begins = false;
        } else if begins || byte != b':' || has_prefix {
            return false;
        } else {
            (begins, has_prefix) = (true, true);
        }
    }
    !begins
}

const BEGINS: u8 = 1;
const GOES_ON: u8 = 2;

/// What a byte can be in a name. Letters beyond ASCII are all taken for such as names have.
fn kind(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'_' | 0x80..=0xff => BEGINS | GOES_ON,
        b'0'..=b'9' | b'-' | b'.' => GOES_ON,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_wrong_is_looked_at_more_closely() {
        for plain in [" id=\"1\"", " _a-b.c=\"\" ", "\n\tnäme=\"it's > that\""] {
            assert!(is_plain(plain), "{plain}");
            let start = BytesStart::from_content(format!("row{plain}"), 3);
            assert_eq!(start.attributes().filter_map(Result::ok).count(), 1, "{plain}");
        }
        for closer in [
            "",
            " \u{c}id=\"1\"",
            " id=\"1\"\u{c}",
            " id",
            " id='1'",
            " id = \"1\"",
            " id=\"1",
            " =\"1\"",
            " 1d=\"1\"",
            " id=\"1\" id=\"2\"",
            " a=\"1\"b=\"2\"",
            " id=\"<\"",
            " id=\"&#65;\"",
            " xmlns=\"urn:a\"",
            " xmlns:a=\"urn:a\"",
            " a:id=\"1\"",
            " id=\"1\" b=\"",
            " id=\"\"\"",
        ] {
            assert!(!is_plain(closer), "{closer}");
        }
    }
}
