//! The words of a segment, found again in its text.

use super::super::ImportError;
use super::super::fields::Fields;
use super::super::letters::Letters;
use super::segment::{Warnings, span};
use crate::transcript::Word;
use crate::units::Span;

/// The longest word, characters.
pub(in crate::transcript::import) const LONGEST_WORD: usize = 200;

/// How far outside its segment a word's time may lie, ms.
const TOLERATED_STRAY_MS: i64 = 1_000;

/// Reads the words of a segment whose times are `within` and whose text is `text`, in the order of the text.
///
/// Spaces and punctuation make no difference when a word is looked for; a word without letters or digits is left out.
pub(super) fn read(
    segment: &Fields<'_>,
    within: Span,
    text: &str,
    warnings: &mut Warnings,
) -> Result<Vec<Word>, ImportError> {
    let text = Letters::of(text);
    let mut words = Vec::new();
    let mut from = 0;
    for (index, value) in segment.array("words")?.into_iter().flatten().enumerate() {
        let fields = Fields::at(format!("{}[{index}]", segment.place_of("words")), value)?;
        let (span, spelled) = word(&fields)?;
        if spelled.is_empty() {
            continue;
        }
        let Some(place) = text.find(&spelled, from) else {
            note(&mut warnings.lost_words, fields.place);
            continue;
        };
        from = place.end;
        if strays(span, within) {
            note(&mut warnings.strayed_words, fields.place);
            continue;
        }
        words.push(Word { chars: text.chars(&place), span, estimated: fields.truth("times_estimated")? });
    }
    Ok(words)
}

fn word(fields: &Fields<'_>) -> Result<(Span, Letters), ImportError> {
    let text = fields.text("text", LONGEST_WORD)?.ok_or_else(|| fields.bad("text", "is missing; expected a string"))?;
    fields.share("confidence")?;
    Ok((span(fields)?, Letters::of(text)))
}

fn strays(word: Span, segment: Span) -> bool {
    word.start_ms < segment.start_ms - TOLERATED_STRAY_MS || word.end_ms > segment.end_ms + TOLERATED_STRAY_MS
}

fn note(warning: &mut (usize, String), place: String) {
    warning.0 += 1;
    if warning.0 == 1 {
        warning.1 = place;
    }
}
