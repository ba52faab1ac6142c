//! A batch of calls as facts: sentences in the manner of bank and collections calls, drawn from a seed.

use super::draw::Draw;
use super::sentences::sentence;
use callsift::facts::{
    CallFacts, CallOutcome, Facts, Interruption, RateFacts, Silence, SoundFacts, SpeakerFacts, StretchFacts, TurnFacts,
    TurnWord,
};
use callsift::recording::{Metadata, StartedAt};
use callsift::units::{Role, Span};
use std::collections::BTreeMap;

/// Utterances of a call.
pub(crate) const TURNS: usize = 25;

/// Length of a call.
const CALL_MS: i64 = 180_000;

/// Stretches of speech of a call.
const STRETCHES: usize = 60;

/// 2026-11-20T01:00:00Z, which is 09:00 in Shanghai.
const MORNING_US: i64 = 1_795_136_400_000_000;

/// `count` calls of [`TURNS`] utterances; every other sentence is one of `real`, where there are any.
pub(crate) fn calls(count: usize, with_word_times: bool, real: &[String]) -> Vec<Facts> {
    let mut draw = Draw(7);
    (0..count).map(|index| call(index, with_word_times, real, &mut draw)).collect()
}

/// The call of that number.
pub(crate) fn call(index: usize, with_word_times: bool, real: &[String], draw: &mut Draw) -> Facts {
    let turns: Vec<TurnFacts> = (0..TURNS)
        .map(|turn| {
            let text = sentence(turn, real, draw);
            self::turn(turn, text, with_word_times, draw)
        })
        .collect();
    let stretches = (0..STRETCHES).map(|at| stretch(at, draw)).collect();
    Facts { call: call_facts(index, with_word_times, draw), turns, stretches, entities: vec![] }
}

fn turn(turn: usize, text: String, with_word_times: bool, draw: &mut Draw) -> TurnFacts {
    let chars = text.chars().filter(|c| c.is_alphanumeric()).count() as i32;
    let start_ms = turn as i64 * (CALL_MS / TURNS as i64) + draw.below(900) as i64;
    let span = Span::new(start_ms, start_ms + i64::from(chars) * 230 + draw.below(400) as i64);
    let per_min = |ms: i64| (f64::from(chars) * 600_000.0 / ms.max(1) as f64).round() as f32 / 10.0;
    TurnFacts {
        turn: turn as i32,
        turn_group: turn as i32,
        role: side(turn),
        agent_id: None,
        channel: Some((turn % 2) as i32),
        span,
        times_estimated: false,
        suspect: vec![],
        words: if with_word_times { words(&text, span) } else { vec![] },
        text,
        language: Some("zh".into()),
        chars,
        words_n: 0,
        syllables: None,
        rate: Some(RateFacts {
            articulation_per_min: per_min(span.length_ms()),
            turn_per_min: per_min(span.length_ms() + 150),
            elapsed_per_min: None,
            counts: "chars".into(),
            method: "text-1".into(),
        }),
        loudness_dbfs: Some(draw.tenths(-30, -18)),
        loudness_over_usual_db: Some(draw.tenths(-4, 5)),
        pitch_hz: Some(draw.tenths(110, 260)),
        anger_acoustic: None,
        anger_over_usual: None,
        anger_features: vec![],
        anger_engine: None,
        engine_emotion: None,
        engine_event: None,
        confidence: Some(draw.below(300) as f32 / 1_000.0 + 0.7),
        vendor_measures: None,
        overlap_ms: Some(0),
        gap_before_ms: Some(draw.below(900) as i64),
    }
}

fn side(turn: usize) -> Role {
    if turn.is_multiple_of(2) { Role::Agent } else { Role::Customer }
}

/// Words of two characters.
fn words(text: &str, span: Span) -> Vec<TurnWord> {
    let count = text.chars().count() as i64;
    let at = |char: i64| span.start_ms + span.length_ms() * char / count;
    let word = |start: i64| TurnWord {
        char_start: start as i32,
        char_end: (start + 2).min(count) as i32,
        start_ms: at(start),
        end_ms: at((start + 2).min(count)),
        estimated: false,
    };
    (0..count).step_by(2).map(word).collect()
}

fn stretch(at: usize, draw: &mut Draw) -> StretchFacts {
    let start_ms = at as i64 * (CALL_MS / STRETCHES as i64) + 10 * draw.below(90) as i64;
    StretchFacts {
        channel: (at % 2) as i32,
        role: side(at),
        span: Span::new(start_ms, start_ms + 300 + 10 * draw.below(170) as i64),
        loudness_dbfs: draw.tenths(-30, -18),
        pitch_hz: Some(draw.tenths(110, 260)),
        syllables: None,
        anger: None,
    }
}

fn call_facts(index: usize, with_word_times: bool, draw: &mut Draw) -> CallFacts {
    CallFacts {
        recording: Some(format!("2026-11-20/call-{index:06}.wav")),
        file_sha256: Some(draw.hex()),
        file_bytes: Some(2_880_044 + draw.below(90_000) as i64),
        transcript_sha256: Some(draw.hex()),
        metadata_sha256: draw.hex(),
        settings_hash: "0123456789abcdef".into(),
        metadata: metadata(index, draw),
        sound: Some(SoundFacts {
            decoder: "symphonia".into(),
            codec: "pcm_alaw".into(),
            rate_hz: 8_000,
            analysis_rate_hz: 8_000,
            channels: 2,
            duration_ms: CALL_MS + draw.below(900) as i64,
            warnings: vec![],
        }),
        language: Some("zh".into()),
        language_from: Some("manifest".into()),
        roles_from: Some("channels".into()),
        has_transcript: true,
        engine: Some("saved".into()),
        engine_confidence: Some(draw.below(300) as f32 / 1_000.0 + 0.7),
        has_word_times: with_word_times,
        overlap_measurable: true,
        outcome: Some(CallOutcome::Conversation),
        eligible: true,
        agent: speaker(draw),
        customer: speaker(draw),
        silences: silences(draw),
        interruptions: interruptions(draw),
        overlap_ms: Some(draw.below(2_000) as i64),
        ..CallFacts::blank(format!("2026-11-20/call-{index:06}.wav"))
    }
}

fn metadata(index: usize, draw: &mut Draw) -> Metadata {
    let text = |value: &str| Some(value.to_owned());
    Metadata {
        started_at: Some(StartedAt {
            timestamp_us: MORNING_US + draw.below(9 * 3_600) as i64 * 1_000_000,
            utc_offset_min: 480,
        }),
        agent_id: Some(format!("agent-{:03}", index / 9)),
        team: Some(format!("team-{}", index / 40)),
        customer_id: Some(format!("customer-{:07}", draw.below(10_000_000))),
        callee_role: text(draw.of(&["debtor", "debtor", "debtor", "related_third"])),
        customer_zone: text("Asia/Shanghai"),
        queue: text(draw.of(&["M1", "M2", "service"])),
        product: text(draw.of(&["card", "loan"])),
        stage: text("pre_litigation"),
        direction: text("outbound"),
        ended_by: text(draw.of(&["agent", "customer"])),
        language: text("zh"),
        extra: BTreeMap::from([
            ("branch".to_owned(), format!("branch-{}", draw.below(40))),
            ("due_amount".to_owned(), draw.below(20_000).to_string()),
        ]),
    }
}

fn speaker(draw: &mut Draw) -> SpeakerFacts {
    SpeakerFacts {
        talk_ms: Some(60_000 + draw.below(30_000) as i64),
        talk_share: Some(draw.below(1_000) as f32 / 1_000.0),
        rate: Some(RateFacts {
            articulation_per_min: draw.tenths(200, 290),
            turn_per_min: draw.tenths(180, 250),
            elapsed_per_min: Some(draw.tenths(80, 140)),
            counts: "chars".into(),
            method: "text-1".into(),
        }),
        loudness_dbfs: Some(draw.tenths(-26, -22)),
        loudness_range_db: Some(draw.tenths(4, 12)),
        pitch_hz: Some(draw.tenths(120, 240)),
        pitch_low_hz: Some(draw.tenths(90, 120)),
        pitch_high_hz: Some(draw.tenths(240, 300)),
        anger: None,
    }
}

fn silences(draw: &mut Draw) -> Vec<Silence> {
    let silence = |draw: &mut Draw| {
        let start_ms = 10 * draw.below(17_000) as i64;
        Silence { span: Span::new(start_ms, start_ms + 3_000 + 10 * draw.below(300) as i64), of: side(draw.below(2)) }
    };
    (0..draw.below(3)).map(|_| silence(draw)).collect()
}

fn interruptions(draw: &mut Draw) -> Vec<Interruption> {
    let interruption = |draw: &mut Draw| {
        let start_ms = 10 * draw.below(17_000) as i64;
        Interruption {
            by: side(draw.below(2)),
            span: Span::new(start_ms, start_ms + 300 + 10 * draw.below(70) as i64),
            into_turn_ms: 500 + draw.below(4_000) as i64,
            yielded: draw.below(2) == 0,
            backchannel: draw.below(2) == 0,
        }
    };
    (0..draw.below(4)).map(|_| interruption(draw)).collect()
}
