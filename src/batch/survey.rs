//! What a run would do, without doing it.

use super::changed::{ChangedRules, JudgedBy, Judges};
use super::intake::{Due, Intake, Settled};
use super::recheck::{RecheckOptions, stamp_of};
use super::tally::Tally;
use crate::audio::decode::{DecodeOptions, length_ms};
use crate::dataset::{DatasetError, Holdings, Snapshot};
use crate::inspect::Plan;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What [`super::run()`] would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// Calls that would be inspected.
    pub due: usize,
    /// Length of their sound as headers say it, ms.
    pub audio_ms: i64,
    /// Recordings whose length only decoding tells.
    pub unknown_lengths: usize,
    /// Size of their recordings.
    pub audio_bytes: u64,
    /// Calls that would be inspected by the set of rules that is for them; `None`: no set is.
    pub by_set: BTreeMap<Option<String>, usize>,
    /// What becomes of the others; `replaced` counts those of `due` that would be.
    pub tally: Tally,
}

/// Says what would be done with the calls that `intake` took. Of recordings only headers are read, with [`super::RunOptions::verify`]
/// and where files changed, all of them.
///
/// # Errors
/// The dataset cannot be read.
pub fn survey(intake: Intake<'_>) -> Result<Survey, DatasetError> {
    let (plan, decode) = (intake.plan, &intake.options.settings.decode);
    let Settled { due, changed, mut tally, .. } = intake.settled()?;
    tally.replaced = changed;
    let mut survey = Survey { due: due.len(), tally, ..Survey::default() };
    for call in &due {
        let set = plan.set_for(&call.recording.metadata).map(|set| set.name.clone());
        *survey.by_set.entry(set).or_default() += 1;
        survey.audio_bytes += call.audio_bytes;
    }
    let lengths: Vec<Option<i64>> =
        due.par_iter().filter(|call| call.audio_bytes > 0).map(|it| of(it, decode)).collect();
    survey.unknown_lengths = lengths.iter().filter(|length| length.is_none()).count();
    survey.audio_ms = lengths.into_iter().flatten().sum();
    Ok(survey)
}

fn of(call: &Due, decode: &DecodeOptions) -> Option<i64> {
    length_ms(call.recording.audio.as_deref()?, decode)
}

/// What [`super::recheck()`] would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecheckSurvey {
    /// Calls that would be judged again.
    pub calls: usize,
    /// The batches that they are in.
    pub batches: usize,
    /// Calls that these rules judged before.
    pub already_there: usize,
    /// Rules that judge.
    pub rules: usize,
    /// Of those, the ones that would be asked of some call: the others say what they said.
    pub asked: usize,
}

/// Says what would be judged again, and by how many rules.
///
/// # Errors
/// The dataset cannot be read.
pub fn survey_recheck(
    from: &Snapshot,
    judges: Judges<'_>,
    to: &dyn Holdings,
    options: &RecheckOptions<'_>,
) -> Result<RecheckSurvey, DatasetError> {
    let changed = ChangedRules::new(from, judges);
    let all = rules_of(judges.plan);
    let (mut survey, mut asked) = (RecheckSurvey { rules: all.len(), ..RecheckSurvey::default() }, BTreeSet::new());
    for batch in options.batches(from) {
        let (keys, stamp) = (from.read_keys(batch)?, stamp_of(batch, judges.plan));
        if keys.iter().all(|key| to.seen(&key.call_id).is_some_and(|seen| seen.stamp == stamp)) {
            survey.already_there += keys.len();
            continue;
        }
        survey.calls += keys.len();
        survey.batches += 1;
        let mut judged_by: Vec<JudgedBy<'_>> = keys.iter().filter_map(JudgedBy::of_key).collect();
        judged_by.dedup();
        for by in judged_by {
            let since = if options.anew { None } else { changed.since(by) };
            asked.extend(since.map_or_else(|| all.clone(), |plan| rules_of(&plan)));
        }
    }
    survey.asked = asked.len();
    Ok(survey)
}

fn rules_of(plan: &Plan) -> BTreeSet<String> {
    plan.sets.iter().flat_map(|set| set.ruleset().rules()).map(|rule| rule.id.clone()).collect()
}
