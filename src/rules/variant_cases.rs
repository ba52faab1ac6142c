//! Cases of phrases that are written in another form, by somebody who did not see the code that finds them:
//! `fixtures/variants.toml`.

use super::model::{Kind, Words};
use super::testing::{outcome, rule, said};
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
    phrase: String,
    text: String,
    found: bool,
}

#[test]
fn phrases_are_found_as_somebody_else_would_expect() {
    let cases: Cases = toml::from_str(include_str!("../../fixtures/variants.toml")).expect("the cases read");
    let (mut by_kind, mut wrong) = (BTreeMap::<&str, (usize, usize)>::new(), Vec::new());
    for case in &cases.case {
        let words = Words { phrases: vec![case.phrase.clone()], ..Words::default() };
        let is_found = outcome(&rule(Kind::Words(words)), &said(&[(0, Role::Agent, &case.text)])) != "silent";
        let (right, all) = by_kind.entry(&case.kind).or_default();
        *right += usize::from(is_found == case.found);
        *all += 1;
        if is_found != case.found {
            wrong.push(format!("{}: {} in {:?}", case.name, case.phrase, case.text));
        }
    }
    assert!(by_kind.len() == 8 && by_kind.values().all(|(_, all)| *all >= 20), "{by_kind:?}");
    assert!(by_kind.values().all(|(right, all)| right * 100 >= all * 95), "{by_kind:?}\n{}", wrong.join("\n"));
}
