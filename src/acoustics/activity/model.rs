//! The two models: log-odds of speech.

use super::clues::Clues;
use super::weights::{HIDDEN, HIDDEN_BIAS, INPUT, OUTPUT, OUTPUT_BIAS};

/// The first of the clues that the logistic model weighs: voiced and broad at once, near and far, and moves.
const FIRST: usize = 12;

/// Its weights, fitted to EmoDB sentences in synthetic noises, music and rooms at 5 to 35 dB. Fitted to the
/// net's harder scenes it takes hold music for speech, and half as much again of a meeting's noise.
const LOGISTIC: [f32; 3] = [6.48, 5.00, 3.34];
const LOGISTIC_BIAS: f32 = -3.66;

/// Log-odds by what is voiced, broad and moves.
pub(super) fn logistic(clues: &Clues) -> f32 {
    LOGISTIC_BIAS + clues.0[FIRST..].iter().zip(&LOGISTIC).map(|(clue, weight)| clue * weight).sum::<f32>()
}

/// Log-odds by all clues.
pub(super) fn net(clues: &Clues) -> f32 {
    let mut hidden: [f32; HIDDEN] = HIDDEN_BIAS;
    for (clue, weights) in clues.0.iter().zip(&INPUT) {
        hidden.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += clue * weight);
    }
    OUTPUT_BIAS + hidden.iter().zip(&OUTPUT).map(|(value, weight)| value.max(0.0) * weight).sum::<f32>()
}
