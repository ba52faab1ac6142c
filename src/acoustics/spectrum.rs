//! The one transform of a frame that its spectrum and its pitch share.

use super::fft::{Complexes, Fft, LENGTH};
use std::f64::consts::TAU;

/// Samples of the window around a frame: 40 ms, three periods of the lowest pitch (Boersma 1993).
pub(super) const WINDOW: usize = 320;

/// Length of the transform; past `WINDOW + LAGS`, so that autocorrelation does not wrap around. Half as many
/// complex numbers hold it.
const TRANSFORM: usize = 2 * LENGTH;

/// Bins of a spectrum, [`BIN_HZ`] apart.
pub(super) const BINS: usize = TRANSFORM / 2 + 1;

/// Width of a bin at the analysis rate.
pub(super) const BIN_HZ: f32 = 8_000.0 / TRANSFORM as f32;

/// Lags that an autocorrelation has: past the period of the lowest pitch, and far from wrapping around,
/// which starts at `TRANSFORM - WINDOW`.
pub(super) const LAGS: usize = 112;

/// Bins that autocorrelation leaves out, at the low end: hum.
const HUM_BINS: usize = 4;

/// Power spectra and autocorrelations of windows, in buffers of its own.
pub(super) struct Spectrum {
    fft: Fft,
    window: Vec<f32>,
    /// One over the autocorrelation of the window, by lag, relative to lag 0.
    window_correction: [f32; LAGS],
    /// What an autocorrelation must be multiplied with, by lag, for its peaks to be where the periods are: the
    /// window's correction is not quite that of the compressed spectrum. Their heights are better without,
    /// since double periods gain most by it.
    lean: [f32; LAGS],
    /// How much each bin counts in the autocorrelation.
    weights: [f32; BINS],
    /// `exp(-i tau n / TRANSFORM)`.
    turns: Complexes,
    numbers: Complexes,
    power: [f32; BINS],
    correlation: [f32; LAGS],
}

impl Spectrum {
    pub(super) fn new() -> Self {
        let window: Vec<f32> =
            (0..WINDOW).map(|n| (0.5 - 0.5 * (TAU * (n as f64 + 0.5) / WINDOW as f64).cos()) as f32).collect();
        let mut spectrum = Self {
            fft: Fft::new(),
            window_correction: [1.0; LAGS],
            lean: [1.0; LAGS],
            weights: [1.0; BINS],
            turns: Complexes::turned(|n| n as f64 / TRANSFORM as f64),
            numbers: Complexes::ZERO,
            power: [0.0; BINS],
            correlation: [0.0; LAGS],
            window,
        };
        spectrum.power(&[1.0; WINDOW]);
        let (&compressed, _) = spectrum.autocorrelation();
        spectrum.window_correction = correction(&spectrum.window);
        spectrum.lean = std::array::from_fn(|lag| 1.0 / (compressed[lag] * spectrum.window_correction[lag]));
        spectrum.weights = std::array::from_fn(weight);
        spectrum
    }

    /// The power of `samples` by bin, such that its sum is the mean square of the windowed samples.
    #[inline(always)]
    pub(super) fn power(&mut self, samples: &[f32; WINDOW]) -> &[f32; BINS] {
        let (re, im) = (self.numbers.re.as_flattened_mut(), self.numbers.im.as_flattened_mut());
        let pairs = samples.as_chunks::<2>().0.iter().zip(self.window.as_chunks::<2>().0);
        for ((re, im), (sample, weight)) in re.iter_mut().zip(im.iter_mut()).zip(pairs) {
            *re = sample[0] * weight[0];
            *im = sample[1] * weight[1];
        }
        re[WINDOW / 2..].fill(0.0);
        im[WINDOW / 2..].fill(0.0);
        self.fft.transform(&mut self.numbers);
        self.unfold();
        &self.power
    }

    /// Powers of the real signal whose even samples were the real parts and whose odd ones the imaginary
    /// parts: each bin and its mirror image hold two bins of it.
    #[inline(always)]
    fn unfold(&mut self) {
        const HALF: usize = LENGTH / 2;
        const SCALE: f32 = 0.5 / (TRANSFORM * WINDOW) as f32;
        let (re, im) = (self.numbers.re.as_flattened(), self.numbers.im.as_flattened());
        let (turn_re, turn_im) = (self.turns.re.as_flattened(), self.turns.im.as_flattened());
        let (low, high) = self.power.split_at_mut(HALF + 1);
        low[0] = (re[0] + im[0]).powi(2) * (4.0 * SCALE);
        high[HALF - 1] = (re[0] - im[0]).powi(2) * (4.0 * SCALE);
        let mut mirrored = [0.0; HALF];
        for (n, mirrored) in mirrored.iter_mut().enumerate() {
            let (bin, mirror) = (n + 1, LENGTH - 1 - n);
            let (even_re, even_im) = (re[bin] + re[mirror], im[bin] - im[mirror]);
            let (odd_re, odd_im) = (im[bin] + im[mirror], re[mirror] - re[bin]);
            let turned_re = odd_re * turn_re[bin] - odd_im * turn_im[bin];
            let turned_im = odd_re * turn_im[bin] + odd_im * turn_re[bin];
            low[bin] = ((even_re + turned_re).powi(2) + (even_im + turned_im).powi(2)) * SCALE;
            *mirrored = ((even_re - turned_re).powi(2) + (even_im - turned_im).powi(2)) * SCALE;
        }
        for (power, mirrored) in high[..HALF - 1].iter_mut().zip(mirrored[..HALF - 1].iter().rev()) {
            *power = *mirrored;
        }
    }

    /// The autocorrelation of the samples last given to [`Spectrum::power`], by lag, 1 at lag 0,
    /// corrected for the window (Boersma 1993, equation 9); all 0 where there is nothing but hum. The power
    /// is lost. Beside it what puts its peaks right, by lag (`lean`).
    #[inline(always)]
    pub(super) fn autocorrelation(&mut self) -> (&[f32; LAGS], &[f32; LAGS]) {
        self.compress();
        self.fold();
        self.fft.transform(&mut self.numbers);
        let (re, im) = (self.numbers.re.as_flattened(), self.numbers.im.as_flattened());
        let scale = if re[0] > 0.0 { 1.0 / re[0] } else { 0.0 };
        let pairs = self.correlation.as_chunks_mut::<2>().0.iter_mut().zip(self.window_correction.as_chunks::<2>().0);
        for ((out, correction), (even, odd)) in pairs.zip(re.iter().zip(im)) {
            out[0] = even * correction[0] * scale;
            out[1] = odd * correction[1] * scale;
        }
        (&self.correlation, &self.lean)
    }

    /// Raises the power to 3/4, which makes less of strong formants and more of weak harmonics
    /// (Tolonen and Karjalainen 2000 take 1/3), and weighs it.
    #[inline(always)]
    fn compress(&mut self) {
        for (power, weight) in self.power.iter_mut().zip(&self.weights) {
            let magnitude = power.sqrt();
            *power = magnitude * magnitude.sqrt() * weight;
        }
    }

    /// The reverse of [`Spectrum::unfold`] for a spectrum that is real and so the same forwards and backwards.
    #[inline(always)]
    fn fold(&mut self) {
        let (re, im) = (self.numbers.re.as_flattened_mut(), self.numbers.im.as_flattened_mut());
        let (turn_re, turn_im) = (self.turns.re.as_flattened(), self.turns.im.as_flattened());
        let mut mirrored = [0.0; LENGTH];
        for (mirrored, power) in mirrored.iter_mut().zip(self.power[1..].iter().rev()) {
            *mirrored = *power;
        }
        for bin in 0..LENGTH {
            let (sum, difference) = (self.power[bin] + mirrored[bin], self.power[bin] - mirrored[bin]);
            re[bin] = sum - difference * turn_im[bin];
            im[bin] = difference * turn_re[bin];
        }
    }
}

/// Nothing of hum, and less of high bins, which have more noise and narrower peaks than a parabola fits.
fn weight(bin: usize) -> f32 {
    if bin < HUM_BINS { 0.0 } else { (0.5 + 0.5 * (TAU * bin as f64 / TRANSFORM as f64).cos()) as f32 }
}

fn correction(window: &[f32]) -> [f32; LAGS] {
    let at = |lag: usize| -> f64 { window[lag..].iter().zip(window).map(|(a, b)| f64::from(a * b)).sum() };
    let energy = at(0);
    std::array::from_fn(|lag| (energy / at(lag)) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something with no symmetry, so that a bin taken for another shows.
    fn window() -> [f32; WINDOW] {
        std::array::from_fn(|n| ((n * n + 7 * n) % 101) as f32 / 101.0 - 0.4)
    }

    #[test]
    fn power_is_that_of_the_sums_that_define_it() {
        let samples = window();
        let mut spectrum = Spectrum::new();
        let power = *spectrum.power(&samples);
        for (bin, &found) in power.iter().enumerate() {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, (&sample, &weight)) in samples.iter().zip(&spectrum.window).enumerate() {
                let (sin, cos) = (TAU * (bin * n % TRANSFORM) as f64 / TRANSFORM as f64).sin_cos();
                re += f64::from(sample * weight) * cos;
                im += f64::from(sample * weight) * sin;
            }
            let expected = (re * re + im * im) * 2.0 / (TRANSFORM * WINDOW) as f64;
            assert!((f64::from(found) - expected).abs() < 1e-6 * (1.0 + expected), "bin {bin}: {found} for {expected}");
        }
    }

    #[test]
    fn autocorrelation_is_the_sum_of_cosines() {
        let mut spectrum = Spectrum::new();
        let power = *spectrum.power(&window());
        let (&found, _) = spectrum.autocorrelation();
        // Bins from 1 to the last but one stand for themselves and their mirror images.
        let at = |lag: usize| -> f64 {
            (HUM_BINS..BINS)
                .map(|bin| {
                    let twice = if bin == BINS - 1 { 1.0 } else { 2.0 };
                    twice
                        * f64::from(power[bin]).powf(0.75)
                        * f64::from(weight(bin))
                        * (TAU * (bin * lag % TRANSFORM) as f64 / TRANSFORM as f64).cos()
                })
                .sum()
        };
        for (lag, &found) in found.iter().enumerate() {
            let expected = at(lag) / at(0) * f64::from(spectrum.window_correction[lag]);
            assert!((f64::from(found) - expected).abs() < 1e-4, "lag {lag}: {found} for {expected}");
        }
    }
}
