//! The excitation and the adaptive codebook, which is its past (TS 26.090, section 5.6).

use super::arithmetic::{left_32, peak, plus_product, product, rounded, to_16};
use super::lag::{LONGEST, Lag};
use codec_core::codecs::amr::nb::decoder_tables::INTER_6_PRED;

/// A sub-frame of it.
pub(super) type Sub = [i16; SUB];

pub(super) const SUB: usize = 40;

/// How far a lag and the filter of fractions look back.
const PAST: usize = LONGEST as usize + 11;

/// Taps on either side of a fraction.
const SIDE: usize = 10;

/// Samples that are reckoned at a time: the shortest lag reaches no further into them.
const RUN: usize = 8;

/// Twice what saturates.
const ROOM: i64 = 1 << 30;

/// The past, and the sub-frame at work.
pub(super) struct Excitation([i16; PAST + SUB]);

impl Excitation {
    pub(super) const fn new() -> Self {
        Self([0; PAST + SUB])
    }

    /// The sub-frame at work.
    pub(super) fn sub(&mut self) -> &mut Sub {
        self.0.last_chunk_mut().expect("longer than a sub-frame")
    }

    /// Makes the sub-frame at work past.
    pub(super) fn pass(&mut self) {
        self.0.copy_within(SUB.., 0);
    }

    /// Takes off two bits of all of it.
    pub(super) fn quieten(&mut self) {
        self.0.iter_mut().for_each(|sample| *sample >>= 2);
    }

    /// Fills the sub-frame at work with the past at the distance of `lag` (`Pred_lt_3or6`).
    pub(super) fn repeat(&mut self, lag: Lag) {
        let (phase, back) = if lag.sixths > 0 { (6 - lag.sixths, 1) } else { (-lag.sixths, 0) };
        let reach = (lag.whole + back).clamp(SIDE as i16 + RUN as i16, LONGEST + 2) as usize;
        let start = PAST - reach + 1 - SIDE;
        let taps = taps(phase as usize);
        let gain: i64 = taps.iter().map(|&tap| i64::from(tap).abs()).sum();
        for run in (0..SUB).step_by(RUN) {
            let window: &[i16; 2 * SIDE + RUN - 1] =
                self.0[start + run..].first_chunk().expect("the filter stays within");
            let is_loud = i64::from(peak(window)) * gain >= ROOM;
            let sums: [i16; RUN] = std::array::from_fn(|place| {
                let window: &[i16; 2 * SIDE] = window[place..].first_chunk().expect("a run is that long");
                if is_loud { saturating(window, &taps) } else { weighted(window, &taps) }
            });
            self.0[PAST + run..PAST + run + RUN].copy_from_slice(&sums);
        }
    }
}

/// The filter of a fraction, oldest sample first.
fn taps(phase: usize) -> [i16; 2 * SIDE] {
    std::array::from_fn(|tap| match tap.checked_sub(SIDE) {
        None => INTER_6_PRED[phase + 6 * (SIDE - 1 - tap)],
        Some(ahead) => INTER_6_PRED[6 - phase + 6 * ahead],
    })
}

fn weighted(window: &[i16; 2 * SIDE], taps: &[i16; 2 * SIDE]) -> i16 {
    let products = window.iter().zip(taps).map(|(&sample, &tap)| i32::from(sample) * i32::from(tap));
    to_16((products.sum::<i32>() + (1 << 14)) >> 15)
}

/// In the order of the reference, from the middle outwards.
fn saturating(window: &[i16; 2 * SIDE], taps: &[i16; 2 * SIDE]) -> i16 {
    let sum = (0..SIDE).fold(0, |sum, distance| {
        let [before, after] = [SIDE - 1 - distance, SIDE + distance];
        plus_product(plus_product(sum, window[before], taps[before]), window[after], taps[after])
    });
    rounded(sum)
}

/// Shares of the adaptive codebook and of the pulses, and by how much their sum is shifted.
#[derive(Clone, Copy)]
pub(super) struct Mix {
    pub(super) pitch: i16,
    pub(super) pulses: i16,
    pub(super) shift: i16,
}

impl Mix {
    /// The sum of both.
    pub(super) fn of(self, repeated: &Sub, pulses: &Sub) -> Sub {
        let [pitch, share] = [self.pitch, self.pulses].map(i64::from);
        let loudest = i64::from(peak(repeated)) * pitch.abs() + i64::from(peak(pulses)) * share.abs();
        let plain = |place: usize| {
            let repeated = i32::from(repeated[place]) * i32::from(self.pitch);
            let sum = repeated + i32::from(pulses[place]) * i32::from(self.pulses);
            to_16((sum + (1 << (14 - self.shift))) >> (15 - self.shift))
        };
        let saturating = |place: usize| {
            let sum = plus_product(product(repeated[place], self.pitch), pulses[place], self.pulses);
            rounded(left_32(sum, self.shift))
        };
        if loudest < ROOM - (1 << 14) { std::array::from_fn(plain) } else { std::array::from_fn(saturating) }
    }
}
