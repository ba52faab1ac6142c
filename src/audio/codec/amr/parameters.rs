//! Bits of a frame in the order of their importance (TS 26.101) to the parameters of the codec.

use codec_core::codecs::amr::nb::bitstream::{parameter_widths, sort_table_for};
use codec_core::codecs::amr::nb::decoder_tables::LP_WINDOW_200_40;

/// The rates, by number; what their parameters mean differs.
pub(super) const MODE_475: u8 = 0;
pub(super) const MODE_515: u8 = 1;
pub(super) const MODE_59: u8 = 2;
pub(super) const MODE_67: u8 = 3;
pub(super) const MODE_74: u8 = 4;
pub(super) const MODE_795: u8 = 5;
pub(super) const MODE_102: u8 = 6;
pub(super) const MODE_122: u8 = 7;

/// The number of what describes silence.
pub(super) const MODE_SILENCE: u8 = 8;

/// The most parameters, and bits, of a frame.
const MOST: usize = 57;
const MOST_BITS: usize = 244;

/// The parameters of a frame, which are taken one after another.
pub(super) struct Parameters {
    values: [u16; MOST],
    at: usize,
}

impl Parameters {
    /// Reads those of a frame; bits that are not there read 0.
    pub(super) fn read(mode: u8, body: &[u8]) -> Self {
        let mut bits = [0_u8; MOST_BITS];
        for (place, &bit) in sort_table_for(mode).iter().enumerate() {
            let byte = body.get(place / 8).copied().unwrap_or(0);
            bits[usize::from(bit)] = byte >> (7 - place % 8) & 1;
        }
        let mut rest = &bits[..];
        Self::of(mode, |_, width| {
            let (these, others) = rest.split_at(width);
            rest = others;
            these.iter().fold(0, |value, &bit| value << 1 | u16::from(bit))
        })
    }

    /// Makes up those of a frame that is lost (`build_CN_param`).
    pub(super) fn made_up(mode: u8, seed: &mut i16) -> Self {
        *seed = (i32::from(*seed) * 31_821 + 13_849) as i16;
        let start = usize::from(*seed as u16 & 0x7f);
        Self::of(mode, |place, width| LP_WINDOW_200_40[start + place] as u16 & ((1 << width) - 1))
    }

    fn of(mode: u8, mut value: impl FnMut(usize, usize) -> u16) -> Self {
        let mut values = [0; MOST];
        for (place, &width) in parameter_widths(mode).iter().enumerate() {
            values[place] = value(place, width);
        }
        Self { values, at: 0 }
    }

    /// The next one; 0 past the end.
    pub(super) fn next(&mut self) -> u16 {
        self.at += 1;
        self.values.get(self.at - 1).copied().unwrap_or(0)
    }

    /// The next ones.
    pub(super) fn take<const N: usize>(&mut self) -> [u16; N] {
        [(); N].map(|()| self.next())
    }
}
