//! Bytes as text, strictly: a byte that is no character of its encoding does not decode.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

/// The encoding of a name: one of WHATWG's, or one that others say for it. None if it cannot be read strictly.
pub(crate) fn encoding(label: &str) -> Option<&'static Encoding> {
    let label = match label.to_ascii_lowercase().as_str() {
        "cp932" => "shift_jis",
        "latin-1" => "latin1",
        _ => label,
    };
    let found = Encoding::for_label_no_replacement(label.as_bytes())?;
    (found.name() != "x-user-defined").then_some(found)
}

/// The text, or none if a byte is not of the encoding.
pub(crate) fn text<'b>(bytes: &'b [u8], charset: &'static Encoding) -> Option<Cow<'b, str>> {
    if charset == UTF_8 {
        return str::from_utf8(bytes).ok().map(Cow::Borrowed);
    }
    let text = charset.decode_without_bom_handling_and_without_replacement(bytes)?;
    hole(text.as_bytes(), charset).is_none().then_some(text)
}

/// Where in a decoded text, which is UTF-8, a byte stands that its code page does not have: the tables of WHATWG make a
/// control character of it, U+0080 to U+009F, which no table of data holds.
pub(super) fn hole(text: &[u8], charset: &'static Encoding) -> Option<usize> {
    if !charset.is_single_byte() {
        return None;
    }
    memchr::memchr_iter(0xc2, text).find(|at| matches!(text.get(at + 1), Some(0x80..=0x9f)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_its_code_page_does_not_have_does_not_decode() {
        let read = |bytes, label: &str| text(bytes, encoding(label).unwrap()).map(Cow::into_owned);
        assert_eq!(read(b"Z\xfcrich \x80", "windows-1252").as_deref(), Some("Zürich €"));
        for (bytes, label) in [
            (&b"Z\x81rich"[..], "windows-1252"),
            (b"\x8d", "latin1"),
            (b"\x85", "iso-8859-2"),
            (b"\xff", "shift_jis"),
            (b"\xe9", "utf-8"),
        ] {
            assert_eq!(read(bytes, label), None, "{label}");
        }
        assert_eq!(read("\u{85}".as_bytes(), "utf-8").as_deref(), Some("\u{85}"), "that is what it says");
    }

    #[test]
    fn encodings_have_the_names_that_files_are_given() {
        for (label, name) in [
            ("cp932", "Shift_JIS"),
            ("latin-1", "windows-1252"),
            ("cp1250", "windows-1250"),
            ("CP1252", "windows-1252"),
            ("UTF-16LE", "UTF-16LE"),
            ("big5", "Big5"),
        ] {
            assert_eq!(encoding(label).map(Encoding::name), Some(name));
        }
        for none in ["replacement", "iso-2022-kr", "x-user-defined", "cp850", "latin", ""] {
            assert_eq!(encoding(none), None, "{none}");
        }
    }
}
