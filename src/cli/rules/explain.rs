//! `callsift rules explain`: why a rule did or did not report something of a call.

#[cfg(test)]
mod tests;
mod text;

use self::text::{Told, page};
use super::show::unknown_rule;
use crate::cli::args::RulesExplain;
use crate::cli::load::{load_packs, print_line};
use crate::cli::{EXIT_OK, EXIT_SET_UP, no_dataset, print_page};
use crate::dataset::{CommittedBatch, DatasetError, Snapshot};
use crate::entities::mask_text;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::packs::{LoadedRule, Packs};
use crate::rules::compile;
use crate::rules::explain::{Gate, Passes};
use crate::rules::model::Rule;
use crate::written::nearest::did_you_mean;
use std::collections::BTreeSet;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &RulesExplain) -> u8 {
    let Some(packs) = load_packs(&args.packs) else { return EXIT_SET_UP };
    let Some(loaded) = packs.rules.get(&args.rule) else { return unknown_rule(&packs, &args.rule) };
    let read = Snapshot::open(&args.dataset).and_then(|snapshot| read(&snapshot, &args.call, &args.rule));
    match read {
        Ok(Ok((facts, recorded))) => explain(args, &packs, loaded, &facts, &recorded),
        Ok(Err(hint)) => {
            print_line(&mask_text(&format!("{} has no call {:?}; {hint}", args.dataset.display(), args.call)));
            EXIT_SET_UP
        }
        Err(error) => no_dataset(&args.dataset, &error),
    }
}

/// The facts of a call and what the dataset has of the rule's findings; or a hint, where there is no such call.
type Read = Result<(Facts, Vec<Finding>), String>;

fn read(snapshot: &Snapshot, call_id: &str, rule: &str) -> Result<Read, DatasetError> {
    // Ids are masked where they are written.
    let call_id = mask_text(call_id);
    let mut others: Vec<String> = Vec::new();
    for batch in snapshot.batches() {
        let ids: Vec<String> = snapshot.read_keys(batch)?.into_iter().map(|key| key.call_id).collect();
        if ids.contains(&call_id) {
            return read_from(snapshot, batch, &call_id, rule);
        }
        others.extend(ids);
    }
    let hint = did_you_mean(&call_id, others.iter().map(String::as_str));
    let hint = if hint.is_empty() { "the table `calls` has them all, as call_id".to_owned() } else { hint };
    Ok(Err(hint))
}

fn read_from(snapshot: &Snapshot, batch: &CommittedBatch, call_id: &str, rule: &str) -> Result<Read, DatasetError> {
    let call = snapshot.read_whole_calls(batch, &BTreeSet::from([call_id]))?.pop();
    let of_rule = |findings: Vec<Finding>| findings.into_iter().filter(|finding| finding.rule == rule).collect();
    let read = call.map(|call| (call.facts, of_rule(call.findings)));
    Ok(read.ok_or_else(|| "its batch is being replaced; try again".to_owned()))
}

fn explain(args: &RulesExplain, packs: &Packs, loaded: &LoadedRule, facts: &Facts, recorded: &[Finding]) -> u8 {
    // The rules that judge the call besides decide which languages are nobody's.
    let set = packs.set_for(&facts.call.metadata);
    let is_asked =
        |other: &&LoadedRule| other.rule.id == loaded.rule.id || set.is_some_and(|set| set.packs.contains(&other.pack));
    let rules: Vec<Rule> = packs.rules.values().filter(is_asked).map(|loaded| loaded.rule.clone()).collect();
    let explained = compile(&rules, &packs.lists)
        .map(|ruleset| ruleset.explain(&loaded.rule.id, &packs.lists, facts, args.in_force));
    match explained {
        Ok(Some(explanation)) => {
            let set = set_gate(packs, loaded, facts);
            print_page(&page(&Told { loaded, facts, set, explanation, recorded }), EXIT_OK)
        }
        Ok(None) => unknown_rule(packs, &loaded.rule.id),
        Err(error) => {
            print_line(&error.to_string());
            EXIT_SET_UP
        }
    }
}

/// Whether the set that judges the call has the rule's pack.
fn set_gate(packs: &Packs, loaded: &LoadedRule, facts: &Facts) -> Gate {
    let (passes, because) = match packs.set_for(&facts.call.metadata) {
        Some(set) if set.packs.contains(&loaded.pack) => {
            (Passes::Yes, format!("the set {} judges the call, with the pack {}", set.name, loaded.pack))
        }
        Some(set) => (Passes::No, format!("the set {} judges the call, without the pack {}", set.name, loaded.pack)),
        None => (Passes::No, "no set is for the call".to_owned()),
    };
    Gate { about: "set", passes, because }
}
