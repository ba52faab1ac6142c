//! Sound as numbers: planar samples in blocks, brought to the rate that is analysed.

pub mod decode;
pub mod codec;
pub mod resample;
pub mod wave;

/// The rate at which everything is measured, in Hz.
pub const ANALYSIS_RATE_HZ: u32 = 8_000;

/// A block of decoded sound: one vector of samples a channel, all of the same length, full scale ±1.
#[derive(Clone, Debug, PartialEq)]
pub struct Pcm {
    /// Samples per second and channel.
    pub rate_hz: u32,
    /// The largest sample that the recording's coding can hold: where it clips. 1 less a step for
    /// integers, about 0.98 for G.711.
    pub full_scale: f32,
    /// The channels' samples.
    pub channels: Vec<Vec<f32>>,
}

impl Default for Pcm {
    /// No channels, at no rate yet; clips where 16-bit samples do.
    fn default() -> Self {
        Self { rate_hz: 0, full_scale: FULL_SCALE_16_BIT, channels: Vec::new() }
    }
}

impl Pcm {
    /// Samples a channel.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }
}

/// The largest 16-bit sample, full scale being 1.
pub const FULL_SCALE_16_BIT: f32 = 32_767.0 / 32_768.0;
