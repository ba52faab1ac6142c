//! Recordings that are joined of parts of different rates or numbers of channels: all are brought to the shape of the
//! first, so that one recording has one.

use super::{BLOCK_FRAMES, LOUDEST};
use crate::audio::Pcm;
use crate::audio::resample::Resampler;

/// The way of one part's sound to the shape of the first part.
pub(super) struct Joint {
    resampler: Resampler,
    /// Sound with the channels of the first part, at the rate of this one.
    mixed: Vec<Vec<f32>>,
    out: Pcm,
}

impl Joint {
    /// For a part at `rate_hz`; `first` has the shape of the first part.
    pub(super) fn new(rate_hz: u32, first: &Pcm) -> Self {
        let channels = first.channels.len();
        let out = Pcm { channels: vec![Vec::new(); channels], ..*first };
        Self { resampler: Resampler::between(rate_hz, first.rate_hz, channels), mixed: out.channels.clone(), out }
    }

    /// Takes a block, and gives `sink` what is ready; returns the frames of that.
    pub(super) fn push(&mut self, pcm: &Pcm, sink: &mut dyn FnMut(&Pcm)) -> u64 {
        mix(&pcm.channels, &mut self.mixed);
        let (out, mut frames) = (&mut self.out, 0);
        let mixed: Vec<&[f32]> = self.mixed.iter().map(Vec::as_slice).collect();
        self.resampler.push(&mixed, &mut |block| frames += hand_on(block, out, sink));
        frames
    }

    /// Gives `sink` the rest of the part; returns the frames of it.
    pub(super) fn finish(mut self, sink: &mut dyn FnMut(&Pcm)) -> u64 {
        let mut frames = 0;
        self.resampler.finish(&mut |block| frames += hand_on(block, &mut self.out, sink));
        frames
    }
}

/// One channel stands for every one that is wanted, and of several that become one the mean is taken.
fn mix(from: &[Vec<f32>], to: &mut [Vec<f32>]) {
    let (from_channels, to_channels) = (from.len(), to.len());
    for (channel, samples) in to.iter_mut().enumerate() {
        samples.clear();
        match from {
            [left, right] if to_channels == 1 => {
                samples.extend(left.iter().zip(right).map(|(left, right)| f32::midpoint(*left, *right)));
            }
            _ => samples.extend_from_slice(&from[channel.min(from_channels - 1)]),
        }
    }
}

fn hand_on(block: &[&[f32]], out: &mut Pcm, sink: &mut dyn FnMut(&Pcm)) -> u64 {
    let frames = block.first().map_or(0, |samples| samples.len());
    for start in (0..frames).step_by(BLOCK_FRAMES) {
        let end = frames.min(start + BLOCK_FRAMES);
        for (samples, from) in out.channels.iter_mut().zip(block) {
            samples.clear();
            // A resampler rings over what it is given.
            samples.extend(from[start..end].iter().map(|sample| sample.clamp(-LOUDEST, LOUDEST)));
        }
        sink(out);
    }
    frames as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rings_is_no_louder_than_the_loudest() {
        let first = Pcm { rate_hz: 8_000, channels: vec![Vec::new()], ..Pcm::default() };
        let loud: Vec<f32> = (0..44_100).map(|n| if n / 20 % 2 == 0 { LOUDEST } else { -LOUDEST }).collect();
        let (mut joint, mut most) = (Joint::new(44_100, &first), 0.0_f32);
        let mut listen = |pcm: &Pcm| most = pcm.channels[0].iter().fold(most, |most, sample| most.max(sample.abs()));
        joint.push(&Pcm { rate_hz: 44_100, channels: vec![loud], ..Pcm::default() }, &mut listen);
        joint.finish(&mut listen);
        assert_eq!(most, LOUDEST);
    }

    #[test]
    fn parts_come_out_in_the_shape_of_the_first() {
        // (name, rate and channels of the part, those of the first, samples of a part of one second, their value)
        let cases = [
            ("the same rate, one becomes two", 8_000, vec![0.5], 8_000, 2, 8_000, 0.5),
            ("two become one", 8_000, vec![0.5, 0.25], 8_000, 1, 8_000, 0.375),
            ("to a higher rate", 8_000, vec![0.5], 44_100, 1, 44_100, 0.5),
            ("to a lower rate", 48_000, vec![0.5, 0.5], 16_000, 2, 16_000, 0.5),
        ];
        for (name, rate_hz, levels, to_hz, channels, frames, level) in cases {
            let first = Pcm { rate_hz: to_hz, channels: vec![Vec::new(); channels], ..Pcm::default() };
            let mut joint = Joint::new(rate_hz, &first);
            let mut heard = vec![Vec::new(); channels];
            let mut sink = |pcm: &Pcm| {
                assert!(pcm.frames() <= BLOCK_FRAMES && pcm.rate_hz == to_hz, "{name}");
                heard.iter_mut().zip(&pcm.channels).for_each(|(all, samples)| all.extend_from_slice(samples));
            };
            let mut count = 0;
            for _ in 0..10 {
                let block = levels.iter().map(|level| vec![*level; rate_hz as usize / 10]).collect();
                count += joint.push(&Pcm { rate_hz, channels: block, ..Pcm::default() }, &mut sink);
            }
            count += joint.finish(&mut sink);
            assert_eq!(count, frames, "{name}");
            for samples in heard {
                assert_eq!(samples.len() as u64, frames, "{name}");
                let middle = samples[samples.len() / 2];
                assert!((middle - level).abs() < 1e-3, "{name}: {middle}");
            }
        }
    }
}
