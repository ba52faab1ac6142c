//! A call made ready for its rules: each passage scanned once for all of them.

use super::answer::Hit;
use super::compile::Ruleset;
use super::negation::Context;
use super::passage::Passage;
use crate::facts::{Facts, TurnFacts};
use crate::finding::MatchKind;
use crate::lexicon::matcher::{Found, ListIndex, joined};
use crate::units::{Role, Span};
use std::ops::Range;

/// A call, and what was found in its words.
pub(crate) struct Heard<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) ruleset: &'a Ruleset,
    pub(crate) passages: Vec<Scanned>,
}

/// A passage, and what was found in it.
pub(crate) struct Scanned {
    pub(crate) passage: Passage,
    /// Words, by list.
    found: Vec<Found>,
    /// Which patterns match somewhere, by index, sorted.
    pub(crate) patterns: Vec<usize>,
    negators: Vec<Found>,
    openers: Vec<Found>,
}

impl<'a> Heard<'a> {
    pub(crate) fn of(ruleset: &'a Ruleset, facts: &'a Facts) -> Self {
        let scan = |passage: Passage| {
            let found = ruleset.matcher.scan(&passage.text);
            let patterns = ruleset.patterns.which(&passage.text);
            let negators = of_lists(&found, &ruleset.negators);
            let openers = of_lists(&found, &ruleset.openers);
            Scanned { passage, found, patterns, negators, openers }
        };
        Self { facts, ruleset, passages: Passage::all(&facts.turns).into_iter().map(scan).collect() }
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

    /// A hit on `bytes` of a passage.
    pub(crate) fn in_words(&self, passage: &Passage, bytes: &Range<usize>, matched: &str, pattern: bool) -> Hit {
        let turns = &self.facts.turns;
        let origin = passage.origin(bytes, turns);
        let match_kind = match (pattern, origin.quote == passage.text[bytes.clone()]) {
            (true, _) => MatchKind::Pattern,
            (false, true) => MatchKind::Exact,
            (false, false) => MatchKind::Variant,
        };
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
}

impl Scanned {
    /// Words of these lists, by start; those that overlap are one.
    pub(crate) fn words(&self, lists: &[ListIndex]) -> Vec<Found> {
        let mut hits = of_lists(&self.found, lists);
        joined(&mut hits);
        hits
    }

    /// Whether negation or quotation, as far as they exclude, takes the hit away.
    pub(crate) fn is_excluded(&self, hit: &Range<usize>, negation: bool, quotation: bool) -> bool {
        let Passage { text, stops, .. } = &self.passage;
        let context = Context { text, stops, negators: &self.negators, openers: &self.openers };
        (negation && context.is_negated(hit)) || (quotation && context.is_quoted(hit))
    }
}

/// The hits of `lists` among `found`, which is by list; by start.
fn of_lists(found: &[Found], lists: &[ListIndex]) -> Vec<Found> {
    let mut hits: Vec<Found> = Vec::new();
    for &list in lists {
        let first = found.partition_point(|hit| hit.list < list);
        hits.extend(found[first..].iter().take_while(|hit| hit.list == list));
    }
    hits.sort_unstable_by_key(|hit| (hit.start, hit.end));
    hits
}
