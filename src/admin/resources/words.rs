//! Names of tables and columns as people would say them.

/// Short words that are written in capitals.
const CAPITALS: [&str; 9] = ["bic", "csv", "iban", "id", "ip", "url", "uuid", "vat", "xml"];

/// `customer_since` as "Customer since", `iban` as "IBAN".
pub(super) fn title(name: &str) -> String {
    let words: Vec<String> = name.split('_').filter(|word| !word.is_empty()).map(word).collect();
    let said = words.join(" ");
    if said.is_empty() { name.to_owned() } else { capital(&said) }
}

/// A column's name; of a link without the `_id` at its end, of a yes-or-no without the `is_` before it.
pub(super) fn column(name: &str, link: bool, yes_or_no: bool) -> String {
    let bare = if link { name.strip_suffix("_id") } else { None };
    let bare = bare.or_else(|| if yes_or_no { name.strip_prefix("is_") } else { None });
    title(bare.unwrap_or(name))
}

/// An enum's label: `public_body` as "Public body".
pub(super) fn choice(label: &str) -> String {
    title(label)
}

fn word(word: &str) -> String {
    match word {
        "email" => "e-mail".to_owned(),
        _ if CAPITALS.contains(&word) => word.to_uppercase(),
        _ => word.to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A sensitive value with its middle hidden: `DE89 •••• 3000`. Short ones are hidden whole.
pub(super) fn masked(value: &str) -> String {
    const SHOWN: usize = 4;
    let letters: Vec<char> = value.chars().filter(|letter| !letter.is_whitespace()).collect();
    if letters.len() < 4 * SHOWN {
        return "••••".to_owned();
    }
    let first: String = letters.iter().take(SHOWN).collect();
    let last: String = letters.iter().skip(letters.len() - SHOWN).collect();
    format!("{first} •••• {last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_people_would_say_them() {
        assert_eq!(title("customer_since"), "Customer since");
        assert_eq!(title("email"), "E-mail");
        assert_eq!(title("vat_number"), "VAT number");
        assert_eq!(title("__"), "__");
        assert_eq!(column("billing_address_id", true, false), "Billing address");
        assert_eq!(column("is_primary", false, true), "Primary");
        assert_eq!(choice("public_body"), "Public body");
    }

    #[test]
    fn a_mask_never_shows_more_than_half() {
        assert_eq!(masked("DE89370400440532013000"), "DE89 •••• 3000");
        assert_eq!(masked("DE89 3704 0044 0532 0130 00"), "DE89 •••• 3000");
        assert_eq!(masked("123456789"), "••••");
    }
}
