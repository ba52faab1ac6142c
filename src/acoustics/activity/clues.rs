//! What the models of activity see of a frame.

use super::super::frame::{BANDS, Frame};
use super::super::tones;
use super::rolling::Around;
use super::surroundings::{SUMMED, SmoothBands, Surroundings, smooth};
use std::ops::Range;

/// How many clues there are.
pub const CLUES: usize = 19;

/// What the models see of a frame: means over 0.1 s and 0.6 s around it.
///
/// In this order: how far each of 5 bands is over its noise floor, near and then far (10 dB); how voiced
/// the sound is, near and far (1 is a pure tone); how voiced and broad at once, near and far; how much the
/// spectrum moves, far (dB a frame); how far it is under the loudest of the minute around, near and far
/// (10 dB); in how much of the time, far, a pitch is held as notes are, and glides as voices do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clues(pub [f32; CLUES]);

/// Frames to each side that the means are taken over.
const NEAR: usize = 5;
const FAR: usize = 30;

/// Frames that are looked at together, so that what is noted of them stays small.
const BLOCK: usize = 4_096;

/// Smoothed levels' units in 10 dB and in 1 dB.
const TEN_DB: f32 = 20.0 * SUMMED as f32;
const ONE_DB: f32 = 2.0 * SUMMED as f32;

/// How far over its floor a band counts, half decibels: for its own level, and for breadth.
const OVER_CAP: i32 = 40;
const BREADTH_CAP: i32 = 30;

/// What all bands together must be over their floors to be broad, half decibels: a mean of 5 dB,
/// which two full bands, those of a tone, hardly reach.
const BREADTH_OFFSET: i32 = 10 * BANDS as i32;
const FULL_BREADTH: f32 = (BREADTH_CAP * BANDS as i32 - BREADTH_OFFSET) as f32;

/// How much even noise repeats itself, in hundredths.
const UNVOICED: u8 = 20;
const FULL_VOICING: f32 = 100.0 - UNVOICED as f32;

/// How far under the loudest, or over it, a frame counts, half decibels.
const UNDER: Range<i32> = -20..100;

/// What makes a pitch: voicing in hundredths.
const PITCHED: u8 = 50;

/// A pitch is held from frame to frame where it moves by less than 1/288 (6 cents), and glides up to 1/21 (80).
const HELD: u32 = 288;
const GLIDING: u32 = 21;

/// Values of a sight that are averaged.
const VALUES: usize = BANDS + 6;

/// What one frame shows by itself.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    /// How far each band is over its floor, in smoothed levels' units.
    over: [i32; BANDS],
    voicing: i32,
    breadth: i32,
    /// The median band's change from the frame before, in smoothed levels' units.
    moves: i32,
    /// Half decibels under the loudest, times [`SUMMED`] and [`BANDS`].
    under: i32,
    /// Whether the pitch of the frame before is held, or glides.
    held: bool,
    glides: bool,
}

impl Sight {
    /// How broadly the frame rises over the floors; 0 for tones that no voice makes.
    pub(super) const fn breadth(&self) -> i32 {
        self.breadth
    }

    /// How far the band that rises most is over its floor.
    pub(super) fn highest_over_db(&self) -> f32 {
        self.over.iter().fold(0, |most, &over| most.max(over)) as f32 / ONE_DB
    }

    fn values(&self) -> [i32; VALUES] {
        let [a, b, c, d, e] = self.over;
        let both = self.voicing * self.breadth;
        [a, b, c, d, e, self.voicing, both, self.moves, self.under, i32::from(self.held), i32::from(self.glides)]
    }
}

/// Shows the clues and the sight of each frame of a channel, in order.
pub(super) fn each(
    frames: &[Frame],
    surroundings: &Surroundings,
    tones: &[Range<usize>],
    show: &mut dyn FnMut(usize, &Clues, &Sight),
) {
    for start in (0..frames.len()).step_by(BLOCK) {
        let end = frames.len().min(start + BLOCK);
        let first = start.saturating_sub(FAR + 1);
        let sights = sights(frames, first..frames.len().min(end + FAR), surroundings, tones);
        let values: Vec<_> = sights.iter().map(Sight::values).collect();
        let (mut near, mut far) = (Around::new(&values, NEAR, start - first), Around::new(&values, FAR, start - first));
        for n in start..end {
            show(n, &clues(near.next_means(), far.next_means()), &sights[n - first]);
        }
    }
}

fn clues(near: [f32; VALUES], far: [f32; VALUES]) -> Clues {
    let mut clues = [0.0; CLUES];
    for band in 0..BANDS {
        clues[band] = near[band] / TEN_DB;
        clues[BANDS + band] = far[band] / TEN_DB;
    }
    let [.., near_voicing, near_both, _, near_under, _, _] = near;
    let [.., far_voicing, far_both, far_moves, far_under, held, glides] = far;
    let rest = [
        near_voicing / FULL_VOICING,
        far_voicing / FULL_VOICING,
        near_both / (FULL_VOICING * FULL_BREADTH),
        far_both / (FULL_VOICING * FULL_BREADTH),
        far_moves / ONE_DB,
        near_under / (TEN_DB * BANDS as f32),
        far_under / (TEN_DB * BANDS as f32),
        held,
        glides,
    ];
    clues[2 * BANDS..].copy_from_slice(&rest);
    Clues(clues)
}

fn sights(frames: &[Frame], range: Range<usize>, surroundings: &Surroundings, tones: &[Range<usize>]) -> Vec<Sight> {
    let before = range.start.saturating_sub(1);
    let mut smooth = smooth(frames, before);
    let mut last = if before < range.start { smooth.next() } else { None };
    let mut sights: Vec<Sight> = range
        .clone()
        .zip(smooth)
        .map(|(n, here)| {
            let moves = last.map_or(0, |last| median_change(&last, &here));
            last = Some(here);
            let sight = sight(&frames[n], &here, surroundings, n);
            let (held, glides) =
                n.checked_sub(1).map_or((false, false), |before| pitch_moves(&frames[before], &frames[n]));
            Sight { moves, held, glides, ..sight }
        })
        .collect();
    for tone in tones.iter().map(|tone| tones::with_splash(tone, frames.len())) {
        for n in tone.start.max(range.start)..tone.end.min(range.end) {
            let sight = &mut sights[n - range.start];
            (sight.voicing, sight.breadth, sight.moves) = (0, 0, 0);
            (sight.held, sight.glides) = (false, false);
        }
    }
    sights
}

fn sight(frame: &Frame, smooth: &SmoothBands, surroundings: &Surroundings, n: usize) -> Sight {
    let summed = i32::from(SUMMED);
    let floors = surroundings.floors(n).map(i32::from);
    let level = |band: usize| i32::from(frame.bands[band]);
    let breadth: i32 = (0..BANDS).map(|band| (level(band) - floors[band]).clamp(0, BREADTH_CAP)).sum();
    let all: i32 = smooth.iter().map(|&sum| i32::from(sum)).sum();
    let bands = BANDS as i32;
    let under = i32::from(surroundings.loud(n)) * summed * bands - all;
    Sight {
        over: std::array::from_fn(|band| (i32::from(smooth[band]) - summed * floors[band]).clamp(0, OVER_CAP * summed)),
        voicing: i32::from(frame.candidate.strength.saturating_sub(UNVOICED)),
        breadth: (breadth - BREADTH_OFFSET).max(0),
        moves: 0,
        under: under.clamp(UNDER.start * summed * bands, UNDER.end * summed * bands),
        held: false,
        glides: false,
    }
}

/// Whether a pitch is held from a frame to the next, or glides.
fn pitch_moves(before: &Frame, here: &Frame) -> (bool, bool) {
    let [before, here] = [before.candidate, here.candidate];
    let hertz = u32::from(here.centi_hz);
    let change = hertz.abs_diff(u32::from(before.centi_hz));
    let is_pitched = before.strength.min(here.strength) > PITCHED;
    (is_pitched && change * HELD < hertz, is_pitched && change * HELD >= hertz && change * GLIDING < hertz)
}

fn median_change(before: &SmoothBands, here: &SmoothBands) -> i32 {
    let mut changes: [u16; BANDS] = std::array::from_fn(|band| before[band].abs_diff(here[band]));
    changes.sort_unstable();
    i32::from(changes[BANDS / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acoustics::pitch::Candidate;

    /// Levels and pitches with no order in them.
    fn frames(count: u32) -> Vec<Frame> {
        let any = |n: u32, salt: u32, below: u32| (n.wrapping_mul(2_654_435_761).wrapping_add(salt * 977) >> 9) % below;
        (0..count)
            .map(|n| Frame {
                bands: std::array::from_fn(|band| (60 + any(n / 7, band as u32, 90)) as u8),
                candidate: Candidate {
                    strength: any(n, 9, 100) as u8,
                    centi_hz: (10_000 + any(n / 40, 10, 9_000) + any(n, 11, 200)) as u16,
                    ..Candidate::default()
                },
                ..Frame::default()
            })
            .collect()
    }

    #[test]
    fn clues_are_means_of_what_is_around_wherever_blocks_end() {
        let frames = frames(2 * BLOCK as u32 + 500);
        let surroundings = Surroundings::of(&frames);
        let all = sights(&frames, 0..frames.len(), &surroundings, &[]);
        let mean = |n: usize, reach: usize, value: usize| {
            let around = &all[n.saturating_sub(reach)..all.len().min(n + reach + 1)];
            around.iter().map(|sight| sight.values()[value]).sum::<i32>() as f32 / around.len() as f32
        };
        let mut next = 0;
        each(&frames, &surroundings, &[], &mut |n, clues, _| {
            assert_eq!(n, next);
            next += 1;
            let expected = [
                (0, mean(n, NEAR, 0) / TEN_DB),
                (5, mean(n, FAR, 0) / TEN_DB),
                (13, mean(n, FAR, 6) / (FULL_VOICING * FULL_BREADTH)),
                (14, mean(n, FAR, 7) / ONE_DB),
                (16, mean(n, FAR, 8) / (TEN_DB * BANDS as f32)),
                (17, mean(n, FAR, 9)),
                (18, mean(n, FAR, 10)),
            ];
            for (clue, expected) in expected {
                assert_eq!(clues.0[clue], expected, "clue {clue} of frame {n}");
            }
        });
        assert_eq!(next, frames.len());
        assert!((6..11).all(|value| (0..next).any(|n| mean(n, FAR, value) != 0.0)), "all is put to the test");
    }

    #[test]
    fn tones_say_nothing_of_a_voice() {
        let frames = frames(300);
        let surroundings = Surroundings::of(&frames);
        let tone = 100..200;
        let sights = sights(&frames, 0..frames.len(), &surroundings, std::slice::from_ref(&tone));
        assert!(sights[tone].iter().all(|sight| sight.breadth() == 0 && sight.voicing == 0 && sight.moves == 0));
        assert!(sights[..80].iter().any(|sight| sight.breadth() > 0 && sight.moves > 0));
    }
}
