//! Microsoft's ADPCM (Microsoft, "New Multimedia Data Types and Data Techniques", 1994).

use super::packets::{Unpack, scaled};

/// The decoder; packets stand alone, so it remembers nothing.
pub(super) struct Ms;

/// Samples a channel in a packet of `bytes` bytes: two in its start, and two for each byte.
pub(super) const fn frames(bytes: u64, channels: u64) -> u64 {
    match bytes.checked_sub(START_BYTES as u64 * channels) {
        Some(rest) => 2 + rest * 2 / channels,
        None => 0,
    }
}

impl Unpack for Ms {
    fn unpack(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> bool {
        let channels = out.len();
        let Some((start, codes)) = packet.split_at_checked(START_BYTES * channels) else { return false };
        let mut voices = Vec::with_capacity(channels);
        for channel in 0..channels {
            let Some(voice) = Voice::start(start, channel, channels) else { return false };
            voices.push(voice);
        }
        for (voice, samples) in voices.iter().zip(&mut *out) {
            samples.extend([scaled(voice.before), scaled(voice.last)]);
        }
        match (&mut voices[..], out) {
            ([voice], [samples]) => {
                samples.extend(codes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]).map(|code| voice.next(code)));
            }
            ([left, right], [lefts, rights]) => {
                lefts.extend(codes.iter().map(|byte| left.next(byte >> 4)));
                rights.extend(codes.iter().map(|byte| right.next(byte & 0x0f)));
            }
            _ => return false,
        }
        true
    }
}

/// A predictor's number, the step and two samples.
const START_BYTES: usize = 7;

/// One channel.
struct Voice {
    weights: (i32, i32),
    step: i32,
    last: i16,
    before: i16,
}

impl Voice {
    /// The start of a channel; fields of the same kind stand together. `None` for a predictor that
    /// the standard does not know.
    fn start(start: &[u8], channel: usize, channels: usize) -> Option<Self> {
        let word = |field: usize| {
            let at = channels * (2 * field - 1) + 2 * channel;
            i16::from_le_bytes([start[at], start[at + 1]])
        };
        let weights = *WEIGHTS.get(usize::from(start[channel]))?;
        Some(Self { weights, step: i32::from(word(1)), last: word(2), before: word(3) })
    }

    fn next(&mut self, code: u8) -> f32 {
        let prediction = (i32::from(self.last) * self.weights.0 + i32::from(self.before) * self.weights.1) / 256;
        let signed = i32::from((code << 4) as i8 >> 4);
        let sample = prediction.saturating_add(signed.saturating_mul(self.step));
        self.before = self.last;
        self.last = sample.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
        self.step = ((STEP_FACTORS[usize::from(code)] * self.step) >> 8).clamp(LEAST_STEP, MOST_STEP);
        scaled(self.last)
    }
}

/// Weights of the last sample and the one before, in 256ths; the seven that every file has.
const WEIGHTS: [(i32, i32); 7] = [(256, 0), (512, -256), (0, 0), (192, 64), (240, 0), (460, -208), (392, -232)];

/// What a code makes of the step, in 256ths.
const STEP_FACTORS: [i32; 16] = [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230];

const LEAST_STEP: i32 = 16;
/// The largest step that a factor can be applied to.
const MOST_STEP: i32 = i32::MAX / 768;
