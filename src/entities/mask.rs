//! Masking: personal characters become [`MASK`], one for one, so that offsets stay true.

use super::find::{Found, Said, find_written};
use crate::transcript::Speaker;
use crate::units::Role;

/// Version of the way text is masked; raised when a masked text may change.
pub const MASK_VERSION: i32 = 2;

/// What stands for a masked character.
pub const MASK: char = '█';

/// Returns the texts of `said` with the characters that `found` names masked; every text keeps its number of characters.
///
/// ```
/// use callsift::entities::{Said, find, mask};
/// use callsift::transcript::Speaker;
/// let said = [Said { by: Speaker::Channel(1), text: "打138-0013-8000,张伟先生" }];
/// assert_eq!(mask(&said, &find(&said)), ["打███-████-████,张█先生"]);
/// ```
#[must_use]
pub fn mask(said: &[Said<'_>], found: &[Found]) -> Vec<String> {
    let mut hidden: Vec<Vec<u32>> = vec![Vec::new(); said.len()];
    for part in found.iter().flat_map(|one| &one.parts) {
        if let Some(chars) = hidden.get_mut(part.utterance) {
            chars.extend(&part.masked);
        }
    }
    said.iter().zip(hidden).map(|(one, chars)| covered(one.text, chars)).collect()
}

/// Returns `text` with the personal data in it masked: a file's name, an id, a cell of a manifest, a message.
///
/// Finds what [`find`](super::find()) finds; digits are joined only as people group them, so that dates, times and counters
/// beside one another stay.
///
/// ```
/// use callsift::entities::mask_text;
/// assert_eq!(mask_text("20261120_13800138000_8023.wav"), "20261120_███████████_8023.wav");
/// assert_eq!(mask_text("20261120-093000.wav"), "20261120-093000.wav");
/// ```
#[must_use]
pub fn mask_text(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { searched(text) }
}

fn searched(text: &str) -> String {
    let found = find_written(text);
    if found.is_empty() {
        return text.to_owned();
    }
    mask(&[Said { by: Speaker::Role(Role::Unknown), text }], &found).swap_remove(0)
}

/// The fewest digits an identifier has.
const SHORTEST: usize = 8;

/// Whether `text` cannot hold personal data: ASCII, no address, and no run of 8 digits, over all that may stand
/// between two digits of one number (the letters are those of fillers). Most ids and cells are so, and the search takes
/// far longer than this look.
fn is_plain(text: &str) -> bool {
    let mut digits = 0;
    text.bytes().all(|byte| {
        match byte {
            b'0'..=b'9' | b'x' | b'X' => digits += 1,
            b'@' | 0x80.. => return false,
            b'/' | b':' | b'\\' | b'a'..=b'd' | b'f' | b'g' | b'i'..=b'l' | b'n'..=b'q' | b's' | b't' | b'A'..=b'W' => {
                digits = 0;
            }
            _ => {}
        }
        digits < SHORTEST
    })
}

fn covered(text: &str, mut chars: Vec<u32>) -> String {
    chars.sort_unstable();
    let mut hidden = chars.into_iter().peekable();
    let cover = |(at, c): (usize, char)| {
        let mut covers = false;
        while hidden.next_if(|&next| next as usize <= at).is_some() {
            covers = true;
        }
        if covers { MASK } else { c }
    };
    text.chars().enumerate().map(cover).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_look_misses_nothing(text in "[0-9xX/:+@a-z ._-]{0,30}", numbers in "(1[38][0-9]{9}|[0-9]{8}|um){0,4}") {
            let text = format!("{text}{numbers}");
            prop_assert_eq!(mask_text(&text), searched(&text));
        }
    }
}
