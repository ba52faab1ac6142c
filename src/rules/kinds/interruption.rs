//! `interruption`: one cuts the other off.

use super::super::answer::{Answer, Hit, seconds};
use super::super::heard::Heard;
use super::super::model::InterruptionBy;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is};
use crate::facts::Interruption;
use crate::finding::Reason;

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, look: &InterruptionBy) -> Answer {
    let call = &heard.facts.call;
    if call.sound.is_none() {
        return Answer::unknown(Reason::NoAudio, "overlap is measured in the sound, and there is none");
    }
    if !call.overlap_measurable {
        return Answer::unknown(Reason::OneChannel, "both sides share a channel, so who speaks over whom is not known");
    }
    let by = look.by.or(speakers);
    let (mut hits, mut spots) = (Vec::new(), 0);
    for interruption in call.interruptions.iter().filter(|interruption| is_meant(look, interruption)) {
        match is(by, interruption.by) {
            Is::Wanted => {
                let (value, threshold) = (seconds(interruption.span.length_ms()), seconds(look.overlap_above_ms));
                let hit = Hit::measure(Some(value), Some(threshold), Some("s"));
                hits.push(heard.in_sound(hit, interruption.span, interruption.by));
            }
            Is::Unknown => spots += 1,
            Is::Other => {}
        }
    }
    Answer::of(hits, spots, || no_roles(by))
}

fn is_meant(look: &InterruptionBy, interruption: &Interruption) -> bool {
    let overlap_ms = interruption.span.length_ms();
    let yields = look
        .yields_within_ms
        .is_none_or(|within_ms| interruption.yielded && overlap_ms.saturating_sub(look.overlap_above_ms) <= within_ms);
    !interruption.backchannel
        && overlap_ms > look.overlap_above_ms
        && interruption.into_turn_ms > look.into_turn_above_ms
        && yields
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{InterruptionBy, Kind};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::interruption;
    use super::super::super::testing::{judge, outcome, rule, said};
    use crate::facts::Interruption;
    use crate::units::Role::{self, Agent, Customer};

    fn cuts(by: Option<Role>, yields_within_ms: Option<i64>) -> Kind {
        Kind::Interruption(InterruptionBy {
            by: Speakers::of(by),
            overlap_above_ms: 1_500,
            into_turn_above_ms: 1_000,
            yields_within_ms,
        })
    }

    #[test]
    fn interruptions_are_found() {
        let long = || interruption(5, 2_000, Agent);
        let table: Vec<(&str, Kind, Interruption, &str)> = vec![
            ("long", cuts(None, None), long(), "1 findings"),
            ("at the limit", cuts(None, None), interruption(5, 1_500, Agent), "silent"),
            ("by the agent", cuts(Some(Agent), None), long(), "1 findings"),
            ("by the other", cuts(Some(Customer), None), long(), "silent"),
            ("by nobody known", cuts(Some(Agent), None), Interruption { by: Role::Unknown, ..long() }, "no_roles"),
            ("at once", cuts(None, None), Interruption { into_turn_ms: 1_000, ..long() }, "silent"),
            ("a backchannel", cuts(None, None), Interruption { backchannel: true, ..long() }, "silent"),
            ("yields in time", cuts(None, Some(500)), long(), "1 findings"),
            ("yields late", cuts(None, Some(499)), long(), "silent"),
            ("never yields", cuts(None, Some(500)), Interruption { yielded: false, ..long() }, "silent"),
        ];
        for (name, kind, interruption, expected) in table {
            let mut facts = said(&[]);
            facts.call.interruptions = vec![interruption];
            assert_eq!(outcome(&rule(kind), &facts), expected, "{name}");
        }
    }

    #[test]
    fn overlap_needs_sound_on_two_channels() {
        let mut facts = said(&[(4, Customer, "我在说话呢你听我说"), (5, Agent, "你先听我说完好不好")]);
        facts.call.interruptions = vec![interruption(5, 2_000, Agent)];
        let finding = judge(&rule(cuts(None, None)), &facts).findings.remove(0);
        assert_eq!((finding.quote.as_str(), finding.value), ("你先听我说完好不好", Some(2.0)));
        facts.call.overlap_measurable = false;
        assert_eq!(outcome(&rule(cuts(None, None)), &facts), "one_channel");
        facts.call.sound = None;
        assert_eq!(outcome(&rule(cuts(None, None)), &facts), "no_audio");
    }
}
