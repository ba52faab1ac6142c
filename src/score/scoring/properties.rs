//! What holds of every call and card. Points are whole, so that sums are exact.

use super::*;
use crate::finding::{Evaluated, NotEvaluated, Reason, RuleStatus};
use crate::score::card::Excuse;
use crate::score::testing::{self, score};
use proptest::prelude::*;

const RULES: [&str; 6] = ["p.a", "p.b", "p.c", "q.a", "q.b", "q.c"];
const CATEGORIES: [&str; 3] = ["礼貌", "语速", "静音"];

/// Rules of one category are of both packs.
fn category_of(rule: usize) -> &'static str {
    CATEGORIES[rule % CATEGORIES.len()]
}

fn about() -> impl Strategy<Value = About> {
    let packs = prop_oneof![Just(vec![]), Just(vec!["p".to_owned()]), Just(vec!["q".to_owned()])];
    prop_oneof![
        (0..RULES.len()).prop_map(|rule| About::Rule(RULES[rule].into())),
        (0..CATEGORIES.len(), packs)
            .prop_map(|(category, packs)| About::Category { category: CATEGORIES[category].into(), packs }),
    ]
}

fn points() -> impl Strategy<Value = Points> {
    let whole = |most: i32| (0..=most).prop_map(f64::from);
    let deduction = (1..=40_i32).prop_flat_map(move |max| (Just(f64::from(max)), whole(max), whole(max)));
    prop_oneof![
        4 => deduction.prop_map(|(max_points, first_points, each_points)| {
            Points::Deduction { max_points, first_points, each_points }
        }),
        1 => (whole(9), whole(20)).prop_map(|(bonus_points, cap_points)| Points::Bonus { bonus_points, cap_points }),
    ]
}

fn excuse() -> impl Strategy<Value = Excuse> {
    let names = |all: &'static [&'static str]| {
        prop::sample::subsequence(all, 0..=2).prop_map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let after = prop::option::of((0..RULES.len()).prop_map(|rule| RULES[rule].to_owned()));
    (names(&RULES), names(&CATEGORIES), after).prop_map(|(rules, categories, after)| Excuse {
        name: "有因".into(),
        rules,
        categories,
        after,
    })
}

fn card() -> impl Strategy<Value = Scorecard> {
    let items = prop::collection::vec((about(), points()), 1..6);
    let review_from = prop::option::of(prop::sample::select(Severity::ALL.to_vec()));
    (items, prop::collection::vec(excuse(), 0..3), review_from).prop_map(|(items, excuses, review_from)| {
        let items = items.into_iter().map(|(about, points)| Item { name: String::new(), about, points });
        Scorecard {
            id: "card".into(),
            title: String::new(),
            coverage_at_least: 0.5,
            pass_at_least: 90.0,
            fail_below: 60.0,
            review_from,
            items: items.collect(),
            excuses,
        }
    })
}

/// Rule, severity, second, whether it rests on sound alone, whether a script excuses it.
type Found = (usize, Severity, Option<i64>, bool, bool);

fn finding(id: usize, (rule, severity, start_s, by_sound, by_script): Found, is_on_trial: bool) -> Finding {
    Finding {
        finding_id: id.to_string(),
        category: category_of(rule).into(),
        status: if is_on_trial { RuleStatus::Trial } else { RuleStatus::Active },
        start_ms: start_s.map(|s| s * 1_000),
        match_kind: if by_sound { MatchKind::Homophone } else { MatchKind::Exact },
        excused_by: by_script.then(|| "script 甲".to_owned()),
        ..testing::finding(RULES[rule], severity)
    }
}

fn judgement() -> impl Strategy<Value = Judgement> {
    let severity = prop::sample::select(Severity::ALL.to_vec());
    let found = (0..RULES.len(), severity, prop::option::of(0..9_i64), any::<bool>(), prop::bool::weighted(0.2));
    // Of each rule, whether it has an answer, and whether it is on trial.
    let rules = prop::collection::vec((prop::bool::weighted(0.8), prop::bool::weighted(0.2)), RULES.len());
    (prop::collection::vec(found, 0..12), rules).prop_map(|(found, rules)| {
        let answered = |rule: &usize| rules[*rule].0;
        let found = found.into_iter().filter(|(rule, ..)| answered(rule)).enumerate();
        let evaluated = (0..RULES.len()).filter(answered);
        Judgement {
            findings: found.map(|(id, found)| finding(id, found, rules[found.0].1)).collect(),
            evaluated: evaluated
                .map(|rule| Evaluated { rule: RULES[rule].into(), category: category_of(rule).into() }.into())
                .collect(),
            not_evaluated: (0..RULES.len()).filter(|rule| !answered(rule)).map(unanswered).collect(),
            trial: (0..RULES.len()).filter(|rule| rules[*rule].1).map(|rule| RULES[rule].to_owned()).collect(),
        }
    })
}

fn unanswered(rule: usize) -> NotEvaluated {
    NotEvaluated {
        rule: RULES[rule].into(),
        revision: 1,
        category: category_of(rule).into(),
        severity: Severity::Major,
        reason: Reason::NoRoles,
        detail: String::new(),
    }
}

/// Whether without the finding, or with it excused, nothing can cost more: it earned nothing and opens no excuse.
fn is_only_a_fault(finding: &Finding, card: &Scorecard) -> bool {
    finding.points >= 0.0 && card.excuses.iter().all(|excuse| excuse.after.as_ref() != Some(&finding.rule))
}

/// The call without what was decided about it.
fn unscored_call(judgement: &Judgement) -> Judgement {
    let mut judgement = judgement.clone();
    for finding in &mut judgement.findings {
        finding.points = 0.0;
        finding.excused_by.take_if(|by| by.starts_with("excuse "));
    }
    judgement
}

proptest! {
    #[test]
    fn points_add_up(card in card(), mut judgement in judgement()) {
        let scored = score(&mut judgement, &card, true);
        prop_assert!(scored.score.is_none_or(|score| (0.0..=100.0).contains(&score)), "{scored:?}");
        for (item, of) in scored.items.iter().zip(&card.items) {
            let allowed = match of.points {
                Points::Deduction { max_points, .. } => 0.0..=max_points,
                Points::Bonus { cap_points, .. } => -cap_points..=0.0,
            };
            prop_assert!(allowed.contains(&item.lost_points), "{item:?}");
        }
        let lost: f64 = scored.items.iter().map(|item| item.lost_points).sum();
        prop_assert_eq!(lost, judgement.findings.iter().map(|finding| finding.points).sum::<f64>());
        for finding in judgement.findings.iter().filter(|finding| finding.points != 0.0) {
            let items = scored.items.iter().filter(|item| item.finding_ids.contains(&finding.finding_id));
            prop_assert_eq!(items.count(), 1, "every point lost names its finding: {:?}", finding);
        }
    }

    #[test]
    fn what_is_excused_might_as_well_not_be_there(card in card(), mut judgement in judgement(), eligible in any::<bool>()) {
        let scored = score(&mut judgement, &card, eligible);
        judgement.findings.retain(|finding| finding.excused_by.is_none());
        let mut rest = unscored_call(&judgement);
        let without = Scorecard { excuses: Vec::new(), ..card };
        prop_assert_eq!(score(&mut rest, &without, eligible), scored);
    }

    #[test]
    fn a_fault_less_costs_no_more(card in card(), mut judgement in judgement(), which in any::<prop::sample::Index>()) {
        let before = score(&mut judgement, &card, true);
        prop_assume!(!judgement.findings.is_empty());
        let at = which.index(judgement.findings.len());
        prop_assume!(is_only_a_fault(&judgement.findings[at], &card));
        let mut removed = unscored_call(&judgement);
        let mut excused = removed.clone();
        removed.findings.remove(at);
        excused.findings[at].excused_by = Some("script 乙".into());
        for mut better in [removed, excused] {
            let after = score(&mut better, &card, true);
            prop_assert!(after.score >= before.score, "{before:?} {after:?}");
            prop_assert!(!after.fatal || before.fatal);
        }
    }
}
