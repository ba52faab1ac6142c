//! Masking: personal characters become [`MASK`], one for one, so that offsets stay true.

use super::find::{Found, Said, search};
use super::windows::Manner;
use crate::transcript::Speaker;
use crate::units::Role;

/// Version of the way text is masked; raised when a masked text may change.
pub const MASK_VERSION: i32 = 1;

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
    let said = [Said { by: Speaker::Role(Role::Unknown), text }];
    let found = search(&said, Manner::Written);
    mask(&said, &found).swap_remove(0)
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
