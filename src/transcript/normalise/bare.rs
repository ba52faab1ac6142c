//! The bare form of a text: what somebody meant to say, as far as that can be told word by word.
//!
//! Out go hesitations (派呃人 is 派人), what is said again at once (派派人到你家到你家 is 派人到你家) and signs between Han characters
//! (骗*子 is 骗子); letters said one by one are a word (a p p is app), and words of English stand in their base forms (`we're
//! visiting` is `we are visit`). Words are searched for in the normal form and in this one.

use super::english::{self, HESITATIONS};
use super::origin::Origins;
use super::{Stop, is_han};
use std::borrow::Cow;
use std::ops::Range;

/// A text without what hides words in it, and where each of its bytes came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bare {
    text: String,
    /// The bytes of the normal form that `text` came from.
    origins: Origins,
}

/// Whether `c` is a sound that people make while they think.
const fn is_thinking(c: char) -> bool {
    matches!(c, '呃' | '嗯' | '唔')
}

/// Whether `c` is one, or one that ends sentences too: those are hesitations where the clause goes on, or where they are all of it.
const fn is_hesitation(c: char) -> bool {
    is_thinking(c) || matches!(c, '啊' | '哦' | '噢' | '喔' | '哎' | '诶' | '欸')
}

/// Words that people say while they think. They mean something elsewhere, so they must be a clause of their own.
const ASIDES: [&str; 14] = [
    "那个",
    "这个",
    "就是",
    "就是说",
    "那什么",
    "怎么说",
    "怎么说呢",
    "然后",
    "那么",
    "对吧",
    "是吧",
    "你知道吧",
    "you know",
    "i mean",
];

/// The longest of them.
const LONGEST_ASIDE_BYTES: usize = 12;

/// How many words or Han characters are said again at once at most.
const LONGEST_AGAIN: usize = 4;

/// Characters that are doubled in everyday words: kin, and what means another thing when it is not doubled.
const DOUBLED: &str = "妈爸爹娘哥姐弟妹爷奶公婆舅叔姑姨嫂伯太宝娃谢看听说想试问等聊走坐谈查算数写读天年月日人家时处事个件层次种样句声步户张\
    条块片点常刚慢渐好早晚大小多少高深远快轻细明清楚平安频偏仅单整默悄偷暗纷匆往白茫狠牢久稳痛恰足某区哈呵嘿嘻呜嗡喂对是行滚通统";

/// Characters of numbers, in which what is said again counts.
const NUMERALS: &str = "〇零一二三四五六七八九十两幺百千万亿";

impl Bare {
    /// The bare form of `text`, which is a normal form with these stops; `None` where it is the same.
    ///
    /// ```
    /// use callsift::transcript::normalise::{Bare, Normalised};
    /// let normal = Normalised::of("我们会派,呃,派人到你家");
    /// let bare = Bare::of(normal.text(), normal.stops()).expect("there is a hesitation in it");
    /// assert_eq!(bare.text(), "我们会派人到你家");
    /// assert_eq!(&normal.text()[bare.origin(6..15)], "会派呃派人");
    /// assert_eq!(Bare::of("我们会派人到你家", &[]), None);
    /// ```
    #[must_use]
    pub fn of(text: &str, stops: &[Stop]) -> Option<Self> {
        if is_plainly_bare(text, stops) {
            return None;
        }
        let mut kept = Vec::new();
        let mut reader = Reader::of(text, stops);
        while let Some(piece) = reader.next() {
            kept.push(piece);
            drop_what_is_said_again(&mut kept);
        }
        let bare = Self::joined(&kept);
        (bare.text != text && !bare.text.is_empty()).then_some(bare)
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the normal form that `bytes` of the text came from.
    #[must_use]
    pub fn origin(&self, bytes: Range<usize>) -> Range<usize> {
        let from = self.origins.of(bytes);
        from.start as usize..from.end as usize
    }

    fn joined(pieces: &[Piece<'_>]) -> Self {
        let mut bare = Self { text: String::new(), origins: Origins::default() };
        let mut behind_han = true;
        for piece in pieces {
            let from = piece.from.start as u32..piece.from.end as u32;
            let is_han = matches!(piece.sort, Sort::Han(_));
            if let Some(space) = piece.space.filter(|_| !behind_han && !is_han) {
                bare.origins.push(bare.text.len(), space as u32..space as u32 + 1, None);
                bare.text.push(' ');
            }
            let is_copied = matches!(piece.text, Cow::Borrowed(_)) && piece.text.len() == piece.from.len();
            bare.origins.push(bare.text.len(), from, is_copied.then_some(1));
            bare.text.push_str(&piece.text);
            behind_han = is_han;
        }
        let end = pieces.last().map_or(0, |piece| piece.from.end as u32);
        bare.origins.push(bare.text.len(), end..end, None);
        bare
    }
}

/// A part of a text that is kept or not as one.
#[derive(Clone, Debug)]
struct Piece<'a> {
    text: Cow<'a, str>,
    /// Its bytes.
    from: Range<usize>,
    sort: Sort,
    /// The byte of the space before it, if there is one.
    space: Option<usize>,
}

impl Piece<'_> {
    fn says_what(&self, other: &Self) -> bool {
        // Of one Han character, nothing is left to compare.
        self.sort == other.sort && (matches!(self.sort, Sort::Han(_)) || self.text == other.text)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// This Han character.
    Han(char),
    /// A word in other letters, or a number in figures.
    Word,
    /// Another character.
    Sign,
}

/// Reads a text piece by piece, without hesitations and without signs between Han characters.
struct Reader<'a> {
    text: &'a str,
    stops: &'a [Stop],
    at: usize,
    /// The last space, if nothing was read since.
    space: Option<usize>,
    /// Where the run of signs ends that is being read, and stays.
    signs_until: usize,
}

impl<'a> Reader<'a> {
    const fn of(text: &'a str, stops: &'a [Stop]) -> Self {
        Self { text, stops, at: 0, space: None, signs_until: 0 }
    }

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let first = self.rest().chars().next()?;
            if first == ' ' {
                (self.at, self.space) = (self.at + 1, Some(self.at));
            } else if let Some(length) = self.hesitation(first) {
                self.at += length;
            } else if is_han(first) {
                return Some(self.take(first.len_utf8(), Sort::Han(first)));
            } else if first.is_alphanumeric() {
                return Some(self.word());
            } else if let Some(length) = self.inserted() {
                self.at += length;
            } else {
                return Some(self.take(first.len_utf8(), Sort::Sign));
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn take(&mut self, length: usize, sort: Sort) -> Piece<'a> {
        let from = self.at..self.at + length;
        self.at = from.end;
        Piece { text: Cow::Borrowed(&self.text[from.clone()]), from, sort, space: self.space.take() }
    }

    /// The word here, in its base form; several letters that stand alone are one word.
    fn word(&mut self) -> Piece<'a> {
        let letters = letters(self.rest());
        if let Some((length, word)) = letters {
            return Piece { text: Cow::Owned(word), ..self.take(length, Sort::Word) };
        }
        let mut piece = self.take(word_length(self.rest()), Sort::Word);
        piece.text = english::base(&self.text[piece.from.clone()]);
        piece
    }

    /// How many bytes of signs stand here that somebody put between two Han characters. A run of signs is looked at once.
    fn inserted(&mut self) -> Option<usize> {
        if self.at < self.signs_until {
            return None;
        }
        let is_sign = |c: char| !c.is_alphanumeric() && c != '█' && !is_han(c);
        let rest = self.rest();
        let length = rest.find(|c| !is_sign(c)).unwrap_or(rest.len());
        let before = self.text[..self.at].trim_end().chars().next_back();
        let is_between = before.is_some_and(is_han) && rest[length..].chars().next().is_some_and(is_han);
        self.signs_until = self.at + length;
        is_between.then_some(length)
    }

    /// How many bytes of hesitation stand here.
    fn hesitation(&self, first: char) -> Option<usize> {
        let rest = self.rest();
        let ends_clause = |length: usize| self.is_edge(self.at + length);
        if is_han(first) {
            let length = first.len_utf8();
            let goes_on = || !ends_clause(length) || self.is_edge(self.at) && rest.len() > length;
            if is_thinking(first) || is_hesitation(first) && goes_on() {
                return Some(length);
            }
        } else if first.is_ascii_lowercase() {
            let length = word_length(rest);
            if HESITATIONS.contains(&&rest[..length]) {
                return Some(length);
            }
        }
        let stands = |aside: &&&str| rest.starts_with(**aside) && ends_clause(aside.len());
        // Edges are few, so they are ruled out first.
        self.is_edge(self.at).then(|| ASIDES.iter().find(stands).map(|aside| aside.len()))?
    }

    /// Whether a clause starts or ends at the byte `at`, a space aside.
    fn is_edge(&self, at: usize) -> bool {
        let is_stop = |at: usize| self.stops.binary_search_by_key(&at, |stop| stop.at).is_ok();
        at == 0 || at == self.text.len() || is_stop(at) || self.text[..at].ends_with(' ') && is_stop(at - 1)
    }
}

/// How many bytes the word has that `text` starts with.
fn word_length(text: &str) -> usize {
    let is_in_word = |c: char| c == '\'' || c.is_alphanumeric() && !is_han(c);
    text.find(|c| !is_in_word(c)).unwrap_or(text.len())
}

/// The word that letters said one by one at the start of `text` are, and how many bytes they take: three and more, or two of
/// which neither is the word `a` or `i`.
fn letters(text: &str) -> Option<(usize, String)> {
    let (mut word, mut length) = (String::new(), 0);
    let mut rest = text;
    while let Some(letter) = rest.chars().next().filter(char::is_ascii_lowercase)
        && word_length(rest) == 1
    {
        word.push(letter);
        length = text.len() - rest.len() + 1;
        rest = rest[1..].strip_prefix(' ').unwrap_or_default();
    }
    let is_word = word.len() > 2 || word.len() == 2 && !word.contains(['a', 'i']);
    is_word.then_some((length, word))
}

/// Takes out what the last pieces say again at once. They stay, and what they repeat goes: in 没骗,骗子 the second is meant.
fn drop_what_is_said_again(pieces: &mut Vec<Piece<'_>>) {
    let count = pieces.len();
    let is_again = |length: &usize| {
        let Some(first) = count.checked_sub(2 * length) else {
            return false;
        };
        let last = first + length;
        let counts = |piece: &Piece<'_>| match piece.sort {
            Sort::Han(c) => !(NUMERALS.contains(c) || *length == 1 && DOUBLED.contains(c)),
            Sort::Word => !piece.text.bytes().any(|byte| byte.is_ascii_digit()),
            Sort::Sign => false,
        };
        pieces[last..].iter().zip(&pieces[first..]).all(|(one, other)| one.says_what(other) && counts(one))
    };
    if let Some(length) = (1..=LONGEST_AGAIN).find(is_again) {
        pieces.drain(count - 2 * length..count - length);
    }
}

/// Whether `text` is certainly its own bare form: it has no letters to make words of, nothing that may be a hesitation, no
/// sign and nothing that is said again.
fn is_plainly_bare(text: &str, stops: &[Stop]) -> bool {
    // For each length, how many characters up to the last are as the ones so far before; without branches, for every character.
    let (mut last, mut again) = ([0; LONGEST_AGAIN], [0; LONGEST_AGAIN]);
    let mut plain = |c: char| {
        let mut is_again = false;
        for back in 0..LONGEST_AGAIN {
            again[back] = (again[back] + 1) * u32::from(last[back] == c as u32);
            is_again |= again[back] > back as u32;
        }
        last = [c as u32, last[0], last[1], last[2]];
        is_han(c) && !is_again && !is_hesitation(c) || c.is_ascii_digit()
    };
    let is_aside = |clause: &str| clause.len() <= LONGEST_ASIDE_BYTES && ASIDES.contains(&clause);
    text.chars().all(&mut plain) && !clauses(text, stops).any(is_aside)
}

/// What stands between the stops.
fn clauses<'a>(text: &'a str, stops: &'a [Stop]) -> impl Iterator<Item = &'a str> {
    let ends = stops.iter().map(|stop| stop.at).chain([text.len()]);
    ends.scan(0, move |start, end| {
        let clause = text.get(*start..end);
        *start = end;
        clause
    })
}

#[cfg(test)]
mod tests {
    use super::super::Normalised;
    use super::*;
    use proptest::prelude::*;

    fn bare(text: &str) -> String {
        let normal = Normalised::of(text);
        Bare::of(normal.text(), normal.stops()).map_or_else(|| normal.text().to_owned(), |bare| bare.text)
    }

    #[test]
    fn no_aside_is_longer_than_is_known() {
        assert_eq!(ASIDES.iter().map(|aside| aside.len()).max(), Some(LONGEST_ASIDE_BYTES));
    }

    #[test]
    fn texts_come_to_their_bare_form() {
        let table = [
            ("nothing to do", "我们会派人到你家", "我们会派人到你家"),
            ("a hesitation", "派呃人到嗯,你家", "派人到你家"),
            ("an exclamation inside", "派人啊到你家", "派人到你家"),
            ("an exclamation at the end", "好啊,你去死啊", "好啊你去死啊"),
            ("an aside", "派,那个,人到你家", "派人到你家"),
            ("no aside", "派那个人到你家", "派那个人到你家"),
            ("a stutter", "派派人到到到你家", "派人到你家"),
            ("words again", "派人派人到你家到你家", "派人到你家"),
            ("kin", "妈妈的电话", "妈妈的电话"),
            ("everyday words twice", "谢谢您看看天天", "谢谢您看看天天"),
            ("numbers", "二零二零年,一三一三", "二零二零年一三一三"),
            ("signs", "骗*子,老##赖,无 & 赖", "骗子老赖无赖"),
            ("a mask", "张█先生██", "张█先生██"),
            ("signs elsewhere", "50%的c++", "50%的c++"),
            ("letters", "下载 A P P 吧 a.t.m", "下载app吧atm"),
            ("words of a letter", "i a", "i a"),
            ("contractions", "We'll visit, don't", "we will visit do not"),
            ("inflection", "visiting your houses", "visit your hous"),
            ("English hesitations", "we, um, we will uh visit, you know, you", "we will visit you"),
            ("only hesitations", "嗯嗯", "嗯嗯"),
        ];
        for (name, from, to) in table {
            assert_eq!(bare(from), to, "{name}");
        }
    }

    #[test]
    fn a_span_leads_back_to_the_normal_form() {
        let slice = |text: &str, found: &str| {
            let normal = Normalised::of(text);
            let bare = Bare::of(normal.text(), normal.stops()).expect("another form");
            let start = bare.text().find(found).expect("found");
            normal.text()[bare.origin(start..start + found.len())].to_owned()
        };
        assert_eq!(slice("会派派人呃到你家的", "派人到你家"), "派人呃到你家");
        assert_eq!(slice("没骗,骗子呃", "骗子"), "骗子");
        assert_eq!(slice("we um呃visit you", " visit"), " um呃visit");
        assert_eq!(slice("we'll be visiting, ok", "visit"), "visiting");
        assert_eq!(slice("下载 a p p 吧", "app吧"), "a p p吧");
        assert_eq!(slice("骗*子", "骗子"), "骗*子");
    }

    proptest! {
        #[test]
        fn any_text_has_a_bare_form_with_an_ordered_map(text in "\\PC{0,30}|[派人到你家呃啊妈一,。 *█a-cm'1]{0,40}") {
            let normal = Normalised::of(&text);
            let Some(bare) = Bare::of(normal.text(), normal.stops()) else {
                return Ok(());
            };
            let mut last = 0..0;
            for (at, c) in bare.text.char_indices() {
                let from = bare.origin(at..at + c.len_utf8());
                prop_assert!(normal.text().get(from.clone()).is_some_and(|text| !text.is_empty()), "{from:?}");
                prop_assert!(last.start <= from.start && last.end <= from.end);
                last = from;
            }
        }

        #[test]
        fn the_short_look_misses_nothing(text in "[派人到你家妈一,█*那个1呃啊]{0,20}") {
            let normal = Normalised::of(&text);
            if is_plainly_bare(normal.text(), normal.stops()) {
                let mut kept = Vec::new();
                let mut reader = Reader::of(normal.text(), normal.stops());
                while let Some(piece) = reader.next() {
                    kept.push(piece);
                    drop_what_is_said_again(&mut kept);
                }
                prop_assert_eq!(Bare::joined(&kept).text, normal.text());
            }
        }
    }
}
