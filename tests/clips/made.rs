//! Datasets made up for a test: calls with the recordings, names and findings that it is about.

use super::sound::decoded;
use callsift::dataset::{Batch, Dataset};
use callsift::facts::{CallFacts, Facts, SoundFacts, StretchFacts};
use callsift::finding::{Finding, Judgement, Severity};
use callsift::recording::{Metadata, StartedAt};
use callsift::score::{Score, Verdict};
use callsift::tables::{Judged, Row};
use callsift::units::{Role, Span};
use std::path::Path;

/// A call that started on 20 November 2026 at 22:30 in a zone 8 hours ahead, whose recording is called `name` and is `file`; nothing was found in it.
pub(crate) fn call(call_id: &str, name: &str, file: &Path) -> Row {
    let (identity, (rate_hz, channels)) =
        (callsift::audio::decode::identify(file).expect("a recording"), decoded(file));
    let frames = channels[0].len() as i64;
    let started_at = StartedAt { timestamp_us: 1_795_185_000_000_000, utc_offset_min: 480 };
    let call = CallFacts {
        recording: Some(name.into()),
        file_sha256: Some(identity.sha256),
        file_bytes: Some(identity.bytes as i64),
        metadata: Metadata {
            started_at: Some(started_at),
            agent_id: Some("agent-1".into()),
            team: Some("team-1".into()),
            ..Metadata::default()
        },
        sound: Some(SoundFacts {
            decoder: "callsift".into(),
            codec: "made-up".into(),
            rate_hz: rate_hz as i32,
            analysis_rate_hz: 8_000,
            channels: channels.len() as i32,
            duration_ms: frames * 1_000 / i64::from(rate_hz),
            warnings: vec![],
        }),
        ..CallFacts::blank(call_id)
    };
    let stretches =
        if channels.len() == 2 { vec![stretch(0, Role::Agent), stretch(1, Role::Customer)] } else { vec![] };
    Row { facts: Facts { call, turns: vec![], stretches, entities: vec![] }, judged: Some(judged()) }
}

/// The call, with something found from `start_ms` to `end_ms`.
pub(crate) fn found(mut call: Row, finding: Finding) -> Row {
    call.judged.as_mut().expect("a judged call").judgement.findings.push(finding);
    call
}

/// Something that the agent did.
pub(crate) fn finding(finding_id: &str, severity: Severity, start_ms: i64, end_ms: i64) -> Finding {
    Finding {
        finding_id: finding_id.into(),
        revision: 3,
        category: "恐吓".into(),
        look_for: "threat".into(),
        role: Some(Role::Agent),
        start_ms: Some(start_ms),
        end_ms: Some(end_ms),
        quote: "堵门".into(),
        points: 5.0,
        message: "威胁".into(),
        advice: "不要".into(),
        source: "ours".into(),
        ..Finding::blank("p.threat", severity)
    }
}

/// Writes the dataset of these calls, which are of one day.
pub(crate) fn dataset(at: &Path, calls: &[Row]) {
    let dataset = Dataset::open(at, "20261120T120000000000Z-1").expect("a dataset");
    let stamps = vec![0; calls.len()];
    dataset.commit(&Batch { rows: calls, stamps: &stamps, force: false }).expect("committed");
}

fn stretch(channel: i32, role: Role) -> StretchFacts {
    StretchFacts {
        channel,
        role,
        span: Span::new(0, 100),
        loudness_dbfs: -26.0,
        pitch_hz: None,
        syllables: None,
        anger: None,
    }
}

fn judged() -> Judged {
    let score = Score {
        score: Some(90.0),
        grade: Some("A".into()),
        verdict: Verdict::Pass,
        not_judged_because: String::new(),
        coverage: Some(1.0),
        fatal: false,
        pending: false,
        scorecard: "made-up".into(),
        items: vec![],
    };
    Judged {
        judgement: Judgement::default(),
        score,
        ruleset_hash: "h1".into(),
        in_force_mode: "own-day".into(),
        tool_version: "0.1.0".into(),
    }
}
