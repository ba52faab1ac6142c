//! What is found in a passage, whoever says it and when; kept, since much is said again and again.

use super::compile::Ruleset;
use super::passage::Passage;
use super::pattern_book;
use crate::lexicon::matcher::{Bare, Found, Stop};
use crate::lexicon::sounds::Alike;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Longer passages are not kept: they are not said twice.
const LONGEST_KEPT_BYTES: usize = 300;

/// So many passages are kept at most in each half of a part of the memory; 16,384 in all.
const HALF: usize = 512;

/// Parts of the memory, so that threads seldom wait for one another.
const PARTS: usize = 16;

/// Where a pattern matches.
type Matches = Box<[Range<usize>]>;

/// A pattern that may match.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) pattern: u32,
    /// Which of its alternatives, where it is one alone.
    only: Option<u32>,
    /// Where it does, once that was asked.
    matches: OnceLock<Matches>,
}

/// What is found in a passage.
#[derive(Debug)]
pub(crate) struct Scanned {
    /// Words of lists, by (list, start, longest first).
    pub(crate) words: Vec<Found>,
    /// What sounds like words, by start.
    pub(crate) sounds: Vec<Alike>,
    /// Patterns that may match here, sorted, but for those that may match anything.
    pub(crate) patterns: Vec<Candidate>,
    stops: Vec<Stop>,
}

impl Scanned {
    fn of(ruleset: &Ruleset, passage: &Passage, found: &mut pattern_book::Scratch) -> Self {
        let mut words = Vec::new();
        ruleset.matcher.each(&passage.text, |found| words.push(found));
        each_in_bare(ruleset, passage, |found| words.push(found));
        words.sort_unstable_by_key(|found| (found.list, found.start, Reverse(found.end), found.phrase, found.bare));
        words.dedup_by_key(|found| Found { bare: false, ..*found });
        let mut sounds = Vec::new();
        ruleset.sounds.each(&passage.text, &passage.stops, |alike| sounds.push(alike));
        let mut patterns = Vec::new();
        let texts = std::iter::once(passage.text.as_str()).chain(passage.bare.iter().map(Bare::text));
        texts.for_each(|text| ruleset.patterns.candidates(text, found, |pattern, only| patterns.push((pattern, only))));
        patterns.sort_unstable();
        patterns.dedup();
        let candidate = |alternatives: &[(u32, u32)]| Candidate {
            pattern: alternatives[0].0,
            only: (alternatives.len() == 1).then_some(alternatives[0].1),
            matches: OnceLock::new(),
        };
        let patterns = patterns.chunk_by(|one, next| one.0 == next.0).map(candidate).collect();
        Self { words, sounds, patterns, stops: passage.stops.clone() }
    }

    /// Where a pattern matches in the passage that this was found in.
    pub(crate) fn matches(&self, ruleset: &Ruleset, passage: &Passage, pattern: usize) -> &[Range<usize>] {
        let at = self.patterns.binary_search_by_key(&pattern, |candidate| candidate.pattern as usize);
        at.map_or(&[], |at| {
            let Candidate { only, matches: known, .. } = &self.patterns[at];
            known.get_or_init(|| matches(ruleset, passage, pattern, *only).into_boxed_slice())
        })
    }
}

/// Where a pattern matches in a passage, and in its bare form; with `only`, no other of its alternatives can.
pub(crate) fn matches(ruleset: &Ruleset, passage: &Passage, pattern: usize, only: Option<u32>) -> Vec<Range<usize>> {
    let (pattern, only, mut matches) = (ruleset.patterns.get(pattern), only.map(|only| only as usize), Vec::new());
    pattern.each(&passage.text, only, |range| matches.push(range));
    if let Some(bare) = &passage.bare {
        pattern.each(bare.text(), only, |range| matches.push(bare.origin(range)));
    }
    matches
}

/// Calls `found` with the words in the bare form of a passage, by their bytes in its text. How things are negated and
/// quoted is looked for in the text alone, as it was said.
fn each_in_bare(ruleset: &Ruleset, passage: &Passage, mut found: impl FnMut(Found)) {
    let Some(bare) = &passage.bare else {
        return;
    };
    ruleset.matcher.each(bare.text(), |hit| {
        let bytes = bare.origin(hit.range());
        if !ruleset.negators.contains(&hit.list) && !ruleset.openers.contains(&hit.list) {
            found(Found { start: bytes.start, end: bytes.end, bare: true, ..hit });
        }
    });
}

/// What was found in the passages of late.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    parts: [Mutex<Part>; PARTS],
    hasher: RandomState,
}

/// Passages by their text: those of late, and those before. What is asked for again is one of late.
#[derive(Debug, Default)]
struct Part {
    young: HashMap<Box<str>, Arc<Scanned>>,
    old: HashMap<Box<str>, Arc<Scanned>>,
}

/// Rules that were copied begin with nothing.
impl Clone for Memory {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Memory {
    /// What is found in a passage: looked up, or looked for.
    pub(crate) fn scan(&self, ruleset: &Ruleset, passage: &Passage, found: &mut pattern_book::Scratch) -> Arc<Scanned> {
        let text = passage.text.as_str();
        // Where few texts hold anything, few rules are asked, and looking takes no longer than looking up.
        if text.len() > LONGEST_KEPT_BYTES || !ruleset.telling.is_anything() {
            return Arc::new(Scanned::of(ruleset, passage, found));
        }
        let part = &self.parts[self.hasher.hash_one(text) as usize % PARTS];
        let lock = || part.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().get(text);
        // The same text may have been cut into other clauses.
        if let Some(known) = known.filter(|known| known.stops == passage.stops) {
            return known;
        }
        let scanned = Arc::new(Scanned::of(ruleset, passage, found));
        lock().keep(text, Arc::clone(&scanned));
        scanned
    }
}

impl Part {
    fn get(&mut self, text: &str) -> Option<Arc<Scanned>> {
        if let Some(known) = self.young.get(text) {
            return Some(Arc::clone(known));
        }
        let (text, known) = self.old.remove_entry(text)?;
        self.make_room();
        self.young.insert(text, Arc::clone(&known));
        Some(known)
    }

    fn keep(&mut self, text: &str, scanned: Arc<Scanned>) {
        self.make_room();
        self.young.insert(text.into(), scanned);
    }

    fn make_room(&mut self) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Kind, Patterns, Rule};
    use super::super::passage::Passage;
    use super::super::telling::Telling;
    use super::super::testing::{phrases, rule, ruleset, said};
    use super::*;
    use crate::units::Role::Agent;

    fn passage(text: &str) -> Passage {
        Passage::all(&said(&[(0, Agent, text)]).turns, &Telling::ANYTHING).remove(0)
    }

    #[test]
    fn what_is_said_again_is_looked_up() {
        // With a rule that looks at any text, so that nothing is too quiet to be remembered.
        let any = Patterns { patterns: vec![".+".parse().expect("a pattern")], ..Patterns::default() };
        let any = Rule { id: "test.any".into(), ..rule(Kind::Patterns(any)) };
        let ruleset = ruleset(&[rule(phrases(&["派人"])), any]);
        let mut found = pattern_book::Scratch::default();
        let mut scan = |text: &str| ruleset.memory.scan(&ruleset, &passage(text), &mut found);
        let first = scan("会派人去");
        assert_eq!(first.words.len(), 1);
        assert!(Arc::ptr_eq(&first, &scan("会派人去")));
        // With a clause that ends inside it is not the same.
        assert!(!Arc::ptr_eq(&first, &scan("会派人,去")));
        let again = scan("会派人去");
        // What is asked for stays, and what is not goes, however much is said.
        for number in 0..3 * PARTS * HALF {
            scan(&format!("第{number}句"));
            assert!(number % HALF > 0 || Arc::ptr_eq(&again, &scan("会派人去")), "{number}");
        }
        let kept: usize = ruleset.memory.parts.iter().map(|part| part.lock().unwrap().kept()).sum();
        assert!(kept > PARTS * HALF / 2 && kept <= 2 * PARTS * HALF, "{kept}");
        let long = "派人".repeat(LONGEST_KEPT_BYTES);
        assert!(!Arc::ptr_eq(&scan(&long), &scan(&long)));
    }

    impl Part {
        fn kept(&self) -> usize {
            self.young.len() + self.old.len()
        }
    }
}
