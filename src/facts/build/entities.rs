//! What was mentioned, and the utterances' texts without it.

use super::count::Units;
use super::known::Known;
use super::round::thousandth;
use super::spoken::Spoken;
use crate::entities::{self, Found, Line, Mention, Part, Promise, Said, Sort, find, mentions, promises};
use crate::facts::EntityFacts;
use crate::units::Span;
use jiff::civil::Date;
use std::ops::Range;

/// Masked texts, one an utterance, and the entities that were masked.
pub(super) struct Masked {
    /// The texts.
    pub(super) texts: Vec<String>,
    /// The entities, by (turn, first character).
    pub(super) entities: Vec<EntityFacts>,
}

/// Masks the utterances and reads what has a value in the rest, dates as seen from `date`. Given names, plates,
/// addresses and overlong rows of digits are masked but are no entities.
pub(super) fn mask(spoken: &[Spoken<'_>], date: Option<Date>, known: &Known) -> Masked {
    let said: Vec<Said<'_>> =
        spoken.iter().map(|one| Said { by: one.utterance.speaker, text: &one.utterance.text }).collect();
    let found = find(&said);
    let texts = entities::mask(&said, &found);
    let told = found.iter().filter(|one| one.kind.is_told());
    let identifiers = told.map(|one| {
        let (equals_manifest, same_as_customer) = known.has_identifier(one, &said);
        EntityFacts { equals_manifest, same_as_customer, ..identifier(one, spoken, &texts) }
    });
    let mut entities: Vec<EntityFacts> = identifiers.collect();
    let values: Vec<Vec<Mention>> = spoken.iter().zip(&texts).map(|(one, text)| valued(one, text, date)).collect();
    for (turn, mention) in values.iter().enumerate().flat_map(|(turn, found)| found.iter().map(move |it| (turn, it))) {
        let equals_manifest = known.has_value(mention);
        entities.push(EntityFacts { equals_manifest, ..value(turn, mention, &spoken[turn]) });
    }
    let lines: Vec<Line<'_>> = (spoken.iter().zip(&texts).zip(&values))
        .map(|((one, text), mentions)| Line { role: one.voice.role, text, mentions })
        .collect();
    entities.extend(promises(&lines, date).iter().map(|one| promise(one, &spoken[one.line])));
    entities.sort_by_key(|entity| (entity.turn, entity.char_start));
    (0..).zip(&mut entities).for_each(|(rank, entity)| entity.entity = rank);
    Masked { texts, entities }
}

/// What has a value in the masked text of an utterance that is counted in characters. A character that counts something
/// (两个孩子) is no entity, nor is a date in a call without one that would be another on another day.
fn valued(spoken: &Spoken<'_>, text: &str, date: Option<Date>) -> Vec<Mention> {
    if spoken.units != Units::Chars {
        return Vec::new();
    }
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

/// How sure a promise is, ours: of those that are found in unseen cases, the share that is one (`docs/entities.md`).
const PROMISED: f32 = 0.9;

fn value(turn: usize, mention: &Mention, spoken: &Spoken<'_>) -> EntityFacts {
    EntityFacts {
        kind: mention.sort.name().to_owned(),
        value: mention.value.clone(),
        unit: mention.unit.map(str::to_owned),
        confidence: Some(READ_RIGHT),
        ..said(turn, &mention.chars, spoken)
    }
}

fn promise(promise: &Promise, spoken: &Spoken<'_>) -> EntityFacts {
    EntityFacts {
        kind: "promise".to_owned(),
        value: promise.amount.clone().unwrap_or_default(),
        unit: promise.amount.as_ref().map(|_| "CNY".to_owned()),
        confidence: Some(PROMISED),
        complete: Some(promise.amount.is_some() && promise.due.is_some()),
        due: promise.due.clone(),
        ..said(promise.line, &promise.chars, spoken)
    }
}

/// Something said in these characters of an utterance, of which nothing else is known.
fn said(turn: usize, chars: &Range<u32>, spoken: &Spoken<'_>) -> EntityFacts {
    let part = Part { utterance: turn, chars: chars.clone(), masked: Vec::new() };
    EntityFacts {
        entity: 0,
        turn: turn as i32,
        role: spoken.voice.role,
        kind: String::new(),
        char_start: chars.start as i32,
        char_end: chars.end as i32,
        span: span_of(spoken, &part),
        value: String::new(),
        unit: None,
        confidence: None,
        complete: None,
        equals_manifest: None,
        same_as_customer: None,
        due: None,
    }
}

fn identifier(found: &Found, spoken: &[Spoken<'_>], texts: &[String]) -> EntityFacts {
    let (first, last) = (&found.parts[0], &found.parts[found.parts.len() - 1]);
    let values: Vec<String> = found.parts.iter().map(|part| slice(&texts[part.utterance], part)).collect();
    let span =
        Span::new(span_of(&spoken[first.utterance], first).start_ms, span_of(&spoken[last.utterance], last).end_ms);
    EntityFacts {
        kind: found.kind.name().to_owned(),
        span,
        value: values.join(" "),
        confidence: Some(thousandth(f64::from(found.confidence))),
        complete: Some(found.complete),
        ..said(first.utterance, &first.chars, &spoken[first.utterance])
    }
}

fn slice(text: &str, part: &Part) -> String {
    text.chars().skip(part.chars.start as usize).take(part.chars.len()).collect()
}

/// When a part was said: from its first to its last timed word, else its utterance's time.
fn span_of(spoken: &Spoken<'_>, part: &Part) -> Span {
    let own = |word: &&crate::transcript::Word| word.chars.start < part.chars.end && part.chars.start < word.chars.end;
    let words = || spoken.utterance.words.iter().filter(own);
    let start_ms = words().map(|word| word.span.start_ms).min();
    let end_ms = words().map(|word| word.span.end_ms).max();
    Span::new(start_ms.unwrap_or(spoken.span().start_ms), end_ms.unwrap_or(spoken.span().end_ms))
}
