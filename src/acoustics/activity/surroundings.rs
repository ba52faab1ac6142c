//! What a channel sounds like around a frame: how soft it gets, and how loud.

use super::super::frame::{BANDS, Frame};
use super::rolling::percentiles;

/// Frames to each side that band levels are smoothed over.
const SMOOTH: usize = 4;

/// Levels that one of [`SmoothBands`] sums.
pub(super) const SUMMED: u16 = 2 * SMOOTH as u16 + 1;

/// The least band level that counts, half decibels over -110 dBFS: what is softer is the rounding
/// of 16-bit samples.
const LEAST_LEVEL: u8 = 50;

/// The floor is this percentile of the smoothed levels, over this many steps to each side: 10 s.
const FLOOR_PERCENT: u32 = 10;
const FLOOR_STEP: usize = 10;
const FLOOR_STEPS: usize = 100;

/// The loudest of it is this percentile of the bands' mean level, over a minute to each side.
const LOUD_PERCENT: u32 = 98;
const LOUD_STEP: usize = 100;
const LOUD_STEPS: usize = 60;

/// The first of the bands that hiss hides: those over a voice's strongest.
const HISS: usize = 2;

/// Band levels summed over [`SUMMED`] frames, half decibels over -110 dBFS.
pub(super) type SmoothBands = [u16; BANDS];

/// Floors and loudest levels along a channel. A floor that is a low percentile of what is around
/// needs neither a lead-in nor a guess, follows changes, and takes steady hum and hiss for what they are.
pub(super) struct Surroundings {
    floors: [Vec<u8>; BANDS],
    loud: Vec<u8>,
}

impl Surroundings {
    pub(super) fn of(frames: &[Frame]) -> Self {
        let mut levels: [Vec<u8>; BANDS] = std::array::from_fn(|_| Vec::with_capacity(frames.len()));
        let mut means = Vec::with_capacity(frames.len());
        for sums in smooth(frames, 0) {
            levels.iter_mut().zip(sums).for_each(|(levels, sum)| levels.push((sum / SUMMED) as u8));
            means.push((sums.iter().sum::<u16>() / (SUMMED * BANDS as u16)) as u8);
        }
        Self {
            floors: levels.map(|levels| percentiles(&levels, FLOOR_STEP, FLOOR_STEPS, FLOOR_PERCENT)),
            loud: percentiles(&means, LOUD_STEP, LOUD_STEPS, LOUD_PERCENT),
        }
    }

    /// The noise floor of each band around a frame, half decibels over -110 dBFS.
    pub(super) fn floors(&self, frame: usize) -> [u8; BANDS] {
        std::array::from_fn(|band| self.floors[band][frame / FLOOR_STEP])
    }

    /// The bands' mean level where the channel is loudest around a frame, half decibels over -110 dBFS.
    pub(super) fn loud(&self, frame: usize) -> u8 {
        self.loud[frame / LOUD_STEP]
    }

    /// How far the floor of the upper bands is over what 16 bits can hold, dB.
    pub(super) fn hiss_db(&self, frame: usize) -> f32 {
        let floors = &self.floors(frame)[HISS..];
        let over: u32 = floors.iter().map(|floor| u32::from(floor - LEAST_LEVEL)).sum();
        over as f32 / (2 * floors.len()) as f32
    }
}

/// Smoothed band levels from a frame on, the channel's first and last repeated at its ends.
pub(super) fn smooth(frames: &[Frame], start: usize) -> impl Iterator<Item = SmoothBands> {
    let levels = move |n: usize| {
        let frame = &frames[n.saturating_sub(SMOOTH).min(frames.len() - 1)];
        frame.bands.map(|level| u16::from(level.max(LEAST_LEVEL)))
    };
    let mut sums = [0; BANDS];
    if start < frames.len() {
        (start..start + 2 * SMOOTH).for_each(|n| add(&mut sums, levels(n)));
    }
    (start..frames.len()).map(move |n| {
        add(&mut sums, levels(n + 2 * SMOOTH));
        let here = sums;
        sums.iter_mut().zip(levels(n)).for_each(|(sum, level)| *sum -= level);
        here
    })
}

fn add(sums: &mut SmoothBands, levels: SmoothBands) {
    sums.iter_mut().zip(levels).for_each(|(sum, level)| *sum += level);
}
