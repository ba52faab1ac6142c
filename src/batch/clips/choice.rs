//! Which findings get a clip, and of what part: the gravest, as many as there is room for.

use super::spool::frame_at;
use crate::audio::wave::write::HEADER_BYTES;
use crate::finding::{Finding, Severity};
use crate::tables::CallSound;
use crate::units::Span;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How clips are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutting {
    /// Sound before and after what was found, as far as there is some.
    pub pad_ms: i64,
    /// The longest clip; what is longer loses its end.
    pub longest_ms: i64,
    /// Whether the channel on which the finding is not is silenced.
    pub mute_other: bool,
}

impl Cutting {
    /// The part of a recording of `duration_ms` that a clip of `found` is; of no length where the recording has ended by then.
    pub(super) fn span(&self, found: Span, duration_ms: i64) -> Span {
        let found_end_ms = found.end_ms.max(found.start_ms);
        let start_ms = found.start_ms.saturating_sub(self.pad_ms).max(0);
        let end_ms = found_end_ms.saturating_add(self.pad_ms).min(start_ms.saturating_add(self.longest_ms));
        let has_begun = found.start_ms < duration_ms;
        Span::new(start_ms, if has_begun { end_ms.min(duration_ms) } else { start_ms })
    }
}

/// The place of a finding among all: gravest first, then by day, call and time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    severity: Reverse<Severity>,
    date: Option<Date>,
    call_id: String,
    start_ms: Option<i64>,
    finding_id: String,
}

/// A finding that a clip is made of.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub finding: Finding,
    pub call: Arc<CallSound>,
    /// The day of the call.
    pub date: Option<Date>,
    /// Which batch of the dataset it is in.
    pub batch: usize,
    /// What part of the recording the clip is.
    pub span: Span,
    /// On which channel the finding is heard, from 0, where that is known.
    pub channel: Option<u16>,
}

impl Wanted {
    fn rank(&self) -> Rank {
        Rank {
            severity: Reverse(self.finding.severity),
            date: self.date,
            call_id: self.call.call_id.clone(),
            start_ms: self.finding.start_ms,
            finding_id: self.finding.finding_id.clone(),
        }
    }

    /// The recording's rate in Hz and channels, as it was inspected.
    pub(super) fn shape(&self) -> (u32, u16) {
        shape(&self.call).unwrap_or_default()
    }

    /// What the clip takes, or a little more.
    fn bytes(&self) -> u64 {
        let (rate_hz, channels) = self.shape();
        let frames = frame_at(self.span.end_ms, rate_hz).saturating_sub(frame_at(self.span.start_ms, rate_hz));
        HEADER_BYTES.saturating_add(frames.saturating_mul(2 * u64::from(channels)))
    }
}

/// The rate in Hz and the channels of a recording that was decoded.
pub(super) fn shape(call: &CallSound) -> Option<(u32, u16)> {
    Some((u32::try_from(call.rate_hz?).ok()?, u16::try_from(call.channels?).ok()?))
}

/// The gravest findings whose clips fit into a size. Its memory grows with what fits, not with what is offered.
#[derive(Debug)]
pub(super) struct Choice {
    most_bytes: u64,
    bytes: u64,
    chosen: BTreeMap<Rank, Wanted>,
    /// The gravest of those that do not fit: nothing behind it is taken, however short.
    first_out: Option<Rank>,
    left_out: usize,
}

impl Choice {
    pub(super) const fn new(most_bytes: u64) -> Self {
        Self { most_bytes, bytes: 0, chosen: BTreeMap::new(), first_out: None, left_out: 0 }
    }

    pub(super) fn offer(&mut self, wanted: Wanted) {
        let rank = wanted.rank();
        if self.first_out.as_ref().is_some_and(|first| *first <= rank) {
            self.left_out += 1;
            return;
        }
        let bytes = wanted.bytes();
        if self.chosen.insert(rank, wanted).is_none() {
            self.bytes = self.bytes.saturating_add(bytes);
        }
        while self.bytes > self.most_bytes
            && let Some((rank, lightest)) = self.chosen.pop_last()
        {
            self.bytes -= lightest.bytes();
            self.first_out = Some(rank);
            self.left_out += 1;
        }
    }

    /// Those chosen, gravest first, and how many were left out.
    pub(super) fn finish(self) -> (Vec<Wanted>, usize) {
        (self.chosen.into_values().collect(), self.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_are_padded_and_stay_inside() {
        let cutting = Cutting { pad_ms: 2_000, longest_ms: 10_000, mute_other: false };
        let cases = [
            ("in the middle", (5_000, 6_000), 60_000, (3_000, 8_000)),
            ("at the start", (500, 1_500), 60_000, (0, 3_500)),
            ("at the end", (58_500, 59_900), 60_000, (56_500, 60_000)),
            ("too long", (5_000, 30_000), 60_000, (3_000, 13_000)),
            ("over the end", (59_000, 70_000), 60_000, (57_000, 60_000)),
            ("behind the end", (60_000, 61_000), 60_000, (58_000, 58_000)),
            ("a moment", (5_000, 5_000), 60_000, (3_000, 7_000)),
            ("its end before its start", (5_000, 0), 60_000, (3_000, 7_000)),
            ("before the start", (-5_000, -4_000), 60_000, (0, 0)),
            ("no time", (i64::MAX, i64::MAX), 60_000, (i64::MAX - 2_000, i64::MAX - 2_000)),
        ];
        for (name, (start_ms, end_ms), duration_ms, (from_ms, to_ms)) in cases {
            let span = cutting.span(Span::new(start_ms, end_ms), duration_ms);
            let expected = Span::new(from_ms, to_ms);
            assert!(span == expected || (span.length_ms() == 0 && expected.length_ms() == 0), "{name}: {span:?}");
        }
    }

    /// A finding of a recording of one channel at 8 kHz, whose clip is `length_ms`.
    fn wanted(severity: Severity, call_id: &str, length_ms: i64) -> Wanted {
        let finding = Finding {
            finding_id: format!("{call_id}{length_ms}"),
            start_ms: Some(0),
            end_ms: Some(0),
            ..Finding::blank("", severity)
        };
        let call =
            CallSound { call_id: call_id.into(), rate_hz: Some(8_000), channels: Some(1), ..CallSound::default() };
        Wanted { finding, call: call.into(), date: None, batch: 0, span: Span::new(0, length_ms), channel: None }
    }

    #[test]
    fn the_gravest_that_fit_are_chosen_in_whatever_order_they_come() {
        let all = [
            wanted(Severity::Fatal, "a", 1_000),
            wanted(Severity::Major, "b", 1_000),
            wanted(Severity::Major, "c", 5_000),
            wanted(Severity::Note, "d", 100),
        ];
        let second = HEADER_BYTES + 16_000;
        assert_eq!(all[0].bytes(), second);
        let cases = [
            (u64::MAX, vec!["a", "b", "c", "d"], 0),
            (2 * second, vec!["a", "b"], 2),
            (2 * second - 1, vec!["a"], 3),
            // What is light does not fill the room that a graver one was too large for.
            (2 * second + 2_000, vec!["a", "b"], 2),
            (10, vec![], 4),
        ];
        for (most_bytes, expected, expected_out) in cases {
            for turn in 0..all.len() {
                for reversed in [false, true] {
                    let mut order = all.to_vec();
                    order.rotate_left(turn);
                    if reversed {
                        order.reverse();
                    }
                    let mut choice = Choice::new(most_bytes);
                    order.into_iter().for_each(|one| choice.offer(one));
                    let (chosen, left_out) = choice.finish();
                    let calls: Vec<&str> = chosen.iter().map(|one| one.call.call_id.as_str()).collect();
                    assert_eq!((calls, left_out), (expected.clone(), expected_out), "{most_bytes}, turned {turn}");
                }
            }
        }
    }
}
