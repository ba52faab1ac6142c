//! What conditions look for, one file a kind.

pub(super) mod call;
pub(super) mod emotion;
pub(super) mod interruption;
pub(super) mod loudness;
pub(super) mod patterns;
pub(super) mod silence;
pub(super) mod speech_rate;
pub(super) mod words;

pub(super) mod speaker;
