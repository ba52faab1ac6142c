//! What the decoder listens to in its own sound: whether there is noise behind it, whether it is voiced
//! (`Bgn_scd`), and what its spectrum is like on average (`lsp_avg`).

use super::arithmetic::{energy, left, left_32, less_product, median, plus_product, rounded, upper};
use super::spectrum::Lines;

/// Noise and voice (`Bgn_scdState`).
pub(super) struct History {
    /// Of the last 60 frames.
    energies: [i16; 60],
    noise_frames: i16,
    /// Frames since the last voiced one, at most 10.
    pub(super) unvoiced_frames: i16,
    pub(super) is_noisy: bool,
}

/// Energies of frames between which noise lies.
const LEAST_NOISE: i16 = 20;
const MOST_NOISE: i16 = 17_578;

/// Steady noise stays below.
const STEADY: i16 = 1_953;

impl History {
    pub(super) const fn new() -> Self {
        Self { energies: [0; 60], noise_frames: 0, unvoiced_frames: 0, is_noisy: false }
    }

    /// Learns from a frame and the gains of its last nine sub-frames.
    pub(super) fn learn(&mut self, gains: &[i16; 9], frame: &[i16; 160]) {
        let now = upper(left_32(energy(frame), 2));
        let most = |energies: &[i16]| energies.iter().copied().max().unwrap_or(0);
        let floor = left(self.energies.iter().copied().min().unwrap_or(0), 4);
        let is_noise = most(&self.energies[..56]) > LEAST_NOISE
            && (LEAST_NOISE + 1..MOST_NOISE).contains(&now)
            && (now < floor || most(&self.energies[40..]) < STEADY);
        self.noise_frames = if is_noise { (self.noise_frames + 1).min(30) } else { 0 };
        self.is_noisy = self.noise_frames > 1;
        self.energies.copy_within(1.., 0);
        self.energies[59] = now;
        let is_voiced = self.is_voiced(gains);
        self.unvoiced_frames = if is_voiced { 0 } else { (self.unvoiced_frames + 1).min(10) };
    }

    fn is_voiced(&self, gains: &[i16; 9]) -> bool {
        let threshold = match self.noise_frames {
            ..9 => 13_926,
            9..16 => 15_565,
            _ => 16_383,
        };
        let recent: &[i16; 5] = gains.last_chunk().expect("nine gains");
        (if self.noise_frames > 20 { median(gains) } else { median(recent) }) > threshold
    }
}

/// Moves the mean of the lines towards those of a frame.
pub(super) fn follow(mean: &mut Lines, lines: &Lines) {
    const SHARE: i16 = 5_243;
    for (mean, &line) in mean.iter_mut().zip(lines) {
        *mean = rounded(plus_product(less_product(i32::from(*mean) << 16, SHARE, *mean), SHARE, line));
    }
}
