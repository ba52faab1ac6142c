//! What two judgements of one call say differently.

use crate::finding::Finding;
use crate::score::{Change, ChangeKind, Verdict};
use std::cmp::Ordering;

/// One of two judgements of a call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Side<'a> {
    /// What was reported, in any order.
    pub findings: &'a [Finding],
    /// The verdict; `None` where the call was not judged.
    pub verdict: Option<Verdict>,
    /// The score, points; `None` where there is none.
    pub score: Option<f64>,
}

/// The differences between two judgements of one call, by (rule, start, finding's id); none where they agree.
///
/// A finding is known again by its id, which is independent of the rule's revision and of points. It is changed where
/// its severity, status, value, quote, points or excuse differ. Where no finding differs, but verdict or score do, that is one
/// change without a rule.
#[must_use]
pub fn changes(before: Side<'_>, after: Side<'_>) -> Vec<Change> {
    let mut pairs = paired(before.findings, after.findings);
    pairs.retain(|(before, after)| !is_same(*before, *after));
    pairs.sort_by(|left, right| place(*left).cmp(&place(*right)));
    let differs = before.verdict != after.verdict || before.score != after.score;
    if pairs.is_empty() && differs {
        pairs.push((None, None));
    }
    pairs.into_iter().map(|(was, is)| change((before, was), (after, is))).collect()
}

/// A finding before and after; one of them may be missing.
type Pair<'a> = (Option<&'a Finding>, Option<&'a Finding>);

/// Every finding once, with the one of the same id on the other side.
fn paired<'a>(before: &'a [Finding], after: &'a [Finding]) -> Vec<Pair<'a>> {
    let (before, after) = (by_id(before), by_id(after));
    let (mut was, mut is) = (before.into_iter().peekable(), after.into_iter().peekable());
    let mut pairs = Vec::new();
    loop {
        let next = match (was.peek(), is.peek()) {
            (None, None) => return pairs,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => left.finding_id.cmp(&right.finding_id),
        };
        let left = if next.is_le() { was.next() } else { None };
        let right = if next.is_ge() { is.next() } else { None };
        pairs.push((left, right));
    }
}

fn by_id(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by(|left, right| left.finding_id.cmp(&right.finding_id));
    sorted
}

fn is_same(before: Option<&Finding>, after: Option<&Finding>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    before.severity == after.severity
        && before.status == after.status
        && before.value == after.value
        && before.quote == after.quote
        && before.points == after.points
        && before.excused_by == after.excused_by
}

fn place<'a>((before, after): Pair<'a>) -> Option<(&'a str, Option<i64>, &'a str)> {
    after.or(before).map(|finding| (finding.rule.as_str(), finding.start_ms, finding.finding_id.as_str()))
}

fn change((before, was): (Side<'_>, Option<&Finding>), (after, is): (Side<'_>, Option<&Finding>)) -> Change {
    Change {
        rule: is.or(was).map_or_else(String::new, |finding| finding.rule.clone()),
        kind: match (was, is) {
            (None, Some(_)) => ChangeKind::Added,
            (Some(_), None) => ChangeKind::Removed,
            (Some(_), Some(_)) | (None, None) => ChangeKind::Changed,
        },
        verdict_before: before.verdict,
        verdict_after: after.verdict,
        score_before: before.score,
        score_after: after.score,
        value_before: was.and_then(|finding| finding.value),
        value_after: is.and_then(|finding| finding.value),
        quote_before: was.map(|finding| finding.quote.clone()),
        quote_after: is.map(|finding| finding.quote.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{RuleStatus, Severity};
    use crate::rules::testing::{judge, phrases, rule, said};
    use crate::units::Role::Agent;
    use proptest::prelude::*;

    /// A finding named `id` of `rule`, 1 s into the call, worth 5 points.
    fn finding(rule: &str, id: &str) -> Finding {
        let found = judge(&self::rule(phrases(&["您好"])), &said(&[(1, Agent, "您好")])).findings.remove(0);
        Finding { rule: rule.into(), finding_id: id.into(), points: 5.0, value: Some(1.0), ..found }
    }

    fn with(change: impl FnOnce(&mut Finding)) -> Finding {
        let mut finding = finding("r", "1");
        change(&mut finding);
        finding
    }

    fn side<'a>(findings: &'a [Finding], verdict: Verdict, score: f64) -> Side<'a> {
        Side { findings, verdict: Some(verdict), score: Some(score) }
    }

    /// The differences in words: kind, rule, value before and after.
    fn told(before: &[Finding], after: &[Finding]) -> Vec<String> {
        let (before, after) = (side(before, Verdict::Pass, 90.0), side(after, Verdict::Pass, 90.0));
        let tell = |change: Change| {
            let quotes = [&change.quote_before, &change.quote_after].map(|quote| quote.as_deref().unwrap_or("-"));
            format!("{} {} {}>{}", change.kind.name(), change.rule, quotes[0], quotes[1])
        };
        changes(before, after).into_iter().map(tell).collect()
    }

    #[test]
    fn findings_are_added_removed_and_changed() {
        let one = || finding("r", "1");
        type Case<'a> = (&'a str, Vec<Finding>, Vec<Finding>, &'a [&'a str]);
        let table: Vec<Case<'_>> = vec![
            ("nothing on either side", vec![], vec![], &[]),
            ("the same", vec![one()], vec![one()], &[]),
            ("added", vec![], vec![one()], &["added r ->您好"]),
            ("removed", vec![one()], vec![], &["removed r 您好>-"]),
            ("another id", vec![one()], vec![finding("r", "2")], &["removed r 您好>-", "added r ->您好"]),
            ("severity", vec![one()], vec![with(|f| f.severity = Severity::Fatal)], &["changed r 您好>您好"]),
            ("status", vec![one()], vec![with(|f| f.status = RuleStatus::Trial)], &["changed r 您好>您好"]),
            ("value", vec![one()], vec![with(|f| f.value = None)], &["changed r 您好>您好"]),
            ("quote", vec![one()], vec![with(|f| f.quote = "好".into())], &["changed r 您好>好"]),
            ("points", vec![one()], vec![with(|f| f.points = 0.0)], &["changed r 您好>您好"]),
            (
                "an excuse",
                vec![one()],
                vec![with(|f| f.excused_by = Some("script 甲".into()))],
                &["changed r 您好>您好"],
            ),
            ("revision is no change", vec![one()], vec![with(|f| f.revision = 99)], &[]),
            ("message is no change", vec![one()], vec![with(|f| f.message = "别的".into())], &[]),
            ("one of two of an id", vec![one(), one()], vec![one()], &["removed r 您好>-"]),
            (
                "in order of rules, then starts, then ids, whatever the order given",
                vec![with(|f| f.start_ms = Some(9)), finding("b", "0"), finding("a", "9")],
                vec![],
                &["removed a 您好>-", "removed b 您好>-", "removed r 您好>-"],
            ),
        ];
        for (name, before, after, expected) in table {
            assert_eq!(told(&before, &after), expected, "{name}");
        }
    }

    #[test]
    fn verdicts_and_scores_that_change_alone_are_told() {
        let same = [finding("r", "1")];
        let pass = side(&same, Verdict::Pass, 90.0);
        let table = [
            ("nothing", pass, 0),
            ("a verdict", side(&same, Verdict::Review, 90.0), 1),
            ("a score", side(&same, Verdict::Pass, 89.5), 1),
            ("no judgement", Side { findings: &same, ..Side::default() }, 1),
            ("a finding too", side(&[], Verdict::Fail, 10.0), 1),
        ];
        for (name, after, expected) in table {
            assert_eq!(changes(pass, after).len(), expected, "{name}");
        }
        let alone = changes(pass, side(&same, Verdict::Review, 80.0)).remove(0);
        assert_eq!((alone.rule.as_str(), alone.kind), ("", ChangeKind::Changed));
        assert_eq!((alone.verdict_before, alone.verdict_after), (Some(Verdict::Pass), Some(Verdict::Review)));
        assert_eq!((alone.score_before, alone.score_after), (Some(90.0), Some(80.0)));
        assert_eq!((alone.quote_before, alone.value_after), (None, None));
    }

    proptest! {
        #[test]
        fn swapping_sides_swaps_added_and_removed(ids in prop::collection::vec((0_u8..6, 0_u8..3, any::<bool>()), 0..8)) {
            let of = |wanted: bool| -> Vec<Finding> {
                let mine = ids.iter().filter(|(.., side)| *side == wanted);
                mine.map(|(id, points, _)| Finding { points: f64::from(*points), ..finding("r", &id.to_string()) }).collect()
            };
            let (left, right) = (of(true), of(false));
            let kinds = |before: &[Finding], after: &[Finding]| {
                let all = changes(side(before, Verdict::Pass, 1.0), side(after, Verdict::Pass, 1.0));
                ChangeKind::ALL.map(|kind| all.iter().filter(|change| change.kind == kind).count())
            };
            let ([added, removed, changed], back) = (kinds(&left, &right), kinds(&right, &left));
            prop_assert_eq!([removed, added, changed], back);
            prop_assert_eq!(left.len() + added, right.len() + removed);
        }
    }
}
