//! GSM 06.10 full-rate speech, decoder of ETSI EN 300 961; names and sections are the standard's.

use super::bits::{BitOrder, Bits};
use super::packets::{Unpack, scaled};

/// Bytes of a frame as `.gsm` files hold it: four bits of marker, then 260 of sound.
pub(super) const FRAME_BYTES: usize = 33;

/// Bytes of two frames as WAVE files hold them, without markers.
pub(super) const PAIR_BYTES: usize = 65;

/// Samples of a frame, 20 ms.
pub(super) const FRAME_SAMPLES: usize = 160;

/// Decoder of frames of 33 bytes.
pub(super) struct Gsm(Synthesis);

impl Gsm {
    pub(super) fn new() -> Self {
        Self(Synthesis::new())
    }
}

impl Unpack for Gsm {
    fn unpack(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> bool {
        let (FRAME_BYTES, [samples]) = (packet.len(), out) else { return false };
        let mut bits = Bits::new(packet, BitOrder::HighFirst);
        if bits.take(4) != MARKER {
            return false;
        }
        self.0.frame(&Frame::read(&mut bits), samples);
        true
    }
}

/// Decoder of pairs of frames in 65 bytes.
pub(super) struct GsmMs(Synthesis);

impl GsmMs {
    pub(super) fn new() -> Self {
        Self(Synthesis::new())
    }
}

impl Unpack for GsmMs {
    fn unpack(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> bool {
        let (PAIR_BYTES, [samples]) = (packet.len(), out) else { return false };
        let mut bits = Bits::new(packet, BitOrder::LowFirst);
        for _ in 0..2 {
            self.0.frame(&Frame::read(&mut bits), samples);
        }
        true
    }
}

/// The first four bits of each frame in a `.gsm` file.
const MARKER: u8 = 0xd;

/// Samples of a sub-frame.
const SUB_SAMPLES: usize = 40;

/// What a frame says (section 1.7, table 1.1).
struct Frame {
    larc: [u8; 8],
    subs: [Sub; 4],
}

/// What a sub-frame says: lag and gain of the long-term predictor, grid, block amplitude, pulses.
struct Sub {
    lag: u8,
    gain: u8,
    grid: u8,
    amplitude: u8,
    pulses: [u8; 13],
}

impl Frame {
    fn read(bits: &mut Bits<'_>) -> Self {
        let larc = [6, 6, 5, 5, 4, 4, 3, 3].map(|width| bits.take(width));
        let subs = [(); 4].map(|()| Sub {
            lag: bits.take(7),
            gain: bits.take(2),
            grid: bits.take(2),
            amplitude: bits.take(6),
            pulses: [(); 13].map(|()| bits.take(3)),
        });
        Self { larc, subs }
    }
}

/// The memory of the decoder.
struct Synthesis {
    /// Short-term residual: what is remembered, then the sub-frame at work.
    residual: [i16; PAST + SUB_SAMPLES],
    /// The last lag that made sense (section 4.3.2).
    lag: usize,
    /// Log-area ratios of the frame before.
    ratios: [i16; 8],
    /// Memory of the lattice filter.
    lattice: [i16; 9],
    /// Memory of the de-emphasis.
    emphasis: i16,
}

/// The longest lag.
const PAST: usize = 120;

impl Synthesis {
    fn new() -> Self {
        Self { residual: [0; PAST + SUB_SAMPLES], lag: 40, ratios: [0; 8], lattice: [0; 9], emphasis: 0 }
    }

    fn frame(&mut self, frame: &Frame, out: &mut Vec<f32>) {
        let mut residual = [0; FRAME_SAMPLES];
        for (sub, part) in frame.subs.iter().zip(residual.as_chunks_mut::<SUB_SAMPLES>().0) {
            *part = self.long_term(sub);
        }
        let ratios = decoded_ratios(&frame.larc);
        let before = std::mem::replace(&mut self.ratios, ratios);
        for (from, to, weigh) in INTERPOLATION {
            let mut reflections = [0; 8];
            for ((reflection, &old), &new) in reflections.iter_mut().zip(&before).zip(&ratios) {
                *reflection = reflection_of(weigh(old, new));
            }
            for &sample in &residual[from..to] {
                out.push(self.short_term(&reflections, sample));
            }
        }
    }

    /// The residual of a sub-frame (sections 5.3.1 and 5.3.2).
    fn long_term(&mut self, sub: &Sub) -> [i16; SUB_SAMPLES] {
        let mut pulses = [0; SUB_SAMPLES];
        let places = pulses.iter_mut().skip(usize::from(sub.grid)).step_by(3);
        for (place, pulse) in places.zip(amplitudes(sub)) {
            *place = pulse;
        }
        if (40..=PAST).contains(&usize::from(sub.lag)) {
            self.lag = usize::from(sub.lag);
        }
        let gain = GAINS[usize::from(sub.gain)];
        let mut residual = [0; SUB_SAMPLES];
        for (k, sample) in residual.iter_mut().enumerate() {
            let past = self.residual[PAST + k - self.lag];
            *sample = pulses[k].saturating_add(times(gain, past));
            self.residual[PAST + k] = *sample;
        }
        self.residual.copy_within(SUB_SAMPLES.., 0);
        residual
    }

    /// A sample through the lattice filter and the de-emphasis (sections 5.3.4 and 5.3.5).
    fn short_term(&mut self, reflections: &[i16; 8], sample: i16) -> f32 {
        let mut sample = sample;
        for (stage, &reflection) in reflections.iter().enumerate().rev() {
            sample = sample.saturating_sub(times(reflection, self.lattice[stage]));
            self.lattice[stage + 1] = self.lattice[stage].saturating_add(times(reflection, sample));
        }
        self.lattice[0] = sample;
        self.emphasis = sample.saturating_add(times(self.emphasis, 28_180));
        // The lowest three bits of the output are none of the codec's.
        scaled(self.emphasis.saturating_add(self.emphasis) & !7)
    }
}

/// The pulses of a sub-frame, in full (sections 5.2.15 and 5.2.16).
fn amplitudes(sub: &Sub) -> [i16; 13] {
    let (exponent, mantissa) = float_of(i16::from(sub.amplitude));
    let shift = 6 - exponent;
    let rounding = if shift > 0 { 1 << (shift - 1) } else { 0 };
    sub.pulses.map(|pulse| {
        let pulse = ((i16::from(pulse) << 1) - 7) << 12;
        times(FACTORS[usize::from(mantissa.unsigned_abs())], pulse).saturating_add(rounding) >> shift
    })
}

/// Exponent and mantissa of a block amplitude (section 5.2.15).
fn float_of(amplitude: i16) -> (i16, i16) {
    let mut exponent = if amplitude > 15 { (amplitude >> 3) - 1 } else { 0 };
    let mut mantissa = amplitude - (exponent << 3);
    if mantissa == 0 {
        return (-4, 7);
    }
    while mantissa <= 7 {
        mantissa = mantissa << 1 | 1;
        exponent -= 1;
    }
    (exponent, mantissa - 8)
}

/// Log-area ratios out of their codes (section 5.2.8).
fn decoded_ratios(larc: &[u8; 8]) -> [i16; 8] {
    let mut ratios = [0; 8];
    for ((ratio, &code), (twice_b, least, inverse_a)) in ratios.iter_mut().zip(larc).zip(RATIO_CODES) {
        let coded = ((i16::from(code) + least) << 10).saturating_sub(twice_b);
        let half = times(inverse_a, coded);
        *ratio = half.saturating_add(half);
    }
    ratios
}

/// Twice B, MIC and the inverse of A (section 5.4, tables 5.1 and 5.2).
const RATIO_CODES: [(i16, i16, i16); 8] = [
    (0, -32, 13_107),
    (0, -32, 13_107),
    (4_096, -16, 13_107),
    (-5_120, -16, 13_107),
    (188, -8, 19_223),
    (-3_584, -8, 17_476),
    (-682, -4, 31_454),
    (-2_288, -4, 29_708),
];

/// A ratio between that of the frame before and the new one.
type Mixture = fn(i16, i16) -> i16;

/// Where in a frame which mixture of the old and new ratios holds (section 5.2.9).
const INTERPOLATION: [(usize, usize, Mixture); 4] = [
    (0, 13, |old, new| (old >> 2).saturating_add(new >> 2).saturating_add(old >> 1)),
    (13, 27, |old, new| (old >> 1).saturating_add(new >> 1)),
    (27, 40, |old, new| (old >> 2).saturating_add(new >> 2).saturating_add(new >> 1)),
    (40, FRAME_SAMPLES, |_, new| new),
];

/// A reflection coefficient of a log-area ratio (section 5.2.10).
fn reflection_of(ratio: i16) -> i16 {
    let size = ratio.saturating_abs();
    let reflection = match size {
        ..11_059 => size << 1,
        11_059..20_070 => size + 11_059,
        _ => (size >> 2).saturating_add(26_112),
    };
    if ratio < 0 { -reflection } else { reflection }
}

/// Gains of the long-term predictor (table 5.3b).
const GAINS: [i16; 4] = [3_277, 11_469, 21_299, 32_767];

/// Normalised direct mantissas (table 5.6).
const FACTORS: [i16; 8] = [18_431, 20_479, 22_527, 24_575, 26_623, 28_671, 30_719, 32_767];

/// The standard's `mult_r`: fractions multiplied and rounded (section 5.1).
fn times(a: i16, b: i16) -> i16 {
    ((i32::from(a) * i32::from(b) + 16_384) >> 15).min(i32::from(i16::MAX)) as i16
}
