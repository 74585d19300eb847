//! What datasets name by `secret:NAME`: a file of the credentials folder, or a variable of the environment.

use std::{env, fs, io::ErrorKind, path::PathBuf};

use parsers::plan::SecretName;
use secrecy::SecretString;

/// How the variable of a secret begins.
const VARIABLE: &str = "BLUEBOOK_SECRET_";

/// Where secrets are looked for. Each is read anew when it is needed: what is put there later counts.
#[derive(Debug, Clone)]
pub struct Secrets {
    folder: Option<PathBuf>,
}

/// A secret cannot be had. Nothing of it is told.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is in none of the places.
    #[error("the secret {name} is not there: put it into {places}")]
    Missing {
        /// Which.
        name: SecretName,
        /// Where it is looked for.
        places: String,
    },
    /// There is nothing in its place.
    #[error("the secret {name} is empty: write it into {place}")]
    Empty {
        /// Which.
        name: SecretName,
        /// Where nothing stands.
        place: String,
    },
    /// Its file cannot be read.
    #[error("the secret {name} cannot be read from {path}: {reason}")]
    Unread {
        /// Which.
        name: SecretName,
        /// Its file.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// It holds what no header and no URL can.
    #[error("the secret {name} has a line break or another control character within it")]
    Unfit {
        /// Which.
        name: SecretName,
    },
}

impl Secrets {
    /// In this folder; without one, in that which systemd made.
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder: folder.or_else(|| env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)) }
    }

    /// The secret of this name, without the white space around it.
    pub fn find(&self, name: &SecretName) -> Result<SecretString, SecretError> {
        let (found, place) = match self.in_folder(name)? {
            Some(found) => (Some(found), self.file(name)),
            None => (env::var(variable(name)).ok(), format!("the variable {}", variable(name))),
        };
        let name = || name.clone();
        match found.as_deref().map(str::trim) {
            None => Err(SecretError::Missing { name: name(), places: self.places(&name()) }),
            Some("") => Err(SecretError::Empty { name: name(), place }),
            Some(found) if found.chars().any(char::is_control) => Err(SecretError::Unfit { name: name() }),
            Some(found) => Ok(found.into()),
        }
    }

    fn in_folder(&self, name: &SecretName) -> Result<Option<String>, SecretError> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let path = folder.join(name.as_str());
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let (path, reason) = (path.display().to_string(), error.to_string());
                Err(SecretError::Unread { name: name.clone(), path, reason })
            }
        }
    }

    fn places(&self, name: &SecretName) -> String {
        format!("{}, or into the variable {}", self.file(name), variable(name))
    }

    fn file(&self, name: &SecretName) -> String {
        match &self.folder {
            Some(folder) => format!("the file {}", folder.join(name.as_str()).display()),
            None => format!("a file {name} of the folder that --credentials-dir names"),
        }
    }
}

/// The variable's name: capitals, and `_` for what a variable cannot have.
fn variable(name: &SecretName) -> String {
    let spelled = name.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    VARIABLE.chars().chain(spelled).collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn find(content: Option<&str>) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        if let Some(content) = content {
            fs::write(folder.path().join("my-token"), content).unwrap();
        }
        let secrets = Secrets::new(Some(folder.path().to_owned()));
        let found = secrets.find(&"my-token".parse().unwrap());
        found.map(|secret| secret.expose_secret().to_owned()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_secret_is_the_content_of_its_file() {
        assert_eq!(find(Some("s3cr3t\n")).unwrap(), "s3cr3t");
        assert!(find(Some("s3\ncr3t")).unwrap_err().ends_with("another control character within it"));
    }

    #[test]
    fn a_missing_secret_says_where_it_is_looked_for() {
        let error = find(None).unwrap_err();
        assert!(error.starts_with("the secret my-token is not there: put it into the file /"), "{error}");
        assert!(error.ends_with("/my-token, or into the variable BLUEBOOK_SECRET_MY_TOKEN"), "{error}");
    }

    #[test]
    fn an_empty_secret_is_told_as_such() {
        let error = find(Some(" \n")).unwrap_err();
        assert!(error.starts_with("the secret my-token is empty: write it into the file /"), "{error}");
        assert!(error.ends_with("/my-token"), "{error}");
    }
}
