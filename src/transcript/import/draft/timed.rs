//! Times of segments and words, where engines leave them out or get them wrong.

use super::super::letters::Letters;
use super::super::ours::LONGEST_WORD;
use super::text::is_unspaced;
use super::{DraftWord, Oddities, Segment, short};
use crate::transcript::{Utterance, Word};
use crate::units::{LONGEST_RECORDING_MS, Span};

/// The slowest that people speak, ms a letter or digit: three Han characters a second, six Latin letters.
const SLOW_HAN_MS: i64 = 330;
const SLOW_LETTER_MS: i64 = 160;

/// When a word that has a start alone is over at the latest: as slow speech has it.
pub(super) fn latest_ms(word: &DraftWord) -> Option<f64> {
    word.start_ms.map(|start_ms| start_ms + slow_ms(&word.text) as f64)
}

/// A time that can be: from 0 to a week; a little before 0 is 0.
fn possible(ms: Option<f64>) -> Option<i64> {
    ms.filter(|ms| (-1_000.0..=LONGEST_RECORDING_MS as f64).contains(ms)).map(|ms| ms.round().max(0.0) as i64)
}

/// The utterances with both their times, by start.
pub(super) fn timed(segments: Vec<Segment>, odd: &mut Oddities) -> Vec<Utterance> {
    let mut placed: Vec<(i64, bool, Segment)> = Vec::with_capacity(segments.len());
    for segment in segments {
        let of_words = || segment.words.iter().find_map(|word| possible(word.start_ms));
        let told = possible(segment.start_ms).or_else(of_words);
        let before = || placed.last().map_or(0, |(start_ms, _, last)| over_ms(*start_ms, last));
        placed.push((told.unwrap_or_else(before), told.is_none(), segment));
    }
    // Stable: equal starts stay in the order of the file.
    placed.sort_by_key(|&(start_ms, _, _)| start_ms);
    let starts: Vec<i64> = placed.iter().map(|&(start_ms, _, _)| start_ms).collect();
    placed
        .into_iter()
        .map(|(start_ms, guessed, segment)| {
            let next_ms = starts.get(starts.partition_point(|&other| other <= start_ms)).copied();
            utterance(segment, start_ms, guessed, next_ms, odd)
        })
        .collect()
}

/// When a segment is over for one after it that says no start: at its end, or after slow speech where it has none.
fn over_ms(start_ms: i64, segment: &Segment) -> i64 {
    let told = possible(segment.end_ms).filter(|&end_ms| end_ms >= start_ms);
    told.unwrap_or_else(|| start_ms + slow_ms(&segment.text)).min(LONGEST_RECORDING_MS)
}

fn utterance(segment: Segment, start_ms: i64, guessed: bool, next_ms: Option<i64>, odd: &mut Oddities) -> Utterance {
    let told = possible(segment.end_ms);
    odd.reversed += usize::from(told.is_some_and(|end_ms| end_ms < start_ms));
    let of_words = || segment.words.iter().rev().find_map(|word| possible(word.end_ms));
    let told = told.filter(|&end_ms| end_ms >= start_ms).or_else(|| of_words().filter(|&end_ms| end_ms > start_ms));
    let by_words = segment.words.iter().rev().find_map(|word| possible(latest_ms(word)));
    let longest_ms = by_words.unwrap_or(0).max(start_ms + if by_words.is_some() { 0 } else { slow_ms(&segment.text) });
    let longest_ms = longest_ms.min(LONGEST_RECORDING_MS);
    let end_ms = told.unwrap_or_else(|| next_ms.map_or(longest_ms, |next| next.min(longest_ms)));
    let times_estimated = guessed || told.is_none();
    odd.estimated += usize::from(times_estimated);
    let span = Span::new(start_ms, end_ms);
    Utterance {
        times_estimated,
        confidence: share(segment.confidence),
        emotion: short(segment.emotion),
        event: short(segment.event),
        vendor_measures: segment.vendor_measures,
        words: words(&segment.words, &segment.text, span, odd),
        ..Utterance::new(segment.speaker, span, segment.text)
    }
}

fn share(value: Option<f64>) -> Option<f32> {
    value.filter(|value| (0.0..=1.0).contains(value)).map(|value| value as f32)
}

/// As long as slow speech takes for `text`, ms.
fn slow_ms(text: &str) -> i64 {
    let of = |c: char| match c {
        _ if is_unspaced(c) => SLOW_HAN_MS,
        _ if c.is_alphanumeric() => SLOW_LETTER_MS,
        _ => 0,
    };
    text.chars().map(of).sum()
}

/// The words that stand in `text`, one after another; a missing end is the next word's start, or the utterance's end.
fn words(words: &[DraftWord], text: &str, within: Span, odd: &mut Oddities) -> Vec<Word> {
    let letters = Letters::of(text);
    let mut placed = Vec::with_capacity(words.len());
    // Where the last word that was found ends, and the last that is kept.
    let (mut from, mut kept) = (0, 0);
    let mut at_ms = within.start_ms;
    for (index, word) in words.iter().enumerate() {
        let Some(start_ms) = possible(word.start_ms) else { continue };
        let spelled = Letters::of(&word.text);
        if spelled.is_empty() {
            continue;
        }
        let Some(found) = letters.find(&spelled, from) else {
            odd.lost_words += 1;
            continue;
        };
        // Whoever reads the transcript again knows nothing of words that are not kept.
        let is_found_again = kept == from || letters.find(&spelled, kept).as_ref() == Some(&found);
        from = found.end;
        let chars = letters.chars(&found);
        if chars.len() > LONGEST_WORD || !is_found_again {
            odd.lost_words += 1;
            continue;
        }
        kept = found.end;
        let next_ms = words[index + 1..].iter().find_map(|next| possible(next.start_ms)).unwrap_or(within.end_ms);
        let told = possible(word.end_ms);
        let start_ms = start_ms.clamp(at_ms.min(within.end_ms), within.end_ms);
        let end_ms = told.unwrap_or(next_ms).clamp(start_ms, within.end_ms.max(start_ms));
        at_ms = start_ms;
        placed.push(Word { chars, span: Span::new(start_ms, end_ms), estimated: told.is_none() });
    }
    placed
}
