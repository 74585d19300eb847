//! JSON in which single values are looked up. It may be long: nothing of it is kept.

use jiter::{Jiter, JiterError, Peek};

use crate::pointer::unescaped;

/// A value and all that is in it, as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document<'a>(&'a [u8]);

/// What a value says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It is null, or an empty text.
    Nothing,
    /// A text; or a number, as it is written.
    Text(String),
    /// Neither, but this.
    Other(&'static str),
}

impl<'a> Document<'a> {
    /// All of an answer, if it is JSON from its beginning to its end.
    pub(super) fn new(answer: &'a [u8]) -> Result<Self, JiterError> {
        let mut jiter = Jiter::new(answer);
        let peek = jiter.peek()?;
        let root = pass(answer, &mut jiter, peek)?;
        jiter.finish()?;
        Ok(root)
    }

    /// The value at a JSON pointer, if there is one.
    pub(super) fn at(self, pointer: &str) -> Result<Option<Self>, JiterError> {
        let mut value = self;
        for name in pointer.split('/').skip(1) {
            let Some(child) = value.child(&unescaped(name))? else { return Ok(None) };
            value = child;
        }
        Ok(Some(value))
    }

    /// Shows its elements one after the other; tells how many there are, or none if it is no array.
    pub(super) fn each(self, mut show: impl FnMut(Self) -> Result<(), JiterError>) -> Result<Option<u64>, JiterError> {
        let mut jiter = Jiter::new(self.0);
        if jiter.peek()? != Peek::Array {
            return Ok(None);
        }
        let (mut elements, mut next) = (0, jiter.next_array()?);
        while let Some(peek) = next {
            show(pass(self.0, &mut jiter, peek)?)?;
            elements += 1;
            next = jiter.array_step()?;
        }
        Ok(Some(elements))
    }

    /// The text or number at a pointer; empty if there is none.
    pub(super) fn text(self, pointer: &str) -> Result<String, JiterError> {
        let said = self.at(pointer)?.map(Self::said).transpose()?;
        Ok(if let Some(Said::Text(text)) = said { text } else { String::new() })
    }

    /// What it says, if it is a plain value.
    pub(super) fn said(self) -> Result<Said, JiterError> {
        let mut jiter = Jiter::new(self.0);
        let text = match jiter.peek()? {
            Peek::Null => return Ok(Said::Nothing),
            Peek::String => jiter.known_str()?.to_owned(),
            Peek::Object => return Ok(Said::Other("an object")),
            Peek::Array => return Ok(Said::Other("an array")),
            Peek::True | Peek::False => return Ok(Said::Other("a truth value")),
            _ => String::from_utf8_lossy(self.0).into_owned(),
        };
        Ok(if text.is_empty() { Said::Nothing } else { Said::Text(text) })
    }

    /// The bytes that it is written in.
    pub(super) fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// Whether it is an object.
    pub(super) fn is_object(self) -> bool {
        self.0.starts_with(b"{")
    }

    /// The member of this name, or the element at this place.
    fn child(self, name: &str) -> Result<Option<Self>, JiterError> {
        let (mut jiter, mut found) = (Jiter::new(self.0), None);
        match jiter.peek()? {
            Peek::Object => {
                let mut is_it = jiter.next_object()?.map(|known| known == name);
                while let Some(wanted) = is_it {
                    let peek = jiter.peek()?;
                    let value = pass(self.0, &mut jiter, peek)?;
                    found = if wanted { Some(value) } else { found };
                    is_it = jiter.next_key()?.map(|known| known == name);
                }
            }
            Peek::Array => {
                let (wanted, mut place, mut next) = (name.parse().ok(), 0_usize, jiter.next_array()?);
                while let Some(peek) = next {
                    let value = pass(self.0, &mut jiter, peek)?;
                    found = if wanted == Some(place) { Some(value) } else { found };
                    place += 1;
                    next = jiter.array_step()?;
                }
            }
            _ => (),
        }
        Ok(found)
    }
}

/// Goes behind the value that it stands before.
fn pass<'a>(bytes: &'a [u8], jiter: &mut Jiter<'a>, peek: Peek) -> Result<Document<'a>, JiterError> {
    let start = jiter.current_index();
    jiter.known_skip(peek)?;
    Ok(Document(bytes.get(start..jiter.current_index()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[u8] = br#" {"a": [1, {"b/c": "x\u0041"}, []], "n": -1.50e3, "o": {}, "t": true, "z": null,
        "": "", "a~": 7, "twice": 1, "twice": 2}
        "#;

    fn said(pointer: &str) -> Option<Said> {
        Document::new(PAGE).unwrap().at(pointer).unwrap().map(|value| value.said().unwrap())
    }

    #[test]
    fn a_value_is_found_by_its_pointer() {
        let text = |text: &str| Some(Said::Text(text.to_owned()));
        assert_eq!([said("/a/1/b~1c"), said("/n"), said("/a~0")], [text("xA"), text("-1.50e3"), text("7")]);
        assert_eq!([said("/z"), said("/")], [Some(Said::Nothing), Some(Said::Nothing)]);
        assert_eq!([said("/t"), said("/a")], [Some(Said::Other("a truth value")), Some(Said::Other("an array"))]);
        assert_eq!([said(""), said("/o")], [Some(Said::Other("an object")), Some(Said::Other("an object"))]);
        assert_eq!([said("/a/3"), said("/a/b"), said("/n/x"), said("/o/x")], [None, None, None, None]);
        assert_eq!(said("/twice"), text("2"));
    }

    #[test]
    fn elements_are_those_of_an_array() {
        let elements = |pointer| Document::new(PAGE).unwrap().at(pointer).unwrap().unwrap().each(|_| Ok(())).unwrap();
        assert_eq!([elements("/a"), elements("/a/2"), elements("/o"), elements("/n")], [Some(3), Some(0), None, None]);
    }

    #[test]
    fn what_is_no_whole_document_is_none() {
        for text in ["", "<html>", "[1", "{\"a\": 1}}", "{\"a\"}", "[] []", "{\"a\": nul}", &"[".repeat(1 << 20)] {
            assert!(Document::new(text.as_bytes()).is_err(), "{text:.20}");
        }
    }
}
