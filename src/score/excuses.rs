//! Excuses of a scorecard: what happened earlier in a call, and which later findings it excuses.

use super::card::{Excuse, Scorecard};
use crate::finding::Finding;

/// What [`Finding::excused_by`] starts with where an excuse of a card did it, and not an approved script.
const BY_CARD: &str = "excuse ";

/// Marks the findings that an excuse of `card` excuses, each with the first one that does; those that are excused stay as they
/// are.
///
/// An excuse is open from the start of the first finding of its rule `after` that counts: a rule on trial opens none, nor does what
/// is itself excused by an approved script. Only what starts later is excused, so never a finding without a place.
pub(super) fn excuse(findings: &mut [Finding], card: &Scorecard) {
    let open: Vec<(&Excuse, i64)> = card.excuses.iter().filter_map(|excuse| opened(excuse, findings)).collect();
    for finding in findings.iter_mut().filter(|finding| finding.excused_by.is_none()) {
        let holds =
            |(excuse, from_ms): &&(&Excuse, i64)| is_about(excuse, finding) && finding.start_ms > Some(*from_ms);
        finding.excused_by = open.iter().find(holds).map(|(excuse, _)| format!("{BY_CARD}{}", excuse.name));
    }
}

/// Takes back what a scorecard said of `findings`: what they cost, and which of them it excuses.
pub(crate) fn take_back(findings: &mut [Finding]) {
    for finding in findings {
        finding.points = 0.0;
        finding.excused_by.take_if(|by| by.starts_with(BY_CARD));
    }
}

/// The excuse, and from when on it holds, ms; `None` where nothing opens it.
fn opened<'e>(excuse: &'e Excuse, findings: &[Finding]) -> Option<(&'e Excuse, i64)> {
    let after = excuse.after.as_ref()?;
    let opening = findings.iter().filter(|finding| finding.rule == *after && finding.counts());
    Some((excuse, opening.filter_map(|finding| finding.start_ms).min()?))
}

fn is_about(excuse: &Excuse, finding: &Finding) -> bool {
    excuse.rules.contains(&finding.rule) || excuse.categories.contains(&finding.category)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Judgement, MatchKind, RuleStatus, Severity};
    use crate::score::Verdict;
    use crate::score::testing::{card, finding, judged, score};

    /// The rule of the customer's abuse.
    const ABUSE: &str = "t.abuse";

    /// `p.a` is excused after abuse, all of 礼貌 after `t.angry`; 系统故障 is a name alone.
    fn excusing() -> Scorecard {
        let excuse = |name: &str, rules: &[&str], categories: &[&str], after: Option<&str>| Excuse {
            name: name.into(),
            rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
            categories: categories.iter().map(|category| (*category).to_owned()).collect(),
            after: after.map(str::to_owned),
        };
        let excuses = vec![
            excuse("系统故障", &["p.a"], &["礼貌"], None),
            excuse("辱骂在先", &["p.a"], &[], Some(ABUSE)),
            excuse("发火在先", &[], &["礼貌"], Some("t.angry")),
        ];
        Scorecard { review_from: Some(Severity::Critical), excuses, ..card() }
    }

    /// A finding of that rule, so many seconds into the call; tags are notes of another category.
    fn at(rule: &str, severity: Severity, start_s: Option<i64>) -> Finding {
        let is_tag = rule.starts_with("t.");
        Finding {
            start_ms: start_s.map(|s| s * 1_000),
            severity: if is_tag { Severity::Note } else { severity },
            category: if is_tag { "标签" } else { "礼貌" }.into(),
            ..finding(rule, severity)
        }
    }

    #[test]
    fn later_findings_are_excused() {
        use Severity::{Critical, Fatal, Major};
        let abuse = |s| at(ABUSE, Major, Some(s));
        let curt = |s| at("p.a", Major, Some(s));
        type Case<'a> = (&'a str, Vec<Finding>, f64, Verdict, &'a [(&'a str, f64)]);
        let table: Vec<Case<'_>> = vec![
            ("before", vec![abuse(5), curt(10)], 100.0, Verdict::Pass, &[("", 0.0), ("excuse 辱骂在先", 0.0)]),
            ("behind", vec![curt(3), abuse(5)], 90.0, Verdict::Pass, &[("", 10.0), ("", 0.0)]),
            ("at once", vec![abuse(5), curt(5)], 90.0, Verdict::Pass, &[("", 0.0), ("", 10.0)]),
            (
                "only what is later",
                vec![curt(3), abuse(5), curt(10), abuse(20)],
                90.0,
                Verdict::Pass,
                &[("", 10.0), ("", 0.0), ("excuse 辱骂在先", 0.0), ("", 0.0)],
            ),
            ("without a place", vec![abuse(5), at("p.a", Major, None)], 90.0, Verdict::Pass, &[("", 0.0), ("", 10.0)]),
            (
                "abuse without a place",
                vec![at(ABUSE, Major, None), curt(9)],
                90.0,
                Verdict::Pass,
                &[("", 0.0), ("", 10.0)],
            ),
            ("another rule", vec![abuse(5), at("p.b", Major, Some(9))], 90.0, Verdict::Pass, &[("", 0.0), ("", 10.0)]),
            (
                "a category",
                vec![at("t.angry", Major, Some(5)), at("p.b", Major, Some(9)), at("p.night", Major, Some(9))],
                100.0,
                Verdict::Pass,
                &[("", 0.0), ("excuse 发火在先", 0.0), ("excuse 发火在先", 0.0)],
            ),
            (
                "by the first of two",
                vec![at("t.angry", Major, Some(4)), abuse(5), curt(9)],
                100.0,
                Verdict::Pass,
                &[("", 0.0), ("", 0.0), ("excuse 辱骂在先", 0.0)],
            ),
            (
                "a red line",
                vec![abuse(5), at("p.a", Fatal, Some(9))],
                100.0,
                Verdict::Pass,
                &[("", 0.0), ("excuse 辱骂在先", 0.0)],
            ),
            (
                "what a person would have to review",
                vec![abuse(5), at("p.a", Critical, Some(9))],
                100.0,
                Verdict::Pass,
                &[("", 0.0), ("excuse 辱骂在先", 0.0)],
            ),
            (
                "the next one is the first that counts",
                vec![curt(3), abuse(5), curt(9), at("p.b", Major, Some(12))],
                86.0,
                Verdict::Review,
                &[("", 10.0), ("", 0.0), ("excuse 辱骂在先", 0.0), ("", 4.0)],
            ),
        ];
        for (name, findings, expected, verdict, marks) in table {
            let mut judgement = Judgement { findings, ..judged(&[]) };
            let scored = score(&mut judgement, &excusing(), true);
            let got = judgement.findings.iter().map(|f| (f.excused_by.as_deref().unwrap_or_default(), f.points));
            assert_eq!(got.collect::<Vec<_>>(), marks, "{name}");
            assert_eq!((scored.score, scored.verdict, scored.fatal), (Some(expected), verdict, false), "{name}");
            let ids: usize = scored.items.iter().map(|item| item.finding_ids.len()).sum();
            assert_eq!(
                ids,
                marks.iter().filter(|(_, points)| *points != 0.0).count(),
                "{name}: what is excused costs nothing"
            );
        }
    }

    #[test]
    fn only_what_counts_opens_an_excuse() {
        let call = |change: fn(&mut Finding)| {
            let mut abuse = at(ABUSE, Severity::Note, Some(5));
            change(&mut abuse);
            Judgement { findings: vec![abuse, at("p.a", Severity::Major, Some(9))], ..judged(&[]) }
        };
        for (name, mut judgement, expected) in [
            ("on trial", call(|abuse| abuse.status = RuleStatus::Trial), None),
            ("in an approved script", call(|abuse| abuse.excused_by = Some("script 甲".into())), None),
            ("as it is", call(|_| ()), Some("excuse 辱骂在先")),
        ] {
            let _ = score(&mut judgement, &excusing(), true);
            assert_eq!(judgement.findings[1].excused_by.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn what_a_script_excuses_counts_for_nothing() {
        for severity in Severity::ALL {
            let mut judgement = judged(&[("p.threat", severity), ("p.thanks", Severity::Minor)]);
            judgement.findings.iter_mut().for_each(|finding| finding.excused_by = Some("script 甲".into()));
            let scored = score(&mut judgement, &excusing(), true);
            assert_eq!(
                (scored.score, scored.verdict, scored.fatal),
                (Some(100.0), Verdict::Pass, false),
                "{severity:?}"
            );
            assert!(
                scored.items.iter().all(|item| item.lost_points == 0.0 && item.finding_ids.is_empty() && !item.fatal)
            );
            assert!(judgement.findings.iter().all(|finding| finding.excused_by.as_deref() == Some("script 甲")));
        }
        let mut alike = judged(&[("p.a", Severity::Fatal)]);
        alike.findings[0].match_kind = MatchKind::Homophone;
        alike.findings[0].excused_by = Some("script 甲".into());
        assert_eq!(
            score(&mut alike, &card(), true).verdict,
            Verdict::Pass,
            "no like-sounding red line asks for a review"
        );
    }
}
