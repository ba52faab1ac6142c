//! Texts as engines write them: spaces, lines, ends of sentences.

/// What ends a sentence.
pub(in crate::transcript::import) const SENTENCE_MARKS: &[char] = &['。', '？', '！', '?', '!', '.', '…'];

/// What is written with a space between all words, without those beside Han and the like.
pub(in crate::transcript::import) fn unspaced(text: &str) -> String {
    text.split_whitespace().fold(String::new(), |mut joined, word| {
        join(&mut joined, word);
        joined
    })
}

/// Adds a word to a text: with a space between, but where Han or the like stands on either side.
pub(in crate::transcript::import) fn join(text: &mut String, word: &str) {
    let (last, first) = (text.chars().next_back(), word.chars().next());
    if last.zip(first).is_some_and(|(last, first)| !is_unspaced(last) && !is_unspaced(first)) {
        text.push(' ');
    }
    text.push_str(word);
}

/// Whether words in this script are written without spaces.
pub(in crate::transcript::import) fn is_unspaced(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x2_0000..=0x3_FFFF)
}

/// What was said, on one line.
pub(super) fn on_one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}
