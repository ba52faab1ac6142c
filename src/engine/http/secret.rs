//! What must never be printed.

use super::EngineError;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

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

/// A key that was read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    /// The key, without the white space around it.
    pub key: Secret,
    /// What is amiss with the file's permissions, for a warning; `None` where only its owner can read it.
    pub warning: Option<String>,
}

/// The key in the file at `path`: all of it, trimmed.
///
/// # Errors
/// `engine_setup`: the file cannot be read, is empty, is over 8 KiB or is not UTF-8.
pub fn read_key_file(path: &Path) -> Result<KeyFile, EngineError> {
    let unreadable = |error: std::io::Error| setup(format!("key_file cannot be read: {}", error.kind()));
    let mut text = String::new();
    let file = File::open(path).map_err(unreadable)?;
    let warning = open_to_others(&file.metadata().map_err(unreadable)?);
    file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > MAX_BYTES || text.trim().is_empty() {
        return Err(setup(format!(
            "key_file is empty or over {MAX_BYTES} bytes; it is to hold the key and nothing else"
        )));
    }
    Ok(KeyFile { key: Secret::new(&text), warning })
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
            let key = read_key_file(&path).ok().map(|file| file.key);
            assert_eq!(key, expected.map(Secret::new), "{text:?}");
        }
        assert_eq!(read_key_file(&folder.path().join("none")).map_err(|error| error.code), Err("engine_setup".into()));
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
            assert_eq!(read_key_file(&path).expect("a key").warning.is_some(), warned, "{mode:o}");
        }
    }
}
