//! The one place where values are rounded; what is stored is what was rounded.

/// Rounds decibels, hertz and rates to a tenth.
pub(super) fn tenth(value: f64) -> f32 {
    // Adding zero turns -0.0 into 0.0, which would else be stored as another value.
    ((value * 10.0).round() / 10.0) as f32 + 0.0
}

/// Rounds shares and scores to a thousandth.
pub(super) fn thousandth(value: f64) -> f32 {
    ((value * 1_000.0).round() / 1_000.0) as f32 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_away_from_zero_and_knows_one_zero() {
        assert_eq!(tenth(-23.25), -23.3);
        assert_eq!(thousandth(2.0 / 3.0), 0.667);
        assert_eq!(tenth(-0.01).to_bits(), 0.0_f32.to_bits());
        assert_eq!(thousandth(-0.0001).to_bits(), 0.0_f32.to_bits());
    }
}
