//! The one transform of a frame that its spectrum and its pitch share.

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Samples of the window around a frame: 40 ms, three periods of the lowest pitch (Boersma 1993).
pub(super) const WINDOW: usize = 320;

/// Length of the transform; past `WINDOW + LAGS`, so that autocorrelation does not wrap around.
const TRANSFORM: usize = 512;

/// Bins of a spectrum, [`BIN_HZ`] apart.
pub(super) const BINS: usize = TRANSFORM / 2 + 1;

/// Width of a bin at the analysis rate.
pub(super) const BIN_HZ: f32 = 8_000.0 / TRANSFORM as f32;

/// Lags that an autocorrelation has: past the period of the lowest pitch, and far from wrapping around,
/// which starts at `TRANSFORM - WINDOW`.
pub(super) const LAGS: usize = 112;

/// Bins that autocorrelation looks at: above hum, below where voices turn to noise.
const VOICED_BINS: std::ops::RangeInclusive<usize> = 4..=128;

/// Power spectra and autocorrelations of windows, in buffers of its own.
pub(super) struct Spectrum {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
    /// One over the autocorrelation of the window, by lag, relative to lag 0.
    window_correction: Vec<f32>,
    time: Vec<f32>,
    bins: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    power: Vec<f32>,
}

impl Spectrum {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(TRANSFORM), planner.plan_fft_inverse(TRANSFORM));
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        let window: Vec<f32> =
            (0..WINDOW).map(|n| (0.5 - 0.5 * (TAU * (n as f64 + 0.5) / WINDOW as f64).cos()) as f32).collect();
        Self {
            time: forward.make_input_vec(),
            bins: forward.make_output_vec(),
            scratch: vec![Complex::default(); scratch],
            power: vec![0.0; BINS],
            window_correction: correction(&window),
            forward,
            inverse,
            window,
        }
    }

    /// The power of `samples` by bin, such that its sum is the mean square of the windowed samples.
    pub(super) fn power(&mut self, samples: &[f32; WINDOW]) -> &[f32] {
        for ((out, sample), weight) in self.time.iter_mut().zip(samples).zip(&self.window) {
            *out = sample * weight;
        }
        self.time[WINDOW..].fill(0.0);
        self.forward
            .process_with_scratch(&mut self.time, &mut self.bins, &mut self.scratch)
            .expect("the buffers have the plan's lengths");
        for (power, bin) in self.power.iter_mut().zip(&self.bins) {
            *power = bin.norm_sqr() * (2.0 / (TRANSFORM * WINDOW) as f32);
        }
        &self.power
    }

    /// The autocorrelation of the samples last given to [`Spectrum::power`], by lag, 1 at lag 0,
    /// corrected for the window (Boersma 1993, equation 9); all 0 where there is nothing voiced.
    pub(super) fn autocorrelation(&mut self) -> &[f32] {
        self.bins.fill(Complex::default());
        for bin in VOICED_BINS {
            self.bins[bin].re = self.power[bin];
        }
        self.inverse
            .process_with_scratch(&mut self.bins, &mut self.time, &mut self.scratch)
            .expect("the buffers have the plan's lengths, and both ends are real");
        let energy = self.time[0];
        let scale = if energy > 0.0 { 1.0 / energy } else { 0.0 };
        for (value, correction) in self.time.iter_mut().zip(&self.window_correction) {
            *value *= correction * scale;
        }
        &self.time[..LAGS]
    }
}

fn correction(window: &[f32]) -> Vec<f32> {
    let at = |lag: usize| -> f64 { window[lag..].iter().zip(window).map(|(a, b)| f64::from(a * b)).sum() };
    let energy = at(0);
    (0..LAGS).map(|lag| (energy / at(lag)) as f32).collect()
}
