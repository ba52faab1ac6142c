//! A small neural net on standardised measures, and what of it each group of measures moved.

use super::measures::MEASURES;
use super::names::{ALL, GROUPS, group_of};
use super::weights::{
    BASE_LOG_ODDS, DEVIATIONS, EVIDENCE_S, HIDDEN, HIDDEN_BIAS, INPUT, MEANS, OFFSET, OUTPUT, OUTPUT_BIAS, SLOPE,
};

/// How a group of measures moved the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Influence {
    /// Log-odds more than if all of the group were average.
    pub by: f32,
    /// How far the measure that names it is over the average, in deviations.
    pub above: f32,
}

/// Log-odds that a piece is angry, and what moved them.
pub(super) fn judge(measures: &[f32; MEASURES]) -> (f32, [Influence; GROUPS]) {
    let mut parts = [[0.0; HIDDEN]; GROUPS];
    let mut leads = [None; GROUPS];
    for (n, weights) in INPUT.iter().enumerate() {
        let scaled = ((measures[n] - MEANS[n]) / DEVIATIONS[n]).clamp(-FARTHEST, FARTHEST);
        let group = group_of(n) as usize;
        leads[group].get_or_insert(scaled);
        parts[group].iter_mut().zip(weights).for_each(|(sum, weight)| *sum += scaled * weight);
    }
    let mut hidden = HIDDEN_BIAS;
    parts.iter().for_each(|part| add(&mut hidden, part, 1.0));
    let full = log_odds(&hidden);
    let influence = |group: usize| {
        let mut without = hidden;
        add(&mut without, &parts[group], -1.0);
        Influence { by: full - log_odds(&without), above: leads[group].unwrap_or(0.0) }
    };
    (full, std::array::from_fn(influence))
}

/// How likely anger is, given the model's log-odds over so much voiced sound: with little of it, they
/// are drawn to the base rate.
pub(super) fn probability(log_odds: f32, voiced_s: f32) -> f32 {
    let evidence = voiced_s / (voiced_s + EVIDENCE_S);
    let calibrated = BASE_LOG_ODDS + evidence * (OFFSET + SLOPE * log_odds);
    1.0 / (1.0 + (-calibrated).exp())
}

/// Names of the groups, by how their leads differ from the average, and how far they moved it.
pub(super) fn named(groups: &[Influence; GROUPS]) -> [(&'static str, f32); GROUPS] {
    std::array::from_fn(|group| {
        let [over, under] = ALL[group].names();
        (if groups[group].above >= 0.0 { over } else { under }, groups[group].by)
    })
}

/// A measure counts for no more than so many deviations: beyond them nothing was learnt.
const FARTHEST: f32 = 4.0;

fn add(sums: &mut [f32; HIDDEN], values: &[f32; HIDDEN], times: f32) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += times * value);
}

fn log_odds(hidden: &[f32; HIDDEN]) -> f32 {
    OUTPUT_BIAS + hidden.iter().zip(&OUTPUT).map(|(value, weight)| value.max(0.0) * weight).sum::<f32>()
}
