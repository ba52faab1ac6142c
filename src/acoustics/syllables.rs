//! How many syllables a stretch has, by sound alone.
//!
//! Syllables have a loud, voiced middle between softer edges (de Jong and Wempe 2009). Their number is
//! what is counted three ways in two envelopes, and how long the stretch is and how much of it voiced,
//! weighted: soft peaks are missed in one count and noise is counted in another. The weights are those of
//! a ridge regression on the hand-timed syllables of five of EmoDB's ten speakers, as they are, through a
//! telephone's band, and in noise.

use super::frame::{BANDS, Frame};

/// Names the method; another name where its figures change.
pub const METHOD: &str = "nuclei-1";

/// The syllables of a run of frames, given its pitch by frame, 0 where unvoiced; 0 at least.
pub(super) fn count(run: &[Frame], path: &[u16]) -> f32 {
    let floors = floors(run);
    let low = Peaks::count(run, path, &floors[..LOW], DEEP_HALF_DB);
    let all = Peaks::count(run, path, &floors, DEEP_HALF_DB);
    let shallow = Peaks::count(run, path, &floors, SHALLOW_HALF_DB);
    let voiced = path.iter().filter(|&&pitch| pitch > 0).count();
    let weighted = PER_FRAME * run.len() as f32
        + PER_VOICED_FRAME * voiced as f32
        + PER_LOW_PEAK * low.voiced as f32
        + PER_PEAK * all.voiced as f32
        + PER_SHALLOW_PEAK * shallow.all as f32;
    weighted.max(0.0)
}

const PER_FRAME: f32 = 0.005_4;
const PER_VOICED_FRAME: f32 = -0.002_7;
const PER_LOW_PEAK: f32 = 0.304;
const PER_PEAK: f32 = 0.363;
const PER_SHALLOW_PEAK: f32 = 0.275;

/// Bands of the lower envelope: up to 1,400 Hz, where vowels are.
const LOW: usize = 3;

/// How far an envelope must fall to both sides of a peak, in half decibels of the mean band.
const DEEP_HALF_DB: u32 = 4;
const SHALLOW_HALF_DB: u32 = 1;

/// What lies further under a band's loud level is as good as silent, half decibels.
const RANGE_HALF_DB: u8 = 60;

/// A band's loud level is that which one frame in this many exceeds.
const LOUD_SHARE: usize = 20;

/// Where the range of each band starts.
fn floors(run: &[Frame]) -> [u8; BANDS] {
    let mut counts = [[0_usize; 256]; BANDS];
    for frame in run {
        counts.iter_mut().zip(frame.bands).for_each(|(counts, level)| counts[usize::from(level)] += 1);
    }
    counts.map(|counts| {
        let mut louder = 0;
        let loud = counts.iter().rposition(|&count| {
            louder += count;
            louder > run.len() / LOUD_SHARE
        });
        (loud.unwrap_or(0) as u8).saturating_sub(RANGE_HALF_DB)
    })
}

/// Peaks of an envelope.
#[derive(Default)]
struct Peaks {
    all: u32,
    /// Those at a voiced frame.
    voiced: u32,
}

impl Peaks {
    /// Counts those of the sum of as many bands as there are floors, smoothed over three frames, that rise
    /// and fall by `least_half_db` of the mean band.
    fn count(run: &[Frame], path: &[u16], floors: &[u8], least_half_db: u32) -> Self {
        let level = |n: usize| -> u32 {
            let bands = run[n.min(run.len() - 1)].bands;
            bands.iter().zip(floors).map(|(&level, &floor)| u32::from(level.max(floor))).sum()
        };
        let least = 4 * floors.len() as u32 * least_half_db;
        let mut peaks = Self::default();
        let mut turn = Turn::Falling(u32::MAX);
        for n in 0..run.len() {
            let here = level(n.saturating_sub(1)) + 2 * level(n) + level(n + 1);
            turn = match turn {
                Turn::Falling(lowest) if here >= lowest.min(here) + least => Turn::Rising(here, n),
                Turn::Falling(lowest) => Turn::Falling(lowest.min(here)),
                Turn::Rising(highest, _) if here > highest => Turn::Rising(here, n),
                Turn::Rising(highest, at) if here + least <= highest => {
                    peaks.add(path[at]);
                    Turn::Falling(here)
                }
                rising => rising,
            };
        }
        if let Turn::Rising(_, at) = turn {
            peaks.add(path[at]);
        }
        peaks
    }

    fn add(&mut self, pitch: u16) {
        self.all += 1;
        self.voiced += u32::from(pitch > 0);
    }
}

/// Where an envelope is going: since its lowest value, or since its highest and the frame of that.
enum Turn {
    Falling(u32),
    Rising(u32, usize),
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
        // (name, levels, least, peaks)
        let cases = [
            ("nothing", vec![], 4, 0),
            ("level", vec![120; 50], 1, 0),
            ("three hills of 5 dB", hills(3, 10), 4, 3),
            ("three of 1.5 dB under 2 dB", hills(3, 3), 4, 0),
            ("three of 1.5 dB over 0.5 dB", hills(3, 3), 1, 3),
            ("a hill, and one at the end", ending_high, 4, 2),
            ("hills far under the loud level", [hills(3, 10), vec![200; 40], vec![100; 5]].concat(), 4, 1),
        ];
        for (name, levels, least, expected) in cases {
            let run = run(&levels);
            let path: Vec<u16> = (0..levels.len()).map(|n| if n < 30 { 12_000 } else { 0 }).collect();
            let peaks = Peaks::count(&run, &path, &floors(&run), least);
            assert_eq!(peaks.all, expected, "{name}");
            assert!(peaks.voiced <= expected.min(2), "{name}: two hills lie in the voiced frames");
        }
    }

    #[test]
    fn gain_does_not_matter() {
        let levels = hills(6, 20);
        let louder: Vec<u8> = levels.iter().map(|level| level + 40).collect();
        let path = vec![15_000; levels.len()];
        let counted = count(&run(&levels), &path);
        // 120 frames, all voiced, six peaks each way: 120 * 0.0027 + 6 * 0.942.
        assert!((counted - 5.976).abs() < 0.01, "{counted}");
        assert_eq!(counted, count(&run(&louder), &path));
    }
}
