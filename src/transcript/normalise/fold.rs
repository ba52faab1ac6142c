//! Folding: Unicode NFKC and lower case.

use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use std::ops::Range;

/// A character after folding, and the original characters it came from.
#[derive(Clone, Debug)]
pub(super) struct Folded {
    pub(super) ch: char,
    pub(super) origin: Range<u32>,
}

const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();
const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();
const COMBINING: CanonicalCombiningClassMapBorrowed<'static> = CanonicalCombiningClassMapBorrowed::new();

/// The longest run of characters that is composed as one: the Stream-Safe Text Format (UAX #15,
/// section 13) allows 30 marks after a starter.
const CLUSTER_CHARS: usize = 31;

/// NFKC and lower case, cluster by cluster, so that each outcome knows its cluster.
pub(super) fn fold(text: &str) -> Vec<Folded> {
    let chars: Vec<char> = text.chars().collect();
    let mut folded = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(&first) = chars.get(at) {
        let mut end = at + 1;
        while end < chars.len() && end - at < CLUSTER_CHARS && joins(&chars[at..end], chars[end]) {
            end += 1;
        }
        let origin = at as u32..end as u32;
        if let Some(ch) = plain(first).filter(|_| end == at + 1) {
            folded.push(Folded { ch, origin });
        } else {
            let cluster: String = NFKC.normalize_iter(chars[at..end].iter().copied()).collect();
            let lower = NFKC.normalize(&cluster.to_lowercase()).into_owned();
            folded.extend(lower.chars().map(|ch| Folded { ch, origin: origin.clone() }));
        }
        at = end;
    }
    folded
}

/// What becomes of `c` under NFKC and in lower case, where that is one character, whatever stands before it, and
/// whatever follows that is as plain; `None` where it takes tables to tell.
pub(crate) const fn plain(c: char) -> Option<char> {
    match c {
        '\0'..='\u{7F}' => Some(c.to_ascii_lowercase()),
        '\u{4E00}'..='\u{9FFF}' | '\u{3001}' | '\u{3002}' | '\u{3008}'..='\u{3011}' | '█' => Some(c),
        '\u{2014}' | '\u{2018}'..='\u{201D}' => Some(c),
        // The full-width forms stand in the order of ASCII.
        '\u{FF01}'..='\u{FF5E}' => Some(((c as u32 - 0xFEE0) as u8 as char).to_ascii_lowercase()),
        _ => None,
    }
}

/// Whether `next` composes with the cluster before it.
fn joins(cluster: &[char], next: char) -> bool {
    if plain(next).is_some() {
        return false;
    }
    let leads = NFKD.normalize_iter(std::iter::once(next)).next().unwrap_or(next);
    if COMBINING.get_u8(leads) != 0 {
        return true;
    }
    // A few starters compose backwards too: Hangul vowels and finals, some Indic vowel signs.
    let together = NFKC.normalize_iter(cluster.iter().copied().chain([next]));
    let apart = NFKC.normalize_iter(cluster.iter().copied()).chain(NFKC.normalize_iter(std::iter::once(next)));
    !together.eq(apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_characters_are_what_tables_make_of_them() {
        for c in ('\0'..=char::MAX).filter(|c| plain(*c).is_some()) {
            let folded = NFKC.normalize(&c.to_string()).to_lowercase();
            assert_eq!(Some(folded.as_str()), plain(c).map(|c| c.to_string()).as_deref(), "{c:?}");
            // Nothing composes backwards that has no class and decomposes to something ASCII or to itself.
            assert_eq!(COMBINING.get_u8(c), 0, "{c:?}");
            for before in ["a", "還", "\u{1112}\u{1161}", "カ"] {
                let together = NFKC.normalize(&format!("{before}{c}")).into_owned();
                assert_eq!(
                    together,
                    format!("{}{}", NFKC.normalize(before), NFKC.normalize(&c.to_string())),
                    "{before}{c}"
                );
            }
        }
    }
}
