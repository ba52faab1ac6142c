//! Names of calls as they may be written down, and the hashes that stand for them in memory.

use crate::entities::{mask_text, masked_id, printable};
use crate::storage::is_remote;
use std::num::NonZeroU32;
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

/// What stands for a phone number in memory. 32 bits are enough: only numbers of one customer are compared.
pub(super) type NumberHash = NonZeroU32;

/// So long is what is written in place of a number and has no digit: a hash. A shorter text, such as "unknown", says that
/// there is none.
const HASH_CHARS: usize = 16;

/// The hash of the phone number `raw`, however it is set apart and with or without the code of China or a leading zero;
/// `None` where it is none.
pub(super) fn number_hash(raw: &str) -> Option<NumberHash> {
    let plain = plain_number(raw);
    let is_one = plain.bytes().any(|byte| byte.is_ascii_digit()) || plain.chars().count() >= HASH_CHARS;
    // Spreadsheets write long numbers like 8.6138E+12: what they rounded away is lost.
    let is_rounded = plain.contains("E+");
    // The low half of a hash may be 0, which the type keeps for nothing.
    (is_one && !is_rounded).then(|| NumberHash::new(raw_id_hash(&plain) as u32).unwrap_or(NumberHash::MIN))
}

fn plain_number(raw: &str) -> String {
    let joined: String = raw.chars().filter(|c| !c.is_whitespace() && !"-()（）.".contains(*c)).collect();
    let is_mobile =
        |rest: &&str| rest.len() == 11 && rest.starts_with('1') && rest.bytes().all(|it| it.is_ascii_digit());
    let abroad = joined.strip_prefix("+86").or_else(|| joined.strip_prefix("0086"));
    let home = abroad.or_else(|| joined.strip_prefix("86").filter(is_mobile)).unwrap_or(&joined);
    home.strip_prefix('0').unwrap_or(home).to_owned()
}

/// The path relative to `root`, `/`-separated, unmasked.
pub(super) fn relative(path: &Path, root: &Path) -> String {
    if let Some(inside) = plainly_inside(path, root) {
        return inside.to_owned();
    }
    let inside = match path.strip_prefix(root) {
        Ok(inside) => inside,
        // Its parts alone would name nothing.
        Err(_) if is_remote(path) => return path.to_string_lossy().into_owned(),
        Err(_) => path,
    };
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
pub(crate) fn shown_text(text: &str) -> String {
    printable(&mask_text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_however_it_is_written() {
        let mobile = number_hash("13800138000");
        let landline = number_hash("01062345678");
        let hashed = "pcmgkdnbaeflhojipcmgkdnbaeflhoji";
        let cases = [
            ("apart", "138 0013-8000", mobile),
            ("with the code of China", "+86 138 0013 8000", mobile),
            ("as diallers write it", "008613800138000", mobile),
            ("without a sign", "8613800138000", mobile),
            ("from another town", "013800138000", mobile),
            ("a landline", "(010) 6234-5678", landline),
            ("a landline from abroad", "+86 10 6234 5678", landline),
            ("a hash in its place", hashed, number_hash(&format!(" {hashed} "))),
            ("nothing", "", None),
            ("signs alone", "-", None),
            ("a word", "unknown", None),
            ("what a spreadsheet left of it", "8.6138E+12", None),
        ];
        for (name, written, expected) in cases {
            assert_eq!(number_hash(written), expected, "{name}");
        }
        let told_apart = ["13800138000", "13800138001", "01062345678", "8610", hashed, "138****8000"].map(number_hash);
        let mut unique = told_apart.to_vec();
        unique.sort_unstable();
        unique.dedup();
        assert!(told_apart.iter().all(Option::is_some) && unique.len() == told_apart.len(), "{told_apart:?}");
    }

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
            ("s3://calls/in/a/b.wav", "s3://calls/in", "a/b.wav"),
            ("s3://calls/in/b.wav", "in", "s3://calls/in/b.wav"),
        ];
        for (path, root, expected) in cases {
            assert_eq!(relative(Path::new(path), Path::new(root)), expected, "{path} in {root}");
        }
    }
}
