//! Callsift inspects call recordings in batches.
//!
//! Data flows one way; the modules stand in the order in which it does. See `CONTRIBUTING.md` for
//! what may import what.

pub mod units;
pub mod events;
pub mod written;
pub mod recording;
pub mod audio;
pub mod acoustics;
pub mod transcript;
pub mod entities;
pub mod lexicon;
pub mod facts;
pub mod finding;
pub mod rules;
pub mod score;
pub mod inspect;
pub mod tables;
pub mod storage;
pub mod engine;
pub mod packs;
pub mod worklist;
pub mod dataset;
pub mod report;
pub mod batch;
pub mod serve;
pub mod worker;
pub mod cli;
