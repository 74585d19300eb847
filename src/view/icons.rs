//! Icons and the badges of states. Drawn for this program on a 16 x 16 grid; lines take the text's colour.

/// An icon as inline SVG, hidden from screen readers: the word beside it says the same.
pub(super) fn icon(name: &str) -> String {
    let Some((_, path)) = PATHS.iter().find(|(known, _)| *known == name) else { return String::new() };
    format!(
        "<svg class=\"icon\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\" \
         focusable=\"false\"><path d=\"{path}\"/></svg>"
    )
}

/// A state as icon and word, never by colour alone. A word that is not known is shown as it is, escaped.
pub(super) fn badge(state: &str) -> String {
    let known = STATES.iter().find(|(known, ..)| *known == state);
    let (tone, drawn, word) = known.map_or(("idle", "dot", state), |(_, tone, drawn, word)| (tone, drawn, word));
    let word = handlebars::html_escape(word);
    format!("<span class=\"badge badge-{tone}\">{}{word}</span>", icon(drawn))
}

/// Every state of a run, a release, a delivery, a notice, a dataset or an account: tone, icon, word.
const STATES: &[(&str, &str, &str, &str)] = &[
    ("queued", "idle", "clock", "Queued"),
    ("running", "busy", "turn", "Running"),
    ("interrupted", "warn", "bolt", "Interrupted"),
    ("succeeded", "good", "check", "Succeeded"),
    ("held", "warn", "hand", "Held"),
    ("failed", "bad", "cross", "Failed"),
    ("cancelled", "idle", "slash", "Cancelled"),
    ("skipped", "idle", "skip", "Skipped"),
    ("missed", "warn", "skip", "Missed"),
    ("loading", "busy", "turn", "Loading"),
    ("published", "good", "check", "Published"),
    ("superseded", "idle", "layers", "Superseded"),
    ("discarded", "idle", "slash", "Discarded"),
    ("pending", "idle", "clock", "Pending"),
    ("delivered", "good", "check", "Delivered"),
    ("paused", "warn", "pause", "Paused"),
    ("good", "good", "check", "Good"),
    ("failing", "bad", "cross", "Failing"),
    ("sent", "good", "check", "Sent"),
    ("dead", "bad", "cross", "Given up"),
    ("fresh", "good", "check", "Up to date"),
    ("late", "warn", "clock", "Late"),
    ("empty", "idle", "dot", "Never loaded"),
    ("broken", "bad", "cross", "Definition broken"),
    ("active", "good", "check", "Active"),
    ("invited", "idle", "clock", "No password yet"),
    ("disabled", "bad", "slash", "Disabled"),
    ("stands", "good", "check", "Stands"),
    ("ended", "idle", "layers", "Ended"),
    ("rejected", "warn", "cross", "Rejected"),
    ("warn", "warn", "bolt", "Warning"),
    ("fail", "bad", "cross", "Holds the release"),
];

const PATHS: &[(&str, &str)] = &[
    ("alert", "M8 2.2 14.6 13.6H1.4ZM8 6.4v3.4M8 11.6v.2"),
    ("back", "M9.8 3.4 5.2 8l4.6 4.6"),
    ("contrast", "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 1.8v12.4M10 3.6v8.8M12 5v6"),
    ("moon", "M13.6 9.6A6 6 0 0 1 6.4 2.4a6 6 0 1 0 7.2 7.2Z"),
    (
        "sun",
        "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M3 13l1.2-1.2M11.8 4.2 13 3",
    ),
    ("bell", "M2.8 12.4 4 10.8V7a4 4 0 0 1 8 0v3.8l1.2 1.600ZM6.6 14.400h2.8"),
    ("bolt", "M8.8 1.8 3.6 9h3.8l-.4 5.2L12.4 7H8.4Z"),
    ("check", "M3 8.6 6.4 12 13 4.4"),
    ("clock", "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 4.6V8l2.4 1.6"),
    ("cross", "M4 4l8 8M12 4l-8 8"),
    (
        "database",
        "M2.8 4c0-1.1 2.3-2 5.2-2s5.2.9 5.2 2-2.3 2-5.2 2-5.2-.9-5.2-2Zm0 0v8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2V4M2.8 8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2",
    ),
    ("dot", "M8 9.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4Z"),
    ("download", "M8 2.2v8M4.6 7 8 10.4 11.4 7M2.6 13.4h10.8"),
    ("file", "M4 1.8h5l3 3v9.4H4ZM9 1.8v3h3M6 8.4h4M6 11h4"),
    ("hand", "M5.4 2.6v10.8M10.6 2.6v10.8"),
    ("home", "M2 7.6 8 2.4l6 5.2M3.6 6.6v7h8.8v-7M6.6 13.6V9.8h2.8v3.8"),
    ("key", "M6 12a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.600ZM8 7.2 13.2 2M11 4.200l2 2"),
    ("layers", "M8 2 14 5.2 8 8.4 2 5.200ZM2.4 8.4 8 11.400l5.6-3M2.4 11 8 14l5.6-3"),
    ("list", "M5.6 4h8M5.6 8h8M5.6 12h8M2.4 4h.2M2.4 8h.2M2.4 12h.2"),
    ("menu", "M2 4h12M2 8h12M2 12h12"),
    ("next", "M6.2 3.4 10.8 8l-4.6 4.6"),
    ("pause", "M5.4 3v10M10.6 3v10"),
    (
        "people",
        "M6 7.600a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.200ZM1.6 13.600c.4-2.6 2.2-4 4.4-4s4 1.4 4.4 4M10.6 2.600a2.6 2.6 0 0 1 0 4.800M12 9.800c1.4.6 2.2 1.9 2.4 3.8",
    ),
    ("play", "M4.6 2.8 12.6 8l-8 5.200Z"),
    ("plus", "M8 3v10M3 8h10"),
    ("search", "M7 11.800A4.8 4.8 0 1 0 7 2.200a4.8 4.8 0 0 0 0 9.600ZM10.6 10.6 14 14"),
    ("skip", "M3 3.6 9 8l-6 4.400ZM12.2 3.600v8.8"),
    ("slash", "M8 14.200A6.2 6.2 0 1 0 8 1.800a6.2 6.2 0 0 0 0 12.400ZM3.8 3.800l8.4 8.4"),
    ("table", "M2 3h12v10H2ZM2 6.400h12M6.6 6.400V13"),
    ("turn", "M13.4 6.600A5.6 5.6 0 1 0 13.2 10M13.6 2.800v3.800H9.8"),
    ("user", "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.6 14c.5-3 2.7-4.6 5.4-4.600s4.9 1.6 5.4 4.6"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_badge_has_an_icon_that_exists() {
        for (state, _, drawn, _) in STATES {
            assert!(!icon(drawn).is_empty(), "{state} wants the icon {drawn}");
        }
    }

    #[test]
    fn an_unknown_state_is_shown_escaped() {
        assert!(badge("<x>").contains("&lt;x&gt;"));
    }
}
