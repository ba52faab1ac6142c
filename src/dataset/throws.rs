//! Calls with any content, for tests: drawn from a row of numbers, so that a failing one shrinks.

use crate::facts::{
    CallError, CallFacts, CallOutcome, EntityFacts, Facts, Interruption, PriorCall, RateFacts, Silence, SoundFacts,
    SpeakerFacts, Status, StretchFacts, TurnFacts, TurnWord,
};
use crate::finding::{Evaluated, Finding, Judgement, MatchKind, NotEvaluated, Reason, RuleStatus, Severity};
use crate::recording::{Leg, Metadata, Party, StartedAt};
use crate::score::{Score, ScoreItem, Verdict};
use crate::tables::{Judged, Row};
use crate::units::{Role, Span};
use std::sync::Arc;

/// Draws values from numbers; from none left, the plainest.
pub(super) struct Throws(std::vec::IntoIter<u64>);

impl Throws {
    pub(super) fn new(numbers: Vec<u64>) -> Self {
        Self(numbers.into_iter())
    }

    /// A stream that depends on `seed` alone.
    pub(super) fn seeded(seed: u64) -> Self {
        let bytes = |at: u64| blake3::hash(&[seed.to_le_bytes(), at.to_le_bytes()].concat());
        let number = |at| u64::from_le_bytes(bytes(at).as_bytes()[..8].try_into().unwrap());
        Self::new((0..600).map(number).collect())
    }

    fn number(&mut self) -> u64 {
        self.0.next().unwrap_or(0)
    }

    fn yes(&mut self) -> bool {
        self.number() % 2 == 1
    }

    fn i32(&mut self) -> i32 {
        self.number() as i32
    }

    fn i64(&mut self) -> i64 {
        self.number() as i64
    }

    fn f32(&mut self) -> f32 {
        let float = f32::from_bits(self.number() as u32);
        if float.is_finite() { float } else { 0.0 }
    }

    fn f64(&mut self) -> f64 {
        let float = f64::from_bits(self.number());
        if float.is_finite() { float } else { 0.0 }
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 8] = ["", "您好", "a", "█", "\"\\", "\u{0}", "𠮷", "e\u{301}\n"];
        (0..self.number() % 4).map(|_| PIECES[self.number() as usize % PIECES.len()]).collect()
    }

    fn one_of<T: Copy, const N: usize>(&mut self, all: [T; N]) -> T {
        all[self.number() as usize % N]
    }

    fn maybe<T>(&mut self, draw: impl Fn(&mut Self) -> T) -> Option<T> {
        self.yes().then(|| draw(self))
    }

    fn some<T>(&mut self, draw: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.number() % 4).map(|_| draw(self)).collect()
    }

    fn span(&mut self) -> Span {
        Span::new(self.i64(), self.i64())
    }

    fn role(&mut self) -> Role {
        self.one_of(Role::ALL)
    }

    /// A call named `call_id`.
    pub(super) fn row(&mut self, call_id: &str) -> Row {
        let call = self.call(call_id);
        let turns = self.some(Self::turn);
        let stretches = self.some(Self::stretch);
        let entities = self.some(Self::entity);
        Row { facts: Facts { call, turns, stretches, entities }, judged: self.maybe(Self::judged) }
    }

    fn call(&mut self, call_id: &str) -> CallFacts {
        CallFacts {
            call_id: call_id.to_owned(),
            recording: self.maybe(Self::text),
            file_sha256: self.maybe(Self::text),
            file_bytes: self.maybe(Self::i64),
            transcript_sha256: self.maybe(Self::text),
            metadata_sha256: self.text(),
            settings_hash: self.text(),
            facts_version: self.i32(),
            mask_version: self.i32(),
            status: self.one_of(Status::ALL),
            error: self.maybe(Self::error),
            metadata: self.metadata(),
            prior_calls: self.some(Self::prior_call),
            sound: self.maybe(Self::sound),
            sanity_flags: self.some(Self::text),
            language: self.maybe(Self::text),
            language_from: self.maybe(Self::text),
            roles_from: self.maybe(Self::text),
            roles_confidence: self.maybe(Self::f32),
            legs: self.some(Self::leg),
            legs_from: self.maybe(Self::text),
            has_transcript: self.yes(),
            engine: self.maybe(Self::text),
            engine_model: self.maybe(Self::text),
            engine_confidence: self.maybe(Self::f32),
            vendor_measures: self.maybe(Self::text),
            has_word_times: self.yes(),
            overlap_measurable: self.yes(),
            outcome: self.maybe(|throws| throws.one_of(CallOutcome::ALL)),
            eligible: self.yes(),
            agent: self.speaker(),
            customer: self.speaker(),
            silences: self.some(|throws| Silence { span: throws.span(), of: throws.role() }),
            interruptions: self.some(Self::interruption),
            overlap_ms: self.maybe(Self::i64),
            emotion_off: self.some(Self::role),
        }
    }

    fn leg(&mut self) -> Leg {
        Leg {
            start_ms: self.i64(),
            end_ms: self.maybe(Self::i64),
            party: self.one_of(Party::ALL),
            agent_id: self.maybe(Self::text),
            side: self.role(),
        }
    }

    fn error(&mut self) -> CallError {
        CallError { stage: self.text(), code: self.text(), message: self.text(), retryable: self.yes() }
    }

    fn metadata(&mut self) -> Metadata {
        Metadata {
            started_at: self.maybe(Self::started_at),
            agent_id: self.maybe(Self::text),
            team: self.maybe(Self::text),
            customer_id: self.maybe(Self::text),
            callee_role: self.maybe(Self::text),
            customer_zone: self.maybe(Self::text),
            queue: self.maybe(Self::text),
            product: self.maybe(Self::text),
            stage: self.maybe(Self::text),
            direction: self.maybe(Self::text),
            ended_by: self.maybe(Self::text),
            language: self.maybe(Self::text),
            extra: self.some(|throws| (throws.text(), throws.text())).into_iter().collect(),
        }
    }

    fn started_at(&mut self) -> StartedAt {
        StartedAt { timestamp_us: self.i64(), utc_offset_min: self.i32() }
    }

    fn prior_call(&mut self) -> PriorCall {
        PriorCall {
            started_at_us: self.i64(),
            direction: self.maybe(Self::text),
            answered: self.maybe(Self::yes),
            talk_s: self.maybe(Self::f32),
            callee_role: self.maybe(Self::text),
            same_number: self.maybe(Self::yes),
            stop_requested: self.maybe(Self::yes),
        }
    }

    fn sound(&mut self) -> SoundFacts {
        SoundFacts {
            decoder: self.text(),
            codec: self.text(),
            rate_hz: self.i32(),
            analysis_rate_hz: self.i32(),
            channels: self.i32(),
            duration_ms: self.i64(),
            warnings: self.some(Self::text),
        }
    }

    fn speaker(&mut self) -> SpeakerFacts {
        SpeakerFacts {
            talk_ms: self.maybe(Self::i64),
            talk_share: self.maybe(Self::f32),
            rate: self.maybe(Self::rate),
            loudness_dbfs: self.maybe(Self::f32),
            loudness_range_db: self.maybe(Self::f32),
            pitch_hz: self.maybe(Self::f32),
            pitch_low_hz: self.maybe(Self::f32),
            pitch_high_hz: self.maybe(Self::f32),
            anger: self.maybe(Self::f32),
        }
    }

    fn rate(&mut self) -> RateFacts {
        RateFacts {
            articulation_per_min: self.f32(),
            turn_per_min: self.f32(),
            elapsed_per_min: self.maybe(Self::f32),
            counts: self.text(),
            method: self.text(),
        }
    }

    fn interruption(&mut self) -> Interruption {
        Interruption {
            by: self.role(),
            span: self.span(),
            into_turn_ms: self.i64(),
            yielded: self.yes(),
            backchannel: self.yes(),
        }
    }

    fn turn(&mut self) -> TurnFacts {
        TurnFacts {
            turn: self.i32(),
            turn_group: self.i32(),
            role: self.role(),
            agent_id: self.maybe(Self::text),
            channel: self.maybe(Self::i32),
            span: self.span(),
            times_estimated: self.yes(),
            suspect: self.some(Self::text),
            text: self.text(),
            words: self.some(Self::word),
            language: self.maybe(Self::text),
            chars: self.i32(),
            words_n: self.i32(),
            syllables: self.maybe(Self::i32),
            rate: self.maybe(Self::rate),
            loudness_dbfs: self.maybe(Self::f32),
            loudness_over_usual_db: self.maybe(Self::f32),
            pitch_hz: self.maybe(Self::f32),
            anger_acoustic: self.maybe(Self::f32),
            anger_over_usual: self.maybe(Self::f32),
            anger_features: self.some(Self::text),
            anger_engine: self.maybe(Self::f32),
            engine_emotion: self.maybe(Self::text),
            engine_event: self.maybe(Self::text),
            confidence: self.maybe(Self::f32),
            vendor_measures: self.maybe(Self::text),
            overlap_ms: self.maybe(Self::i64),
            gap_before_ms: self.maybe(Self::i64),
        }
    }

    fn word(&mut self) -> TurnWord {
        TurnWord {
            char_start: self.i32(),
            char_end: self.i32(),
            start_ms: self.i64(),
            end_ms: self.i64(),
            estimated: self.yes(),
        }
    }

    fn stretch(&mut self) -> StretchFacts {
        StretchFacts {
            channel: self.i32(),
            role: self.role(),
            span: self.span(),
            loudness_dbfs: self.f32(),
            pitch_hz: self.maybe(Self::f32),
            syllables: self.maybe(Self::i32),
            anger: self.maybe(Self::f32),
        }
    }

    fn entity(&mut self) -> EntityFacts {
        EntityFacts {
            entity: self.i32(),
            turn: self.i32(),
            role: self.role(),
            kind: self.text(),
            char_start: self.i32(),
            char_end: self.i32(),
            span: self.span(),
            value: self.text(),
            unit: self.maybe(Self::text),
            confidence: self.maybe(Self::f32),
            complete: self.maybe(Self::yes),
            equals_manifest: self.maybe(Self::yes),
            same_as_customer: self.maybe(Self::yes),
            due: self.maybe(Self::text),
        }
    }

    fn judged(&mut self) -> Judged {
        let mut evaluated: Vec<Arc<Evaluated>> =
            self.some(|throws| Evaluated { rule: throws.text(), category: throws.text() }.into());
        evaluated.sort_by(|one, next| one.rule.cmp(&next.rule));
        let judgement = Judgement {
            findings: self.some(Self::finding),
            not_evaluated: self.some(Self::not_evaluated),
            evaluated,
            trial: self.some(Self::text).into_iter().collect(),
        };
        Judged {
            judgement,
            score: self.score(),
            ruleset_hash: self.text(),
            in_force_mode: self.text(),
            tool_version: self.text(),
        }
    }

    fn finding(&mut self) -> Finding {
        Finding {
            finding_id: self.text(),
            rule: self.text(),
            revision: self.i32(),
            category: self.text(),
            severity: self.one_of(Severity::ALL),
            status: self.one_of(RuleStatus::ALL),
            look_for: self.text(),
            role: self.maybe(Self::role),
            turn: self.maybe(Self::i32),
            turn_end: self.maybe(Self::i32),
            start_ms: self.maybe(Self::i64),
            end_ms: self.maybe(Self::i64),
            char_start: self.maybe(Self::i32),
            char_end: self.maybe(Self::i32),
            quote: self.text(),
            matched: self.maybe(Self::text),
            match_kind: self.one_of(MatchKind::ALL),
            distance: self.maybe(Self::f32),
            value: self.maybe(Self::f64),
            threshold: self.maybe(Self::f64),
            unit: self.maybe(Self::text),
            points: self.f64(),
            excused_by: self.maybe(Self::text),
            message: self.text(),
            advice: self.text(),
            source: self.text(),
        }
    }

    fn not_evaluated(&mut self) -> NotEvaluated {
        NotEvaluated {
            rule: self.text(),
            revision: self.i32(),
            category: self.text(),
            severity: self.one_of(Severity::ALL),
            reason: self.one_of(Reason::ALL),
            detail: self.text(),
        }
    }

    fn score(&mut self) -> Score {
        Score {
            score: self.maybe(Self::f64),
            grade: self.maybe(Self::text),
            verdict: self.one_of(Verdict::ALL),
            not_judged_because: self.text(),
            coverage: self.maybe(Self::f64),
            fatal: self.yes(),
            pending: self.yes(),
            scorecard: self.text(),
            items: self.some(Self::score_item),
        }
    }

    fn score_item(&mut self) -> ScoreItem {
        ScoreItem {
            item: self.text(),
            rule: self.maybe(Self::text),
            category: self.maybe(Self::text),
            max_points: self.f64(),
            lost_points: self.f64(),
            applicable: self.yes(),
            evaluable: self.yes(),
            fatal: self.yes(),
            finding_ids: self.some(Self::text),
        }
    }
}
