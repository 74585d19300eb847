//! Numbers, exactly as written or not at all.

mod written;

pub use written::{Digits, Written};

pub(super) use written::Use;

/// A whole number.
pub(super) fn integer(text: &str) -> Result<i64, String> {
    text.parse().ok().ok_or_else(|| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole { "does not fit into 64 bits".to_owned() } else { "is not a whole number".to_owned() }
    })
}

/// A binary floating-point number; infinity and "not a number" are no values, nor is what would vanish.
pub(super) fn float(text: &str) -> Result<f64, String> {
    let digits = text.split(['e', 'E']).next().unwrap_or(text);
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && !digits.ends_with('.'));
    let number = number.ok_or_else(|| "is not a number, or is too large".to_owned())?;
    if number == 0.0 && digits.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        return Err("is closer to zero than a float can be".to_owned());
    }
    // Minus zero is zero, and must not look like a change.
    Ok(number + 0.0)
}

/// An exact number without needless zeros: equal numbers become equal texts. It mostly stands in `text`; else it is
/// written into `out`.
pub(super) fn decimal<'a>(text: &'a str, precision: u16, scale: u16, out: &'a mut String) -> Result<&'a str, String> {
    let number = Number::find(text).ok_or_else(|| "is not a decimal number".to_owned())?;
    let Number { negative, digits, first, point, last } = number;
    let (whole, fraction) = (point - first, last.saturating_sub(point + 1));
    if fraction > usize::from(scale) {
        return Err(format!("has {fraction} decimals, and {scale} are allowed"));
    }
    if whole > usize::from(precision - scale) {
        return Err(format!("has {whole} digits before the point, and {} are allowed", precision - scale));
    }
    if point == 0 {
        return Ok(without_zero(negative, digits.get(..last).unwrap_or_default(), out));
    }
    // A zero before the point is there.
    let start = if whole == 0 { first - 1 } else { first };
    if !negative || (whole == 0 && fraction == 0) {
        return Ok(digits.get(start..last).unwrap_or_default());
    }
    if start == 0 {
        return Ok(text.get(..=last).unwrap_or_default());
    }
    out.clear();
    out.push('-');
    out.push_str(digits.get(start..last).unwrap_or_default());
    Ok(out)
}

/// A number that has no digit before its point, such as `.99`: with the zero that was left out.
fn without_zero<'a>(negative: bool, fraction: &str, out: &'a mut String) -> &'a str {
    out.clear();
    if negative && !fraction.is_empty() {
        out.push('-');
    }
    out.push('0');
    out.push_str(fraction);
    out
}

/// A decimal number as it is written.
struct Number<'a> {
    negative: bool,
    /// All behind the sign.
    digits: &'a str,
    /// Where in it the first digit before the point stands that is no leading zero.
    first: usize,
    /// Where the point stands, or would stand.
    point: usize,
    /// Where it ends, without trailing zeros behind the point, and without the point if nothing is behind it then.
    last: usize,
}

impl<'a> Number<'a> {
    /// Takes `.5` for what it can only be. `5.` may be a number whose end was cut, and is none.
    fn find(text: &'a str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let bytes = digits.as_bytes();
        let point = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
        let (whole, fraction) = bytes.split_at_checked(point)?;
        let good = match fraction.split_first() {
            None => point > 0,
            Some((b'.', fraction)) => !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit),
            Some(_) => false,
        };
        if !good {
            return None;
        }
        let first = whole.iter().position(|byte| *byte != b'0').unwrap_or(point);
        let end = fraction.iter().rposition(|byte| *byte != b'0' && *byte != b'.').map_or(0, |last| last + 1);
        Some(Self { negative, digits, first, point, last: point + end })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let mut out = String::new();
        decimal(text, 8, 3, &mut out).map(str::to_owned)
    }

    #[test]
    fn equal_decimals_become_equal_texts() {
        for text in ["1", "1.0", "1.000", "+1", "01.00000"] {
            assert_eq!(read(text).unwrap(), "1", "{text}");
        }
        for text in ["0", "-0", "-0.00", "000"] {
            assert_eq!(read(text).unwrap(), "0", "{text}");
        }
        for text in ["-1.5", "-01.50", "-0001.5"] {
            assert_eq!(read(text).unwrap(), "-1.5", "{text}");
        }
        assert_eq!(read("-12345.678").unwrap(), "-12345.678");
        assert_eq!(read("-00.250").unwrap(), "-0.25");
        for (text, plain) in [(".99", "0.99"), ("-.5", "-0.5"), ("+.50", "0.5"), (".000", "0"), ("-.0", "0")] {
            assert_eq!(read(text).unwrap(), plain, "{text}");
        }
    }

    #[test]
    fn nothing_is_rounded_cut_or_guessed() {
        for text in [
            "1.2345", "123456", "", "-", ".", "-.", "5.", "1..5", ".-5", ".1234", "1,5", "1e3", " 1", "NaN", "1.2.3",
            "٣", "--1",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(integer("9223372036854775808").unwrap_err(), "does not fit into 64 bits");
        assert!(float("-0.0").unwrap().is_sign_positive());
        assert!(integer("1.0").is_err() && float("inf").is_err() && float("1e999").is_err());
        assert!(float("5.").is_err() && float("5.e1").is_err() && float("-1e-400").is_err());
        assert!(float("0e-400") == Ok(0.0) && float(".5") == Ok(0.5) && float("1e-300").is_ok());
    }

    proptest! {
        #[test]
        fn a_zero_before_the_point_may_be_left_out(sign in "[-+]?", fraction in "[0-9]{1,5}") {
            prop_assert_eq!(read(&format!("{sign}.{fraction}")), read(&format!("{sign}0.{fraction}")));
        }

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
