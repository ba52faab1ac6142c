//! How many syllables a stretch has, by sound alone.
//!
//! A small net sees each frame's bands, how voiced it is and how high, and 0.3 s to each side of it. Its answers add up
//! to the number of syllables, as densities do to a crowd's (Lempitsky and Zisserman 2010): where it cannot tell one
//! syllable from two, it need not choose. `models/syllables/fit.py` fits it on EmoDB's hand-timed syllables.

mod weights;

use super::decibels::log2;
use super::frame::{BANDS, Frame};
use super::net::Net;
use weights::WEIGHTS;

/// Names the method; another name where its figures change.
pub const METHOD: &str = "nuclei-3";

/// How many clues a frame has.
pub const CLUES: usize = BANDS + 2;

/// What the net sees of a frame: its bands against the run's loud level, how voiced it is, and how high against the
/// run's median; each about 0 on average and 1 at most times.
pub type Clues = [f32; CLUES];

/// The syllables of a run of frames; each frame counts 0 at least.
pub(super) fn count(run: &[Clues]) -> f32 {
    let mut syllables = 0.0;
    let mut add = |answer: f32| syllables += over_zero(answer);
    let mut net = Net::new(&WEIGHTS);
    net.see(run.iter().copied(), &mut add);
    net.finish(&mut add);
    syllables
}

/// Near `x` where that is over 0 by much, near 0 where under, and smooth between.
fn over_zero(x: f32) -> f32 {
    0.5 * (x + (x * x + 1.0).sqrt())
}

/// The clues of a run of frames, given its pitch by frame in 1/100 Hz, 0 where unvoiced.
pub(super) fn clues(run: &[Frame], path: &[u16]) -> Vec<Clues> {
    let loud = loud(run);
    let median = median(path);
    let of = |(frame, &pitch): (&Frame, &u16)| {
        let mut clues = [0.0; CLUES];
        for (clue, &level) in clues.iter_mut().zip(&frame.bands) {
            let over = (f32::from(level) - loud).clamp(-SOFTEST_HALF_DB, LOUDEST_HALF_DB);
            *clue = (over + USUAL_HALF_DB) / USUAL_HALF_DB;
        }
        clues[BANDS] = (f32::from(frame.candidate.strength) - 60.0) / 40.0;
        clues[BANDS + 1] = if pitch > 0 { 4.0 * log2(f32::from(pitch) / median) } else { 0.0 };
        clues
    };
    run.iter().zip(path).map(of).collect()
}

/// How far under and over the loud level a band counts, and where it usually is under it.
const SOFTEST_HALF_DB: f32 = 100.0;
const LOUDEST_HALF_DB: f32 = 20.0;
const USUAL_HALF_DB: f32 = 30.0;

/// A run's loud level is that which the loudest band of one frame in this many exceeds.
const LOUD_SHARE: usize = 20;

fn loud(run: &[Frame]) -> f32 {
    let mut counts = [0_usize; 256];
    run.iter().filter_map(|frame| frame.bands.iter().max()).for_each(|&level| counts[usize::from(level)] += 1);
    let mut louder = 0;
    let loud = counts.iter().rposition(|&count| {
        louder += count;
        louder > run.len() / LOUD_SHARE
    });
    loud.unwrap_or(0) as f32
}

/// The median of what is voiced; any where nothing is.
fn median(path: &[u16]) -> f32 {
    let mut voiced: Vec<u16> = path.iter().copied().filter(|&pitch| pitch > 0).collect();
    voiced.sort_unstable();
    voiced.get(voiced.len() / 2).map_or(1.0, |&pitch| f32::from(pitch))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames whose bands all have the given half decibels.
    fn run(levels: &[u8]) -> Vec<Frame> {
        levels.iter().map(|&level| Frame { bands: [level; BANDS], ..Frame::default() }).collect()
    }

    #[test]
    fn clues_are_those_worked_out_on_paper_whatever_the_gain() {
        let levels = [[200; 95].as_slice(), &[210, 140, 60, 240, 240]].concat();
        let path: Vec<u16> = (0..100).map(|n| [15_000, 30_000, 0, 15_000][n % 4]).collect();
        let found = clues(&run(&levels), &path);
        // The loud level is 200, since more than five of 100 frames must reach it. The median pitch is 150 Hz.
        assert_eq!(found[0][..BANDS], [1.0; BANDS]);
        assert_eq!([95, 96, 97, 98].map(|n| found[n][0]), [40.0 / 30.0, -1.0, -70.0 / 30.0, 50.0 / 30.0]);
        assert_eq!([0, 1, 2].map(|n| found[n][BANDS + 1]), [0.0, 4.0, 0.0]);
        assert!(found.iter().all(|clues| clues[BANDS] == -1.5), "no frame has any strength");
        let softer: Vec<u8> = levels.iter().map(|level| level - 40).collect();
        assert_eq!(clues(&run(&softer), &path), found);
    }

    #[test]
    fn a_loud_voiced_beat_is_about_one_syllable() {
        let beat = |n: usize| {
            let loud = (6..15).contains(&(n % 20));
            let mut frame = Frame { bands: if loud { [190; BANDS] } else { [150; BANDS] }, ..Frame::default() };
            frame.candidate.strength = if loud { 95 } else { 20 };
            (frame, if loud { 12_000 } else { 0 })
        };
        for beats in [3, 10, 40] {
            let (frames, path): (Vec<Frame>, Vec<u16>) = (0..beats * 20).map(beat).unzip();
            let syllables = count(&clues(&frames, &path)) / beats as f32;
            assert!((0.7..1.3).contains(&syllables), "{beats} beats: {syllables} each");
        }
        assert_eq!(count(&[]), 0.0);
    }
}
