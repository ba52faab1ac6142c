//! Cards, findings and judgements by hand, for tests.

use super::card::{About, Item, Points, Scorecard};
use super::{Owners, Score};
use crate::finding::{Evaluated, Finding, Judgement, NotEvaluated, Reason, Severity};

pub(super) fn finding(rule: &str, severity: Severity) -> Finding {
    Finding { finding_id: rule.to_owned(), category: "礼貌".into(), ..Finding::blank(rule, severity) }
}

pub(super) fn deduct(name: &str, about: About, max_points: f64, first_points: f64, each_points: f64) -> Item {
    Item { name: name.into(), about, points: Points::Deduction { max_points, first_points, each_points } }
}

pub(super) fn manners(packs: &[&str]) -> About {
    About::Category { category: "礼貌".into(), packs: packs.iter().map(|pack| (*pack).to_owned()).collect() }
}

/// 60 points on rule `p.threat`, 30 on the category 礼貌, 10 on `p.night`, and 5 to gain on `p.thanks`.
pub(super) fn card() -> Scorecard {
    let rule = |id: &str| About::Rule(id.into());
    Scorecard {
        id: "card".into(),
        title: String::new(),
        coverage_at_least: 0.8,
        pass_at_least: 90.0,
        fail_below: 60.0,
        review_from: None,
        items: vec![
            deduct("礼貌", manners(&[]), 30.0, 10.0, 4.0),
            deduct("威胁", rule("p.threat"), 60.0, 60.0, 0.0),
            deduct("时间", rule("p.night"), 10.0, 10.0, 10.0),
            Item {
                name: "致谢".into(),
                about: rule("p.thanks"),
                points: Points::Bonus { bonus_points: 2.0, cap_points: 5.0 },
            },
        ],
        excuses: Vec::new(),
    }
}

/// Every rule of the card has an answer, as have two rules of 礼貌 that no item names.
pub(super) fn judged(findings: &[(&str, Severity)]) -> Judgement {
    let rules = ["p.a", "p.b", "p.night", "p.thanks", "p.threat"];
    let evaluated = rules.map(|rule| Evaluated { rule: rule.into(), category: "礼貌".into() }.into());
    Judgement {
        findings: findings.iter().map(|(rule, severity)| finding(rule, *severity)).collect(),
        evaluated: evaluated.into(),
        ..Judgement::default()
    }
}

pub(super) fn unanswered(judgement: &mut Judgement, rule: &str, severity: Severity) {
    judgement.evaluated.retain(|other| other.rule != rule);
    judgement.not_evaluated.push(NotEvaluated {
        rule: rule.into(),
        revision: 1,
        category: "礼貌".into(),
        severity,
        reason: Reason::NoRoles,
        detail: String::new(),
    });
}

/// The score of a call by `card`, which is asked for the first time whose the rules are.
pub(super) fn score(judgement: &mut Judgement, card: &Scorecard, eligible: bool) -> Score {
    let rules = judgement.evaluated.iter().map(|rule| (rule.rule.as_str(), rule.category.as_str()));
    let others = judgement.not_evaluated.iter().map(|rule| (rule.rule.as_str(), rule.category.as_str()));
    let owners = Owners::of(card, rules.chain(others));
    super::score(judgement, card, &owners, eligible)
}
