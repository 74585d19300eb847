//! Names as JSON pointers have them (RFC 6901): a slash would end them, and a tilde is the mark of the two.

/// A name as it stands in a pointer.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a part of a pointer means.
pub(crate) fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
