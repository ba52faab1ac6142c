//! What conditions look for, one file a kind.

pub(super) mod call;
pub(super) mod emotion;
pub(super) mod entity;
pub(super) mod history;
pub(super) mod interruption;
pub(super) mod latency;
pub(super) mod loudness;
pub(super) mod measures;
pub(super) mod patterns;
pub(super) mod repeats;
pub(super) mod silence;
pub(super) mod similar_to;
pub(super) mod speech_rate;
pub(super) mod words;

pub(super) mod speaker;
