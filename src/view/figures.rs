//! Numbers, sizes and lengths of time as people read them.

/// `1234567` as 1,234,567. Text that is no plain decimal number stays as it is.
pub fn number(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("\u{2212}", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || fraction.is_some_and(|part| !plain(part)) {
        return text.to_owned();
    }
    let mut grouped = String::with_capacity(text.len() + whole.len() / 3 + 2);
    grouped.push_str(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// Bytes in the unit that leaves at most three digits before the point.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let (mut tenths, mut unit) = (count / 100, "kB");
    for next in UNITS {
        unit = next;
        if tenths < 10_000 {
            break;
        }
        tenths /= 1000;
    }
    if tenths < 100 { format!("{}.{} {unit}", tenths / 10, tenths % 10) } else { format!("{} {unit}", tenths / 10) }
}

/// Seconds in the two greatest units that matter.
pub fn duration(seconds: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = seconds.max(0);
    let Some(first) = UNITS.iter().position(|(size, _)| seconds >= *size) else { return "< 1 s".to_owned() };
    let mut rest = seconds;
    let mut parts = Vec::with_capacity(2);
    for (size, unit) in UNITS.iter().skip(first).take(2) {
        if rest / size > 0 {
            parts.push(format!("{} {unit}", rest / size));
        }
        rest %= size;
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        let cases = [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("1234567.891", "1,234,567.891"),
            ("-4200", "\u{2212}4,200"),
            ("n/a", "n/a"),
            ("", ""),
        ];
        for (text, read) in cases {
            assert_eq!(number(text), read);
        }
    }

    #[test]
    fn sizes_take_the_fitting_unit() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (64_120, "64 kB"),
            (999_999, "999 kB"),
            (1_430_000, "1.4 MB"),
            (7_000_000_000, "7.0 GB"),
        ];
        for (count, read) in cases {
            assert_eq!(bytes(count), read);
        }
    }

    #[test]
    fn lengths_of_time_take_two_units() {
        let cases = [(-3, "< 1 s"), (59, "59 s"), (125, "2 min 5 s"), (3_600, "1 h"), (90_061, "1 d 1 h")];
        for (seconds, read) in cases {
            assert_eq!(duration(seconds), read);
        }
    }
}
