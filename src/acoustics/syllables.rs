//! How many syllables a stretch has, by sound alone.
//!
//! Syllables have a loud, voiced middle between softer edges (de Jong and Wempe 2009), and the spectrum moves from one to
//! the next. Their number is a weighted sum of peaks that are counted in three envelopes and three depths, since soft
//! ones are missed in one count and noise is counted in another, of how much the spectrum moves, and of how long the
//! stretch is and how much of it voiced. `models/syllables/fit.py` fits the weights on EmoDB's hand-timed syllables.

mod weights;

use super::frame::{BANDS, Frame};
use std::ops::Range;
use weights::WEIGHTS;

/// Names the method; another name where its figures change.
pub const METHOD: &str = "nuclei-2";

/// How many clues there are to a number of syllables.
pub const CLUES: usize = 3 + 2 * ENVELOPES.len() * DEPTHS_HALF_DB.len();

/// What a run of speech has, for fitting the weights; each grows with its syllables.
///
/// In this order: frames; voiced ones; how much the spectrum moves (10 dB of the mean group of bands); then, for each envelope (under
/// 1,500 Hz, 450 to 2,200 Hz, all) and each depth (0.5, 1 and 2 dB of the mean group), the peaks at voiced frames, and all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clues(pub [f32; CLUES]);

/// Bands that count as one, by the loudest of them: a harmonic that goes from one to the next makes no peak.
const GROUPS: [Range<usize>; 5] = [0..2, 2..4, 4..7, 7..9, 9..BANDS];

/// Groups of the envelopes.
const ENVELOPES: [Range<usize>; 3] = [0..3, 1..4, 0..GROUPS.len()];

/// Levels of the groups, half decibels.
type Levels = [u8; GROUPS.len()];

fn levels(frame: &Frame) -> Levels {
    GROUPS.map(|group| frame.bands[group].iter().fold(0, |most, &level| most.max(level)))
}

/// How far an envelope must rise and fall to both sides of a peak, in half decibels of the mean group.
const DEPTHS_HALF_DB: [u32; 3] = [1, 2, 4];

/// Frames between which the spectrum moves.
const MOVES: usize = 4;

/// The syllables that the clues amount to; 0 at least.
pub(super) fn count(clues: &Clues) -> f32 {
    clues.0.iter().zip(&WEIGHTS).map(|(clue, weight)| clue * weight).sum::<f32>().max(0.0)
}

/// The clues of a run of frames, given its pitch by frame, 0 where unvoiced.
pub(super) fn clues(run: &[Frame], path: &[u16]) -> Clues {
    let run: Vec<Levels> = run.iter().map(levels).collect();
    let run = over_floors(run);
    let mut clues = [0.0; CLUES];
    clues[0] = run.len() as f32;
    clues[1] = path.iter().filter(|&&pitch| pitch > 0).count() as f32;
    clues[2] = moves(&run) as f32 / (20 * GROUPS.len()) as f32;
    let counted = ENVELOPES.iter().flat_map(|groups| peaks(&run, path, groups));
    for (clues, peaks) in clues[3..].as_chunks_mut::<2>().0.iter_mut().zip(counted) {
        *clues = [peaks.voiced as f32, peaks.all as f32];
    }
    Clues(clues)
}

/// What lies further under a group's loud level is as good as silent, half decibels.
const RANGE_HALF_DB: u8 = 60;

/// A group's loud level is that which one frame in this many exceeds.
const LOUD_SHARE: usize = 20;

/// The levels with what is as good as silent raised to where the range starts.
fn over_floors(mut run: Vec<Levels>) -> Vec<Levels> {
    let mut counts = [[0_usize; 256]; GROUPS.len()];
    for levels in &run {
        counts.iter_mut().zip(levels).for_each(|(counts, &level)| counts[usize::from(level)] += 1);
    }
    let floors = counts.map(|counts| {
        let mut louder = 0;
        let loud = counts.iter().rposition(|&count| {
            louder += count;
            louder > run.len() / LOUD_SHARE
        });
        (loud.unwrap_or(0) as u8).saturating_sub(RANGE_HALF_DB)
    });
    for levels in &mut run {
        levels.iter_mut().zip(floors).for_each(|(level, floor)| *level = floor.max(*level));
    }
    run
}

/// Half decibels that all groups move, over [`MOVES`] frames each.
fn moves(run: &[Levels]) -> u64 {
    let change = |pair: &[Levels]| -> u64 {
        pair[0].iter().zip(&pair[MOVES]).map(|(before, after)| u64::from(before.abs_diff(*after))).sum()
    };
    run.windows(MOVES + 1).map(change).sum::<u64>() / MOVES as u64
}

/// How many peaks an envelope has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Peaks {
    all: u32,
    /// Those at a voiced frame.
    voiced: u32,
}

/// Counts, for each depth, the peaks of the sum of some groups, smoothed over three frames.
fn peaks(run: &[Levels], path: &[u16], groups: &Range<usize>) -> [Peaks; DEPTHS_HALF_DB.len()] {
    let level =
        |n: usize| -> u32 { run[n.min(run.len() - 1)][groups.clone()].iter().map(|&level| u32::from(level)).sum() };
    let mut counters = DEPTHS_HALF_DB.map(|depth| Counter::new(4 * groups.len() as u32 * depth));
    for n in 0..run.len() {
        let here = level(n.saturating_sub(1)) + 2 * level(n) + level(n + 1);
        counters.iter_mut().for_each(|counter| counter.step(here, n, path));
    }
    counters.map(|counter| counter.finish(path))
}

/// Counts the peaks of an envelope that rise and fall by so much.
struct Counter {
    least: u32,
    turn: Turn,
    peaks: Peaks,
}

/// Where an envelope is going: since its lowest value, or since its highest and the frame of that.
#[derive(Clone, Copy)]
enum Turn {
    Falling(u32),
    Rising(u32, usize),
}

impl Counter {
    const fn new(least: u32) -> Self {
        Self { least, turn: Turn::Falling(u32::MAX), peaks: Peaks { all: 0, voiced: 0 } }
    }

    fn step(&mut self, here: u32, n: usize, path: &[u16]) {
        self.turn = match self.turn {
            Turn::Falling(lowest) if here >= lowest.min(here) + self.least => Turn::Rising(here, n),
            Turn::Falling(lowest) => Turn::Falling(lowest.min(here)),
            Turn::Rising(highest, _) if here > highest => Turn::Rising(here, n),
            Turn::Rising(highest, at) if here + self.least <= highest => {
                self.add(path[at]);
                Turn::Falling(here)
            }
            rising => rising,
        };
    }

    fn finish(mut self, path: &[u16]) -> Peaks {
        if let Turn::Rising(_, at) = self.turn {
            self.add(path[at]);
        }
        self.peaks
    }

    fn add(&mut self, pitch: u16) {
        self.peaks.all += 1;
        self.peaks.voiced += u32::from(pitch > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames whose bands all have the given half decibels.
    fn run(levels: &[u8]) -> Vec<Frame> {
        levels.iter().map(|&level| Frame { bands: [level; BANDS], ..Frame::default() }).collect()
    }

    /// Hills of 20 frames from 100 half decibels up by `height`, seven at their top.
    fn hills(number: usize, height: u8) -> Vec<u8> {
        (0..number * 20).map(|n| 100 + height * u8::from((7..14).contains(&(n % 20)))).collect()
    }

    #[test]
    fn peaks_rise_and_fall() {
        let mut ending_high = hills(1, 10);
        ending_high.extend([110; 8]);
        // (name, levels, peaks by depth)
        let cases = [
            ("nothing", vec![], [0, 0, 0]),
            ("level", vec![120; 50], [0, 0, 0]),
            ("three hills of 5 dB", hills(3, 10), [3, 3, 3]),
            ("three of 1.5 dB", hills(3, 3), [3, 3, 0]),
            ("a hill, and one at the end", ending_high, [2, 2, 2]),
            ("hills far under the loud level", [hills(3, 10), vec![200; 40], vec![100; 5]].concat(), [1, 1, 1]),
        ];
        for (name, levels, expected) in cases {
            let run = run(&levels);
            let path: Vec<u16> = (0..levels.len()).map(|n| if n < 30 { 12_000 } else { 0 }).collect();
            let run = over_floors(run.iter().map(super::levels).collect());
            for groups in &ENVELOPES {
                let peaks = peaks(&run, &path, groups);
                assert_eq!(peaks.map(|peaks| peaks.all), expected, "{name}, groups {groups:?}");
                assert!(peaks.iter().all(|peaks| peaks.voiced <= 2), "{name}: two hills lie in the voiced frames");
            }
        }
    }

    #[test]
    fn clues_are_those_counted_on_paper_whatever_the_gain() {
        let levels = hills(6, 20);
        let path = vec![15_000; levels.len()];
        let found = clues(&run(&levels), &path).0;
        // 120 frames, all voiced; each hill rises and falls by 20 half decibels, seen over four frames each.
        assert_eq!(found[..3], [120.0, 120.0, 12.0]);
        assert!(found[3..].iter().all(|&peaks| peaks == 6.0), "{found:?}");
        let louder: Vec<u8> = levels.iter().map(|level| level + 40).collect();
        assert_eq!(clues(&run(&louder), &path).0, found);
    }
}
