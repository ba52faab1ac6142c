//! Weights of the clues to syllables: written by `models/syllables/fit.py`, not by hand.

use super::CLUES;

pub(super) static WEIGHTS: [f32; CLUES] = [
    -0.01652, 0.00757, 0.03696, 0.00234, 0.09597, 0.08923, 0.02708, 0.13711, 0.17480, -0.11252, 0.17878, -0.09651,
    -0.06011, 0.06666, -0.11995, 0.00428, 0.11116, 0.00754, 0.05569, 0.54568, -0.02760,
];
