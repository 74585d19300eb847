//! Which element of the plan a tag was the last time: documents say the same few tags again and again.

/// Tags that are remembered at once.
const PLACES: usize = 256;

/// Tags, each with the element that it was.
#[derive(Debug, Default)]
pub(super) struct Known {
    places: Vec<Place>,
}

/// A tag as it is written, within an element of the plan and under the namespaces of a scope.
#[derive(Debug, Clone, Default)]
struct Place {
    tag: String,
    within: usize,
    scope: u64,
    node: Option<usize>,
}

impl Known {
    /// The element, if it is remembered.
    pub(super) fn get(&self, tag: &str, within: usize, scope: u64) -> Option<usize> {
        let place = self.places.get(place(tag, within))?;
        if place.within == within && place.scope == scope && place.tag == tag { place.node } else { None }
    }

    /// Remembers it, in the place of what may stand there.
    pub(super) fn put(&mut self, tag: &str, within: usize, scope: u64, node: usize) {
        self.places.resize(PLACES, Place::default());
        if let Some(known) = self.places.get_mut(place(tag, within)) {
            known.tag.clear();
            known.tag.push_str(tag);
            (known.within, known.scope, known.node) = (within, scope, Some(node));
        }
    }
}

/// Where a tag is remembered; two may share a place.
fn place(tag: &str, within: usize) -> usize {
    let bytes = tag.as_bytes();
    let (first, last) = (bytes.first().copied().unwrap_or_default(), bytes.last().copied().unwrap_or_default());
    let mixed =
        bytes.len() ^ usize::from(first).rotate_left(5) ^ usize::from(last).rotate_left(11) ^ within.rotate_left(17);
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) % PLACES
}
