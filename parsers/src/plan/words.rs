//! Texts that go with a request and may hold secrets by their names: `secret:NAME`, or `{secret:NAME}` within a text.

use std::{fmt, str::FromStr};

/// How a secret begins within a text.
const OPEN: &str = "{secret:";

/// The name of a secret: letters, digits, `_`, `-` and `.`, at most 64, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretName(String);

impl SecretName {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that names no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no secret: write secret:NAME, with letters, digits, `_`, `-` and `.` in its name")]
pub struct WordsError(String);

impl FromStr for SecretName {
    type Err = WordsError;

    fn from_str(text: &str) -> Result<Self, WordsError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
        if begins && text.len() <= 64 && text.chars().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(WordsError(format!("secret:{text}")))
        }
    }
}

/// A text with places for secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Secret(SecretName),
}

impl Words {
    /// The secrets that it holds.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretName> {
        self.0.iter().filter_map(|piece| if let Piece::Secret(name) = piece { Some(name) } else { None })
    }

    /// The text with each secret in its place.
    pub fn fill<E>(&self, mut secret: impl FnMut(&SecretName) -> Result<String, E>) -> Result<String, E> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Secret(name) => text.push_str(&secret(name)?),
            }
        }
        Ok(text)
    }

    /// The same with everything that is no secret changed.
    pub(crate) fn change<E>(&self, mut change: impl FnMut(&str) -> Result<String, E>) -> Result<Self, E> {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Plain(plain) => change(plain).map(Piece::Plain),
            secret @ Piece::Secret(_) => Ok(secret.clone()),
        });
        pieces.collect::<Result<_, E>>().map(Self)
    }

    /// What is no secret in it.
    pub(crate) fn plain(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| if let Piece::Plain(plain) = piece { Some(plain.as_str()) } else { None })
    }

    /// The text as people may see it.
    pub fn shown(&self) -> String {
        self.0.iter().fold(String::new(), |text, piece| match piece {
            Piece::Plain(plain) => text + plain,
            Piece::Secret(_) => text + "hidden",
        })
    }
}

impl FromStr for Words {
    type Err = WordsError;

    fn from_str(text: &str) -> Result<Self, WordsError> {
        if let Some(name) = text.strip_prefix("secret:") {
            return Ok(Self(vec![Piece::Secret(name.parse()?)]));
        }
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once(OPEN) {
            let (name, behind) = after.split_once('}').ok_or_else(|| WordsError(after.to_owned()))?;
            pieces.push(Piece::Plain(before.to_owned()));
            pieces.push(Piece::Secret(name.parse()?));
            rest = behind;
        }
        pieces.push(Piece::Plain(rest.to_owned()));
        Ok(Self(pieces))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stand_where_they_are_named_and_nowhere_else() {
        for (text, filled, shown) in [
            ("secret:TOKEN", "<TOKEN>", "hidden"),
            ("Bearer {secret:api-key}!", "Bearer <api-key>!", "Bearer hidden!"),
            ("{secret:a}{secret:b}", "<a><b>", "hiddenhidden"),
            ("no secret: at all {x}", "no secret: at all {x}", "no secret: at all {x}"),
            ("", "", ""),
        ] {
            let words: Words = text.parse().unwrap();
            let fill = words.fill(|name| Ok::<_, ()>(format!("<{name}>"))).unwrap();
            assert_eq!((fill.as_str(), words.shown().as_str()), (filled, shown));
        }
    }

    #[test]
    fn a_name_that_is_none_is_refused() {
        for text in ["secret:", "secret:../etc/passwd", "secret:a b", "{secret:}", "{secret:a", "secret:1", "secret:.x"]
        {
            assert!(text.parse::<Words>().is_err(), "{text}");
        }
    }
}
