//! Documents in place of data: what the publisher says, in its own words.

use quick_xml::{events::Event, reader::Reader};

use super::{Refusal, tap::Tap};
use crate::{format::own_words, section::Section};

pub(super) fn define(table: &Section<'_>) -> Option<Refusal> {
    let root = table.required("root");
    let reason = table.required::<&str>("reason");
    Some(Refusal { root: root?, reason: reason?.split('/').map(str::to_owned).collect() })
}

/// The reason that the rest of the document gives, as far as it can be read.
pub(super) fn reason(reader: &mut Reader<Tap<'_>>, refusal: &Refusal) -> String {
    let (mut buffer, mut path, mut reason) = (Vec::new(), Vec::new(), String::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) => path.push(start.local_name().into_inner().to_owned()),
            Ok(Event::End(_)) if path.pop().is_some() => (),
            Ok(Event::Text(text)) if path == refusal.reason => reason.push_str(&text.xml10_content()),
            Ok(Event::End(_) | Event::Eof) | Err(_) => break,
            Ok(_) => (),
        }
    }
    let reason = own_words(reason.trim());
    if reason.is_empty() { "it gives no reason".to_owned() } else { reason }
}
