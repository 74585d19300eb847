//! PostgreSQL's binary `numeric`: groups of four decimal digits, counted from the point in both directions.

const POSITIVE: i16 = 0;
const NEGATIVE: i16 = 0x4000;

/// Length of the field, number of groups, weight of the first, sign, decimals shown.
const HEAD: usize = 12;

/// Appends a field with the number that `text` spells: an optional minus sign, digits, and a point perhaps.
pub(super) fn put(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let (sign, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (NEGATIVE, digits),
        digits => (POSITIVE, digits),
    };
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, fraction) = digits.split_at_checked(point)?;
    let fraction = fraction.get(1..).unwrap_or_default();
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let zeros = whole.iter().take_while(|byte| **byte == b'0').count();
    let whole = whole.get(zeros..)?;
    let start = out.len();
    out.extend_from_slice(&[0; HEAD]);
    let leading = groups(whole, fraction, out, start + HEAD)?;
    while out.len() > start + HEAD && out.ends_with(&[0, 0]) {
        out.truncate(out.len() - 2);
    }
    let length = out.len() - start - HEAD;
    let weight = i16::try_from(whole.len().div_ceil(4)).ok()? - 1 - leading;
    let (weight, sign) = if length == 0 { (0, POSITIVE) } else { (weight, sign) };
    let (groups, scale) = (i16::try_from(length / 2).ok()?, i16::try_from(fraction.len()).ok()?);
    let size = i32::try_from(length + HEAD - 4).ok()?;
    let head = [groups, weight, sign, scale].map(i16::cast_unsigned);
    let head = head.into_iter().fold(0, |head, part| head << 16 | u64::from(part));
    out.get_mut(start..start + 4)?.copy_from_slice(&size.to_be_bytes());
    out.get_mut(start + 4..start + HEAD)?.copy_from_slice(&head.to_be_bytes());
    Some(())
}

/// Appends the groups before the point and those behind it, but for zeros in front, and counts these.
fn groups(whole: &[u8], fraction: &[u8], out: &mut Vec<u8>, first: usize) -> Option<i16> {
    let mut leading = 0;
    let mut push = |group: i16| {
        if group == 0 && out.len() == first {
            leading += 1;
        } else {
            out.extend_from_slice(&group.to_be_bytes());
        }
    };
    let (part, whole) = whole.split_at_checked(whole.len() % 4)?;
    if !part.is_empty() {
        let mut digits = [b'0'; 4];
        digits.iter_mut().rev().zip(part.iter().rev()).for_each(|(to, from)| *to = *from);
        push(group(digits)?);
    }
    let (fraction, part) = fraction.as_chunks();
    for digits in whole.as_chunks().0.iter().chain(fraction) {
        push(group(*digits)?);
    }
    if !part.is_empty() {
        let mut digits = [b'0'; 4];
        digits.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        push(group(digits)?);
    }
    Some(leading)
}

/// Four digits as a number.
fn group(digits: [u8; 4]) -> Option<i16> {
    let values = digits.map(|digit| i16::from(digit.wrapping_sub(b'0')));
    let [a, b, c, d] = values;
    values.iter().all(|value| *value < 10).then_some(a * 1000 + b * 100 + c * 10 + d)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<Vec<i16>> {
        let mut out = vec![7; 3];
        put(text, &mut out)?;
        let out = &out[3..];
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
        for text in ["", "-", ".", "1e5", "NaN", "1,5", "--1", "1.2.3"] {
            assert_eq!(words(text), None, "{text:?}");
        }
    }
}
