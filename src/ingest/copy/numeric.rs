//! PostgreSQL's binary `numeric`: groups of four decimal digits, counted from the point in both directions.

use bytes::{BufMut, BytesMut};

const POSITIVE: i16 = 0;
const NEGATIVE: i16 = 0x4000;

/// Appends a field with the number that `text` spells: an optional minus sign, digits, and a point perhaps.
pub(super) fn put(text: &str, out: &mut BytesMut) -> Option<()> {
    let (sign, digits) = text.strip_prefix('-').map_or((POSITIVE, text), |digits| (NEGATIVE, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digit = |byte: u8| byte.is_ascii_digit();
    if digits.is_empty() || !whole.bytes().all(digit) || !fraction.bytes().all(digit) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let groups = groups(whole, fraction);
    let zeros = groups.clone().take_while(|group| *group == 0).count();
    let weight = whole.len().div_ceil(4).cast_signed() - 1 - zeros.cast_signed();
    let significant: Vec<i16> = groups.skip(zeros).collect();
    let length = significant.iter().rposition(|group| *group != 0).map_or(0, |last| last + 1);
    out.put_i32(i32::try_from(8 + 2 * length).ok()?);
    out.put_i16(i16::try_from(length).ok()?);
    out.put_i16(if length == 0 { 0 } else { i16::try_from(weight).ok()? });
    out.put_i16(if length == 0 { POSITIVE } else { sign });
    out.put_i16(i16::try_from(fraction.len()).ok()?);
    significant.iter().take(length).for_each(|group| out.put_i16(*group));
    Some(())
}

/// The groups before the point, filled up at their front, and those behind it, filled up at their end.
fn groups<'a>(whole: &'a str, fraction: &'a str) -> impl Iterator<Item = i16> + Clone + 'a {
    let missing = (4 - whole.len() % 4) % 4;
    let before = std::iter::repeat_n(b'0', missing).chain(whole.bytes());
    let behind = fraction.bytes().chain(std::iter::repeat_n(b'0', (4 - fraction.len() % 4) % 4));
    let mut digits = before.chain(behind);
    std::iter::from_fn(move || {
        let first = value(digits.next()?);
        Some((0..3).fold(first, |group, _| group * 10 + digits.next().map_or(0, value)))
    })
}

fn value(digit: u8) -> i16 {
    i16::from(digit - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<Vec<i16>> {
        let mut out = BytesMut::new();
        put(text, &mut out)?;
        assert_eq!(usize::try_from(i32::from_be_bytes(out[..4].try_into().unwrap())).unwrap(), out.len() - 4);
        Some(out[4..].chunks(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]])).collect())
    }

    #[test]
    fn numbers_are_groups_of_four_digits_around_the_point() {
        // number of groups, weight of the first, sign, decimals shown, groups
        let cases: [(&str, &[i16]); 12] = [
            ("0", &[0, 0, 0, 0]),
            ("-0.00", &[0, 0, 0, 2]),
            ("1", &[1, 0, 0, 0, 1]),
            ("-1.50", &[2, 0, NEGATIVE, 2, 1, 5000]),
            ("12345678", &[2, 1, 0, 0, 1234, 5678]),
            ("123456789.1", &[4, 2, 0, 1, 1, 2345, 6789, 1000]),
            ("0.0001", &[1, -1, 0, 4, 1]),
            ("0.00001", &[1, -2, 0, 5, 1000]),
            ("10000", &[1, 1, 0, 0, 1]),
            ("00012.", &[1, 0, 0, 0, 12]),
            (".25", &[1, -1, 0, 2, 2500]),
            ("100000000.00000001", &[5, 2, 0, 8, 1, 0, 0, 0, 1]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_has_no_form() {
        for text in ["", "-", "1e5", "NaN", "1,5", "--1", "1.2.3"] {
            assert_eq!(words(text), None, "{text:?}");
        }
    }
}
