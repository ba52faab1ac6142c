use super::DecodeError;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// What tells a file from every other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Its size in bytes, at least 1.
    pub bytes: u64,
}

/// Reads the file at `path` once, without keeping it, for its hash and size.
///
/// # Errors
///
/// `not_found`, `unreadable` (a folder or a pipe too, which is not waited for), `empty_file`.
pub fn identify(path: &Path) -> Result<Identity, DecodeError> {
    if !fs::metadata(path)?.is_file() {
        return Err(DecodeError::Unreadable { reason: "not a regular file".to_owned() });
    }
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut block = vec![0; READ_BYTES];
    let mut bytes = 0;
    loop {
        match file.read(&mut block) {
            Ok(0) => break,
            Ok(read) => {
                hash.update(&block[..read]);
                bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    if bytes == 0 {
        return Err(DecodeError::EmptyFile);
    }
    Ok(Identity { sha256: hex(&hash.finalize()), bytes })
}

/// Large enough that calls into the system do not count, small enough for the second-level cache.
const READ_BYTES: usize = 256 * 1_024;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
