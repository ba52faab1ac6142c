//! What must never be printed.

use super::EngineError;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The longest key that a file may hold, bytes.
const MAX_BYTES: u64 = 8 << 10;

/// A key or an address with a password. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// `text` as a secret, without the white space around it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In a variable of the environment.
    Env(String),
    /// In a file that holds nothing else.
    File(PathBuf),
}

impl KeyPlace {
    /// The key. The log is told of a file that others than its owner can read.
    ///
    /// # Errors
    /// `engine_setup`: there is no such variable, the file cannot be read, or it is empty, over 8 KiB or not UTF-8.
    pub(super) fn read(&self) -> Result<Secret, EngineError> {
        match self {
            Self::Env(name) => from_env(name, "--engine-key-env or key_env"),
            Self::File(path) => {
                let (key, warning) = from_file(path)?;
                if let Some(warning) = warning {
                    tracing::warn!("{warning}");
                }
                Ok(key)
            }
        }
    }
}

/// The secret in the environment's variable `name`, which `option` names.
pub(super) fn from_env(name: &str, option: &str) -> Result<Secret, EngineError> {
    let value = std::env::var(name).unwrap_or_default();
    if value.trim().is_empty() {
        // Some write the key itself there.
        let is_name = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        let name = if is_name { format!(" ({name})") } else { String::new() };
        return Err(setup(format!("the variable that {option} names{name} is not set, or empty; export it")));
    }
    Ok(Secret::new(&value))
}

/// The key in the file at `path`, and what is amiss with the file's permissions.
fn from_file(path: &Path) -> Result<(Secret, Option<String>), EngineError> {
    let unreadable =
        |error: std::io::Error| setup(format!("--engine-key-file or key_file cannot be read: {}", error.kind()));
    let mut text = String::new();
    let file = File::open(path).map_err(unreadable)?;
    let warning = open_to_others(&file.metadata().map_err(unreadable)?);
    file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > MAX_BYTES || text.trim().is_empty() {
        return Err(setup(format!(
            "key_file is empty or over {MAX_BYTES} bytes; it is to hold the key and nothing else"
        )));
    }
    Ok((Secret::new(&text), warning))
}

/// A mistake in the options, which no retry mends.
pub(super) fn setup(message: impl Into<String>) -> EngineError {
    EngineError::new("engine_setup", message, false)
}

#[cfg(unix)]
fn open_to_others(metadata: &std::fs::Metadata) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| format!("key_file can be read by others than its owner (mode {mode:o}): chmod 600 it"))
}

#[cfg(not(unix))]
fn open_to_others(_: &std::fs::Metadata) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new(" sk-1234\n")), "Secret(…)");
        assert_eq!(Secret::new(" sk-1234\n").reveal(), "sk-1234");
    }

    #[test]
    fn a_key_file_is_trimmed_and_its_permissions_are_looked_at() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        for (text, expected) in [("sk-1\n", Some("sk-1")), ("  \n", None), ("", None)] {
            std::fs::write(&path, text).expect("a file");
            let key = from_file(&path).ok().map(|(key, _)| key);
            assert_eq!(key, expected.map(Secret::new), "{text:?}");
        }
        let none = from_file(&folder.path().join("none"));
        assert_eq!(none.map_err(|error| error.code), Err("engine_setup".into()));
    }

    #[test]
    fn a_variable_that_is_not_there_is_named_unless_it_may_be_the_key_itself() {
        let message = |name| from_env(name, "key_env").expect_err(name).message;
        assert!(message("CALLSIFT_TEST_NO_SUCH_KEY").contains("CALLSIFT_TEST_NO_SUCH_KEY"));
        assert!(!message("sk-1234").contains("sk-1234"));
        // Cargo sets it.
        let read = KeyPlace::Env("CARGO_PKG_NAME".into()).read().expect("a variable");
        assert_eq!(read.reveal(), "callsift");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_warned_of() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, "sk-1").expect("a file");
        for (mode, warned) in [(0o600, false), (0o400, false), (0o640, true), (0o644, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("permissions");
            assert_eq!(from_file(&path).expect("a key").1.is_some(), warned, "{mode:o}");
        }
    }
}
