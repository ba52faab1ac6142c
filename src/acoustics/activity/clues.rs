//! What the net of activity sees.

use super::super::decibels::log2;
use super::super::frame::{BANDS, Frame};
use super::surroundings::{Around, levels, mean};

/// How many clues there are.
pub const CLUES: usize = 2 * BANDS + 8;

/// What the net sees of two frames, in the mean of both.
///
/// In this order: how far each band is over its noise floor (10 dB); how voiced the sound is (1 is a pure tone); how voiced
/// and broad at once (1 at most); whether a pitch is held as notes are, and whether it glides as voices do; how high it
/// is (octaves over 150 Hz); how far it is under the loudest of the minute around, and the floor under that (10 dB);
/// whether it is a tone that no voice makes; how far each band is over the mean of them (10 dB).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clues(pub [f32; CLUES]);

impl Clues {
    /// Of the sights of one frame, or of two.
    pub(super) fn of<'a>(sights: impl Iterator<Item = &'a Sight>) -> Self {
        let (mut sums, mut count) = ([0.0; CLUES], 0.0);
        for sight in sights {
            sums.iter_mut().zip(sight.values()).for_each(|(sum, value)| *sum += value);
            count += 1.0;
        }
        Self(sums.map(|sum| sum / f32::max(count, 1.0)))
    }
}

/// Half decibels in 10 dB.
const TEN_DB: f32 = 20.0;

/// How far under or over its floor a band counts, half decibels; and for the rise of all.
const OVER: std::ops::Range<i32> = -10..60;
const RISE_CAP: i32 = 30;

/// What rises over the floors by more in the mean is broad, half decibels: 5 dB, which a few full bands, those of a tone,
/// hardly reach.
pub(super) const BROAD: u8 = 10;

/// How much even noise repeats itself, in hundredths.
const UNVOICED: i32 = 20;

/// What has a height, in hundredths, and what is pitched enough to be followed.
const HIGH: u8 = 30;
const PITCHED: u8 = 50;

/// A pitch is held from frame to frame where it moves by less than 1/288 (6 cents), and glides up to 1/21 (80).
const HELD: u32 = 288;
const GLIDING: u32 = 21;

/// 150 Hz.
const MIDDLE_CENTI_HZ: f32 = 15_000.0;

/// What one frame shows by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    /// How far each band is over its floor, and over the mean of all, half decibels.
    over: [i32; BANDS],
    shape: [i32; BANDS],
    rise: u8,
    /// In hundredths; 0 in a tone.
    voicing: i32,
    /// Whether the pitch of the frame before is held, or glides.
    held: bool,
    glides: bool,
    octaves: f32,
    /// Half decibels under the loudest around: the frame, and the floor.
    under: i32,
    floor_under: i32,
    in_tone: bool,
}

impl Sight {
    /// What a frame shows, beside the one before it, if there is one.
    pub(super) fn of(before: Option<&Frame>, frame: &Frame, around: &Around, in_tone: bool) -> Self {
        let levels = levels(frame);
        let middle = mean(&levels);
        let over = std::array::from_fn(|band| i32::from(levels[band]) - i32::from(around.floors[band]));
        let rises: i32 = over.iter().map(|over: &i32| (*over).clamp(0, RISE_CAP)).sum();
        let under = |level: u8| i32::from(around.loud) - i32::from(level);
        let sight = Self {
            over: over.map(|over| over.clamp(OVER.start, OVER.end)),
            shape: levels.map(|level| i32::from(level) - i32::from(middle)),
            rise: (rises / BANDS as i32) as u8,
            voicing: 0,
            held: false,
            glides: false,
            octaves: 0.0,
            under: under(middle),
            floor_under: under(mean(&around.floors)),
            in_tone,
        };
        if in_tone { sight } else { sight.voiced(before, frame) }
    }

    fn voiced(self, before: Option<&Frame>, frame: &Frame) -> Self {
        let here = frame.candidate;
        let (held, glides) = before.map_or((false, false), |before| {
            let hertz = u32::from(here.centi_hz);
            let change = hertz.abs_diff(u32::from(before.candidate.centi_hz));
            let is_pitched = before.candidate.strength.min(here.strength) > PITCHED;
            (is_pitched && change * HELD < hertz, is_pitched && change * HELD >= hertz && change * GLIDING < hertz)
        });
        let octaves = if here.strength > HIGH { log2(f32::from(here.centi_hz) / MIDDLE_CENTI_HZ) } else { 0.0 };
        Self { voicing: i32::from(here.strength), held, glides, octaves, ..self }
    }

    /// How far the bands rise over their floors in the mean, half decibels.
    pub(super) const fn rise(&self) -> u8 {
        self.rise
    }

    fn values(&self) -> [f32; CLUES] {
        let both = (self.voicing - UNVOICED).max(0) * i32::from(self.rise.saturating_sub(BROAD));
        let rest = [
            self.voicing as f32 / 100.0,
            both as f32 / ((100 - UNVOICED) * (RISE_CAP - i32::from(BROAD))) as f32,
            f32::from(u8::from(self.held)),
            f32::from(u8::from(self.glides)),
            self.octaves,
            self.under as f32 / TEN_DB,
            self.floor_under as f32 / TEN_DB,
            f32::from(u8::from(self.in_tone)),
        ];
        let mut values = [0.0; CLUES];
        let in_ten_db = |value: i32| value as f32 / TEN_DB;
        values[..BANDS].copy_from_slice(&self.over.map(in_ten_db));
        values[BANDS..BANDS + rest.len()].copy_from_slice(&rest);
        values[BANDS + rest.len()..].copy_from_slice(&self.shape.map(in_ten_db));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acoustics::pitch::Candidate;

    const AROUND: Around = Around { floors: [60; BANDS], loud: 160 };

    fn frame(level: u8, strength: u8, centi_hz: u16) -> Frame {
        let candidate = Candidate { strength, centi_hz, ..Candidate::default() };
        Frame { bands: [level; BANDS], candidate, ..Frame::default() }
    }

    #[test]
    fn clues_are_those_worked_out_on_paper() {
        let held = frame(90, 100, 15_000);
        let glides = frame(70, 60, 15_300);
        let sights = [Sight::of(None, &held, &AROUND, false), Sight::of(Some(&held), &glides, &AROUND, false)];
        let clues = Clues::of(sights.iter()).0;
        let (over, shape) = (clues[0], clues[CLUES - 1]);
        let [voicing, both, is_held, does_glide, octaves, under, floor_under, tone] =
            std::array::from_fn(|n| clues[BANDS + n]);
        // 15 dB over the floor and 5 dB; broad at the most, and just not.
        assert_eq!((over, voicing, both), (1.0, 0.8, 0.5));
        assert_eq!((is_held, does_glide), (0.0, 0.5));
        assert!((octaves - 0.5 * 1.02_f32.log2()).abs() < 1e-5);
        // 35 and 45 dB under the loudest; the floor 50.
        assert_eq!((under, floor_under, tone, shape), (4.0, 5.0, 0.0, 0.0));
    }

    #[test]
    fn tones_say_nothing_of_a_voice() {
        let tone = frame(120, 100, 44_000);
        let clues = Clues::of([Sight::of(Some(&tone), &tone, &AROUND, true)].iter()).0;
        assert_eq!(clues[BANDS..BANDS + 5], [0.0; 5]);
        assert_eq!(clues[BANDS + 7], 1.0);
        assert_eq!(Clues::of([Sight::of(Some(&tone), &tone, &AROUND, false)].iter()).0[BANDS + 2], 1.0, "is held");
    }
}
