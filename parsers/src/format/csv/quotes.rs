//! Quotes that `csv-core` would let pass.

/// Whether a delimiter or the end stands behind every closing quote.
pub(super) fn well_quoted(record: &[u8], delimiter: u8, quote: u8) -> bool {
    if memchr::memchr(quote, record).is_none() {
        return true;
    }
    let mut rest = record;
    loop {
        if let Some((&first, quoted)) = rest.split_first().filter(|(first, _)| **first == quote) {
            let mut inner = quoted;
            rest = loop {
                let Some(at) = memchr::memchr(first, inner) else { return true };
                inner = inner.get(at + 1..).unwrap_or_default();
                match inner.split_first() {
                    Some((&next, behind)) if next == quote => inner = behind,
                    _ => break inner,
                }
            };
            if rest.first().is_some_and(|byte| *byte != delimiter) {
                return false;
            }
        }
        let Some(at) = memchr::memchr(delimiter, rest) else { return true };
        rest = rest.get(at + 1..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::well_quoted;

    #[test]
    fn text_behind_a_closing_quote_is_noticed_and_quotes_inside_of_plain_text_are_not() {
        for good in ["", "a,b", "\"a\",\"b\"", "\"a,\"\"b\"\"\",c", "5\" pipe,x", "a,\"\"", ",,\"\"\"\"", "\"open"] {
            assert!(well_quoted(good.as_bytes(), b',', b'"'), "{good}");
        }
        for bad in ["\"a\"b", "x,\"a\" ,y", "\"a\"\"\"b", "\"\"a,b"] {
            assert!(!well_quoted(bad.as_bytes(), b',', b'"'), "{bad}");
        }
    }
}
