//! Bytes to blocks of samples: opens a recording, finds out what it is, hands its sound on.

#![expect(clippy::disallowed_methods, reason = "an edge: reads recordings")]

mod container;
mod error;
mod identify;
mod riff;

pub use error::{DecodeError, Partial};
pub use identify::{Identity, identify};

use super::Pcm;
use super::wave::{self, Found};
use std::fs::File;
use std::ops::RangeInclusive;
use std::path::Path;

/// Rates that are decoded, Hz: the lowest is half of telephony's, the highest that of studios.
pub const RATES_HZ: RangeInclusive<u32> = 4_000..=192_000;

/// The most channels that are decoded.
pub const MOST_CHANNELS: u16 = 2;

/// Samples over this, 24 dB over full scale, are damage and no sound.
const LOUDEST: f32 = 16.0;

/// The most samples a channel that a block holds.
pub const BLOCK_FRAMES: usize = 4_096;

/// Limits of decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeOptions {
    /// Sound after this much is left out, and the recording is partial: a bound on what a small
    /// file that unpacks to weeks of silence can cost.
    pub max_duration_ms: i64,
}

impl Default for DecodeOptions {
    /// Half a day.
    fn default() -> Self {
        Self { max_duration_ms: 12 * 3_600_000 }
    }
}

/// A decoded recording, its samples apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Who decoded it: `callsift` or `symphonia`.
    pub decoder: String,
    /// The codec, named as ffmpeg does, such as `pcm_mulaw` or `mp3`.
    pub codec: String,
    /// Samples per second and channel.
    pub rate_hz: u32,
    /// Channels, 1 or 2.
    pub channels: u16,
    /// Samples a channel, at least 1.
    pub frames: u64,
    /// Length, rounded to milliseconds.
    pub duration_ms: i64,
    /// SHA-256 of the file, lower-case hex.
    pub file_sha256: String,
    /// Size of the file.
    pub file_bytes: i64,
    /// What was odd about it, a sentence each.
    pub warnings: Vec<String>,
    /// Why not all of it was decoded; `None` where all was.
    pub partial: Option<Partial>,
}

/// Decodes the recording at `path` in blocks of at most [`BLOCK_FRAMES`] frames, in order, each
/// given to `sink` and reused for the next. All blocks have the same rate and number of channels.
///
/// The file is read twice, once for its hash; memory does not grow with it. Samples that are not
/// finite read 0. Sound that is lost within a file is silence of the same length where the
/// container tells the length, so what follows keeps its time.
///
/// # Errors
///
/// When not a single sample can be had; a file of which some part can is `partial`, with a warning.
/// What `sink` was given before an error is void.
pub fn decode(path: &Path, options: &DecodeOptions, sink: &mut dyn FnMut(&Pcm)) -> Result<Decoded, DecodeError> {
    let Identity { sha256, bytes } = identify(path)?;
    let mut file = File::open(path)?;
    let mut blocks = Blocks::new(options, sink);
    let stream = match wave::find(&mut file, bytes)? {
        Found::Samples(found) => riff::decode(&mut file, &found, &mut blocks)?,
        Found::Other => container::decode(file, bytes, &mut blocks)?,
        Found::Broken(detail) => return Err(DecodeError::Corrupt { detail: detail.to_owned() }),
    };
    blocks.finish(stream, sha256, bytes)
}

/// What a decoder says at the end of its work.
struct Stream {
    decoder: &'static str,
    codec: String,
    warnings: Vec<String>,
    partial: Option<DecodeError>,
}

/// The way of blocks from a decoder to the sink: checks, counts, bounds.
struct Blocks<'a> {
    pcm: Pcm,
    frames: u64,
    absurd: u64,
    max_duration_ms: i64,
    cut: bool,
    sink: &'a mut dyn FnMut(&Pcm),
}

impl<'a> Blocks<'a> {
    fn new(options: &DecodeOptions, sink: &'a mut dyn FnMut(&Pcm)) -> Self {
        let max_duration_ms = options.max_duration_ms;
        Self { pcm: Pcm::default(), frames: 0, absurd: 0, max_duration_ms, cut: false, sink }
    }

    /// Fixes the shape of all blocks to come.
    fn open(&mut self, rate_hz: u32, channels: usize, full_scale: f32) -> Result<(), DecodeError> {
        if !RATES_HZ.contains(&rate_hz) {
            return Err(DecodeError::AbsurdRate { rate_hz });
        }
        if channels > usize::from(MOST_CHANNELS) {
            return Err(DecodeError::TooManyChannels { channels });
        }
        let channels = vec![Vec::with_capacity(BLOCK_FRAMES); channels];
        self.pcm = Pcm { rate_hz, full_scale, channels };
        Ok(())
    }

    /// Hands on the block that stands in `pcm`; false once no more is wanted.
    fn emit(&mut self) -> bool {
        let most = (self.max_duration_ms.max(0) as u64).saturating_mul(u64::from(self.pcm.rate_hz)) / 1_000;
        let room = usize::try_from(most.saturating_sub(self.frames)).unwrap_or(usize::MAX);
        if self.pcm.frames() > room {
            self.cut = true;
            self.pcm.channels.iter_mut().for_each(|samples| samples.truncate(room));
        }
        self.silence_what_is_absurd();
        self.frames += self.pcm.frames() as u64;
        if self.pcm.frames() > 0 {
            (self.sink)(&self.pcm);
        }
        !self.cut
    }

    /// Hands on `frames` of silence; false once no more is wanted.
    fn emit_silence(&mut self, mut frames: u64) -> bool {
        while frames > 0 {
            let block = frames.min(BLOCK_FRAMES as u64);
            for samples in &mut self.pcm.channels {
                samples.clear();
                samples.resize(block as usize, 0.0);
            }
            if !self.emit() {
                return false;
            }
            frames -= block;
        }
        true
    }

    fn silence_what_is_absurd(&mut self) {
        for samples in &mut self.pcm.channels {
            // Bits of floats without sign are in the order of the floats, what is no number last; a maximum of
            // integers is fast.
            let largest = samples.iter().fold(0, |largest, sample| sample.abs().to_bits().max(largest));
            if largest <= LOUDEST.to_bits() {
                continue;
            }
            for sample in samples.iter_mut().filter(|sample| sample.is_nan() || sample.abs() > LOUDEST) {
                *sample = 0.0;
                self.absurd += 1;
            }
        }
    }

    fn finish(self, stream: Stream, file_sha256: String, file_bytes: u64) -> Result<Decoded, DecodeError> {
        let Stream { decoder, codec, mut warnings, mut partial } = stream;
        if self.frames == 0 {
            return Err(partial.unwrap_or(DecodeError::NoSamples));
        }
        if self.cut {
            let max_s = self.max_duration_ms / 1_000;
            partial.get_or_insert(DecodeError::TooLong { max_s });
        }
        if self.absurd > 0 {
            warnings.push(format!("{} samples are no numbers, or far over full scale, and read 0", self.absurd));
        }
        let partial = partial.map(|error| Partial { code: error.code(), message: error.to_string() });
        warnings.extend(partial.iter().map(|partial| partial.message.clone()));
        let rate_hz = self.pcm.rate_hz;
        Ok(Decoded {
            decoder: decoder.to_owned(),
            codec,
            rate_hz,
            channels: self.pcm.channels.len() as u16,
            frames: self.frames,
            duration_ms: ((self.frames * 1_000 + u64::from(rate_hz) / 2) / u64::from(rate_hz)) as i64,
            file_sha256,
            file_bytes: i64::try_from(file_bytes).unwrap_or(i64::MAX),
            warnings,
            partial,
        })
    }
}

#[cfg(test)]
mod tests;
