//! Dialogic's ADPCM, that of OKI's chips (Dialogic, "ADPCM algorithm", 1988): 12-bit samples in 4 bits.

use super::ima::INDEX_CHANGES;
use super::packets::{Unpack, scaled};

/// The decoder.
pub(super) struct Oki {
    voices: Vec<Voice>,
}

impl Oki {
    pub(super) fn new(channels: usize) -> Self {
        Self { voices: vec![Voice::default(); channels] }
    }
}

impl Unpack for Oki {
    fn unpack(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> bool {
        match (&mut self.voices[..], out) {
            ([voice], [samples]) => {
                samples.extend(packet.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]).map(|code| voice.next(code)));
            }
            ([left, right], [lefts, rights]) => {
                lefts.extend(packet.iter().map(|byte| left.next(byte >> 4)));
                rights.extend(packet.iter().map(|byte| right.next(byte & 0x0f)));
            }
            _ => return false,
        }
        true
    }
}

/// One channel, in 12 bits.
#[derive(Clone, Copy, Default)]
struct Voice {
    sample: i16,
    index: u8,
}

impl Voice {
    fn next(&mut self, code: u8) -> f32 {
        let size = code & 7;
        let difference = ((2 * i16::from(size) + 1) * STEPS[usize::from(self.index)]) >> 3;
        self.sample = (self.sample + if code & 8 == 0 { difference } else { -difference }).clamp(-2_048, 2_047);
        self.index = self.index.saturating_add_signed(INDEX_CHANGES[usize::from(size)]).min(STEPS.len() as u8 - 1);
        scaled(self.sample * 16)
    }
}

/// Step sizes (Dialogic, table 2).
const STEPS: [i16; 49] = [
    16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190,
    209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1_060, 1_166, 1_282, 1_411,
    1_552,
];
