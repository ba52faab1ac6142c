//! Brings blocks of any rate to the rate that is analysed, without delay and to the exact length.

use super::ANALYSIS_RATE_HZ;
use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{Fft, FixedSync, Indexing, Resampler as _, WindowFunction};

/// A block at the analysis rate, one slice a channel, all of the same length.
pub type Block<'a> = &'a [&'a [f32]];

/// Brings one recording to another rate, as a rule [`ANALYSIS_RATE_HZ`]; the blocks that come out do not
/// depend on how the recording was cut into the blocks that go in.
///
/// The filter passes up to about 95 % of half the lower rate (3.8 kHz at 8 kHz) and has no phase; sample `n`
/// of the input comes out at `n * to_hz / rate_hz`. Where both rates are the same blocks pass untouched.
pub struct Resampler {
    rate_hz: u32,
    to_hz: u32,
    frames_in: u64,
    frames_out: u64,
    filter: Option<Filter>,
}

impl Resampler {
    /// For recordings of `channels` channels at `rate_hz`, both at least 1, which come out at the rate of analysis.
    #[must_use]
    pub fn new(rate_hz: u32, channels: usize) -> Self {
        Self::between(rate_hz, ANALYSIS_RATE_HZ, channels)
    }

    /// For recordings of `channels` channels at `rate_hz` that come out at `to_hz`, all at least 1.
    #[must_use]
    pub fn between(rate_hz: u32, to_hz: u32, channels: usize) -> Self {
        let filter = (rate_hz != to_hz).then(|| Filter::new(rate_hz, to_hz, channels));
        Self { rate_hz, to_hz, frames_in: 0, frames_out: 0, filter }
    }

    /// Takes the next block, and gives `sink` what is ready: none, one or several blocks.
    pub fn push(&mut self, channels: Block<'_>, sink: &mut dyn FnMut(Block<'_>)) {
        self.frames_in += channels.first().map_or(0, |samples| samples.len()) as u64;
        match &mut self.filter {
            None => sink(channels),
            Some(filter) => filter.push(channels, &mut |block| {
                self.frames_out += block[0].len() as u64;
                sink(block);
            }),
        }
    }

    /// Gives `sink` the rest, so that `frames * to_hz / rate_hz` samples, rounded, came out in all.
    pub fn finish(mut self, sink: &mut dyn FnMut(Block<'_>)) {
        let Some(filter) = &mut self.filter else { return };
        let (rate_hz, to_hz) = (u64::from(self.rate_hz), u64::from(self.to_hz));
        let wanted = (self.frames_in * to_hz + rate_hz / 2) / rate_hz;
        filter.drain(wanted - self.frames_out.min(wanted), sink);
    }
}

/// What is filtered at a time: the filter is twice as long.
const FILTER_MS: usize = 32;

/// Rubato's synchronous resampler with what it needs around it.
struct Filter {
    fft: Fft<f32>,
    /// Input that waits for a whole chunk.
    waiting: Vec<Vec<f32>>,
    output: Vec<Vec<f32>>,
    /// Output that is still to be dropped, for the filter's delay.
    delay: usize,
}

impl Filter {
    fn new(rate_hz: u32, to_hz: u32, channels: usize) -> Self {
        let (rate_in, rate_out) = (rate_hz as usize, to_hz as usize);
        // The filter has its middle on a sample only where its length in input samples is even.
        let least = 2 * rate_in / greatest_common_divisor(rate_in, rate_out);
        let chunk = least * (FILTER_MS * rate_in / 1_000).div_ceil(least).max(1);
        let fft =
            Fft::new_custom(rate_in, rate_out, chunk, 1, channels, WindowFunction::BlackmanHarris2, FixedSync::Both)
                .expect("rates, chunk and channels are at least 1");
        let waiting = vec![Vec::with_capacity(fft.input_frames_max()); channels];
        let output = vec![vec![0.0; fft.output_frames_max()]; channels];
        let delay = fft.output_delay();
        Self { fft, waiting, output, delay }
    }

    fn push(&mut self, channels: Block<'_>, sink: &mut dyn FnMut(Block<'_>)) {
        let frames = channels.first().map_or(0, |samples| samples.len());
        let chunk = self.fft.input_frames_next();
        let mut taken = 0;
        while taken < frames {
            let end = frames.min(taken + chunk - self.waiting[0].len());
            for (waiting, samples) in self.waiting.iter_mut().zip(channels) {
                waiting.extend_from_slice(&samples[taken..end]);
            }
            taken = end;
            if self.waiting[0].len() == chunk {
                self.filter(usize::MAX, sink);
            }
        }
    }

    /// Gives out `left` more samples, filtering what waits and then silence.
    fn drain(&mut self, mut left: u64, sink: &mut dyn FnMut(Block<'_>)) {
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX);
            left -= self.filter(most, sink) as u64;
        }
    }

    /// Filters what waits, silence after it, and gives out at most `most` samples; returns how many.
    fn filter(&mut self, most: usize, sink: &mut dyn FnMut(Block<'_>)) -> usize {
        let (channels, waits) = (self.waiting.len(), self.waiting[0].len());
        let frames = self.output[0].len();
        let input = SequentialSliceOfVecs::new(&self.waiting, channels, waits).expect("all channels wait alike");
        let mut output =
            SequentialSliceOfVecs::new_mut(&mut self.output, channels, frames).expect("all channels are as long");
        let indexing = Indexing::new().partial_len(waits);
        let (_, made) = self
            .fft
            .process_into_buffer(&input, &mut output, Some(&indexing))
            .expect("the buffers have the sizes that the resampler asked for");
        self.waiting.iter_mut().for_each(Vec::clear);
        let skipped = self.delay.min(made);
        self.delay -= skipped;
        let end = made.min(skipped.saturating_add(most));
        emit(&self.output, skipped, end, sink);
        end - skipped
    }
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Gives `sink` a part of all channels; one and two channels need no allocation.
fn emit(channels: &[Vec<f32>], start: usize, end: usize, sink: &mut dyn FnMut(Block<'_>)) {
    if start == end {
        return;
    }
    match channels {
        [only] => sink(&[&only[start..end]]),
        [left, right] => sink(&[&left[start..end], &right[start..end]]),
        more => sink(&more.iter().map(|samples| &samples[start..end]).collect::<Vec<_>>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn resampled(rate_hz: u32, input: &[f32], block: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(rate_hz, 2);
        let mut left = Vec::new();
        let mut right = Vec::new();
        let mut sink = |block: Block<'_>| {
            left.extend_from_slice(block[0]);
            right.extend_from_slice(block[1]);
        };
        for samples in input.chunks(block) {
            let inverted: Vec<f32> = samples.iter().map(|sample| -sample).collect();
            resampler.push(&[samples, &inverted], &mut sink);
        }
        resampler.finish(&mut sink);
        assert!(left.iter().zip(&right).all(|(left, right)| *left == -right), "channels are alike");
        left
    }

    fn sine(rate_hz: u32, frames: usize, pitch_hz: f64) -> Vec<f32> {
        (0..frames).map(|n| (0.5 * (TAU * pitch_hz * n as f64 / f64::from(rate_hz)).sin()) as f32).collect()
    }

    #[test]
    fn length_is_exact_and_time_is_kept() {
        // (rate, frames, expected frames = round(frames * 8000 / rate))
        let cases = [
            (8_000, 1_234, 1_234),
            (16_000, 16_001, 8_001),
            (44_100, 44_100, 8_000),
            (44_100, 10_000, 1_814),
            (48_000, 7, 1),
            (11_025, 5_000, 3_628),
            (6_000, 3_000, 4_000),
            (192_000, 100_000, 4_167),
            (44_101, 30_000, 5_442),
        ];
        for (rate_hz, frames, expected) in cases {
            let output = resampled(rate_hz, &sine(rate_hz, frames, 440.0), 4_096);
            assert_eq!(output.len(), expected, "{frames} frames at {rate_hz} Hz");
            let ideal = sine(8_000, expected, 440.0);
            // The filter rings at both ends, where the sine starts and stops.
            for n in 300..expected.saturating_sub(300) {
                assert!((output[n] - ideal[n]).abs() < 2e-3, "sample {n} at {rate_hz} Hz");
            }
        }
    }

    #[test]
    fn what_telephony_cannot_carry_is_gone() {
        let output = resampled(48_000, &sine(48_000, 48_000, 6_000.0), 4_096);
        assert!(output[400..7_600].iter().all(|sample| sample.abs() < 1e-3));
    }

    #[test]
    fn blocks_do_not_matter() {
        let input = sine(44_100, 9_999, 700.0);
        let whole = resampled(44_100, &input, 10_000);
        for block in [1, 7, 441, 4_096] {
            assert_eq!(resampled(44_100, &input, block), whole, "blocks of {block}");
        }
    }

    #[test]
    fn no_input_gives_no_output() {
        for rate_hz in [8_000, 16_000] {
            Resampler::new(rate_hz, 1).finish(&mut |_| panic!("a block of nothing"));
        }
    }
}
