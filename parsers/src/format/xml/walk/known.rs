//! Which element of the plan a tag was the last time: documents say the same few tags again and again, in the same order.

/// Tags that are remembered within one element.
const MOST: usize = 64;

/// Tags, each with the element that it was: a list for each element of the plan.
#[derive(Debug, Default)]
pub(super) struct Known {
    within: Vec<Children>,
}

/// What was found in an element of the plan.
#[derive(Debug, Clone, Default)]
struct Children {
    tags: Vec<Tag>,
    /// Where the one is that came behind the last.
    next: usize,
}

/// A tag as it is written, under the namespaces of a scope.
#[derive(Debug, Clone)]
struct Tag {
    text: String,
    scope: u64,
    node: usize,
}

impl Known {
    /// The element, if it is remembered.
    pub(super) fn get(&mut self, tag: &str, within: usize, scope: u64) -> Option<usize> {
        let children = self.within.get_mut(within)?;
        let is = |known: &Tag| known.text == tag && known.scope == scope;
        let at = children.next;
        let at = if children.tags.get(at).is_some_and(is) { at } else { children.tags.iter().position(is)? };
        children.next = at + 1;
        children.tags.get(at).map(|known| known.node)
    }

    /// Remembers it.
    pub(super) fn put(&mut self, tag: &str, within: usize, scope: u64, node: usize) {
        if within >= self.within.len() {
            self.within.resize(within + 1, Children::default());
        }
        let Some(Children { tags, .. }) = self.within.get_mut(within) else { return };
        if let Some(known) = tags.iter_mut().find(|known| known.text == tag) {
            (known.scope, known.node) = (scope, node);
        } else if tags.len() < MOST {
            tags.push(Tag { text: tag.to_owned(), scope, node });
        }
    }
}
