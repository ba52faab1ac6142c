//! Lists compiled for one search.
//!
//! Every word of every list is searched in one pass, with overlaps, so that a word of one list never
//! hides another list's; what overlaps within a list is settled afterwards, by
//! [`leftmost_longest`] or [`joined`].

use super::List;
use super::phrases::Phrases;
pub(crate) use crate::transcript::normalise::plain;
pub use crate::transcript::normalise::{Bare, Normalised, Stop, is_han, simplified};
pub use crate::transcript::tongue::is_same_tongue;
use std::collections::BTreeMap;
use std::ops::Range;

/// Which list a word belongs to: an index given by [`MatcherBuilder`].
pub type ListIndex = u32;

/// All lists, compiled.
#[derive(Clone, Debug)]
pub struct Matcher {
    phrases: Phrases,
    /// For each phrase, the lists it belongs to.
    uses: Vec<Vec<Use>>,
    /// What lists wrote, sorted: which of two is the first does not hang on what other lists there are.
    written: Vec<String>,
    /// Length of the longest phrase.
    longest_bytes: usize,
    /// For each list, whether it has `never` phrases.
    has_never: Vec<bool>,
}

/// A word found in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Of which list.
    pub list: ListIndex,
    /// First byte in the normalised text.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
    /// What its list wrote; see [`Matcher::written`].
    pub phrase: u32,
    /// Whether it takes the bare form of the text or of the phrase to see it.
    pub bare: bool,
}

impl Found {
    /// Its bytes in the normalised text.
    #[must_use]
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl Matcher {
    /// Every word of every list in `text`, which is normalised, by (list, start, longest first).
    ///
    /// A word that starts or ends in a letter or digit other than Han counts only where no such letter
    /// continues it (`visit` is not in `revisited`). A word inside one of its list's `never`
    /// phrases does not count. Phrases with words in Latin letters count in their bare form too, so that they are found in bare texts.
    #[must_use]
    pub fn scan(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        self.each(text, |hit| found.push(hit));
        found.sort_unstable_by_key(|hit| (hit.list, hit.start, std::cmp::Reverse(hit.end), hit.bare, hit.phrase));
        found
    }

    /// Calls `found` with what [`Self::scan`] finds, in no order that means anything.
    pub fn each(&self, text: &str, mut found: impl FnMut(Found)) {
        let (mut guarded, mut never) = (Vec::new(), Vec::new());
        self.phrases.each(text, |phrase, bytes| {
            if !stands_alone(text, bytes.clone()) {
                return;
            }
            for usage in &self.uses[phrase as usize] {
                let (start, end) = (bytes.start, bytes.end);
                let hit = Found { list: usage.list, start, end, phrase: usage.written, bare: usage.bare };
                match (usage.never, self.has_never[usage.list as usize]) {
                    (true, _) => never.push(hit),
                    (false, true) => guarded.push(hit),
                    (false, false) => found(hit),
                }
            }
        });
        never.sort_unstable();
        guarded.into_iter().filter(|hit| !is_covered(hit, &never, self.longest_bytes)).for_each(found);
    }

    /// How many lists there are.
    #[must_use]
    pub fn lists(&self) -> usize {
        self.has_never.len()
    }

    /// What the list wrote.
    #[must_use]
    pub fn written(&self, phrase: u32) -> &str {
        self.written.get(phrase as usize).map_or("", String::as_str)
    }
}

/// Keeps of overlapping hits the one that starts first, and of those the longest. `hits` may be of
/// several lists and in any order; the outcome is by start.
pub fn leftmost_longest(hits: &mut Vec<Found>) {
    sort(hits);
    hits.dedup_by(|next, kept| next.start < kept.end);
}

/// Joins overlapping hits to one that covers them all, under the phrase that starts first (the longest of those):
/// 你他妈 and 他妈的 in 你他妈的 are one thing said. `hits` may be of several lists and in any order; the outcome is by
/// start.
pub fn joined(hits: &mut Vec<Found>) {
    sort(hits);
    hits.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps && next.end > kept.end {
            (kept.end, kept.bare) = (next.end, kept.bare || next.bare);
        }
        overlaps
    });
}

fn sort(hits: &mut [Found]) {
    hits.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.bare, hit.phrase, hit.list));
}

/// Gathers lists for one [`Matcher`].
#[derive(Clone, Debug, Default)]
pub struct MatcherBuilder {
    index_of: BTreeMap<String, usize>,
    uses: Vec<Vec<Use>>,
    /// What each use was written as.
    written: Vec<String>,
    lists: ListIndex,
}

impl MatcherBuilder {
    /// Adds a list and returns its index.
    pub fn list(&mut self, list: &List) -> ListIndex {
        self.add(&list.terms, &list.never)
    }

    /// Adds literal phrases as a list of their own and returns its index.
    pub fn phrases(&mut self, phrases: &[String]) -> ListIndex {
        self.add(phrases, &[])
    }

    /// Compiles.
    #[must_use]
    pub fn build(mut self) -> Matcher {
        let mut written = self.written.clone();
        written.sort_unstable();
        written.dedup();
        for usage in self.uses.iter_mut().flatten() {
            let place = written.binary_search(&self.written[usage.written as usize]);
            usage.written = place.expect("all that was written is there") as u32;
        }
        let mut phrases = vec![String::new(); self.uses.len()];
        for (phrase, index) in self.index_of {
            phrases[index] = phrase;
        }
        let longest_bytes = phrases.iter().map(String::len).max().unwrap_or(0);
        let mut has_never = vec![false; self.lists as usize];
        for usage in self.uses.iter().flatten().filter(|usage| usage.never) {
            has_never[usage.list as usize] = true;
        }
        Matcher { phrases: Phrases::new(phrases), uses: self.uses, written, longest_bytes, has_never }
    }

    fn add(&mut self, terms: &[String], never: &[String]) -> ListIndex {
        let list = self.next_list();
        let all = terms.iter().map(|term| (term, false)).chain(never.iter().map(|phrase| (phrase, true)));
        for (written, never) in all {
            let normal = Normalised::of(written).text().to_owned();
            if normal.is_empty() {
                continue;
            }
            if let Some(bare) = bare_of_words(&normal) {
                self.phrase(bare, written, list, never, true);
            }
            self.phrase(normal, written, list, never, false);
        }
        list
    }

    fn next_list(&mut self) -> ListIndex {
        self.lists += 1;
        self.lists - 1
    }

    /// Of what one list writes in several ways, the first counts.
    fn phrase(&mut self, normal: String, written: &str, list: ListIndex, never: bool, bare: bool) {
        let index = *self.index_of.entry(normal).or_insert(self.uses.len());
        if index == self.uses.len() {
            self.uses.push(Vec::new());
        }
        let is_same = |other: &Use| (other.list, other.never, other.bare) == (list, never, bare);
        if !self.uses[index].iter().any(is_same) {
            self.uses[index].push(Use { list, never, bare, written: self.written.len() as u32 });
            self.written.push(written.to_owned());
        }
    }
}

/// That a phrase is a word, or a `never` phrase, of a list.
#[derive(Clone, Copy, Debug)]
struct Use {
    list: ListIndex,
    never: bool,
    bare: bool,
    /// As what its list wrote it.
    written: u32,
}

/// The bare form of a phrase with words in Latin letters, where it is another. Han characters are listed as they are meant.
fn bare_of_words(normal: &str) -> Option<String> {
    let has_letters = normal.bytes().any(|byte| byte.is_ascii_lowercase());
    Bare::of(normal, &[]).filter(|_| has_letters).map(|bare| bare.text().to_owned())
}

/// Whether a `never` phrase (sorted by list, start) covers the hit.
fn is_covered(hit: &Found, never: &[Found], longest_bytes: usize) -> bool {
    let from = (hit.list, hit.start.saturating_sub(longest_bytes));
    let first = never.partition_point(|phrase| (phrase.list, phrase.start) < from);
    never[first..]
        .iter()
        .take_while(|phrase| phrase.list == hit.list && phrase.start <= hit.start)
        .any(|phrase| phrase.end >= hit.end)
}

fn stands_alone(text: &str, hit: Range<usize>) -> bool {
    let inside = &text[hit.clone()];
    let continues = |edge: Option<char>, beyond: Option<char>| {
        edge.is_some_and(is_spelled) && beyond.is_some_and(|c| is_spelled(c) || c == '\'')
    };
    !continues(inside.chars().next(), text[..hit.start].chars().next_back())
        && !continues(inside.chars().next_back(), text[hit.end..].chars().next())
}

/// Whether `c` is part of words that spaces set apart.
fn is_spelled(c: char) -> bool {
    !is_han(c) && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn list(terms: &[&str], never: &[&str]) -> List {
        let none = String::new;
        List {
            id: "zh/test".into(),
            means: none(),
            owner: none(),
            source: none(),
            confidence: none(),
            terms: strings(terms),
            never: strings(never),
            beside: Vec::new(),
        }
    }

    fn found(lists: &[List], text: &str) -> Vec<(u32, String)> {
        let mut builder = MatcherBuilder::default();
        for list in lists {
            builder.list(list);
        }
        let matcher = builder.build();
        let normal = Normalised::of(text);
        let mut out = Vec::new();
        for index in 0..lists.len() as u32 {
            let mut hits = matcher.scan(normal.text());
            hits.retain(|hit| hit.list == index);
            joined(&mut hits);
            out.extend(hits.iter().map(|hit| (hit.list, normal.text()[hit.range()].to_owned())));
        }
        out
    }

    #[test]
    fn words_are_found_list_by_list() {
        let owned = |hits: &[(u32, &str)]| hits.iter().map(|(l, w)| (*l, (*w).to_owned())).collect::<Vec<_>>();
        type Case<'a> = (&'a str, Vec<List>, &'a str, &'a [(u32, &'a str)]);
        let table: Vec<Case<'_>> = vec![
            ("plain", vec![list(&["派人"], &[])], "会派人去", &[(0, "派人")]),
            ("longest of a list", vec![list(&["派人", "派人到你家"], &[])], "派人到你家", &[(0, "派人到你家")]),
            ("joined in a list", vec![list(&["到你家", "派人到"], &[])], "派人到你家", &[(0, "派人到你家")]),
            (
                "one list does not hide another's",
                vec![list(&["派人到你家"], &[]), list(&["你家"], &[])],
                "派人到你家",
                &[(0, "派人到你家"), (1, "你家")],
            ),
            ("twice", vec![list(&["滚"], &[])], "滚,滚", &[(0, "滚"), (0, "滚")]),
            ("never covers", vec![list(&["妈的"], &["妈妈的"])], "他妈妈的电话", &[]),
            ("never only touches", vec![list(&["妈的"], &["的电话"])], "他妈的电话", &[(0, "妈的")]),
            ("never of another list", vec![list(&["死"], &[]), list(&["机"], &["死机"])], "死机", &[(0, "死")]),
            (
                "a term under never, a longer one not",
                vec![list(&["死", "死全家"], &["死全"])],
                "死全家",
                &[(0, "死全家")],
            ),
            ("inside an English word", vec![list(&["visit"], &[])], "revisited visits", &[]),
            ("an English word", vec![list(&["visit"], &[])], "We'll VISIT, ok", &[(0, "visit")]),
            ("can is not can't", vec![list(&["can"], &[])], "I can't", &[]),
            ("English between Han", vec![list(&["app"], &[])], "下载APP吧", &[(0, "app")]),
            ("digits", vec![list(&["110"], &[])], "打110 打1105", &[(0, "110")]),
            ("written with spaces", vec![list(&["派人"], &[])], "派 人", &[(0, "派人")]),
            ("words over a punctuation", vec![list(&["pay now"], &[])], "pay, now!", &[(0, "pay now")]),
        ];
        for (name, lists, text, expected) in table {
            assert_eq!(found(&lists, text), owned(expected), "{name}");
        }
    }

    #[test]
    fn an_empty_matcher_finds_nothing() {
        let matcher = MatcherBuilder::default().build();
        assert_eq!(matcher.scan("任何话"), []);
        let mut builder = MatcherBuilder::default();
        builder.phrases(&strings(&["", "。"]));
        assert_eq!(builder.build().scan("任何。话"), []);
    }

    #[test]
    fn a_hundred_thousand_words_fit() {
        // Words of four characters out of 26: 00001 is 一一一丁 and so on, all different.
        let digit = |n: u32| char::from_u32(0x4E00 + n).expect("a Han character");
        let word = |n: u32| [n / 17576 % 26, n / 676 % 26, n / 26 % 26, n % 26].map(digit).iter().collect::<String>();
        let words: Vec<String> = (0..100_000).map(word).collect();
        let mut builder = MatcherBuilder::default();
        builder.phrases(&words);
        let matcher = builder.build();
        let hits = matcher.scan(&format!("您好{}再见", word(77_777)));
        assert_eq!(hits.iter().map(|hit| matcher.written(hit.phrase)).collect::<Vec<_>>(), [word(77_777)]);
    }

    proptest! {
        #[test]
        fn kept_hits_never_overlap(text in "[ab还款]{0,30}", words in proptest::collection::vec("[还款]{1,3}", 1..6)) {
            let mut builder = MatcherBuilder::default();
            builder.phrases(&words);
            let matcher = builder.build();
            let mut hits = matcher.scan(&text);
            let any = !hits.is_empty();
            joined(&mut hits);
            prop_assert_eq!(any, !hits.is_empty());
            prop_assert_eq!(any, words.iter().any(|word| text.contains(word.as_str())));
            prop_assert!(hits.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
