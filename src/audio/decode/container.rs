//! Everything that symphonia understands. It is young, so it is fenced: a panic becomes an error,
//! and reads and packets are counted against the size of the file, so that no loop is endless.

use super::{BLOCK_FRAMES, Blocks, DecodeError, Stream};
use crate::audio::FULL_SCALE_16_BIT;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::{FORMAT_ID_ADTS, FORMAT_ID_ISOMP4, FORMAT_ID_MP3};
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

/// Decodes `file`, which is `file_bytes` long.
pub(super) fn decode(file: File, file_bytes: u64, blocks: &mut Blocks<'_>) -> Result<Stream, DecodeError> {
    let mut reading = Reading::open(file, file_bytes)?;
    let end = reading.drain(blocks).or_else(|| reading.missing(blocks));
    if blocks.frames == 0
        && let Some(error) = end
    {
        return Err(error);
    }
    Ok(reading.into_stream(end))
}

/// A container opened for one of its tracks.
struct Reading {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track_id: u32,
    codec: String,
    packets_left: u64,
    lost_packets: u64,
    /// Frames that are still to be left out at the start.
    priming: usize,
    /// Frames that the file says it has; none where it does not, or it is an estimate.
    claimed: Option<u64>,
}

impl Reading {
    fn open(file: File, file_bytes: u64) -> Result<Self, DecodeError> {
        fenced(|| {
            let format = open_format(file, file_bytes)?;
            let track = format.default_track(TrackType::Audio).ok_or_else(|| unsupported("no known track of sound"))?;
            let params = track.codec_params.as_ref().and_then(|params| params.audio());
            let params = params.ok_or_else(|| unsupported("no known track of sound"))?;
            let decoder = symphonia::default::get_codecs()
                .make_audio_decoder(params, &AudioDecoderOptions::default())
                .map_err(|error| unsupported(&error.to_string()))?;
            let (track_id, codec) = (track.id, decoder.codec_info().short_name.to_owned());
            let container = format.format_info().format;
            let priming = if container == FORMAT_ID_ISOMP4 && codec == "aac" { AAC_PRIMING } else { 0 };
            // The length of ADTS, and of an MP3 without a LAME tag, is extrapolated from the first frames.
            let is_guess = container == FORMAT_ID_ADTS || container == FORMAT_ID_MP3 && track.delay.is_none();
            let claimed = track.num_frames.filter(|_| !is_guess).map(|frames| frames.saturating_sub(priming as u64));
            // A packet without bytes of its own still has an entry in a table of the file.
            let packets_left = file_bytes.saturating_add(16);
            Ok(Self { format, decoder, track_id, codec, packets_left, lost_packets: 0, priming, claimed })
        })?
    }

    /// What is missing of the length that the file claims, where that can be heard.
    fn missing(&self, blocks: &Blocks<'_>) -> Option<DecodeError> {
        let (claimed, there) = (self.claimed?, blocks.frames);
        let audible = u64::from(blocks.pcm.rate_hz) / 10;
        (!blocks.cut && there > 0 && there.saturating_add(audible) < claimed)
            .then_some(DecodeError::Truncated { there, claimed })
    }

    /// Decodes to the end; returns why it came early.
    fn drain(&mut self, blocks: &mut Blocks<'_>) -> Option<DecodeError> {
        loop {
            let packet = match fenced(|| self.format.next_packet()) {
                Ok(Ok(Some(packet))) => packet,
                Ok(Ok(None)) => return None,
                Ok(Err(error)) => return Some(ended(&error, blocks.frames)),
                Err(panicked) => return Some(panicked),
            };
            if self.packets_left == 0 {
                return Some(DecodeError::Corrupt { detail: "it has more packets than bytes".to_owned() });
            }
            self.packets_left -= 1;
            if packet.track_id != self.track_id {
                continue;
            }
            match self.decode_packet(&packet, blocks) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(error),
            }
        }
    }

    /// Decodes one packet; false once no more is wanted.
    fn decode_packet(&mut self, packet: &Packet, blocks: &mut Blocks<'_>) -> Result<bool, DecodeError> {
        match fenced(|| self.decoder.decode(packet).map(|_| ()))? {
            Ok(()) => self.hand_on(blocks),
            Err(SymphoniaError::DecodeError(_) | SymphoniaError::IoError(_)) => {
                self.lost_packets += 1;
                // Before the first block nobody knows the shape of silence.
                Ok(blocks.pcm.channels.is_empty() || blocks.emit_silence(self.frames_of(packet, blocks)))
            }
            Err(error) => Err(ended(&error, blocks.frames)),
        }
    }

    /// Hands on what the decoder holds, in blocks; false once no more is wanted.
    fn hand_on(&mut self, blocks: &mut Blocks<'_>) -> Result<bool, DecodeError> {
        let decoded = self.decoder.last_decoded();
        let (rate_hz, channels) = (decoded.spec().rate(), decoded.spec().channels().count());
        if decoded.frames() == 0 || channels == 0 {
            return Ok(true);
        }
        if blocks.pcm.channels.is_empty() {
            blocks.open(rate_hz, channels, FULL_SCALE_16_BIT)?;
        } else if (rate_hz, channels) != (blocks.pcm.rate_hz, blocks.pcm.channels.len()) {
            return Err(DecodeError::Corrupt {
                detail: format!("it changes to {rate_hz} Hz and {channels} channels half-way"),
            });
        }
        let skipped = self.priming.min(decoded.frames());
        self.priming -= skipped;
        for start in (skipped..decoded.frames()).step_by(BLOCK_FRAMES) {
            let end = decoded.frames().min(start + BLOCK_FRAMES);
            decoded.slice(start..end).copy_to_vecs_planar(&mut blocks.pcm.channels);
            if !blocks.emit() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many frames a packet that cannot be decoded would have held, a second at most; 0 where
    /// its container counts in other units than samples.
    fn frames_of(&self, packet: &Packet, blocks: &Blocks<'_>) -> u64 {
        let track = self.format.tracks().iter().find(|track| track.id == self.track_id);
        let unit = track.and_then(|track| track.time_base);
        let rate_hz = blocks.pcm.rate_hz;
        match unit {
            Some(unit) if unit.numer.get() == 1 && unit.denom.get() == rate_hz => {
                packet.dur.get().min(u64::from(rate_hz))
            }
            _ => 0,
        }
    }

    fn into_stream(self, end: Option<DecodeError>) -> Stream {
        let lost = (self.lost_packets > 0)
            .then(|| DecodeError::Corrupt { detail: format!("{} packets cannot be decoded", self.lost_packets) });
        let mut warnings = Vec::new();
        if let (Some(_), Some(lost)) = (&end, &lost) {
            warnings.push(lost.to_string());
        }
        Stream { decoder: "symphonia", codec: self.codec, warnings, partial: end.or(lost) }
    }
}

fn open_format(file: File, file_bytes: u64) -> Result<Box<dyn FormatReader>, DecodeError> {
    let source = MediaSourceStream::new(Box::new(Fenced::new(file, file_bytes)), Default::default());
    let (metadata, format) = (MetadataOptions::default(), FormatOptions::default());
    symphonia::default::get_probe().probe(&Hint::new(), source, format, metadata).map_err(|error| no_format(&error))
}

/// Samples that an AAC encoder puts before the recording, and that MP4 files name in an edit list,
/// which symphonia does not follow: one block of the transform (ISO/IEC 14496-24, annex B).
const AAC_PRIMING: usize = 1_024;

/// Runs third-party code; a panic in it becomes an error. Nothing that it touched is used after one.
fn fenced<T>(work: impl FnOnce() -> T) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| DecodeError::DecoderPanicked)
}

fn unsupported(codec: &str) -> DecodeError {
    DecodeError::UnsupportedCodec { codec: codec.to_owned() }
}

/// Why no container could be opened.
fn no_format(error: &SymphoniaError) -> DecodeError {
    match error {
        // The probe's own refusal: none of the bytes start a known container.
        SymphoniaError::Unsupported(detail) if detail.starts_with("core (probe)") => DecodeError::NotAudio,
        SymphoniaError::Unsupported(detail) if detail.contains("missing") => {
            DecodeError::Corrupt { detail: (*detail).to_owned() }
        }
        SymphoniaError::Unsupported(detail) => unsupported(detail),
        SymphoniaError::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            DecodeError::Unreadable { reason: error.kind().to_string() }
        }
        SymphoniaError::IoError(_) => DecodeError::Corrupt { detail: "its header is cut off".to_owned() },
        other => DecodeError::Corrupt { detail: other.to_string() },
    }
}

/// Why a stream ended before its end.
fn ended(error: &SymphoniaError, frames: u64) -> DecodeError {
    match error {
        SymphoniaError::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            DecodeError::EndsEarly { there: frames }
        }
        SymphoniaError::IoError(error) => DecodeError::Unreadable { reason: error.kind().to_string() },
        other => DecodeError::Corrupt { detail: other.to_string() },
    }
}

/// A file that ends when far more was read of it than it has.
struct Fenced {
    file: File,
    file_bytes: u64,
    bytes_left: u64,
    seeks_left: u64,
}

impl Fenced {
    fn new(file: File, file_bytes: u64) -> Self {
        let slack = 1 << 20;
        Self { file, file_bytes, bytes_left: file_bytes.saturating_mul(16) + slack, seeks_left: file_bytes + slack }
    }
}

impl Read for Fenced {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = (buffer.len() as u64).min(self.bytes_left) as usize;
        let read = self.file.read(&mut buffer[..wanted])?;
        self.bytes_left -= read as u64;
        Ok(read)
    }
}

impl Seek for Fenced {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.seeks_left = self.seeks_left.checked_sub(1).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.file.seek(to)
    }
}

impl MediaSource for Fenced {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.file_bytes)
    }
}
