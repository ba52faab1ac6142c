//! A passage: what one speaker says in a run, as one text.
//!
//! Engines cut phrases in two, so words and patterns are matched over a whole `turn_group`, and each
//! hit is led back to the utterances, characters and times it came from.

use super::telling::Telling;
use crate::facts::TurnFacts;
use crate::lexicon::matcher::{Bare, Normalised, Stop, is_han};
use crate::units::{Role, Span};
use std::ops::Range;

/// A pause between two utterances of a run from which on it ends a clause, even where the engine wrote
/// no punctuation.
const CLAUSE_PAUSE_MS: i64 = 500;

/// What one speaker says in a run.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    pub(crate) role: Role,
    /// Normalised.
    pub(crate) text: String,
    pub(crate) stops: Vec<Stop>,
    /// Its bare form, where that is another.
    pub(crate) bare: Option<Bare>,
    pieces: Vec<Piece>,
}

/// One utterance's part of a passage.
#[derive(Clone, Debug)]
struct Piece {
    /// Index in the facts' turns.
    turn: usize,
    /// Where it starts in the passage's text, and the first byte after it.
    bytes: Range<usize>,
    /// Its map; its text is the passage's.
    normal: Normalised,
}

/// Where a part of a passage came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// First and last utterance, as indices in the facts' turns.
    pub(crate) turns: (usize, usize),
    /// First character in the first utterance, and first one after the part in the last utterance.
    pub(crate) chars: (u32, u32),
    /// When, as near as it can be told.
    pub(crate) span: Span,
    /// What is known of when: as `span`, or the whole utterance where its words have no times.
    pub(crate) known: Span,
    /// As it was written.
    pub(crate) quote: String,
}

impl Passage {
    /// The passages of a call that may hold anything, by first utterance.
    pub(crate) fn all(turns: &[TurnFacts], telling: &Telling) -> Vec<Self> {
        let tells = |run: &Vec<usize>| {
            telling.is_anything() || run.iter().any(|turn| telling.is_in(&turns[*turn].text, turns[*turn].role))
        };
        runs(turns).into_iter().filter(tells).map(|run| Self::of(&run, turns)).collect()
    }

    /// What is said in the utterances `run`, as indices in `turns`.
    fn of(run: &[usize], turns: &[TurnFacts]) -> Self {
        let (role, pieces) = (turns[run[0]].role, Vec::with_capacity(run.len()));
        let mut passage = Self { role, text: String::new(), stops: Vec::new(), bare: None, pieces };
        run.iter().for_each(|index| passage.push(*index, &turns[*index], turns));
        passage.bare = Bare::of(&passage.text, &passage.stops);
        passage
    }

    /// Where `bytes` of the text came from.
    pub(crate) fn origin(&self, bytes: &Range<usize>, turns: &[TurnFacts]) -> Origin {
        let first = self.piece_at(bytes.start);
        let last = self.piece_at(bytes.end.saturating_sub(1).max(bytes.start));
        let start = first.original(bytes).start;
        let end = last.original(bytes).end;
        let (from, to) = (&turns[first.turn], &turns[last.turn]);
        let from_end = if first.turn == last.turn { end } else { u32::MAX };
        let to_start = if first.turn == last.turn { start } else { 0 };
        let (begins, ends) = (time_of(from, start..from_end), time_of(to, to_start..end));
        let span = Span::new(begins.start_ms, ends.end_ms);
        let known_start_ms = if from.words.is_empty() { from.span.start_ms } else { begins.start_ms };
        let known_end_ms = if to.words.is_empty() { to.span.end_ms } else { ends.end_ms };
        let pieces = self.pieces.iter().filter(|piece| (first.turn..=last.turn).contains(&piece.turn));
        let quote = pieces
            .map(|piece| {
                let part = if piece.turn == first.turn { start } else { 0 };
                let until = if piece.turn == last.turn { end } else { u32::MAX };
                slice(&turns[piece.turn].text, part..until)
            })
            .collect();
        let known = Span::new(known_start_ms, known_end_ms);
        Origin { turns: (first.turn, last.turn), chars: (start, end), span, known, quote }
    }

    /// Its utterances, as indices in the facts' turns.
    pub(crate) fn turns(&self) -> impl Iterator<Item = usize> {
        self.pieces.iter().map(|piece| piece.turn)
    }

    fn push(&mut self, index: usize, turn: &TurnFacts, turns: &[TurnFacts]) {
        let mut normal = Normalised::of(&turn.text);
        if let Some(last) = self.pieces.last() {
            let pause_ms = turn.span.start_ms - turns[last.turn].span.end_ms;
            self.join(pause_ms >= CLAUSE_PAUSE_MS, normal.text());
        }
        let at = self.text.len();
        let (text, mut stops) = normal.take();
        if self.pieces.is_empty() {
            (self.text, self.stops) = (text, stops);
        } else {
            stops.iter_mut().for_each(|stop| stop.at += at);
            self.text.push_str(&text);
            self.stops.extend(stops);
        }
        self.pieces.push(Piece { turn: index, bytes: at..self.text.len(), normal });
    }

    fn join(&mut self, ends_clause: bool, next: &str) {
        let at = self.text.len();
        let Some(before) = self.text.chars().next_back() else {
            return;
        };
        if ends_clause && self.stops.last().is_none_or(|stop| stop.at < at) {
            self.stops.push(Stop { at, sentence: false });
        }
        if next.chars().next().is_some_and(|after| !is_han(before) && !is_han(after)) {
            self.text.push(' ');
        }
    }

    fn piece_at(&self, at: usize) -> &Piece {
        let after = self.pieces.partition_point(|piece| piece.bytes.start <= at);
        &self.pieces[after.saturating_sub(1)]
    }
}

/// The runs of `turns`, each one speaker's, as indices, by first utterance.
fn runs(turns: &[TurnFacts]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (index, turn) in turns.iter().enumerate() {
        // Runs of two speakers may be interlaced, so the run to go on with need not be the last.
        let goes_on = |run: &&mut Vec<usize>| {
            let first = &turns[run[0]];
            (first.turn_group, first.role, first.channel) == (turn.turn_group, turn.role, turn.channel)
        };
        match runs.iter_mut().rev().take(8).find(goes_on) {
            Some(run) => run.push(index),
            None => runs.push(vec![index]),
        }
    }
    runs
}

impl Piece {
    /// The characters of the utterance that the passage's `bytes` came from.
    fn original(&self, bytes: &Range<usize>) -> Range<u32> {
        let within = |at: usize| at.clamp(self.bytes.start, self.bytes.end) - self.bytes.start;
        self.normal.original(within(bytes.start)..within(bytes.end))
    }
}

/// When characters of an utterance were said: by its words' times where it has them, else by their
/// share of its characters.
fn time_of(turn: &TurnFacts, chars: Range<u32>) -> Span {
    let count = turn.text.chars().count().max(1) as i64;
    let from = i64::from(chars.start).min(count - 1);
    let to = i64::from(chars.end).clamp(from + 1, count);
    let mut words = turn.words.iter().filter(|word| i64::from(word.char_start) < to && i64::from(word.char_end) > from);
    if let Some(first) = words.next() {
        let last = words.next_back().unwrap_or(first);
        return Span::new(first.start_ms, last.end_ms.max(first.start_ms));
    }
    let at = |char: i64| turn.span.start_ms + turn.span.length_ms() * char / count;
    Span::new(at(from), at(to))
}

/// The characters `chars` of `text`, as far as it has them.
fn slice(text: &str, chars: Range<u32>) -> &str {
    let from = |text: &str, count: u32| text.char_indices().nth(count as usize).map_or(text.len(), |(at, _)| at);
    let behind = &text[from(text, chars.start)..];
    &behind[..from(behind, chars.end.saturating_sub(chars.start))]
}
