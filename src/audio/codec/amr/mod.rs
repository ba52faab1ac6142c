//! AMR at 8 kHz (3GPP TS 26.090), to the bit of the reference decoder of TS 26.073, whose names stand in
//! brackets.

mod arithmetic;
mod dispersion;
mod excitation;
mod filters;
mod gains;
mod history;
mod lag;
mod logarithm;
mod noise;
mod parameters;
mod post;
mod pulses;
mod speech;
mod spectrum;

pub use speech::{Narrow, Received};

#[cfg(test)]
mod tests;
