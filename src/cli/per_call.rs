//! What arguments say of every call: what shapes its facts, and how its line is read.

use super::args::CallArgs;
use super::load::customer_key;
use crate::batch::Settings;
use crate::worklist::WorkOptions;
use std::collections::BTreeSet;

/// What shapes facts, where `engine` hears.
pub(super) fn settings(args: &CallArgs, engine: Option<String>) -> Settings {
    Settings {
        engine,
        default_language: args.language.clone(),
        keep_columns: sorted(&args.keep_manifest_columns),
        emotion_off: sorted(&args.no_emotion),
        agent_voice: args.agent_voice,
        decode: args.decoding.options(),
    }
}

/// How lines are read; `None` where what is wrong has been printed.
pub(super) fn work_options(args: &CallArgs) -> Option<WorkOptions> {
    let customer_key = customer_key(args.customer_key.as_deref()).ok()?;
    let (zone, agent_channel) = (args.timezone.clone(), args.agent_channel);
    Some(WorkOptions { zone, customer_key, agent_channel, ..WorkOptions::default() })
}

/// The names in order, each once: their order must not change what is written.
fn sorted<T: Ord + Clone>(values: &[T]) -> Vec<T> {
    BTreeSet::from_iter(values).into_iter().cloned().collect()
}
