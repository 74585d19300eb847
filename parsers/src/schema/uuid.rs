//! UUIDs: five groups of hexadecimal digits, in capitals or not, within braces or not.

use std::fmt;

/// Digits of each group.
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

/// The bytes of a UUID.
pub(super) fn read(text: &str) -> Result<[u8; 16], String> {
    let bare = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    digits(bare)
        .map(u128::to_be_bytes)
        .ok_or_else(|| "is not a UUID, 32 hexadecimal digits as in 123e4567-e89b-12d3-a456-426614174000".to_owned())
}

fn digits(text: &str) -> Option<u128> {
    let mut groups = text.split('-');
    let mut number = 0;
    for length in GROUPS {
        let group = groups.next().filter(|group| group.len() == length)?;
        for digit in group.chars() {
            number = number << 4 | u128::from(digit.to_digit(16)?);
        }
    }
    groups.next().is_none().then_some(number)
}

/// Writes the one form that each has.
pub(super) fn write(bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            f.write_str("-")?;
        }
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::read;
    use crate::Value;

    #[test]
    fn a_uuid_is_read_in_each_of_its_forms_and_written_in_one() {
        let one = "123e4567-e89b-12d3-a456-426614174000";
        for text in [one.to_owned(), one.to_uppercase(), format!("{{{one}}}")] {
            assert_eq!(Value::Uuid(read(&text).unwrap()).to_string(), one);
        }
        let long = format!("{one}-");
        for text in
            ["", "{", one.trim_end_matches('0'), &long, &one.replace('-', ""), &one.replace('a', "g"), "{123e4567"]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_uuid_is_read_back(bytes in any::<[u8; 16]>()) {
            prop_assert_eq!(read(&Value::Uuid(bytes).to_string()), Ok(bytes));
        }
    }
}
