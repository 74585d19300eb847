//! JSON values: what PostgreSQL keeps as `jsonb` and gives back with nothing lost.

use std::{collections::HashSet, fmt};

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Digits of the longest number, its exponent among them: far within what `numeric` holds.
const LONGEST: usize = 300;

/// The text, if it is a JSON value.
pub(super) fn read(text: &str) -> Result<&str, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Sound.deserialize(&mut reader).and_then(|()| reader.end());
    read.map_err(|error| format!("is not JSON that can be kept: {error}"))?;
    if numbers(text).any(|number| number.len().saturating_add(exponent(number)) > LONGEST) {
        return Err(format!("holds a number of more than {LONGEST} digits"));
    }
    Ok(text)
}

/// Walks through a value and keeps nothing of it.
struct Sound;

impl<'de> DeserializeSeed<'de> for Sound {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Sound {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        without_nul(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some(Name(name)) = members.next_key()? {
            without_nul(&name)?;
            members.next_value_seed(Self)?;
            if let Some(twice) = names.replace(name) {
                return Err(A::Error::custom(format_args!("{twice:?} stands twice in one object")));
            }
        }
        Ok(())
    }
}

/// A member's name.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Name)
    }
}

fn without_nul<E: Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') {
        return Err(E::custom("it holds a NUL character, \\u0000, which no text may hold"));
    }
    Ok(())
}

/// The numbers in a good JSON text.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    let mut quoted = false;
    let outside = move |c: char| {
        let was_quoted = quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            _ => (),
        }
        was_quoted || !(c.is_ascii_digit() || ['.', 'e', 'E', '+', '-'].contains(&c))
    };
    text.split(outside).filter(|number| number.bytes().any(|byte| byte.is_ascii_digit()))
}

fn exponent(number: &str) -> usize {
    let exponent = number.split_once(['e', 'E']).map(|(_, exponent)| exponent.trim_start_matches(['+', '-']));
    exponent.map_or(0, |digits| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_is_kept_as_it_is_written() {
        for text in
            ["{}", "[1, 2.50, -3e-7]", "\"\\u00e9\"", "null", " {\"a\": {\"a\": [true]}} ", "1e200", "\"1e999999\""]
        {
            assert_eq!(read(text), Ok(text));
        }
    }

    #[test]
    fn what_could_not_be_kept_is_refused() {
        let long = format!("0.{}1", "0".repeat(400));
        let cases = [
            ("{\"a\": 1, \"a\": 2}", "\"a\" stands twice"),
            ("[{\"b\": {\"c\": 1, \"\\u0063\": 1}}]", "\"c\" stands twice"),
            ("\"a\\u0000\"", "NUL"),
            ("{\"\\u0000\": 1}", "NUL"),
            ("\"\\ud800 \"", "hex escape"),
            ("[1,]", "trailing comma"),
            ("{\"a\": 1", "EOF"),
            ("1 2", "trailing characters"),
            ("NaN", "expected value"),
            ("{'a': 1}", "key must be a string"),
            ("1e300", "more than 300 digits"),
            ("[1e-401]", "more than 300 digits"),
            ("", "EOF"),
            (&long, "more than 300 digits"),
            (&"[".repeat(200), "recursion"),
        ];
        for (text, reason) in cases {
            let said = read(text).unwrap_err();
            assert!(said.contains(reason), "{text}: {said}");
        }
    }

    proptest! {
        #[test]
        fn no_text_stops_it(text in "[\\[\\]{}\",:0-9eE.+-]{0,20}|.{0,10}") {
            let _either = read(&text);
        }
    }
}
