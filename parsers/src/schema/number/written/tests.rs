use proptest::prelude::*;

use super::*;

fn comma() -> Written {
    Written { decimal_mark: ',', thousands: Some('.'), ..Written::default() }
}

fn read(written: &Written, text: &str) -> Result<String, String> {
    let mut out = String::new();
    written.plain(text, Use::Decimal(3), &mut out).map(|()| out)
}

#[test]
fn groups_of_three_are_whole_or_there_are_none() {
    for (text, plain) in [
        ("1.234.567,8", "1234567.8"),
        ("1234567,8", "1234567.8"),
        ("-26.377", "-26377"),
        ("0,5", "0.5"),
        (",5", "0.5"),
        ("-,5", "-0.5"),
    ] {
        assert_eq!(read(&comma(), text).unwrap(), plain);
    }
    for text in [
        "1.23,4",
        "1234.567",
        ".234",
        "1..234",
        "1.234.56",
        "1,234.5",
        "1,2,3",
        "1,",
        ",",
        "-,",
        ".,5",
        "",
        "-",
        "1.2e3",
        "1.234 ",
        "0.500",
        "-0.500",
        "012.500",
        "0.123.456",
    ] {
        assert!(read(&comma(), text).is_err(), "{text}");
    }
    assert!(read(&Written { thousands: None, ..comma() }, "1.234").is_err());
}

#[test]
fn what_stands_around_a_number_is_dropped_where_it_is_said_and_must_be_there() {
    let dollars = Written { thousands: Some(','), prefix: "$".into(), ..Written::default() };
    for (text, plain) in [("$1,138.00", "1138.00"), ("-$5", "-5"), ("$-5", "-5"), ("$.99", "0.99"), ("-$.05", "-0.05")]
    {
        assert_eq!(read(&dollars, text).unwrap(), plain);
    }
    for text in ["5", "$", "-$-5", "$$5", "5$", "$ 5"] {
        assert!(read(&dollars, text).is_err(), "{text}");
    }
    let share = Written { suffix: " %".into(), ..Written::default() };
    assert_eq!(read(&share, "12.5 %").unwrap(), "12.5");
    assert_eq!(read(&share, "12.5").unwrap_err(), "does not end in \" %\"");
}

#[test]
fn the_noise_of_binary_numbers_is_dropped_and_nothing_else() {
    let binary = Written { digits: Digits::Binary, ..Written::default() };
    let cases = [
        ("-0.14699999999999999", "-0.147000000000000"),
        ("-3.0000000000000001E-3", "-0.00300000000000000"),
        ("17525.653000000002", "17525.6530000000"),
        ("15399.590999999997", "15399.5910000000"),
        ("9999999999999999", "10000000000000000"),
        ("1e3", "1000"),
        ("0.0001234", "0.0001234"),
        ("1.2345", "1.2345"),
        (".14699999999999999", "0.147000000000000"),
        ("-.5E1", "-5"),
    ];
    for (text, plain) in cases {
        assert_eq!(read(&binary, text).unwrap(), plain, "{text}");
    }
    for text in ["1.00000000000000001", "123456789012345678", "1e401", "1e-2147483648", "1e", "e5", ".e5", "1e1.5"] {
        assert!(read(&binary, text).is_err(), "{text}");
    }
}

#[test]
fn rounding_is_a_word_of_the_definition() {
    let rounded = Written { digits: Digits::Rounded, ..Written::default() };
    let cases = [
        ("1.0005", "1.001"),
        ("-1.00049", "-1.000"),
        ("9.9996", "10.000"),
        ("0.0004", "0.000"),
        ("6e-4", "0.001"),
        ("4E-9", "0"),
    ];
    for (text, plain) in cases {
        assert_eq!(read(&rounded, text).unwrap(), plain, "{text}");
    }
    assert!(read(&Written::default(), "6e-4").is_err(), "an exponent needs a word, too");
}

proptest! {
    #[test]
    fn a_number_with_marks_is_the_number_without(whole in 0_u64..=u64::MAX, fraction in "[0-9]{0,4}", negative in any::<bool>()) {
        let mark = |at: usize, digit: char, all: usize| {
            let mark = if at > 0 && (all - at).is_multiple_of(3) { "." } else { "" };
            format!("{mark}{digit}")
        };
        let plain = whole.to_string();
        let marked: String = plain.chars().enumerate().map(|(at, digit)| mark(at, digit, plain.len())).collect();
        let (sign, point) = (if negative { "-" } else { "" }, if fraction.is_empty() { "" } else { "," });
        let text = format!("{sign}{marked}{point}{fraction}");
        prop_assert_eq!(read(&comma(), &text).unwrap(), format!("{sign}{plain}{}{fraction}", point.replace(',', ".")));
    }

    #[test]
    fn a_double_with_its_noise_is_the_number_that_was_meant(number in -999_999_999_999_i64..=999_999_999_999, scale in 0_usize..4) {
        let binary = Written { digits: Digits::Binary, ..Written::default() };
        let meant = format!("{number}e-{scale}").parse::<f64>().unwrap();
        let read = read(&binary, &format!("{meant:.16e}")).unwrap();
        let mut out = String::new();
        let exact = super::super::decimal(&read, 20, u16::try_from(scale).unwrap(), &mut out);
        let exact = exact.unwrap().parse::<f64>().unwrap();
        prop_assert_eq!((exact + 0.0).to_bits(), (meant + 0.0).to_bits());
    }

    #[test]
    fn no_text_stops_it(text in "[-+0-9.,eE$ %]{0,12}|.{0,8}", digits in prop::sample::select(vec![Digits::Exact, Digits::Binary, Digits::Rounded])) {
        let written = Written { thousands: Some(','), digits, ..Written::default() };
        if let Ok(plain) = read(&written, &text) {
            let mut out = String::new();
            prop_assert!(super::super::decimal(&plain, 1000, 500, &mut out).is_ok(), "{} from {}", plain, text);
        }
    }
}
