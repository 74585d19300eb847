//! Files in the making whose maker is long gone.

use std::{
    collections::HashSet,
    ffi::OsString,
    fs, io,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use crate::job::Failure;

/// Nothing is in the making for so long.
const OLD: Duration = Duration::from_hours(24);

/// Removes them, but for those that are needed.
pub(super) async fn remove_old(folder: PathBuf, needed: HashSet<OsString>) -> Result<u64, Failure> {
    let removed = tokio::task::spawn_blocking(move || remove(&folder, &needed, SystemTime::now())).await;
    removed.map_err(Failure::retry)?.map_err(Failure::retry)
}

fn remove(folder: &PathBuf, needed: &HashSet<OsString>, now: SystemTime) -> io::Result<u64> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0;
    for entry in entries {
        let entry = entry?;
        let meta = entry.metadata()?;
        let age = now.duration_since(meta.modified()?).unwrap_or_default();
        if meta.is_file() && age > OLD && !needed.contains(&entry.file_name()) {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_files_go() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        let yesterday = SystemTime::now() - Duration::from_hours(25);
        fs::File::create(&old).unwrap().set_modified(yesterday).unwrap();
        fs::write(&new, "x").unwrap();
        fs::create_dir(folder.path().join("folder")).unwrap();
        assert_eq!(remove(&folder.path().to_owned(), &HashSet::new(), SystemTime::now()).unwrap(), 1);
        assert!(!old.exists() && new.exists());
    }

    #[test]
    fn without_a_folder_there_is_nothing_to_do() {
        assert_eq!(remove(&PathBuf::from("/nonexistent/scratch"), &HashSet::new(), SystemTime::now()).unwrap(), 0);
    }
}
