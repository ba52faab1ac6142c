//! G.726 at 16 to 40 kbit/s, decoder of ITU-T G.726 (1990); names of blocks are the recommendation's.

use super::bits::{BitOrder, Bits};
use super::packets::{Unpack, scaled};

/// The decoder.
pub(super) struct G726 {
    width: u32,
    order: BitOrder,
    codes: &'static [Code],
    predictor: Predictor,
    scale: Scale,
}

impl G726 {
    /// `width` bits a sample, 2 to 5.
    pub(super) fn new(width: u32, order: BitOrder) -> Self {
        let codes: &[Code] = match width {
            2 => &CODES_16,
            3 => &CODES_24,
            4 => &CODES_32,
            _ => &CODES_40,
        };
        Self { width, order, codes, predictor: Predictor::new(), scale: Scale::new() }
    }

    fn sample(&mut self, bits: u8) -> f32 {
        let is_negative = bits >> (self.width - 1) == 1;
        // Codes are mirrored: the upper half are the lower half's, upside down.
        let size = if is_negative { !bits & ((1 << (self.width - 1)) - 1) } else { bits };
        let code = self.codes[usize::from(size)];
        let size = self.scale.unquantised(code.log);
        let is_transition = self.predictor.tone && size > self.scale.transition_threshold();
        let difference = if is_negative { -size } else { size };
        let sample = self.predictor.adapt(difference, is_negative, is_transition);
        self.scale.adapt(code, self.predictor.tone, is_transition);
        // 14 bits, as the recommendation's linear output has them, in 16.
        scaled((sample * 4).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16)
    }
}

impl Unpack for G726 {
    fn unpack(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> bool {
        let [samples] = out else { return false };
        let mut bits = Bits::new(packet, self.order);
        let (order, width) = (packet.len() * 8 / self.width as usize, self.width);
        samples.extend((0..order).map(|_| self.sample(bits.take(width))));
        true
    }
}

/// What a code's size means: the logarithm of the difference, and the changes W and F of the scale.
#[derive(Clone, Copy)]
struct Code {
    log: i32,
    scale_change: i32,
    speed: i32,
}

const fn code(log: i32, scale_change: i32, speed: i32) -> Code {
    Code { log, scale_change, speed }
}

/// The logarithm of nothing.
const ZERO: i32 = -32_768;

/// Tables 7 to 10 and the definitions of W and F (sections 2.5 and 2.6), by the size of the code.
const CODES_16: [Code; 2] = [code(116, -22, 0), code(365, 439, 7)];
const CODES_24: [Code; 4] = [code(ZERO, -4, 0), code(135, 30, 1), code(273, 137, 2), code(373, 582, 7)];
const CODES_32: [Code; 8] = [
    code(ZERO, -12, 0),
    code(4, 18, 0),
    code(135, 41, 0),
    code(213, 64, 1),
    code(273, 112, 1),
    code(323, 198, 1),
    code(373, 355, 3),
    code(425, 1_122, 7),
];
const CODES_40: [Code; 16] = [
    code(ZERO, 14, 0),
    code(-66, 14, 0),
    code(28, 24, 0),
    code(104, 39, 0),
    code(169, 40, 0),
    code(224, 41, 1),
    code(274, 58, 1),
    code(318, 100, 1),
    code(358, 141, 1),
    code(395, 179, 1),
    code(429, 219, 2),
    code(459, 280, 3),
    code(488, 358, 4),
    code(514, 440, 5),
    code(539, 529, 6),
    code(566, 696, 6),
];

/// The quantiser's scale factor and how fast it changes (sections 2.5 and 2.6).
struct Scale {
    /// Of fast changes.
    fast: i32,
    /// Of slow changes, with 6 more bits.
    slow: i32,
    /// The mixture in use.
    mixed: i32,
    /// Short and long averages of F.
    short_average: i32,
    long_average: i32,
    /// Speed, before it is limited.
    speed: i32,
}

impl Scale {
    const fn new() -> Self {
        Self { fast: 544, slow: 34_816, mixed: 544, short_average: 0, long_average: 0, speed: 0 }
    }

    /// RECONST, ADDA and ANTILOG.
    const fn unquantised(&self, log: i32) -> i32 {
        let log = log + (self.mixed >> 2);
        if log < 0 { 0 } else { ((128 + (log & 0x7f)) << ((log >> 7) & 0xf)) >> 7 }
    }

    /// TRANS.
    const fn transition_threshold(&self) -> i32 {
        let (whole, fraction) = (self.slow >> 15, (self.slow >> 10) & 0x1f);
        let threshold = if whole > 9 { 0x1f << 10 } else { (0x20 + fraction) << whole };
        (3 * threshold) >> 2
    }

    /// FILTA, FILTB, SUBTC, FILTC, FUNCTW, FILTD, LIMB, FILTE, LIMA and MIX.
    fn adapt(&mut self, code: Code, tone: bool, is_transition: bool) {
        self.short_average += (code.speed << 4) + (-self.short_average >> 5);
        self.long_average += (code.speed << 4) + (-self.long_average >> 7);
        if is_transition {
            self.speed = 256;
        } else {
            self.speed += -self.speed >> 4;
            let change = ((self.short_average << 2) - self.long_average).abs();
            if self.mixed <= 1_535 || tone || change >= self.long_average >> 3 {
                self.speed += 0x20;
            }
        }
        self.fast = (self.mixed + code.scale_change + (-self.mixed >> 5)).clamp(544, 5_120);
        self.slow += self.fast + (-self.slow >> 6);
        let share = if self.speed >= 256 { 64 } else { self.speed >> 2 };
        self.mixed = (self.slow + (self.fast - (self.slow >> 6)) * share) >> 6;
    }
}

/// The adaptive predictor (section 2.7).
struct Predictor {
    /// What is predicted, and what the zeros alone predict.
    prediction: i32,
    zeros_prediction: i32,
    poles: [i32; 2],
    /// Six zeros, then the two poles.
    factors: [i32; 8],
    /// What the factors weigh: six differences, then two samples, the latest first.
    past: [Float; 8],
    /// Signs of the last two partially reconstructed samples, ±1.
    signs: [i32; 2],
    /// A partial-band signal, such as a modem's tone, is there.
    tone: bool,
}

impl Predictor {
    const fn new() -> Self {
        Self {
            prediction: 0,
            zeros_prediction: 0,
            poles: [0; 2],
            factors: [0; 8],
            past: [Float::ZERO; 8],
            signs: [1; 2],
            tone: false,
        }
    }

    /// Returns the reconstructed sample of `difference`, in 14 bits, and learns from it.
    fn adapt(&mut self, difference: i32, is_negative: bool, is_transition: bool) -> i32 {
        // Reconstructed samples wrap in 16 bits (ADDB).
        let sample = i32::from((self.prediction + difference) as i16);
        let sign = (self.zeros_prediction + difference).signum();
        if is_transition {
            self.poles = [0; 2];
            self.factors = [0; 8];
        } else {
            self.adapt_poles(sign);
            self.adapt_zeros(difference.signum());
        }
        self.signs = [if sign == 0 { 1 } else { sign }, self.signs[0]];
        let [first, second, third, fourth, fifth, _, last, _] = self.past;
        let difference = Float::new(difference, is_negative);
        self.past = [difference, first, second, third, fourth, fifth, Float::new(sample, sample < 0), last];
        self.tone = self.poles[1] < -11_776;
        self.predict();
        sample
    }

    /// UPA2, LIMC, UPA1 and LIMD.
    fn adapt_poles(&mut self, sign: i32) {
        let [first, second] = self.poles;
        let pull = ((-first * self.signs[0] * sign) >> 5).clamp(-256, 255);
        let second = (second + 128 * sign * self.signs[1] + pull - (second >> 7)).clamp(-12_288, 12_288);
        let most = 15_360 - second;
        let first = (first + 192 * sign * self.signs[0] - (first >> 8)).clamp(-most, most);
        self.poles = [first, second];
    }

    /// XOR and UPB.
    fn adapt_zeros(&mut self, sign: i32) {
        let step = 128 * sign;
        for (factor, earlier) in self.factors.iter_mut().zip(&self.past) {
            let opposite = earlier.sign();
            *factor += ((step ^ opposite) - opposite) - (*factor >> 8);
        }
        [self.factors[6], self.factors[7]] = self.poles;
    }

    /// FMULT and ACCUM.
    fn predict(&mut self) {
        let mut products = [0; 8];
        for ((product, past), &factor) in products.iter_mut().zip(&self.past).zip(&self.factors) {
            *product = past.times(factor >> 2);
        }
        let zeros: i32 = products[..6].iter().sum();
        self.zeros_prediction = zeros >> 1;
        self.prediction = (zeros + products[6] + products[7]) >> 1;
    }
}

/// The recommendation's floats of 11 bits (FLOATA and FLOATB): six bits of mantissa, which those of
/// a processor hold as well. What is left of an f32's bits are its sign, its exponent, where 126 is the
/// recommendation's 0, and the mantissa's lower five bits.
#[derive(Clone, Copy)]
struct Float(u32);

impl Float {
    /// The recommendation's zero has a mantissa of 32 and an exponent of 0.
    const ZERO: Self = Self(0.5_f32.to_bits());

    fn new(value: i32, is_negative: bool) -> Self {
        let size = (value.abs() as f32).max(0.5).to_bits();
        Self(size & !((1 << 18) - 1) | u32::from(is_negative) << 31)
    }

    /// -1 where it is negative, else 0.
    const fn sign(self) -> i32 {
        self.0 as i32 >> 31
    }

    const fn exponent(self) -> u32 {
        self.0 >> 23 & 0xff
    }

    const fn mantissa(self) -> i32 {
        (self.0 >> 18 & 0x1f | 0x20) as i32
    }

    /// FMULT: the product with `factor`, in 16 bits.
    fn times(self, factor: i32) -> i32 {
        let factor = Self::new(factor, factor < 0);
        let mantissa = (self.mantissa() * factor.mantissa() + 0x30) >> 4;
        // The sum of the exponents less 19; a processor's exponents start at 127.
        let scale = f32::from_bits((self.exponent() + factor.exponent() + 127 - 19 - 2 * 126) << 23);
        let size = (mantissa as f32 * scale) as i32;
        let sign = self.sign() ^ factor.sign();
        i32::from(((size ^ sign) - sign) as i16)
    }
}
