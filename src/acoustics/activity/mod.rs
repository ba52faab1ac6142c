//! How likely each frame of a channel is speech.
//!
//! A small net sees what each pair of frames shows over the noise around ([`Clues`]) and 1.28 s to each side
//! of it: voices come in syllables, glide in pitch and fill many bands; notes hold, noise stays.
//!
//! `models/activity/fit.py` fits it on EmoDB sentences (hand-timed syllables as truth) laid out among
//! made-up noises, music, tones and rooms.

mod clues;
mod hear;
mod rolling;
mod surroundings;
pub(super) mod weights;

pub use clues::{CLUES, Clues};
pub(super) use hear::Activity;
