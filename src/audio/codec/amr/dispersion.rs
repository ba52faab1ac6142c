//! Spreads the pulses of low rates, so that they buzz less (TS 26.090, section 6.1, `ph_disp`).

use super::arithmetic::{left_32, product, rounded, times};
use super::excitation::Sub;
use super::parameters::{MODE_74, MODE_102, MODE_122, MODE_795};
use codec_core::codecs::amr::nb::decoder_tables::{PH_IMP_LOW, PH_IMP_LOW_MR795, PH_IMP_MID, PH_IMP_MID_MR795};

/// What is remembered (`ph_dispState`).
pub(super) struct Dispersion {
    /// Gains of the adaptive codebook, the latest first.
    gains: [i16; 5],
    level: i16,
    pulses_gain: i16,
    onset: i16,
}

/// Gains under which spreading is strong, and over which there is none.
const WEAK: i16 = 9_830;
const VOICED: i16 = 14_746;

impl Dispersion {
    pub(super) const fn new() -> Self {
        Self { gains: [0; 5], level: 0, pulses_gain: 0, onset: 0 }
    }

    /// Spreads `pulses` as much as the gains ask for; as much as can be where `is_locked`.
    pub(super) fn spread(&mut self, mode: u8, pulses: &mut Sub, pulses_gain: i16, pitch_gain: i16, is_locked: bool) {
        let level = self.level(pulses_gain, pitch_gain, is_locked);
        if matches!(mode, MODE_122 | MODE_102 | MODE_74) || level >= 2 {
            return;
        }
        let response = match (mode, level) {
            (MODE_795, 0) => &PH_IMP_LOW_MR795,
            (MODE_795, _) => &PH_IMP_MID_MR795,
            (_, 0) => &PH_IMP_LOW,
            _ => &PH_IMP_MID,
        };
        let heights = std::mem::replace(pulses, [0; 40]);
        for (place, &height) in heights.iter().enumerate().filter(|(_, height)| **height != 0) {
            let (before, after) = pulses.split_at_mut(place);
            for (sample, &tap) in after.iter_mut().chain(before).zip(response) {
                *sample = sample.saturating_add(times(height, tap));
            }
        }
    }

    /// 0 for strong, 1 for some, 2 for none.
    fn level(&mut self, pulses_gain: i16, pitch_gain: i16, is_locked: bool) -> i16 {
        let [first, second, third, fourth, _] = self.gains;
        self.gains = [pitch_gain, first, second, third, fourth];
        let mut level = i16::from(pitch_gain > WEAK) + i16::from(pitch_gain >= VOICED);
        let threshold = rounded(left_32(product(self.pulses_gain, 16_384), 2));
        self.onset = if pulses_gain > threshold { 2 } else { (self.onset - 1).max(0) };
        if self.onset == 0 && self.gains.iter().filter(|gain| **gain < WEAK).count() > 2 {
            level = 0;
        }
        if level > self.level + 1 && self.onset == 0 {
            level -= 1;
        }
        if level < 2 && self.onset > 0 {
            level += 1;
        }
        if pulses_gain < 10 {
            level = 2;
        }
        if is_locked {
            level = 0;
        }
        self.level = level;
        self.pulses_gain = pulses_gain;
        level
    }
}
