//! Everything a rule can see of a call, and everything that is kept of it: quantised, masked, in memory.
//!
//! Values are rounded once, when [`Facts`] is built, so that judging what was just measured and
//! judging what was read back from tables give the same answer.

mod build;
mod model;
mod needs;

pub use crate::recording::PriorCall;
pub use build::{AgentVoice, FACTS_VERSION, Heard, Observed, amount, build, day};
pub use model::{
    CallError, CallFacts, CallOutcome, EntityFacts, Facts, Interruption, RateFacts, Silence, SoundFacts, SpeakerFacts,
    Status, StretchFacts, TurnFacts, TurnWord,
};
pub use needs::Needs;
