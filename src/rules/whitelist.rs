//! Approved scripts: words that a site allows, and which rules' findings they excuse.

use super::answer::Hit;
use super::heard::Heard;
use crate::facts::CallFacts;
use crate::finding::MatchKind;
use crate::lexicon::matcher::ListIndex;
use jiff::civil::Date;
use serde::Serialize;

/// What may be said, and which rules must not count it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Script {
    /// Its name; unique among all scripts.
    pub name: String,
    /// What may be said, as written; compared as normalised text.
    pub texts: Vec<String>,
    /// Ids of the rules whose findings it excuses.
    pub rules: Vec<String>,
    /// Only on calls about one of these products; empty: on all calls.
    pub products: Vec<String>,
    /// Who approved it.
    pub approved_by: String,
    /// When.
    pub approved_on: Date,
    /// Last day on which it excuses anything: the call's local day.
    pub until: Date,
}

impl Script {
    /// Whether it may excuse anything in this call. On which day a call was that has no start, nobody knows.
    fn is_for(&self, call: &CallFacts) -> bool {
        let product = call.metadata.product.as_ref();
        let is_in_time = call.metadata.started_at.is_some_and(|started_at| started_at.local_date() <= self.until);
        is_in_time && (self.products.is_empty() || product.is_some_and(|product| self.products.contains(product)))
    }
}

/// A script, ready.
#[derive(Clone, Debug)]
pub(crate) struct Approved {
    pub(crate) script: Script,
    /// Its texts.
    pub(crate) texts: ListIndex,
}

/// The scripts that may excuse what one rule finds in a call.
pub(crate) struct Allowed<'a> {
    heard: &'a Heard<'a>,
    scripts: Vec<&'a Approved>,
}

impl<'a> Allowed<'a> {
    /// Those for the rule of that id, in the call of `heard`.
    pub(crate) fn of(heard: &'a Heard<'a>, rule: &str) -> Self {
        let is_for = |approved: &&Approved| {
            approved.script.rules.iter().any(|id| id == rule) && approved.script.is_for(&heard.facts.call)
        };
        Self { heard, scripts: heard.ruleset.scripts.iter().filter(is_for).collect() }
    }

    /// What a finding says that excuses this hit, by the first script that does.
    pub(crate) fn by(&self, hit: &Hit) -> Option<String> {
        let [from, to] = words_of(hit)?;
        let covers = |approved: &&&Approved| is_said_in(self.heard, approved.texts, from, to);
        self.scripts.iter().find(covers).map(|approved| format!("script {}", approved.script.name))
    }
}

/// Turn and character.
type Place = (i32, i32);

/// Where the words of a hit start and end. A measure has none, whatever was said: a script says what may be said, not how fast or
/// how loud.
fn words_of(hit: &Hit) -> Option<[Place; 2]> {
    let (turns, chars) = hit.turns.zip(hit.chars)?;
    let is_of_words = !matches!(hit.match_kind, MatchKind::Measure | MatchKind::Absence);
    is_of_words.then_some([(turns.0, chars.0), (turns.1, chars.1)])
}

/// Whether what was said `from` there `to` there lies inside one of these texts, said in one go by the same speaker.
fn is_said_in(heard: &Heard<'_>, texts: ListIndex, from: Place, to: Place) -> bool {
    let turns = &heard.facts.turns;
    heard.of_list(texts).iter().any(|(at, found)| {
        let passage = &heard.passages[*at];
        let text = passage.origin(&found.range(), turns);
        let starts = (turns[text.turns.0].turn, text.chars.0 as i32);
        let ends = (turns[text.turns.1].turn, text.chars.1 as i32);
        starts <= from && to <= ends && passage.turns().any(|turn| turns[turn].turn == from.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::recording::StartedAt;
    use crate::rules::model::{Kind, Patterns, Rule, SpeechRate, When, Words};
    use crate::rules::testing::{lists, look, phrases, rule, rule_of, said, strings, written};
    use crate::rules::{InForce, compile_with};
    use crate::units::Role::{Agent, Customer};
    use jiff::civil::date;

    const ALLOWED: &str = "我们会派人到您家里送还款协议。";

    fn script(texts: &[&str]) -> Script {
        Script {
            name: "送协议".into(),
            texts: strings(texts),
            rules: strings(&["test.rule"]),
            products: Vec::new(),
            approved_by: "合规部".into(),
            approved_on: date(2026, 1, 1),
            until: date(2026, 11, 20),
        }
    }

    /// What is said, on 2026-11-20 at 23:00 in Shanghai: 20,777 days after the epoch, at 15:00 UTC.
    fn on_the_last_day(lines: &[(i64, crate::units::Role, &str)]) -> Facts {
        let mut facts = said(lines);
        let timestamp_us = (20_777 * 86_400 + 15 * 3_600) * 1_000_000;
        facts.call.metadata.started_at = Some(StartedAt { timestamp_us, utc_offset_min: 480 });
        facts
    }

    /// What excuses each finding, `-` for those that nothing does.
    fn excused(rule: &Rule, scripts: &[Script], facts: &Facts) -> Vec<String> {
        let ruleset = compile_with(std::slice::from_ref(rule), &lists(), scripts).expect("it compiles");
        let findings = ruleset.judge(facts, InForce::Ignore).findings;
        findings.into_iter().map(|finding| finding.excused_by.unwrap_or_else(|| "-".to_owned())).collect()
    }

    #[test]
    fn words_inside_an_approved_text_are_excused() {
        let rule = rule(phrases(&["派人到您家", "派人上门"]));
        let yes: &[&str] = &["script 送协议"];
        let table: Vec<(&str, Facts, &[&str])> = vec![
            ("the text", on_the_last_day(&[(0, Agent, ALLOWED)]), yes),
            ("inside more", on_the_last_day(&[(0, Agent, "您好,我们会派人到您家里送还款协议,请放心")]), yes),
            ("in another writing", on_the_last_day(&[(0, Agent, "我們會派人,到您家里 送還款協議")]), yes),
            ("with hesitations", on_the_last_day(&[(0, Agent, "我们会派,呃,派人到您家里送还款协议")]), yes),
            (
                "over two utterances",
                on_the_last_day(&[(0, Agent, "我们会派人到"), (2, Agent, "您家里送还款协议")]),
                yes,
            ),
            ("only its start", on_the_last_day(&[(0, Agent, "我们会派人到您家里泼油漆")]), &["-"]),
            (
                "broken off by the other",
                on_the_last_day(&[(0, Agent, "我们会派人到您家里"), (9, Customer, "什么"), (11, Agent, "送还款协议")]),
                &["-"],
            ),
            (
                "one of two",
                on_the_last_day(&[(0, Agent, ALLOWED), (20, Agent, "不还就派人上门")]),
                &["script 送协议", "-"],
            ),
            (
                "by the other, alone",
                on_the_last_day(&[(0, Agent, ALLOWED), (9, Customer, "派人上门")]),
                &["script 送协议", "-"],
            ),
        ];
        for (name, facts, expected) in table {
            assert_eq!(excused(&rule, &[script(&[ALLOWED])], &facts), expected, "{name}");
        }
    }

    #[test]
    fn words_that_reach_out_of_a_text_are_not_excused() {
        let facts = on_the_last_day(&[(0, Agent, "我们会派人到您家里送还款协议和律师函")]);
        let pattern =
            |pattern: &str| rule(Kind::Patterns(Patterns { patterns: written(&[pattern]), ..Default::default() }));
        assert_eq!(excused(&pattern("派人.*协议"), &[script(&[ALLOWED])], &facts), ["script 送协议"]);
        assert_eq!(excused(&pattern("派人.*律师函"), &[script(&[ALLOWED])], &facts), ["-"]);
        // Both texts were said, and overlap, but neither holds all of it.
        let parts = ["我们会派人到您家里送还款协议", "还款协议和律师函"];
        assert_eq!(excused(&pattern("派人.*律师函"), &[script(&parts)], &facts), ["-"]);
    }

    #[test]
    fn scripts_are_for_some_rules_calls_and_days() {
        let with = |change: fn(&mut Facts)| {
            let mut facts = on_the_last_day(&[(0, Agent, ALLOWED)]);
            facts.call.metadata.product = Some("card".into());
            change(&mut facts);
            facts
        };
        let of = |change: fn(&mut Script)| {
            let mut script = script(&[ALLOWED]);
            change(&mut script);
            script
        };
        let day_us = 86_400_000_000;
        let later = move |facts: &mut Facts, us: i64| {
            facts.call.metadata.started_at.as_mut().expect("a start").timestamp_us += us;
        };
        let mut after = with(|_| ());
        later(&mut after, 3_600_000_000);
        let mut long_before = with(|_| ());
        later(&mut long_before, -400 * day_us);
        let table = [
            ("the last day", script(&[ALLOWED]), with(|_| ()), true),
            ("local midnight, an hour later", script(&[ALLOWED]), after, false),
            ("any day before", script(&[ALLOWED]), long_before, true),
            ("no day", script(&[ALLOWED]), with(|facts| facts.call.metadata.started_at = None), false),
            ("another rule", of(|script| script.rules = strings(&["test.other"])), with(|_| ()), false),
            ("the product", of(|script| script.products = strings(&["loan", "card"])), with(|_| ()), true),
            ("another product", of(|script| script.products = strings(&["loan"])), with(|_| ()), false),
            (
                "no product",
                of(|script| script.products = strings(&["card"])),
                with(|facts| facts.call.metadata.product = None),
                false,
            ),
            ("other words", of(|script| script.texts = strings(&["您好"])), with(|_| ()), false),
            ("no words", of(|script| script.texts = strings(&["。"])), with(|_| ()), false),
        ];
        for (name, script, facts, expected) in table {
            let got = excused(&rule(phrases(&["派人到您家"])), &[script], &facts);
            assert_eq!(got, [if expected { "script 送协议" } else { "-" }], "{name}");
        }
    }

    #[test]
    fn the_first_script_is_named() {
        let other = Script { name: "其他".into(), texts: strings(&["派人到您家里"]), ..script(&[]) };
        let facts = on_the_last_day(&[(0, Agent, ALLOWED)]);
        let scripts = [script(&["您好"]), other, script(&[ALLOWED])];
        assert_eq!(excused(&rule(phrases(&["派人到您家"])), &scripts, &facts), ["script 其他"]);
    }

    #[test]
    fn approved_words_hide_no_others() {
        let facts = on_the_last_day(&[(0, Agent, ALLOWED), (20, Agent, "不还就派人上门")]);
        let mut once = rule(phrases(&["派人到您家", "派人上门"]));
        once.report.once = true;
        assert_eq!(
            excused(&once, &[script(&[ALLOWED])], &facts),
            ["-"],
            "the one that is reported is the one that counts"
        );
        let looks = vec![look("visit", phrases(&["派人到您家"])), look("other", phrases(&["派人上门"]))];
        let either = rule_of(looks, When::Or(Box::new(When::Name(0)), Box::new(When::Name(1))));
        assert_eq!(
            excused(&either, &[script(&[ALLOWED])], &facts),
            ["-"],
            "of two conditions the one that counts is shown"
        );
        let alone = on_the_last_day(&[(0, Agent, ALLOWED)]);
        for rule in [once, either] {
            assert_eq!(excused(&rule, &[script(&[ALLOWED])], &alone), ["script 送协议"]);
        }
    }

    #[test]
    fn measures_and_absences_are_not_excused() {
        let mut facts = on_the_last_day(&[(0, Agent, ALLOWED)]);
        facts.turns[0].rate = Some(crate::rules::testing::rate(400.0, "chars"));
        let above = Some(crate::rules::model::RateThreshold { chars_per_min: Some(300.0), words_per_min: None });
        let fast = SpeechRate { above, below: None, over_call: false, min_chars_count: 0, min_length_ms: 0 };
        assert_eq!(excused(&rule(Kind::SpeechRate(fast)), &[script(&[ALLOWED])], &facts), ["-"]);
        let missing = rule_of(vec![look("it", phrases(&["您好"]))], When::Not(Box::new(When::Name(0))));
        assert_eq!(excused(&missing, &[script(&[ALLOWED])], &facts), ["-"]);
    }

    #[test]
    fn what_sounds_alike_is_excused_inside_a_text() {
        // The engine wrote 仁 for 人, in the script's text as well.
        let said = "我们会派仁到您家里送还款协议";
        let words = Words { phrases: strings(&["派人到您家"]), sounds_like: true, ..Words::default() };
        let facts = on_the_last_day(&[(0, Agent, said)]);
        assert_eq!(excused(&rule(Kind::Words(words.clone())), &[script(&[ALLOWED])], &facts), ["-"]);
        assert_eq!(excused(&rule(Kind::Words(words)), &[script(&[ALLOWED, said])], &facts), ["script 送协议"]);
    }
}
