//! AMR and AMR-WB (3GPP TS 26.101 and 26.201): frames of 20 ms in `.amr` and `.awb` files
//! (RFC 4867, section 5), in 3GP and in WAVE files.

use super::fence::{corrupt, fenced, fill, unsupported};
use super::mp4::AmrTrack;
use super::timeline::Timeline;
use super::{Blocks, DecodeError, Stream};
use codec_core::codecs::amr::AmrCodec;
use codec_core::types::{CodecConfig, CodedFrame, FrameKind, VariableRateCodec};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// Which of the two codecs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    /// AMR, 8 kHz.
    Narrow,
    /// AMR-WB, 16 kHz.
    Wide,
}

/// The codec of a file of frames; none where it is no such file. Leaves the file after its magic
/// number.
pub(super) fn variant_of(source: &mut (impl Read + Seek)) -> Result<Option<Variant>, DecodeError> {
    source.seek(SeekFrom::Start(0))?;
    let mut start = [0; 15];
    let read = fill(source, &mut start)?;
    let start = &start[..read];
    for (magic, variant) in [(&b"#!AMR-WB\n"[..], Variant::Wide), (b"#!AMR\n", Variant::Narrow)] {
        if start.starts_with(magic) {
            source.seek(SeekFrom::Start(magic.len() as u64))?;
            return Ok(Some(variant));
        }
    }
    if start.starts_with(b"#!AMR_MC1.0\n") || start.starts_with(b"#!AMR-WB_MC1.0\n") {
        return Err(unsupported("amr of several channels"));
    }
    Ok(None)
}

/// Decodes the frames from where `source` stands to its end.
pub(super) fn decode(source: impl Read, variant: Variant, blocks: &mut Blocks<'_>) -> Result<Stream, DecodeError> {
    let mut speech = Speech::new(variant, blocks)?;
    let end = speech.drain(source).err();
    speech.finish(end)
}

/// Decodes the frames of a track of a 3GP file.
pub(super) fn decode_track(
    source: &mut (impl Read + Seek),
    track: &AmrTrack,
    blocks: &mut Blocks<'_>,
) -> Result<Stream, DecodeError> {
    let variant = if track.is_wide { Variant::Wide } else { Variant::Narrow };
    let mut speech = Speech::new(variant, blocks)?;
    let mut end = None;
    for place in &track.places {
        source.seek(SeekFrom::Start(place.start))?;
        end = speech.drain(source.by_ref().take(place.end - place.start)).err();
        if end.is_some() || speech.timeline.blocks.cut {
            break;
        }
    }
    speech.finish(end)
}

impl Variant {
    /// Samples of a frame.
    fn frame(self) -> usize {
        if self == Self::Wide { 320 } else { 160 }
    }

    /// Bytes of a frame of that type after its first; none where the type is reserved
    /// (TS 26.101, table 1a and annex A; TS 26.201, the same).
    fn bytes_of(self, frame_type: u8) -> Option<usize> {
        const NARROW: [usize; 9] = [12, 13, 15, 17, 19, 20, 26, 31, 5];
        const WIDE: [usize; 10] = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5];
        let bytes: &[usize] = if self == Self::Wide { &WIDE } else { &NARROW };
        match frame_type {
            15 => Some(0),
            14 if self == Self::Wide => Some(0),
            other => bytes.get(usize::from(other)).copied(),
        }
    }

    /// The frame type of comfort noise.
    fn noise(self) -> u8 {
        if self == Self::Wide { 9 } else { 8 }
    }
}

/// The longest frame, its first byte left out.
const LONGEST_FRAME: usize = 60;

/// How many samples are decoded before they are handed on.
const BATCH: usize = 3_200;

/// A stream of frames that is decoded.
struct Speech<'a, 'b> {
    variant: Variant,
    // Bit-exact with the reference decoders, and free of unsafe code: the fence is enough.
    codec: AmrCodec,
    timeline: Timeline<'a, 'b>,
    samples: Vec<f32>,
    /// The mode of the last frame of speech, which those without one go by.
    mode: u8,
    /// Bytes of the last frame, its first included.
    frame_bytes: usize,
    lost_frames: u64,
    skipped_bytes: u64,
}

impl<'a, 'b> Speech<'a, 'b> {
    fn new(variant: Variant, blocks: &'a mut Blocks<'b>) -> Result<Self, DecodeError> {
        let config = if variant == Variant::Wide { CodecConfig::amr_wb() } else { CodecConfig::amr_nb() };
        let codec = fenced(|| AmrCodec::new(&config))?.map_err(|error| unsupported(&error.to_string()))?;
        // A frame is at least a byte and never more than 320 samples: the file's size bounds them.
        let mut timeline = Timeline::new(blocks, u64::MAX);
        timeline.open(variant.frame() as u32 * 50, 1)?;
        let samples = Vec::with_capacity(BATCH + variant.frame());
        let (mode, frame_bytes) = (0, 1);
        Ok(Self { variant, codec, timeline, samples, mode, frame_bytes, lost_frames: 0, skipped_bytes: 0 })
    }

    /// Decodes frames to the end of `source`.
    fn drain(&mut self, source: impl Read) -> Result<(), DecodeError> {
        let mut source = BufReader::with_capacity(1 << 16, source);
        let mut body = [0; LONGEST_FRAME];
        while let Some(header) = next_byte(&mut source)? {
            // Padding bits are 0 (RFC 4867, section 5.3): what has others set is no frame.
            let bytes = self.variant.bytes_of(header >> 3 & 15).filter(|_| header & 0x83 == 0);
            let Some(bytes) = bytes else {
                self.skipped_bytes += 1;
                continue;
            };
            self.replace_skipped()?;
            if fill(&mut source, &mut body[..bytes])? < bytes {
                return Err(DecodeError::EndsEarly { there: self.heard() });
            }
            self.frame_bytes = bytes + 1;
            self.frame(header, &body[..bytes]);
            if self.samples.len() >= BATCH && !self.hand_on()? {
                return Ok(());
            }
        }
        self.replace_skipped()
    }

    /// Decodes one frame.
    fn frame(&mut self, header: u8, body: &[u8]) {
        let frame_type = header >> 3 & 15;
        let kind = match frame_type {
            15 => FrameKind::NoData,
            14 => FrameKind::Lost,
            noise if noise == self.variant.noise() => FrameKind::ComfortNoise,
            mode => {
                self.mode = mode;
                FrameKind::Speech
            }
        };
        let quality_ok = header & 4 != 0;
        let coded = CodedFrame { kind, mode: self.mode, quality_ok, data: body.to_vec() };
        match fenced(|| self.codec.decode_frame(&coded)) {
            Ok(Ok(samples)) if samples.len() == self.variant.frame() => {
                self.samples.extend(samples.iter().map(|sample| f32::from(*sample) / 32_768.0));
            }
            _ => {
                self.lost_frames += 1;
                self.silence(1);
            }
        }
    }

    /// Puts silence where bytes were no frames.
    fn replace_skipped(&mut self) -> Result<(), DecodeError> {
        if self.skipped_bytes > 0 {
            let frames = (self.skipped_bytes / self.frame_bytes as u64).max(1);
            self.skipped_bytes = 0;
            self.lost_frames += frames;
            self.hand_on()?;
            let at = self.timeline.blocks.frames + frames * self.variant.frame() as u64;
            self.timeline.fill_to(at as i64)?;
        }
        Ok(())
    }

    fn silence(&mut self, frames: usize) {
        self.samples.resize(self.samples.len() + frames * self.variant.frame(), 0.0);
    }

    fn heard(&self) -> u64 {
        self.timeline.blocks.frames + self.samples.len() as u64
    }

    /// Hands on what is decoded; false once no more is wanted.
    fn hand_on(&mut self) -> Result<bool, DecodeError> {
        let samples = &self.samples;
        let goes_on = self.timeline.place(None, samples.len(), &|range, channels| {
            channels[0].clear();
            channels[0].extend_from_slice(&samples[range]);
        })?;
        self.samples.clear();
        Ok(goes_on)
    }

    fn finish(mut self, end: Option<DecodeError>) -> Result<Stream, DecodeError> {
        let end = self.hand_on().err().or(end);
        let lost = (self.lost_frames > 0).then(|| corrupt(&format!("{} frames cannot be decoded", self.lost_frames)));
        let warnings = self.timeline.warnings();
        let codec = if self.variant == Variant::Wide { "amr_wb" } else { "amr_nb" };
        let partial = end.or(lost);
        Ok(Stream { decoder: "rvoip", codec: codec.to_owned(), warnings, partial })
    }
}

fn next_byte(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    let byte = source.fill_buf()?.first().copied();
    source.consume(usize::from(byte.is_some()));
    Ok(byte)
}
