//! Static files. Their address carries a hash of their bytes, so a browser may keep them for ever.

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "templates/static/"]
struct Files;

/// A static file.
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// What it is.
    pub media_type: &'static str,
    /// For `ETag`: the hash in its address.
    pub hash: String,
}

impl Asset {
    /// The file at an address that [`address`] made; another version's address finds nothing.
    pub fn at(address: &str) -> Option<Self> {
        let (stem, ending) = address.rsplit_once('.')?;
        let (stem, hash) = stem.rsplit_once('.')?;
        let file = Files::get(&format!("{stem}.{ending}"))?;
        let media_type = match ending {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => return None,
        };
        let asset = Self { hash: short_hash(&file), bytes: file.data, media_type };
        (asset.hash == hash).then_some(asset)
    }
}

/// `app.css` as `/static/app.1f0e9c3a.css`.
pub(super) fn address(name: &str) -> Option<String> {
    let file = Files::get(name)?;
    let (stem, ending) = name.rsplit_once('.')?;
    Some(format!("/static/{stem}.{}.{ending}", short_hash(&file)))
}

fn short_hash(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    hash.iter().take(6).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_file() {
        let address = address("app.css").unwrap();
        let asset = Asset::at(address.strip_prefix("/static/").unwrap()).unwrap();
        assert!(address.contains(&asset.hash));
        assert_eq!(asset.media_type, "text/css; charset=utf-8");
    }

    #[test]
    fn other_addresses_find_nothing() {
        for address in ["app.css", "app.000000000000.css", "../view.rs", "vendor/README.md", ""] {
            assert!(Asset::at(address).is_none(), "{address}");
        }
    }
}
