//! What a rule cannot say of a call in several languages: a rule of words finds nothing where its language is not spoken, and that
//! is not to say that nothing was said.

use super::answer::{Answer, Blind};
use super::heard::Heard;
use super::kinds::speaker::{Is, is};
use super::kleene::Why;
use super::speakers::Speakers;
use crate::facts::TurnFacts;
use crate::finding::Reason;
use crate::lexicon::matcher::is_same_tongue;
use crate::units::Role;
use std::collections::BTreeSet;

/// From this share of a speaker's time in other languages on, what is not found may have been said in one of them; ours: a greeting
/// or a name in English is far less.
const LEAST_SHARE: f64 = 0.2;

/// How long one side speaks in a language; `None` where nobody can say which.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tongue<'a> {
    role: Role,
    language: Option<&'a str>,
    length_ms: i64,
}

/// What is spoken in `turns`, by role and language.
pub(crate) fn tongues(turns: &[TurnFacts]) -> Vec<Tongue<'_>> {
    let mut tongues: Vec<Tongue<'_>> = Vec::new();
    for turn in turns {
        let (role, language, length_ms) = (turn.role, turn.language.as_deref(), turn.span.length_ms().max(1));
        match tongues.iter_mut().find(|tongue| tongue.role == role && tongue.language == language) {
            Some(tongue) => tongue.length_ms += length_ms,
            None => tongues.push(Tongue { role, language, length_ms }),
        }
    }
    tongues
}

/// `answer` to a condition on words of `speakers`, of a rule for `languages`; unknown beyond its hits where too much of what was searched
/// is in other languages.
pub(crate) fn covered(answer: Answer, heard: &Heard<'_>, speakers: Speakers, languages: &[String]) -> Answer {
    if languages.is_empty() || matches!(answer.blind, Blind::Everywhere(_)) {
        return answer;
    }
    let is_covered = |tag: &str| languages.iter().any(|language| is_same_tongue(language, tag));
    let searched = || heard.tongues.iter().filter(|tongue| is(speakers, tongue.role) != Is::Other);
    let other = |tongue: &&Tongue<'_>| tongue.language.is_some_and(|tag| !is_covered(tag));
    let other_ms: i64 = searched().filter(other).map(|tongue| tongue.length_ms).sum();
    let all_ms: i64 = searched().map(|tongue| tongue.length_ms).sum();
    if other_ms == 0 || (other_ms as f64) < LEAST_SHARE * all_ms as f64 {
        return answer;
    }
    let tags: BTreeSet<&str> = searched().filter(other).filter_map(|tongue| tongue.language).collect();
    let (share, tags) = (100.0 * other_ms as f64 / all_ms as f64, tags.into_iter().collect::<Vec<_>>().join(", "));
    let detail = format!("{share:.0} % of what was searched is in {tags}, which the rule is not written for");
    Answer { blind: Blind::Everywhere(Why::new(Reason::Language, detail)), ..answer }
}

#[cfg(test)]
mod tests {
    use super::super::model::Rule;
    use super::super::model::{LookFor, When};
    use super::super::speakers::Speakers;
    use super::super::testing::{judge, look, outcome, phrases, rule_of, said};
    use crate::facts::Facts;
    use crate::units::Role::{Agent, Customer};

    /// Words of the agent, for Chinese.
    fn rule(absent: bool) -> Rule {
        let looks = vec![LookFor { speakers: Speakers::one(Agent), ..look("it", phrases(&["您好"])) }];
        let name = When::Name(0);
        let when = if absent { When::Not(Box::new(name)) } else { name };
        Rule { languages: vec!["zh".into()], ..rule_of(looks, when) }
    }

    fn call(languages: [&str; 3], text: &str) -> Facts {
        let mut facts = said(&[(0, Agent, text), (10, Agent, "请讲请讲"), (20, Customer, "好的")]);
        for (turn, language) in facts.turns.iter_mut().zip(languages) {
            turn.language = Some(language.into());
        }
        facts
    }

    #[test]
    fn what_may_have_been_said_in_another_language_is_unknown() {
        let table = [
            ("one language", ["zh", "zh-CN", "cmn"], "silent", "1 findings"),
            ("half of it in another", ["zh", "yue", "zh"], "language", "language"),
            ("the other speaker's", ["zh", "zh", "en"], "silent", "1 findings"),
            ("all of it", ["en", "en", "zh"], "language", "language"),
        ];
        for (name, languages, present, absent) in table {
            let facts = call(languages, "喂你在吗");
            assert_eq!(
                (outcome(&rule(false), &facts).as_str(), outcome(&rule(true), &facts).as_str()),
                (present, absent),
                "{name}"
            );
        }
        assert_eq!(
            outcome(&rule(false), &call(["zh", "yue", "zh"], "您好在吗")),
            "1 findings",
            "what is found is found"
        );
        let detail = judge(&rule(false), &call(["zh", "yue", "zh"], "喂你在吗")).not_evaluated.remove(0).detail;
        assert_eq!(detail, "50 % of what was searched is in yue, which the rule is not written for");
    }
}
