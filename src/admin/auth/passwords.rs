//! Passwords: what is accepted, and how it is hashed and compared.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Characters that a password must have, and may have.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Passwords that are long enough and yet among the first to be tried.
const COMMON: &str = include_str!("common_passwords.txt");

/// The hash of a password that nobody has: what an unknown login is compared with, so that it takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$NqTgB7zFdkPyBfVHI7H4nHLpmN0dGC1rVGvRGk3RgtM";

/// Why a password is not taken, as a sentence; `Ok` if it is.
pub(in crate::admin) fn accept(password: &str, again: &str, login: &str) -> Result<(), String> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let login = login.to_lowercase();
    if length < *LENGTH.start() {
        return Err(format!("That is too short: {length} characters, and at least {} are needed.", LENGTH.start()));
    }
    if length > *LENGTH.end() {
        return Err(format!("That is too long: {length} characters, and at most {} can be kept.", LENGTH.end()));
    }
    if password != again {
        return Err("The two are not the same. Type it once more.".into());
    }
    if COMMON.lines().any(|common| common == lower) || lower.contains(&login) || distinct(&lower) < 5 {
        return Err("That would be among the first to be tried. Choose another, such as four words in a row.".into());
    }
    Ok(())
}

fn distinct(password: &str) -> usize {
    password.chars().collect::<std::collections::BTreeSet<_>>().len()
}

/// Hashes a password. Waits while others are being hashed.
pub(in crate::admin) async fn hash(turn: &Semaphore, password: &str) -> anyhow::Result<String> {
    let _turn = turn.acquire().await?;
    let password = password.to_owned();
    let hashed = spawn_blocking(move || argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
    hashed.await?.map_err(|error| anyhow::anyhow!("a password could not be hashed: {error}"))
}

/// True if the password is the one behind `hash`. Does the same work if there is none.
pub(in crate::admin) async fn verify(turn: &Semaphore, password: &str, hash: Option<String>) -> anyhow::Result<bool> {
    let _turn = turn.acquire().await?;
    let password = password.to_owned();
    let verified = spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let parsed = PasswordHash::new(&hash).map_err(|error| anyhow::anyhow!("a stored hash is damaged: {error}"))?;
        Ok(argon2().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    });
    verified.await?
}

/// argon2id, 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_easily_guessed_is_not_taken() {
        for password in ["short", "123456789012", "aaaaaaaaaaaaaaaa", "Password1234", "the ada.king account"] {
            assert!(accept(password, password, "ada.king").is_err(), "{password}");
        }
        assert!(accept("correct horse battery", "correct horse battery", "ada.king").is_ok());
        assert!(accept("correct horse battery", "correct horse batery", "ada.king").is_err());
        assert!(accept(&"äöü1x ".repeat(30), &"äöü1x ".repeat(30), "ada").is_err());
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let turn = Semaphore::new(1);
        let phc = hash(&turn, "correct horse battery").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify(&turn, "correct horse battery", Some(phc.clone())).await.unwrap());
        assert!(!verify(&turn, "correct horse batterie", Some(phc)).await.unwrap());
        assert!(!verify(&turn, "correct horse battery", None).await.unwrap());
    }
}
