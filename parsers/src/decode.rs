//! From the bytes of an artifact to text: unpack, then decode strictly.

/// How an artifact's bytes become text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoding {
    /// What the file is packed in.
    pub packing: Packing,
    /// The encoding's label (WHATWG), such as `utf-8` or `windows-1252`; a byte that does not decode is an error.
    pub charset: &'static str,
}

/// What a file is packed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packing {
    /// Nothing.
    Plain,
    /// gzip, of any number of members.
    Gzip,
    /// A zip archive, of which one member is read.
    Zip {
        /// The member's name; `*` stands for any run of characters. Exactly one member must match.
        member: String,
    },
}
