//! What is kept of each frame of 10 ms, and how it is measured.

use super::anger::colour::{self, Colour};
use super::decibels::half_decibels;
use super::pitch::{self, Candidate};
use super::spectrum::{BIN_HZ, BINS, Spectrum, WINDOW};

/// Samples of a frame at the analysis rate.
pub(super) const FRAME: usize = 80;

/// Samples of the window before the frame, so that the frame lies in its middle.
pub(super) const BEFORE: usize = (WINDOW - FRAME) / 2;

/// Bands whose levels tell speech from noise.
pub(super) const BANDS: usize = 12;

/// Edges of the bands: above mains hum and its first harmonic, within what a telephone carries, wider as they rise.
const EDGES_HZ: [f32; BANDS + 1] =
    [150.0, 300.0, 450.0, 620.0, 800.0, 1_000.0, 1_230.0, 1_500.0, 1_820.0, 2_200.0, 2_650.0, 3_150.0, 3_600.0];

/// A frame under this mean square (-90 dBFS, a bit of 15) is silence and is not transformed.
const SILENCE: f32 = 1e-9;

/// All that is kept of a frame: 40 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Frame {
    /// Mean square of its samples.
    pub mean_square: f32,
    /// Levels of its bands, in half decibels over -110 dBFS.
    pub bands: [u8; BANDS],
    /// How voiced it is and how high.
    pub candidate: Candidate,
    /// Level and colour of what a telephone carries of it.
    pub colour: Colour,
}

/// One frame in the middle of `window`, measured; `gate` is the channel's.
#[inline(always)]
pub(super) fn measured(window: &[f32; WINDOW], spectrum: &mut Spectrum, gate: &mut Gate) -> Frame {
    let mean_square = sum_of_squares(&window[BEFORE..BEFORE + FRAME]) / FRAME as f32;
    if sum_of_squares(window) < SILENCE * WINDOW as f32 {
        return Frame { mean_square, ..Frame::default() };
    }
    let power = spectrum.power(window);
    let bands = band_levels(power);
    if !gate.opens(&bands) {
        return Frame { mean_square, bands, ..Frame::default() };
    }
    let colour = colour::of(power);
    let (autocorrelation, lean) = spectrum.autocorrelation();
    Frame { mean_square, bands, candidate: pitch::candidate(autocorrelation, lean), colour }
}

/// Saves the search for a pitch where a channel is no louder than in its softest moments of late:
/// [`super::activity`] would not listen to it.
pub(super) struct Gate {
    smooth: [f32; GATE_BANDS],
    /// The least smoothed levels of the second before, and of this one so far.
    least: [[f32; GATE_BANDS]; 2],
    frames: u32,
}

impl Gate {
    /// Open for the first second.
    pub(super) fn new() -> Self {
        Self { smooth: [LOUDEST; GATE_BANDS], least: [[LOUDEST; GATE_BANDS]; 2], frames: 0 }
    }

    fn opens(&mut self, bands: &[u8; BANDS]) -> bool {
        let mut over = 0.0;
        for (band, &[low, high]) in bands.as_chunks::<2>().0.iter().enumerate() {
            let level = 0.5 * (f32::from(low) + f32::from(high));
            self.smooth[band] += (level - self.smooth[band]) * GATE_PACE;
            self.least[1][band] = self.least[1][band].min(self.smooth[band]);
            let floor = self.least[0][band].min(self.least[1][band]);
            over += (level - floor).clamp(0.0, GATE_CAP);
        }
        self.frames += 1;
        if self.frames.is_multiple_of(GATE_FRAMES) {
            self.least = [self.least[1], self.smooth];
        }
        self.frames <= GATE_FRAMES || over >= GATE_OPENS
    }
}

/// More than any level.
const LOUDEST: f32 = 255.0;

/// Share of a new level in the smoothed one: about what ten frames take to settle.
const GATE_PACE: f32 = 0.125;

/// Frames of a second.
const GATE_FRAMES: u32 = 100;

/// It looks at two bands as one, which strays less in noise.
const GATE_BANDS: usize = BANDS / 2;

/// What one of them counts at most, and what all together must be over the softest, half decibels: more than noise strays, and
/// little more than a pure tone is.
const GATE_CAP: f32 = 30.0;
const GATE_OPENS: f32 = 6.0 * GATE_BANDS as f32;

/// The sum of squares in 16 lanes, which the compiler vectorises, in an order that is fixed.
#[inline(always)]
pub(super) fn sum_of_squares(samples: &[f32]) -> f32 {
    dot(samples, samples)
}

/// The sum of products of two slices of the same length, as [`sum_of_squares`] adds.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let (a_chunks, a_rest) = a.as_chunks::<16>();
    let (b_chunks, b_rest) = b.as_chunks::<16>();
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..16 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f32>() + rest
}

#[inline(always)]
fn band_levels(power: &[f32; BINS]) -> [u8; BANDS] {
    std::array::from_fn(|band| {
        let start = (EDGES_HZ[band] / BIN_HZ) as usize;
        let end = (EDGES_HZ[band + 1] / BIN_HZ) as usize;
        half_decibels(power[start..end].iter().sum())
    })
}
