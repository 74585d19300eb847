//! Secrets in what others write: found in whichever spelling they come back.

use secrecy::{ExposeSecret as _, SecretString};

/// Secrets that others may repeat, and that nothing shows.
#[derive(Debug, Clone, Default)]
pub struct Veil(Vec<SecretString>);

impl Veil {
    /// A text without them.
    pub fn over(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| without(&text, secret.expose_secret()))
    }
}

impl FromIterator<SecretString> for Veil {
    fn from_iter<I: IntoIterator<Item = SecretString>>(secrets: I) -> Self {
        Self(secrets.into_iter().collect())
    }
}

/// The text with `hidden` in each place where the secret stands, as it is, in a form, in a URL, in a URL within a URL, or
/// within the quotes of JSON, or as a mixture of these; in capitals or not, as the name of a host loses them.
fn without(text: &str, secret: &str) -> String {
    let (mut shown, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        let behind = if secret.is_empty() { None } else { behind(rest, secret) };
        if let Some(behind) = behind {
            shown.push_str("hidden");
            rest = behind;
        } else {
            shown.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    shown
}

/// What comes behind the secret, if the text begins with it.
fn behind<'a>(text: &'a str, secret: &str) -> Option<&'a str> {
    let mut rest = text.as_bytes();
    for byte in secret.bytes() {
        rest = spelled(rest, byte)?;
    }
    text.get(text.len() - rest.len()..)
}

/// What comes behind one byte, however it is spelled.
fn spelled(text: &[u8], byte: u8) -> Option<&[u8]> {
    match text {
        [first, rest @ ..] if first.eq_ignore_ascii_case(&byte) => Some(rest),
        [b'+', rest @ ..] if byte == b' ' => Some(rest),
        [b'\\', escaped, rest @ ..] if escaped.eq_ignore_ascii_case(&byte) => Some(rest),
        [b'%', rest @ ..] => escaped(rest, byte),
        _ => None,
    }
}

/// The same behind a percent sign, which may itself be escaped, as often as a URL was put into another.
fn escaped(text: &[u8], byte: u8) -> Option<&[u8]> {
    let [high, low, rest @ ..] = text else { return None };
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let found = u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()?;
    match found {
        _ if found.eq_ignore_ascii_case(&byte) || (found == b'+' && byte == b' ') => Some(rest),
        b'%' => escaped(rest, byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_in_every_spelling() {
        let secret = "a/b +\"ü\"";
        for spelled in
            ["a/b +\"ü\"", "a%2Fb+%2B%22%C3%BC%22", "a/b%20+%22%c3%bc%22", "%61%2fb%20%2B%22ü%22", r#"a\/b +\"ü\""#]
                .into_iter()
                .chain(["a%252Fb%2B%252B%2522%25C3%25BC%2522", "a%25252fb%252520%25252B%252522%2525C3%2525BC%252522"])
        {
            assert_eq!(without(&format!("ü{spelled}, {spelled}ü"), secret), "ühidden, hiddenü", "{spelled}");
        }
        assert_eq!(without("http://s3cr3t.evil.test/%53%33CR3t", "S3cr3T"), "http://hidden.evil.test/hidden");
        for other in ["a/b +\"u\"", "a/b", "", "%", "a%2"] {
            assert_eq!(without(other, secret), other);
        }
        assert_eq!(without("50 %", "%"), "50 hidden");
        assert_eq!(without("nothing", ""), "nothing");
    }
}
