//! What was mentioned, and the utterances' texts without it.

use super::count::Units;
use super::round::thousandth;
use super::spoken::Spoken;
use crate::entities::{self, Found, Kind, Mention, Part, Said, Sort, find, mentions};
use crate::facts::EntityFacts;
use crate::transcript::Utterance;
use crate::units::Span;
use jiff::civil::Date;

/// Masked texts, one an utterance, and the entities that were masked.
pub(super) struct Masked {
    /// The texts.
    pub(super) texts: Vec<String>,
    /// The entities, by (turn, first character).
    pub(super) entities: Vec<EntityFacts>,
}

/// Masks the utterances and reads what has a value in the rest, dates as seen from `date`. Given names and overlong rows of
/// digits are masked but are no entities.
pub(super) fn mask(spoken: &[Spoken<'_>], date: Option<Date>) -> Masked {
    let said: Vec<Said<'_>> =
        spoken.iter().map(|one| Said { by: one.utterance.speaker, text: &one.utterance.text }).collect();
    let found = find(&said);
    let texts = entities::mask(&said, &found);
    let kept = found.iter().filter(|one| !matches!(one.kind, Kind::Name | Kind::Digits));
    let mut entities: Vec<EntityFacts> = kept.map(|one| identifier(one, spoken, &texts)).collect();
    for (turn, (one, text)) in spoken.iter().zip(&texts).enumerate().filter(|(_, (one, _))| one.units == Units::Chars) {
        entities.extend(valued(text, date).into_iter().map(|mention| value(turn, &mention, one)));
    }
    entities.sort_by_key(|entity| (entity.turn, entity.char_start));
    (0..).zip(&mut entities).for_each(|(rank, entity)| entity.entity = rank);
    Masked { texts, entities }
}

/// What has a value in a masked text. A character that counts something (两个孩子) is no entity, nor is a date in a call
/// without one that would be another on another day.
fn valued(text: &str, date: Option<Date>) -> Vec<Mention> {
    let mut found = mentions(text, date.unwrap_or(Date::ZERO));
    if date.is_none() && found.iter().any(|mention| matches!(mention.sort, Sort::Date | Sort::DateTime)) {
        let on_another_day = mentions(text, ANOTHER_DAY);
        found.retain(|mention| on_another_day.contains(mention));
    }
    found.retain(|mention| mention.sort != Sort::Number || mention.chars.len() > 1);
    found
}

/// Any other year, month, day of the month and of the week than that of [`Date::ZERO`].
const ANOTHER_DAY: Date = jiff::civil::date(2021, 6, 15);

/// How sure a value is that was read, ours: the share of published cases that are read right (`docs/entities.md`).
const READ_RIGHT: f32 = 0.9;

fn value(turn: usize, mention: &Mention, spoken: &Spoken<'_>) -> EntityFacts {
    let part = Part { utterance: turn, chars: mention.chars.clone(), masked: Vec::new() };
    EntityFacts {
        entity: 0,
        turn: turn as i32,
        role: spoken.voice.role,
        kind: mention.sort.name().to_owned(),
        char_start: mention.chars.start as i32,
        char_end: mention.chars.end as i32,
        span: span_of(spoken.utterance, &part),
        value: mention.value.clone(),
        unit: mention.unit.map(str::to_owned),
        confidence: Some(READ_RIGHT),
        complete: None,
        equals_manifest: None,
        same_as_customer: None,
    }
}

fn identifier(found: &Found, spoken: &[Spoken<'_>], texts: &[String]) -> EntityFacts {
    let (first, last) = (&found.parts[0], &found.parts[found.parts.len() - 1]);
    let values: Vec<String> = found.parts.iter().map(|part| slice(&texts[part.utterance], part)).collect();
    EntityFacts {
        entity: 0,
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
