//! What references stand for: characters that XML may hold, and its own five entities.

use std::borrow::Cow;

use quick_xml::{escape::resolve_xml_entity, events::BytesRef};

use super::{Event, Events};
use crate::read::ReadError;

impl Events<'_> {
    /// What a reference in a text stands for.
    pub(super) fn reference(&self, reference: &BytesRef<'_>) -> Result<Event<'static>, ReadError> {
        if let Some(character) = self.character(reference)? {
            return Ok(Event::Text(Cow::Owned(character.to_string())));
        }
        let unknown = || self.broken(format!("the entity &{}; is none of XML's own", &**reference));
        resolve_xml_entity(reference).map(|text| Event::Text(Cow::Borrowed(text))).ok_or_else(unknown)
    }

    /// Looks at the references to characters in an attribute's value.
    pub(super) fn check_references(&self, value: &str) -> Result<(), ReadError> {
        let names = value.split('&').skip(1).filter_map(|behind| behind.split_once(';'));
        names.map(|(name, _)| BytesRef::new(name)).try_for_each(|reference| self.character(&reference).map(|_| ()))
    }

    /// The character that a reference stands for, if it is not to an entity.
    fn character(&self, reference: &BytesRef<'_>) -> Result<Option<char>, ReadError> {
        match reference.resolve_char_ref() {
            Ok(None) => Ok(None),
            Ok(Some(character)) if is_character(character) => Ok(Some(character)),
            _ => {
                Err(self.broken(format!("the reference &{}; stands for no character that XML may hold", &**reference)))
            }
        }
    }
}

/// Whether XML 1.0 may hold a character at all, even by reference.
fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}
