//! Samples of recordings and of clips.

use callsift::audio::decode::{DecodeOptions, decode};
use callsift::audio::wave::write::sample_16_bit;
use std::path::Path;

/// The rate of the recording and the samples of each channel, decoded whole, as 16 bits.
pub(crate) fn decoded(path: &Path) -> (u32, Vec<Vec<i16>>) {
    let mut channels: Vec<Vec<i16>> = Vec::new();
    let decoded = decode(path, &DecodeOptions::default(), &mut |pcm| {
        channels.resize(pcm.channels.len(), Vec::new());
        for (all, block) in channels.iter_mut().zip(&pcm.channels) {
            all.extend(block.iter().map(|sample| sample_16_bit(*sample)));
        }
    });
    (decoded.expect("decoded").rate_hz, channels)
}

/// A clip, read by the words of the WAVE format alone: its rate and the samples of each channel.
pub(crate) fn clip(path: &Path) -> (u32, Vec<Vec<i16>>) {
    let bytes = std::fs::read(path).expect("a clip");
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let half = |at: usize| u16::from_le_bytes(bytes[at..at + 2].try_into().expect("two bytes"));
    assert_eq!((&bytes[..4], &bytes[8..16], &bytes[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
    assert_eq!((half(20), half(34)), (1, 16), "16-bit PCM");
    let (channels, rate_hz) = (usize::from(half(22)), word(24));
    assert_eq!(
        (word(4) as usize + 8, word(40) as usize + 44),
        (bytes.len(), bytes.len()),
        "its sizes are those of the file"
    );
    assert_eq!((word(28), usize::from(half(32))), (rate_hz * 2 * channels as u32, 2 * channels));
    let samples: Vec<i16> = bytes[44..].chunks_exact(2).map(|it| i16::from_le_bytes([it[0], it[1]])).collect();
    (rate_hz, (0..channels).map(|channel| samples.iter().skip(channel).step_by(channels).copied().collect()).collect())
}

/// How many frames later than at `at` of `source` the loudest `length` frames of `clip` are heard there: the lag of the greatest correlation, up
/// to `reach` to both sides.
pub(crate) fn lag(clip: &[i16], source: &[i16], at: usize, reach: i64, length: usize) -> i64 {
    let product = |a: &[i16], b: &[i16]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let energy = |part: &[i16]| product(part, part);
    let parts = clip.chunks(length).enumerate();
    let (start, part) = parts.max_by(|(_, a), (_, b)| energy(a).total_cmp(&energy(b))).expect("some sound");
    let like = |lag: &i64| {
        let from = usize::try_from((at + start * length) as i64 + lag).ok();
        let there = from.and_then(|from| source.get(from..from + part.len()));
        there.map_or(f64::MIN, |there| product(part, there) / (energy(part) * energy(there)).sqrt().max(1.0))
    };
    (-reach..=reach).max_by(|a, b| like(a).total_cmp(&like(b))).expect("a lag")
}
