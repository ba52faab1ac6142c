//! The utterances in the order of `turn`, with who spoke and how long.

use super::count::Units;
use super::legs::{self, Legs};
use super::speech::Speech;
use super::suspect;
use super::voices::{Voice, Voices};
use crate::recording::{Leg, Party};
use crate::transcript::{Transcript, Utterance, Word};
use crate::units::Span;

/// Under this share of an utterance's span, what the sound or the words say of its speech is not believed.
const LEAST_SPEECH: f64 = 0.3;

/// An utterance with what is needed again and again.
pub(super) struct Spoken<'a> {
    /// The utterance, raw.
    pub(super) utterance: &'a Utterance,
    /// When it was said; see [`bounded`].
    pub(super) span: Span,
    /// Who spoke.
    pub(super) voice: Voice,
    /// The leg that it belongs to.
    pub(super) leg: Option<&'a Leg>,
    /// Time spoken, without pauses, ms.
    pub(super) speech_ms: i64,
    /// What the call is counted in.
    pub(super) units: Units,
    /// How many of them it has.
    pub(super) count: usize,
    /// Why it may not have been said at all; see [`suspect::flags`].
    pub(super) suspect: Vec<&'static str>,
}

impl Spoken<'_> {
    /// When it was said.
    pub(super) const fn span(&self) -> Span {
        self.span
    }

    /// Who or what spoke, where a leg says so.
    pub(super) fn party(&self) -> Option<Party> {
        self.leg.map(|leg| leg.party)
    }

    /// Which agent spoke, where a leg of an agent says so.
    pub(super) fn agent_id(&self) -> Option<&str> {
        self.leg.filter(|leg| leg.party == Party::Agent)?.agent_id.as_deref()
    }
}

/// What tells who spoke an utterance, and for how long.
pub(super) struct Heeded<'a> {
    /// Whose voice is where.
    pub(super) voices: &'a Voices,
    /// Who or what is there when.
    pub(super) legs: &'a Legs,
    /// What was heard.
    pub(super) speech: Option<&'a Speech<'a>>,
}

/// Returns the utterances by (start, channel, position).
pub(super) fn spoken<'a>(
    transcript: Option<&'a Transcript>,
    heeded: &Heeded<'a>,
    language: Option<&str>,
) -> Vec<Spoken<'a>> {
    let utterances = transcript.map(Transcript::in_order).unwrap_or_default();
    let units = Units::of(language, utterances.iter().map(|utterance| utterance.text.as_str()));
    let placed = |utterance: &'a Utterance| {
        let voice = heeded.voices.voice(utterance.speaker);
        let span = bounded(utterance, voice, heeded.speech);
        let leg = heeded.legs.of_speech(utterance.speaker, voice, span);
        let voice = Voice { role: legs::role(voice.side, leg.map(|leg| leg.party)), ..voice };
        let (speech_ms, count) = (speech_ms(utterance, span, voice, heeded.speech), units.count(&utterance.text));
        Spoken { utterance, span, voice, leg, speech_ms, units, count, suspect: Vec::new() }
    };
    let mut spoken: Vec<Spoken<'_>> = utterances.into_iter().map(placed).collect();
    let flags = suspect::flags(&spoken, heeded.speech);
    spoken.iter_mut().zip(flags).for_each(|(one, flags)| one.suspect = flags);
    spoken
}

/// When an utterance was said. An end that its engine left out is a guess, from the next start and from how long its words may take;
/// it is where the last speech in it ends, if there is any, but for words that are timed later.
fn bounded(utterance: &Utterance, voice: Voice, speech: Option<&Speech<'_>>) -> Span {
    let span = utterance.span;
    let channel = voice.heard_on.and_then(|channel| speech?.channel(channel));
    let Some(channel) = channel.filter(|_| utterance.times_estimated) else { return span };
    let heard_ms = channel.within(span).map(|(stretch, _)| stretch.span.end_ms).max();
    let words_ms = utterance.words.iter().map(|word| word.span.end_ms).max();
    heard_ms.map_or(span, |ms| Span::new(span.start_ms, ms.max(words_ms.unwrap_or(ms)).min(span.end_ms)))
}

/// Time spoken in an utterance, ms: where its channel has speech, else what its words take, else all of it.
fn speech_ms(utterance: &Utterance, span: Span, voice: Voice, speech: Option<&Speech<'_>>) -> i64 {
    let whole_ms = span.length_ms();
    let channel = voice.heard_on.and_then(|channel| speech?.channel(channel));
    let measured_ms = match channel {
        Some(channel) => channel.speech_ms(span),
        None => words_ms(&utterance.words),
    };
    if (measured_ms as f64) < LEAST_SPEECH * whole_ms as f64 { whole_ms } else { measured_ms.min(whole_ms) }
}

/// Time that words take together, ms.
fn words_ms(words: &[Word]) -> i64 {
    union_ms(words.iter().map(|word| word.span).collect())
}

/// Time that at least one of `spans` covers, ms.
pub(super) fn union_ms(mut spans: Vec<Span>) -> i64 {
    spans.sort_unstable();
    let mut end_ms = i64::MIN;
    let mut total_ms = 0;
    for span in spans {
        total_ms += Span::new(span.start_ms.max(end_ms), span.end_ms).length_ms();
        end_ms = end_ms.max(span.end_ms);
    }
    total_ms
}
