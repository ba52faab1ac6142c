//! Gains of the adaptive codebook and of the pulses (TS 26.090, sections 5.8 and 6.1; TS 26.091).

use super::arithmetic::{
    Headroom, energy, halves, left, left_32, less_product, median, plus_product, product, quotient, right_32, rounded,
    times, upper, wide_product,
};
use super::excitation::Sub;
use super::logarithm::{log2, log2_of_shifted, pow2};
use super::parameters::{MODE_59, MODE_67, MODE_74, MODE_102, MODE_122, MODE_475, MODE_795};
use super::spectrum::Lines;
use codec_core::codecs::amr::nb::decoder_tables as tables;

/// Both gains of a sub-frame.
#[derive(Clone, Copy)]
pub(super) struct Gains {
    pub(super) pitch: i16,
    pub(super) pulses: i16,
}

/// Whether this frame and the one before arrived, and what was heard behind them.
#[derive(Clone, Copy)]
pub(super) struct Quality {
    pub(super) is_bad: bool,
    pub(super) was_bad: bool,
    pub(super) is_noisy: bool,
    pub(super) unvoiced_frames: i16,
}

impl Quality {
    pub(super) const fn is_doubtful(self) -> bool {
        self.is_bad || self.was_bad
    }
}

/// Predicts the gain of the pulses by those of the last four sub-frames, the latest first (`gc_predState`).
pub(super) struct Predictor {
    decibels: [i16; 4],
    logarithms: [i16; 4],
}

const QUIETEST_DECIBELS: i16 = -14_336;
const QUIETEST_LOGARITHM: i16 = -2_381;

impl Predictor {
    pub(super) const fn new() -> Self {
        Self { decibels: [QUIETEST_DECIBELS; 4], logarithms: [QUIETEST_LOGARITHM; 4] }
    }

    /// Starts anew at the level of silence, a logarithm.
    pub(super) fn start_at(&mut self, level: i16) {
        let decibels = (level >> 1).saturating_sub(9_000).clamp(-14_436, 0);
        *self = Self { decibels: [decibels; 4], logarithms: [times(5_443, decibels); 4] };
    }

    fn push(&mut self, logarithm: i16, decibel: i16) {
        let [first, second, third, _] = self.logarithms;
        self.logarithms = [logarithm, first, second, third];
        let [first, second, third, _] = self.decibels;
        self.decibels = [decibel, first, second, third];
    }

    /// Learns the mean of what it knows (`gc_pred_average_limited`).
    fn push_mean(&mut self) {
        let mean = |values: [i16; 4]| times(values.into_iter().fold(0, i16::saturating_add), 8_192);
        let logarithm = mean(self.logarithms).max(QUIETEST_LOGARITHM);
        self.push(logarithm, mean(self.decibels).max(QUIETEST_DECIBELS));
    }

    /// Exponent and fraction of the logarithm of the gain (`gc_pred`).
    fn predict(&self, mode: u8, pulses: &Sub) -> (i16, i16) {
        if mode == MODE_122 { self.predict_122(pulses) } else { self.predict_decibels(mode, pulses) }
    }

    fn predict_122(&self, pulses: &Sub) -> (i16, i16) {
        const MEAN: i32 = 783_741;
        const SHARES: [i16; 4] = [44, 37, 22, 12];
        let (exponent, fraction) = log2(product(rounded(energy(pulses)), 26_214));
        let measured = whole((exponent - 30, fraction));
        let past = self.logarithms.iter().zip(SHARES);
        let predicted = past.fold(MEAN, |sum, (&past, share)| plus_product(sum, past, share));
        halves(predicted.saturating_sub(measured) >> 1)
    }

    fn predict_decibels(&self, mode: u8, pulses: &Sub) -> (i16, i16) {
        const SHARES: [i16; 4] = [5_571, 4_751, 2_785, 1_556];
        let energy = energy(pulses);
        let shift = energy.headroom();
        let logarithm = wide_product(whole(log2_of_shifted(left_32(energy, shift), shift)), -24_660);
        let (mean, scale) = match mode {
            MODE_74 => (32_588, 32),
            MODE_67 => (32_268, 32),
            MODE_795 => (17_062, 64),
            _ => (16_678, 64),
        };
        let sum = left_32(plus_product(logarithm, mean, scale), 10);
        let past = SHARES.iter().zip(self.decibels);
        let sum = past.fold(sum, |sum, (&share, past)| plus_product(sum, share, past));
        halves(product(upper(sum), if mode == MODE_74 { 5_439 } else { 5_443 }) >> 8)
    }

    /// Both gains of the rates that code them as one (`Dec_gain`).
    pub(super) fn both(&mut self, mode: u8, code: u16, pulses: &Sub, is_even: bool) -> Gains {
        let [pitch, factor, logarithm, decibel] = joint_entry(mode, usize::from(code), is_even);
        let (exponent, fraction) = self.predict(mode, pulses);
        let sum = product(factor, pow2(14, fraction) as i16);
        self.push(logarithm, decibel);
        Gains { pitch, pulses: upper(right_32(sum, 10_i16.saturating_sub(exponent))) }
    }

    /// The gain of the pulses where it has a code of its own (`d_gain_code`).
    pub(super) fn pulses(&mut self, mode: u8, code: u16, pulses: &Sub) -> i16 {
        let [factor, logarithm, decibel] = entry(&tables::QUA_GAIN_CODE, usize::from(code));
        let (exponent, fraction) = self.predict(mode, pulses);
        self.push(logarithm, decibel);
        if mode == MODE_122 {
            return left(times(left(pow2(exponent, fraction) as i16, 4), factor), 1);
        }
        let sum = product(factor, pow2(14, fraction) as i16);
        upper(right_32(sum, 9_i16.saturating_sub(exponent)))
    }
}

/// Exponent and fraction as one.
fn whole((exponent, fraction): (i16, i16)) -> i32 {
    (i32::from(exponent) << 16) + 2 * i32::from(fraction)
}

fn entry<const N: usize>(book: &[i16], number: usize) -> [i16; N] {
    book.get(number * N..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
}

/// Gain of the adaptive codebook, factor of the predicted gain, and the factor's logarithm and decibels.
fn joint_entry(mode: u8, code: usize, is_even: bool) -> [i16; 4] {
    match mode {
        MODE_102 | MODE_74 | MODE_67 => entry(&tables::GAIN_HIGHRATES, code),
        MODE_475 => {
            let [pitch, factor]: [i16; 2] = entry(&tables::GAIN_MR475, 2 * code + usize::from(!is_even));
            let (exponent, fraction) = log2(i32::from(factor));
            let exponent = exponent - 12;
            let logarithm = ((fraction >> 5) + (fraction >> 4 & 1)).saturating_add(left(exponent, 10));
            [pitch, factor, logarithm, rounded(left_32(wide_product(whole((exponent, fraction)), 24_660), 13))]
        }
        _ => entry(&tables::GAIN_LOWRATES, code),
    }
}

/// The gain of the adaptive codebook where it has a code of its own (`d_gain_pitch`).
pub(super) fn pitch(mode: u8, code: u16) -> i16 {
    let gain = tables::QUA_GAIN_PITCH[usize::from(code & 15)];
    if mode == MODE_122 { gain & !3 } else { gain }
}

/// Makes up gains for frames that are lost, from the last five sub-frames' (`ec_gain_pitch`, `ec_gain_code`).
pub(super) struct Concealer {
    gains: [i16; 5],
    last: i16,
    last_good: i16,
    /// How far it fades, by how long frames have been lost, and the most it remembers.
    fading: [i16; 7],
    most: i16,
}

impl Concealer {
    /// That of the adaptive codebook.
    pub(super) const fn of_pitch() -> Self {
        let fading = [32_767, 32_112, 32_112, 26_214, 9_830, 6_553, 6_553];
        Self { gains: [1_640; 5], last: 0, last_good: 16_384, fading, most: 16_384 }
    }

    /// That of the pulses.
    pub(super) const fn of_pulses() -> Self {
        let fading = [32_767, 32_112, 32_112, 32_112, 32_112, 32_112, 22_937];
        Self { gains: [1; 5], last: 0, last_good: 1, fading, most: i16::MAX }
    }

    /// A gain after frames were lost `state` times.
    pub(super) fn make_up(&self, state: usize) -> i16 {
        times(median(&self.gains).min(self.last), self.fading[state])
    }

    /// A gain of the pulses, which the predictor is told of.
    pub(super) fn make_up_pulses(&self, state: usize, predictor: &mut Predictor) -> i16 {
        predictor.push_mean();
        self.make_up(state)
    }

    /// Learns a gain; returns it, or less of it after a loss.
    pub(super) fn learn(&mut self, quality: Quality, gain: i16) -> i16 {
        let mut gain = gain;
        if !quality.is_bad {
            if quality.was_bad {
                gain = gain.min(self.last_good);
            }
            self.last_good = gain;
        }
        self.last = gain.min(self.most);
        let [_, second, third, fourth, fifth] = self.gains;
        self.gains = [second, third, fourth, fifth, self.last];
        gain
    }
}

/// Evens out the gain of the pulses in steady noise (`Cb_gain_average`).
pub(super) struct Smoother {
    gains: [i16; 7],
    moving_subs: i16,
    steady_subs: i16,
}

/// Motion of the spectrum over which nothing is steady.
const MOVING: i16 = 5_325;

impl Smoother {
    /// `moving_subs`: for how many sub-frames the spectrum is taken to have moved.
    pub(super) const fn new(moving_subs: i16) -> Self {
        Self { gains: [0; 7], moving_subs, steady_subs: 0 }
    }

    /// The gain to use where `lines` are a sub-frame's and `mean` what they are on average.
    pub(super) fn smooth(&mut self, mode: u8, gain: i16, lines: &Lines, mean: &Lines, quality: Quality) -> i16 {
        self.gains.copy_within(1.., 0);
        self.gains[6] = gain;
        let motion = motion(lines, mean);
        self.moving_subs = if motion > MOVING { self.moving_subs.saturating_add(1) } else { 0 };
        if self.moving_subs > 10 {
            self.steady_subs = 0;
        }
        let is_smoothed = mode <= MODE_67 || mode == MODE_102;
        let smoothed = if is_smoothed { self.mixed(mode, gain, motion, quality) } else { gain };
        self.steady_subs = self.steady_subs.saturating_add(1);
        smoothed
    }

    fn mixed(&self, mode: u8, gain: i16, motion: i16, quality: Quality) -> i16 {
        let is_noise = quality.is_doubtful() && quality.is_noisy && mode <= MODE_59;
        let threshold = if is_noise && quality.unvoiced_frames > 1 { 4_506 } else { 3_277 };
        let excess = motion.saturating_sub(threshold).max(0);
        let is_moving = self.steady_subs < 40 || motion > MOVING;
        let own = if is_moving || excess > 2_048 { 8_192 } else { left(excess, 2) };
        let (gains, share) = if is_noise { (&self.gains[..], 4_681) } else { (&self.gains[2..], 6_554) };
        let mean = rounded(gains.iter().fold(0, |sum, &gain| plus_product(sum, share, gain)));
        let sum = plus_product(product(own, gain), 8_192, mean);
        rounded(left_32(less_product(sum, own, mean), 2))
    }
}

/// How far lines are from their mean, each measured by its own.
fn motion(lines: &Lines, mean: &Lines) -> i16 {
    lines.iter().zip(mean).fold(0, |sum: i16, (&line, &mean)| {
        let distance = mean.saturating_sub(line).saturating_abs();
        let (shift, shift_mean) = (distance.headroom() - 1, mean.headroom());
        let ratio = quotient(left(distance, shift), left(mean, shift_mean));
        sum.saturating_add(left(ratio, shift_mean - shift - 2))
    })
}
