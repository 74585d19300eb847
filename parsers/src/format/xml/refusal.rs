//! Documents in place of data: what the publisher says, in its own words.

use super::{
    Refusal,
    events::{Event, Events},
};
use crate::{format::own_words, section::Section};

pub(super) fn define(table: &Section<'_>) -> Option<Refusal> {
    let root = table.required("root");
    let reason = table.required::<&str>("reason");
    Some(Refusal { root: root?, reason: reason?.split('/').map(str::to_owned).collect() })
}

/// The reason that the rest of the document gives, as far as it can be read; of several each.
pub(super) fn reason(events: &mut Events<'_>, refusal: &Refusal) -> String {
    let (mut buffer, mut path, mut reasons) = (Vec::new(), Vec::new(), Vec::<String>::new());
    while let Ok(event) = events.next(&mut buffer) {
        match event {
            Event::Start(start) => {
                path.push(start.local_name().into_inner().to_owned());
                reasons.extend((path == refusal.reason).then(String::new));
            }
            Event::End if path.pop().is_none() => break,
            Event::Text(text) if path == refusal.reason => {
                reasons.last_mut().into_iter().for_each(|reason| reason.push_str(&text));
            }
            Event::Over => break,
            _ => (),
        }
    }
    let reasons: Vec<&str> = reasons.iter().map(|reason| reason.trim()).filter(|reason| !reason.is_empty()).collect();
    if reasons.is_empty() { "it gives no reason".to_owned() } else { own_words(&reasons.join("; ")) }
}
