//! Opus (RFC 6716), whose packets come in Ogg (RFC 7845), Matroska and MP4.

use super::DecodeError;
use super::fence::{corrupt, unsupported};
use opus_rs::OpusDecoder;
use std::ops::Range;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::packet::Packet;

/// The rate that Opus is decoded at, in Hz; all its times count in it (RFC 7845, section 4).
pub(super) const OPUS_RATE_HZ: u32 = 48_000;

/// The longest packet, 120 ms (RFC 6716, section 3.2.5), in frames.
const LONGEST_PACKET: usize = 5_760;

/// Decodes the packets of one stream.
pub(super) struct OpusPackets {
    decoder: OpusDecoder,
    channels: usize,
    gain: f32,
    pre_skip: u16,
    /// Interleaved frames of the packet before.
    held: Vec<f32>,
}

impl OpusPackets {
    /// A decoder for the stream whose identification header `params` holds.
    pub(super) fn new(params: &AudioCodecParameters) -> Result<Self, DecodeError> {
        let head = Head::read(params.extra_data.as_deref().unwrap_or_default())?;
        let decoder = OpusDecoder::new(OPUS_RATE_HZ as i32, head.channels).map_err(corrupt)?;
        let held = vec![0.0; LONGEST_PACKET * head.channels];
        Ok(Self { decoder, channels: head.channels, gain: head.gain, pre_skip: head.pre_skip, held })
    }

    /// Frames that the encoder put before the recording.
    pub(super) fn pre_skip(&self) -> u16 {
        self.pre_skip
    }

    /// Decodes a packet and returns its frames, less those that the container trims off its end;
    /// none where it cannot be decoded.
    pub(super) fn decode(&mut self, packet: &Packet) -> Option<usize> {
        let frames = frames_of(&packet.data)?;
        let decoded = self.decoder.decode(&packet.data, frames, &mut self.held).ok()?;
        let trimmed = usize::try_from(packet.trim_end.get()).unwrap_or(usize::MAX);
        Some(decoded.min(frames).saturating_sub(trimmed))
    }

    /// Rate in Hz and channels.
    pub(super) fn shape(&self) -> (u32, usize) {
        (OPUS_RATE_HZ, self.channels)
    }

    /// Puts frames of the last packet into `channels`.
    pub(super) fn read(&self, frames: Range<usize>, channels: &mut [Vec<f32>]) {
        let held = &self.held[frames.start * self.channels..frames.end * self.channels];
        for (channel, samples) in channels.iter_mut().enumerate() {
            samples.clear();
            samples.extend(held.iter().skip(channel).step_by(self.channels).map(|sample| sample * self.gain));
        }
    }
}

/// Frames of a packet at 48 kHz, by its table of contents (RFC 6716, section 3.1 and 3.2); none
/// where it is longer than a packet may be, or holds nothing.
fn frames_of(packet: &[u8]) -> Option<usize> {
    let toc = *packet.first()?;
    let config = toc >> 3;
    let frame = match config {
        0..=11 => [480, 960, 1_920, 2_880][usize::from(config % 4)],
        12..=15 => [480, 960][usize::from(config % 2)],
        _ => [120, 240, 480, 960][usize::from(config % 4)],
    };
    let count = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => usize::from(packet.get(1)? & 0x3f),
    };
    Some(frame * count).filter(|frames| (1..=LONGEST_PACKET).contains(frames))
}

/// The identification header (RFC 7845, section 5.1).
struct Head {
    channels: usize,
    pre_skip: u16,
    gain: f32,
}

impl Head {
    fn read(header: &[u8]) -> Result<Self, DecodeError> {
        let fields = header.strip_prefix(b"OpusHead").and_then(|rest| rest.first_chunk::<11>());
        let fields = fields.ok_or_else(|| corrupt("its Opus header is cut off"))?;
        // Boxes of MP4 count from the other end; symphonia hands their bytes on as they are.
        let is_mp4 = fields[0] == 0;
        let pair = |at: usize| {
            let bytes = [fields[at], fields[at + 1]];
            if is_mp4 { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
        };
        let (channels, mapping) = (usize::from(fields[1]), fields[10]);
        if channels == 0 || mapping == 0 && channels > 2 {
            return Err(corrupt("its Opus header has an impossible number of channels"));
        }
        if channels > 2 {
            return Err(DecodeError::TooManyChannels { channels });
        }
        // Two streams of one channel each are another layout of packets (RFC 7845, section 5.1.1.2).
        if mapping != 0 && header.get(19) != Some(&1) {
            return Err(unsupported("opus of several streams"));
        }
        let gain = f32::from(pair(8) as i16) / 256.0;
        Ok(Self { channels, pre_skip: pair(2), gain: 10_f32.powf(gain / 20.0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_as_long_as_their_table_of_contents_says() {
        // (name, packet, frames), after RFC 6716, table 2 and section 3.2.
        let cases: [(&str, &[u8], Option<usize>); 9] = [
            ("nothing", &[], None),
            ("SILK, 60 ms", &[3 << 3], Some(2_880)),
            ("hybrid, 20 ms", &[13 << 3], Some(960)),
            ("CELT, 2.5 ms", &[16 << 3], Some(120)),
            ("two of 20 ms", &[31 << 3 | 1], Some(1_920)),
            ("six of 20 ms", &[31 << 3 | 3, 6], Some(5_760)),
            ("48 of 2.5 ms, padded", &[16 << 3 | 3, 0x40 | 48], Some(5_760)),
            ("seven of 20 ms", &[31 << 3 | 3, 7], None),
            ("a count that is cut off", &[31 << 3 | 3], None),
        ];
        for (name, packet, frames) in cases {
            assert_eq!(frames_of(packet), frames, "{name}");
        }
    }
}
