//! What a channel sounds like around a frame: how soft it gets, and how loud.

use super::super::frame::{BANDS, Frame};
use super::rolling::Percentiles;

/// Frames of a step: levels are means over 0.1 s, so that a soft moment is more than the chance of one frame.
const STEP: usize = 10;

/// The least band level that counts, half decibels over -110 dBFS: what is softer is the rounding
/// of 16-bit samples.
const LEAST_LEVEL: u8 = 50;

/// The floor is this percentile, over 10 s to each side.
const FLOOR_PERCENT: u32 = 10;
const FLOOR_STEPS: usize = 100;

/// The loudest of it is this percentile of the bands' mean level, over a minute to each side.
const LOUD_PERCENT: u32 = 98;
const LOUD_STEPS: usize = 600;

/// Floors and loudest levels along a channel. A floor that is a low percentile of what is around
/// needs neither a lead-in nor a guess, follows changes, and takes steady hum and hiss for what they are.
pub(super) struct Surroundings {
    floors: [Percentiles; BANDS],
    loud: Percentiles,
    /// Levels of the step so far, and how many frames they sum.
    sums: [u16; BANDS],
    summed: u16,
    frames: usize,
}

/// What is around a frame, half decibels over -110 dBFS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Around {
    /// The noise floor of each band.
    pub floors: [u8; BANDS],
    /// The bands' mean level where the channel is loudest.
    pub loud: u8,
}

impl Surroundings {
    pub(super) const fn new() -> Self {
        Self {
            floors: [const { Percentiles::new(FLOOR_PERCENT, FLOOR_STEPS) }; BANDS],
            loud: Percentiles::new(LOUD_PERCENT, LOUD_STEPS),
            sums: [0; BANDS],
            summed: 0,
            frames: 0,
        }
    }

    pub(super) fn hear(&mut self, frame: &Frame) {
        self.sums.iter_mut().zip(levels(frame)).for_each(|(sum, level)| *sum += u16::from(level));
        self.summed += 1;
        self.frames += 1;
        if usize::from(self.summed) == STEP {
            self.end_step();
        }
    }

    /// No more frames come.
    pub(super) fn finish(&mut self) {
        if self.summed > 0 {
            self.end_step();
        }
        self.floors.iter_mut().for_each(Percentiles::finish);
        self.loud.finish();
    }

    /// Of how many frames the surroundings are known.
    pub(super) fn known(&self) -> usize {
        self.frames.min(STEP * self.loud.around.end())
    }

    /// What is around a frame; lets go of what is around those before it.
    pub(super) fn around(&mut self, frame: usize) -> Around {
        let step = frame / STEP;
        let floors = self.floors.each_mut().map(|floors| {
            floors.around.forget(step);
            floors.around[step]
        });
        self.loud.around.forget(step);
        Around { floors, loud: self.loud.around[step] }
    }

    fn end_step(&mut self) {
        let means = self.sums.map(|sum| (sum / self.summed) as u8);
        self.floors.iter_mut().zip(means).for_each(|(floors, level)| floors.push(level));
        self.loud.push(mean(&means));
        (self.sums, self.summed) = ([0; BANDS], 0);
    }
}

/// Levels of a frame's bands, half decibels over -110 dBFS.
pub(super) fn levels(frame: &Frame) -> [u8; BANDS] {
    frame.bands.map(|level| level.max(LEAST_LEVEL))
}

/// The bands' mean level.
pub(super) fn mean(levels: &[u8; BANDS]) -> u8 {
    (levels.iter().map(|&level| u16::from(level)).sum::<u16>() / BANDS as u16) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_are_low_and_the_loudest_is_far_around() {
        let mut surroundings = Surroundings::new();
        // A minute and a half: soft, but for one second in five, and a louder minute's end.
        for n in 0..9_003 {
            let level = if n >= 8_700 {
                180
            } else if n / 100 % 5 == 0 {
                140
            } else {
                80
            };
            surroundings.hear(&Frame { bands: [level; BANDS], ..Frame::default() });
        }
        assert_eq!(surroundings.known(), 3_000, "a minute ahead is not known yet");
        let early = surroundings.around(0);
        surroundings.finish();
        assert_eq!(surroundings.known(), 9_003);
        assert_eq!(early, Around { floors: [80; BANDS], loud: 140 });
        assert_eq!(surroundings.around(4_000), Around { floors: [80; BANDS], loud: 180 });
        assert_eq!(surroundings.around(9_002), Around { floors: [80; BANDS], loud: 180 });
    }
}
