//! Rules, judged on the facts of a call.

use super::applies::{Applies, applies};
use super::asked::Asked;
use super::compile::{Compiled, Ruleset};
use super::heard::Heard;
use super::kleene::{Truth, Why};
use super::report;
use super::when::Answers;
use super::whitelist::Allowed;
use crate::facts::{Facts, Status};
use crate::finding::{Finding, Judgement, NotEvaluated, RuleStatus};
use crate::lexicon::matcher::is_same_tongue;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Whether it matters on which day a rule is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    /// It does not: every rule judges.
    Ignore,
    /// The rule must be in force on the call's own local day.
    OwnDay,
    /// The rule must be in force on this day.
    On(Date),
}

impl InForce {
    /// Its name in tables: `ignore`, `own-day`, or the day.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Ignore => "ignore".to_owned(),
            Self::OwnDay => "own-day".to_owned(),
            Self::On(day) => day.to_string(),
        }
    }
}

impl Ruleset {
    /// What the rules say of a call: findings by (start, rule), those without a place first, and the
    /// applicable rules with and without an answer. Findings that an approved script excuses are marked.
    ///
    /// Nothing is judged of a call that failed or was skipped; of one that does not count, the red
    /// lines alone. The same facts always give the same judgement.
    #[must_use]
    pub fn judge(&self, facts: &Facts, in_force: InForce) -> Judgement {
        let mut judgement = Judgement::default();
        if matches!(facts.call.status, Status::Failed | Status::Skipped) {
            return judgement;
        }
        let heard = Heard::of(self, facts);
        judgement.evaluated.reserve_exact(self.rules.len());
        for compiled in self.rules.iter().filter(|compiled| judges(compiled)) {
            judge_rule(compiled, &heard, in_force, &mut judgement);
        }
        judgement.findings.sort_by(|left, right| key(left).cmp(&key(right)));
        judgement
    }

    /// The language of the call, where no rule in use is written for it though others are: then what they look for may have been said
    /// all the same.
    #[must_use]
    pub fn language_without_rules<'f>(&self, facts: &'f Facts) -> Option<&'f str> {
        let language = facts.call.language.as_deref()?;
        let is_covered = self.languages.is_empty() || self.languages.iter().any(|tag| is_same_tongue(tag, language));
        (!is_covered).then_some(language)
    }

    /// What the rule `id` alone says of a call, whatever its status and whenever it is in force: for
    /// trying a rule. Empty where there is no such rule.
    #[must_use]
    pub fn try_rule(&self, id: &str, facts: &Facts) -> Judgement {
        let mut judgement = Judgement::default();
        let heard = Heard::of(self, facts);
        if let Some(compiled) = self.rules.iter().find(|compiled| compiled.rule.id == id) {
            judge_rule(compiled, &heard, InForce::Ignore, &mut judgement);
        }
        judgement
    }

    /// Columns that the call's manifest leaves empty, and for each the rules that need it and would
    /// otherwise be for the call.
    #[must_use]
    pub fn missing_columns(&self, facts: &Facts, in_force: InForce) -> BTreeMap<String, BTreeSet<String>> {
        let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        if matches!(facts.call.status, Status::Failed | Status::Skipped) {
            return missing;
        }
        for compiled in self.rules.iter().filter(|compiled| judges(compiled)) {
            // Columns would unlock nothing on a call in a language without rules.
            if let Applies::Lacks(columns) = applies(compiled, facts, in_force, None) {
                for column in columns {
                    missing.entry(column).or_default().insert(compiled.rule.id.clone());
                }
            }
        }
        missing
    }
}

pub(super) const fn judges(compiled: &Compiled) -> bool {
    matches!(compiled.rule.status, RuleStatus::Active | RuleStatus::Trial)
}

/// What `compiled`, taken to be in use, says of the call of `heard`.
pub(super) fn judge_rule(compiled: &Compiled, heard: &Heard<'_>, in_force: InForce, judgement: &mut Judgement) {
    let rule = &compiled.rule;
    match applies(compiled, heard.facts, in_force, heard.strange) {
        Applies::Yes => {}
        Applies::Unknown(why) => return put_aside(compiled, why, judgement),
        Applies::No | Applies::Lacks(_) => return,
    }
    let asked = Asked::new(compiled, heard);
    let answers = Answers(&asked);
    match answers.truth(&rule.report.when) {
        Truth::Unknown(why) => return put_aside(compiled, why, judgement),
        Truth::True => {
            let allowed = Allowed::of(heard, &rule.id);
            judgement.findings.extend(report::findings(rule, answers, &heard.facts.call.call_id, &allowed));
        }
        Truth::False => {}
    }
    mark_trial(compiled, judgement);
    judgement.evaluated.push(Arc::clone(&compiled.evaluated));
}

fn put_aside(compiled: &Compiled, why: Why, judgement: &mut Judgement) {
    let rule = &compiled.rule;
    mark_trial(compiled, judgement);
    judgement.not_evaluated.push(NotEvaluated {
        rule: rule.id.clone(),
        revision: rule.revision,
        category: rule.category.clone(),
        severity: rule.severity,
        reason: why.reason,
        detail: why.detail,
    });
}

fn mark_trial(compiled: &Compiled, judgement: &mut Judgement) {
    if compiled.rule.status == RuleStatus::Trial {
        judgement.trial.insert(compiled.rule.id.clone());
    }
}

/// The order of findings; the id settles what is left equal.
pub(super) fn key(finding: &Finding) -> (Option<i64>, &str, &str, Option<i32>, Option<i64>, &str) {
    let Finding { start_ms, rule, look_for, char_start, end_ms, finding_id, .. } = finding;
    (*start_ms, rule, look_for, *char_start, *end_ms, finding_id)
}

#[cfg(test)]
mod tests {
    use super::super::model::{Kind, LookFor, Place, Rule, When, Words};
    use super::super::speakers::Speakers;
    use super::super::testing::{
        call, judge, list, lists, look, outcome, phrases, rule, rule_of, ruleset, said, strings,
    };
    use super::super::{CompileError, compile};
    use super::*;
    use crate::finding::{MatchKind, Severity};
    use crate::recording::StartedAt;
    use crate::units::Role::{Agent, Customer};
    use jiff::civil::date;

    fn hello() -> Rule {
        rule(phrases(&["您好"]))
    }

    #[test]
    fn rules_are_for_some_calls_only() {
        let facts = said(&[(0, Agent, "您好")]);
        let of = |change: fn(&mut Rule)| {
            let mut rule = hello();
            change(&mut rule);
            rule
        };
        let with = |change: fn(&mut Facts)| {
            let mut facts = facts.clone();
            change(&mut facts);
            facts
        };
        let table = [
            ("active", hello(), facts.clone(), "1 findings"),
            ("trial", of(|rule| rule.status = RuleStatus::Trial), facts.clone(), "1 findings"),
            ("draft", of(|rule| rule.status = RuleStatus::Draft), facts.clone(), "not applicable"),
            ("retired", of(|rule| rule.status = RuleStatus::Retired), facts.clone(), "not applicable"),
            ("its language", of(|rule| rule.languages = vec!["ZH".into()]), facts.clone(), "1 findings"),
            ("a language without rules", of(|rule| rule.languages = vec!["en".into()]), facts.clone(), "language"),
            (
                "no language",
                of(|rule| rule.languages = vec!["en".into()]),
                with(|facts| facts.call.language = None),
                "language",
            ),
            ("any language", hello(), with(|facts| facts.call.language = None), "1 findings"),
            ("a missing column", of(|rule| rule.needs = vec!["stage".into()]), facts.clone(), "not applicable"),
            (
                "a filled column",
                of(|rule| rule.needs = vec!["stage".into()]),
                with(|facts| facts.call.metadata.stage = Some("M1".into())),
                "1 findings",
            ),
            ("a failed call", hello(), with(|facts| facts.call.status = Status::Failed), "not applicable"),
            ("a partial call", hello(), with(|facts| facts.call.status = Status::Partial), "1 findings"),
            ("a call that does not count", hello(), with(|facts| facts.call.eligible = false), "not applicable"),
            (
                "a red line on a call that does not count",
                of(|rule| rule.severity = Severity::Fatal),
                with(|facts| facts.call.eligible = false),
                "1 findings",
            ),
            ("no transcript", hello(), with(|facts| facts.call.has_transcript = false), "no_transcript"),
        ];
        for (name, rule, facts, expected) in table {
            assert_eq!(outcome(&rule, &facts), expected, "{name}");
        }
    }

    #[test]
    fn a_language_with_other_rules_is_not_a_strange_one() {
        let of = |id: &str, language: &str| Rule { id: id.into(), languages: vec![language.into()], ..hello() };
        let facts = said(&[(0, Agent, "您好")]);
        let judgement = ruleset(&[of("test.zh", "zh"), of("test.en", "en")]).judge(&facts, InForce::Ignore);
        assert_eq!((judgement.findings.len(), judgement.not_evaluated.len()), (1, 0));
        let judgement = ruleset(&[of("test.de", "de"), of("test.en", "en")]).judge(&facts, InForce::Ignore);
        let details: BTreeSet<&str> = judgement.not_evaluated.iter().map(|one| one.detail.as_str()).collect();
        assert_eq!(details, ["the call is in zh-CN, which no rule is written for"].into());
        assert_eq!(judgement.not_evaluated.len(), 2);
    }

    #[test]
    fn days_in_force_matter_when_they_are_asked_for() {
        let mut rule = hello();
        rule.in_force_from = Some(date(2026, 1, 1));
        rule.in_force_until = Some(date(2026, 12, 31));
        let mut facts = said(&[(0, Agent, "您好")]);
        // 2025-12-31T16:30:00Z is half past midnight of 2026 in Shanghai: 20,453 days after the epoch.
        let started_at = StartedAt { timestamp_us: (20_453 * 86_400 + 59_400) * 1_000_000, utc_offset_min: 480 };
        facts.call.metadata.started_at = Some(started_at);
        let mut undated = facts.clone();
        undated.call.metadata.started_at = None;
        let table = [
            ("whenever", InForce::Ignore, &facts, (1, 0)),
            ("on its local day", InForce::OwnDay, &facts, (1, 0)),
            ("on nobody knows which day", InForce::OwnDay, &undated, (0, 1)),
            ("on the last day", InForce::On(date(2026, 12, 31)), &facts, (1, 0)),
            ("on the day after", InForce::On(date(2027, 1, 1)), &facts, (0, 0)),
            ("on the day before", InForce::On(date(2025, 12, 31)), &facts, (0, 0)),
        ];
        let ruleset = ruleset(&[rule]);
        for (name, in_force, facts, expected) in table {
            let judgement = ruleset.judge(facts, in_force);
            assert_eq!((judgement.findings.len(), judgement.not_evaluated.len()), expected, "{name}");
        }
    }

    #[test]
    fn absences_have_no_place() {
        let rule = rule_of(vec![look("it", phrases(&["您好"]))], When::Not(Box::new(When::Name(0))));
        let finding = judge(&rule, &said(&[(0, Agent, "喂")])).findings.remove(0);
        assert_eq!((finding.match_kind, finding.look_for.as_str()), (MatchKind::Absence, ""));
        assert_eq!((finding.turn, finding.start_ms, finding.char_start, finding.role), (None, None, None, None));
        assert_eq!(outcome(&rule, &said(&[(0, Agent, "您好")])), "silent");
    }

    #[test]
    fn once_is_one_finding_a_call() {
        let mut rule = hello();
        rule.report.message = "{it.count} 次,首次 {it.start}:{it.quote}{其他}".into();
        let facts = said(&[(61, Agent, "您好"), (90, Agent, "您好")]);
        let messages: Vec<String> = judge(&rule, &facts).findings.into_iter().map(|finding| finding.message).collect();
        assert_eq!(messages, ["2 次,首次 1:01:您好{其他}", "2 次,首次 1:30:您好{其他}"]);
        rule.report.once = true;
        assert_eq!(judge(&rule, &facts).findings.len(), 1);
    }

    #[test]
    fn messages_quote_other_conditions_too() {
        let looks = vec![look("fee", phrases(&["手续费"])), look("yes", phrases(&["同意"]))];
        let mut rule = rule_of(looks, When::And(Box::new(When::Name(0)), Box::new(When::Name(1))));
        rule.report.message = "{fee.quote}后{yes.quote}({yes.start})".into();
        let facts = said(&[(0, Agent, "手续费"), (5, Customer, "同意")]);
        assert_eq!(judge(&rule, &facts).findings[0].message, "手续费后同意(0:05)");
    }

    #[test]
    fn findings_are_named_by_what_they_are_not_by_revision() {
        let facts = said(&[(0, Agent, "您好您好")]);
        let ids = |rule: &Rule, facts: &Facts| -> Vec<String> {
            judge(rule, facts).findings.into_iter().map(|finding| finding.finding_id).collect()
        };
        let first = ids(&hello(), &facts);
        assert_eq!(first.len(), 2);
        assert!(first[0] != first[1] && first.iter().all(|id| id.len() == 16));
        let mut revised = hello();
        revised.revision = 9;
        assert_eq!(ids(&revised, &facts), first);
        let mut other = facts.clone();
        other.call.call_id = "call-2".into();
        assert_ne!(ids(&hello(), &other), first);
        // BLAKE3 of "call-1\0test.rule\0it\00\00\00\0".
        let expected = blake3::hash(b"call-1\0test.rule\0it\x000\x000\x000\0").to_hex()[..16].to_owned();
        assert_eq!(first[0], expected);
    }

    #[test]
    fn the_same_facts_give_the_same_judgement_whatever_the_order_of_rules() {
        let mut second = rule(phrases(&["好"]));
        second.id = "test.other".into();
        let facts = said(&[(0, Agent, "您好"), (9, Customer, "好的您好")]);
        let forth = ruleset(&[hello(), second.clone()]).judge(&facts, InForce::Ignore);
        let back = ruleset(&[second, hello()]).judge(&facts, InForce::Ignore);
        assert_eq!(forth, back);
        let order: Vec<(Option<i64>, &str)> = forth.findings.iter().map(|f| (f.start_ms, f.rule.as_str())).collect();
        assert!(order.is_sorted() || order.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{order:?}");
        assert_eq!(
            forth.evaluated.iter().map(|rule| rule.rule.as_str()).collect::<Vec<_>>(),
            ["test.other", "test.rule"]
        );
    }

    #[test]
    fn missing_columns_name_the_rules_they_would_unlock() {
        let mut staged = hello();
        staged.needs = vec!["stage".into(), "queue".into()];
        let mut foreign = staged.clone();
        foreign.id = "test.foreign".into();
        foreign.languages = vec!["en".into()];
        let missing = ruleset(&[staged, foreign]).missing_columns(&said(&[]), InForce::Ignore);
        let rules = BTreeSet::from(["test.rule".to_owned()]);
        assert_eq!(missing, BTreeMap::from([("queue".to_owned(), rules.clone()), ("stage".to_owned(), rules)]));
    }

    #[test]
    fn a_rule_can_be_tried_before_it_judges() {
        let mut draft = hello();
        draft.status = RuleStatus::Draft;
        let ruleset = ruleset(&[draft]);
        assert_eq!(ruleset.try_rule("test.rule", &said(&[(0, Agent, "您好")])).findings.len(), 1);
        assert_eq!(ruleset.try_rule("test.none", &call()), Judgement::default());
    }

    #[test]
    fn lists_are_looked_up_by_name() {
        let kind = Kind::Words(Words { lists: strings(&["zh/abuse"]), ..Words::default() });
        let mut lists = lists();
        let error = compile(&[rule(kind.clone())], &lists).map(|_| ()).expect_err("no such list");
        assert_eq!(error.code(), "unknown_list");
        lists.insert("zh/abuse".into(), list("zh/abuse", &["妈的"], &["妈妈的"]));
        let ruleset = compile(&[rule(kind)], &lists).expect("the list is there");
        let judgement = ruleset.judge(&said(&[(0, Agent, "他妈妈的电话,妈的")]), InForce::Ignore);
        assert_eq!(judgement.findings.iter().map(|f| f.char_start).collect::<Vec<_>>(), [Some(7)]);
    }

    #[test]
    fn rules_that_cannot_work_do_not_compile() {
        let after = |name: &str| Place::After { name: name.into(), within: None };
        let place = |place| rule_of(vec![LookFor { place, ..look("it", phrases(&["好"])) }], When::Name(0));
        let silence = super::super::model::SilenceFor {
            longer_than_ms: 2_000,
            of: Speakers::ANYONE,
            unless_after_phrases: Vec::new(),
            unless_after_lists: Vec::new(),
            up_to_ms: None,
        };
        let table = [
            ("a place after itself", place(after("it")), "bad_place"),
            ("a place after nothing", place(after("other")), "bad_place"),
            ("a silence that facts do not hold", rule(Kind::Silence(silence)), "silence_too_short"),
            ("a name out of range", rule_of(Vec::new(), When::Name(0)), "bad_when"),
        ];
        for (name, rule, code) in table {
            let error: CompileError = compile(&[rule], &lists()).map(|_| ()).expect_err(name);
            assert_eq!(error.code(), code, "{name}: {error}");
        }
    }
}
