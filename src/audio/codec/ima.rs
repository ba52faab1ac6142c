//! IMA ADPCM as WAVE files hold it (Microsoft, "Multimedia Data Standards Update", 1994, DVI ADPCM).
//!
//! The difference is `(2n + 1) * step / 8`, rounded once; the standard's shifts and adds round each
//! term. ffmpeg does it this way, and samples agree with its.

use super::packets::{Unpack, scaled};

/// The decoder; packets stand alone, so it remembers nothing.
pub(super) struct Ima;

/// Samples a channel in a packet of `bytes` bytes: the one in its start, and eight for each four bytes.
pub(super) const fn frames(bytes: u64, channels: u64) -> u64 {
    match bytes.checked_sub(START_BYTES as u64 * channels) {
        Some(rest) => 1 + rest / (GROUP_BYTES as u64 * channels) * 8,
        None => 0,
    }
}

/// Changes of the step's index by the size of the code (IMA ADPCM, table 1).
pub(super) const INDEX_CHANGES: [i8; 8] = [-1, -1, -1, -1, 2, 4, 6, 8];

impl Unpack for Ima {
    fn unpack(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> bool {
        let channels = out.len();
        let Some((starts, groups)) = packet.split_at_checked(START_BYTES * channels) else { return false };
        let (starts, _) = starts.as_chunks::<START_BYTES>();
        if starts.iter().any(|start| usize::from(start[2]) >= STEPS.len()) {
            return false;
        }
        let (groups, _) = groups.as_chunks::<GROUP_BYTES>();
        for (channel, (start, samples)) in starts.iter().zip(out).enumerate() {
            let mut voice = Voice { sample: i16::from_le_bytes([start[0], start[1]]), index: start[2] };
            samples.push(scaled(voice.sample));
            // A last group without its fellows is of no use.
            for frame in groups.chunks_exact(channels) {
                samples.extend(
                    frame[channel].iter().flat_map(|byte| [byte & 0x0f, byte >> 4]).map(|code| voice.next(code)),
                );
            }
        }
        true
    }
}

const START_BYTES: usize = 4;
const GROUP_BYTES: usize = 4;

/// One channel.
struct Voice {
    sample: i16,
    index: u8,
}

impl Voice {
    fn next(&mut self, code: u8) -> f32 {
        let step = i32::from(STEPS[usize::from(self.index)]);
        let size = code & 7;
        let difference = ((2 * i32::from(size) + 1) * step) >> 3;
        let sample = i32::from(self.sample) + if code & 8 == 0 { difference } else { -difference };
        self.sample = sample.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
        self.index = self.index.saturating_add_signed(INDEX_CHANGES[usize::from(size)]).min(STEPS.len() as u8 - 1);
        scaled(self.sample)
    }
}

/// Step sizes (IMA ADPCM, table 2).
const STEPS: [i16; 89] = [
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107,
    118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
    1_060, 1_166, 1_282, 1_411, 1_552, 1_707, 1_878, 2_066, 2_272, 2_499, 2_749, 3_024, 3_327, 3_660, 4_026, 4_428,
    4_871, 5_358, 5_894, 6_484, 7_132, 7_845, 8_630, 9_493, 10_442, 11_487, 12_635, 13_899, 15_289, 16_818, 18_500,
    20_350, 22_385, 24_623, 27_086, 29_794, 32_767,
];
