//! What is done to the synthesised sound: the filter that brings out formants and the high-pass (TS 26.090,
//! sections 6.2.1 and 6.2.2).

use super::arithmetic::{
    Headroom, energy, left_32, peak, plus_product, quotient, rounded, times, to_16, upper, wide_product,
};
use super::excitation::Sub;
use super::filters::{Coefficients, ORDER, residual, synthesised, untilt, widened};
use super::logarithm::inverse_root;
use super::parameters::{MODE_102, MODE_122};
use codec_core::codecs::amr::nb::decoder_tables::{GAMMA3, GAMMA3_MR122, GAMMA4, GAMMA4_MR122};

/// A frame of sound.
pub(super) type Frame = [i16; 160];

/// The memory of both filters (`Post_FilterState`, `Post_ProcessState`).
pub(super) struct Post {
    /// The last samples before the filter.
    past: [i16; ORDER],
    /// The last samples of its resonances.
    resonant: [i16; ORDER],
    untilted: i16,
    gain: i16,
    /// The last two samples that went into the high-pass, and out of it.
    inputs: [i16; 2],
    outputs: [i32; 2],
}

/// How many samples of the response tell the tilt.
const RESPONSE: usize = 22;

impl Post {
    pub(super) const fn new() -> Self {
        let (past, resonant) = ([0; ORDER], [0; ORDER]);
        Self { past, resonant, untilted: 0, gain: 4_096, inputs: [0; 2], outputs: [0; 2] }
    }

    /// Filters a frame; `filters` are those of its sub-frames.
    pub(super) fn process(&mut self, mode: u8, frame: &mut Frame, filters: &[Coefficients; 4]) {
        let is_high = matches!(mode, MODE_102 | MODE_122);
        let factors = if is_high { [&GAMMA3_MR122, &GAMMA4_MR122] } else { [&GAMMA3, &GAMMA4] };
        let mut signal = [0; ORDER + 40];
        signal[..ORDER].copy_from_slice(&self.past);
        for (sub, filter) in frame.as_chunks_mut::<40>().0.iter_mut().zip(filters) {
            signal[ORDER..].copy_from_slice(sub);
            *sub = self.formants(&signal, factors.map(|factors| widened(filter, factors)));
            signal.copy_within(40.., 0);
        }
        self.past.copy_from_slice(&signal[..ORDER]);
        self.high_pass(frame);
    }

    /// `Post_Filter` of the last 40 samples of `signal`.
    fn formants(&mut self, signal: &[i16; ORDER + 40], [zeros, poles]: [Coefficients; 2]) -> Sub {
        let mut residual = residual(&zeros, signal);
        untilt(&mut residual, tilt(&zeros, &poles), &mut self.untilted);
        let mut filtered = [0; 40];
        synthesised(&poles, &residual, &self.resonant, &mut filtered);
        self.resonant = *filtered.last_chunk().expect("40 samples");
        let before = signal.last_chunk().expect("longer than a sub-frame");
        self.control(before, &mut filtered);
        filtered
    }

    /// Brings the sound to the loudness it had before, step by step (`agc`).
    fn control(&mut self, before: &Sub, sound: &mut Sub) {
        const SHARE: i16 = 29_491;
        let Some(gain) = gain_between(before, sound) else {
            self.gain = 0;
            return;
        };
        let step = times(gain, i16::MAX - SHARE);
        for sample in sound {
            self.gain = times(self.gain, SHARE).saturating_add(step);
            *sample = amplified(*sample, self.gain);
        }
    }

    /// `Post_Process`: 60 Hz, and twice the amplitude.
    fn high_pass(&mut self, frame: &mut Frame) {
        let (inputs, outputs, signal) = (self.inputs, self.outputs, *frame);
        let loudest = i64::from(peak(frame).max(peak(&inputs)));
        let fed_back = self.passed(frame, |fed_back, [new, old, oldest]| {
            let weighted = 2 * (7_699 * (i32::from(new) + i32::from(oldest)) - 15_398 * i32::from(old));
            fed_back.wrapping_add(weighted)
        });
        if i64::from(fed_back) + loudest * 4 * 15_398 > i64::from(i32::MAX) {
            // So loud that a sum saturates on the way.
            (self.inputs, self.outputs, *frame) = (inputs, outputs, signal);
            self.passed(frame, |fed_back, [new, old, oldest]| {
                let sum = plus_product(fed_back, new, 7_699);
                plus_product(plus_product(sum, old, -15_398), oldest, 7_699)
            });
        }
    }

    /// Passes a frame through the high-pass, which sums up by `sum`; returns the most that was fed back.
    fn passed(&mut self, frame: &mut Frame, sum: impl Fn(i32, [i16; 3]) -> i32) -> i32 {
        let mut most = 0;
        for sample in frame {
            let fed_back = wide_product(self.outputs[0], 15_836) + wide_product(self.outputs[1], -7_667);
            most = fed_back.abs().max(most);
            let sum = match sum(fed_back, [*sample, self.inputs[0], self.inputs[1]]) {
                ..-0x2000_0000 => i32::MIN,
                0x2000_0000.. => i32::MAX,
                sum => sum << 2,
            };
            self.inputs = [*sample, self.inputs[0]];
            self.outputs = [sum, self.outputs[0]];
            *sample = to_16((sum >> 1).saturating_add(1 << 13) >> 14);
        }
        most
    }
}

/// A sample times a gain of 12 bits after the point.
pub(super) fn amplified(sample: i16, gain: i16) -> i16 {
    to_16((i32::from(sample) * i32::from(gain)) >> 12)
}

/// The share of the sample before that makes up for the tilt of both filters.
fn tilt(zeros: &Coefficients, poles: &Coefficients) -> i16 {
    let mut response = [0; RESPONSE];
    response[..=ORDER].copy_from_slice(zeros);
    let input = response;
    synthesised(poles, &input, &[0; ORDER], &mut response);
    let whole = upper(energy(&response));
    let pairs = response.iter().zip(&response[1..]);
    let next = upper(pairs.fold(0, |sum, (&a, &b)| plus_product(sum, a, b)));
    if next <= 0 { 0 } else { quotient(times(next, 26_214), whole) }
}

/// The gain that gives `sound` the energy of `before`; none where it is silent (`agc`, `agc2`).
pub(super) fn gain_between(before: &Sub, sound: &Sub) -> Option<i16> {
    let [before, sound] = [before, sound].map(scaled_energy);
    if sound == 0 {
        return None;
    }
    if before == 0 {
        return Some(0);
    }
    let (shift, shift_before) = (sound.headroom() - 1, before.headroom());
    let share = quotient(rounded(left_32(sound, shift)), rounded(left_32(before, shift_before)));
    let share = left_32(left_32(i32::from(share), 7), shift_before - shift);
    Some(rounded(left_32(inverse_root(share), 9)))
}

/// Energy in which nothing saturates (`energy_new`).
fn scaled_energy(sub: &Sub) -> i32 {
    match energy(sub) {
        i32::MAX => energy(&sub.map(|sample| sample >> 2)),
        energy => energy >> 4,
    }
}
