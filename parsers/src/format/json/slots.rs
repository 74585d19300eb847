//! The texts that have been found so far: those of the record, and those of what is around it.

/// One text for each wanted value.
#[derive(Debug, Default)]
pub(super) struct Slots {
    texts: Vec<Text>,
}

#[derive(Debug, Default, Clone)]
struct Text {
    joined: String,
    /// How many values, of which none was null, have been found.
    values: usize,
    /// Whether there was anything, be it null, since this was last forgotten.
    there: bool,
    /// Whether there ever was.
    ever: bool,
}

impl Slots {
    pub(super) fn new(slots: usize) -> Self {
        Self { texts: vec![Text::default(); slots] }
    }

    /// The text in a slot; none if the document has nothing there, or null.
    pub(super) fn text(&self, slot: usize) -> Option<&str> {
        self.texts.get(slot).filter(|text| text.values > 0).map(|text| text.joined.as_str())
    }

    /// Whether anything was ever there, be it null.
    pub(super) fn ever(&self, slot: usize) -> bool {
        self.texts.get(slot).is_some_and(|text| text.ever)
    }

    /// Forgets what is in these slots.
    pub(super) fn forget(&mut self, slots: &[usize]) {
        for &slot in slots {
            if let Some(text) = self.texts.get_mut(slot) {
                text.joined.clear();
                (text.values, text.there) = (0, false);
            }
        }
    }

    /// Notes that the document has the value, even if it is null or empty.
    pub(super) fn there(&mut self, slot: usize) {
        if let Some(text) = self.texts.get_mut(slot) {
            (text.there, text.ever) = (true, true);
        }
    }

    /// Adds a value, behind the others if there are any.
    pub(super) fn add(&mut self, slot: usize, value: &str, join: Option<&str>) {
        if let Some(text) = self.texts.get_mut(slot) {
            if text.values > 0 {
                text.joined.push_str(join.unwrap_or_default());
            }
            text.joined.push_str(value);
            text.values += 1;
            (text.there, text.ever) = (true, true);
        }
    }

    /// Adds a JSON value without the white space between its parts, which means nothing.
    pub(super) fn add_json(&mut self, slot: usize, json: &str) {
        self.add(slot, "", None);
        let Some(Text { joined, .. }) = self.texts.get_mut(slot) else { return };
        let (mut in_text, mut escaped) = (false, false);
        for character in json.chars() {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_text = !in_text,
                ' ' | '\t' | '\r' | '\n' if !in_text => continue,
                _ => (),
            }
            joined.push(character);
        }
    }
}
