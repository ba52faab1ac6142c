//! How much two sentences have in common: the Dice coefficient of their tokens and of their pairs of tokens, halved together.
//!
//! L. R. Dice, Measures of the Amount of Ecologic Association Between Species, Ecology 26 (1945). A token is a Han character
//! or a word of other letters; the pairs keep the order, the single ones forgive a change of it. Synonyms are not known.

use crate::lexicon::matcher::is_han;
use std::collections::BTreeMap;
use std::ops::Range;

/// A sentence that others are held against.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    /// Each token's place in `counts`.
    vocabulary: BTreeMap<String, usize>,
    counts: Vec<i32>,
    /// Each pair's place in `pair_counts`.
    pairs: BTreeMap<(usize, usize), usize>,
    pair_counts: Vec<i32>,
    length: usize,
}

impl Sentence {
    /// The sentence `text`, which is normalised.
    pub(crate) fn of(text: &str) -> Self {
        let mut sentence = Self {
            vocabulary: BTreeMap::new(),
            counts: Vec::new(),
            pairs: BTreeMap::new(),
            pair_counts: Vec::new(),
            length: 0,
        };
        let mut last = None;
        for token in tokens(text) {
            sentence.length += 1;
            let next = sentence.counts.len();
            let id = *sentence.vocabulary.entry(text[token].to_owned()).or_insert(next);
            count(&mut sentence.counts, id);
            if let Some(last) = last {
                let next = sentence.pair_counts.len();
                let pair = *sentence.pairs.entry((last, id)).or_insert(next);
                count(&mut sentence.pair_counts, pair);
            }
            last = Some(id);
        }
        sentence
    }

    /// The parts of `text` of this sentence's length that are like it to at least `least` (0 to 1), apart from one another and each the
    /// best where it stands: bytes and likeness. A shorter text is held against it as a whole.
    pub(crate) fn each_in(&self, text: &str, least: f64) -> Vec<(Range<usize>, f64)> {
        let tokens = tokens(text);
        let ids: Vec<Option<usize>> =
            tokens.iter().map(|token| self.vocabulary.get(&text[token.clone()]).copied()).collect();
        let width = self.length.min(ids.len());
        if width == 0 {
            return Vec::new();
        }
        let mut window = Window::new(self, width);
        let mut best: Vec<(Range<usize>, f64)> = Vec::new();
        for end in 0..ids.len() {
            window.push(&ids, end);
            let Some(start) = (end + 1).checked_sub(width) else { continue };
            let likeness = window.likeness();
            if likeness < least {
                continue;
            }
            match best.last_mut().filter(|(last, _)| start < last.end) {
                Some(last) if last.1 < likeness => *last = (start..end + 1, likeness),
                Some(_) => {}
                None => best.push((start..end + 1, likeness)),
            }
        }
        let bytes = |of: Range<usize>| tokens[of.start].start..tokens[of.end - 1].end;
        best.into_iter().map(|(of, likeness)| (bytes(of), likeness)).collect()
    }

    /// How much the whole of `text` is like this sentence, 0 to 1.
    pub(crate) fn likeness(&self, text: &str) -> f64 {
        let ids: Vec<Option<usize>> =
            tokens(text).into_iter().map(|token| self.vocabulary.get(&text[token]).copied()).collect();
        let mut window = Window::new(self, ids.len());
        (0..ids.len()).for_each(|end| window.push(&ids, end));
        window.likeness()
    }
}

fn count(counts: &mut Vec<i32>, id: usize) {
    if id == counts.len() {
        counts.push(0);
    }
    counts[id] += 1;
}

/// The tokens of a text in an order of their own, for a quick look at how much it can have in common with another.
pub(crate) struct Bag(Vec<u64>);

impl Bag {
    /// The bag of `text`, which is normalised.
    pub(crate) fn of(text: &str) -> Self {
        // Two tokens with one hash would look more alike than they are, which does no harm.
        let hash = |token: Range<usize>| {
            text[token].bytes().fold(0, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
        };
        let mut hashes: Vec<u64> = tokens(text).into_iter().map(hash).collect();
        hashes.sort_unstable();
        Self(hashes)
    }

    /// No less than the likeness of the two texts: all their pairs may be the same.
    pub(crate) fn most_alike(&self, other: &Self) -> f64 {
        let (mut one, mut two, mut shared) = (0, 0, 0);
        while let (Some(left), Some(right)) = (self.0.get(one), other.0.get(two)) {
            shared += u32::from(left == right);
            (one, two) = (one + usize::from(left <= right), two + usize::from(right <= left));
        }
        let both = (self.0.len() + other.0.len()).max(1);
        0.5 + f64::from(shared) / both as f64
    }
}

/// A part of a text that slides along it, and what it shares with a sentence.
struct Window<'s> {
    sentence: &'s Sentence,
    width: usize,
    tokens: Shared<'s>,
    pairs: Shared<'s>,
}

impl<'s> Window<'s> {
    fn new(sentence: &'s Sentence, width: usize) -> Self {
        let (tokens, pairs) = (Shared::new(&sentence.counts), Shared::new(&sentence.pair_counts));
        Self { sentence, width, tokens, pairs }
    }

    /// Takes in the token at `end`, and lets go of what no longer fits.
    fn push(&mut self, ids: &[Option<usize>], end: usize) {
        let pair = |at: usize| {
            let pair = (*ids.get(at.checked_sub(1)?)?)?;
            self.sentence.pairs.get(&(pair, ids[at]?)).copied()
        };
        let (gained, lost) = (pair(end), end.checked_sub(self.width).map(|gone| (ids[gone], pair(gone + 1))));
        self.tokens.add(ids[end]);
        if self.width > 1 {
            self.pairs.add(gained);
        }
        if let Some((token, pair)) = lost {
            self.tokens.take(token);
            self.pairs.take(pair.filter(|_| self.width > 1));
        }
    }

    fn likeness(&self) -> f64 {
        let dice = |shared: i32, of: usize| 2.0 * f64::from(shared) / of.max(1) as f64;
        let single = dice(self.tokens.shared, self.sentence.length + self.width);
        match self.sentence.length.min(self.width) {
            0 | 1 => single,
            _ => (single + dice(self.pairs.shared, self.sentence.length + self.width - 2)) / 2.0,
        }
    }
}

/// How many of some things a window and a sentence have in common.
struct Shared<'s> {
    wanted: &'s [i32],
    there: Vec<i32>,
    shared: i32,
}

impl<'s> Shared<'s> {
    fn new(wanted: &'s [i32]) -> Self {
        Self { wanted, there: vec![0; wanted.len()], shared: 0 }
    }

    fn add(&mut self, id: Option<usize>) {
        if let Some(id) = id {
            self.shared += i32::from(self.there[id] < self.wanted[id]);
            self.there[id] += 1;
        }
    }

    fn take(&mut self, id: Option<usize>) {
        if let Some(id) = id {
            self.there[id] -= 1;
            self.shared -= i32::from(self.there[id] < self.wanted[id]);
        }
    }
}

/// Han characters one by one, and words of other letters and digits.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut in_word = false;
    for (at, char) in text.char_indices() {
        let end = at + char.len_utf8();
        let goes_on = !is_han(char) && char.is_alphanumeric();
        match tokens.last_mut() {
            Some(last) if goes_on && in_word => last.end = end,
            _ if char.is_alphanumeric() => tokens.push(at..end),
            _ => {}
        }
        in_word = goes_on;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn likeness_is_worked_out_on_paper() {
        let table = [
            ("the same", "还款日期", "还款日期", 1.0),
            // 4 of 4 and 4 tokens; pairs 还款 款日 日期 against 日期 期还 还款: 2 of 3 and 3.
            ("another order", "还款日期", "日期还款", (1.0 + 4.0 / 6.0) / 2.0),
            ("nothing", "还款日期", "你好", 0.0),
            // 2 of 4 and 2 tokens, 1 of 3 and 1 pairs.
            ("a part", "还款日期", "还款", (4.0 / 6.0 + 2.0 / 4.0) / 2.0),
            ("words", "pay it today", "pay it now", (4.0 / 6.0 + 2.0 / 4.0) / 2.0),
            ("one token", "好", "好", 1.0),
            ("no text", "好", "", 0.0),
        ];
        for (name, sentence, text, expected) in table {
            let likeness = Sentence::of(sentence).likeness(text);
            assert!((likeness - expected).abs() < 1e-9, "{name}: {likeness}");
        }
    }

    #[test]
    fn the_best_part_of_a_text_is_found() {
        let sentence = Sentence::of("请您尽快处理欠款");
        let text = "嗯是的请你尽快处理欠款好吗那个请您尽快处理欠款";
        let parts: Vec<(&str, bool)> =
            sentence.each_in(text, 0.7).into_iter().map(|(bytes, like)| (&text[bytes], like > 0.99)).collect();
        assert_eq!(parts, [("请你尽快处理欠款", false), ("请您尽快处理欠款", true)]);
        assert!(sentence.each_in(text, 1.01).is_empty());
    }

    proptest! {
        #[test]
        fn a_bag_never_promises_too_little(one in "[还款日期到了 ab]{0,12}", other in "[还款日期到了 ab]{0,12}") {
            let likeness = Sentence::of(&one).likeness(&other);
            prop_assert!(Bag::of(&one).most_alike(&Bag::of(&other)) >= likeness - 1e-12, "{likeness}");
        }

        #[test]
        fn a_window_has_what_its_text_has(text in "[还款日期 a]{1,12}", sentence in "[还款日期a]{1,6}") {
            let sentence = Sentence::of(&sentence);
            for (bytes, like) in sentence.each_in(&text, 0.0) {
                prop_assert!((sentence.likeness(&text[bytes]) - like).abs() < 1e-9);
                prop_assert!((0.0..=1.0 + 1e-9).contains(&like));
            }
        }
    }
}
