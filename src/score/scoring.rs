//! From a judgement to a score.

use super::card::{About, Item, Points, Scorecard};
use super::model::{Score, ScoreItem, Verdict};
use crate::finding::{Finding, Judgement, MatchKind, RuleStatus, Severity};

/// Scores a call and writes on each finding the points it cost (negative: earned).
///
/// The score is 100 times what is left of the evaluable items' points, over those points; bonuses come
/// on top, up to 100. A rule belongs to the item that names it, else to the first item of its
/// category; a finding costs points in that item alone. Rules on trial cost nothing and hold nothing
/// up, nor do notes cost anything unless an item names their rule. A call is not judged where it does not
/// count (`eligible`), where an active red line has no answer, or where too few points are evaluable. A
/// crossed red line fails the call all the same, pending a person's review; one that rests on like-sounding
/// words alone asks for a review instead.
#[must_use]
pub fn score(judgement: &mut Judgement, card: &Scorecard, eligible: bool) -> Score {
    let items = score_items(judgement, card);
    // An empty sum of floats is -0.0, which would be shown.
    let sum = |of: fn(&ScoreItem) -> bool| {
        items.iter().filter(|item| of(item)).map(|item| item.max_points).fold(0.0, |sum, points| sum + points)
    };
    let (applicable, evaluable) = (sum(|item| item.applicable), sum(|item| item.evaluable));
    let coverage = (applicable > 0.0).then(|| evaluable / applicable);
    let because = why_not(judgement, card, eligible, coverage);
    let lost: f64 = items.iter().map(|item| item.lost_points).sum();
    let score = because.is_empty().then(|| (100.0 * (evaluable - lost) / evaluable).clamp(0.0, 100.0));
    let fatal = judgement.findings.iter().any(is_fatal);
    let verdict = verdict(judgement, card, score);
    Score {
        score,
        grade: score.map(grade),
        verdict,
        not_judged_because: if verdict == Verdict::NotJudged { because } else { String::new() },
        coverage,
        fatal,
        pending: fatal,
        scorecard: card.id.clone(),
        items,
    }
}

/// The score of a call that no card judges, and why.
#[must_use]
pub fn not_judged(scorecard: &str, because: &str) -> Score {
    Score {
        score: None,
        grade: None,
        verdict: Verdict::NotJudged,
        not_judged_because: because.to_owned(),
        coverage: None,
        fatal: false,
        pending: false,
        scorecard: scorecard.to_owned(),
        items: Vec::new(),
    }
}

/// The items of a call's score, with what its findings cost.
fn score_items(judgement: &mut Judgement, card: &Scorecard) -> Vec<ScoreItem> {
    let Judgement { findings, not_evaluated, evaluated, trial } = judgement;
    let answered = evaluated.iter().map(|rule| (&*rule.rule, &*rule.category, true));
    let others = not_evaluated.iter().map(|rule| (rule.rule.as_str(), rule.category.as_str(), false));
    let mut items: Vec<ScoreItem> = card.items.iter().map(unscored).collect();
    let mut owners: Vec<(&str, usize)> = Vec::new();
    for (rule, category, has_answer) in answered.chain(others).filter(|(rule, ..)| !trial.contains(*rule)) {
        if let Some(owner) = owner(card, rule, category) {
            items[owner].applicable = true;
            items[owner].evaluable |= has_answer;
            owners.push((rule, owner));
        }
    }
    for finding in findings {
        // Findings are few.
        if let Some(&(_, owner)) = owners.iter().find(|(rule, _)| *rule == finding.rule) {
            charge(finding, &card.items[owner], &mut items[owner]);
        }
    }
    items
}

/// The item that a rule belongs to: the one that names it, else the first of its category.
fn owner(card: &Scorecard, rule: &str, category: &str) -> Option<usize> {
    let mut of_category = None;
    for (index, item) in card.items.iter().enumerate() {
        match &item.about {
            About::Rule(of) if of == rule => return Some(index),
            About::Category { category: of, packs }
                if of_category.is_none() && of == category && in_packs(packs, rule) =>
            {
                of_category = Some(index);
            }
            About::Rule(_) | About::Category { .. } => {}
        }
    }
    of_category
}

fn in_packs(packs: &[String], rule: &str) -> bool {
    let is_of = |pack: &String| rule.split_once('.').map_or(rule, |(pack, _)| pack) == pack;
    packs.is_empty() || packs.iter().any(is_of)
}

/// An item that is not applicable yet, and costs nothing.
fn unscored(item: &Item) -> ScoreItem {
    let (rule, category) = match &item.about {
        About::Rule(id) => (Some(id.clone()), None),
        About::Category { category, .. } => (None, Some(category.clone())),
    };
    ScoreItem {
        item: item.name.clone(),
        rule,
        category,
        max_points: match item.points {
            Points::Deduction { max_points, .. } => max_points,
            Points::Bonus { .. } => 0.0,
        },
        lost_points: 0.0,
        applicable: false,
        evaluable: false,
        fatal: false,
        finding_ids: Vec::new(),
    }
}

/// Writes on a finding what it costs in its item, and adds it to the item.
fn charge(finding: &mut Finding, item: &Item, scored: &mut ScoreItem) {
    scored.fatal |= is_fatal(finding);
    if finding.severity == Severity::Note && matches!(item.about, About::Category { .. }) {
        return;
    }
    finding.points = match item.points {
        Points::Deduction { max_points, first_points, each_points } => {
            let due = if scored.finding_ids.is_empty() { first_points } else { each_points };
            due.min(max_points - scored.lost_points).max(0.0)
        }
        Points::Bonus { bonus_points, cap_points } => -bonus_points.min(cap_points + scored.lost_points).max(0.0),
    };
    scored.lost_points += finding.points;
    scored.finding_ids.push(finding.finding_id.clone());
}

fn is_fatal(finding: &Finding) -> bool {
    is_red(finding) && finding.match_kind != MatchKind::Homophone
}

fn is_red(finding: &Finding) -> bool {
    finding.severity == Severity::Fatal && finding.status == RuleStatus::Active
}

/// Why the call is not judged; empty where it is.
fn why_not(judgement: &Judgement, card: &Scorecard, eligible: bool, coverage: Option<f64>) -> String {
    if !eligible {
        return "the call does not count: too little talk, or no conversation".to_owned();
    }
    let is_red = |rule: &&crate::finding::NotEvaluated| {
        rule.severity == Severity::Fatal && !judgement.trial.contains(&rule.rule)
    };
    if let Some(rule) = judgement.not_evaluated.iter().find(is_red) {
        return format!("the red line {} could not be evaluated ({})", rule.rule, rule.reason.name());
    }
    match coverage {
        None => "no item of the scorecard is for this call".to_owned(),
        Some(coverage) if coverage < card.coverage_at_least || coverage <= 0.0 => {
            let percent = |share: f64| (share * 1_000.0).floor() / 10.0;
            format!(
                "only {} % of the points could be evaluated, under {} %",
                percent(coverage),
                percent(card.coverage_at_least)
            )
        }
        Some(_) => String::new(),
    }
}

fn verdict(judgement: &Judgement, card: &Scorecard, score: Option<f64>) -> Verdict {
    let is_grave = |finding: &Finding| {
        card.review_from.is_some_and(|from| finding.severity >= from) && finding.status == RuleStatus::Active
    };
    let asks_for_review = judgement.findings.iter().any(|finding| is_red(finding) || is_grave(finding));
    match score {
        _ if judgement.findings.iter().any(is_fatal) => Verdict::Fail,
        None => Verdict::NotJudged,
        Some(score) if score < card.fail_below => Verdict::Fail,
        Some(score) if score >= card.pass_at_least && !asks_for_review => Verdict::Pass,
        Some(_) => Verdict::Review,
    }
}

fn grade(score: f64) -> String {
    let grades = [(90.0, "A"), (80.0, "B"), (60.0, "C")];
    grades.into_iter().find(|(from, _)| score >= *from).map_or("D", |(_, grade)| grade).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Evaluated, NotEvaluated, Reason, RuleStatus};

    fn finding(rule: &str, severity: Severity) -> Finding {
        Finding {
            finding_id: rule.to_owned(),
            rule: rule.to_owned(),
            revision: 1,
            category: "礼貌".into(),
            severity,
            status: RuleStatus::Active,
            look_for: String::new(),
            role: None,
            turn: None,
            turn_end: None,
            start_ms: None,
            end_ms: None,
            char_start: None,
            char_end: None,
            quote: String::new(),
            matched: None,
            match_kind: MatchKind::Exact,
            distance: None,
            value: None,
            threshold: None,
            unit: None,
            points: 0.0,
            message: String::new(),
            advice: String::new(),
            source: String::new(),
        }
    }

    fn deduct(name: &str, about: About, max_points: f64, first_points: f64, each_points: f64) -> Item {
        Item { name: name.into(), about, points: Points::Deduction { max_points, first_points, each_points } }
    }

    fn manners(packs: &[&str]) -> About {
        About::Category { category: "礼貌".into(), packs: packs.iter().map(|pack| (*pack).to_owned()).collect() }
    }

    /// 60 points on rule `p.threat`, 30 on the category 礼貌, 10 on `p.night`, and 5 to gain on `p.thanks`.
    fn card() -> Scorecard {
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
        }
    }

    /// Every rule of the card has an answer, as have two rules of 礼貌 that no item names.
    fn judged(findings: &[(&str, Severity)]) -> Judgement {
        let rules = ["p.a", "p.b", "p.night", "p.thanks", "p.threat"];
        let evaluated = rules.map(|rule| Evaluated { rule: rule.into(), category: "礼貌".into() });
        Judgement {
            findings: findings.iter().map(|(rule, severity)| finding(rule, *severity)).collect(),
            evaluated: evaluated.into(),
            ..Judgement::default()
        }
    }

    fn unanswered(judgement: &mut Judgement, rule: &str, severity: Severity) {
        judgement.evaluated.retain(|other| *other.rule != *rule);
        judgement.not_evaluated.push(NotEvaluated {
            rule: rule.into(),
            revision: 1,
            category: "礼貌".into(),
            severity,
            reason: Reason::NoRoles,
            detail: String::new(),
        });
    }

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
            ("a bonus over the top", vec![("p.thanks", Major)], 100.0, Verdict::Pass, &[-2.0]),
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
        assert_eq!(
            score(&mut red, &card(), true).not_judged_because,
            "the red line p.b could not be evaluated (no_roles)"
        );
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
}
