//! The lag of the adaptive codebook (TS 26.090, section 5.6.1).

use super::arithmetic::times;
use super::parameters::{MODE_67, MODE_122, MODE_515, MODE_795};

/// The shortest lag of whole samples, at 12.2 kbit/s and else, and the longest.
const SHORTEST_122: i16 = 18;
const SHORTEST: i16 = 20;
pub(super) const LONGEST: i16 = 143;

/// Whole samples, and sixths of one.
#[derive(Clone, Copy)]
pub(super) struct Lag {
    pub(super) whole: i16,
    pub(super) sixths: i16,
}

impl Lag {
    pub(super) const fn of(whole: i16) -> Self {
        Self { whole, sixths: 0 }
    }
}

/// The lag that `code` means, `previous` being that of the sub-frame before (`Dec_lag3`, `Dec_lag6`).
pub(super) fn decoded(mode: u8, code: u16, sub: usize, previous: i16) -> Lag {
    let (code, is_difference) = (code as i16, is_difference(mode, sub));
    match (mode, is_difference) {
        (MODE_122, false) => absolute_122(code),
        (MODE_122, true) => difference_122(code, previous),
        (_, false) => absolute(code),
        (..=MODE_67, true) => near(code, previous, window(mode, previous)),
        (_, true) => {
            let step = times(code + 2, THIRD) - 1;
            Lag { whole: step + window(mode, previous).0, sixths: 2 * (code - 2 - 3 * step) }
        }
    }
}

/// Whether the lag of a sub-frame is coded by that of the one before.
pub(super) const fn is_difference(mode: u8, sub: usize) -> bool {
    sub % 2 == 1 || sub == 2 && mode <= MODE_515
}

/// Fractions of 15 bits.
const THIRD: i16 = 10_923;
const SIXTH: i16 = 5_462;

fn absolute(code: i16) -> Lag {
    if code >= 197 {
        return Lag::of(code - 112);
    }
    let whole = times(code + 2, THIRD) + 19;
    Lag { whole, sixths: 2 * (code - 3 * whole + 58) }
}

fn absolute_122(code: i16) -> Lag {
    if code >= 463 {
        return Lag::of(code - 368);
    }
    let whole = times(code + 5, SIXTH) + 17;
    Lag { whole, sixths: code - 6 * whole + 105 }
}

fn difference_122(code: i16, previous: i16) -> Lag {
    let least = (previous - 5).clamp(SHORTEST_122, LONGEST - 9);
    let step = times(code + 5, SIXTH) - 1;
    Lag { whole: step + least, sixths: code - 3 - 6 * step }
}

/// The least and the greatest lag near the one before.
fn window(mode: u8, previous: i16) -> (i16, i16) {
    let (below, range) = if mode == MODE_795 { (10, 19) } else { (5, 9) };
    let least = (previous - below).clamp(SHORTEST, LONGEST - range);
    (least, least + range)
}

/// Four bits: fractions only next to the lag before.
fn near(code: i16, previous: i16, (least, most): (i16, i16)) -> Lag {
    let anchor = previous.min(least + 5).max(most - 4);
    match code {
        ..4 => Lag::of(anchor - 5 + code),
        4..12 => {
            let step = times(code - 5, THIRD) - 1;
            Lag { whole: step + anchor, sixths: 2 * (code - 9 - 3 * step) }
        }
        _ => Lag::of(anchor + code - 11),
    }
}
