//! All patterns of all rules, and which of them a text may match.
//!
//! Most patterns can match only where certain texts stand ([`super::required_texts`]). These are searched for all at once, and a pattern
//! is tried only where all that one of its alternatives needs was found: of a thousand patterns a few, for most texts none.

use super::pattern::Pattern;
use super::required_texts::Texts;
use crate::lexicon::phrases::Phrases;
use std::collections::BTreeMap;

/// All patterns of all rules, in the order in which they were gathered.
#[derive(Clone, Debug)]
pub(crate) struct PatternBook {
    all: Vec<Pattern>,
    /// All texts that any pattern needs.
    texts: Phrases,
    /// For each of these, the sets that it is in.
    sets_of: Vec<Vec<u32>>,
    /// For each set, the alternatives of which it is the most telling.
    alternatives: Vec<Vec<Alternative>>,
}

/// An alternative of a pattern.
#[derive(Clone, Debug)]
struct Alternative {
    pattern: u32,
    /// Which of the pattern's.
    number: u32,
    /// What it needs besides the set that it is listed under.
    others: Box<[Need]>,
}

/// One of these must stand in a text.
#[derive(Clone, Debug)]
struct Need {
    /// A text of this set.
    set: Option<u32>,
    /// Or one of these. Single characters stand everywhere, so they are not searched for but looked up where all else is there.
    chars: Box<[char]>,
}

/// What was found in one text, in memory that serves for the next.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// A bit for each set of which a text was found.
    has: Vec<u64>,
    sets: Vec<u32>,
    /// A bit for each character of the text, by its number's last bits; some are others' too.
    chars: Vec<u64>,
}

/// Bits of [`Scratch::chars`], a power of two.
const CHAR_BITS: u32 = 4_096;

impl PatternBook {
    pub(crate) fn get(&self, index: usize) -> &Pattern {
        &self.all[index]
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether the pattern may match any text; [`Self::candidates`] does not name it then.
    pub(crate) fn is_always(&self, index: usize) -> bool {
        self.all[index].needs().next().is_none()
    }

    /// Calls `may_match` with the patterns that may match `text`, and which of their alternatives; those left out that may match any
    /// text.
    pub(crate) fn candidates(&self, text: &str, scratch: &mut Scratch, mut may_match: impl FnMut(u32, u32)) {
        scratch.has.resize(self.alternatives.len().div_ceil(64), 0);
        scratch.chars.resize(CHAR_BITS as usize / 64, 0);
        let Scratch { has, sets, chars } = scratch;
        self.texts.each(text, |number, _| {
            for &set in &self.sets_of[number as usize] {
                let (word, bit) = bit_of(set);
                if has[word] & bit == 0 {
                    has[word] |= bit;
                    sets.push(set);
                }
            }
        });
        if !sets.is_empty() {
            text.chars().map(bit_of_char).for_each(|(word, bit)| chars[word] |= bit);
        }
        let is_in = |bits: &[u64], (word, bit): (usize, u64)| bits[word] & bit != 0;
        let there = |need: &Need| {
            need.set.is_some_and(|set| is_in(has, bit_of(set)))
                || need.chars.iter().any(|&char| is_in(chars, bit_of_char(char)))
        };
        for &set in sets.iter() {
            for alternative in self.alternatives[set as usize].iter().filter(|it| it.others.iter().all(there)) {
                may_match(alternative.pattern, alternative.number);
            }
        }
        for set in sets.drain(..) {
            has[bit_of(set).0] = 0;
        }
        chars.fill(0);
    }
}

const fn bit_of(set: u32) -> (usize, u64) {
    (set as usize / 64, 1 << (set % 64))
}

const fn bit_of_char(char: char) -> (usize, u64) {
    bit_of(char as u32 % CHAR_BITS)
}

/// Gathers patterns for a [`PatternBook`].
#[derive(Debug, Default)]
pub(super) struct PatternBookBuilder {
    all: Vec<Pattern>,
}

impl PatternBookBuilder {
    pub(super) fn add(&mut self, pattern: &Pattern) {
        self.all.push(pattern.clone());
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn build(self) -> PatternBook {
        let mut sets = Sets::default();
        for (pattern, alternatives) in (0..).zip(self.all.iter().map(Pattern::needs)) {
            for (number, needs) in (0..).zip(alternatives) {
                let Some((first, others)) = needs.split_first() else { continue };
                let first = sets.number(first.clone()) as usize;
                let others = others.iter().map(|texts| sets.need(texts)).collect();
                sets.alternatives[first].push(Alternative { pattern, number, others });
            }
        }
        let (texts, sets_of) = sets.texts.into_iter().unzip();
        PatternBook { texts: Phrases::new(texts), sets_of, alternatives: sets.alternatives, all: self.all }
    }
}

/// Sets of texts, numbered.
#[derive(Default)]
struct Sets {
    numbers: BTreeMap<Texts, u32>,
    /// For each text, the sets that it is in.
    texts: BTreeMap<String, Vec<u32>>,
    alternatives: Vec<Vec<Alternative>>,
}

impl Sets {
    fn number(&mut self, texts: Texts) -> u32 {
        if let Some(&number) = self.numbers.get(&texts) {
            return number;
        }
        let number = self.alternatives.len() as u32;
        self.alternatives.push(Vec::new());
        texts.iter().for_each(|text| self.texts.entry(text.clone()).or_default().push(number));
        self.numbers.insert(texts, number);
        number
    }

    fn need(&mut self, texts: &Texts) -> Need {
        let (chars, texts): (Texts, Texts) = texts.iter().cloned().partition(|text| text.chars().nth(1).is_none());
        let set = (!texts.is_empty()).then(|| self.number(texts));
        Need { set, chars: chars.iter().flat_map(|text| text.chars()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Which alternatives of each of `patterns` are tried on `text`; `None` where it is always tried.
    fn tried(patterns: &[Pattern], text: &str) -> Vec<Option<Vec<usize>>> {
        let mut builder = PatternBookBuilder::default();
        patterns.iter().for_each(|pattern| builder.add(pattern));
        let (book, mut found) = (builder.build(), Scratch::default());
        let mut tried: Vec<_> = (0..book.len()).map(|index| (!book.is_always(index)).then(Vec::new)).collect();
        // What another text held is forgotten.
        book.candidates("派人上门", &mut found, |_, _| ());
        book.candidates(text, &mut found, |pattern, only| {
            tried[pattern as usize].as_mut().expect("is not always tried").push(only as usize);
        });
        tried
    }

    #[test]
    fn patterns_are_tried_where_all_that_they_need_is() {
        let table = [
            ("派人.{0,3}上门", "派人去上门", true),
            ("派人.{0,3}上门", "上门", false),
            ("派人.{0,3}上门", "派人", false),
            ("(派人|叫人).{0,3}(上门|到家)|去你家", "叫人到家", true),
            ("(派人|叫人).{0,3}(上门|到家)|去你家", "叫人", false),
            ("(派人|叫人).{0,3}(上门|到家)|去你家", "去你家", true),
            ("(还|打).{0,9}(今天|明天)", "今天打", true),
            ("(还|打).{0,9}(今天|明天)", "今天", false),
            (".+", "什么", true),
        ];
        for (pattern, text, expected) in table {
            let tried = tried(&[pattern.parse().expect(pattern)], text).remove(0);
            assert_eq!(tried.is_none_or(|tried| !tried.is_empty()), expected, "{pattern} in {text}");
        }
    }

    proptest! {
        #[test]
        fn no_match_is_missed(
            text in "[派人上门a不]{0,12}",
            patterns in prop::collection::vec(
                r"(\(|\)|\||[派人上门a]{1,2}|\.|\[\^不\]|\[派上\]|\{0,2\}|\{2\}|\?|\*|\+|\^|\$|\\b){1,9}", 1..6
            ),
        ) {
            let patterns: Vec<Pattern> = patterns.iter().filter_map(|pattern| pattern.parse().ok()).collect();
            for (pattern, tried) in patterns.iter().zip(tried(&patterns, &text)) {
                let matches = |only| {
                    let mut matches = Vec::new();
                    pattern.each(&text, only, |range| matches.push(range));
                    matches
                };
                match tried.as_deref() {
                    Some([]) => prop_assert!(matches(None).is_empty(), "{} in {text}", pattern.as_str()),
                    Some([only]) => prop_assert_eq!(matches(Some(*only)), matches(None), "{}", pattern.as_str()),
                    _ => {}
                }
            }
        }
    }
}
