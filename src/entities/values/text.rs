//! A text, character by character, in one form for one meaning, so that offsets stay true.

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
#[rustfmt::skip]
const fn folded(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\0'..='\u{7F}' => c,
        '\u{FF01}'..='\u{FF5E}' => ((c as u32 - 0xFF01) as u8 + b'!').to_ascii_lowercase() as char,
        '﹪' => '%',
        '個' => '个',
        '點' => '点',
        '萬' => '万',
        '億' => '亿',
        '兩' | '倆' | '俩' => '两',
        '號' => '号',
        '週' => '周',
        '禮' => '礼',
        '後' => '后',
        '時' => '时',
        '鐘' | '鍾' => '钟',
        '塊' => '块',
        '錢' => '钱',
        '幣' => '币',
        '圓' | '圆' => '元',
        '歐' => '欧',
        '鎊' => '镑',
        '臺' => '台',
        '農' => '农',
        '曆' => '历',
        '間' => '间',
        '幾' => '几',
        '餘' => '余',
        '負' => '负',
        '貳' | '贰' => '二',
        '壹' | '弌' | '幺' => '一',
        '叁' | '叄' | '參' => '三',
        '肆' => '四',
        '伍' => '五',
        '陸' | '陆' => '六',
        '柒' => '七',
        '捌' => '八',
        '玖' => '九',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        '〇' => '零',
        '這' => '这',
        '來' => '来',
        '內' => '内',
        '過' => '过',
        '國' => '国',
        '慶' => '庆',
        '節' => '节',
        '當' => '当',
        '準' => '准',
        '對' => '对',
        '韓' => '韩',
        '紐' => '纽',
        '盧' => '卢',
        '銖' => '铢',
        '蘭' => '兰',
        '剛' => '刚',
        '聖' => '圣',
        '誕' => '诞',
        '勞' => '劳',
        '動' => '动',
        '兒' => '儿',
        '師' => '师',
        '無' => '无',
        '條' => '条',
        '￥' => '¥',
        '￡' => '£',
        '−' => '-',
        _ => c,
    }
}
