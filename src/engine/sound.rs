//! The sound of a recording as engines get it: a file for each channel, which nobody else can read.

use super::EngineError;
use crate::audio::Pcm;
use crate::audio::resample::Resampler;
use crate::audio::wave::write::{HEADER_BYTES, header, sample_16_bit};
use crate::units::Span;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Samples that are brought to another rate at a time.
const BLOCK: usize = 8_192;

/// The decoded sound of one recording; its files are gone with it.
#[derive(Debug)]
pub struct Sound {
    /// The recording's rate, Hz.
    pub rate_hz: u32,
    /// Its length, ms.
    pub duration_ms: i64,
    /// Its channels.
    pub channels: Vec<ChannelSound>,
    folder: TempDir,
}

/// One channel of it.
#[derive(Debug)]
pub struct ChannelSound {
    /// A mono WAV file of 16-bit PCM.
    pub wav: PathBuf,
    /// BLAKE3 (hex) of the rate and the 16-bit samples.
    pub digest: String,
    /// Where somebody speaks.
    pub speech: Vec<Span>,
}

/// Takes the blocks of a recording while it is decoded.
#[derive(Debug)]
pub struct Spool {
    rate_hz: u32,
    frames: u64,
    channels: Vec<(PathBuf, BufWriter<File>, blake3::Hasher)>,
    folder: TempDir,
    bytes: Vec<u8>,
}

impl Spool {
    /// For a recording of `channels` channels at `rate_hz`, in the system's folder for temporary files.
    ///
    /// # Errors
    /// There is no room, or no right to write.
    pub fn begin(rate_hz: u32, channels: usize) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("callsift-").tempdir()?;
        let open = |channel: usize| {
            let path = folder.path().join(format!("{channel}.wav"));
            let mut writer = BufWriter::new(private(&path)?);
            writer.write_all(&header(rate_hz, 1, 0))?;
            let mut hasher = blake3::Hasher::new();
            hasher.update(&rate_hz.to_le_bytes());
            Ok((path, writer, hasher))
        };
        let channels = (0..channels).map(open).collect::<io::Result<_>>()?;
        Ok(Self { rate_hz, frames: 0, channels, folder, bytes: Vec::new() })
    }

    /// Takes the next block.
    ///
    /// # Errors
    /// There is no room.
    pub fn push(&mut self, pcm: &Pcm) -> io::Result<()> {
        self.frames += pcm.frames() as u64;
        for ((_, writer, hasher), samples) in self.channels.iter_mut().zip(&pcm.channels) {
            self.bytes.clear();
            self.bytes.extend(samples.iter().flat_map(|&sample| sample_16_bit(sample).to_le_bytes()));
            hasher.update(&self.bytes);
            writer.write_all(&self.bytes)?;
        }
        Ok(())
    }

    /// The sound, of which somebody speaks at the times of `speech`, a list for each channel.
    ///
    /// # Errors
    /// There is no room.
    pub fn finish(self, speech: Vec<Vec<Span>>) -> io::Result<Sound> {
        let (rate_hz, frames) = (self.rate_hz, self.frames);
        let mut channels = Vec::with_capacity(self.channels.len());
        for ((wav, writer, hasher), speech) in self.channels.into_iter().zip(speech) {
            let mut file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&header(rate_hz, 1, frames))?;
            channels.push(ChannelSound { wav, digest: hasher.finalize().to_hex().to_string(), speech });
        }
        let duration_ms = (frames * 1_000 / u64::from(rate_hz.max(1))) as i64;
        Ok(Sound { rate_hz, duration_ms, channels, folder: self.folder })
    }
}

impl Sound {
    /// The part `span` of a channel at `rate_hz`, as a file of its own where it is not the whole at the recording's rate; the file
    /// stays until the next one for the same `place` is asked for, or the sound is gone.
    ///
    /// # Errors
    /// There is no room.
    pub(super) fn part(&self, channel: usize, span: Span, rate_hz: u32, place: usize) -> Result<PathBuf, EngineError> {
        let whole = span.start_ms <= 0 && span.end_ms >= self.duration_ms;
        if whole && rate_hz == self.rate_hz {
            return Ok(self.channels[channel].wav.clone());
        }
        let path = self.folder.path().join(format!("{channel}-part-{place}.wav"));
        self.write_part(channel, span, rate_hz, &path).map_err(|error| no_room(&error))?;
        Ok(path)
    }

    fn write_part(&self, channel: usize, span: Span, rate_hz: u32, path: &Path) -> io::Result<()> {
        let at = |ms: i64| u64::try_from(ms).unwrap_or(0) * u64::from(self.rate_hz) / 1_000;
        let mut source = BufReader::new(File::open(&self.channels[channel].wav)?);
        source.seek(SeekFrom::Start(HEADER_BYTES + at(span.start_ms) * 2))?;
        let mut source = source.take((at(span.end_ms) - at(span.start_ms)) * 2);
        let mut target = BufWriter::new(private(path)?);
        target.write_all(&header(rate_hz, 1, 0))?;
        let frames = resampled(&mut source, self.rate_hz, rate_hz, &mut target)?;
        target.seek(SeekFrom::Start(0))?;
        target.write_all(&header(rate_hz, 1, frames))?;
        target.flush()
    }
}

/// Copies 16-bit samples at `from_hz` as such at `to_hz`; returns how many came out.
fn resampled(source: &mut impl Read, from_hz: u32, to_hz: u32, target: &mut impl Write) -> io::Result<u64> {
    let (mut frames, mut written) = (0, Ok(()));
    let mut resampler = Resampler::between(from_hz, to_hz, 1);
    let mut put = |block: &[&[f32]]| {
        let bytes: Vec<u8> = block[0].iter().flat_map(|&sample| sample_16_bit(sample).to_le_bytes()).collect();
        frames += block[0].len() as u64;
        if written.is_ok() {
            written = target.write_all(&bytes);
        }
    };
    let mut bytes = vec![0; BLOCK * 2];
    loop {
        let read = read_full(source, &mut bytes)?;
        if read == 0 {
            break;
        }
        let samples: Vec<f32> = bytes[..read]
            .chunks_exact(2)
            .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
            .collect();
        resampler.push(&[&samples], &mut put);
    }
    resampler.finish(&mut put);
    written.map(|()| frames)
}

/// Reads until `bytes` is full or the source ends.
fn read_full(source: &mut impl Read, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < bytes.len() {
        match source.read(&mut bytes[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// That sound could not be written for an engine.
#[must_use]
pub fn no_room(error: &io::Error) -> EngineError {
    let message = format!(
        "the sound cannot be written for the engine: {}; make room in the folder for temporary files, or name another with TMPDIR",
        error.kind()
    );
    EngineError::new("no_room_for_sound", message, true)
}

/// A new file that only its owner may read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::FULL_SCALE_16_BIT;

    fn sound(rate_hz: u32, samples: Vec<f32>) -> Sound {
        let mut spool = Spool::begin(rate_hz, 1).unwrap();
        let (first, second) = samples.split_at(samples.len() / 3);
        for part in [first, second] {
            spool.push(&Pcm { rate_hz, full_scale: FULL_SCALE_16_BIT, channels: vec![part.to_vec()] }).unwrap();
        }
        spool.finish(vec![Vec::new()]).unwrap()
    }

    fn samples(path: &Path) -> Vec<i16> {
        let bytes = std::fs::read(path).unwrap();
        let said = u32::from_le_bytes(bytes[40..44].try_into().unwrap()) as usize;
        assert_eq!(said, bytes.len() - HEADER_BYTES as usize);
        bytes[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
    }

    #[test]
    fn a_channel_is_its_samples() {
        let written = sound(8_000, (0..8_000).map(|at| (at % 100) as f32 / 200.0).collect());
        assert_eq!(written.duration_ms, 1_000);
        assert_eq!(samples(&written.channels[0].wav)[..3], [0, 164, 328]);
        let part = written.part(0, Span::new(250, 500), 8_000, 0).unwrap();
        assert_eq!(samples(&part), samples(&written.channels[0].wav)[2_000..4_000]);
        assert_eq!(samples(&written.part(0, Span::new(0, 1_000), 16_000, 0).unwrap()).len(), 16_000);
        let again = sound(8_000, (0..8_000).map(|at| (at % 100) as f32 / 200.0).collect());
        assert_eq!(again.channels[0].digest, written.channels[0].digest);
        assert_ne!(sound(16_000, vec![0.0; 10]).channels[0].digest, sound(8_000, vec![0.0; 10]).channels[0].digest);
    }
}
