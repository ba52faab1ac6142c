//! Which texts may hold anything that rules look for, by their characters alone.
//!
//! Of every word and pattern, one character is chosen that is in all that it finds, as rare a one as there is. A text without any of these
//! need not be brought to its normal form, let alone be searched. With a few rules that is most of what people say; where any text may
//! hold something, every one is taken to.

use super::kinds::speaker::{Is, is};
use super::model::Kind;
use super::pattern::Pattern;
use super::required_texts::Texts;
use super::speakers::Speakers;
use crate::lexicon::matcher::{Normalised, plain, simplified};
use crate::lexicon::sounds::alike;
use crate::units::Role;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Characters that stand in most of what is said on the telephone; ours. One of them tells little.
const COMMON: &str = "的了我您你他她是不有在这那个们一就说好要会也都还可以能到来去没吗呢吧啊嗯哦给对时候天年月日号元钱款人什么怎样多少下上里\
    后前出过把用打电话请问谢再因为所但如果然现今明点几两三十百千万先生女士";

/// What a common character counts for; a rare one is one.
const COST_OF_COMMON: usize = 20;

/// How many roles there are.
const ROLES: usize = Role::ALL.len();

/// A set of characters of the Basic Multilingual Plane; of others, nothing is known, so it has them all.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chars(Box<[u64]>);

impl Chars {
    fn of(chars: impl Iterator<Item = char>) -> Self {
        let mut bits = vec![0; (1 << 16) / 64].into_boxed_slice();
        for number in chars.map(|c| c as usize) {
            if let Some(word) = bits.get_mut(number / 64) {
                *word |= 1_u64 << (number % 64);
            }
        }
        Self(bits)
    }

    fn has(&self, c: char) -> bool {
        self.0.get(c as usize / 64).is_none_or(|word| word >> (c as usize % 64) & 1 == 1)
    }
}

static COMMON_CHARS: LazyLock<Chars> = LazyLock::new(|| Chars::of(COMMON.chars()));

/// What tells that a text may hold something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Telling {
    /// For each role, characters as they may be written; `None`: any text may hold something.
    chars: Option<[Chars; ROLES]>,
}

impl Telling {
    /// Any text may hold something.
    pub(super) const ANYTHING: Self = Self { chars: None };

    /// Whether `text`, as it was written, may hold anything when `role` says it.
    pub(super) fn is_in(&self, text: &str, role: Role) -> bool {
        let Some(chars) = &self.chars else { return true };
        text.chars().any(|c| chars[role as usize].has(c))
    }

    /// Whether any text may hold something.
    pub(super) const fn is_anything(&self) -> bool {
        self.chars.is_none()
    }
}

/// Gathers what is looked for.
#[derive(Debug)]
pub(super) struct TellingBuilder {
    /// For each role, in the normal form; `None`: anything.
    chars: Option<[BTreeSet<char>; ROLES]>,
}

impl TellingBuilder {
    /// For what these conditions look for; it is gathered only where they do not look at any text.
    pub(super) fn of<'a>(mut kinds: impl Iterator<Item = &'a Kind>) -> Self {
        let is_anywhere =
            |pattern: &Pattern| pattern.needs().any(<[Texts]>::is_empty) || pattern.needs().next().is_none();
        let looks_at_any = |kind: &Kind| match kind {
            Kind::Patterns(patterns) => patterns.patterns.iter().any(is_anywhere),
            kind => matches!(kind, Kind::SimilarTo(_)),
        };
        Self { chars: (!kinds.any(looks_at_any)).then(Default::default) }
    }

    /// Words are looked for in what `speakers` say; with `by_sound`, also what sounds like them.
    pub(super) fn words<'a>(&mut self, words: impl Iterator<Item = &'a String>, by_sound: bool, speakers: Speakers) {
        let of_char = |c: char| if by_sound { alike(c).chain([c]).collect() } else { vec![c] };
        for word in words {
            // Where anything is looked for, nothing is gathered.
            let normal = if self.chars.is_some() { Normalised::of(word) } else { return };
            if !normal.text().is_empty() {
                // Of words with letters, more forms are looked for, all of which have letters.
                let has_letters = normal.text().contains(|c: char| c.is_ascii_alphabetic());
                let is_in_all = |c: &char| is_as_written(c) && (!has_letters || c.is_ascii_alphabetic());
                let chars = normal.text().chars().filter(is_in_all);
                self.add(chars.map(of_char).min_by_key(|chars| cost(chars)), speakers);
            }
        }
    }

    /// A pattern is looked for in what `speakers` say.
    pub(super) fn pattern(&mut self, pattern: &Pattern, speakers: Speakers) {
        if self.chars.is_none() {
            return;
        }
        let of_text = |text: &String| text.chars().filter(is_as_written).min_by_key(|c| cost(&[*c]));
        let of_set = |texts: &Texts| texts.iter().map(of_text).collect::<Option<Vec<char>>>();
        for needs in pattern.needs() {
            self.add(needs.iter().filter_map(of_set).min_by_key(|chars| cost(chars)), speakers);
        }
    }

    /// One of these characters is in all that is found in what `speakers` say; `None`: there is none of which that is known.
    fn add(&mut self, chars: Option<Vec<char>>, speakers: Speakers) {
        let Some((all, chars)) = self.chars.as_mut().zip(chars) else {
            self.chars = None;
            return;
        };
        for role in Role::ALL.into_iter().filter(|role| is(speakers, *role) != Is::Other) {
            all[role as usize].extend(&chars);
        }
    }

    pub(super) fn build(self) -> Telling {
        let of_all = |chars: [BTreeSet<char>; ROLES]| chars.map(|chars| as_written(&chars));
        self.chars.map_or(Telling::ANYTHING, |chars| Telling { chars: Some(of_all(chars)) })
    }
}

/// Whether `c` is in the normal form only where it, or a traditional or full-width form of it, was written: spaces come of punctuation, and
/// apostrophes are written in several ways.
fn is_as_written(c: &char) -> bool {
    !c.is_whitespace() && *c != '\''
}

/// All characters that may become one of `chars` in the normal form; none where there are none.
fn as_written(chars: &BTreeSet<char>) -> Chars {
    let has_letters = chars.iter().any(char::is_ascii_alphabetic);
    // Words of English are found in other forms too.
    let tells = |c: char| chars.contains(&simplified(c)) || has_letters && c.is_ascii_alphabetic();
    let all = ('\0'..='\u{FFFF}').filter(|_| !chars.is_empty());
    Chars::of(all.filter(|c| plain(*c).is_none_or(tells)))
}

fn cost(chars: &[char]) -> usize {
    chars.iter().map(|c| if COMMON_CHARS.has(*c) { COST_OF_COMMON } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::super::model::Patterns;
    use super::*;
    use crate::lexicon::matcher::Bare;
    use proptest::prelude::*;

    fn telling(words: &[&str], sounds: &[&str], patterns: &[&str]) -> Telling {
        let all: Vec<Pattern> = patterns.iter().map(|pattern| pattern.parse().expect("a pattern")).collect();
        let kind = Kind::Patterns(Patterns { patterns: all.clone(), ..Patterns::default() });
        let mut builder = TellingBuilder::of(std::iter::once(&kind));
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        builder.words(owned(words).iter(), false, Speakers::ANYONE);
        builder.words(owned(sounds).iter(), true, Speakers::ANYONE);
        all.iter().for_each(|pattern| builder.pattern(pattern, Speakers::ANYONE));
        builder.build()
    }

    #[test]
    fn texts_without_telling_characters_are_quiet() {
        type Case<'a> = (&'a str, Telling, &'a str, bool);
        let table: [Case<'_>; 17] = [
            ("nothing is looked for", telling(&[], &[], &[]), "您好,我是银行的", false),
            ("a word", telling(&["派人上门"], &[], &[]), "那就派人去吧", true),
            ("another text", telling(&["派人上门"], &[], &[]), "您好,请问有人在吗", false),
            ("traditional", telling(&["起诉"], &[], &[]), "我們會起訴", true),
            ("by sound", telling(&[], &["起诉你"], &[]), "气速你", true),
            ("by sound, another", telling(&[], &["起诉你"], &[]), "你好", false),
            ("English, in another form", telling(&["be visit"], &[], &[]), "We're Visiting", true),
            ("full width", telling(&["app"], &[], &[]), "下载APP", true),
            ("a pattern", telling(&[], &[], &["(冻结|查封).{0,3}账户"]), "会冻结您的账户", true),
            ("a pattern, another text", telling(&[], &[], &["(冻结|查封).{0,3}账户"]), "您的单据", false),
            ("any text", telling(&["派人"], &[], &[".+"]), "您好", true),
            ("a space that was a comma", telling(&[], &[], &[" 5"]), "ok,5", true),
            ("an apostrophe", telling(&[], &[], &["s?'[0-9]?"]), "it’s", true),
            ("nothing but a space", telling(&[], &[], &["(您| )(好| )"]), "a,b", true),
            ("a form without its hesitation", telling(&["呃ok"], &[], &[]), "OK", true),
            ("composed", telling(&["café"], &[], &[]), "cafe\u{301}", true),
            ("another plane", telling(&["派人"], &[], &[]), "𠮷", true),
        ];
        for (name, telling, text, expected) in table {
            assert_eq!(telling.is_in(text, Role::Agent), expected, "{name}");
        }
    }

    #[test]
    fn texts_of_those_who_are_not_looked_at_are_quiet() {
        let mut builder = TellingBuilder::of(std::iter::empty());
        builder.words(["派人上门".to_owned()].iter(), false, Speakers::one(Role::Agent));
        let telling = builder.build();
        for (role, expected) in Role::ALL.into_iter().zip([true, false, false, false, true]) {
            assert_eq!(telling.is_in("派人去", role), expected, "{role:?}");
            assert!(!telling.is_in("您好", role), "{role:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_that_holds_a_word_is_quiet(
            text in "[派人上门到你家門戶呃,。 *aPｐp's9é█㈱]{0,12}",
            word in "[派人上门到家户aps9█]{1,3}",
        ) {
            let normal = Normalised::of(&text);
            let bare = Bare::of(normal.text(), normal.stops());
            let holds = normal.text().contains(&word) || bare.is_some_and(|bare| bare.text().contains(&word));
            prop_assert!(!holds || telling(&[&word], &[], &[]).is_in(&text, Role::Customer));
        }

        #[test]
        fn no_text_that_a_pattern_matches_is_quiet(
            text in "[派人上门到你家門戶呃,。 *aPｐp's’9５é█]{0,10}",
            pattern in prop::sample::select(vec![
                " 5", " 9", "s'", "'s ?[9a]?", "(?i)AP", "[派人]家", "你.{0,2}家|上门", "a?家", "(你|\\s)到", "\\W门", "[^a]9", "p+", "派|█",
            ]),
        ) {
            let normal = Normalised::of(&text);
            let bare = Bare::of(normal.text(), normal.stops());
            let read: Pattern = pattern.parse().expect("a pattern");
            let mut matches = 0;
            read.each(normal.text(), None, |_| matches += 1);
            bare.iter().for_each(|bare| read.each(bare.text(), None, |_| matches += 1));
            prop_assert!(matches == 0 || telling(&[], &[], &[pattern]).is_in(&text, Role::Customer), "{pattern} in {text}");
        }

        #[test]
        fn no_text_that_sounds_like_a_word_is_quiet(text in "[派人上门尚们牌仁伤]{0,8}", word in "[派人上门]{3,4}") {
            let mut builder = crate::lexicon::sounds::SoundsBuilder::default();
            builder.phrases(std::slice::from_ref(&word));
            prop_assert!(!builder.build().is_in(&text) || telling(&[], &[&word], &[]).is_in(&text, Role::Customer));
        }
    }
}
