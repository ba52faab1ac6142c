//! Logarithms and roots by tables and interpolation, as the reference reckons them.

use super::arithmetic::{Headroom, left_32, less_product, product, right_32, right_rounded, upper};
use codec_core::codecs::amr::nb::decoder_tables::{INV_SQRT_TABLE, LOG2_TABLE, POW2_TABLE, SQRT_L_TABLE};

/// Exponent and fraction of the logarithm to base 2 (`Log2`); zeros for what has none.
pub(super) fn log2(value: i32) -> (i16, i16) {
    let shift = value.headroom();
    log2_of_shifted(left_32(value, shift), shift)
}

/// The same of a value that was shifted to the left by `shift` (`Log2_norm`).
pub(super) fn log2_of_shifted(value: i32, shift: i16) -> (i16, i16) {
    if value <= 0 {
        return (0, 0);
    }
    (30 - shift, upper(between(&LOG2_TABLE, 32, value >> 9)))
}

/// 2 to the power of an exponent and a fraction (`Pow2`).
pub(super) fn pow2(exponent: i16, fraction: i16) -> i32 {
    right_rounded(between(&POW2_TABLE, 0, product(fraction, 32)), 30_i16.saturating_sub(exponent))
}

/// The square root and twice its exponent (`sqrt_l_exp`).
pub(super) fn root(value: i32) -> (i32, i16) {
    if value <= 0 {
        return (0, 0);
    }
    let exponent = value.headroom() & !1;
    (between(&SQRT_L_TABLE, 16, left_32(value, exponent) >> 9), exponent)
}

/// One over the square root (`Inv_sqrt`).
pub(super) fn inverse_root(value: i32) -> i32 {
    if value <= 0 {
        return 0x3fff_ffff;
    }
    let shift = value.headroom();
    let exponent = 30 - shift;
    let shifted = left_32(value, shift) >> (1 - (exponent & 1));
    right_32(between(&INV_SQRT_TABLE, 16, shifted >> 9), (exponent >> 1) + 1)
}

/// What `table`, whose first entry is of the index `first`, holds at the place that the upper half of
/// `place` names, and towards the next entry by what the lower half says.
fn between(table: &[i16], first: i16, place: i32) -> i32 {
    let index = usize::try_from(upper(place) - first).unwrap_or(0).min(table.len() - 2);
    let fraction = (place >> 1 & 0x7fff) as i16;
    let [here, next] = [table[index], table[index + 1]];
    less_product(i32::from(here) << 16, here.saturating_sub(next), fraction)
}
