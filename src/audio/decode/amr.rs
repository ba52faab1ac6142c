//! AMR and AMR-WB (3GPP TS 26.101 and 26.201): frames of 20 ms in `.amr` and `.awb` files
//! (RFC 4867, section 5), in 3GP and in WAVE files.

use super::fence::{corrupt, fenced, fill, unsupported};
use super::mp4::AmrTrack;
use super::timeline::Timeline;
use super::{Blocks, DecodeError, Stream};
use crate::audio::codec::amr::{Narrow, Received};
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
    codec: Codec,
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
        let codec = Codec::new(variant)?;
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
        if frame_type < self.variant.noise() {
            self.mode = frame_type;
        }
        let is_decoded = match &mut self.codec {
            Codec::Narrow(decoder) => {
                let frame = narrow(decoder, header, self.mode, body);
                append(&mut self.samples, &frame);
                true
            }
            Codec::Wide(decoder) => wide(decoder, header, self.mode, body).is_some_and(|frame| {
                append(&mut self.samples, &frame);
                true
            }),
        };
        if !is_decoded {
            self.lost_frames += 1;
            self.silence(1);
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
        let (decoder, codec) = if self.variant == Variant::Wide { ("rvoip", "amr_wb") } else { ("callsift", "amr_nb") };
        Ok(Stream { decoder, codec: codec.to_owned(), warnings, partial: end.or(lost) })
    }
}

/// A decoder of either codec.
enum Codec {
    Narrow(Box<Narrow>),
    // Bit-exact with the reference decoder, and free of unsafe code: the fence is enough.
    Wide(AmrCodec),
}

impl Codec {
    fn new(variant: Variant) -> Result<Self, DecodeError> {
        if variant == Variant::Narrow {
            return Ok(Self::Narrow(Box::default()));
        }
        let codec = fenced(|| AmrCodec::new(&CodecConfig::amr_wb()))?;
        codec.map(Self::Wide).map_err(|error| unsupported(&error.to_string()))
    }
}

/// Decodes a frame of AMR; `mode` is that of the last frame of speech.
fn narrow(decoder: &mut Narrow, header: u8, mode: u8, body: &[u8]) -> [i16; 160] {
    let is_good = header & 4 != 0;
    match header >> 3 & 15 {
        8 => {
            // Whether the description is new, and the mode of the talk, its lowest bit first (TS 26.101, section 4.2.3).
            let last = body.last().copied().unwrap_or(0);
            let mode = last >> 3 & 1 | last >> 1 & 2 | last << 1 & 4;
            let received = match (is_good, last & 0x10 != 0) {
                (false, _) => Received::SilenceBad,
                (true, true) => Received::SilenceUpdate,
                (true, false) => Received::SilenceFirst,
            };
            decoder.decode(received, mode, body)
        }
        9.. => decoder.decode(Received::Nothing, mode, body),
        mode => decoder.decode(if is_good { Received::Speech } else { Received::SpeechBad }, mode, body),
    }
}

/// Decodes a frame of AMR-WB; none where it cannot be.
fn wide(decoder: &mut AmrCodec, header: u8, mode: u8, body: &[u8]) -> Option<Vec<i16>> {
    let kind = match header >> 3 & 15 {
        15 => FrameKind::NoData,
        14 => FrameKind::Lost,
        9 => FrameKind::ComfortNoise,
        _ => FrameKind::Speech,
    };
    let coded = CodedFrame { kind, mode, quality_ok: header & 4 != 0, data: body.to_vec() };
    fenced(|| decoder.decode_frame(&coded)).ok()?.ok().filter(|frame| frame.len() == Variant::Wide.frame())
}

fn append(samples: &mut Vec<f32>, frame: &[i16]) {
    samples.extend(frame.iter().map(|sample| f32::from(*sample) / 32_768.0));
}

fn next_byte(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    let byte = source.fill_buf()?.first().copied();
    source.consume(usize::from(byte.is_some()));
    Ok(byte)
}
