//! The keys of a condition that take away what it found, and the condition without them.

use super::super::compile::{CompileError, Ruleset, SHORTEST_SILENCE_MS, compile};
use super::super::model::{Gather, Kind, LookFor, Place, RateThreshold, Rule};
use super::super::speakers::Speakers;
use crate::lexicon::List;
use std::collections::BTreeMap;

/// Less alike than this nothing is worth telling.
const LEAST_LIKENESS: f64 = 0.5;

/// A key that takes hits away.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// As authors write it.
    pub(super) name: &'static str,
    /// Whether it is the threshold of a measure: under it lies nearly everything, of which little is worth telling.
    pub(super) is_threshold: bool,
    /// Makes it take nothing away. A condition that it does not change has no such key.
    lift: fn(&mut LookFor),
}

impl Key {
    /// The condition without the key.
    pub(super) fn lifted(&self, look: &LookFor) -> LookFor {
        let mut lifted = look.clone();
        (self.lift)(&mut lifted);
        lifted
    }
}

/// Every key that takes hits away. A further kind of condition adds its own here.
const KEYS: [Key; 35] = [
    key("speaker", |look| look.speakers = Speakers::ANYONE),
    key("where", |look| look.place = Place::Anywhere),
    key("negation", |look| match &mut look.kind {
        Kind::Words(words) => words.negation_excludes = false,
        Kind::Patterns(patterns) => patterns.negation_excludes = false,
        Kind::SimilarTo(similar) => similar.negation_excludes = false,
        _ => {}
    }),
    key("quotation", |look| match &mut look.kind {
        Kind::Words(words) => words.quotation_excludes = false,
        Kind::Patterns(patterns) => patterns.quotation_excludes = false,
        Kind::SimilarTo(similar) => similar.quotation_excludes = false,
        _ => {}
    }),
    key("not_before", |look| {
        if let Kind::Words(words) = &mut look.kind {
            words.not_before.clear()
        }
    }),
    key("not_after", |look| {
        if let Kind::Words(words) = &mut look.kind {
            words.not_after.clear()
        }
    }),
    key("never", |look| {
        if let Kind::Words(words) = &mut look.kind {
            words.lists.iter_mut().for_each(|list| *list = id_without_never(list));
        }
    }),
    key("same_utterance", |look| {
        if let Kind::Words(words) = &mut look.kind {
            words.same_utterance = false
        }
    }),
    key("any_count", |look| {
        if let Kind::Words(words) = &mut look.kind
            && matches!(words.gather, Gather::AtLeast(_))
        {
            (words.gather, words.same_utterance) = (Gather::Any, false)
        }
    }),
    key("all_of", |look| {
        if let Kind::Words(words) = &mut look.kind
            && words.gather == Gather::All
        {
            (words.gather, words.same_utterance) = (Gather::Any, false)
        }
    }),
    key("differs_from", |look| match &mut look.kind {
        Kind::Patterns(patterns) => patterns.differs_from.clear(),
        Kind::Entity(entity) => entity.differs_from.clear(),
        _ => {}
    }),
    key("complete", |look| {
        if let Kind::Entity(entity) = &mut look.kind {
            entity.complete = None
        }
    }),
    key("same_as_customer", |look| {
        if let Kind::Entity(entity) = &mut look.kind {
            entity.same_as_customer = None
        }
    }),
    key("said_count_at_least", |look| {
        if let Kind::Entity(entity) = &mut look.kind {
            entity.said_count_at_least = 1
        }
    }),
    key("with", |look| {
        if let Kind::Entity(entity) = &mut look.kind {
            entity.with_phrases.clear();
            entity.with_lists.clear();
        }
    }),
    key("within", |look| {
        if let Kind::Repeats(repeats) = &mut look.kind {
            repeats.within = None
        }
    }),
    threshold("similarity_above", |look| match &mut look.kind {
        Kind::SimilarTo(similar) => similar.similarity_above = LEAST_LIKENESS.min(similar.similarity_above),
        Kind::Repeats(repeats) => repeats.similarity_above = LEAST_LIKENESS.min(repeats.similarity_above),
        _ => {}
    }),
    threshold("above", |look| {
        if let Kind::Latency(latency) = &mut look.kind {
            latency.above_ms = -1
        }
    }),
    key("except", |look| {
        if let Kind::Patterns(patterns) = &mut look.kind {
            patterns.except.clear()
        }
    }),
    key("of", |look| {
        if let Kind::Silence(silence) = &mut look.kind {
            silence.of = Speakers::ANYONE
        }
    }),
    key("by", |look| {
        if let Kind::Interruption(by) = &mut look.kind {
            by.by = Speakers::ANYONE
        }
    }),
    key("unless_after", |look| {
        if let Kind::Silence(silence) = &mut look.kind {
            silence.unless_after_phrases.clear();
            silence.unless_after_lists.clear();
        }
    }),
    key("into_turn_above", |look| {
        if let Kind::Interruption(by) = &mut look.kind {
            by.into_turn_above_ms = -1
        }
    }),
    key("yields_within", |look| {
        if let Kind::Interruption(by) = &mut look.kind {
            by.yields_within_ms = None
        }
    }),
    key("for", |look| {
        if let Kind::Loudness(loudness) = &mut look.kind {
            loudness.for_ms = 0
        }
    }),
    key("min_chars_count", |look| {
        if let Kind::SpeechRate(rate) = &mut look.kind {
            rate.min_chars_count = 0
        }
    }),
    key("min_length", |look| {
        if let Kind::SpeechRate(rate) = &mut look.kind {
            rate.min_length_ms = 0
        }
    }),
    key("unless_column", |look| {
        if let Kind::Call(call) = &mut look.kind {
            call.unless = None
        }
    }),
    key("agreed_column", |look| {
        if let Kind::Call(call) = &mut look.kind {
            call.agreed_column = None
        }
    }),
    key("above_usual", |look| {
        if let Kind::Emotion(emotion) = &mut look.kind {
            emotion.above_usual = None
        }
    }),
    threshold("longer_than", |look| {
        if let Kind::Silence(silence) = &mut look.kind {
            silence.longer_than_ms = SHORTEST_SILENCE_MS;
        }
    }),
    threshold("overlap_above", |look| {
        if let Kind::Interruption(by) = &mut look.kind {
            by.overlap_above_ms = 0
        }
    }),
    threshold("above_usual", |look| {
        if let Kind::Loudness(loud) = &mut look.kind {
            loud.above_usual_db = -1_000.0
        }
    }),
    threshold("score_above", |look| {
        if let Kind::Emotion(emotion) = &mut look.kind {
            emotion.score_above = -1.0
        }
    }),
    threshold("above", |look| {
        if let Kind::SpeechRate(rate) = &mut look.kind
            && rate.above.is_some()
        {
            rate.above = Some(RateThreshold { chars_per_min: Some(0.0), words_per_min: Some(0.0) });
        }
    }),
];

const fn key(name: &'static str, lift: fn(&mut LookFor)) -> Key {
    Key { name, is_threshold: false, lift }
}

const fn threshold(name: &'static str, lift: fn(&mut LookFor)) -> Key {
    Key { name, is_threshold: true, lift }
}

/// The keys that `look` has.
pub(super) fn keys_of(look: &LookFor) -> Vec<Key> {
    KEYS.into_iter().filter(|key| key.lifted(look) != *look).collect()
}

/// The condition without all of `keys`.
pub(super) fn without(look: &LookFor, keys: impl IntoIterator<Item = Key>) -> LookFor {
    keys.into_iter().fold(look.clone(), |look, key| key.lifted(&look))
}

/// `lists`, and each once more without its `never`, under a name that no author can write.
#[must_use]
pub fn without_never(lists: &BTreeMap<String, List>) -> BTreeMap<String, List> {
    let bare = lists.iter().map(|(id, list)| (id_without_never(id), List { never: Vec::new(), ..list.clone() }));
    lists.clone().into_iter().chain(bare).collect()
}

/// The rules, each condition of which finds all that it looks for: nothing that excludes counts, but thresholds do. For
/// asking whether something is there that a rule does not count; see [`Ruleset::found`].
///
/// # Errors
///
/// As [`compile`].
pub fn loosened(rules: &[Rule], lists: &BTreeMap<String, List>) -> Result<Ruleset, CompileError> {
    let loose = |look: &LookFor| without(look, keys_of(look).into_iter().filter(|key| !key.is_threshold));
    let loose = |rule: &Rule| Rule { look_fors: rule.look_fors.iter().map(loose).collect(), ..rule.clone() };
    compile(&rules.iter().map(loose).collect::<Vec<_>>(), &without_never(lists))
}

/// The matcher takes a list by the end of its name for one of negators; this one's is another.
fn id_without_never(id: &str) -> String {
    format!("{id} without never")
}
