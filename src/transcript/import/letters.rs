//! The letters of a text, in which words are found again.

use std::ops::Range;

/// How far ahead in the text a word is looked for, letters: more was left out by no engine, and a word that is too long to be kept is
/// passed over.
const LONGEST_SKIP: usize = 400;

/// The letters and digits of a text in lower case, and which character of it each is.
pub(super) struct Letters {
    letters: Vec<char>,
    places: Vec<u32>,
}

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        let kept = text.chars().zip(0_u32..).filter(|(c, _)| c.is_alphanumeric());
        let (letters, places) = kept.map(|(c, place)| (c.to_lowercase().next().unwrap_or(c), place)).unzip();
        Self { letters, places }
    }

    /// Whether the text has neither letter nor digit.
    pub(super) fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// Where `word` stands first at or after `from`, counted in letters.
    pub(super) fn find(&self, word: &Self, from: usize) -> Option<Range<usize>> {
        let length = word.letters.len();
        let last = self.letters.len().checked_sub(length)?;
        (from..=last.min(from.saturating_add(LONGEST_SKIP)))
            .find(|&start| self.letters[start..start + length] == word.letters)
            .map(|start| start..start + length)
    }

    /// The characters of the text from the first letter of `found` to its last.
    pub(super) fn chars(&self, found: &Range<usize>) -> Range<u32> {
        self.places[found.start]..self.places[found.end - 1] + 1
    }
}
