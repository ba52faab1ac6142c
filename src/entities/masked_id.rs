//! Ids as they may be written down: personal digits masked, and still told apart.

use super::mask::mask_text;

/// How many hex digits tell apart ids that differ in masked digits only. 24 bits leave thousands of
/// phone numbers for every tag, so a tag does not give the number away, and a day's ids, which carry
/// more than a number, do not collide.
const TAG_DIGITS: usize = 6;

/// Returns the id under which `raw`, the id of a call or a customer, is written: personal digits masked, control
/// characters replaced, and a tag of six hex digits (BLAKE3 of the whole) where that changed it.
///
/// ```
/// use callsift::entities::masked_id;
/// assert_eq!(masked_id("2026-11-20/call-0001.wav"), "2026-11-20/call-0001.wav");
/// assert!(masked_id("13800138000.wav").starts_with("███████████.wav~"));
/// assert_ne!(masked_id("13800138000"), masked_id("13800138001"));
/// ```
#[must_use]
pub fn masked_id(raw: &str) -> String {
    let masked = mask_text(raw);
    if masked == raw && !raw.contains(char::is_control) {
        return masked;
    }
    let masked = printable(&masked);
    let tag = blake3::hash(raw.as_bytes()).to_hex();
    format!("{masked}~{}", &tag[..TAG_DIGITS])
}

/// Returns the text with control characters, which could forge lines on a terminal, replaced by U+FFFD.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_without_personal_digits_is_kept() {
        assert_eq!(masked_id("2026-11-20/call-0001.wav"), "2026-11-20/call-0001.wav");
    }

    #[test]
    fn a_phone_number_is_masked_and_told_apart() {
        let (one, other) = (masked_id("13800138000.wav"), masked_id("13800138001.wav"));
        assert!(!one.contains("13800138000") && one.starts_with("███████████.wav~"));
        assert_ne!(one, other);
    }

    #[test]
    fn control_characters_are_replaced_and_tagged() {
        let id = masked_id("a\nb");
        assert!(id.starts_with("a\u{FFFD}b~"), "{id}");
    }
}
