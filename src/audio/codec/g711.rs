//! The two companding laws of telephony, ITU-T G.711, as tables from code to sample.

macro_rules! table {
    ($law:ident) => {{
        let mut samples = [0.0; 256];
        let mut code = 0;
        while code < 256 {
            samples[code] = $law(code as u8) as f32 / 32_768.0;
            code += 1;
        }
        samples
    }};
}

/// Samples of the 256 A-law codes, full scale ±1 as 16-bit samples have it.
pub static A_LAW: [f32; 256] = table!(a_law_sample);

/// Samples of the 256 µ-law codes, full scale ±1 as 16-bit samples have it.
pub static MU_LAW: [f32; 256] = table!(mu_law_sample);

/// The largest A-law sample.
pub const A_LAW_FULL_SCALE: f32 = 32_256.0 / 32_768.0;

/// The largest µ-law sample.
pub const MU_LAW_FULL_SCALE: f32 = 32_124.0 / 32_768.0;

/// G.711 table 1: even bits are inverted on the line; 13-bit values, here times 8.
const fn a_law_sample(code: u8) -> i16 {
    let bits = code ^ 0x55;
    let segment = (bits >> 4) & 0x07;
    let step = ((bits & 0x0f) as i16) << 4;
    let magnitude = if segment == 0 { step + 8 } else { (step + 0x108) << (segment - 1) };
    if bits & 0x80 == 0 { -magnitude } else { magnitude }
}

/// G.711 table 2: all bits are inverted on the line; 14-bit values with a bias of 33, here times 4.
const fn mu_law_sample(code: u8) -> i16 {
    let bits = !code;
    let segment = (bits >> 4) & 0x07;
    let magnitude = (((((bits & 0x0f) as i16) << 3) + 0x84) << segment) - 0x84;
    if bits & 0x80 == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_what_the_standard_says() {
        // (law, code, 16-bit sample); decoder output values of G.711 tables 1 and 2, times 8 and 4.
        let cases = [
            ("A-law silence", &A_LAW, 0xd5, 8),
            ("A-law negative silence", &A_LAW, 0x55, -8),
            ("A-law loudest", &A_LAW, 0xaa, 32_256),
            ("A-law softest of the top segment", &A_LAW, 0xa5, 16_896),
            ("A-law second segment", &A_LAW, 0xc5, 264),
            ("mu-law silence", &MU_LAW, 0xff, 0),
            ("mu-law loudest", &MU_LAW, 0x80, 32_124),
            ("mu-law most negative", &MU_LAW, 0x00, -32_124),
            ("mu-law one step", &MU_LAW, 0xfe, 8),
        ];
        for (name, law, code, sample) in cases {
            assert_eq!(law[code], sample as f32 / 32_768.0, "{name}");
        }
    }
}
