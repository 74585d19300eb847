use std::{io::Read, time::Duration};

use nix::{sys::stat::Mode, unistd::mkfifo};

use super::*;

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn archive() -> (tempfile::TempDir, Archive) {
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::open(&StateDir::new(Some(dir.path()))).unwrap();
    (dir, archive)
}

#[tokio::test]
async fn bytes_lie_under_their_hash_and_come_back() {
    let (dir, archive) = archive();
    let kept = archive.keep_bytes(b"hello").await.unwrap();
    assert_eq!(kept, Kept { sha256: HELLO.into(), bytes: 5 });
    assert_eq!(std::fs::read(dir.path().join("archive/2c/f2").join(HELLO)).unwrap(), b"hello");
    assert_eq!(archive.bytes(HELLO).await.unwrap().as_ref(), b"hello");
    let mut text = String::new();
    archive.read(HELLO).await.unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "hello");
}

#[tokio::test]
async fn what_is_there_is_not_written_again() {
    let (dir, archive) = archive();
    archive.keep_bytes(b"hello").await.unwrap();
    let place = dir.path().join("archive/2c/f2").join(HELLO);
    let before = std::fs::metadata(&place).unwrap().modified().unwrap();
    archive.keep_bytes(b"hello").await.unwrap();
    assert_eq!(std::fs::metadata(&place).unwrap().modified().unwrap(), before);
}

#[tokio::test]
async fn a_file_that_lost_its_end_is_mended_by_the_next_keep() {
    let (dir, archive) = archive();
    archive.keep_bytes(b"hello").await.unwrap();
    let place = dir.path().join("archive/2c/f2").join(HELLO);
    std::fs::write(&place, b"hel").unwrap();
    archive.keep_bytes(b"hello").await.unwrap();
    assert_eq!(std::fs::read(&place).unwrap(), b"hello");
}

#[tokio::test]
async fn a_lost_artifact_is_named() {
    let (_dir, archive) = archive();
    let error = archive.read(HELLO).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the archive has lost artifact {HELLO}: put its file back, or fetch the release again")
    );
}

async fn keep_file(archive: &Archive, path: &Path) -> Result<Kept, ArchiveError> {
    archive.keep_arriving(archive.take_in(path).await?).await
}

#[tokio::test]
async fn more_than_one_stride_is_kept_whole() {
    let (dir, archive) = archive();
    let long: Vec<u8> = (0..(1 << 20) + 17_usize).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let file = dir.path().join("long");
    std::fs::write(&file, &long).unwrap();
    let kept = keep_file(&archive, &file).await.unwrap();
    assert_eq!(kept.bytes, long.len() as u64);
    assert_eq!(archive.bytes(&kept.sha256).await.unwrap().as_ref(), long.as_slice());
}

#[tokio::test]
async fn a_file_that_is_there_is_known_by_its_bytes_and_nothing_is_written() {
    let (dir, archive) = archive();
    let long: Vec<u8> = (0..3_000_001).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let file = dir.path().join("long");
    std::fs::write(&file, &long).unwrap();
    let kept = keep_file(&archive, &file).await.unwrap();
    assert!(archive.is_kept(&file, &kept).await.unwrap());
    for changed in [0, 1_499_999, 1_500_000, 1_500_001, 3_000_000] {
        let mut other = long.clone();
        other[changed] ^= 1;
        std::fs::write(&file, &other).unwrap();
        assert!(!archive.is_kept(&file, &kept).await.unwrap(), "byte {changed}");
    }
    std::fs::write(&file, &long[1..]).unwrap();
    assert!(!archive.is_kept(&file, &kept).await.unwrap());
    std::fs::write(&file, &long).unwrap();
    std::fs::remove_file(dir.path().join("archive").join(place(&kept.sha256).as_ref())).unwrap();
    assert!(!archive.is_kept(&file, &kept).await.unwrap());
}

#[tokio::test]
async fn damaged_bytes_of_the_same_length_do_not_stand_for_good_ones() {
    let (dir, archive) = archive();
    archive.keep_bytes(b"hello").await.unwrap();
    let lies = dir.path().join("archive/2c/f2").join(HELLO);
    let file = dir.path().join("good");
    std::fs::write(&file, b"hello").unwrap();
    for again in 0..2 {
        std::fs::write(&lies, b"hullo").unwrap();
        let kept = if again == 0 { archive.keep_bytes(b"hello").await } else { keep_file(&archive, &file).await };
        assert_eq!(kept.unwrap().sha256, HELLO);
        assert_eq!(std::fs::read(&lies).unwrap(), b"hello");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_no_fault_of_the_archives() {
    let (dir, archive) = archive();
    let (nowhere, kept) = (dir.path().join("nowhere"), Kept { sha256: HELLO.into(), bytes: 5 });
    let looked = archive.is_kept(&nowhere, &kept).await.unwrap_err();
    for error in [keep_file(&archive, &nowhere).await.unwrap_err(), looked] {
        assert_eq!(error.to_string(), "cannot open the file: check its rights");
    }
}

#[tokio::test]
async fn who_waits_until_somebody_writes_into_a_pipe_can_be_told_to_stop() {
    let (dir, archive) = archive();
    let pipe = dir.path().join("pipe");
    mkfifo(&pipe, Mode::S_IRWXU).unwrap();
    let waits = tokio::time::timeout(Duration::from_millis(20), archive.take_in(&pipe));
    assert!(waits.await.is_err());
    // The thread that still waits is let go.
    std::fs::write(&pipe, "").unwrap();
}

#[tokio::test]
async fn nothing_stays_where_bytes_come_in() {
    let (dir, archive) = archive();
    let file = dir.path().join("file");
    std::fs::write(&file, b"hello").unwrap();
    for _ in 0..2 {
        keep_file(&archive, &file).await.unwrap();
        archive.keep_bytes(b"hello").await.unwrap();
        assert_eq!(std::fs::read_dir(dir.path().join("archive").join(StateDir::INCOMING)).unwrap().count(), 0);
    }
}
