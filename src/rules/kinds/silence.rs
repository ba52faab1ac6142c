//! `silence`: long silences, and what excuses them.

use super::super::answer::{Answer, Hit, seconds};
use super::super::heard::Heard;
use super::super::kleene::Why;
use super::super::model::SilenceFor;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is};
use crate::facts::Silence;
use crate::finding::Reason;
use crate::lexicon::matcher::ListIndex;
use crate::units::Role;

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, look: &SilenceFor, excuses: &[ListIndex]) -> Answer {
    let call = &heard.facts.call;
    if call.sound.is_none() {
        return Answer::unknown(Reason::NoAudio, "silences are measured in the sound, and there is none");
    }
    let of = look.of.or(speakers);
    let (mut hits, mut nobodys, mut unread) = (Vec::new(), 0, 0);
    for silence in call.silences.iter().filter(|silence| silence.span.length_ms() > look.longer_than_ms) {
        let whose = is(of, silence.of);
        if whose == Is::Other || is_excused(heard, silence, look, excuses) {
            continue;
        }
        if whose == Is::Unknown {
            nobodys += 1;
        } else if !excuses.is_empty() && !call.has_transcript {
            unread += 1;
        } else {
            let (value, threshold) = (seconds(silence.span.length_ms()), seconds(look.longer_than_ms));
            let hit = Hit::measure(Some(value), Some(threshold), Some("s"));
            hits.push(Hit { role: Some(silence.of), span: Some(silence.span), ..hit });
        }
    }
    Answer::of(hits, nobodys + unread, || match unread {
        0 => no_roles(of),
        _ => Why::new(Reason::NoTranscript, "what was said before the silence is not known"),
    })
}

/// Whether the party that should have spoken asked for it: its last utterance before the silence holds an
/// excuse, and the silence ends while that holds.
fn is_excused(heard: &Heard<'_>, silence: &Silence, look: &SilenceFor, excuses: &[ListIndex]) -> bool {
    let party = Some(silence.of).filter(|role| *role != Role::Unknown);
    let turns = &heard.facts.turns;
    let last = turns
        .iter()
        .filter(|turn| turn.span.start_ms < silence.span.start_ms && party.is_none_or(|role| role == turn.role))
        .max_by_key(|turn| (turn.span.start_ms, turn.turn));
    let Some(turn) = last.filter(|_| !excuses.is_empty()) else {
        return false;
    };
    let still_holds = look.up_to_ms.is_none_or(|up_to_ms| silence.span.end_ms - turn.span.end_ms <= up_to_ms);
    still_holds && says(heard, turn.turn, excuses)
}

/// Whether a word of these lists is said, at least in part, in that utterance.
fn says(heard: &Heard<'_>, turn: i32, lists: &[ListIndex]) -> bool {
    heard.words(lists).iter().any(|(at, found)| {
        let (first, last) = heard.passages[*at].origin(&found.range(), &heard.facts.turns).turns;
        heard.facts.turns[first..=last].iter().any(|other| other.turn == turn)
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Kind, Rule, SilenceFor};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{judge, outcome, rule, said, silence, strings};
    use crate::facts::{Facts, Silence};
    use crate::units::Role::{self, Agent, Customer, Unknown};

    fn long(of: Option<Role>, unless: &[&str], up_to_ms: Option<i64>) -> Rule {
        rule(Kind::Silence(SilenceFor {
            longer_than_ms: 8_000,
            of: Speakers::of(of),
            unless_after_phrases: strings(unless),
            unless_after_lists: Vec::new(),
            up_to_ms,
        }))
    }

    fn with(lines: &[(i64, Role, &str)], silences: &[Silence]) -> Facts {
        let mut facts = said(lines);
        facts.call.silences = silences.to_vec();
        facts
    }

    #[test]
    fn long_silences_are_found() {
        let wait = [(0, Agent, "请稍等一下"), (2, Customer, "好的")];
        let table: Vec<(&str, Rule, Facts, &str)> = vec![
            ("long", long(None, &[], None), with(&[], &[silence(5, 8_001, Unknown)]), "1 findings"),
            ("at the limit", long(None, &[], None), with(&[], &[silence(5, 8_000, Agent)]), "silent"),
            ("of the other", long(Some(Agent), &[], None), with(&[], &[silence(5, 9_000, Customer)]), "silent"),
            ("of nobody known", long(Some(Agent), &[], None), with(&[], &[silence(5, 9_000, Unknown)]), "no_roles"),
            ("none, of nobody known", long(Some(Agent), &[], None), with(&[], &[silence(5, 4_000, Unknown)]), "silent"),
            ("excused", long(Some(Agent), &["请稍等"], None), with(&wait, &[silence(5, 9_000, Agent)]), "silent"),
            (
                "excused while it holds",
                long(Some(Agent), &["请稍等"], Some(13_000)),
                with(&wait, &[silence(5, 9_000, Agent)]),
                "silent",
            ),
            (
                "no longer excused",
                long(Some(Agent), &["请稍等"], Some(12_000)),
                with(&wait, &[silence(5, 9_000, Agent)]),
                "1 findings",
            ),
            (
                "the other's excuse",
                long(Some(Customer), &["请稍等"], None),
                with(&wait, &[silence(5, 9_000, Customer)]),
                "1 findings",
            ),
            (
                "an excuse that came after",
                long(None, &["请稍等"], None),
                with(&[(20, Agent, "请稍等")], &[silence(5, 9_000, Agent)]),
                "1 findings",
            ),
        ];
        for (name, rule, facts, expected) in table {
            assert_eq!(outcome(&rule, &facts), expected, "{name}");
        }
    }

    #[test]
    fn silences_need_sound_and_excuses_a_transcript() {
        let mut facts = with(&[], &[silence(5, 9_000, Agent)]);
        facts.call.has_transcript = false;
        assert_eq!(outcome(&long(None, &["请稍等"], None), &facts), "no_transcript");
        assert_eq!(outcome(&long(None, &[], None), &facts), "1 findings");
        facts.call.sound = None;
        assert_eq!(outcome(&long(None, &[], None), &facts), "no_audio");
    }

    #[test]
    fn a_silence_is_measured_in_seconds() {
        let mut rule = long(None, &[], None);
        rule.report.message = "{it.start} 起静默 {it.value},超过 {it.threshold}".into();
        let finding = judge(&rule, &with(&[], &[silence(65, 9_500, Agent)])).findings.remove(0);
        assert_eq!(finding.message, "1:05 起静默 9.5 秒,超过 8 秒");
        assert_eq!((finding.start_ms, finding.end_ms, finding.turn), (Some(65_000), Some(74_500), None));
    }
}
