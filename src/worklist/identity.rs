//! Names of calls as they may be written down: relative, `/`-separated, personal digits masked.

use crate::entities::mask_text;
use std::path::Path;

/// How many hex digits tell apart names that differ in masked digits only. 24 bits leave thousands of
/// phone numbers for every tag, so a tag does not give the number away, and a day's names, which carry
/// more than a number, do not collide.
const TAG_DIGITS: usize = 6;

/// The path relative to `root`, `/`-separated, unmasked.
pub(super) fn relative(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> =
        inside.components().map(|part| part.as_os_str().to_string_lossy()).filter(|part| part != ".").collect();
    parts.join("/")
}

/// A path as it may be printed.
pub(super) fn shown(path: &Path) -> String {
    printable(&mask_text(&path.to_string_lossy()))
}

/// The text with control characters, which could forge lines on a terminal, replaced.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// The id under which a call is written: `raw` with personal digits masked and control characters replaced, and a tag where that changed it.
pub(super) fn call_id(raw: &str) -> String {
    let masked = printable(&mask_text(raw));
    if masked == raw {
        return masked;
    }
    let tag = blake3::hash(raw.as_bytes()).to_hex();
    format!("{masked}~{}", &tag[..TAG_DIGITS])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_without_personal_digits_is_kept() {
        assert_eq!(call_id("2026-11-20/call-0001.wav"), "2026-11-20/call-0001.wav");
    }

    #[test]
    fn a_phone_number_is_masked_and_told_apart() {
        let (one, other) = (call_id("13800138000.wav"), call_id("13800138001.wav"));
        assert!(!one.contains("13800138000") && one.starts_with("███████████.wav~"));
        assert_ne!(one, other);
    }

    #[test]
    fn paths_are_relative_and_use_slashes() {
        assert_eq!(relative(Path::new("in/a/b.wav"), Path::new("in")), "a/b.wav");
        assert_eq!(relative(Path::new("./b.wav"), Path::new(".")), "b.wav");
    }
}
