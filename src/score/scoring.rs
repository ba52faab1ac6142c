//! From a judgement to a score.

use super::card::{About, Item, Points, Scorecard};
use super::excuses::excuse;
use super::model::{Score, ScoreItem, Verdict};
use super::owners::Owners;
use crate::finding::{Finding, Judgement, MatchKind, Severity};

/// Scores a call by `card`, to whose items the rules belong as `owners` says, and writes on each finding the points it cost (negative:
/// earned), or what of the card excuses it.
///
/// The score is 100 times what is left of the evaluable items' points, over those points; bonuses come
/// on top, up to 100. A rule belongs to the item that names it, else to the first item of its
/// category; a finding costs points in that item alone. Rules on trial cost nothing and hold nothing
/// up, nor do notes cost anything unless an item names their rule. What is excused neither costs nor earns anything, nor
/// is it ever a red line or a reason for a review. A call is not judged where it does not
/// count (`eligible`), where an active red line has no answer, or where too few points are evaluable. A
/// crossed red line fails the call all the same, pending a person's review; one that rests on like-sounding
/// words alone asks for a review instead.
#[must_use]
pub fn score(judgement: &mut Judgement, card: &Scorecard, owners: &Owners, eligible: bool) -> Score {
    excuse(&mut judgement.findings, card);
    let items = score_items(judgement, card, owners);
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
fn score_items(judgement: &mut Judgement, card: &Scorecard, owners: &Owners) -> Vec<ScoreItem> {
    let Judgement { findings, not_evaluated, evaluated, trial } = judgement;
    let mut items: Vec<ScoreItem> = card.items.iter().map(unscored).collect();
    let counts = |rule: &&str| !trial.contains(*rule);
    for owner in owners.each(evaluated.iter().map(|rule| rule.rule.as_str()).filter(counts)) {
        (items[owner].applicable, items[owner].evaluable) = (true, true);
    }
    for owner in owners.each(not_evaluated.iter().map(|rule| rule.rule.as_str()).filter(counts)) {
        items[owner].applicable = true;
    }
    for finding in findings.iter_mut().filter(|finding| finding.excused_by.is_none()) {
        let owner = owners.each(Some(finding.rule.as_str()).into_iter().filter(counts)).next();
        if let Some(owner) = owner {
            charge(finding, &card.items[owner], &mut items[owner]);
        }
    }
    items
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
        // Past the cap, 0.0 and not -0.0, which would be shown.
        Points::Bonus { bonus_points, cap_points } => 0.0 - bonus_points.min(cap_points + scored.lost_points).max(0.0),
    };
    scored.lost_points += finding.points;
    scored.finding_ids.push(finding.finding_id.clone());
}

fn is_fatal(finding: &Finding) -> bool {
    is_red(finding) && finding.match_kind != MatchKind::Homophone
}

fn is_red(finding: &Finding) -> bool {
    finding.severity == Severity::Fatal && finding.counts()
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
    let is_grave =
        |finding: &Finding| card.review_from.is_some_and(|from| finding.severity >= from) && finding.counts();
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
mod properties;
#[cfg(test)]
mod tests;
