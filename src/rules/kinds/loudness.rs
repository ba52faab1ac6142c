//! `loudness`: shouting, against the speaker's own usual.
//!
//! Stretches of sound decide where a side has a channel of its own; elsewhere the utterances'
//! loudness does, since only the transcript knows who speaks.

use super::super::answer::{Answer, Hit, exact};
use super::super::heard::Heard;
use super::super::model::Loudness;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is_person};
use crate::facts::{Facts, StretchFacts};
use crate::finding::Reason;
use crate::units::Role;

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, look: &Loudness) -> Answer {
    let facts = heard.facts;
    let stretches: Vec<(&StretchFacts, f64)> = facts
        .stretches
        .iter()
        .filter(|stretch| is_person(speakers, stretch.role) == Is::Wanted)
        .filter_map(|stretch| Some((stretch, exact(stretch.loudness_dbfs) - usual(facts, stretch.role)?)))
        .collect();
    if stretches.is_empty() {
        return by_turns(heard, speakers, look);
    }
    let loud = |(stretch, over): &&(&StretchFacts, f64)| {
        stretch.span.length_ms() >= look.for_ms && (over * 100.0).round() / 100.0 > look.above_usual_db
    };
    let hit = |(stretch, over): &(&StretchFacts, f64)| heard.in_sound(measure(*over, look), stretch.span, stretch.role);
    Answer::of(stretches.iter().filter(loud).map(hit).collect(), 0, || no_roles(speakers))
}

fn by_turns(heard: &Heard<'_>, speakers: Speakers, look: &Loudness) -> Answer {
    let measured = || heard.facts.turns.iter().filter_map(|turn| Some((turn, exact(turn.loudness_over_usual_db?))));
    let has_sound = heard.facts.call.sound.is_some();
    if measured().all(|(turn, _)| is_person(speakers, turn.role) != Is::Wanted) {
        let is_heard = || speakers.roles().any(|role| heard.has_role(role));
        return match speakers.is_anyone() {
            _ if !has_sound => Answer::unknown(Reason::NoAudio, "loudness is measured in the sound, and there is none"),
            false if is_heard() || !heard.has_role(Role::Unknown) => Answer::default(),
            false => Answer::unknown(Reason::NoRoles, no_roles(speakers).detail),
            true if heard.facts.stretches.is_empty() => Answer::default(),
            true => Answer::unknown(Reason::NoRoles, "both sides share a channel, so nobody's usual loudness is known"),
        };
    }
    let loud = measured().filter(|(turn, over)| turn.span.length_ms() >= look.for_ms && *over > look.above_usual_db);
    let (hits, others): (Vec<_>, Vec<_>) = loud
        .filter(|(turn, _)| is_person(speakers, turn.role) != Is::Other)
        .partition(|(turn, _)| is_person(speakers, turn.role) == Is::Wanted);
    let hits = hits.into_iter().map(|(turn, over)| Heard::in_turn(measure(over, look), turn)).collect();
    Answer::of(hits, others.len(), || no_roles(speakers))
}

fn usual(facts: &Facts, role: Role) -> Option<f64> {
    let side = match role {
        Role::Agent => &facts.call.agent,
        Role::Customer => &facts.call.customer,
        Role::Bot | Role::Third | Role::Unknown => return None,
    };
    side.loudness_dbfs.map(exact)
}

fn measure(over_db: f64, look: &Loudness) -> Hit {
    Hit::measure(Some((over_db * 100.0).round() / 100.0), Some(look.above_usual_db), Some("dB"))
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Kind, LookFor, Loudness, When};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{call, judge, look, outcome, rule_of, said, stretch};
    use crate::facts::Facts;
    use crate::units::Role::{self, Agent, Unknown};

    fn loud(speaker: Option<Role>) -> super::super::super::model::Rule {
        let kind = Kind::Loudness(Loudness { above_usual_db: 6.0, for_ms: 2_000 });
        rule_of(vec![LookFor { speakers: Speakers::of(speaker), ..look("it", kind) }], When::Name(0))
    }

    fn heard(length_ms: i64, role: Role, dbfs: f32) -> Facts {
        let mut facts = call();
        facts.call.agent.loudness_dbfs = Some(-30.0);
        facts.stretches = vec![stretch(1, 5_000, Agent, -30.0), stretch(10, length_ms, role, dbfs)];
        facts
    }

    #[test]
    fn shouting_is_found_in_the_sound() {
        let table: Vec<(&str, Option<Role>, Facts, &str)> = vec![
            ("loud", Some(Agent), heard(2_000, Agent, -23.9), "1 findings"),
            ("at the limit", Some(Agent), heard(2_000, Agent, -24.0), "silent"),
            ("too short", Some(Agent), heard(1_990, Agent, -10.0), "silent"),
            ("anyone", None, heard(2_000, Agent, -10.0), "1 findings"),
            ("the silent side", Some(Role::Customer), heard(2_000, Agent, -10.0), "silent"),
        ];
        for (name, speaker, facts, expected) in table {
            assert_eq!(outcome(&loud(speaker), &facts), expected, "{name}");
        }
    }

    #[test]
    fn one_channel_is_judged_by_its_utterances() {
        let mut facts = said(&[(0, Agent, "一二三四五六七八"), (9, Role::Customer, "好")]);
        facts.stretches = vec![stretch(0, 9_000, Unknown, -20.0)];
        assert_eq!(outcome(&loud(Some(Agent)), &facts), "silent", "known, and nothing of it is loud");
        facts.turns[0].loudness_over_usual_db = Some(7.25);
        let finding = judge(&loud(Some(Agent)), &facts).findings.remove(0);
        assert_eq!((finding.value, finding.turn, finding.unit.as_deref()), (Some(7.25), Some(0), Some("dB")));
        let mut nobody = call();
        nobody.stretches = vec![stretch(0, 9_000, Unknown, -20.0)];
        assert_eq!(outcome(&loud(Some(Agent)), &nobody), "no_roles");
        assert_eq!(outcome(&loud(None), &nobody), "no_roles");
        nobody.call.sound = None;
        assert_eq!(outcome(&loud(None), &nobody), "no_audio");
    }
}
