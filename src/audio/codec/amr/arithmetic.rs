//! Fractions of 16 and 32 bits that saturate, as the reference's basic operators reckon.

/// A value brought into 16 bits.
pub(super) fn to_16(value: i32) -> i16 {
    value.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// The product of two fractions (`mult`).
pub(super) fn times(a: i16, b: i16) -> i16 {
    to_16((i32::from(a) * i32::from(b)) >> 15)
}

/// Twice the product (`L_mult`).
pub(super) fn product(a: i16, b: i16) -> i32 {
    (i32::from(a) * i32::from(b)).saturating_mul(2)
}

/// `sum` and twice the product (`L_mac`).
pub(super) fn plus_product(sum: i32, a: i16, b: i16) -> i32 {
    sum.saturating_add(product(a, b))
}

/// `sum` less twice the product (`L_msu`).
pub(super) fn less_product(sum: i32, a: i16, b: i16) -> i32 {
    sum.saturating_sub(product(a, b))
}

/// The upper half, rounded (`round`).
pub(super) fn rounded(value: i32) -> i16 {
    upper(value.saturating_add(0x8000))
}

/// The upper half (`extract_h`).
pub(super) fn upper(value: i32) -> i16 {
    (value >> 16) as i16
}

/// `shl`; to the right where `by` is negative.
pub(super) fn left(value: i16, by: i16) -> i16 {
    if by < 0 { value >> by.unsigned_abs().min(15) } else { to_16(left_32(i32::from(value), by)) }
}

/// `L_shl`; to the right where `by` is negative.
pub(super) fn left_32(value: i32, by: i16) -> i32 {
    if by < 0 {
        return value >> by.unsigned_abs().min(31);
    }
    let shifted = i64::from(value) << by.min(32);
    shifted.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

/// `L_shr`; to the left where `by` is negative.
pub(super) fn right_32(value: i32, by: i16) -> i32 {
    left_32(value, -by)
}

/// `L_shr_r`: to the right, rounded.
pub(super) fn right_rounded(value: i32, by: i16) -> i32 {
    match by {
        32.. => 0,
        1.. => right_32(value, by).wrapping_add(value >> (by - 1) & 1),
        _ => right_32(value, by),
    }
}

/// By how much a value can be shifted to the left (`norm_s`, `norm_l`).
pub(super) trait Headroom {
    /// The shift; none for zero.
    fn headroom(self) -> i16;
}

impl Headroom for i16 {
    fn headroom(self) -> i16 {
        if self == 0 { 0 } else { (self ^ (self >> 15)).leading_zeros() as i16 - 1 }
    }
}

impl Headroom for i32 {
    fn headroom(self) -> i16 {
        if self == 0 { 0 } else { (self ^ (self >> 31)).leading_zeros() as i16 - 1 }
    }
}

/// The quotient of two fractions, the first the smaller; 0 where there is none (`div_s`).
pub(super) fn quotient(a: i16, b: i16) -> i16 {
    if a <= 0 || b <= 0 || a > b {
        return 0;
    }
    ((i32::from(a) << 15) / i32::from(b)).min(i32::from(i16::MAX)) as i16
}

/// Upper 16 and lower 15 bits (`L_Extract`).
pub(super) fn halves(value: i32) -> (i16, i16) {
    (upper(value), ((value & 0xffff) >> 1) as i16)
}

/// The product of a value in [`halves`], of which the lowest bit is none, and a fraction (`Mpy_32_16`). No factor
/// here is -1, so that nothing saturates.
pub(super) fn wide_product(value: i32, factor: i16) -> i32 {
    (((i64::from(value & !1) * i64::from(factor)) >> 16) << 1) as i32
}

/// The sum of squares, doubled (`L_mac` of each value and itself).
pub(super) fn energy(values: &[i16]) -> i32 {
    let sum: i64 = values.iter().map(|&value| i64::from(i32::from(value) * i32::from(value))).sum();
    (2 * sum).min(i64::from(i32::MAX)) as i32
}

/// The greatest magnitude.
pub(super) fn peak(values: &[i16]) -> i32 {
    let (least, most) = values.iter().fold((0, 0), |(least, most), &value| (value.min(least), value.max(most)));
    i32::from(most).max(-i32::from(least))
}

/// The value in the middle of an odd number of at most nine (`gmed_n`).
pub(super) fn median<const N: usize>(values: &[i16; N]) -> i16 {
    let mut sorted = *values;
    sorted.sort_unstable();
    sorted[N / 2]
}
