//! The sound of a recording as browsers play it: a WAV file of 16-bit PCM that has no name and is gone with the process.

use super::peaks::Peaks;
use crate::audio::Pcm;
use crate::audio::decode::{DecodeError, DecodeOptions, Identity, decode_identified};
use crate::audio::wave::write::{HEADER_BYTES, header, sample_16_bit};
use bytes::Bytes;
use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The most bytes of samples that the format can say.
const MOST_SAMPLE_BYTES: u64 = u32::MAX as u64 - HEADER_BYTES;

/// A decoded recording.
#[derive(Debug)]
pub(super) struct Sound {
    /// Without a name in any folder, so that nothing is left of it however the process ends.
    file: Mutex<File>,
    /// Its size, header included.
    pub(super) length_bytes: u64,
    /// Names its bytes: the header `ETag`, quotes included.
    pub(super) etag: String,
    /// How it looks.
    pub(super) peaks: Peaks,
    bytes_per_s: u64,
}

/// Why a recording cannot be played.
#[derive(Debug, thiserror::Error)]
pub(super) enum SoundError {
    #[error("the recording cannot be decoded: {0}")]
    Decode(#[from] DecodeError),
    #[error(
        "decoded, the recording is larger than the 4 GiB that a WAV file can hold; serve with a shorter --max-duration"
    )]
    TooLarge,
    #[error("the folder for temporary files cannot be written ({0}); make room there, or set TMPDIR to another one")]
    NoRoom(io::Error),
}

impl Sound {
    /// Decodes the recording at `path`, which is the one of `identity`. What cannot be decoded of it is left out.
    ///
    /// # Errors
    /// Not a single sample can be had, or there is no room for them.
    pub(super) fn decode(path: &Path, identity: Identity, options: &DecodeOptions) -> Result<Self, SoundError> {
        let mut spool = Spool::begin().map_err(SoundError::NoRoom)?;
        let mut failed = None;
        let decoded = decode_identified(path, identity, options, &mut |pcm| {
            if failed.is_none() {
                failed = spool.push(pcm).err();
            }
        })?;
        match failed {
            Some(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(SoundError::TooLarge),
            Some(error) => Err(SoundError::NoRoom(error)),
            None => spool.finish(decoded.rate_hz, decoded.channels, decoded.frames).map_err(SoundError::NoRoom),
        }
    }

    /// Its bytes from `start`, which it has, at most `most`.
    ///
    /// # Errors
    /// The disk fails.
    pub(super) fn read(&self, start: u64, most: usize) -> io::Result<Bytes> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let length = most.min(usize::try_from(self.length_bytes.saturating_sub(start)).unwrap_or(usize::MAX));
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }

    /// From when to when these bytes of it are heard, ms.
    pub(super) fn span_ms(&self, bytes: &Range<u64>) -> Range<u64> {
        let ms = |at: u64| at.saturating_sub(HEADER_BYTES) * 1_000 / self.bytes_per_s.max(1);
        ms(bytes.start)..ms(bytes.end)
    }
}

/// Takes the blocks of a recording while it is decoded.
struct Spool {
    file: BufWriter<File>,
    hasher: blake3::Hasher,
    peaks: Peaks,
    block: Vec<u8>,
    sample_bytes: u64,
}

impl Spool {
    fn begin() -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 17, tempfile::tempfile()?);
        file.write_all(&header(0, 0, 0))?;
        let (hasher, peaks) = (blake3::Hasher::new(), Peaks::default());
        Ok(Self { file, hasher, peaks, block: Vec::new(), sample_bytes: 0 })
    }

    fn push(&mut self, pcm: &Pcm) -> io::Result<()> {
        if self.sample_bytes == 0 {
            self.peaks = Peaks::new(pcm.channels.len());
        }
        self.block.clear();
        for frame in 0..pcm.frames() {
            let samples = pcm.channels.iter().map(|channel| sample_16_bit(channel[frame]));
            self.peaks.push(samples.clone());
            samples.for_each(|sample| self.block.extend(sample.to_le_bytes()));
        }
        self.sample_bytes += self.block.len() as u64;
        if self.sample_bytes > MOST_SAMPLE_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.hasher.update(&self.block);
        self.file.write_all(&self.block)
    }

    fn finish(mut self, rate_hz: u32, channels: u16, frames: u64) -> io::Result<Sound> {
        let header = header(rate_hz, channels, frames);
        self.hasher.update(&header);
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header)?;
        Ok(Sound {
            file: Mutex::new(file),
            length_bytes: HEADER_BYTES + self.sample_bytes,
            etag: format!("\"{}\"", self.hasher.finalize().to_hex()),
            peaks: self.peaks,
            bytes_per_s: u64::from(rate_hz) * u64::from(channels) * 2,
        })
    }
}
