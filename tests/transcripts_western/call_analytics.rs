//! What Call Analytics measured of a call, held against what we measure of the same transcript.

use super::common::corpus;
use super::common::{Row, callsift, rows, stderr, voice, wav, write};
use callsift::transcript::import::read;
use callsift::transcript::{Speaker, Transcript, Utterance};
use callsift::units::Role;
use serde_json::Value;

/// Words no further apart are one sound, s.
const JOINED_S: f64 = 0.1;

/// A pause of this length ends a turn, ms.
const TURN_PAUSE_MS: i64 = 2_000;

/// Figures of the sample, theirs first; ours of the transcript alone, and with sound where its words stand.
///
/// | | theirs | alone | with sound |
/// | --- | --- | --- | --- |
/// | agent's talk, ms | 104,349 | 114,740 (+10.0 %) | 93,820 (-10.1 %) |
/// | customer's talk, ms | 63,790 | 64,211 (+0.7 %) | 53,300 (-16.4 %) |
/// | silences of 3 s | 0 | 0 | 0 |
/// | interruptions | 2 | not measurable | 3 |
/// | agent's words a minute: turns, speech | 193 | 168.9 (-12.5 %), 196.8 (+2.0 %) | 168.9, 190.5 (-1.3 %) |
/// | customer's words a minute: turns, speech | 135 | 129.9 (-3.8 %), 160.7 (+19 %) | 129.9, 158.1 (+17 %) |
///
/// Theirs is neither the time of whole turns nor that of speech, but lies between: pauses of 2 s and more are out of it, shorter
/// ones in. Of turns cut at such pauses the talk is 99,660 and 60,831 ms (-4.5 %, -4.6 %), the rates are 194.5 and 137.1 words a
/// minute (+0.8 %, +1.6 %). The agent pauses for 22.6 s inside turns, up to 4.4 s while the customer takes a turn; the customer
/// hardly does, so only the agent's figures of whole turns are far from theirs.
///
/// Of their interruptions one is over a pause of 3.4 s inside the customer's turn, and one begins when the customer goes on
/// after a pause: turns overlap there, speech did not begin before. Ours are 320 to 720 ms of speech over speech.
#[test]
fn measures_are_those_of_call_analytics_or_differ_for_a_reason() {
    let Some(folder) = corpus("engine-json") else { return };
    let bytes = std::fs::read(folder.join("aws-call-analytics.json")).expect("read");
    let said = read(&bytes).expect("a transcript");
    let theirs: Value = serde_json::from_str(said.vendor_measures.as_deref().expect("measures")).expect("JSON");
    let [heard, alone] = measured(&bytes, &said);
    for (role, name) in [(Role::Agent, "agent"), (Role::Customer, "customer")] {
        let of_role = |what: &str, key: &str| {
            let place = format!("/{what}/DetailsByParticipant/{}/{key}", name.to_uppercase());
            theirs.pointer(&place).and_then(Value::as_f64).expect("a number")
        };
        let (talk_ms, per_min) =
            (of_role("TalkTime", "TotalTimeMillis"), of_role("TalkSpeed", "AverageWordsPerMinute"));
        let own = |call: &Row, what: &str| number(call, &format!("{name}_{what}"));
        let (words, cut_ms) = cut(&said, role);
        assert!(own(&heard, "talk_ms") < talk_ms && talk_ms < own(&alone, "talk_ms"), "{name}: {talk_ms} ms");
        near(&format!("{name}'s talk in turns without long pauses"), cut_ms, talk_ms, 0.05);
        near(&format!("{name}'s rate in turns without long pauses"), words * 60_000.0 / cut_ms, per_min, 0.02);
        for call in [&alone, &heard] {
            let (turns, speech) = (own(call, "turn_per_min"), own(call, "articulation_per_min"));
            assert!(turns < per_min && per_min < 1.02 * speech, "{name}: {turns}, {per_min}, {speech}");
        }
    }
    near("customer's talk", number(&alone, "customer_talk_ms"), 63_790.0, 0.02);
    near("agent's rate", number(&heard, "agent_articulation_per_min"), 193.0, 0.05);
    near("customer's rate", number(&alone, "customer_turn_per_min"), 135.0, 0.05);
    let quiet_ms = theirs.pointer("/NonTalkTime/TotalTimeMillis").and_then(Value::as_i64);
    assert_eq!((quiet_ms, &*heard["silences"], &*alone["silences"]), (Some(0), "[]", "[]"));
    interruptions(&theirs, &said, &heard);
}

fn near(what: &str, ours: f64, theirs: f64, share: f64) {
    assert!((ours - theirs).abs() <= share * theirs, "{what}: {ours}, theirs {theirs}");
}

fn number(call: &Row, column: &str) -> f64 {
    call[column].parse().unwrap_or_else(|error| panic!("{column}: {error}"))
}

/// What we measure with sound, and of the transcript alone.
fn measured(bytes: &[u8], said: &Transcript) -> [Row; 2] {
    let site = tempfile::tempdir().expect("a temporary folder");
    let input = site.path().join("in");
    write(&input.join("alone.transcript.json"), bytes);
    write(&input.join("heard.transcript.json"), bytes);
    write(&input.join("heard.wav"), sounding(said));
    let output = callsift(site.path(), &["inspect", "in", "--out", "out"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let calls = rows(&site.path().join("out"), "calls");
    let of = |name: &str| calls.iter().find(|call| call["call_id"] == name).expect(name).clone();
    [of("heard.wav"), of("alone.transcript.json")]
}

fn turns(said: &Transcript, role: Role) -> impl Iterator<Item = &Utterance> {
    said.utterances.iter().filter(move |turn| turn.speaker == Speaker::Role(role))
}

/// How many words a side says, and the time of its turns without pauses of 2 s and more, ms.
fn cut(said: &Transcript, role: Role) -> (f64, f64) {
    let mut sums = (0, 0);
    for turn in turns(said, role) {
        let pauses = turn.words.windows(2).map(|pair| pair[1].span.start_ms - pair[0].span.end_ms);
        let long_ms: i64 = pauses.filter(|&pause_ms| pause_ms >= TURN_PAUSE_MS).sum();
        sums = (sums.0 + turn.words.len(), sums.1 + turn.span.length_ms() - long_ms);
    }
    (sums.0 as f64, sums.1 as f64)
}

/// Theirs and ours are as many, but for one; and no speech of the customer ran where the agent comes in by theirs.
fn interruptions(theirs: &Value, said: &Transcript, heard: &Row) {
    let count = theirs.pointer("/Interruptions/TotalCount").and_then(Value::as_u64).expect("a count");
    let ours = heard["interruptions"].matches("by: ").count() as u64;
    assert!(ours.abs_diff(count) <= 1, "{ours}, theirs {count}");
    let of_agent = theirs.pointer("/Interruptions/InterruptionsByInterrupter/AGENT").and_then(Value::as_array);
    for one in of_agent.expect("a list") {
        let start_ms = one["BeginOffsetMillis"].as_i64().expect("a time");
        let mut words = turns(said, Role::Customer).flat_map(|turn| &turn.words);
        assert!(!words.any(|word| word.span.start_ms < start_ms && start_ms < word.span.end_ms), "at {start_ms} ms");
    }
}

/// A recording in which voices sound where the words stand, the agent's on the first channel.
fn sounding(said: &Transcript) -> Vec<u8> {
    let length_s = said.utterances.iter().map(|it| it.span.end_ms).max().unwrap_or_default() as f64 / 1_000.0 + 0.5;
    let of = |role: Role, pitch_hz: f64| {
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for word in turns(said, role).flat_map(|turn| &turn.words) {
            let (start_s, end_s) = (word.span.start_ms as f64 / 1_000.0, word.span.end_ms as f64 / 1_000.0);
            match spans.last_mut().filter(|(_, end)| start_s - *end <= JOINED_S) {
                Some((_, end)) => *end = end_s.max(*end),
                None => spans.push((start_s, end_s)),
            }
        }
        voice(length_s, pitch_hz, &spans)
    };
    wav(8_000, &[of(Role::Agent, 200.0), of(Role::Customer, 120.0)])
}
