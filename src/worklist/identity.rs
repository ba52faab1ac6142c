//! Names of calls as they may be written down, and the hashes that stand for them in memory.

use crate::entities::{mask_text, masked_id, printable};
use std::path::Path;

/// Returns 64 bits that stand for a call id or a customer id as it is written in tables (personal digits masked); never 0.
///
/// BLAKE3, so that nobody can make two ids meet by choosing them.
///
/// ```
/// use callsift::worklist::id_hash;
/// assert_eq!(id_hash("c-1"), id_hash("c-1"));
/// assert_ne!(id_hash("c-1"), id_hash("c-2"));
/// ```
#[must_use]
pub fn id_hash(written: &str) -> u64 {
    short(blake3::hash(written.as_bytes()))
}

/// 64 bits of a hash; 0 stands for nothing elsewhere and is not among them.
pub(super) fn short(hash: blake3::Hash) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(bytes).max(1)
}

/// The hash of the id under which `raw` is written.
pub(super) fn raw_id_hash(raw: &str) -> u64 {
    id_hash(&masked_id(raw))
}

/// The path relative to `root`, `/`-separated, unmasked.
pub(super) fn relative(path: &Path, root: &Path) -> String {
    if let Some(inside) = plainly_inside(path, root) {
        return inside.to_owned();
    }
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> =
        inside.components().map(|part| part.as_os_str().to_string_lossy()).filter(|part| part != ".").collect();
    parts.join("/")
}

/// The rest of `path` after `root`, where it needs no other form: a million times in a list, so worth a look of its own.
fn plainly_inside<'p>(path: &'p Path, root: &Path) -> Option<&'p str> {
    let inside = path.to_str()?.strip_prefix(root.to_str()?)?.strip_prefix('/')?;
    let is_plain = |part: &str| !part.is_empty() && part != "." && !part.contains('\\');
    inside.split('/').all(is_plain).then_some(inside)
}

/// A path as it may be printed.
pub(super) fn shown(path: &Path) -> String {
    shown_text(&path.to_string_lossy())
}

/// A text as it may be printed.
pub(super) fn shown_text(text: &str) -> String {
    printable(&mask_text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_and_use_slashes() {
        let cases = [
            ("in/a/b.wav", "in", "a/b.wav"),
            ("./b.wav", ".", "b.wav"),
            ("in/./a//b.wav", "in", "a/b.wav"),
            ("in//b.wav", "in", "b.wav"),
            ("in/b.wav", "in/", "b.wav"),
            ("in/../b.wav", "in", "../b.wav"),
            ("inside/b.wav", "in", "inside/b.wav"),
            ("in/b.wav/", "in", "b.wav"),
        ];
        for (path, root, expected) in cases {
            assert_eq!(relative(Path::new(path), Path::new(root)), expected, "{path} in {root}");
        }
    }
}
