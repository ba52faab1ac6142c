//! What a frame of speech tells of its voice, in decibels and semitones.

use super::colour::{COLOURS, decibels};
use crate::acoustics::frame::Frame;
use crate::acoustics::stretches::Judged;

/// Cepstral coefficients that are looked at, the first after the mean and on.
pub(super) const CEPSTRA: usize = 8;

/// A frame of speech.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::acoustics) struct Sound {
    /// Semitones over 100 Hz, where it is voiced.
    pub pitch: Option<f32>,
    /// How much it repeats itself, 0 to 1.
    pub strength: f32,
    /// Level between 300 and 3,400 Hz, dB; 0 where it does not stand out.
    pub level_db: f32,
    /// How far each band is under the level, in quarter decibels.
    pub under: [u8; COLOURS],
    /// The shape of the spectrum in mel: cosines of half a wave, a wave, and so on, dB.
    pub cepstra: [f32; CEPSTRA],
    /// Where its power lies, in bands from 300 Hz; and of its lower bands alone, up to 1,540 Hz, where
    /// the first formant is: it rises as the mouth opens.
    pub centroid: f32,
    pub low_centroid: f32,
    /// Power over 1,131 Hz over that under it, dB.
    pub alpha_db: f32,
    /// Whether it stands out of the noise.
    pub stands_out: bool,
    /// Whether the sound before is of the frame before.
    pub follows: bool,
}

/// Puts into `sounds` what the frames of a run of speech tell, given their pitches (1/100 Hz, 0 unvoiced) and how each is
/// judged.
pub(in crate::acoustics) fn of_run(frames: &[Frame], path: &[u16], judged: &[Judged], sounds: &mut Vec<Sound>) {
    let each = frames.iter().zip(path).zip(judged).enumerate();
    sounds.clear();
    sounds.extend(each.map(|(n, ((frame, &centi_hz), judged))| Sound::of(frame, centi_hz, judged.stands_out, n > 0)));
}

impl Sound {
    /// What `frame` tells, whose pitch on its path is `centi_hz`, 0 where it is not voiced.
    fn of(frame: &Frame, centi_hz: u16, stands_out: bool, follows: bool) -> Self {
        let none = Self { follows, ..Self::default() };
        if !stands_out && centi_hz == 0 {
            return none;
        }
        let shares = frame.colour.under.map(|under| SHARES[usize::from(under)]);
        let (low, high) = (sum(&shares[..ALPHA_BAND]), sum(&shares[ALPHA_BAND..]));
        Self {
            pitch: (centi_hz > 0).then(|| 12.0 / OCTAVE_DB * decibels(f32::from(centi_hz) / 10_000.0)),
            strength: f32::from(frame.candidate.strength) / 100.0,
            level_db: f32::from(frame.colour.centi_db) / 100.0,
            under: frame.colour.under,
            cepstra: cepstra(&frame.colour.under),
            centroid: centroid(&shares),
            low_centroid: centroid(&shares[..LOW_BANDS]),
            alpha_db: decibels(high.max(LEAST_SHARE)) - decibels(low.max(LEAST_SHARE)),
            stands_out,
            ..none
        }
    }

    /// Mean over the bands of the change since `before`, dB.
    pub(super) fn flux_db(&self, before: &Self) -> f32 {
        let change: u32 = self.under.iter().zip(&before.under).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        change as f32 / (4 * COLOURS) as f32
    }

    /// How far its bands are under the level: in the mean, and the strongest, dB.
    pub(super) fn peaked_db(&self) -> (f32, f32) {
        let sum: u32 = self.under.iter().map(|&under| u32::from(under)).sum();
        let least = self.under.iter().copied().min().unwrap_or(0);
        (sum as f32 / (4 * COLOURS) as f32, f32::from(least) / 4.0)
    }
}

/// Ten common logarithms of 2.
const OCTAVE_DB: f32 = 3.010_3;

/// The first band over 1,131 Hz, near the 1 kHz at which the alpha ratio parts a spectrum.
const ALPHA_BAND: usize = 6;

/// Bands of the first formant.
const LOW_BANDS: usize = 8;

/// Less than any share, for the logarithm of none.
const LEAST_SHARE: f32 = 1e-7;

/// The share of the power that a band has that is so many quarter decibels under the level.
static SHARES: [f32; 256] = {
    // 10 to the power of -1/40.
    const STEP: f64 = 0.944_060_876_285_923_4;
    let (mut shares, mut n, mut share) = ([0.0; 256], 0, 1.0);
    while n < 256 {
        shares[n] = share as f32;
        share *= STEP;
        n += 1;
    }
    shares
};

fn sum(shares: &[f32]) -> f32 {
    shares.iter().sum()
}

fn centroid(shares: &[f32]) -> f32 {
    let weighted: f32 = shares.iter().enumerate().map(|(band, share)| band as f32 * share).sum();
    weighted / sum(shares).max(LEAST_SHARE)
}

fn cepstra(under: &[u8; COLOURS]) -> [f32; CEPSTRA] {
    let levels = under.map(|under| -f32::from(under));
    let mut cepstra = [0.0; CEPSTRA];
    for (level, cosines) in levels.iter().zip(&COSINES) {
        for (sum, cosine) in cepstra.iter_mut().zip(cosines) {
            *sum += level * cosine;
        }
    }
    cepstra
}

/// `cos(pi * k * (band + 1/2) / 14) / 28` for each band and each `k` from 1: decibels of quarters, over half the bands.
static COSINES: [[f32; CEPSTRA]; COLOURS] = [
    [0.0354897, 0.0348189, 0.0337101, 0.0321775, 0.0302401, 0.0279226, 0.0252538, 0.0222675],
    [0.0337101, 0.0279226, 0.0190011, 0.0079472, -0.0039987, -0.0154958, -0.0252538, -0.0321775],
    [0.0302401, 0.0154958, -0.0039987, -0.0222675, -0.0337101, -0.0348189, -0.0252538, -0.0079472],
    [0.0252538, 0.0000000, -0.0252538, -0.0357143, -0.0252538, -0.0000000, 0.0252538, 0.0357143],
    [0.0190011, -0.0154958, -0.0354897, -0.0222675, 0.0117957, 0.0348189, 0.0252538, -0.0079472],
    [0.0117957, -0.0279226, -0.0302401, 0.0079472, 0.0354897, 0.0154958, -0.0252538, -0.0321775],
    [0.0039987, -0.0348189, -0.0117957, 0.0321775, 0.0190011, -0.0279226, -0.0252538, 0.0222675],
    [-0.0039987, -0.0348189, 0.0117957, 0.0321775, -0.0190011, -0.0279226, 0.0252538, 0.0222675],
    [-0.0117957, -0.0279226, 0.0302401, 0.0079472, -0.0354897, 0.0154958, 0.0252538, -0.0321775],
    [-0.0190011, -0.0154958, 0.0354897, -0.0222675, -0.0117957, 0.0348189, -0.0252538, -0.0079472],
    [-0.0252538, -0.0000000, 0.0252538, -0.0357143, 0.0252538, 0.0000000, -0.0252538, 0.0357143],
    [-0.0302401, 0.0154958, 0.0039987, -0.0222675, 0.0337101, -0.0348189, 0.0252538, -0.0079472],
    [-0.0337101, 0.0279226, -0.0190011, 0.0079472, 0.0039987, -0.0154958, 0.0252538, -0.0321775],
    [-0.0354897, 0.0348189, -0.0337101, 0.0321775, -0.0302401, 0.0279226, -0.0252538, 0.0222675],
];
