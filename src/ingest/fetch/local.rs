//! `file:` sources: only from the operator's drop folders.

use std::path::Path;

use tokio::io::AsyncReadExt;
use url::Url;

use super::{FetchError, Fetched, NewFile, Validators, shown};
use crate::{archive::Archive, config::Settings};

/// Reads a file of a drop folder. What links lead elsewhere is judged by where they lead.
pub(super) async fn read(
    url: &Url,
    settings: &Settings,
    max_bytes: u64,
    archive: &Archive,
) -> Result<Fetched, FetchError> {
    let path = url.to_file_path().map_err(|()| FetchError::Scheme { url: shown(url) })?;
    let shown_path = path.display().to_string();
    let unreadable = |source| FetchError::File { path: shown_path.clone(), source };
    let path = path.canonicalize().map_err(unreadable)?;
    if !settings.may_drop(&path) {
        return Err(FetchError::NotADrop { path: shown_path });
    }
    if !path.is_file() {
        return Err(unreadable(std::io::Error::other("it is not a file")));
    }
    let mut file = tokio::fs::File::open(&path).await.map_err(unreadable)?;
    let mut incoming = archive.incoming()?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer).await.map_err(unreadable)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        if incoming.bytes() + bytes.len() as u64 > max_bytes {
            return Err(FetchError::Large { url: shown(url), limit: max_bytes });
        }
        incoming.write(bytes).await?;
    }
    let file =
        NewFile { incoming, name: name(&path), validators: Validators::default(), content_type: None, has_ended: true };
    Ok(Fetched { url: url.to_string(), final_url: shown(url), link: None, file: Some(file) })
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
