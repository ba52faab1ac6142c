//! The pulses of the fixed codebook (TS 26.090, section 5.7).

use super::arithmetic::{left, times};
use super::parameters::{MODE_59, MODE_67, MODE_102, MODE_122, MODE_515, Parameters};
use codec_core::codecs::amr::nb::decoder_tables::{DGRAY, START_POS_2I40_9};

/// A sub-frame of them.
pub(super) type Pulses = [i16; 40];

/// The pulses that a sub-frame's parameters mean.
pub(super) fn decoded(mode: u8, parameters: &mut Parameters, sub: usize) -> Pulses {
    match mode {
        MODE_122 => ten(parameters.take()),
        MODE_102 => eight(parameters.take()),
        _ => {
            let [places, signs] = parameters.take();
            let (places, signs) = (usize::from(places), usize::from(signs));
            match mode {
                ..=MODE_515 => signed(two_by_table(places, sub), signs),
                MODE_59 => signed(two(places), signs),
                MODE_67 => signed(three(places), signs),
                _ => signed(four(places), signs),
            }
        }
    }
}

/// Adds echoes at the distance of the lag.
pub(super) fn sharpen(pulses: &mut Pulses, lag: i16, share: i16) {
    let lag = usize::try_from(lag).unwrap_or(0);
    for place in lag..pulses.len() {
        pulses[place] = pulses[place].saturating_add(times(pulses[place - lag], share));
    }
}

fn signed<const N: usize>(places: [usize; N], signs: usize) -> Pulses {
    let mut pulses = [0; 40];
    for (order, place) in places.into_iter().enumerate() {
        pulses[place.min(39)] = if signs >> order & 1 == 1 { 8_191 } else { -8_192 };
    }
    pulses
}

fn two_by_table(places: usize, sub: usize) -> [usize; 2] {
    let table = (places >> 6 & 1) * 8 + sub * 2;
    let start = |at: usize| START_POS_2I40_9[at] as usize;
    [(places & 7) * 5 + start(table), (places >> 3 & 7) * 5 + start(table + 1)]
}

fn two(places: usize) -> [usize; 2] {
    let first = (places >> 1 & 7) * 5 + 1 + 2 * (places & 1);
    let track = places >> 4 & 3;
    [first, (places >> 6 & 7) * 5 + if track == 3 { 4 } else { track }]
}

fn three(places: usize) -> [usize; 3] {
    let second = (places >> 4 & 7) * 5 + 1 + 2 * (places >> 3 & 1);
    [(places & 7) * 5, second, (places >> 8 & 7) * 5 + 2 + 2 * (places >> 7 & 1)]
}

fn four(places: usize) -> [usize; 4] {
    let slot = |shift: usize| ungrey(places >> shift) * 5;
    [slot(0), slot(3) + 1, slot(6) + 2, slot(10) + 3 + (places >> 9 & 1)]
}

fn ungrey(code: usize) -> usize {
    DGRAY[code & 7] as usize
}

/// Two pulses on each track; the second has the sign of the first, or, where it comes before it, the other.
fn pairs<const N: usize>(step: usize, height: i16, pairs: [(bool, usize, usize); N]) -> Pulses {
    let mut pulses = [0_i16; 40];
    for (track, (is_negative, first, second)) in pairs.into_iter().enumerate() {
        let [first, second] = [first, second].map(|slot| (slot * step + track).min(39));
        let height = if is_negative { -height } else { height };
        pulses[first] = height;
        pulses[second] += if second < first { -height } else { height };
    }
    pulses
}

fn ten(codes: [u16; 10]) -> Pulses {
    let codes = codes.map(usize::from);
    let pair = |track: usize| (codes[track] & 8 != 0, ungrey(codes[track]), ungrey(codes[track + 5]));
    pairs(5, 4_096, [0, 1, 2, 3, 4].map(pair))
}

fn eight(codes: [u16; 7]) -> Pulses {
    let [a, b, c, d, first, second, third] = codes;
    let [slots_0, slots_4, slots_1] = triple(first);
    let [slots_2, slots_6, slots_5] = triple(second);
    let [slots_3, slots_7] = pair(third);
    let is_negative = [a, b, c, d].map(|sign| sign & 1 == 1);
    let slots = [(slots_0, slots_4), (slots_1, slots_5), (slots_2, slots_6), (slots_3, slots_7)];
    pairs(4, 8_191, [0, 1, 2, 3].map(|track| (is_negative[track], slots[track].0, slots[track].1)))
}

/// Three places in ten bits (`decompress10`).
fn triple(code: u16) -> [usize; 3] {
    let (upper, lower) = (usize::from(code >> 3 & 0x7f).min(124), usize::from(code & 7));
    let (plane, rest) = (upper / 25, upper % 25);
    [rest % 5 * 2 + (lower & 1), rest / 5 * 2 + (lower >> 1 & 1), plane * 2 + (lower >> 2)]
}

/// Two places in seven bits (`decompress7`).
fn pair(code: u16) -> [usize; 2] {
    let (upper, lower) = (i16::try_from(code >> 2 & 0x1f).unwrap_or(0), usize::from(code & 3));
    let cell = (upper * 25 + 12) >> 5;
    let row = cell / 5;
    let column = if row & 1 == 1 { 4 - cell % 5 } else { cell % 5 };
    [left(column, 1) as usize + (lower & 1), left(row, 1) as usize + (lower >> 1)]
}
