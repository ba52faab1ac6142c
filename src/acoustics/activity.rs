//! How likely each frame of a channel is speech.
//!
//! Three features go into a logistic model: how voiced and how far over the noise the sound is, for
//! 0.1 s and for 0.6 s around, and how much its spectrum moves. The noise floor of a band is a low
//! percentile of the 20 s around, so it needs neither a lead-in nor a guess, follows changes, and
//! takes steady hum and hiss for what they are. A tone fills few bands, so it hardly counts, and not at
//! all where it holds its pitch as no voice can.
//!
//! The weights were fitted by logistic regression to mixtures of EmoDB sentences (hand-timed
//! syllables as truth) with synthetic noises, hum, babble, music, tones, breaths and rooms at
//! signal-to-noise ratios of 5 to 35 dB.

use super::frame::{BANDS, Frame};
use super::tones;
use std::ops::Range;

/// A channel's frames, judged by sound alone.
pub(super) struct Activity {
    /// How likely each frame is speech, in 255ths.
    pub speech: Vec<u8>,
    /// Whether each frame stands out of the noise.
    pub stands_out: Vec<bool>,
    /// The frames of tones that no voice makes, in order.
    pub tones: Vec<Range<usize>>,
}

/// Judges the frames of one channel.
pub(super) fn judge(frames: &[Frame]) -> Activity {
    let smooth = smoothed(frames);
    let mut breadths = breadths(frames, &floors(&smooth));
    let mut moves = moves(&smooth);
    let tones = tones::find(frames);
    for steady in tones.iter().map(|tone| tones::with_splash(tone, frames.len())) {
        breadths[steady.clone()].fill(0);
        moves[steady].fill(0);
    }
    let voiced: Vec<u32> = frames
        .iter()
        .zip(&breadths)
        .map(|(frame, &breadth)| u32::from(frame.candidate.strength.saturating_sub(UNVOICED)) * breadth)
        .collect();
    let (mut near, mut far) = (Around::new(&voiced, NEAR), Around::new(&voiced, FAR));
    let mut moving = Around::new(&moves, FAR);
    let speech = (0..frames.len())
        .map(|_| {
            let score = BIAS
                + NEAR_WEIGHT * near.next_mean() / FULL
                + FAR_WEIGHT * far.next_mean() / FULL
                + MOVES_WEIGHT * moving.next_mean() / UNITS_PER_DB;
            (255.0 / (1.0 + (-score).exp())).round() as u8
        })
        .collect();
    Activity { speech, stands_out: breadths.iter().map(|&breadth| breadth > 0).collect(), tones }
}

const BIAS: f64 = -3.66;
const NEAR_WEIGHT: f64 = 6.48;
const FAR_WEIGHT: f64 = 5.00;
const MOVES_WEIGHT: f64 = 3.34;

/// Frames to each side that the features look at.
const NEAR: usize = 5;
const FAR: usize = 30;

/// Frames to each side that band levels are smoothed over.
const SMOOTH: usize = 4;

/// The least band level that counts, half decibels over -110 dBFS: what is softer is the rounding
/// of 16-bit samples.
const LEAST_LEVEL: u8 = 50;

/// Units of the smoothed band levels in a decibel: half decibels, summed over the frames around.
const UNITS_PER_DB: f64 = 2.0 * (2 * SMOOTH + 1) as f64;

/// How far over its floor a band counts, half decibels.
const BAND_CAP: u32 = 30;

/// What all bands together must be over their floors to stand out, half decibels: a mean of 5 dB,
/// which two full bands, those of a tone, hardly reach.
const BREADTH_OFFSET: u32 = 10 * BANDS as u32;

/// How much even noise repeats itself, in hundredths.
const UNVOICED: u8 = 20;

/// Breadth times voicing where both are full.
const FULL: f64 = ((BAND_CAP * BANDS as u32 - BREADTH_OFFSET) * (100 - UNVOICED as u32)) as f64;

/// The floor is this percentile of the smoothed levels, over this many steps to each side.
const FLOOR_PERCENT: u32 = 10;
const FLOOR_STEPS: usize = 100;
const STEP: usize = 10;

type Bands = [u16; BANDS];

/// Band levels summed over the frames around, the first and last repeated at the ends.
fn smoothed(frames: &[Frame]) -> Vec<Bands> {
    let last = frames.len().saturating_sub(1);
    let levels = |n: usize| frames[n.min(last)].bands.map(|level| u16::from(level.max(LEAST_LEVEL)));
    let mut sums = [0; BANDS];
    if !frames.is_empty() {
        (0..2 * SMOOTH).for_each(|n| add(&mut sums, levels(n.saturating_sub(SMOOTH))));
    }
    (0..frames.len())
        .map(|n| {
            add(&mut sums, levels(n + SMOOTH));
            let here = sums;
            let gone = levels(n.saturating_sub(SMOOTH));
            sums.iter_mut().zip(gone).for_each(|(sum, level)| *sum -= level);
            here
        })
        .collect()
}

fn add(sums: &mut Bands, levels: Bands) {
    sums.iter_mut().zip(levels).for_each(|(sum, level)| *sum += level);
}

/// The noise floor of each band, half decibels over -110 dBFS, one for each step of frames.
fn floors(smooth: &[Bands]) -> Vec<[u8; BANDS]> {
    let steps: Vec<&[Bands]> = smooth.chunks(STEP).collect();
    let mut counts = Counts::default();
    steps.iter().take(FLOOR_STEPS).for_each(|step| counts.add(step));
    (0..steps.len())
        .map(|n| {
            if let Some(step) = steps.get(n + FLOOR_STEPS) {
                counts.add(step);
            }
            if n > FLOOR_STEPS {
                counts.remove(steps[n - FLOOR_STEPS - 1]);
            }
            counts.floors()
        })
        .collect()
}

/// How often each level occurs in a window of frames, by band.
struct Counts {
    frames: u32,
    by_level: Box<[[u32; 256]; BANDS]>,
}

impl Default for Counts {
    fn default() -> Self {
        Self { frames: 0, by_level: Box::new([[0; 256]; BANDS]) }
    }
}

impl Counts {
    fn add(&mut self, step: &[Bands]) {
        self.frames += step.len() as u32;
        for (band, sum) in step.iter().flat_map(|bands| bands.iter().enumerate()) {
            self.by_level[band][level_of(*sum)] += 1;
        }
    }

    fn remove(&mut self, step: &[Bands]) {
        self.frames -= step.len() as u32;
        for (band, sum) in step.iter().flat_map(|bands| bands.iter().enumerate()) {
            self.by_level[band][level_of(*sum)] -= 1;
        }
    }

    fn floors(&self) -> [u8; BANDS] {
        let rank = self.frames * FLOOR_PERCENT / 100;
        std::array::from_fn(|band| {
            let mut below = 0;
            let level = self.by_level[band].iter().position(|&count| {
                below += count;
                below > rank
            });
            level.map_or(u8::MAX, |level| level as u8)
        })
    }
}

fn level_of(sum: u16) -> usize {
    usize::from(sum) / (2 * SMOOTH + 1)
}

/// How far each frame is over the floors, the mean of the bands less the offset, 0 at least; the
/// unit makes [`FULL`] of it and full voicing.
fn breadths(frames: &[Frame], floors: &[[u8; BANDS]]) -> Vec<u32> {
    let over = |level: u8, floor: u8| u32::from(level.saturating_sub(floor)).min(BAND_CAP);
    frames
        .iter()
        .enumerate()
        .map(|(n, frame)| {
            let floors = &floors[n / STEP];
            let sum: u32 = frame.bands.iter().zip(floors).map(|(&level, &floor)| over(level, floor)).sum();
            sum.saturating_sub(BREADTH_OFFSET)
        })
        .collect()
}

/// The median band's change from frame to frame, in units of the smoothed levels.
fn moves(smooth: &[Bands]) -> Vec<u32> {
    let median_change = |before: &Bands, here: &Bands| {
        let mut changes: [u16; BANDS] = std::array::from_fn(|band| before[band].abs_diff(here[band]));
        changes.sort_unstable();
        u32::from(changes[BANDS / 2])
    };
    let first = smooth.first().map(|_| 0);
    first.into_iter().chain(smooth.windows(2).map(|pair| median_change(&pair[0], &pair[1]))).collect()
}

/// Means of the values around one index after another; fewer values at the ends.
struct Around<'a> {
    values: &'a [u32],
    reach: usize,
    next: usize,
    sum: u64,
}

impl<'a> Around<'a> {
    fn new(values: &'a [u32], reach: usize) -> Self {
        let sum = values.iter().take(reach).map(|&value| u64::from(value)).sum();
        Self { values, reach, next: 0, sum }
    }

    fn next_mean(&mut self) -> f64 {
        let (n, reach) = (self.next, self.reach);
        self.next += 1;
        if let Some(&value) = self.values.get(n + reach) {
            self.sum += u64::from(value);
        }
        if n > reach {
            self.sum -= u64::from(self.values[n - reach - 1]);
        }
        let count = (n + reach + 1).min(self.values.len()) - n.saturating_sub(reach);
        self.sum as f64 / count as f64
    }
}
