//! Calls of which rules find much to say.

use super::throws::Throws;
use callsift::facts::{
    CallError, CallFacts, CallOutcome, EntityFacts, Facts, Interruption, PriorCall, RateFacts, Silence, SoundFacts,
    SpeakerFacts, Status, StretchFacts, TurnFacts, TurnWord,
};
use callsift::recording::{Metadata, StartedAt};
use callsift::units::{Role, Span};

/// What is said: words that rules look for, words around them, and marks.
const SAID: [&str; 24] = [
    "您好",
    "派人",
    "上门",
    "到你家",
    "不会",
    "不",
    "没有",
    "您说",
    "还款",
    "公司",
    "工号",
    "再见",
    "请稍等",
    "滚",
    "他妈的",
    "App",
    "vip3",
    ",",
    "。",
    "?",
    " ",
    "█",
    "嗯",
    "今天",
];

/// A call named `call_id`.
pub(crate) fn call(throws: &mut Throws, call_id: &str) -> Facts {
    let call = call_facts(throws, call_id);
    let (mut turns, mut start_ms, mut group) = (Vec::new(), 0, 0);
    for turn in 0..throws.below(10) as i32 {
        start_ms += throws.between(0, 6_000);
        group += i32::from(throws.yes());
        turns.push(utterance(throws, turn, group, start_ms));
    }
    let stretches = throws.some(4, stretch);
    let entities = throws.some(2, entity);
    Facts { call, turns, stretches, entities }
}

fn call_facts(throws: &mut Throws, call_id: &str) -> CallFacts {
    CallFacts {
        recording: Some("a.wav".into()),
        file_sha256: Some("00ff".into()),
        file_bytes: Some(44),
        metadata_sha256: "aa".into(),
        settings_hash: "bb".into(),
        status: if throws.seldom(8) { throws.one_of(&Status::ALL) } else { Status::Ok },
        error: throws.seldom(4).then(|| error(throws)),
        metadata: metadata(throws),
        prior_calls: throws.some(2, prior_call),
        sound: (!throws.seldom(4)).then(|| sound(throws)),
        sanity_flags: throws.texts(&["silent"], 1),
        language: throws.one_of(&[Some("zh-CN"), Some("zh"), Some("en"), None]).map(str::to_owned),
        has_transcript: !throws.seldom(6),
        has_word_times: throws.yes(),
        overlap_measurable: throws.yes(),
        outcome: Some(throws.one_of(&CallOutcome::ALL)),
        eligible: !throws.seldom(6),
        agent: speaker(throws),
        customer: speaker(throws),
        silences: throws.some(3, |throws| Silence { span: throws.span(), of: throws.role() }),
        interruptions: throws.some(3, interruption),
        overlap_ms: throws.maybe(|throws| throws.between(0, 9_000)),
        emotion_off: if throws.seldom(4) { vec![throws.role()] } else { vec![] },
        ..CallFacts::blank(call_id)
    }
}

fn error(throws: &mut Throws) -> CallError {
    CallError {
        stage: "decode".into(),
        code: throws.one_of(&["truncated", "odd"]).to_owned(),
        message: "the file ends early".into(),
        retryable: throws.yes(),
    }
}

fn metadata(throws: &mut Throws) -> Metadata {
    let mut text = |all: &[&str]| throws.maybe(|throws| throws.one_of(all).to_owned());
    let (agent_id, stage) = (text(&["A1", "A2"]), text(&["M1", "M2"]));
    let (queue, agreed) = (text(&["early", "late"]), text(&["yes", "no"]));
    let (product, team) = (text(&["card", "loan"]), text(&["north", "south"]));
    Metadata {
        started_at: throws.maybe(|throws| StartedAt {
            timestamp_us: 1_795_140_000_000_000 + throws.between(0, 200_000) * 1_000_000,
            utc_offset_min: 480,
        }),
        agent_id,
        team,
        stage,
        queue,
        product,
        extra: agreed.into_iter().map(|value| ("agreed".to_owned(), value)).collect(),
        ..Metadata::default()
    }
}

fn prior_call(throws: &mut Throws) -> PriorCall {
    PriorCall {
        started_at_us: throws.between(0, 9),
        answered: Some(true),
        callee_role: Some("debtor".to_owned()),
        same_number: Some(throws.between(0, 1) == 1),
        ..PriorCall::default()
    }
}

fn sound(throws: &mut Throws) -> SoundFacts {
    SoundFacts {
        decoder: "symphonia".into(),
        codec: "pcm_alaw".into(),
        rate_hz: 8_000,
        analysis_rate_hz: 8_000,
        channels: 2,
        duration_ms: throws.between(0, 80_000),
        warnings: throws.texts(&["odd_length"], 1),
    }
}

fn speaker(throws: &mut Throws) -> SpeakerFacts {
    SpeakerFacts {
        talk_ms: throws.maybe(|throws| throws.between(0, 60_000)),
        rate: throws.maybe(rate),
        loudness_dbfs: throws.maybe(|throws| throws.tenths(-30, -10)),
        ..SpeakerFacts::default()
    }
}

fn rate(throws: &mut Throws) -> RateFacts {
    RateFacts {
        articulation_per_min: throws.tenths(50, 500),
        turn_per_min: throws.tenths(50, 500),
        elapsed_per_min: throws.maybe(|throws| throws.tenths(20, 100)),
        counts: throws.one_of(&["chars", "chars", "words"]).to_owned(),
        method: "text-1".into(),
    }
}

fn interruption(throws: &mut Throws) -> Interruption {
    Interruption {
        by: throws.role(),
        span: throws.span(),
        into_turn_ms: throws.between(0, 5_000),
        yielded: throws.yes(),
        backchannel: throws.seldom(3),
    }
}

fn utterance(throws: &mut Throws, turn: i32, turn_group: i32, start_ms: i64) -> TurnFacts {
    let text: String = throws.some(8, |throws| throws.one_of(&SAID)).concat();
    let span = Span::new(start_ms, start_ms + throws.between(0, 8_000));
    TurnFacts {
        turn,
        turn_group,
        role: if turn_group % 2 == 0 { Role::Agent } else { throws.role() },
        agent_id: None,
        channel: throws.maybe(|throws| throws.below(2) as i32),
        span,
        times_estimated: throws.yes(),
        suspect: throws.texts(&["loop", "no_speech"], 1),
        words: if throws.yes() { words(&text, span, throws) } else { vec![] },
        language: throws.maybe(|_| "zh".to_owned()),
        chars: text.chars().count() as i32,
        text,
        words_n: throws.below(9) as i32,
        syllables: None,
        rate: throws.maybe(rate),
        loudness_dbfs: throws.maybe(|throws| throws.tenths(-30, -10)),
        loudness_over_usual_db: throws.maybe(|throws| throws.tenths(-5, 15)),
        pitch_hz: throws.maybe(|throws| throws.tenths(90, 300)),
        anger_acoustic: throws.maybe(|throws| throws.tenths(0, 1)),
        anger_over_usual: throws.maybe(|throws| throws.tenths(0, 1)),
        anger_features: throws.texts(&["pitch"], 2),
        anger_engine: throws.maybe(|throws| throws.tenths(0, 1)),
        engine_emotion: throws.maybe(|_| "angry".to_owned()),
        engine_event: None,
        confidence: throws.maybe(|throws| throws.tenths(0, 1)),
        vendor_measures: throws.maybe(|_| r#"{"speed":3}"#.to_owned()),
        overlap_ms: throws.maybe(|throws| throws.between(0, 500)),
        gap_before_ms: throws.maybe(|throws| throws.between(-500, 500)),
    }
}

fn words(text: &str, span: Span, throws: &mut Throws) -> Vec<TurnWord> {
    let count = text.chars().count() as i32;
    let word = |at: i32| TurnWord {
        char_start: at,
        char_end: at + 1,
        start_ms: span.start_ms + i64::from(at) * 100,
        end_ms: span.start_ms + i64::from(at) * 100 + 90,
        estimated: false,
    };
    (0..count).filter(|_| !throws.seldom(5)).map(word).collect()
}

fn stretch(throws: &mut Throws) -> StretchFacts {
    StretchFacts {
        channel: throws.below(2) as i32,
        role: throws.role(),
        span: throws.span(),
        loudness_dbfs: throws.tenths(-30, -5),
        pitch_hz: throws.maybe(|throws| throws.tenths(90, 300)),
        syllables: None,
        anger: None,
    }
}

fn entity(throws: &mut Throws) -> EntityFacts {
    EntityFacts {
        entity: 0,
        turn: throws.below(5) as i32,
        role: throws.role(),
        kind: throws.one_of(&["phone", "money", "promise"]).to_owned(),
        char_start: 0,
        char_end: 2,
        span: throws.span(),
        value: throws.one_of(&["██", "3500", "20"]).to_owned(),
        unit: None,
        confidence: throws.maybe(|throws| throws.tenths(0, 1)),
        complete: throws.maybe(Throws::yes),
        equals_manifest: None,
        same_as_customer: throws.maybe(Throws::yes),
        due: None,
    }
}
