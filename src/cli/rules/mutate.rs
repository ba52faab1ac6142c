//! `callsift rules check --mutate`: whether the examples of rules notice when a rule is broken.

use super::super::language::count;
use super::super::{EXIT_OK, EXIT_SOME_FAILED};
use crate::inspect::mutate::{Tally, survivors};
use crate::packs::{LoadedRule, Packs};
use crate::rules::Ruleset;
use rayon::prelude::*;
use std::fmt::Write as _;

/// Of so many mutants in a hundred, the examples must notice.
const LEAST_KILLED_PERCENT: usize = 95;

/// Tries the mutants of these rules of `whole`. The text names every survivor, one a line, and ends with the count.
pub(super) fn run(packs: &Packs, rules: &[&LoadedRule], whole: &Ruleset) -> (String, u8) {
    let tallies: Vec<Tally> = rules.par_iter().map(|loaded| survivors(&loaded.rule, &packs.lists, whole)).collect();
    report(&tallies)
}

fn report(tallies: &[Tally]) -> (String, u8) {
    let mut text = String::new();
    let all: Vec<&String> = tallies.iter().flat_map(|tally| &tally.survivors).collect();
    for name in &all {
        let _ = writeln!(text, "{name}");
    }
    let tried: usize = tallies.iter().map(|tally| tally.tried).sum();
    let killed = tried - all.len();
    // Cut off, not rounded: what is shown as enough is enough. Nothing to kill is nothing missed.
    let tenths = (killed * 1_000).checked_div(tried).unwrap_or(1_000);
    let percent = format!("{}.{}", tenths / 10, tenths % 10);
    let _ = writeln!(text, "{}, {killed} killed ({percent} %), {} survive", count(tried, "mutant"), all.len());
    let enough = killed * 100 >= tried * LEAST_KILLED_PERCENT;
    (text, if enough { EXIT_OK } else { EXIT_SOME_FAILED })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survivors_are_listed_and_counted() {
        let tally = |tried, survivors: &[&str]| Tally {
            tried,
            survivors: survivors.iter().map(|name| (*name).to_owned()).collect(),
        };
        let table = [
            (vec![tally(1, &[])], "1 mutant, 1 killed (100.0 %), 0 survive\n", EXIT_OK),
            (vec![tally(12, &[]), tally(8, &["b: x"])], "b: x\n20 mutants, 19 killed (95.0 %), 1 survive\n", EXIT_OK),
            (
                vec![tally(9, &["a: x"]), tally(10, &["b: x"])],
                "a: x\nb: x\n19 mutants, 17 killed (89.4 %), 2 survive\n",
                EXIT_SOME_FAILED,
            ),
            (vec![], "0 mutants, 0 killed (100.0 %), 0 survive\n", EXIT_OK),
        ];
        for (tallies, text, code) in table {
            assert_eq!(report(&tallies), (text.to_owned(), code));
        }
    }
}
