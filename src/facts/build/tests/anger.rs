//! What the sound alone tells: anger, and syllables where nobody wrote down the words.

use super::*;
use crate::acoustics::Anger;
use crate::acoustics::anger::Moved;

/// The agent's stretches last 3, 2 and 4 s, the customer's 2 and 3 s; each has five syllables a second.
fn call(angers: &[Option<f32>; 5]) -> Call {
    let agent: &[(i64, i64)] = &[(1_000, 4_000), (4_500, 6_500), (20_000, 24_000)];
    let mut call = Call::heard(40_000, &[agent, &[(7_000, 9_000), (30_000, 33_000)]]);
    let channels = &mut call.sound.as_mut().unwrap().channels;
    let stretches = channels.iter_mut().flat_map(|channel| &mut channel.stretches);
    for (n, (stretch, probability)) in stretches.zip(angers).enumerate() {
        stretch.syllables = stretch.span.length_ms() as f32 / 200.0;
        stretch.anger = probability.map(|probability| anger(probability, ["a", "b", "c", "d", "e"][n]));
    }
    channels[0].anger = Some(anger(0.5, "all"));
    call
}

fn anger(probability: f32, feature: &'static str) -> Anger {
    Anger { probability, log_odds: 0.0, moved_by: [Moved { feature, by: 1.0 }; 3] }
}

fn said(call: Call) -> Call {
    let angry = |mut call: Call| {
        call.transcript.as_mut().unwrap().utterances.iter_mut().for_each(|it| it.emotion = Some("angry".into()));
        call
    };
    angry(
        call.on(0, 1_000, 6_500, "您好")
            .on(1, 7_000, 9_000, "好")
            .on(0, 20_000, 24_000, "再见")
            .on(1, 30_000, 33_000, "嗯"),
    )
}

const ANGERS: [Option<f32>; 5] = [Some(0.2), Some(0.8), Some(0.4), Some(0.1), None];

#[test]
fn anger_is_that_of_the_stretches_against_the_usual() {
    let facts = said(call(&ANGERS)).facts();
    // (3 s x 0.2 + 2 s x 0.8) / 5 s = 0.44; the agent's median by length is 0.4, the customer's 0.1.
    let found: Vec<_> = facts.turns.iter().map(|turn| (turn.anger_acoustic, turn.anger_over_usual)).collect();
    let expected = [(Some(0.44), Some(0.04)), (Some(0.1), Some(0.0)), (Some(0.4), Some(0.0)), (None, None)];
    assert_eq!(found, expected);
    assert_eq!(facts.turns[0].anger_features, ["a", "a", "a"]);
    assert!(facts.turns[3].anger_features.is_empty());
    assert_eq!((facts.call.agent.anger, facts.call.customer.anger), (Some(0.5), None));
    assert_eq!(facts.stretches.iter().filter(|it| it.anger.is_some()).count(), 4);
}

#[test]
fn no_emotion_is_inferred_of_a_role_for_which_it_is_off() {
    let mut switched = said(call(&ANGERS));
    switched.emotion_off = vec![Role::Agent];
    let facts = switched.facts();
    for turn in &facts.turns {
        let is_agent = turn.role == Role::Agent;
        assert_eq!(turn.anger_engine.is_none() && turn.engine_emotion.is_none(), is_agent, "{:?}", turn.role);
        assert!(!is_agent || (turn.anger_acoustic, turn.anger_over_usual) == (None, None));
        assert!(!is_agent || turn.anger_features.is_empty());
    }
    assert_eq!(facts.turns[1].anger_acoustic, Some(0.1));
    assert_eq!(facts.call.agent.anger, None);
    let by_role: Vec<_> = facts.stretches.iter().map(|it| (it.role, it.anger.is_some())).collect();
    assert!(!by_role.contains(&(Role::Agent, true)) && by_role.contains(&(Role::Customer, true)), "{by_role:?}");
    assert_eq!(facts.call.emotion_off, [Role::Agent]);
}

#[test]
fn a_voice_of_nobody_known_may_be_the_one_for_which_it_is_off() {
    let mut one = Call::heard(10_000, &[&[(1_000, 4_000)]]).on(0, 1_000, 4_000, "好");
    one.sound.as_mut().unwrap().channels[0].stretches[0].anger = Some(anger(0.9, "a"));
    assert_eq!(one.facts().turns[0].anger_acoustic, Some(0.9));
    one.emotion_off = vec![Role::Agent];
    let facts = one.facts();
    assert_eq!((facts.turns[0].anger_acoustic, facts.stretches[0].anger), (None, None));
}

#[test]
fn syllables_stand_in_for_words_that_nobody_wrote_down() {
    // 45 syllables in 9 s of speech, in 9.5 s with the pause under 2 s, in a call of 40 s.
    let facts = call(&ANGERS).facts();
    assert_eq!(rate(facts.call.agent.rate.as_ref()), Some((300.0, 284.2, Some(67.5))));
    let measured = facts.call.agent.rate.unwrap();
    assert_eq!((measured.counts.as_str(), measured.method.as_str()), ("syllables", "nuclei-3"));
    // 15 and 10 of the stretches within the first utterance; with words, rates count those.
    let facts = said(call(&ANGERS)).facts();
    assert_eq!(facts.turns[0].syllables, Some(25));
    assert_eq!(facts.call.agent.rate.unwrap().counts, "chars");
}
