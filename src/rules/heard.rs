//! A call made ready for its rules: each passage scanned once for all of them.

use super::answer::Hit;
use super::compile::Ruleset;
use super::negation::Context;
use super::passage::Passage;
use super::pattern_book;
use super::scanned::{Scanned, matches};
use super::tongues::{Tongue, tongues};
use crate::facts::{Facts, TurnFacts};
use crate::finding::MatchKind;
use crate::lexicon::matcher::{Found, ListIndex, joined};
use crate::lexicon::sounds::Alike;
use crate::units::{Role, Span};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A call, and what was found in its words.
pub(crate) struct Heard<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) ruleset: &'a Ruleset,
    /// The call's language, where no rule is written for it.
    pub(crate) strange: Option<&'a str>,
    /// Who speaks how long in which language.
    pub(crate) tongues: Vec<Tongue<'a>>,
    /// Those that may hold anything.
    pub(crate) passages: Vec<Passage>,
    /// When each turn starts, in order.
    runs: Vec<i64>,
    /// What was found in each passage.
    scanned: Vec<Arc<Scanned>>,
    /// Words and the passages they are in, by (list, passage, start).
    words: Sorted<(usize, Found)>,
    /// Passages by patterns that may match them.
    candidates: Sorted<usize>,
}

/// Things by a number that each has, and for each number, and one more, where its things begin.
struct Sorted<T> {
    things: Vec<T>,
    beginnings: Vec<u32>,
}

impl<T: Copy + Default> Sorted<T> {
    /// Those of a number stay in the order in which `all` gives them, both times the same; numbers are less than `count`.
    fn new(count: usize, all: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut ends = vec![0; count + 1];
        all.clone().for_each(|(number, _)| ends[number as usize + 1] += 1);
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let (mut things, mut next) = (vec![T::default(); sum as usize], ends.clone());
        for (number, thing) in all {
            let place = &mut next[number as usize];
            things[*place as usize] = thing;
            *place += 1;
        }
        Self { things, beginnings: ends }
    }

    fn of(&self, number: usize) -> &[T] {
        &self.things[self.beginnings[number] as usize..self.beginnings[number + 1] as usize]
    }
}

impl<'a> Heard<'a> {
    pub(crate) fn of(ruleset: &'a Ruleset, facts: &'a Facts) -> Self {
        let passages = Passage::all(&facts.turns, &ruleset.telling);
        let mut found = pattern_book::Scratch::default();
        let scan = |passage| ruleset.memory.scan(ruleset, passage, &mut found);
        let scanned: Vec<Arc<Scanned>> = passages.iter().map(scan).collect();
        let words = scanned.iter().enumerate().flat_map(|(at, it)| it.words.iter().map(move |it| (it.list, (at, *it))));
        let patterns =
            scanned.iter().enumerate().flat_map(|(at, it)| it.patterns.iter().map(move |it| (it.pattern, at)));
        Self {
            facts,
            ruleset,
            strange: ruleset.language_without_rules(facts),
            tongues: tongues(&facts.turns),
            runs: runs(&facts.turns),
            words: Sorted::new(ruleset.matcher.lists(), words),
            candidates: Sorted::new(ruleset.patterns.len(), patterns),
            scanned,
            passages,
        }
    }

    /// What sounds like words of these lists and is none of the words `found`, by passage and start; of what overlaps, the
    /// longest, and of those the nearest to its word.
    pub(crate) fn sounds(&self, lists: &[usize], found: &[(usize, Found)]) -> Vec<(usize, Alike)> {
        let overlaps = |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
        // Words of a passage do not overlap, so the first that ends behind the start is the one that may.
        let is_written = |at: usize, alike: &Alike| {
            let next = found.partition_point(|(passage, found)| (*passage, found.end) <= (at, alike.start));
            found.get(next).is_some_and(|(passage, found)| *passage == at && found.start < alike.end)
        };
        let says_more = |one: &Alike, other: &Alike| {
            let lengths = (one.range().len(), other.range().len());
            lengths.0 > lengths.1 || lengths.0 == lengths.1 && one.distance < other.distance
        };
        let mut hits: Vec<(usize, Alike)> = Vec::new();
        let all = self.scanned.iter().enumerate().flat_map(|(at, it)| it.sounds.iter().map(move |alike| (at, *alike)));
        for (at, alike) in all.filter(|(_, alike)| lists.contains(&alike.list)) {
            if is_written(at, &alike) {
                continue;
            }
            match hits.last_mut().filter(|(last, hit)| *last == at && overlaps(&hit.range(), &alike.range())) {
                Some((_, hit)) if says_more(&alike, hit) => *hit = alike,
                Some(_) => {}
                None => hits.push((at, alike)),
            }
        }
        hits
    }

    /// Words of these lists and the passages they are in, by passage and start; those that overlap are one.
    pub(crate) fn words(&self, lists: &[ListIndex]) -> Vec<(usize, Found)> {
        let mut hits: Vec<(usize, Found)> = lists.iter().flat_map(|&list| self.of_list(list)).copied().collect();
        hits.sort_by_key(|(at, _)| *at);
        let of_passage = |hits: &[(usize, Found)]| {
            let at = hits[0].0;
            let mut found: Vec<Found> = hits.iter().map(|(_, found)| *found).collect();
            joined(&mut found);
            found.into_iter().map(move |found| (at, found))
        };
        hits.chunk_by(|one, next| one.0 == next.0).flat_map(of_passage).collect()
    }

    /// The passages that each of these patterns may match, by passage and pattern.
    pub(crate) fn may_match(&self, patterns: Range<usize>) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for pattern in patterns {
            if self.ruleset.patterns.is_always(pattern) {
                pairs.extend((0..self.passages.len()).map(|at| (at, pattern)));
            } else {
                pairs.extend(self.candidates.of(pattern).iter().map(|&at| (at, pattern)));
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// Calls `found` with where a pattern matches in a passage that it may match.
    pub(crate) fn each_match(&self, at: usize, pattern: usize, found: impl FnMut(Range<usize>)) {
        let passage = &self.passages[at];
        if self.ruleset.patterns.is_always(pattern) {
            matches(self.ruleset, passage, pattern, None).into_iter().for_each(found);
        } else {
            self.scanned[at].matches(self.ruleset, passage, pattern).iter().cloned().for_each(found);
        }
    }

    /// Whether negation or quotation, as far as they exclude, takes the hit on `bytes` of a passage away.
    pub(crate) fn is_excluded(&self, at: usize, bytes: &Range<usize>, negation: bool, quotation: bool) -> bool {
        let Passage { text, stops, .. } = &self.passages[at];
        let of = |lists: &[ListIndex], counts: bool| if counts { self.in_passage(lists, at) } else { Vec::new() };
        let (negators, openers) = (of(&self.ruleset.negators, negation), of(&self.ruleset.openers, quotation));
        let context = Context { text, stops, negators: &negators, openers: &openers };
        (negation && context.is_negated(bytes)) || (quotation && context.is_quoted(bytes))
    }

    /// The turn in which `span` starts, by the order of turns' starts; the one before it where nobody speaks, 0 for what has
    /// no time.
    pub(crate) fn run_at(&self, span: Option<Span>) -> u32 {
        span.map_or(0, |span| self.runs.partition_point(|start_ms| *start_ms <= span.start_ms) as u32)
    }

    /// Whether somebody of that role speaks, by transcript or by sound.
    pub(crate) fn has_role(&self, role: Role) -> bool {
        let turns = self.facts.turns.iter().map(|turn| turn.role);
        turns.chain(self.facts.stretches.iter().map(|stretch| stretch.role)).any(|other| other == role)
    }

    /// The utterance that shares the most time with `span`, of `role` where one is given.
    pub(crate) fn turn_over(&self, span: Span, role: Option<Role>) -> Option<&'a TurnFacts> {
        let shared = |turn: &&TurnFacts| turn.span.overlap_ms(span);
        let turns = self.facts.turns.iter().filter(|turn| role.is_none_or(|role| role == turn.role));
        // The last of equals would win in max_by_key, and the first is wanted.
        turns.rev().max_by_key(shared).filter(|turn| shared(turn) > 0)
    }

    /// `hit`, placed in the sound, with the utterance that is heard there.
    pub(crate) fn in_sound(&self, hit: Hit, span: Span, role: Role) -> Hit {
        let said = Some(role).filter(|role| *role != Role::Unknown);
        let turn = self.turn_over(span, said);
        Hit {
            role: Some(role),
            span: Some(span),
            turns: turn.map(|turn| (turn.turn, turn.turn)),
            quote: turn.map_or_else(String::new, |turn| turn.text.clone()),
            ..hit
        }
    }

    /// `hit`, placed on a whole utterance.
    pub(crate) fn in_turn(hit: Hit, turn: &TurnFacts) -> Hit {
        Hit {
            role: Some(turn.role),
            span: Some(turn.span),
            turns: Some((turn.turn, turn.turn)),
            chars: Some((0, turn.text.chars().count() as i32)),
            quote: turn.text.clone(),
            ..hit
        }
    }

    /// A hit on `bytes` of a passage, of that kind; what is not written as it is matched is no exact one.
    pub(crate) fn in_words(&self, passage: &Passage, bytes: &Range<usize>, matched: &str, kind: MatchKind) -> Hit {
        let turns = &self.facts.turns;
        let origin = passage.origin(bytes, turns);
        let is_exact = kind == MatchKind::Exact && origin.quote == passage.text[bytes.clone()];
        let match_kind = if kind == MatchKind::Exact && !is_exact { MatchKind::Variant } else { kind };
        Hit {
            role: Some(passage.role),
            turns: Some((turns[origin.turns.0].turn, turns[origin.turns.1].turn)),
            span: Some(origin.span),
            known: Some(origin.known),
            chars: Some((origin.chars.0 as i32, origin.chars.1 as i32)),
            quote: origin.quote,
            matched: Some(matched.to_owned()),
            match_kind,
            ..Hit::measure(None, None, None)
        }
    }

    /// The words of a list, by passage and start.
    pub(crate) fn of_list(&self, list: ListIndex) -> &[(usize, Found)] {
        self.words.of(list as usize)
    }

    fn of_list_in(&self, list: ListIndex, at: usize) -> &[(usize, Found)] {
        let all = self.of_list(list);
        let first = all.partition_point(|(passage, _)| *passage < at);
        let count = all[first..].partition_point(|(passage, _)| *passage == at);
        &all[first..first + count]
    }

    /// The words of these lists in a passage, by start.
    fn in_passage(&self, lists: &[ListIndex], at: usize) -> Vec<Found> {
        let found = lists.iter().flat_map(|&list| self.of_list_in(list, at)).map(|(_, found)| *found);
        let mut hits: Vec<Found> = found.collect();
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end));
        hits
    }
}

/// When each turn (run of one speaker) starts, in order.
fn runs(turns: &[TurnFacts]) -> Vec<i64> {
    let mut starts: BTreeMap<i32, i64> = BTreeMap::new();
    for turn in turns {
        let start_ms = starts.entry(turn.turn_group).or_insert(turn.span.start_ms);
        *start_ms = turn.span.start_ms.min(*start_ms);
    }
    let mut starts: Vec<i64> = starts.into_values().collect();
    starts.sort_unstable();
    starts
}
