//! Which language a text is in, as far as its script and its commonest words tell.

use super::normalise::is_han;

/// Characters that written Cantonese has and Mandarin does not (Hong Kong Supplementary Character Set and everyday ones), of both
/// scripts. 唔 is left out: it is a hesitation in Mandarin.
const CANTONESE: &str = "嘅咗喺冇哋嚟啲嗰咁乜嘢睇畀攞揾噉咩啱嘞佢嬲嘥攰冚唥瞓㗎喎嗮晒";
/// So many of these in a text, other Han characters to each of them at most, make it Cantonese.
const FEWEST_CANTONESE: usize = 2;
const HAN_TO_EACH: usize = 12;

/// The commonest words of English that no other language in Latin letters has as common ones.
const ENGLISH: [&str; 38] = [
    "the", "and", "you", "of", "for", "are", "have", "your", "my", "this", "with", "can", "what", "please", "not",
    "but", "do", "if", "i'm", "i'll", "we'll", "don't", "it's", "would", "there", "from", "they", "been", "to", "at",
    "how", "when", "thank", "yes", "has", "about", "just", "could",
];
/// Of so many words, one of these makes a text English.
const WORDS_TO_EACH: usize = 6;
/// In fewer words than these nothing can be told.
const FEWEST_WORDS: usize = 3;

/// Letters of a text by script.
#[derive(Clone, Copy, Debug, Default)]
struct Letters {
    han: usize,
    kana: usize,
    /// Words in Latin letters, and those of them that are English.
    latin_words: usize,
    english_words: usize,
    cantonese: usize,
    /// Of the other scripts, which are language enough.
    other: [usize; OTHERS.len()],
}

/// Scripts of which a language, or else the script itself (BCP 47), is told: first and last character of their main blocks (Unicode
/// 16).
const OTHERS: [(char, char, &str); 6] = [
    ('\u{AC00}', '\u{D7A3}', "ko"),
    ('\u{0400}', '\u{04FF}', "und-Cyrl"),
    ('\u{0600}', '\u{06FF}', "und-Arab"),
    ('\u{0E00}', '\u{0E7F}', "th"),
    ('\u{0F00}', '\u{0FFF}', "bo"),
    ('\u{0900}', '\u{097F}', "und-Deva"),
];

/// Returns the BCP 47 tag of the language that `text` is in: `zh`, `yue`, `ja`, `ko`, `th`, `bo`, `en`, or a script alone
/// (`und-Cyrl`); `None` where that cannot be told, as of a word or two in Latin letters.
///
/// What is mixed is in the language that most of it is in: 我要 cancel 这个 order is `zh`.
///
/// ```
/// use callsift::transcript::tongue::tongue;
/// assert_eq!(tongue("您好,请讲"), Some("zh"));
/// assert_eq!(tongue("我冇收到你嘅信"), Some("yue"));
/// assert_eq!(tongue("how can I help you"), Some("en"));
/// assert_eq!(tongue("OK"), None);
/// ```
#[must_use]
pub fn tongue(text: &str) -> Option<&'static str> {
    let letters = Letters::of(text);
    let in_han = letters.han + letters.kana;
    let others: usize = letters.other.iter().sum();
    // A word in letters is about two characters long when it is said.
    if in_han >= 2 * letters.latin_words && in_han >= others {
        return letters.of_han();
    }
    if others > 2 * letters.latin_words {
        let most = (0..OTHERS.len()).max_by_key(|&script| letters.other[script])?;
        return Some(OTHERS[most].2);
    }
    let is_english =
        letters.latin_words >= FEWEST_WORDS && letters.english_words * WORDS_TO_EACH >= letters.latin_words;
    is_english.then_some("en")
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self::default();
        for c in text.chars().filter(|c| !c.is_ascii()) {
            match c {
                '\u{3041}'..='\u{30FF}' => letters.kana += 1,
                _ if is_han(c) => {
                    letters.han += 1;
                    letters.cantonese += usize::from(CANTONESE.contains(c));
                }
                _ => {
                    let script = OTHERS.iter().position(|(first, last, _)| (*first..=*last).contains(&c));
                    letters.other[script.unwrap_or_default()] += usize::from(script.is_some());
                }
            }
        }
        let is_in_word = |c: char| c == '\'' || c.is_alphabetic() && !is_han(c) && c < '\u{370}';
        for word in text.split(|c| !is_in_word(c)).filter(|word| !word.is_empty()) {
            letters.latin_words += 1;
            letters.english_words += usize::from(ENGLISH.iter().any(|common| common.eq_ignore_ascii_case(word)));
        }
        letters
    }

    /// The language of a text in Han characters and kana.
    fn of_han(&self) -> Option<&'static str> {
        if self.kana * 4 > self.han + self.kana {
            Some("ja")
        } else if self.cantonese >= FEWEST_CANTONESE && self.cantonese * HAN_TO_EACH >= self.han {
            Some("yue")
        } else {
            (self.han > 0).then_some("zh")
        }
    }
}

/// Returns whether two BCP 47 tags name the same language, by their primary subtags; `cmn` is `zh`.
///
/// ```
/// use callsift::transcript::tongue::is_same_tongue;
/// assert!(is_same_tongue("zh-CN", "cmn") && !is_same_tongue("zh", "yue"));
/// ```
#[must_use]
pub fn is_same_tongue(one: &str, other: &str) -> bool {
    fn primary(tag: &str) -> &str {
        match tag.split(['-', '_']).next().unwrap_or(tag) {
            primary if primary.eq_ignore_ascii_case("cmn") => "zh",
            // A script alone is no language: it is the same as itself.
            primary if primary.eq_ignore_ascii_case("und") => tag,
            primary => primary,
        }
    }
    primary(one).eq_ignore_ascii_case(primary(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart() {
        let table = [
            ("Mandarin", "您好,这里是银行", Some("zh")),
            ("traditional", "您好,這裏是銀行", Some("zh")),
            ("Cantonese", "你而家喺邊度,幾時還返啲錢", Some("yue")),
            ("one character of Cantonese", "睇一下", Some("zh")),
            ("a hesitation", "唔,我想想", Some("zh")),
            ("English", "I would like to pay it back next week", Some("en")),
            ("a switch inside", "我要 cancel 这个 order", Some("zh")),
            ("mostly English", "please cancel the order 好吗", Some("en")),
            ("an answer", "OK", None),
            ("German", "ich will das nicht, was soll das", None),
            ("Dutch", "dat is goed, we bellen u morgen", None),
            ("Spanish", "necesito pagar la próxima semana", None),
            ("Japanese", "ありがとうございます", Some("ja")),
            ("Korean", "안녕하세요", Some("ko")),
            ("Russian", "здравствуйте", Some("und-Cyrl")),
            ("Uyghur", "ياخشىمۇسىز", Some("und-Arab")),
            ("Tibetan", "བཀྲ་ཤིས", Some("bo")),
            ("digits", "12345", None),
            ("nothing", "", None),
        ];
        for (name, text, expected) in table {
            assert_eq!(tongue(text), expected, "{name}");
        }
    }

    #[test]
    fn tags_are_compared_by_language() {
        assert!(is_same_tongue("zh_CN", "ZH") && is_same_tongue("und-Cyrl", "und-cyrl"));
        assert!(!is_same_tongue("und-Cyrl", "und-Arab") && !is_same_tongue("en", "zh"));
    }
}
