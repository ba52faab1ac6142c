//! Weights of the clues to syllables: written by `models/syllables/fit.py`, not by hand.

use super::CLUES;

pub(super) static WEIGHTS: [f32; CLUES] = [
    -0.01558, 0.00697, 0.03982, -0.01496, 0.12386, 0.16296, -0.04601, 0.09924, 0.19771, -0.10204, 0.14979, -0.11390,
    -0.01006, 0.04538, -0.12094, -0.02411, 0.12365, 0.09830, 0.00345, 0.46958, 0.01344,
];
