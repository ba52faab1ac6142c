//! Logarithms that are the same on every processor, which those of C libraries are not.

/// The logarithm of `x` to base 2, within 1e-6 of its magnitude and at least 1e-6; -126 for all that is not positive
/// and normal.
///
/// The exponent is read from the bits; the rest is the series of the inverse hyperbolic tangent.
#[inline(always)]
pub(super) fn log2(x: f32) -> f32 {
    const HALF_STEPS: u32 = 0x3f35_04f3; // sqrt(1/2), so that what remains is between it and sqrt(2)
    let bits = x.max(f32::MIN_POSITIVE).to_bits().wrapping_sub(HALF_STEPS);
    let exponent = (bits as i32 >> 23) as f32;
    let rest = f32::from_bits((bits & 0x007f_ffff) + HALF_STEPS);
    let t = (rest - 1.0) / (rest + 1.0);
    let square = t * t;
    let series = 1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0)));
    exponent + 2.0 * std::f32::consts::LOG2_E * t * series
}

/// A mean square in half decibels over -110 dBFS, 0 at least and 255 at most.
#[inline(always)]
pub(super) fn half_decibels(mean_square: f32) -> u8 {
    // Twenty times the decimal logarithm; a cast to u8 saturates.
    (20.0 * std::f32::consts::LOG10_2 * log2(mean_square) + 220.5) as u8
}

/// How likely something of these log-odds is, in 255ths.
pub(super) fn share_255(log_odds: f32) -> u8 {
    // A cast to u8 saturates.
    (255.0 / (1.0 + exp2(-std::f32::consts::LOG2_E * log_odds)) + 0.5) as u8
}

/// 2 to the power of `x`, within 4e-6 of it; of what is over 126 or under -126, that of these.
///
/// The whole part goes into the bits of the exponent; the rest is the Taylor series.
fn exp2(x: f32) -> f32 {
    const TERMS: [f32; 6] = [1.0, std::f32::consts::LN_2, 0.240_226_5, 0.055_504_11, 0.009_618_13, 0.001_333_36];
    let x = x.clamp(-126.0, 126.0);
    let whole = (x + 0.5).floor();
    let rest = x - whole;
    let series = TERMS.iter().rev().fold(0.0, |sum, term| sum * rest + term);
    f32::from_bits(((whole as i32 + 127) as u32) << 23) * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_near_enough() {
        for x in [1.2e-38, 1e-9, 0.1, 0.5, 0.70, 0.71, 0.999, 1.0, 1.001, 1.414, 2.0, 3.0, 75.0, 500.0, 3e38] {
            let expected = f64::from(x).log2();
            let off = (f64::from(log2(x)) - expected).abs();
            assert!(off <= 1e-6 * (1.0 + expected.abs()), "{x}: {} for {expected}", log2(x));
        }
        for x in [0.0, -1.0, f32::NAN] {
            assert_eq!(log2(x), -126.0, "{x}");
        }
    }

    #[test]
    fn half_decibels_are_rounded() {
        // 10 log10(0.25) = -6.02 dB, 103.98 over -110.
        let cases =
            [(1.0, 220), (0.25, 208), (1e-10, 20), (1e-11, 0), (1e-12, 0), (0.0, 0), (1e4, 255), (f32::INFINITY, 255)];
        for (mean_square, expected) in cases {
            assert_eq!(half_decibels(mean_square), expected, "{mean_square}");
        }
    }

    #[test]
    fn shares_are_those_of_the_logistic_function() {
        for tenth in -200..200 {
            let x = tenth as f32 / 10.0;
            let power = f64::from(x).exp2();
            assert!((f64::from(exp2(x)) / power - 1.0).abs() < 4e-6, "2 to the power of {x}");
            let expected = 255.0 / (1.0 + (-f64::from(x)).exp());
            assert!((f64::from(share_255(x)) - expected).abs() < 0.501, "{x}");
        }
        assert_eq!([f32::NEG_INFINITY, -1e9, 0.0, 1e9, f32::INFINITY].map(share_255), [0, 0, 128, 255, 255]);
    }
}
