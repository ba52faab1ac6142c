//! Which format a transcript is in.

use super::{ImportError, ours};
use crate::transcript::Transcript;

/// Reads the transcript in `bytes`, whatever its format; for now there is one, [`ours`].
///
/// # Errors
///
/// [`ImportError`], with a stable code and the place.
pub fn read(bytes: &[u8]) -> Result<Transcript, ImportError> {
    ours::read(bytes)
}
