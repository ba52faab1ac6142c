//! Bytes to blocks of samples: opens a recording, finds out what it is, hands its sound on.

#![expect(clippy::disallowed_methods, reason = "an edge: reads recordings")]

mod amr;
pub mod child;
mod container;
mod error;
mod fence;
mod ffmpeg;
mod foreign;
mod identify;
mod joint;
mod length;
mod mp3;
mod mp4;
mod opus;
mod packets;
mod parts;
mod pick;
mod reading;
mod section;
mod stored;
mod tail;
mod timeline;

pub use error::{DecodeError, Partial};
pub use ffmpeg::Ffmpeg;
pub use identify::{Identity, identify};
pub use length::length_ms;
pub use pick::{BadPick, Pick};

use super::Pcm;
use super::wave::headerless::Raw;
use super::wave::{self, Found, Hints};
use joint::Joint;
use std::ffi::OsStr;
use std::fs::File;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// Rates that are decoded, Hz: the lowest is half of telephony's, the highest that of studios.
pub const RATES_HZ: RangeInclusive<u32> = 4_000..=192_000;

/// The most channels that are listened to: two parties.
pub const MOST_CHANNELS: u16 = 2;

/// Samples over this, 24 dB over full scale, are damage and no sound.
const LOUDEST: f32 = 16.0;

/// How often the rate or the channels of one recording may change.
const MOST_CHANGES: u32 = 256;

/// The most samples a channel that a block holds.
pub const BLOCK_FRAMES: usize = 4_096;

/// Limits of decoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeOptions {
    /// Sound after this much is left out, and the recording is partial: a bound on what a small
    /// file that unpacks to weeks of silence can cost.
    pub max_duration_ms: i64,
    /// What files without a header are; `None` leaves it to the endings of their names
    /// ([`of_extension`](super::wave::headerless::of_extension)). Formats with a header are known by it.
    pub raw: Option<Raw>,
    /// Which channels are listened to where there are more than two; none: such recordings are refused.
    pub channels: Option<Pick>,
    /// Who decodes what nothing here does.
    pub ffmpeg: Ffmpeg,
    /// The callsift program, which decoders run in that may crash; none runs them in this process.
    pub child: Option<PathBuf>,
}

impl Default for DecodeOptions {
    /// Half a day, headerless files by their names, and ffmpeg where it is installed.
    fn default() -> Self {
        Self { max_duration_ms: 12 * 3_600_000, raw: None, channels: None, ffmpeg: Ffmpeg::OnPath, child: None }
    }
}

/// A decoded recording, its samples apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Who decoded it: `callsift`, the library `symphonia`, `opus-rs` or `rvoip`, or the program
    /// `ffmpeg`.
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
    decode_identified(path, identify(path)?, options, sink)
}

/// Decodes as [`decode`] does a recording whose hash and size are known, which saves one reading of it.
///
/// # Errors
///
/// Those of [`decode`].
pub fn decode_identified(
    path: &Path,
    identity: Identity,
    options: &DecodeOptions,
    sink: &mut dyn FnMut(&Pcm),
) -> Result<Decoded, DecodeError> {
    let Identity { sha256, bytes } = identity;
    let mut file = File::open(path)?;
    let mut blocks = Blocks::new(options, sink);
    let extension = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    let hints = Hints { extension: extension.as_deref(), raw: options.raw };
    let stream = match wave::find(&mut file, bytes, &hints)? {
        Found::Samples(found) => stored::decode(file, &found, &mut blocks),
        Found::Other(odd) => {
            container::decode(path, bytes, options, &mut blocks).map(|stream| stream.with_warnings(odd))
        }
        Found::Broken(detail) => Err(DecodeError::Corrupt { detail: detail.to_owned() }),
    };
    let stream = stream.or_else(|error| ffmpeg::decode_instead(error, path, bytes, options, &mut blocks))?;
    blocks.finish(stream, sha256, bytes)
}

/// What a decoder says at the end of its work.
struct Stream {
    decoder: &'static str,
    codec: String,
    warnings: Vec<String>,
    partial: Option<DecodeError>,
}

impl Stream {
    fn with_warnings(mut self, warnings: Vec<String>) -> Self {
        self.warnings.extend(warnings);
        self
    }
}

/// The way of blocks from a decoder to the sink: checks, counts, bounds.
struct Blocks<'a> {
    /// All channels that were decoded.
    pcm: Pcm,
    pick: Option<&'a Pick>,
    /// The channels that were picked among more than two.
    picked: Option<Pcm>,
    /// The shape that blocks have, by the first part of the recording.
    shape: Option<Pcm>,
    /// What brings another part to that shape.
    joint: Option<Joint>,
    /// Times that the shape changed.
    changes: u32,
    /// Frames that were handed on, at the rate of the first part.
    frames: u64,
    absurd: u64,
    /// Samples come out of integers, so that none is absurd and none need be looked at.
    is_bounded: bool,
    max_duration_ms: i64,
    cut: bool,
    sink: &'a mut dyn FnMut(&Pcm),
}

impl<'a> Blocks<'a> {
    fn new(options: &'a DecodeOptions, sink: &'a mut dyn FnMut(&Pcm)) -> Self {
        let max_duration_ms = options.max_duration_ms;
        let (pcm, pick) = (Pcm::default(), options.channels.as_ref());
        let (picked, shape, joint) = (None, None, None);
        let (changes, frames, absurd, is_bounded, cut) = (0, 0, 0, false, false);
        Self { pcm, pick, picked, shape, joint, changes, frames, absurd, is_bounded, max_duration_ms, cut, sink }
    }

    /// Forgets the shape, of which no block came.
    fn reset(&mut self) {
        (self.pcm, self.picked, self.is_bounded) = (Pcm::default(), None, false);
        (self.shape, self.joint, self.changes) = (None, None, 0);
    }

    /// Fixes the shape of all blocks to come. Those of another part of the recording that has another shape than the
    /// first are brought to that.
    fn open(&mut self, rate_hz: u32, channels: usize, full_scale: f32) -> Result<(), DecodeError> {
        if !RATES_HZ.contains(&rate_hz) {
            return Err(DecodeError::AbsurdRate { rate_hz });
        }
        self.picked = None;
        if channels > usize::from(MOST_CHANNELS) {
            let pick = self.pick.filter(|_| channels <= usize::from(Pick::HIGHEST) + 1);
            let pick = pick.ok_or(DecodeError::TooManyChannels { channels })?;
            if let Some(&number) = pick.numbers().iter().find(|number| usize::from(**number) >= channels) {
                return Err(DecodeError::NoSuchChannel { number, channels });
            }
            let picked = vec![Vec::new(); pick.numbers().len()];
            self.picked = Some(Pcm { rate_hz, full_scale, channels: picked });
        }
        let channels = vec![Vec::with_capacity(BLOCK_FRAMES); channels];
        self.pcm = Pcm { rate_hz, full_scale, channels };
        self.join()
    }

    /// Ends the part before, and finds out what is to be done with the one that begins.
    fn join(&mut self) -> Result<(), DecodeError> {
        self.end_part();
        let new = self.picked.as_ref().unwrap_or(&self.pcm);
        let Some(shape) = &self.shape else {
            let channels = vec![Vec::new(); new.channels.len()];
            self.shape = Some(Pcm { channels, ..*new });
            return Ok(());
        };
        if (new.rate_hz, new.channels.len()) != (shape.rate_hz, shape.channels.len()) {
            self.joint = Some(Joint::new(new.rate_hz, shape));
            self.changes += 1;
        }
        if self.changes > MOST_CHANGES {
            return Err(DecodeError::Corrupt { detail: format!("its shape changes more than {MOST_CHANGES} times") });
        }
        Ok(())
    }

    fn end_part(&mut self) {
        if let Some(joint) = self.joint.take() {
            self.frames += joint.finish(self.sink);
        }
    }

    /// The rate that blocks come out at.
    fn rate_hz(&self) -> u32 {
        self.shape.as_ref().map_or(self.pcm.rate_hz, |shape| shape.rate_hz)
    }

    /// Frames as they come out, in those of the part that is decoded.
    fn at_own_rate(&self, frames: u64) -> u64 {
        let out_hz = self.rate_hz();
        if out_hz == self.pcm.rate_hz || out_hz == 0 {
            return frames;
        }
        let own = u128::from(frames) * u128::from(self.pcm.rate_hz) / u128::from(out_hz);
        u64::try_from(own).unwrap_or(u64::MAX)
    }

    /// Hands on the block that stands in `pcm`; false once no more is wanted.
    fn emit(&mut self) -> bool {
        let most = (self.max_duration_ms.max(0) as u64).saturating_mul(u64::from(self.rate_hz())) / 1_000;
        let room = usize::try_from(self.at_own_rate(most.saturating_sub(self.frames))).unwrap_or(usize::MAX);
        if self.pcm.frames() > room {
            self.cut = true;
            self.pcm.channels.iter_mut().for_each(|samples| samples.truncate(room));
        }
        if !self.is_bounded {
            self.silence_what_is_absurd();
        }
        if self.pcm.frames() > 0 {
            self.hand_on();
        }
        !self.cut
    }

    fn hand_on(&mut self) {
        let mut give = |pcm: &Pcm| match &mut self.joint {
            Some(joint) => self.frames += joint.push(pcm, self.sink),
            None => {
                self.frames += pcm.frames() as u64;
                (self.sink)(pcm);
            }
        };
        let (Some(picked), Some(pick)) = (&mut self.picked, self.pick) else { return give(&self.pcm) };
        let mut exchange = |picked: &mut Pcm| {
            for (into, number) in picked.channels.iter_mut().zip(pick.numbers()) {
                std::mem::swap(into, &mut self.pcm.channels[usize::from(*number)]);
            }
        };
        exchange(picked);
        give(picked);
        exchange(picked);
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

    fn finish(mut self, stream: Stream, file_sha256: String, file_bytes: u64) -> Result<Decoded, DecodeError> {
        let Stream { decoder, codec, mut warnings, mut partial } = stream;
        self.end_part();
        if self.changes > 0 {
            let detail =
                "its rate or number of channels changes half-way; all of it is brought to those it begins with";
            warnings.push(detail.to_owned());
        }
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
        let rate_hz = self.rate_hz();
        let channels = self.shape.as_ref().map_or(0, |shape| shape.channels.len()) as u16;
        Ok(Decoded {
            decoder: decoder.to_owned(),
            codec,
            rate_hz,
            channels,
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
