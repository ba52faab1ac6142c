//! Scores worked out on paper.

use super::*;
use crate::finding::RuleStatus;
use crate::score::testing::{card, deduct, judged, manners, score, unanswered};

#[test]
fn scores_are_worked_out_on_paper() {
    use Severity::{Fatal, Major, Note};
    type Case<'a> = (&'a str, Vec<(&'a str, Severity)>, f64, Verdict, &'a [f64]);
    let table: Vec<Case<'_>> = vec![
        ("nothing", vec![], 100.0, Verdict::Pass, &[]),
        ("first", vec![("p.a", Major)], 90.0, Verdict::Pass, &[10.0]),
        (
            "first and further, over two rules",
            vec![("p.a", Major), ("p.b", Major), ("p.b", Major)],
            82.0,
            Verdict::Review,
            &[10.0, 4.0, 4.0],
        ),
        // 10 + 5 x 4 = 30 is the cap; the seventh costs nothing.
        ("capped", vec![("p.a", Major); 7], 70.0, Verdict::Review, &[10.0, 4.0, 4.0, 4.0, 4.0, 4.0, 0.0]),
        ("a named rule costs in its own item", vec![("p.threat", Major)], 40.0, Verdict::Fail, &[60.0]),
        ("a red line", vec![("p.a", Fatal)], 90.0, Verdict::Fail, &[10.0]),
        ("a note", vec![("p.a", Note)], 100.0, Verdict::Pass, &[0.0]),
        ("a note of a rule that an item names", vec![("p.night", Note)], 90.0, Verdict::Pass, &[10.0]),
        (
            "a note of a category is not its first",
            vec![("p.a", Note), ("p.a", Major)],
            90.0,
            Verdict::Pass,
            &[0.0, 10.0],
        ),
        ("a rule that no item is about", vec![("q.other", Major)], 100.0, Verdict::Pass, &[0.0]),
        ("exactly enough to pass", vec![("p.night", Major)], 90.0, Verdict::Pass, &[10.0]),
        // 100 - 10 - 30 = 60 does not fail.
        (
            "exactly enough not to fail",
            [vec![("p.night", Major)], vec![("p.a", Major); 6]].concat(),
            60.0,
            Verdict::Review,
            &[10.0, 10.0, 4.0, 4.0, 4.0, 4.0, 4.0],
        ),
        (
            "everything lost",
            [vec![("p.threat", Major); 2], vec![("p.night", Major)], vec![("p.b", Major); 6]].concat(),
            0.0,
            Verdict::Fail,
            &[60.0, 0.0, 10.0, 10.0, 4.0, 4.0, 4.0, 4.0, 4.0],
        ),
        ("a bonus over the top", vec![("p.thanks", Major)], 100.0, Verdict::Pass, &[-2.0]),
        // 2 + 2 + 1 = 5 is the cap, and 100 the most.
        ("a bonus past its cap", vec![("p.thanks", Major); 4], 100.0, Verdict::Pass, &[-2.0, -2.0, -1.0, 0.0]),
        (
            "a capped bonus against a loss",
            vec![("p.a", Major), ("p.thanks", Major), ("p.thanks", Major), ("p.thanks", Major)],
            95.0,
            Verdict::Pass,
            &[10.0, -2.0, -2.0, -1.0],
        ),
    ];
    for (name, findings, expected, verdict, points) in table {
        let mut judgement = judged(&findings);
        let score = score(&mut judgement, &card(), true);
        assert_eq!((score.score, score.verdict), (Some(expected), verdict), "{name}");
        assert_eq!(judgement.findings.iter().map(|f| f.points).collect::<Vec<_>>(), points, "{name}");
        let lost: f64 = score.items.iter().map(|item| item.lost_points).sum();
        assert_eq!(lost, points.iter().sum::<f64>(), "{name}: every point lost names its finding");
    }
}

#[test]
fn what_has_no_answer_leaves_the_denominator() {
    // Without the 10 points of `p.night`: 100 x (90 - 10) / 90 = 88.9, and 90 of 100 covered.
    let mut judgement = judged(&[("p.a", Severity::Major)]);
    unanswered(&mut judgement, "p.night", Severity::Major);
    let scored = score(&mut judgement, &card(), true);
    assert!((scored.score.expect("judged") - 8_000.0 / 90.0).abs() < 1e-9);
    assert_eq!((scored.coverage, scored.grade.as_deref(), scored.verdict), (Some(0.9), Some("B"), Verdict::Review));
    // A rule of a category that has another one answered does not.
    unanswered(&mut judgement, "p.b", Severity::Major);
    assert_eq!(score(&mut judgement, &card(), true).coverage, Some(0.9));
    // What is not applicable is in neither: 100 x (90 - 10) / 90 again, all of it covered.
    let mut judgement = judged(&[("p.a", Severity::Major)]);
    judgement.evaluated.retain(|rule| *rule.rule != *"p.night");
    let scored = score(&mut judgement, &card(), true);
    assert_eq!((scored.coverage, scored.items[2].applicable), (Some(1.0), false));
}

#[test]
fn too_little_is_not_judged() {
    let mut low = judged(&[("p.a", Severity::Major)]);
    unanswered(&mut low, "p.threat", Severity::Major);
    let scored = score(&mut low, &card(), true);
    assert_eq!((scored.score, scored.verdict, scored.grade), (None, Verdict::NotJudged, None));
    assert_eq!(scored.not_judged_because, "only 40 % of the points could be evaluated, under 80 %");

    let mut red = judged(&[]);
    unanswered(&mut red, "p.b", Severity::Fatal);
    assert_eq!(score(&mut red, &card(), true).not_judged_because, "the red line p.b could not be evaluated (no_roles)");
    red.trial.insert("p.b".into());
    assert_eq!(score(&mut red, &card(), true).verdict, Verdict::Pass, "a rule on trial holds nothing up");

    let scored = score(&mut judged(&[]), &card(), false);
    assert_eq!((scored.score, scored.verdict), (None, Verdict::NotJudged));
    let scored = score(&mut Judgement::default(), &card(), true);
    assert_eq!((scored.coverage, scored.verdict), (None, Verdict::NotJudged));
    let none = Scorecard { coverage_at_least: 0.0, ..card() };
    let mut blind = Judgement::default();
    unanswered(&mut blind, "p.a", Severity::Major);
    assert_eq!(score(&mut blind, &none, true).score, None);
}

#[test]
fn a_red_line_fails_whatever_else() {
    let mut judgement = judged(&[("p.a", Severity::Fatal)]);
    let scored = score(&mut judgement, &card(), false);
    assert_eq!((scored.verdict, scored.fatal, scored.pending, scored.score), (Verdict::Fail, true, true, None));
    assert!(scored.not_judged_because.is_empty());
    let by_item: Vec<bool> = scored.items.iter().map(|item| item.fatal).collect();
    assert_eq!(by_item, [true, false, false, false]);
    judgement.findings[0].match_kind = MatchKind::Homophone;
    let scored = score(&mut judgement, &card(), true);
    assert_eq!((scored.verdict, scored.fatal), (Verdict::Review, false), "like-sounding words ask for a review");
    judgement.findings[0].match_kind = MatchKind::Exact;
    judgement.findings[0].status = RuleStatus::Trial;
    judgement.trial.insert("p.a".into());
    judgement.findings[0].points = 0.0;
    let scored = score(&mut judgement, &card(), true);
    assert_eq!((scored.score, scored.verdict, judgement.findings[0].points), (Some(100.0), Verdict::Pass, 0.0));
}

#[test]
fn a_grave_finding_keeps_a_call_from_passing() {
    let strict = Scorecard { review_from: Some(Severity::Critical), ..card() };
    // 10 of 100 points are lost, so the call would pass.
    for (severity, card, verdict) in [
        (Severity::Critical, &strict, Verdict::Review),
        (Severity::Major, &strict, Verdict::Pass),
        (Severity::Critical, &card(), Verdict::Pass),
    ] {
        let mut judgement = judged(&[("p.a", severity)]);
        let scored = score(&mut judgement, card, true);
        assert_eq!((scored.score, scored.verdict), (Some(90.0), verdict), "{severity:?}");
    }
}

#[test]
fn packs_narrow_a_category() {
    let mut card = card();
    card.items[0].about = manners(&["q"]);
    let mut judgement = judged(&[("p.a", Severity::Major)]);
    let scored = score(&mut judgement, &card, true);
    assert_eq!((scored.score, scored.items[0].applicable), (Some(100.0), false));
}

#[test]
fn grades_start_where_the_page_says() {
    for (score, expected) in [(90.0, "A"), (89.99, "B"), (80.0, "B"), (60.0, "C"), (59.99, "D")] {
        assert_eq!(grade(score), expected);
    }
}

#[test]
fn a_bonus_is_in_no_denominator() {
    // Of the bonus, 0 of 0 points; without its rule's answer nothing changes but what it brings.
    let mut judgement = judged(&[("p.a", Severity::Major), ("p.thanks", Severity::Major)]);
    let scored = score(&mut judgement, &card(), true);
    let bonus = &scored.items[3];
    assert_eq!((bonus.max_points, bonus.lost_points, scored.score), (0.0, -2.0, Some(92.0)));
    let mut judgement = judged(&[("p.a", Severity::Major)]);
    unanswered(&mut judgement, "p.thanks", Severity::Major);
    let scored = score(&mut judgement, &card(), true);
    assert_eq!((scored.coverage, scored.score, scored.items[3].evaluable), (Some(1.0), Some(90.0), false));
}

#[test]
fn the_floor_of_coverage_belongs_to_what_is_judged() {
    // Without 10 of 100 points 90 % are covered; without 60, 40 %.
    for (rule, floor, verdict) in [
        ("p.night", 0.9, Verdict::Pass),
        ("p.night", 0.91, Verdict::NotJudged),
        ("p.threat", 0.4, Verdict::Pass),
        ("p.threat", 0.41, Verdict::NotJudged),
    ] {
        let mut judgement = judged(&[]);
        unanswered(&mut judgement, rule, Severity::Major);
        let card = Scorecard { coverage_at_least: floor, ..card() };
        let scored = score(&mut judgement, &card, true);
        assert_eq!(
            (scored.verdict, scored.score.is_none()),
            (verdict, verdict == Verdict::NotJudged),
            "{rule} {floor}"
        );
    }
}

#[test]
fn a_red_line_fails_where_nothing_is_judged() {
    // Neither too little coverage nor another red line without an answer hides one that was crossed; no item need be about it.
    let mut low = judged(&[("q.other", Severity::Fatal)]);
    unanswered(&mut low, "p.threat", Severity::Fatal);
    let scored = score(&mut low, &card(), true);
    assert_eq!((scored.verdict, scored.fatal, scored.pending), (Verdict::Fail, true, true));
    assert_eq!((scored.score, scored.not_judged_because.as_str(), low.findings[0].points), (None, "", 0.0));
    assert!(scored.items.iter().all(|item| !item.fatal));
}

#[test]
fn trial_rules_are_in_no_denominator() {
    let mut judgement = judged(&[("p.threat", Severity::Critical), ("p.a", Severity::Major)]);
    judgement.findings[0].status = RuleStatus::Trial;
    judgement.trial.insert("p.threat".into());
    let strict = Scorecard { review_from: Some(Severity::Critical), ..card() };
    // Without the 60 points of `p.threat`: 100 x (40 - 10) / 40.
    let scored = score(&mut judgement, &strict, true);
    assert_eq!((scored.score, scored.verdict, scored.items[1].applicable), (Some(75.0), Verdict::Review, false));
    judgement.findings.remove(1);
    assert_eq!(score(&mut judgement, &strict, true).verdict, Verdict::Pass, "nor does it ask for a review");
}

#[test]
fn a_rule_belongs_to_one_item() {
    let mut card = card();
    card.items.insert(0, deduct("别包", manners(&["q"]), 5.0, 5.0, 5.0));
    card.items.push(deduct("再算", manners(&[]), 5.0, 5.0, 5.0));
    // `p.a` is of the second item, the first of its category and pack; 100 x (100 - 10) / 100.
    let scored = score(&mut judged(&[("p.a", Severity::Major)]), &card, true);
    assert_eq!(scored.score, Some(90.0));
    assert_eq!(scored.items.iter().map(|item| item.lost_points).collect::<Vec<_>>(), [0.0, 10.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(
        scored.items.iter().map(|item| item.applicable).collect::<Vec<_>>(),
        [false, true, true, true, true, false]
    );
}
