//! How much was said: characters for languages written without spaces, words for others.

/// What a language is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Units {
    /// Characters: Chinese, Japanese, Korean.
    Chars,
    /// Words.
    Words,
}

/// Languages that are counted in characters, by primary subtag; Mandarin, Cantonese and Wu have subtags of their own too.
const IN_CHARS: [&str; 6] = ["zh", "cmn", "yue", "wuu", "ja", "ko"];

impl Units {
    /// The units of `language`; without one, of the script that most of `texts` is in.
    pub(super) fn of<'a>(language: Option<&str>, texts: impl Iterator<Item = &'a str>) -> Self {
        let in_chars = match language {
            Some(tag) => {
                let primary = tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
                IN_CHARS.contains(&primary.as_str())
            }
            None => {
                let (mut ideographs, mut words) = (0, 0);
                for word in texts.flat_map(str::split_whitespace) {
                    let alone = word.chars().filter(|&c| is_read_alone(c)).count();
                    ideographs += alone;
                    words += usize::from(alone == 0 && word.chars().any(char::is_alphabetic));
                }
                ideographs > words
            }
        };
        if in_chars { Self::Chars } else { Self::Words }
    }

    /// Its name in tables.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Chars => "chars",
            Self::Words => "words",
        }
    }

    /// How many of them `text` has.
    pub(super) fn count(self, text: &str) -> usize {
        match self {
            Self::Chars => chars(text),
            Self::Words => words(text),
        }
    }
}

/// Characters as spoken: Han characters, kana, hangul and digits one each, a word in letters one, punctuation none.
pub(super) fn chars(text: &str) -> usize {
    let mut count = 0;
    let mut in_word = false;
    for c in text.chars() {
        let alone = is_read_alone(c) || c.is_numeric();
        let letter = !alone && c.is_alphabetic();
        if alone || letter && !in_word {
            count += 1;
        }
        in_word = letter || in_word && matches!(c, '\'' | '’');
    }
    count
}

/// Words: what stands between spaces and has a letter or digit in it.
pub(super) fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// Whether `c` is read on its own: ideographs (with 〇 and 々), kana, hangul syllables.
const fn is_read_alone(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}'
        | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}'
        | '\u{AC00}'..='\u{D7A3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_said() {
        let cases = [
            ("chinese", "您好,这里是银行。", 7, 1),
            ("digits are read one by one", "欠款3500元", 7, 1),
            ("a letter and a digit", "4S店", 3, 1),
            ("latin words", "please call OK银行", 5, 3),
            ("apostrophe", "don't worry", 2, 2),
            ("only punctuation", "……?!", 0, 0),
            ("a dash between spaces", "yes - no", 2, 2),
            ("nothing", "", 0, 0),
            ("spoken zero", "二〇二六", 4, 1),
        ];
        for (name, text, expected_chars, expected_words) in cases {
            assert_eq!((chars(text), words(text)), (expected_chars, expected_words), "{name}");
        }
    }

    #[test]
    fn units_follow_the_language() {
        let cases = [
            (Some("zh-CN"), "hello", Units::Chars),
            (Some("yue"), "", Units::Chars),
            (Some("en-US"), "您好", Units::Words),
            (None, "您好 hello", Units::Chars),
            (None, "hello there", Units::Words),
            (None, "", Units::Words),
        ];
        for (language, text, expected) in cases {
            assert_eq!(Units::of(language, std::iter::once(text)), expected, "{language:?} {text}");
        }
    }
}
