//! Cases of promises to pay, written by somebody who did not see the code that finds them: `fixtures/promises.toml`.

use super::{Line, Mention, mentions, promises};
use crate::units::Role;
use jiff::civil::Date;

#[derive(serde::Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    hard: bool,
    date: Date,
    turns: Vec<(String, String)>,
    promises: Vec<Wanted>,
}

#[derive(serde::Deserialize, Debug, PartialEq)]
struct Wanted {
    turn: usize,
    amount: Option<String>,
    due: Option<String>,
}

fn found(case: &Case) -> Vec<Wanted> {
    let values: Vec<Vec<Mention>> = case.turns.iter().map(|(_, text)| mentions(text, case.date)).collect();
    let role = |name: &str| if name == "agent" { Role::Agent } else { Role::Customer };
    let lines: Vec<Line<'_>> = case
        .turns
        .iter()
        .zip(&values)
        .map(|((who, text), mentions)| Line { role: role(who), text, mentions })
        .collect();
    let wanted = promises(&lines, Some(case.date)).into_iter();
    wanted.map(|promise| Wanted { turn: promise.line, amount: promise.amount, due: promise.due }).collect()
}

#[test]
fn promises_are_found_as_somebody_else_would() {
    let cases: Cases = toml::from_str(include_str!("../../fixtures/promises.toml")).expect("the cases read");
    let (mut exact, mut right, mut wanted, mut told, mut wrong) = (0, 0, 0, 0, Vec::new());
    for case in &cases.case {
        let found = found(case);
        wanted += case.promises.len();
        told += found.len();
        right += found.iter().filter(|one| case.promises.iter().any(|other| other.turn == one.turn)).count();
        exact += usize::from(found == case.promises);
        if found != case.promises {
            wrong.push(format!("{} {:?}: {found:?}, not {:?}", case.name, case.turns, case.promises));
        }
    }
    let all = cases.case.len();
    assert!(all >= 260 && 2 * cases.case.iter().filter(|case| case.hard).count() >= all);
    let figures = format!("{exact} of {all} exact; {right} of {wanted} found, {told} told");
    assert!(100 * exact >= 95 * all, "{figures}\n{}", wrong.join("\n"));
}
