//! An authority of a source's own, whose certificates are trusted for its hosts and for no others.

use crate::section::Section;

/// Certificates that are trusted beside the system's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The name of their file, which stands beside the definition.
    pub file: String,
    /// Its content, in PEM. Whoever has the file puts it here.
    pub pem: Vec<u8>,
}

pub(super) fn authority(table: &Section<'_>) -> Option<Authority> {
    let file: String = table.optional("ca")?;
    if file.is_empty() || file.starts_with('.') || file.contains(['/', '\\']) {
        let help = "put it there and write its name: `ca = \"office.pem\"`".to_owned();
        table.mistake("ca", "`ca` is the name of a file that stands beside the definition", Some(help));
    }
    Some(Authority { file, pem: Vec::new() })
}
