//! Files that our own readers understand, decoded by the core's own codecs.

use super::fence::{corrupt, fill};
use super::section::Section;
use super::{BLOCK_FRAMES, Blocks, DecodeError, Stream, mp3, reading};
use crate::audio::codec::packets::{Packets, Unpack};
use crate::audio::codec::plain::Plain;
use crate::audio::wave::{Coding, Length, Stored};
use std::fs::File;

/// Decodes the samples that `stored` says are in `file`.
pub(super) fn decode(file: File, stored: &Stored, blocks: &mut Blocks<'_>) -> Result<Stream, DecodeError> {
    let mut section = Section::new(file, stored.data_start, stored.data_bytes)?;
    let lost = match stored.coding {
        Coding::Plain(plain) => {
            open(stored, blocks)?;
            decode_plain(&mut section, plain, blocks)?;
            0
        }
        Coding::Packets(packets) => {
            open(stored, blocks)?;
            Unpacking::new(stored, packets).run(&mut section, blocks)?
        }
        Coding::Mpeg => return decode_mpeg(section, stored, blocks),
    };
    let unreadable = (lost > 0).then(|| DecodeError::Corrupt { detail: format!("{lost} packets cannot be decoded") });
    // A cut-off file without a single sample holds none, whatever else is wrong with it.
    let partial = shortfall(stored, blocks.frames).filter(|_| blocks.frames > 0);
    let mut warnings = stored.warnings.clone();
    if let (Some(_), Some(unreadable)) = (&partial, &unreadable) {
        warnings.push(unreadable.to_string());
    }
    let codec = stored.coding.name().to_owned();
    Ok(Stream { decoder: "callsift", codec, warnings, partial: partial.or(unreadable) })
}

fn open(stored: &Stored, blocks: &mut Blocks<'_>) -> Result<(), DecodeError> {
    blocks.is_bounded = stored.coding.is_bounded();
    blocks.open(stored.rate_hz, usize::from(stored.channels), stored.coding.full_scale())
}

/// Why not all of the recording is there.
fn shortfall(stored: &Stored, there: u64) -> Option<DecodeError> {
    match stored.length {
        Length::Whole => None,
        Length::Short { claimed_bytes } => {
            Some(DecodeError::Truncated { there, claimed: stored.coding.frames(claimed_bytes, stored.channels) })
        }
        Length::Unknown => Some(DecodeError::LengthUnknown { there }),
        Length::Followed => Some(corrupt("another recording follows its samples, and is left out")),
        Length::Unclaimed => ends_within_a_unit(stored).then_some(DecodeError::EndsEarly { there }),
    }
}

/// Whether the last sample or packet is not all there.
fn ends_within_a_unit(stored: &Stored) -> bool {
    let unit_bytes = match stored.coding {
        Coding::Plain(plain) => plain.bytes() * usize::from(stored.channels),
        Coding::Packets(packets @ (Packets::Gsm | Packets::GsmMs)) => packets.packet_bytes(),
        Coding::Packets(_) | Coding::Mpeg => 1,
    };
    !stored.data_bytes.is_multiple_of(unit_bytes as u64)
}

fn decode_plain(section: &mut Section, plain: Plain, blocks: &mut Blocks<'_>) -> Result<(), DecodeError> {
    let channels = blocks.pcm.channels.len();
    let mut bytes = vec![0; BLOCK_FRAMES * plain.bytes() * channels];
    loop {
        let read = fill(section, &mut bytes)?;
        for (channel, samples) in blocks.pcm.channels.iter_mut().enumerate() {
            plain.read(&bytes[..read], channel, channels, samples);
        }
        if !blocks.emit() || read < bytes.len() {
            return Ok(());
        }
    }
}

/// Another decoder's work; what our reader knows of the length comes on top.
fn decode_mpeg(mut section: Section, stored: &Stored, blocks: &mut Blocks<'_>) -> Result<Stream, DecodeError> {
    if stored.data_bytes == 0 {
        return Err(DecodeError::NoSamples);
    }
    let mut stream = if mp3::is_mp3(&mut section, stored.data_bytes)? {
        mp3::decode(section, stored.data_bytes, blocks)?
    } else {
        reading::open(section, stored.data_bytes)?.decode(stored.data_bytes, blocks)?
    };
    stream.warnings.extend(stored.warnings.iter().cloned());
    let there = blocks.frames;
    let shortfall = match stored.length {
        Length::Short { .. } => Some(DecodeError::EndsEarly { there }),
        Length::Unknown => Some(DecodeError::LengthUnknown { there }),
        Length::Whole | Length::Followed | Length::Unclaimed => None,
    };
    stream.partial = stream.partial.or(shortfall);
    Ok(stream)
}

/// Packets on their way to blocks.
struct Unpacking {
    packets: Packets,
    channels: u16,
    decoder: Box<dyn Unpack>,
    /// Samples that do not fill a block yet.
    pending: Vec<Vec<f32>>,
    /// Samples a channel that are still to come; what packets hold beyond them fills them up.
    frames_left: u64,
    /// Packets that were decoded, and those that could not be.
    decoded: u64,
    lost: u64,
}

/// Enough for calls into the system not to count.
const READ_BYTES: usize = 1 << 15;

impl Unpacking {
    fn new(stored: &Stored, packets: Packets) -> Self {
        Self {
            packets,
            channels: stored.channels,
            decoder: packets.decoder(stored.channels),
            pending: vec![Vec::new(); usize::from(stored.channels)],
            frames_left: stored.frames(),
            decoded: 0,
            lost: 0,
        }
    }

    /// Decodes all of `section`; returns how many packets are silence because they make no sense.
    fn run(mut self, section: &mut Section, blocks: &mut Blocks<'_>) -> Result<u64, DecodeError> {
        let packet_bytes = self.packets.packet_bytes();
        let mut bytes = vec![0; packet_bytes * (READ_BYTES / packet_bytes).max(1)];
        loop {
            let read = fill(section, &mut bytes)?;
            for packet in bytes[..read].chunks(packet_bytes) {
                self.unpack(packet);
                if !self.hand_on(BLOCK_FRAMES, blocks) {
                    return Ok(self.lost);
                }
            }
            if read < bytes.len() {
                self.hand_on(1, blocks);
                break;
            }
        }
        if self.decoded == 0 && self.lost > 0 {
            return Err(DecodeError::Corrupt { detail: format!("none of its {} packets can be decoded", self.lost) });
        }
        Ok(self.lost)
    }

    fn unpack(&mut self, packet: &[u8]) {
        if self.decoder.unpack(packet, &mut self.pending) {
            self.decoded += 1;
            return;
        }
        // What is left of a packet that was cut off before its first sample is not worth a word.
        let frames = self.packets.packet_frames(packet.len() as u64, self.channels) as usize;
        self.lost += u64::from(frames > 0);
        for samples in &mut self.pending {
            samples.resize(samples.len() + frames, 0.0);
        }
    }

    /// Hands on blocks as long as there are `least` samples for one; false once no more is wanted.
    fn hand_on(&mut self, least: usize, blocks: &mut Blocks<'_>) -> bool {
        let mut done = 0;
        let mut is_wanted = true;
        let pending_frames = self.pending.first().map_or(0, Vec::len);
        while is_wanted && pending_frames - done >= least {
            let end = pending_frames.min(done + BLOCK_FRAMES);
            let kept = (end - done).min(usize::try_from(self.frames_left).unwrap_or(usize::MAX));
            for (block, samples) in blocks.pcm.channels.iter_mut().zip(&self.pending) {
                block.clear();
                block.extend_from_slice(&samples[done..done + kept]);
            }
            self.frames_left -= kept as u64;
            done = end;
            is_wanted = blocks.emit();
        }
        if done > 0 {
            self.pending.iter_mut().for_each(|samples| drop(samples.drain(..done)));
        }
        is_wanted
    }
}

#[cfg(test)]
mod tests;
