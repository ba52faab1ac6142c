//! G.722 at 64 kbit/s: two bands of ADPCM, decoder of ITU-T G.722 (1988); names of blocks are the
//! recommendation's.

use super::packets::{Unpack, scaled};

/// The decoder.
pub(super) struct G722 {
    low: Band,
    high: Band,
    /// Differences and sums of the bands: what the mirror filter looks back on, then the run at work.
    mirror: [[i16; LOOK_BACK + RUN]; 2],
}

/// Codes that are decoded at a time; the filter then goes over all of them at once.
const RUN: usize = 128;

/// Pairs of samples that the filter looks back on.
const LOOK_BACK: usize = 15;

impl G722 {
    pub(super) const fn new() -> Self {
        Self { low: Band::new(32), high: Band::new(8), mirror: [[0; LOOK_BACK + RUN]; 2] }
    }

    /// Appends two samples for each of at most [`RUN`] codes.
    fn run(&mut self, codes: &[u8], samples: &mut Vec<f32>) {
        for (place, &code) in codes.iter().enumerate() {
            let low = self.low_band(usize::from(code & 0x3f));
            let high = self.high_band(usize::from(code >> 6));
            // Both bands have 15 bits.
            let [differences, sums] = &mut self.mirror;
            differences[LOOK_BACK + place] = (low - high) as i16;
            sums[LOOK_BACK + place] = (low + high) as i16;
        }
        for place in 0..codes.len() {
            let filtered = |side: usize| {
                let window = self.mirror[side][place..].first_chunk().expect("a run ends within the mirror");
                scaled(saturated(weighted(window, &MIRROR[side]) >> 11) as i16)
            };
            samples.extend([filtered(0), filtered(1)]);
        }
        for side in &mut self.mirror {
            side.copy_within(codes.len()..codes.len() + LOOK_BACK, 0);
        }
    }

    fn low_band(&mut self, code: usize) -> i32 {
        let band = &mut self.low;
        // INVQBL, RECONS, LIMIT: all six bits make the sound, four of them teach the predictor.
        let sound = limited(band.prediction + ((band.scale * LOW_64[code]) >> 15));
        let lesson = (band.scale * LOW_48[code >> 2]) >> 15;
        band.rescale(LOW_LOGS[code >> 2], 18_432, 8);
        band.adapt(lesson);
        sound
    }

    fn high_band(&mut self, code: usize) -> i32 {
        let band = &mut self.high;
        let difference = (band.scale * HIGH[code]) >> 15;
        let sound = limited(band.prediction + difference);
        band.rescale(HIGH_LOGS[code], 22_528, 10);
        band.adapt(difference);
        sound
    }
}

impl Unpack for G722 {
    fn unpack(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> bool {
        let [samples] = out else { return false };
        for codes in packet.chunks(RUN) {
            self.run(codes, samples);
        }
        true
    }
}

/// The predictor of one band.
struct Band {
    prediction: i32,
    /// What the zeros alone predict.
    zeros_prediction: i32,
    /// Twice the reconstructed samples, the latest first.
    past: [i32; 2],
    /// Partially reconstructed samples, the latest first.
    partial: [i32; 2],
    poles: [i32; 2],
    /// Six of them, in as many places as a processor handles at once.
    zeros: [i16; 8],
    /// Twice the differences, the latest first; none in the two spare places.
    differences: [i16; 8],
    /// Logarithm of the quantiser's scale.
    log_scale: i32,
    scale: i32,
}

impl Band {
    const fn new(scale: i32) -> Self {
        Self {
            prediction: 0,
            zeros_prediction: 0,
            past: [0; 2],
            partial: [0; 2],
            poles: [0; 2],
            zeros: [0; 8],
            differences: [0; 8],
            log_scale: 0,
            scale,
        }
    }

    /// LOGSCL and SCALEL, LOGSCH and SCALEH.
    fn rescale(&mut self, change: i32, most: i32, shift: i32) {
        self.log_scale = (((self.log_scale * 127) >> 7) + change).clamp(0, most);
        let fraction = INVERSE_LOGS[(self.log_scale >> 6) as usize & 31];
        // One bit more, so that the shift is never to the left.
        self.scale = ((fraction << 1) >> (shift + 1 - (self.log_scale >> 11))) << 2;
    }

    /// RECONS, PARREC, UPPOL2, UPPOL1, UPZERO, FILTEP, FILTEZ and PREDIC.
    fn adapt(&mut self, difference: i32) {
        let sample = saturated(self.prediction + difference);
        let partial = saturated(self.zeros_prediction + difference);
        self.adapt_poles(partial);
        self.adapt_zeros(difference as i16);
        let [first, second, third, fourth, fifth, ..] = self.differences;
        self.differences = [saturated(2 * difference) as i16, first, second, third, fourth, fifth, 0, 0];
        self.past = [saturated(2 * sample), self.past[0]];
        self.partial = [partial, self.partial[0]];
        let poles: i32 = self.poles.iter().zip(self.past).map(|(pole, past)| (pole * past) >> 15).sum();
        let terms = self.zeros.iter().zip(self.differences);
        let zeros: i32 = terms.map(|(&zero, difference)| (i32::from(zero) * i32::from(difference)) >> 15).sum();
        self.zeros_prediction = saturated(zeros);
        self.prediction = saturated(saturated(poles) + self.zeros_prediction);
    }

    fn adapt_poles(&mut self, partial: i32) {
        let [first, second] = self.poles;
        let same = self.partial.map(|earlier| (earlier < 0) == (partial < 0));
        let quarter = saturated(first << 2);
        let push = if same[0] { (-quarter).min(32_767) } else { quarter };
        let sign = if same[1] { 128 } else { -128 };
        let second = ((push >> 7) + sign + ((second * 32_512) >> 15)).clamp(-12_288, 12_288);
        let sign = if same[0] { 192 } else { -192 };
        let most = 15_360 - second;
        let first = saturated(sign + ((first * 32_640) >> 15)).clamp(-most, most);
        self.poles = [first, second];
    }

    fn adapt_zeros(&mut self, difference: i16) {
        let step = if difference == 0 { 0 } else { 128 };
        for (zero, earlier) in self.zeros.iter_mut().zip(self.differences) {
            // -1 where the signs differ.
            let opposite = (earlier ^ difference) >> 15;
            // A leak of one part in 256, rounded up: 16 bits always hold what is left.
            let leak = (*zero >> 8) + i16::from(*zero & 0xff != 0);
            *zero += ((step ^ opposite) - opposite) - leak;
        }
    }
}

/// The sum of what `window` holds, each times its tap.
fn weighted(window: &[i16; LOOK_BACK + 1], taps: &[i16; LOOK_BACK + 1]) -> i32 {
    window.iter().zip(taps).map(|(&sample, &tap)| i32::from(sample) * i32::from(tap)).sum()
}

fn saturated(value: i32) -> i32 {
    value.clamp(i32::from(i16::MIN), i32::from(i16::MAX))
}

fn limited(value: i32) -> i32 {
    value.clamp(-16_384, 16_383)
}

/// Table 11: the 24 symmetric taps of the mirror filter, every other one, oldest sample first.
const MIRROR: [[i16; LOOK_BACK + 1]; 2] = [
    [0, 0, 0, 0, -11, 53, -156, 362, -805, 3_876, 951, -210, 32, 12, -11, 3],
    [0, 0, 0, 0, 3, -11, 12, 32, -210, 951, 3_876, -805, 362, -156, 53, -11],
];

/// Table 14, ILB: inverse logarithms.
const INVERSE_LOGS: [i32; 32] = [
    2_048, 2_093, 2_139, 2_186, 2_233, 2_282, 2_332, 2_383, 2_435, 2_489, 2_543, 2_599, 2_656, 2_714, 2_774, 2_834,
    2_896, 2_960, 3_025, 3_091, 3_158, 3_228, 3_298, 3_371, 3_444, 3_520, 3_597, 3_676, 3_756, 3_838, 3_922, 4_008,
];

/// Table 14, WL by way of RL42: changes of the low band's logarithm.
const LOW_LOGS: [i32; 16] = [-60, 3_042, 1_198, 538, 334, 172, 58, -30, 3_042, 1_198, 538, 334, 172, 58, -30, -60];

/// Table 16, WH by way of RH2: changes of the high band's logarithm.
const HIGH_LOGS: [i32; 4] = [798, -214, 798, -214];

/// Table 17, QM2: values of the high band's codes.
const HIGH: [i32; 4] = [-7_408, -1_616, 7_408, 1_616];

/// Table 14, QM4: values of the low band's upper four bits.
const LOW_48: [i32; 16] =
    [0, -20_456, -12_896, -8_968, -6_288, -4_240, -2_584, -1_200, 20_456, 12_896, 8_968, 6_288, 4_240, 2_584, 1_200, 0];

/// Table 14, QM6: values of all six bits.
const LOW_64: [i32; 64] = [
    -136, -136, -136, -136, -24_808, -21_904, -19_008, -16_704, -14_984, -13_512, -12_280, -11_192, -10_232, -9_360,
    -8_576, -7_856, -7_192, -6_576, -6_000, -5_456, -4_944, -4_464, -4_008, -3_576, -3_168, -2_776, -2_400, -2_032,
    -1_688, -1_360, -1_040, -728, 24_808, 21_904, 19_008, 16_704, 14_984, 13_512, 12_280, 11_192, 10_232, 9_360, 8_576,
    7_856, 7_192, 6_576, 6_000, 5_456, 4_944, 4_464, 4_008, 3_576, 3_168, 2_776, 2_400, 2_032, 1_688, 1_360, 1_040,
    728, 432, 136, -432, -136,
];
