use std::io::Read;

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

#[tokio::test]
async fn more_than_one_part_is_kept_whole() {
    let (dir, archive) = archive();
    let long: Vec<u8> = (0..PART + 17).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let file = dir.path().join("long");
    std::fs::write(&file, &long).unwrap();
    let kept = archive.keep_file(&file).await.unwrap();
    assert_eq!(kept.bytes, long.len() as u64);
    assert_eq!(archive.bytes(&kept.sha256).await.unwrap().as_ref(), long.as_slice());
}
