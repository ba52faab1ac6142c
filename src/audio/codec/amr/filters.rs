//! The linear-prediction filters. Sums are reckoned without saturation where what goes in is too small for
//! any, which is nearly always, and as the reference does elsewhere: to the same samples.

use super::arithmetic::{left_32, less_product, peak, plus_product, product, rounded, times, to_16};

/// The order of the filters.
pub(super) const ORDER: usize = 10;

/// A filter's coefficients, the first of which is 4,096 or 1.
pub(super) type Coefficients = [i16; ORDER + 1];

/// The longest run that is filtered at a time: a sub-frame.
const LONGEST: usize = 40;

/// Half of what saturates.
const ROOM: i64 = 1 << 30;

/// Samples that are filtered at a time, so that what came before weighs on all of them at once.
const RUN: usize = 8;

/// Filters at most 40 samples of `input` through 1/A; `memory` is the last samples of the output (`Syn_filt`). True where
/// a sum saturates.
pub(super) fn synthesised(
    coefficients: &Coefficients,
    input: &[i16],
    memory: &[i16; ORDER],
    output: &mut [i16],
) -> bool {
    let mut past = [0_i16; ORDER + LONGEST];
    past[..ORDER].copy_from_slice(memory);
    let mut padded = [0_i16; ORDER + 1 + RUN];
    padded[..=ORDER].copy_from_slice(coefficients);
    let (mut least, mut most) = (0, 0);
    for start in (0..input.len()).step_by(RUN) {
        let window: &[i16; ORDER] = past[start..].first_chunk().expect("runs of at most 40 samples");
        let mut sums = [0_i32; RUN];
        for (place, &sample) in window.iter().enumerate() {
            let taps: &[i16; RUN] = padded[ORDER - place..].first_chunk().expect("padded by a run");
            for (sum, &tap) in sums.iter_mut().zip(taps) {
                *sum = sum.wrapping_sub(i32::from(sample) * i32::from(tap));
            }
        }
        let mut run = [0_i32; RUN];
        for place in 0..RUN.min(input.len() - start) {
            let sum = sums[place].wrapping_add(i32::from(input[start + place]) * i32::from(coefficients[0]));
            let sum = (0..place).fold(sum, |sum, before| {
                sum.wrapping_sub(run[before].wrapping_mul(i32::from(coefficients[place - before])))
            });
            (least, most) = (sum.min(least), sum.max(most));
            run[place] = sum.wrapping_add(1 << 11) >> 12;
            past[ORDER + start + place] = run[place] as i16;
        }
    }
    let gain: i64 = coefficients[1..].iter().map(|&factor| i64::from(factor).abs()).sum();
    let loudest = i64::from(peak(&past[..ORDER + input.len()])) * gain;
    let fits = i64::from(peak(input)) * i64::from(coefficients[0]).abs() + loudest < ROOM;
    if !fits || least < -(1 << 27) || most >= (1 << 27) - (1 << 11) {
        return synthesised_saturating(coefficients, input, memory, output);
    }
    output[..input.len()].copy_from_slice(&past[ORDER..ORDER + input.len()]);
    false
}

fn synthesised_saturating(
    coefficients: &Coefficients,
    input: &[i16],
    memory: &[i16; ORDER],
    output: &mut [i16],
) -> bool {
    let mut past = [0; ORDER + LONGEST];
    past[..ORDER].copy_from_slice(memory);
    let mut saturates = false;
    for (place, &sample) in input.iter().enumerate() {
        let mut sum = product(sample, coefficients[0]);
        for (tap, &coefficient) in coefficients.iter().enumerate().skip(1) {
            let sample = past[ORDER + place - tap];
            let exact = i64::from(sum) - 2 * i64::from(coefficient) * i64::from(sample);
            sum = less_product(sum, coefficient, sample);
            saturates |= exact != i64::from(sum);
        }
        let shifted = left_32(sum, 3);
        saturates |= i64::from(shifted) != 8 * i64::from(sum) || shifted.checked_add(0x8000).is_none();
        past[ORDER + place] = rounded(shifted);
    }
    output[..input.len()].copy_from_slice(&past[ORDER..ORDER + input.len()]);
    saturates
}

/// Filters the last 40 samples of `signal` through A (`Residu`).
pub(super) fn residual(coefficients: &Coefficients, signal: &[i16; ORDER + LONGEST]) -> [i16; LONGEST] {
    let gain: i64 = coefficients.iter().map(|&factor| i64::from(factor).abs()).sum();
    let mut residual = [0; LONGEST];
    if i64::from(peak(signal)) * gain < ROOM {
        for (place, residual) in residual.iter_mut().enumerate() {
            let window: &[i16; ORDER + 1] = signal[place..].first_chunk().expect("a window within the signal");
            let products = window.iter().rev().zip(coefficients).map(|(&a, &b)| i32::from(a) * i32::from(b));
            *residual = to_16((products.sum::<i32>() + (1 << 11)) >> 12);
        }
        return residual;
    }
    for (place, residual) in residual.iter_mut().enumerate() {
        let sum = coefficients
            .iter()
            .enumerate()
            .fold(0, |sum, (tap, &factor)| plus_product(sum, factor, signal[ORDER + place - tap]));
        *residual = rounded(left_32(sum, 3));
    }
    residual
}

/// Coefficients of a filter whose resonances are wider (`Weight_Ai`).
pub(super) fn widened(coefficients: &Coefficients, factors: &[i16; ORDER]) -> Coefficients {
    let mut widened = *coefficients;
    for (coefficient, &factor) in widened[1..].iter_mut().zip(factors) {
        *coefficient = rounded(product(*coefficient, factor));
    }
    widened
}

/// Takes off each sample a share of the one before (`preemphasis`).
pub(super) fn untilt(signal: &mut [i16; LONGEST], share: i16, before: &mut i16) {
    for sample in signal {
        let tilted = *sample;
        *sample = sample.saturating_sub(times(share, *before));
        *before = tilted;
    }
}
