//! The conditions of a rule on a call, each answered when it is first asked for.

use super::answer::Answer;
use super::compile::{Compiled, Search};
use super::heard::Heard;
use super::kinds::{
    call, emotion, entity, history, interruption, latency, loudness, measures, patterns, repeats, silence, similar_to,
    speech_rate, words,
};
use super::model::{Kind, LookFor};
use super::place;
use super::tongues;
use super::when::{Conditions, Cost};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// The conditions of a rule, and their answers as far as they have been asked for.
pub(crate) struct Asked<'a> {
    compiled: &'a Compiled,
    heard: &'a Heard<'a>,
    answers: Vec<OnceCell<Answer>>,
}

impl<'a> Asked<'a> {
    /// The conditions of `compiled`, none of them asked yet, on the call of `heard`.
    pub(crate) fn new(compiled: &'a Compiled, heard: &'a Heard<'a>) -> Self {
        Self { compiled, heard, answers: vec![OnceCell::new(); compiled.rule.look_fors.len()] }
    }
}

impl Conditions for Asked<'_> {
    fn answer(&self, name: usize) -> &Answer {
        if self.named_by(name).is_some() {
            // In this order nothing is asked before what it follows, however long the chain.
            self.compiled.order.iter().take_while(|&&earlier| earlier != name).for_each(|&earlier| {
                self.answer_alone(earlier);
            });
        }
        self.answer_alone(name)
    }

    fn at_least(&self, name: usize) -> u32 {
        self.compiled.rule.look_fors[name].count_at_least
    }

    fn cost(&self, name: usize) -> Cost {
        let is_tried = |pattern| self.heard.ruleset.patterns.is_always(pattern);
        match &self.compiled.searches[name] {
            Search::Patterns { patterns, .. } if patterns.clone().any(is_tried) => Cost::Much,
            Search::Patterns { .. } | Search::Beside(_) => Cost::Some,
            Search::Sentences(_) => Cost::Much,
            Search::Words { .. } | Search::Days(_) | Search::Nothing => Cost::Little,
        }
    }
}

impl Asked<'_> {
    /// The condition whose hits the place of the condition `name` follows.
    fn named_by(&self, name: usize) -> Option<usize> {
        let looks = &self.compiled.rule.look_fors;
        let named = looks[name].place.named()?;
        looks.iter().position(|other| other.name == named)
    }

    /// The answer of a condition; what it follows has been answered.
    fn answer_alone(&self, name: usize) -> &Answer {
        self.answers[name].get_or_init(|| {
            let named = self.named_by(name).and_then(|named| self.answers[named].get());
            let mut found = find(self.compiled, name, self.heard);
            found.hits.iter_mut().for_each(|hit| hit.run = self.heard.run_at(hit.span));
            let look = &self.compiled.rule.look_fors[name];
            let narrowed = place::narrow(found, look, self.heard, named);
            match &look.kind {
                Kind::Words(words) => words::gathered(narrowed, words),
                _ => narrowed,
            }
        })
    }
}

fn find(compiled: &Compiled, index: usize, heard: &Heard<'_>) -> Answer {
    let answer = find_any(compiled, index, heard);
    let look = &compiled.rule.look_fors[index];
    match look.kind {
        Kind::Words(_) | Kind::Patterns(_) | Kind::SimilarTo(_) => {
            tongues::covered(answer, heard, look.speakers, &compiled.rule.languages)
        }
        _ => answer,
    }
}

/// What is found, whatever language it is searched in.
fn find_any(compiled: &Compiled, index: usize, heard: &Heard<'_>) -> Answer {
    let look = &compiled.rule.look_fors[index];
    let search = &compiled.searches[index];
    match (&look.kind, search) {
        (Kind::Words(words), Search::Words { entries, not_before, not_after }) => {
            words::find(heard, look.speakers, words, &words::Phrases { entries, not_before, not_after })
        }
        (Kind::Patterns(patterns), Search::Patterns { patterns: any, except }) => {
            patterns::find(heard, look.speakers, patterns, any.clone(), except.clone())
        }
        (Kind::SimilarTo(similar), Search::Sentences(sentences)) => {
            similar_to::find(heard, look.speakers, similar, sentences)
        }
        (Kind::Silence(silence), Search::Beside(lists)) => silence::find(heard, look.speakers, silence, lists),
        (Kind::Entity(entity), Search::Beside(lists)) => entity::find(heard, look.speakers, entity, lists),
        (Kind::Call(condition), Search::Days(days)) => call::find(heard, condition, days),
        (kind, _) => measured(heard, look, kind),
    }
}

/// What is found of a kind that searches for nothing in words.
fn measured(heard: &Heard<'_>, look: &LookFor, kind: &Kind) -> Answer {
    match kind {
        Kind::SpeechRate(rate) => speech_rate::find(heard, look.speakers, rate),
        Kind::Interruption(by) => interruption::find(heard, look.speakers, by),
        Kind::Loudness(loudness) => loudness::find(heard, look.speakers, loudness),
        Kind::Emotion(emotion) => emotion::find(heard, look.speakers, emotion),
        Kind::Call(condition) => call::find(heard, condition, &BTreeSet::new()),
        Kind::Repeats(repeats) => repeats::find(heard, look.speakers, repeats),
        Kind::TalkShare(range) => measures::talk_share(heard, look.speakers, range),
        Kind::Turns(range) => measures::turns(heard, look.speakers, range),
        Kind::Latency(latency) => latency::find(heard, look.speakers, latency),
        Kind::History(history) => history::find(heard.facts, history),
        // `compile` makes the search that fits the kind.
        Kind::Words(_) | Kind::Patterns(_) | Kind::SimilarTo(_) | Kind::Silence(_) | Kind::Entity(_) => {
            Answer::default()
        }
    }
}
