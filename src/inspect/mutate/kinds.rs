//! What each kind of condition has of its own.

use super::amounts::{FACTORS, amount, scale, time};
use super::{Changed, call, instead, measured, words};
use crate::rules::model::{Emotion, InterruptionBy, Kind, Loudness, RateThreshold, SilenceFor, SpeechRate};

/// `kind` with each of its own keys changed.
pub(super) fn changed(kind: &Kind) -> Changed<Kind> {
    match kind {
        Kind::Words(of) => each(words::words(of), Kind::Words),
        Kind::Patterns(of) => each(words::patterns(of), Kind::Patterns),
        Kind::SpeechRate(of) => each(speech_rate(of), Kind::SpeechRate),
        Kind::Silence(of) => each(silence(of), Kind::Silence),
        Kind::Interruption(of) => each(interruption(of), Kind::Interruption),
        Kind::Loudness(of) => each(loudness(of), Kind::Loudness),
        Kind::Emotion(of) => each(emotion(of), Kind::Emotion),
        Kind::Call(of) => each(call::changed(of), Kind::Call),
        Kind::SimilarTo(of) => each(measured::similar_to(of), Kind::SimilarTo),
        Kind::Repeats(of) => each(measured::repeats(of), Kind::Repeats),
        Kind::Entity(of) => each(measured::entity(of), Kind::Entity),
        Kind::TalkShare(of) => each(measured::range(of, of, |_, range| range), Kind::TalkShare),
        Kind::Turns(of) => each(measured::range(of, of, |_, range| range), Kind::Turns),
        Kind::Latency(of) => each(measured::latency(of), Kind::Latency),
        Kind::History(of) => each(measured::history(of), Kind::History),
    }
}

fn each<T>(changed: Changed<T>, kind: fn(T) -> Kind) -> Changed<Kind> {
    changed.into_iter().map(|(what, of)| (what, kind(of))).collect()
}

fn speech_rate(rate: &SpeechRate) -> Changed<SpeechRate> {
    let mut changed = Vec::new();
    if let Some(above) = rate.above {
        changed.push((
            instead("below", said(above), format!("above {}", said(above))),
            SpeechRate { above: None, below: Some(above), ..rate.clone() },
        ));
        changed.extend(scaled(above).map(|other| {
            (instead("above", said(other), said(above)), SpeechRate { above: Some(other), ..rate.clone() })
        }));
    }
    if let Some(below) = rate.below {
        changed.push((
            instead("above", said(below), format!("below {}", said(below))),
            SpeechRate { below: None, above: Some(below), ..rate.clone() },
        ));
        changed.extend(scaled(below).map(|other| {
            (instead("below", said(other), said(below)), SpeechRate { below: Some(other), ..rate.clone() })
        }));
    }
    let chars = rate.min_chars_count;
    changed.extend([chars.saturating_mul(4) / 5, chars.saturating_mul(6) / 5].map(|other| {
        (instead("min_chars_count", other, chars), SpeechRate { min_chars_count: other, ..rate.clone() })
    }));
    changed.extend(time(rate, "min_length", rate.min_length_ms, |rate, ms| rate.min_length_ms = ms));
    changed
}

/// Both ways of counting at once: examples are in one language, which counts in one of them.
fn scaled(threshold: RateThreshold) -> [RateThreshold; 2] {
    let RateThreshold { chars_per_min, words_per_min } = threshold;
    FACTORS.map(|factor| RateThreshold {
        chars_per_min: chars_per_min.map(|rate| scale(rate)(factor)),
        words_per_min: words_per_min.map(|rate| scale(rate)(factor)),
    })
}

fn said(threshold: RateThreshold) -> String {
    let chars = threshold.chars_per_min.map(|rate| format!("{rate} chars/min"));
    let words = threshold.words_per_min.map(|rate| format!("{rate} words/min"));
    chars.into_iter().chain(words).collect::<Vec<_>>().join(" or ")
}

fn silence(silence: &SilenceFor) -> Changed<SilenceFor> {
    let mut changed = words::excuses(silence);
    changed.extend(time(silence, "longer_than", silence.longer_than_ms, |silence, ms| silence.longer_than_ms = ms));
    if let Some(up_to_ms) = silence.up_to_ms {
        changed.extend(time(silence, "up_to", up_to_ms, |silence, ms| silence.up_to_ms = Some(ms)));
    }
    changed
}

fn interruption(cut: &InterruptionBy) -> Changed<InterruptionBy> {
    let mut changed = time(cut, "overlap_above", cut.overlap_above_ms, |cut, ms| cut.overlap_above_ms = ms);
    changed.extend(time(cut, "into_turn_above", cut.into_turn_above_ms, |cut, ms| cut.into_turn_above_ms = ms));
    if let Some(yields_ms) = cut.yields_within_ms {
        changed.extend(time(cut, "yields_within", yields_ms, |cut, ms| cut.yields_within_ms = Some(ms)));
    }
    changed
}

fn loudness(loudness: &Loudness) -> Changed<Loudness> {
    let db = loudness.above_usual_db;
    let mut changed = amount(loudness, "above_usual", "dB", db, |loudness, db| loudness.above_usual_db = db);
    changed.extend(time(loudness, "for", loudness.for_ms, |loudness, ms| loudness.for_ms = ms));
    changed
}

fn emotion(emotion: &Emotion) -> Changed<Emotion> {
    let score = emotion.score_above;
    let mut changed = amount(emotion, "score_above", "", score, |emotion, score| emotion.score_above = score);
    if let Some(usual) = emotion.above_usual {
        changed.extend(amount(emotion, "above_usual", "", usual, |emotion, usual| emotion.above_usual = Some(usual)));
    }
    changed
}
