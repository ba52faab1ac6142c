//! A text, character by character, in one form for one meaning, so that offsets stay true.

use crate::transcript::normalise::simplified;

/// Characters with their width and the traditional forms of what values are written with folded.
pub(super) struct Text {
    written: Vec<char>,
    chars: Vec<char>,
}

impl Text {
    pub(super) fn of(text: &str) -> Self {
        let written: Vec<char> = text.chars().collect();
        Self { chars: written.iter().copied().map(folded).collect(), written }
    }

    pub(super) const fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at `at`; a space beyond either end.
    pub(super) fn at(&self, at: usize) -> char {
        self.chars.get(at).copied().unwrap_or(' ')
    }

    /// The character at `at` as it is written; a space beyond either end.
    pub(super) fn written(&self, at: usize) -> char {
        self.written.get(at).copied().unwrap_or(' ')
    }

    /// The character before `at`; a space at the start.
    pub(super) fn before(&self, at: usize) -> char {
        at.checked_sub(1).map_or(' ', |before| self.at(before))
    }

    /// Where the next character is that is no space.
    pub(super) fn over_spaces(&self, at: usize) -> usize {
        at + self.chars[at.min(self.len())..].iter().take_while(|c| c.is_whitespace()).count()
    }

    /// Where `word` ends, if it stands at `at`, spaces between its characters or not.
    #[inline]
    pub(super) fn word(&self, at: usize, word: &str) -> Option<usize> {
        let mut chars = word.chars();
        // Nearly all words that are looked for fail at their first character.
        if self.chars.get(at).copied() != chars.next() {
            return None;
        }
        self.rest(at + 1, chars)
    }

    fn rest(&self, mut end: usize, chars: std::str::Chars<'_>) -> Option<usize> {
        for c in chars {
            end = self.over_spaces(end);
            if self.chars.get(end) != Some(&c) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Where the first of `words` ends that stands at `at`, and which it is.
    pub(super) fn any<'w, T>(&self, at: usize, words: &'w [(&str, T)]) -> Option<(usize, &'w T)> {
        words.iter().find_map(|(word, value)| Some((self.word(at, word)?, value)))
    }

    /// Where the first of `words` ends that stands at `at`.
    pub(super) fn one_of(&self, at: usize, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|word| self.word(at, word))
    }
}

/// `c`, or the plain character where it is a wide, traditional or formal form of one that values are written with.
fn folded(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\0'..='\u{7F}' => c,
        '\u{FF01}'..='\u{FF5E}' => ((c as u32 - 0xFF01) as u8 + b'!').to_ascii_lowercase() as char,
        '﹪' => '%',
        '￥' => '¥',
        '￡' => '£',
        '−' => '-',
        '〇' => '零',
        // 参 and 锺 are other words too.
        '參' => '三',
        '鍾' => '钟',
        _ => of_value(simplified(c)),
    }
}

/// The plain form of a formal or spoken one.
const fn of_value(c: char) -> char {
    match c {
        '俩' => '两',
        '圆' => '元',
        '壹' | '弌' | '幺' => '一',
        '贰' => '二',
        '叁' | '叄' => '三',
        '肆' => '四',
        '伍' => '五',
        '陆' => '六',
        '柒' => '七',
        '捌' => '八',
        '玖' => '九',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        _ => c,
    }
}
