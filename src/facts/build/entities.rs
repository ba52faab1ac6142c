//! What was mentioned, and the utterances' texts without it.

use super::round::thousandth;
use super::spoken::Spoken;
use crate::entities::{self, Found, Kind, Part, Said, find};
use crate::facts::EntityFacts;
use crate::transcript::Utterance;
use crate::units::Span;

/// Masked texts, one an utterance, and the entities that were masked.
pub(super) struct Masked {
    /// The texts.
    pub(super) texts: Vec<String>,
    /// The entities, by (turn, first character).
    pub(super) entities: Vec<EntityFacts>,
}

/// Masks the utterances. Given names and overlong rows of digits are masked but are no entities.
pub(super) fn mask(spoken: &[Spoken<'_>]) -> Masked {
    let said: Vec<Said<'_>> =
        spoken.iter().map(|one| Said { by: one.utterance.speaker, text: &one.utterance.text }).collect();
    let found = find(&said);
    let texts = entities::mask(&said, &found);
    let kept = found.iter().filter(|one| !matches!(one.kind, Kind::Name | Kind::Digits));
    let entities = (0..).zip(kept).map(|(rank, one)| entity(rank, one, spoken, &texts)).collect();
    Masked { texts, entities }
}

fn entity(rank: i32, found: &Found, spoken: &[Spoken<'_>], texts: &[String]) -> EntityFacts {
    let (first, last) = (&found.parts[0], &found.parts[found.parts.len() - 1]);
    let values: Vec<String> = found.parts.iter().map(|part| slice(&texts[part.utterance], part)).collect();
    EntityFacts {
        entity: rank,
        turn: first.utterance as i32,
        role: spoken[first.utterance].voice.role,
        kind: found.kind.name().to_owned(),
        char_start: first.chars.start as i32,
        char_end: first.chars.end as i32,
        span: Span::new(
            span_of(spoken[first.utterance].utterance, first).start_ms,
            span_of(spoken[last.utterance].utterance, last).end_ms,
        ),
        value: values.join(" "),
        unit: None,
        confidence: Some(thousandth(f64::from(found.confidence))),
        complete: Some(found.complete),
        equals_manifest: None,
        same_as_customer: None,
    }
}

fn slice(text: &str, part: &Part) -> String {
    text.chars().skip(part.chars.start as usize).take(part.chars.len()).collect()
}

/// When a part was said: from its first to its last timed word, else its utterance's time.
fn span_of(utterance: &Utterance, part: &Part) -> Span {
    let own = |word: &&crate::transcript::Word| word.chars.start < part.chars.end && part.chars.start < word.chars.end;
    let words = || utterance.words.iter().filter(own);
    let start_ms = words().map(|word| word.span.start_ms).min();
    let end_ms = words().map(|word| word.span.end_ms).max();
    Span::new(start_ms.unwrap_or(utterance.span.start_ms), end_ms.unwrap_or(utterance.span.end_ms))
}
