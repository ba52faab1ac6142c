//! Sun's and NeXT's AU: a header of 24 bytes and more, big-endian (Sun, `audio(4)` of SunOS).

use super::bytes::{u32_be, window_at};
use super::stored::{Coding, Found, Length, Stored};
use crate::audio::codec::packets::{BitOrder, Packets};
use crate::audio::codec::plain::Plain;
use std::io;

/// How such a file starts.
pub const START: [u8; 4] = *b".snd";

/// Reads the AU file `source`, which is `file_bytes` long and begins with [`START`]. A size of
/// 0xffffffff or 0 reaches to the end of the file.
///
/// # Errors
///
/// Only those of reading; a file that ends early is [`Found::Broken`].
pub fn read(source: &mut (impl io::Read + io::Seek), file_bytes: u64) -> io::Result<Found> {
    let header = window_at(source, 0, HEADER_BYTES)?;
    if header.len() < HEADER_BYTES {
        return Ok(Found::Broken("its header is cut off"));
    }
    let field = |number: usize| u32_be(&header, 4 * number);
    let (data_start, claimed) = (u64::from(field(1)), field(2));
    let (encoding, rate_hz, channels) = (field(3), field(4), field(5));
    if data_start < HEADER_BYTES as u64 || data_start > file_bytes {
        return Ok(Found::Broken("its header says that its samples start outside it"));
    }
    let channels = match u16::try_from(channels) {
        Ok(0) => return Ok(Found::Broken("its header says 0 channels")),
        Ok(channels) => channels,
        Err(_) => return Ok(Found::Broken("its header says more channels than there can be")),
    };
    let Some(coding) = coding_of(encoding, channels) else { return Ok(Found::Other(Vec::new())) };
    let there = file_bytes - data_start;
    let (data_bytes, length) = match u64::from(claimed) {
        0 if there > 0 => (there, Length::Unknown),
        claimed if claimed <= there => (claimed, Length::Whole),
        UNKNOWN => (there, Length::Unknown),
        claimed_bytes => (there, Length::Short { claimed_bytes }),
    };
    let warnings = Vec::new();
    let counted_frames = None;
    Ok(Found::Samples(Stored { coding, rate_hz, channels, data_start, data_bytes, length, counted_frames, warnings }))
}

const HEADER_BYTES: usize = 24;

/// AUDIO_UNKNOWN_SIZE.
const UNKNOWN: u64 = u32::MAX as u64;

/// The encodings of SunOS and NeXT; those of G.72x pack the earlier sample low.
fn coding_of(encoding: u32, channels: u16) -> Option<Coding> {
    let g726 = |bits| Coding::Packets(Packets::G726 { bits, order: BitOrder::LowFirst });
    let coding = match encoding {
        1 => Coding::Plain(Plain::MuLaw),
        2 => Coding::Plain(Plain::S8),
        3 => Coding::Plain(Plain::S16Be),
        4 => Coding::Plain(Plain::S24Be),
        5 => Coding::Plain(Plain::S32Be),
        6 => Coding::Plain(Plain::F32Be),
        7 => Coding::Plain(Plain::F64Be),
        23 => g726(4),
        24 => Coding::Packets(Packets::G722),
        25 => g726(3),
        26 => g726(5),
        27 => Coding::Plain(Plain::ALaw),
        _ => return None,
    };
    match coding {
        Coding::Packets(packets) if !packets.fits(channels) => None,
        coding => Some(coding),
    }
}
