//! Cases of negation, quotation, condition and speaker, written from the rules' documentation by somebody who did not see the code
//! that judges them: `fixtures/negation.toml`.

use super::model::{Kind, LookFor, Place, When, Words};
use super::speakers::Speakers;
use super::testing::{rule_of, said};
use super::{InForce, compile};
use crate::lexicon::List;
use crate::lexicon::file::read;
use crate::units::Role;
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    kind: String,
    hard: bool,
    language: String,
    wanted: String,
    said_by: String,
    text: String,
    phrase: String,
    counts: bool,
}

fn shipped(language: &str, stem: &str, text: &str) -> (String, List) {
    let list = read(language, stem, stem, text).expect("a shipped list reads");
    (list.id.clone(), list)
}

fn role(name: &str) -> Role {
    if name == "agent" { Role::Agent } else { Role::Customer }
}

fn counts(case: &Case, lists: &BTreeMap<String, List>) -> bool {
    let words = Words {
        phrases: vec![case.phrase.clone()],
        negation_excludes: true,
        quotation_excludes: true,
        ..Words::default()
    };
    let look = LookFor {
        name: "it".into(),
        speakers: Speakers::of([role(&case.wanted)]),
        place: Place::Anywhere,
        count_at_least: 1,
        kind: Kind::Words(words),
    };
    let ruleset = compile(&[rule_of(vec![look], When::Name(0))], lists).expect("it compiles");
    let mut facts = said(&[(0, role(&case.said_by), &case.text)]);
    facts.call.language = Some(case.language.clone());
    !ruleset.judge(&facts, InForce::Ignore).findings.is_empty()
}

#[test]
fn cases_of_somebody_else_are_judged_as_a_careful_inspector_would() {
    let lists: BTreeMap<String, List> = [
        shipped("zh", "negation", include_str!("../../lexicons/zh/negation.toml")),
        shipped("zh", "quotation", include_str!("../../lexicons/zh/quotation.toml")),
        shipped("en", "quotation", include_str!("../../lexicons/en/quotation.toml")),
    ]
    .into();
    let cases: Cases = toml::from_str(include_str!("../../fixtures/negation.toml")).expect("the cases read");
    let (mut by_kind, mut wrong) = (BTreeMap::<&str, (usize, usize)>::new(), Vec::new());
    for case in &cases.case {
        let is_right = counts(case, &lists) == case.counts;
        for kind in [case.kind.as_str(), case.language.as_str(), if case.hard { "hard" } else { "plain" }, "all"] {
            let (right, all) = by_kind.entry(kind).or_default();
            *right += usize::from(is_right);
            *all += 1;
        }
        if !is_right {
            let (so, hard) = (if case.counts { "counts" } else { "does not" }, if case.hard { ", hard" } else { "" });
            wrong.push(format!("{} ({}{hard}): {} in {:?} {so}", case.name, case.kind, case.phrase, case.text));
        }
    }
    let (right, all) = by_kind["all"];
    assert!(all >= 120 && 2 * by_kind["hard"].1 >= all, "{by_kind:?}");
    assert!(right * 100 >= all * 95, "{by_kind:?}\n{}", wrong.join("\n"));
}
