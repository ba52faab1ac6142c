//! Weights of the clues to syllables: written by `models/syllables/fit.py`, not by hand.

use super::CLUES;

pub(super) static WEIGHTS: [f32; CLUES] = [
    -0.01264, 0.00710, 0.02482, 0.05101, 0.03501, 0.02094, 0.04682, 0.15969, 0.19113, -0.17047, 0.11972, 0.00793,
    -0.01076, 0.06293, -0.02137, -0.06245, 0.05018, 0.04495, 0.08629, 0.52634, -0.05975,
];
