//! What a TOML value can be taken for.

use std::time::Duration;

use toml::de::{DeFloat, DeInteger, DeValue};

/// A type that a TOML value can be taken for.
pub trait Take<'a>: Sized {
    /// What is expected, to stand after "must be".
    const WHAT: &'static str;

    /// The value, if it is one.
    fn take(value: &'a DeValue<'a>) -> Option<Self>;
}

impl<'a> Take<'a> for &'a str {
    const WHAT: &'static str = "a text in quotes";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        value.as_str()
    }
}

impl<'a> Take<'a> for String {
    const WHAT: &'static str = <&str>::WHAT;

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl<'a> Take<'a> for bool {
    const WHAT: &'static str = "true or false";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        value.as_bool()
    }
}

impl<'a> Take<'a> for i64 {
    const WHAT: &'static str = "a whole number";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        let number = value.as_integer()?;
        Self::from_str_radix(number.as_str(), number.radix()).ok()
    }
}

impl<'a> Take<'a> for u64 {
    const WHAT: &'static str = "a whole number, zero or more";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        i64::take(value)?.try_into().ok()
    }
}

impl<'a> Take<'a> for f64 {
    const WHAT: &'static str = "a number";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        let text = value.as_float().map(DeFloat::as_str);
        let text = text.or_else(|| value.as_integer().map(DeInteger::as_str))?;
        text.parse().ok().filter(|number: &Self| number.is_finite())
    }
}

impl<'a> Take<'a> for Duration {
    const WHAT: &'static str = "a length of time such as \"90 s\" or \"5 min\"";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        value.as_str()?.parse::<jiff::SignedDuration>().ok()?.try_into().ok()
    }
}

impl<'a, T: Take<'a>> Take<'a> for Vec<T> {
    const WHAT: &'static str = "an array whose items are all of one kind";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        value.as_array()?.iter().map(|item| T::take(item.get_ref())).collect()
    }
}

/// One text, or several in an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMore<'a>(
    /// At least one.
    pub Vec<&'a str>,
);

impl<'a> Take<'a> for OneOrMore<'a> {
    const WHAT: &'static str = "a text in quotes, or several in an array";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        let texts = value.as_str().map(|text| vec![text]).or_else(|| Vec::take(value));
        texts.filter(|texts| !texts.is_empty()).map(Self)
    }
}

/// A number of bytes, written with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(
    /// Bytes.
    pub u64,
);

impl<'a> Take<'a> for Size {
    const WHAT: &'static str = "a size such as \"512 KiB\", \"16 MiB\" or \"2 GiB\"";

    fn take(value: &'a DeValue<'a>) -> Option<Self> {
        let (number, unit) = value.as_str()?.trim().split_once(' ')?;
        let shift = match unit.trim() {
            "KiB" => 10,
            "MiB" => 20,
            "GiB" => 30,
            _ => return None,
        };
        number.parse::<u64>().ok()?.checked_mul(1 << shift).map(Self)
    }
}
