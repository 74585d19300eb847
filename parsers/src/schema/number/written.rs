//! Numbers that are written otherwise than `-1234.5`: brought into that form, as the definition says, or refused.

/// How a column's numbers are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Before the decimals: a point or a comma, mostly.
    pub decimal_mark: char,
    /// Between groups of three digits before it; a number has all of its marks or none.
    pub thousands: Option<char>,
    /// What stands before every number, or between its sign and its digits: `$`.
    pub prefix: String,
    /// What stands behind every number: ` %`.
    pub suffix: String,
    /// What becomes of digits.
    pub digits: Digits,
}

/// What becomes of a decimal's digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// They are taken as they are; one too many is refused.
    Exact,
    /// They are those of a binary number, up to 17, of which 15 are certain: what is behind these is noise. Then as
    /// [`Digits::Exact`]. An exponent may stand behind them.
    Binary,
    /// They are rounded to the column's scale, a half away from zero. An exponent may stand behind them.
    Rounded,
}

/// Digits that a binary number keeps whatever they are, and digits that it needs at most.
const CERTAIN: usize = 15;
const NEEDED: usize = 17;
/// Beyond it no binary number has an exponent.
const LARGEST_EXPONENT: i32 = 400;

impl Default for Written {
    fn default() -> Self {
        let (prefix, suffix) = (String::new(), String::new());
        Self { decimal_mark: '.', thousands: None, prefix, suffix, digits: Digits::Exact }
    }
}

/// What a number is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::schema) enum Use {
    /// An exact number with so many decimals.
    Decimal(u16),
    /// A whole number.
    Integer,
    /// A binary number, for which an exponent is nothing special.
    Float,
}

impl Written {
    /// Writes the number into `out` as `-1234.5`.
    pub(in crate::schema) fn plain(&self, text: &str, what: Use, out: &mut String) -> Result<(), String> {
        let (negative, text) = self.bare(text)?;
        let exponents = what == Use::Float || self.digits != Digits::Exact;
        let (text, exponent) = if exponents { exponent(text)? } else { (text, 0) };
        let (whole, fraction) = match text.split_once(self.decimal_mark) {
            Some((_, "")) => return Err("has no digit behind the decimal mark".to_owned()),
            Some((whole, fraction)) => (whole, fraction),
            None => (text, ""),
        };
        let mut number = Number { digits: Vec::with_capacity(text.len()), point: 0 };
        if !whole.is_empty() || fraction.is_empty() {
            self.whole(whole, &mut number.digits)?;
        }
        number.point = i32::try_from(number.digits.len()).map_err(|_too_long| "is too long".to_owned())? + exponent;
        digits(fraction, &mut number.digits)?;
        match (self.digits, what) {
            (Digits::Binary, Use::Decimal(_)) => number.without_noise()?,
            (Digits::Rounded, Use::Decimal(scale)) => number.round(i32::from(scale)),
            _ => (),
        }
        number.write(negative, out);
        Ok(())
    }

    /// The sign, and the text without sign, prefix and suffix.
    fn bare<'a>(&self, text: &'a str) -> Result<(bool, &'a str), String> {
        let text = text.strip_suffix(&self.suffix).ok_or_else(|| format!("does not end in {:?}", self.suffix))?;
        let (before, text) = sign(text);
        let text = text.strip_prefix(&self.prefix).ok_or_else(|| format!("does not begin with {:?}", self.prefix))?;
        let (behind, text) = if self.prefix.is_empty() { (None, text) } else { sign(text) };
        match (before, behind) {
            (Some(_), Some(_)) => Err("has two signs".to_owned()),
            (before, behind) => Ok((before.or(behind).unwrap_or(false), text)),
        }
    }

    /// Digits before the decimal mark, without the marks between their groups.
    fn whole(&self, text: &str, into: &mut Vec<u8>) -> Result<(), String> {
        if text.is_empty() {
            return Err("has no digit before the decimal mark".to_owned());
        }
        let Some(mark) = self.thousands.filter(|mark| text.contains(*mark)) else { return digits(text, into) };
        for (at, group) in text.split(mark).enumerate() {
            let whole = if at == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
            // With a zero in front the mark is that of decimals, whatever the definition says.
            if !whole || (at == 0 && group.starts_with('0')) {
                return Err(format!("has {mark:?} where no group of three digits ends"));
            }
            digits(group, into)?;
        }
        Ok(())
    }
}

/// Whether a minus stands in front, if a sign does, and the rest.
fn sign(text: &str) -> (Option<bool>, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (Some(true), text.get(1..).unwrap_or_default()),
        Some(b'+') => (Some(false), text.get(1..).unwrap_or_default()),
        _ => (None, text),
    }
}

fn digits(text: &str, into: &mut Vec<u8>) -> Result<(), String> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("is not a number, as the definition says that numbers are written".to_owned());
    }
    into.extend_from_slice(text.as_bytes());
    Ok(())
}

fn exponent(text: &str) -> Result<(&str, i32), String> {
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else { return Ok((text, 0)) };
    let good = exponent.parse::<i32>().ok().filter(|number| (-LARGEST_EXPONENT..=LARGEST_EXPONENT).contains(number));
    good.map(|exponent| (digits, exponent)).ok_or_else(|| "has an exponent that no number has".to_owned())
}

/// Digits, and how many of them stand before the point: fewer than none, or more than there are, if it is far away.
struct Number {
    digits: Vec<u8>,
    point: i32,
}

impl Number {
    /// Keeps the digits that a binary number is sure of.
    fn without_noise(&mut self) -> Result<(), String> {
        let zeros = self.digits.iter().take_while(|digit| **digit == b'0').count();
        let end = self.digits.iter().rposition(|digit| *digit != b'0').map_or(zeros, |last| last + 1);
        if end - zeros > NEEDED {
            return Err(format!("has {} digits, and a binary number has {NEEDED} at most", end - zeros));
        }
        self.keep(zeros + CERTAIN);
        Ok(())
    }

    /// Keeps so many digits behind the point.
    fn round(&mut self, scale: i32) {
        match usize::try_from(self.point + scale) {
            Ok(kept) => self.keep(kept),
            Err(_less_than_none) => *self = Self { digits: Vec::new(), point: 0 },
        }
    }

    /// Keeps so many digits in all, a half rounded away from zero.
    fn keep(&mut self, kept: usize) {
        let up = self.digits.get(kept).is_some_and(|digit| *digit >= b'5');
        self.digits.truncate(kept);
        if !up {
            return;
        }
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
        self.point += 1;
    }

    fn write(&self, negative: bool, out: &mut String) {
        out.clear();
        if negative {
            out.push('-');
        }
        let digit = |at: i32| {
            let digit = usize::try_from(at).ok().and_then(|at| self.digits.get(at));
            char::from(digit.copied().unwrap_or(b'0'))
        };
        let end = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        if self.point <= 0 {
            out.push('0');
        }
        (0..self.point).for_each(|at| out.push(digit(at)));
        if end > self.point {
            out.push('.');
            (self.point..end).for_each(|at| out.push(digit(at)));
        }
    }
}

#[cfg(test)]
mod tests;
