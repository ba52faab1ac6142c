//! How a frame's power is spread over what a telephone carries.

/// Bands of a colour.
pub(in crate::acoustics) const COLOURS: usize = 14;

/// First bins of the bands, and the one after the last: 300 to 3,400 Hz, 114 mel each.
const EDGES: [usize; COLOURS + 1] = [19, 26, 33, 42, 51, 61, 72, 85, 99, 114, 131, 149, 170, 192, 218];

/// Level and colour of a frame between 300 and 3,400 Hz: 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::acoustics) struct Colour {
    /// Level of all its bands together, in hundredths of a decibel relative to full scale.
    pub centi_db: i16,
    /// How far each band is under that, in quarter decibels, so that gain does not move its rounding.
    pub under: [u8; COLOURS],
}

/// The colour that the power of a spectrum shows, by bin.
pub(in crate::acoustics) fn of(power: &[f32]) -> Colour {
    let bands: [f32; COLOURS] = std::array::from_fn(|band| power[EDGES[band]..EDGES[band + 1]].iter().sum());
    let all = decibels(bands.iter().sum());
    // Casts saturate.
    Colour {
        centi_db: (100.0 * all).round() as i16,
        under: bands.map(|band| (4.0 * (all - decibels(band)) + 0.5) as u8),
    }
}

/// Ten times the common logarithm of a power that is not negative, to 0.0004 dB, the same on every
/// machine; about -382 for 0.
///
/// The exponent is the whole part of the logarithm to base 2, and a polynomial gives the rest: it is
/// fitted to `log2(x) / (x - 1)` over 1 to 2 at Chebyshev's points, so 1 reads 0 exactly.
pub(super) fn decibels(power: f32) -> f32 {
    const DB_PER_OCTAVE: f32 = 3.010_3;
    let bits = power.to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let x = f32::from_bits(bits & 0x007f_ffff | 0x3f80_0000);
    let rest =
        [-0.462_044_02, 1.470_242, -2.507_411_5, 2.882_508_2].iter().fold(0.059_238_475, |sum, next| sum * x + next);
    DB_PER_OCTAVE * (exponent as f32 + rest * (x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acoustics::spectrum::BINS;

    #[test]
    fn decibels_are_those_of_the_logarithm() {
        for n in 1..20_000 {
            let power = 1.1e-9_f32 * (n as f32).powi(2);
            assert!((decibels(power) - 10.0 * power.log10()).abs() < 0.001, "{power}");
        }
        assert_eq!(decibels(1.0), 0.0);
        assert!(decibels(0.0) < -300.0);
    }

    #[test]
    fn gain_moves_the_level_alone() {
        let power: Vec<f32> = (0..BINS).map(|bin| 1e-4 / (1.0 + (bin as f32 - 40.0).powi(2))).collect();
        let plain = of(&power);
        for gain_db in [-20.0_f32, -7.3, 12.0, 20.0] {
            let louder: Vec<f32> = power.iter().map(|power| power * 10_f32.powf(gain_db / 10.0)).collect();
            let colour = of(&louder);
            assert_eq!(colour.under, plain.under, "{gain_db} dB");
            assert!((f32::from(colour.centi_db - plain.centi_db) - 100.0 * gain_db).abs() <= 2.0, "{gain_db} dB");
        }
    }

    #[test]
    fn one_band_alone_is_at_the_level() {
        let mut power = vec![0.0; BINS];
        power[60] = 0.01;
        let colour = of(&power);
        assert_eq!(colour.centi_db, -2_000);
        assert_eq!((colour.under[4], colour.under[3], colour.under[5]), (0, 255, 255));
    }
}
