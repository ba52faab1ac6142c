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
}
