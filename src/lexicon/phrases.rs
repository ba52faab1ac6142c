//! Literal phrases, searched all at once.
//!
//! In most text, few places begin any phrase. Every place is looked up by its first two characters, and by three where
//! these begin any phrase, in a table of bits that stays in the fastest caches; what passes is compared with the few
//! phrases that begin so. So a text costs little more than reading it once, however many phrases there are.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

/// The fewest and the most bits of the table, as powers of two.
const TABLE_BITS: std::ops::RangeInclusive<u32> = 13..=22;
/// How many bits of the table a phrase has to itself: one place in so many passes for nothing.
const BITS_PER_PHRASE: usize = 32;
/// 2 to the 64 over the golden ratio, made odd: multiples of it are spread evenly (Knuth, volume 3, section 6.4).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
/// So few phrases with a common beginning are compared one by one.
const FEW: usize = 8;
/// Stands for the characters that a short phrase does not have; no character has this number.
const NOTHING: u32 = u32::MAX;

/// The numbers of the first three characters of a phrase.
type Start = (u32, u32, u32);

/// Phrases, numbered as they were given.
#[derive(Clone, Debug)]
pub struct Phrases {
    /// Alphabetically, with their numbers.
    sorted: Vec<(Box<str>, u32)>,
    /// Which of `sorted` begin so.
    starts: HashMap<Start, Range<usize>, BuildHasherDefault<Mixed>>,
    /// A bit for each phrase of one character, by its number.
    ones: Vec<u64>,
    /// Two bits for each longer phrase, by the hashes of its first two and first three characters; some are others' too.
    table: Vec<u64>,
    /// How far down a hash is shifted to give a bit's place.
    shift: u32,
}

impl Phrases {
    /// The phrases `all`; empty ones are never found.
    #[must_use]
    pub fn new(all: Vec<String>) -> Self {
        let mut sorted: Vec<(Box<str>, u32)> = all.into_iter().map(String::into_boxed_str).zip(0..).collect();
        sorted.retain(|(phrase, _)| !phrase.is_empty());
        sorted.sort_unstable();
        let bits = (sorted.len() * BITS_PER_PHRASE).next_power_of_two().trailing_zeros();
        let bits = bits.clamp(*TABLE_BITS.start(), *TABLE_BITS.end());
        let (table, shift) = (vec![0; 1 << (bits - 6)], 64 - bits);
        let mut phrases = Self { sorted, starts: HashMap::default(), ones: Vec::new(), table, shift };
        for at in 0..phrases.sorted.len() {
            phrases.enter(at);
        }
        phrases
    }

    /// Calls `found` with every phrase that stands in `text` and its bytes, wherever it stands, inside others too; by
    /// start.
    pub fn each(&self, text: &str, mut found: impl FnMut(u32, Range<usize>)) {
        let mut chars = text.chars();
        let mut next = || chars.next().map_or((0, NOTHING), |char| (char.len_utf8(), u32::from(char)));
        let (mut at, mut first, mut second) = (0, next(), next());
        while first.1 != NOTHING {
            let third = next();
            if self.has(pair(first.1, second.1)) || self.is_one(first.1) {
                self.starting(text, at, (first.1, second.1, third.1), &mut found);
            }
            at += first.0;
            (first, second) = (second, third);
        }
    }

    /// Reports the phrases that stand at `at`, where `text` goes on with `chars`.
    fn starting(&self, text: &str, at: usize, chars: Start, found: &mut impl FnMut(u32, Range<usize>)) {
        let (first, second, third) = chars;
        if self.is_one(first) {
            self.follow(text, at, (first, NOTHING, NOTHING), found);
        }
        let pair = pair(first, second);
        if second != NOTHING && self.has(mixed(pair, NOTHING)) {
            self.follow(text, at, (first, second, NOTHING), found);
        }
        if third != NOTHING && self.has(mixed(pair, third)) {
            self.follow(text, at, chars, found);
        }
    }

    /// Reports the phrases that begin with `start` and stand at `at`.
    fn follow(&self, text: &str, at: usize, start: Start, found: &mut impl FnMut(u32, Range<usize>)) {
        let Some(range) = self.starts.get(&start) else {
            return;
        };
        let mut among = &self.sorted[range.clone()];
        if among.len() <= FEW {
            let stands = |(phrase, _): &&(Box<str>, u32)| text.as_bytes()[at..].starts_with(phrase.as_bytes());
            among.iter().filter(stands).for_each(|(phrase, number)| found(*number, at..at + phrase.len()));
            return;
        }
        let mut end = at;
        loop {
            // Of phrases with a common beginning, those that end with it come first.
            while let Some(((phrase, number), rest)) = among.split_first()
                && phrase.len() == end - at
            {
                found(*number, at..end);
                among = rest;
            }
            let Some(next) = text[end..].chars().next().filter(|_| !among.is_empty()) else {
                return;
            };
            among = going_on(among, end - at, next);
            end += next.len_utf8();
        }
    }

    /// Makes the phrase at `at` in `sorted` findable, after those before it.
    fn enter(&mut self, at: usize) {
        let phrase = &self.sorted[at].0;
        let mut chars = phrase.chars().map(u32::from);
        let mut next = || chars.next().unwrap_or(NOTHING);
        let start = (next(), next(), next());
        if start.1 == NOTHING {
            let (word, bit) = bit_of(start.0);
            self.ones.resize(self.ones.len().max(word + 1), 0);
            self.ones[word] |= bit;
        } else {
            let pair = pair(start.0, start.1);
            for hash in [pair, mixed(pair, start.2)] {
                let (word, bit) = self.place(hash);
                self.table[word] |= bit;
            }
        }
        self.starts.entry(start).or_insert(at..at).end = at + 1;
    }

    /// Whether the character of that number is a phrase.
    #[inline]
    fn is_one(&self, char: u32) -> bool {
        let (word, bit) = bit_of(char);
        self.ones.get(word).is_some_and(|bits| bits & bit != 0)
    }

    #[inline]
    fn has(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.table[word] & bit != 0
    }

    #[inline]
    fn place(&self, hash: u64) -> (usize, u64) {
        let place = hash >> self.shift;
        ((place >> 6) as usize, 1 << (place & 63))
    }
}

/// The place of a number in a table of bits.
const fn bit_of(number: u32) -> (usize, u64) {
    ((number >> 6) as usize, 1 << (number & 63))
}

/// The hash of two characters.
#[inline]
const fn pair(first: u32, second: u32) -> u64 {
    ((first as u64) << 32 | second as u64).wrapping_mul(GOLDEN)
}

/// The hash of some characters and one more.
#[inline]
const fn mixed(hash: u64, next: u32) -> u64 {
    (hash.rotate_left(5) ^ next as u64).wrapping_mul(GOLDEN)
}

/// A hash of characters: nobody can choose phrases to harm anybody but himself, so it need not be a strong one.
#[derive(Clone, Copy, Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = mixed(self.0, number);
    }

    fn finish(&self) -> u64 {
        // Tables are indexed by the low bits, which a product mixes least.
        self.0.rotate_left(26)
    }
}

/// Those of `among`, alphabetical and equal up to byte `at`, that go on with `next`.
fn going_on(among: &[(Box<str>, u32)], at: usize, next: char) -> &[(Box<str>, u32)] {
    // UTF-8 sorts by bytes as characters sort by number.
    let char_at = |(phrase, _): &(Box<str>, u32)| phrase[at..].chars().next();
    let first = among.partition_point(|one| char_at(one) < Some(next));
    let count = among[first..].partition_point(|one| char_at(one) == Some(next));
    &among[first..first + count]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(phrases: &[&str], text: &str) -> Vec<(u32, Range<usize>)> {
        let mut out = Vec::new();
        let phrases = Phrases::new(phrases.iter().map(|phrase| (*phrase).to_owned()).collect());
        phrases.each(text, |phrase, range| out.push((phrase, range)));
        out
    }

    #[test]
    fn every_phrase_is_found_everywhere() {
        type Case<'a> = (&'a str, &'a [&'a str], &'a str, &'a [(u32, Range<usize>)]);
        let table: Vec<Case<'_>> = vec![
            ("none", &[], "任何话", &[]),
            ("in nothing", &["还款"], "", &[]),
            ("empty phrases", &["", "款"], "还款", &[(1, 3..6)]),
            ("one character", &["还"], "还不还", &[(0, 0..3), (0, 6..9)]),
            ("one inside another", &["派人", "派人到家", "人到"], "派人到家", &[(0, 0..6), (1, 0..12), (2, 3..9)]),
            ("one that does not go on", &["派人上门"], "派人上", &[]),
            ("siblings", &["派人上门", "派人去"], "派人去派人上门", &[(1, 0..9), (0, 9..21)]),
            ("overlapping itself", &["哈哈"], "哈哈哈", &[(0, 0..6), (0, 3..9)]),
            ("the same twice", &["款", "款"], "款", &[(0, 0..3), (1, 0..3)]),
            ("of one, two and three", &["不", "不会", "不会去"], "不会去", &[(0, 0..3), (1, 0..6), (2, 0..9)]),
            ("at the end", &["款", "还款"], "还款", &[(1, 0..6), (0, 3..6)]),
            (
                "letters of every width",
                &["a", "é款", "𠮷a"],
                "aé款𠮷a",
                &[(0, 0..1), (1, 1..6), (2, 6..11), (0, 10..11)],
            ),
        ];
        for (name, phrases, text, expected) in table {
            assert_eq!(found(phrases, text), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_stands_there(
            text in "[还款不\u{0}a𠮷]{0,20}",
            phrases in proptest::collection::vec("[还款不\u{0}a𠮷]{0,4}", 0..60),
        ) {
            let mut expected: Vec<(usize, usize, u32)> = Vec::new();
            for (phrase, number) in phrases.iter().zip(0..).filter(|(phrase, _)| !phrase.is_empty()) {
                let starts = text.char_indices().filter(|(at, _)| text[*at..].starts_with(phrase.as_str()));
                expected.extend(starts.map(|(at, _)| (at, at + phrase.len(), number)));
            }
            expected.sort_unstable();
            let phrases: Vec<&str> = phrases.iter().map(String::as_str).collect();
            let mut got: Vec<_> = found(&phrases, &text).into_iter().map(|(n, range)| (range.start, range.end, n)).collect();
            prop_assert!(got.is_sorted_by_key(|(start, ..)| *start));
            got.sort_unstable();
            prop_assert_eq!(got, expected);
        }
    }
}
