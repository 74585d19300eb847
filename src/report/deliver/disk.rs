//! A file that is complete under its final name, or not there.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::report::{ReportError, path::RelativePath};

/// Readable for the account and its group.
const MODE: u32 = 0o640;

/// How a file came to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landed {
    /// It was written now.
    Written,
    /// It was there already, byte for byte.
    There,
}

/// Writes beside the place, syncs, renames without replacing anything, syncs the folder. No link is followed below
/// the reports folder.
pub(super) fn put(root: &Path, path: &RelativePath, bytes: &[u8]) -> Result<Landed, ReportError> {
    let failed = |source| ReportError::Disk { path: path.to_string(), source };
    let folder = folder(root, path)?;
    let place = path.under(root);
    if let Some(landed) = found(&place, path, bytes)? {
        return Ok(landed);
    }
    clear(&folder, path.file_name()).map_err(failed)?;
    let file = beside(&folder, path.file_name(), bytes).map_err(failed)?;
    match file.persist_noclobber(&place) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            return found(&place, path, bytes)?.ok_or_else(|| failed(error.error));
        }
        Err(error) => return Err(failed(error.error)),
    }
    sync(&folder).map_err(failed)?;
    Ok(Landed::Written)
}

/// Makes the folders above the file, one by one; what is no folder of its own (a link, a file) is not entered.
fn folder(root: &Path, path: &RelativePath) -> Result<PathBuf, ReportError> {
    let failed = |source| ReportError::Disk { path: path.to_string(), source };
    fs::create_dir_all(root).map_err(failed)?;
    let mut folder = root.to_owned();
    for name in path.folders() {
        let parent = folder.clone();
        folder.push(name);
        match fs::create_dir(&folder) {
            Ok(()) => sync(&parent).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if !fs::symlink_metadata(&folder).map_err(failed)?.is_dir() {
                    return Err(ReportError::Occupied { path: folder.display().to_string() });
                }
            }
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(folder)
}

/// What stands at the place already: nothing, or exactly these bytes; anything else is not ours to replace.
fn found(place: &Path, path: &RelativePath, bytes: &[u8]) -> Result<Option<Landed>, ReportError> {
    let failed = |source| ReportError::Disk { path: path.to_string(), source };
    let stands = match fs::symlink_metadata(place) {
        Ok(stands) => stands,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if stands.is_file() && fs::read(place).map_err(failed)? == bytes {
        return Ok(Some(Landed::There));
    }
    Err(ReportError::Occupied { path: path.to_string() })
}

/// Removes what attempts that were cut off have left beside the place. One that is only asleep then finds its file
/// gone, and cannot put a half-written one under the final name.
fn clear(folder: &Path, name: &str) -> io::Result<()> {
    let prefix = prefix(name);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn beside(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(&prefix(name))
        .suffix(".part")
        .permissions(Permissions::from_mode(MODE))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn prefix(name: &str) -> String {
    format!(".{name}.")
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn path(text: &str) -> RelativePath {
        text.parse().unwrap()
    }

    #[test]
    fn a_file_is_there_whole_and_twice_is_once() {
        let root = tempfile::tempdir().unwrap();
        let path = path("brief/2026-08-20/brief.html");
        assert_eq!(put(root.path(), &path, b"one").unwrap(), Landed::Written);
        assert_eq!(put(root.path(), &path, b"one").unwrap(), Landed::There);
        let place = path.under(root.path());
        assert_eq!(fs::read(&place).unwrap(), b"one");
        assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o007, 0);
        assert_eq!(fs::read_dir(place.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn another_file_is_never_replaced() {
        let root = tempfile::tempdir().unwrap();
        let path = path("brief.html");
        put(root.path(), &path, b"one").unwrap();
        assert!(matches!(put(root.path(), &path, b"two"), Err(ReportError::Occupied { .. })));
        assert_eq!(fs::read(path.under(root.path())).unwrap(), b"one");
    }

    #[test]
    fn what_a_killed_attempt_left_is_cleared_away() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(".brief.html.x1y2.part"), b"on").unwrap();
        put(root.path(), &path("brief.html"), b"one").unwrap();
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn links_below_the_reports_folder_are_not_followed() {
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        symlink(elsewhere.path(), root.path().join("brief")).unwrap();
        assert!(matches!(put(root.path(), &path("brief/a.html"), b"x"), Err(ReportError::Occupied { .. })));
        symlink(elsewhere.path().join("target"), root.path().join("b.html")).unwrap();
        assert!(matches!(put(root.path(), &path("b.html"), b"x"), Err(ReportError::Occupied { .. })));
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}
