//! The last frame of a FLAC file (RFC 9639, section 9).

use super::{Tail, window};
use std::io::{self, Read, Seek};

/// What the last frame of the file that begins with `start` says.
pub(super) fn tail_of(source: &mut (impl Read + Seek), bytes: u64, start: &[u8]) -> io::Result<Tail> {
    let Some(whole) = Shape::of_stream(start) else { return Ok(Tail::Whole) };
    let mut end = window(source, bytes.saturating_sub(LAST_BYTES), LAST_BYTES as usize)?;
    if end.len() > TAG_BYTES && end[end.len() - TAG_BYTES..].starts_with(b"TAG") {
        end.truncate(end.len() - TAG_BYTES);
    }
    let mut shapes =
        (0..end.len()).rev().filter_map(|at| Shape::of_frame(&end[at..], whole.0).map(|shape| (at, shape)));
    let Some((at, last)) = shapes.next() else { return Ok(Tail::Whole) };
    // One header that says otherwise may be chance; two are not.
    let is_other = last != whole.0 && shapes.next().is_some_and(|(_, before)| before == last);
    // Where the length is told, it is known how much is missing; a tag at the end is no part of a frame.
    let is_cut = whole.1 == 0 && crc_16(&end[at..]) != 0 && !end.windows(8).any(|mark| mark == b"APETAGEX");
    Ok(match (is_other, is_cut) {
        (true, _) => Tail::Changed,
        (_, true) => Tail::Cut,
        _ => Tail::Whole,
    })
}

/// More than two frames of telephony; longer ones are not looked at.
const LAST_BYTES: u64 = 1 << 17;

/// An ID3v1 tag.
const TAG_BYTES: usize = 128;

/// Rate in Hz and channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape(u32, u8);

impl Shape {
    /// That of the stream, and its samples, 0 where they are not told (section 8.2).
    fn of_stream(start: &[u8]) -> Option<(Self, u64)> {
        let fields = u64::from_be_bytes(*start.get(18..)?.first_chunk()?);
        let is_first = start.get(4)? & 0x7f == 0;
        let shape = Self((fields >> 44) as u32, (fields >> 41 & 7) as u8 + 1);
        is_first.then_some((shape, fields & 0xf_ffff_ffff))
    }

    /// That of the frame whose header starts `bytes` and is sound; what the header leaves out is as in `stream`.
    fn of_frame(bytes: &[u8], stream: Self) -> Option<Self> {
        const RATES_HZ: [u32; 12] =
            [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
        let &[0xff, 0xf8 | 0xf9, sizes, layout, number, ..] = bytes else { return None };
        let (block, rate, channels) = (sizes >> 4, sizes & 15, layout >> 4);
        if block == 0 || rate == 15 || channels > 10 || layout & 1 != 0 {
            return None;
        }
        // A number coded as UTF-8 is, then what the codes of the block and the rate leave to be said.
        let number_bytes = (number.leading_ones() as usize).max(1);
        let rate_at = 4 + number_bytes + [0, 1, 2][usize::from(block.saturating_sub(5).min(3) % 3)];
        let rate_bytes = match rate {
            12 => 1,
            13 | 14 => 2,
            _ => 0,
        };
        let header = bytes.get(..rate_at + rate_bytes + 1).filter(|header| crc_8(header) == 0)?;
        let said = header[rate_at..rate_at + rate_bytes].iter().fold(0, |rate, byte| rate << 8 | u32::from(*byte));
        let rate_hz = match rate {
            0 => stream.0,
            12 => said * 1_000,
            13 => said,
            14 => said * 10,
            code => RATES_HZ[usize::from(code)],
        };
        Some(Self(rate_hz, if channels > 7 { 2 } else { channels + 1 }))
    }
}

/// 0 for a header with its check sum (section 9.1.8).
fn crc_8(bytes: &[u8]) -> u8 {
    let step = |crc: u8| if crc & 0x80 == 0 { crc << 1 } else { crc << 1 ^ 0x07 };
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ byte, |crc, _| step(crc)))
}

/// 0 for a frame with its check sum (section 9.3).
fn crc_16(bytes: &[u8]) -> u16 {
    let step = |crc: u16| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x8005 };
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| step(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// A frame of 192 samples at 8 kHz, of that rate code and so many channels, with an empty body.
    fn frame(rate: u8, channels: u8) -> Vec<u8> {
        let mut frame = vec![0xff, 0xf8, 0x10 | rate, (channels - 1) << 4 | 8, 0];
        frame.push((0..=255).find(|crc| crc_8(&[&frame[..], &[*crc]].concat()) == 0).unwrap());
        frame.extend([0; 20]);
        let sum = (0..=u16::MAX).find(|crc| crc_16(&[&frame[..], &crc.to_be_bytes()].concat()) == 0).unwrap();
        frame.extend(sum.to_be_bytes());
        frame
    }

    fn stream(samples: u64) -> Vec<u8> {
        let fields = 8_000_u64 << 44 | 15 << 36 | samples;
        [&b"fLaC\x80\0\0\x22"[..], &[0; 10], &fields.to_be_bytes(), &[0; 16]].concat()
    }

    #[test]
    fn the_last_frame_says_whether_it_is_the_last() {
        let (same, other, wide) = (frame(4, 1), frame(5, 1), frame(4, 2));
        let cut = &same[..same.len() - 3];
        let tag = [&b"TAG"[..], &[b' '; 125]].concat();
        let cases: [(&str, u64, Vec<&[u8]>, Tail); 8] = [
            ("whole", 0, vec![&same, &same], Tail::Whole),
            ("no frame", 0, vec![], Tail::Whole),
            ("cut", 0, vec![&same, cut], Tail::Cut),
            ("cut, with a length that tells", 384, vec![&same, cut], Tail::Whole),
            ("with a tag", 0, vec![&same, &tag], Tail::Whole),
            ("another rate", 0, vec![&same, &other, &other], Tail::Changed),
            ("more channels", 0, vec![&same, &wide, &wide], Tail::Changed),
            ("another rate once", 0, vec![&same, &other], Tail::Whole),
        ];
        for (name, samples, frames, expected) in cases {
            let file = [stream(samples), frames.concat()].concat();
            let bytes = file.len() as u64;
            assert_eq!(tail_of(&mut Cursor::new(&file), bytes, &file).unwrap(), expected, "{name}");
        }
    }
}
