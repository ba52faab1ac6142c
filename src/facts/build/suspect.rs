//! What may not have been said at all: engines make words up in silence and noise, and fall into loops.

use super::count::Units;
use super::speech::Speech;
use super::spoken::Spoken;
use crate::transcript::Speaker;
use crate::transcript::normalise::Normalised;
use crate::units::Span;
use std::collections::BTreeMap;

/// Times of engines are off by so much, ms.
const MARGIN_MS: i64 = 500;

/// Faster than anybody speaks: the fastest who were measured reach 15 characters or 10 words a second for moments.
const MOST_CHARS_PER_S: f64 = 15.0;
const MOST_WORDS_PER_S: f64 = 10.0;

/// Shorter utterances seem fast where their engine rounds times.
const LEAST_COUNT: usize = 6;

/// How often a phrase of `length` letters, one or more, is never said in one breath. One says 喂 and "no" often.
const fn never_repeated(length: usize) -> usize {
    match length {
        0 | 1 => 16,
        2 | 3 => 10,
        _ => 6,
    }
}

/// The longest phrase that is looked for, letters.
const LONGEST_PHRASE: usize = 40;

/// So many utterances of one speaker in a row that say the same, of so many letters, are a loop.
const SAME_IN_A_ROW: usize = 5;
const SAME_LETTERS: usize = 4;

/// Returns why each utterance may not have been said, sorted; nothing where it may. An utterance whose times are guesses is not too fast.
pub(super) fn flags(spoken: &[Spoken<'_>], speech: Option<&Speech<'_>>) -> Vec<Vec<&'static str>> {
    let letters: Vec<Vec<char>> = spoken.iter().map(|one| letters(&one.utterance.text)).collect();
    let in_loop = same_in_a_row(spoken, &letters);
    let flags = |(index, one): (usize, &Spoken<'_>)| {
        let told = [
            ("loop", in_loop[index] || repeats(&letters[index])),
            ("no_speech", speech.is_some_and(|speech| is_in_silence(one, speech))),
            ("too_fast", is_too_fast(one)),
        ];
        told.into_iter().filter(|(_, holds)| *holds).map(|(flag, _)| flag).collect()
    };
    spoken.iter().enumerate().map(flags).collect()
}

/// What is spoken of a text, without marks and spaces.
fn letters(text: &str) -> Vec<char> {
    Normalised::of(text).text().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether no channel on which it may have been said has speech there.
fn is_in_silence(one: &Spoken<'_>, speech: &Speech<'_>) -> bool {
    let span = Span::new(one.span().start_ms - MARGIN_MS, one.span().end_ms + MARGIN_MS);
    match one.voice.heard_on.and_then(|channel| speech.channel(channel)) {
        Some(channel) => channel.speech_ms(span) == 0,
        None => speech.channels.iter().all(|channel| channel.speech_ms(span) == 0),
    }
}

fn is_too_fast(one: &Spoken<'_>) -> bool {
    let most_per_s = if one.units == Units::Chars { MOST_CHARS_PER_S } else { MOST_WORDS_PER_S };
    let is_long = one.count >= LEAST_COUNT && !one.utterance.times_estimated;
    is_long && one.count as f64 * 1_000.0 > most_per_s * one.span().length_ms() as f64
}

/// Whether a phrase comes over and over, one right after the other.
fn repeats(letters: &[char]) -> bool {
    let longest = LONGEST_PHRASE.min(letters.len() / 2);
    (1..=longest).any(|length| {
        // A run of letters that equal those one phrase before is one phrase shorter than what repeats.
        let run = (never_repeated(length) - 1) * length;
        let same = letters.iter().zip(&letters[length..]).map(|(one, next)| one == next);
        same.scan(0, |so_far, is_same| {
            *so_far = if is_same { *so_far + 1 } else { 0 };
            Some(*so_far)
        })
        .any(|so_far| so_far >= run)
    })
}

/// Which utterances stand in a row of one speaker's that say the same.
fn same_in_a_row(spoken: &[Spoken<'_>], letters: &[Vec<char>]) -> Vec<bool> {
    let mut in_loop = vec![false; spoken.len()];
    let mut rows: BTreeMap<Speaker, Vec<usize>> = BTreeMap::new();
    for (index, one) in spoken.iter().enumerate() {
        let row = rows.entry(one.utterance.speaker).or_default();
        if row.last().is_some_and(|&last| letters[last] != letters[index]) {
            row.clear();
        }
        row.push(index);
        if row.len() >= SAME_IN_A_ROW && letters[index].len() >= SAME_LETTERS {
            row.iter().rev().take(SAME_IN_A_ROW).for_each(|&place| in_loop[place] = true);
        }
    }
    in_loop
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_over_and_over_are_loops() {
        let cases = [
            ("", false),
            ("您好,请问是张先生吗", false),
            ("喂喂喂喂喂喂喂喂", false),
            ("对对对,是的是的是的", false),
            ("不要不要不要不要不要", false),
            ("no no no no no no no no", false),
            ("thank you, thank you, thank you", false),
            (&"嗯".repeat(16), true),
            (&"谢谢".repeat(10), true),
            (&"谢谢观看,".repeat(6), true),
            (&"谢谢观看,".repeat(5), false),
            (&format!("好的。{}再见", "请不吝点赞,".repeat(6)), true),
            (&"Thank you for watching. ".repeat(6), true),
            ("13800138000 88888888", false),
        ];
        for (text, expected) in cases {
            assert_eq!(repeats(&letters(text)), expected, "{text}");
        }
    }
}
