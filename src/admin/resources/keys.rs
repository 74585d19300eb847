//! Values in addresses: a row's key, a page's place in a list.
//!
//! Letters, digits, `-` and `_` stand for themselves, every other byte is `~` and two hexadecimal digits, `~` alone is
//! empty, `~~` is NULL, and a comma parts. So whatever a key holds, the path needs no percent sign, has no slash and no
//! dot, and nothing is decoded twice.

/// Values as one path segment.
pub(super) fn encode<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let parts: Vec<String> = values.into_iter().map(|value| value.map_or_else(|| "~~".to_owned(), escape)).collect();
    parts.join(",")
}

/// The `count` values of a segment that [`encode`] made; none for any other text.
pub(super) fn decode(segment: &str, count: usize) -> Option<Vec<Option<String>>> {
    let parts: Vec<_> = segment.split(',').map(part).collect::<Option<_>>()?;
    (parts.len() == count).then_some(parts)
}

/// The values of a row's key, which is never null.
pub(super) fn decode_key(segment: &str, count: usize) -> Option<Vec<String>> {
    decode(segment, count)?.into_iter().collect()
}

fn escape(value: &str) -> String {
    if value.is_empty() {
        return "~".to_owned();
    }
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            text.push(char::from(byte));
        } else {
            text.push('~');
            text.extend([byte >> 4, byte & 15].iter().filter_map(|digit| char::from_digit(u32::from(*digit), 16)));
        }
    }
    text
}

#[expect(clippy::option_option, reason = "no value at all is not the value NULL")]
fn part(text: &str) -> Option<Option<String>> {
    match text {
        "" => None,
        "~" => Some(Some(String::new())),
        "~~" => Some(None),
        _ => unescape(text).map(Some),
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut letters = text.bytes();
    while let Some(byte) = letters.next() {
        bytes.push(if byte == b'~' { digit(letters.next()?)? << 4 | digit(letters.next()?)? } else { byte });
    }
    String::from_utf8(bytes).ok().filter(|value| !value.contains('\0'))
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_keys_read_as_they_are() {
        assert_eq!(encode([Some("17")]), "17");
        assert_eq!(encode([Some("a/b"), None, Some("")]), "a~2fb,~~,~");
    }

    #[test]
    fn other_texts_are_no_keys() {
        for text in ["", "~1", "~z1", "~ff", "~00", "1,2"] {
            assert_eq!(decode(text, 1), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(values in proptest::collection::vec(proptest::option::of("[^\0]*"), 1..4)) {
            let segment = encode(values.iter().map(Option::as_deref));
            prop_assert!(segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_~,".contains(&b)));
            prop_assert_eq!(decode(&segment, values.len()), Some(values));
        }
    }
}
