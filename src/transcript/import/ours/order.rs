//! Whether one speaker's segments follow one another.

use super::super::ImportError;
use super::segment::Warnings;
use crate::transcript::{Speaker, Utterance};
use crate::units::Role;
use std::collections::BTreeMap;

/// By how much two segments of one speaker may lie over one another, ms: engines pad their segments.
const TOLERATED_OVERLAP_MS: i64 = 1_000;

/// Checks that each speaker's segments are in order and apart, overlaps of up to a second aside.
///
/// Nobody knows how many people speak under the roles `third` and `unknown`, so those may overlap.
pub(super) fn check(utterances: &[Utterance], warnings: &mut Warnings) -> Result<(), ImportError> {
    let mut before: BTreeMap<Speaker, (usize, i64)> = BTreeMap::new();
    for (index, utterance) in utterances.iter().enumerate() {
        let (start_ms, end_ms) = (utterance.span.start_ms, utterance.span.end_ms);
        let Some((last, latest_end_ms)) = before.insert(utterance.speaker, (index, end_ms)) else { continue };
        let last_span = utterances[last].span;
        let overlap_ms = latest_end_ms - start_ms;
        let may_overlap = matches!(utterance.speaker, Speaker::Role(Role::Third | Role::Unknown));
        if start_ms < last_span.start_ms || overlap_ms > TOLERATED_OVERLAP_MS && !may_overlap {
            return Err(ImportError::TimesOutOfOrder {
                place: format!("segments[{index}]"),
                start_ms,
                before: format!("segments[{last}]"),
                before_start_ms: last_span.start_ms,
                before_end_ms: last_span.end_ms,
            });
        }
        if overlap_ms > 0 && !may_overlap {
            warnings.overlaps = (warnings.overlaps.0 + 1, warnings.overlaps.1.max(overlap_ms));
        }
    }
    Ok(())
}
