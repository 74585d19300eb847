//! Numbers, exactly as written or not at all.

/// A whole number.
pub(super) fn integer(text: &str) -> Result<i64, String> {
    text.parse().ok().ok_or_else(|| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole { "does not fit into 64 bits".to_owned() } else { "is not a whole number".to_owned() }
    })
}

/// A binary floating-point number; infinity and "not a number" are no values.
pub(super) fn float(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    // Minus zero is zero, and must not look like a change.
    number.map(|number| number + 0.0).ok_or_else(|| "is not a number, or is too large".to_owned())
}

/// An exact number, written into `out` without needless zeros: equal numbers become equal texts.
pub(super) fn decimal(text: &str, precision: u16, scale: u16, out: &mut String) -> Result<(), String> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..)),
        Some(b'+') => (false, text.get(1..)),
        _ => (false, Some(text)),
    };
    let digits = digits.unwrap_or_default();
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let only_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !only_digits(whole) || !only_digits(fraction) {
        return Err("is not a decimal number".to_owned());
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if fraction.len() > usize::from(scale) {
        return Err(format!("has {} decimals, and {scale} are allowed", fraction.len()));
    }
    if whole.len() > usize::from(precision - scale) {
        return Err(format!("has {} digits before the point, and {} are allowed", whole.len(), precision - scale));
    }
    out.clear();
    if negative && !(whole.is_empty() && fraction.is_empty()) {
        out.push('-');
    }
    out.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let mut out = String::new();
        decimal(text, 8, 3, &mut out).map(|()| out)
    }

    #[test]
    fn equal_decimals_become_equal_texts() {
        for text in ["1", "1.0", "1.000", "+1", "01.00000"] {
            assert_eq!(read(text).unwrap(), "1", "{text}");
        }
        for text in ["0", "-0", "-0.00", "000"] {
            assert_eq!(read(text).unwrap(), "0", "{text}");
        }
        assert_eq!(read("-12345.678").unwrap(), "-12345.678");
    }

    #[test]
    fn nothing_is_rounded_cut_or_guessed() {
        for text in ["1.2345", "123456", "", "-", ".5", "5.", "1,5", "1e3", " 1", "NaN", "1.2.3", "٣", "--1"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(integer("9223372036854775808").unwrap_err(), "does not fit into 64 bits");
        assert!(float("-0.0").unwrap().is_sign_positive());
        assert!(integer("1.0").is_err() && float("inf").is_err() && float("1e999").is_err());
    }

    proptest! {
        #[test]
        fn a_decimal_keeps_its_value(number in -99_999_999_i64..=99_999_999, zeros in 0_usize..4) {
            let sign = if number < 0 { "-" } else { "" };
            let digits = format!("{:0>4}", number.abs());
            let (whole, fraction) = digits.split_at(digits.len() - 3);
            let text = format!("{sign}{whole}.{fraction}{}", "0".repeat(zeros));
            let read = read(&text).unwrap();
            let (whole, fraction) = read.split_once('.').unwrap_or((&read, ""));
            let back: i64 = format!("{whole}{fraction:0<3}").parse().unwrap();
            prop_assert_eq!(back, number);
            prop_assert!(!read.contains('.') || !read.ends_with('0'));
        }
    }
}
