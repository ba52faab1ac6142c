//! Utterances with more text than one may have.

use super::super::fields::LONGEST_TEXT;
use super::Oddities;
use super::text::SENTENCE_MARKS;
use crate::transcript::{Utterance, Word};
use crate::units::Span;
use std::ops::Range;

/// `utterance` itself, or its parts where its text is longer than [`LONGEST_TEXT`]: cut after a sentence, else at a space, else
/// where it must be. A part starts with its first word, or, where no word has a time, as if all characters took the same.
pub(super) fn parted(utterance: Utterance, odd: &mut Oddities) -> Vec<Utterance> {
    // A text has no more characters than bytes.
    if utterance.text.len() <= LONGEST_TEXT {
        return vec![utterance];
    }
    let chars: Vec<char> = utterance.text.chars().collect();
    if chars.len() <= LONGEST_TEXT {
        return vec![utterance];
    }
    odd.parted += 1;
    let ranges = ranges(&chars);
    let starts_ms: Vec<i64> = ranges.iter().map(|range| start_ms(&utterance, range.start, chars.len())).collect();
    let ends_ms = starts_ms.iter().skip(1).copied().chain([utterance.span.end_ms]);
    let parts = ranges.iter().zip(starts_ms.iter().zip(ends_ms));
    parts.map(|(range, (&start_ms, end_ms))| part(&utterance, &chars, range, Span::new(start_ms, end_ms))).collect()
}

/// The parts of a text by their characters, without spaces around them; those without a letter left out.
fn ranges(chars: &[char]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut from = 0;
    while from < chars.len() {
        let most = &chars[from..(from + LONGEST_TEXT).min(chars.len())];
        let length = if from + most.len() == chars.len() { most.len() } else { cut(most) };
        let part = &most[..length];
        let before = part.iter().take_while(|c| c.is_whitespace()).count();
        let after = part.iter().rev().take_while(|c| c.is_whitespace()).count();
        if part.iter().any(|c| c.is_alphanumeric()) {
            ranges.push(from + before..from + length - after);
        }
        from += length;
    }
    ranges
}

/// How many of `chars` make a part: to the last sentence's end in the later half, else to the last space there, else all.
fn cut(chars: &[char]) -> usize {
    let half = chars.len() / 2;
    let last = |is: fn(&char) -> bool| chars[half..].iter().rposition(is).map(|at| half + at + 1);
    last(|c| SENTENCE_MARKS.contains(c)).or_else(|| last(|c| c.is_whitespace())).unwrap_or(chars.len())
}

fn start_ms(utterance: &Utterance, from: usize, length: usize) -> i64 {
    let Span { start_ms, end_ms } = utterance.span;
    if from == 0 {
        return start_ms;
    }
    if utterance.words.is_empty() {
        return start_ms + (end_ms - start_ms) * from as i64 / length as i64;
    }
    utterance.words.get(words_before(&utterance.words, from)).map_or(end_ms, |word| word.span.start_ms)
}

/// How many of `words`, which are in the order of the text, start before the character `at`.
fn words_before(words: &[Word], at: usize) -> usize {
    words.partition_point(|word| (word.chars.start as usize) < at)
}

fn part(whole: &Utterance, chars: &[char], range: &Range<usize>, span: Span) -> Utterance {
    let (from, to) = (range.start as u32, range.end as u32);
    let of_part = &whole.words[words_before(&whole.words, range.start)..words_before(&whole.words, range.end)];
    let word = |word: &Word| Word {
        chars: word.chars.start - from..word.chars.end.min(to) - from,
        span: Span::new(word.span.start_ms, word.span.end_ms.min(span.end_ms)),
        ..word.clone()
    };
    Utterance {
        times_estimated: true,
        words: of_part.iter().map(word).collect(),
        text: chars[range.clone()].iter().collect(),
        span,
        speaker: whole.speaker,
        confidence: whole.confidence,
        emotion: whole.emotion.clone(),
        emotion_score: whole.emotion_score,
        event: whole.event.clone(),
        vendor_measures: whole.vendor_measures.clone(),
    }
}
