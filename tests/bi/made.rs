//! A small dataset made for a question: calls with the facts and findings that the question is about.

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use callsift::dataset::{Batch, Dataset};
use callsift::facts::{CallFacts, CallOutcome, Facts, SoundFacts, SpeakerFacts, TurnFacts};
use callsift::finding::{Evaluated, Finding, Judgement, NotEvaluated, Reason, RuleStatus, Severity};
use callsift::recording::{Metadata, StartedAt};
use callsift::score::{Score, Verdict};
use callsift::tables::{Judged, Row, RuleRow, TableName, batches, rules_batch};
use callsift::units::{Role, Span};
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// A rule of the test's: id, category, severity, status.
pub(crate) type Rule = (&'static str, &'static str, Severity, RuleStatus);

pub(crate) const THREAT: Rule = ("p.threat", "恐吓", Severity::Critical, RuleStatus::Active);
pub(crate) const JAIL: Rule = ("p.jail", "恐吓", Severity::Critical, RuleStatus::Active);
pub(crate) const INSULT: Rule = ("p.insult", "辱骂", Severity::Fatal, RuleStatus::Active);
pub(crate) const NOTE: Rule = ("p.note", "提示", Severity::Note, RuleStatus::Active);
pub(crate) const TRIAL: Rule = ("p.trial", "恐吓", Severity::Major, RuleStatus::Trial);
pub(crate) const ALERT: Rule = ("customer-tags.alert", "预警", Severity::Critical, RuleStatus::Active);
pub(crate) const ABUSE: Rule = ("customer-tags.abuses-agent", "客户标签", Severity::Note, RuleStatus::Active);
/// Rules that stand for one part of a change each, see the test of question 3.
pub(crate) const PARTS: [Rule; 6] = [
    ("p.part-a", "a", Severity::Major, RuleStatus::Active),
    ("p.part-b", "b", Severity::Major, RuleStatus::Active),
    ("p.part-c", "c", Severity::Major, RuleStatus::Active),
    ("p.part-d", "d", Severity::Major, RuleStatus::Active),
    ("p.part-e", "e", Severity::Major, RuleStatus::Active),
    ("p.part-f", "f", Severity::Major, RuleStatus::Active),
];

/// A call that is being made up.
#[derive(Clone)]
pub(crate) struct Call(Row);

/// A conversation of agent-1 and customer-1 with the debtor, of 60 s and 30 s of talk, that started at `start` (local,
/// `2026-11-20T10:00:00`) in a zone 8 hours ahead, with sound and transcript, judged by the first revision of the rules.
pub(crate) fn call(call_id: &str, start: &str) -> Call {
    let (agent, customer) = (Some("agent-1".to_owned()), Some("customer-1".to_owned()));
    let metadata = Metadata {
        started_at: Some(started_at(start)),
        agent_id: agent,
        customer_id: customer,
        direction: Some("outbound".into()),
        ..Metadata::default()
    };
    let facts = Facts { call: call_facts(call_id, metadata), turns: vec![], stretches: vec![], entities: vec![] };
    Call(Row { facts, judged: Some(judged()) })
}

impl Call {
    /// Changes a fact.
    pub(crate) fn with(mut self, change: impl Fn(&mut CallFacts)) -> Self {
        change(&mut self.0.facts.call);
        self
    }

    pub(crate) fn by(self, agent: &str) -> Self {
        self.with(|call| call.metadata.agent_id = Some(agent.to_owned()))
    }

    /// What the manifest says of it.
    pub(crate) fn metadata(&self) -> &Metadata {
        &self.0.facts.call.metadata
    }

    /// How long each side talked.
    pub(crate) fn talk_ms(self, agent_ms: i64, customer_ms: i64) -> Self {
        self.with(|call| {
            call.agent.talk_ms = Some(agent_ms);
            call.customer.talk_ms = Some(customer_ms);
        })
    }

    /// What the transcript says: the agent speaks, then the customer.
    pub(crate) fn speaks(mut self, agent_ms: i64, customer_ms: i64) -> Self {
        self.0.facts.turns =
            vec![turn(0, Role::Agent, 0, agent_ms), turn(1, Role::Customer, agent_ms, agent_ms + customer_ms)];
        self
    }

    /// A transcript without a recording.
    pub(crate) fn words_alone(self, agent_ms: i64, customer_ms: i64) -> Self {
        self.speaks(agent_ms, customer_ms).with(|call| {
            call.sound = None;
            call.agent.talk_ms = None;
            call.customer.talk_ms = None;
        })
    }

    /// Rules that had an answer.
    pub(crate) fn answers(mut self, rules: &[Rule]) -> Self {
        let evaluated = rules.iter().map(|rule| Evaluated { rule: rule.0.into(), category: rule.1.into() }.into());
        self.judgement().evaluated.extend(evaluated);
        self
    }

    /// A rule that had none.
    pub(crate) fn no_answer(mut self, rule: Rule) -> Self {
        let not_evaluated = NotEvaluated {
            rule: rule.0.into(),
            revision: 1,
            category: rule.1.into(),
            severity: rule.2,
            reason: Reason::NoRoles,
            detail: "made up".into(),
        };
        self.judgement().not_evaluated.push(not_evaluated);
        self
    }

    /// A finding at 15 s that cost 5 points.
    pub(crate) fn found(mut self, rule: Rule, finding_id: &str) -> Self {
        let revision = if self.hash() == "h2" { 2 } else { 1 };
        self.judgement().findings.push(finding(rule, revision, finding_id));
        self
    }

    /// A score; `None`: too little could be judged.
    pub(crate) fn scored(mut self, score: Option<f64>, verdict: Verdict) -> Self {
        let judged = self.0.judged.as_mut().expect("a judged call");
        judged.score.score = score;
        judged.score.verdict = verdict;
        judged.score.coverage = score.map(|score| score / 128.0);
        self
    }

    /// What excuses its last finding.
    pub(crate) fn excused(mut self) -> Self {
        self.judgement().findings.last_mut().expect("a finding").excused_by = Some("excuse of the test".into());
        self
    }

    /// Judged by the second revision of the rules.
    pub(crate) fn by_second_rules(mut self) -> Self {
        self.0.judged.as_mut().expect("a judged call").ruleset_hash = "h2".into();
        self
    }

    fn hash(&self) -> &str {
        self.0.judged.as_ref().map_or("", |judged| &judged.ruleset_hash)
    }

    fn judgement(&mut self) -> &mut Judgement {
        &mut self.0.judged.as_mut().expect("a judged call").judgement
    }
}

/// Writes `calls` as the folders of a dataset: a file a table and date.
pub(crate) fn write(results: &Path, calls: Vec<Call>) {
    let mut days: BTreeMap<Option<String>, Vec<Row>> = BTreeMap::new();
    for Call(row) in calls {
        days.entry(row.date().map(|date| date.to_string())).or_default().push(row);
    }
    for (date, rows) in days {
        let date = date.unwrap_or_else(|| "__HIVE_DEFAULT_PARTITION__".into());
        for (table, batch) in batches(&rows) {
            write_table(&results.join(table.name()).join(format!("date={date}/made.parquet")), &batch);
        }
    }
    for (name, rows) in rule_sets() {
        write_table(&results.join(format!("rules/{name}.parquet")), &rules_batch(&rows));
    }
}

/// Commits `calls` as a run does: a batch a date.
pub(crate) fn commit(results: &Path, calls: Vec<Call>) {
    let dataset = Dataset::open(results, "made").expect("a dataset");
    for (name, rows) in rule_sets() {
        dataset.write_rules(name, &rows).expect("written");
    }
    let mut days: BTreeMap<Option<Date>, Vec<Row>> = BTreeMap::new();
    calls.into_iter().for_each(|Call(row)| days.entry(row.date()).or_default().push(row));
    for rows in days.into_values() {
        let batch = Batch { rows: &rows, stamps: &vec![1; rows.len()], force: false };
        dataset.commit(&batch).expect("committed");
    }
}

/// Two revisions of the same rules; of the last the first rule alone judges otherwise than before.
fn rule_sets() -> [(&'static str, Vec<RuleRow>); 2] {
    let rules = [&[THREAT, JAIL, INSULT, NOTE, TRIAL, ALERT, ABUSE][..], &PARTS].concat();
    [("h1", 1), ("h2", 2)].map(|(name, revision)| {
        let mut rows: Vec<RuleRow> = rules.iter().map(|rule| rule_row(*rule, revision)).collect();
        rows[0].effect_hash = name.into();
        (name, rows)
    })
}

/// Call, rule, change, verdicts before and after, scores before and after.
pub(crate) type Change = (&'static str, &'static str, &'static str, [&'static str; 2], [f64; 2]);

/// Writes changes of verdicts on 20 November.
pub(crate) fn write_changes(results: &Path, changes: &[Change]) {
    let texts = |of: &dyn Fn(usize) -> String| -> ArrayRef {
        Arc::new((0..changes.len()).map(|at| Some(of(at))).collect::<StringArray>())
    };
    let scores = |side: usize| -> ArrayRef {
        Arc::new(changes.iter().map(|change| Some(change.4[side])).collect::<Float64Array>())
    };
    let schema = TableName::VerdictChanges.schema();
    let column = |name: &str| match name {
        "call_id" => texts(&|at| changes[at].0.into()),
        "rule" => texts(&|at| changes[at].1.into()),
        "change" => texts(&|at| changes[at].2.into()),
        "verdict_before" => texts(&|at| changes[at].3[0].into()),
        "verdict_after" => texts(&|at| changes[at].3[1].into()),
        "score_before" => scores(0),
        "score_after" => scores(1),
        _ => arrow::array::new_null_array(schema.field_with_name(name).expect("a column").data_type(), changes.len()),
    };
    let columns = schema.fields().iter().map(|field| column(field.name())).collect();
    let batch = RecordBatch::try_new(schema.clone(), columns).expect("columns as in the schema");
    write_table(&results.join("verdict_changes/date=2026-11-20/made.parquet"), &batch);
}

fn write_table(path: &Path, batch: &RecordBatch) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    let mut writer =
        ArrowWriter::try_new(File::create(path).expect("created"), batch.schema(), None).expect("a writer");
    writer.write(batch).expect("written");
    writer.close().expect("closed");
}

fn started_at(start: &str) -> StartedAt {
    let start: jiff::Timestamp = format!("{start}+08:00").parse().expect("a time");
    StartedAt { timestamp_us: start.as_microsecond(), utc_offset_min: 480 }
}

fn call_facts(call_id: &str, metadata: Metadata) -> CallFacts {
    let talk = |talk_ms| SpeakerFacts { talk_ms: Some(talk_ms), ..SpeakerFacts::default() };
    CallFacts {
        recording: Some(format!("{call_id}.wav")),
        metadata,
        sound: Some(SoundFacts {
            decoder: "callsift".into(),
            codec: "pcm_alaw".into(),
            rate_hz: 8_000,
            analysis_rate_hz: 8_000,
            channels: 2,
            duration_ms: 60_000,
            warnings: vec![],
        }),
        language: Some("zh".into()),
        language_from: Some("manifest".into()),
        roles_from: Some("channels".into()),
        has_transcript: true,
        engine: Some("made-up".into()),
        engine_model: Some("one".into()),
        overlap_measurable: true,
        outcome: Some(CallOutcome::Conversation),
        eligible: true,
        agent: talk(20_000),
        customer: talk(10_000),
        ..CallFacts::blank(call_id)
    }
}

fn turn(turn: i32, role: Role, start_ms: i64, end_ms: i64) -> TurnFacts {
    TurnFacts {
        turn,
        turn_group: turn,
        role,
        agent_id: None,
        channel: None,
        span: Span::new(start_ms, end_ms),
        times_estimated: false,
        suspect: vec![],
        text: "您好".into(),
        words: vec![],
        language: None,
        chars: 2,
        words_n: 0,
        syllables: None,
        rate: None,
        loudness_dbfs: None,
        loudness_over_usual_db: None,
        pitch_hz: None,
        anger_acoustic: None,
        anger_over_usual: None,
        anger_features: vec![],
        anger_engine: None,
        engine_emotion: None,
        engine_event: None,
        confidence: None,
        vendor_measures: None,
        overlap_ms: None,
        gap_before_ms: None,
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

fn finding((rule, category, severity, status): Rule, revision: i32, finding_id: &str) -> Finding {
    Finding {
        finding_id: finding_id.into(),
        revision,
        category: category.into(),
        status,
        look_for: "threat".into(),
        role: Some(Role::Agent),
        start_ms: Some(15_900),
        end_ms: Some(17_000),
        quote: "堵门".into(),
        points: 5.0,
        message: "威胁".into(),
        advice: "不要".into(),
        source: "ours".into(),
        ..Finding::blank(rule, severity)
    }
}

fn rule_row((rule, category, severity, status): Rule, revision: i32) -> RuleRow {
    RuleRow {
        rule: rule.into(),
        revision,
        title: rule.into(),
        status,
        severity,
        category: category.into(),
        languages: vec![],
        what: String::new(),
        why: String::new(),
        misses: String::new(),
        sources: vec![],
        message: String::new(),
        advice: String::new(),
        owner: String::new(),
        in_force_from: None,
        in_force_until: None,
        text: String::new(),
        resolved: "{}".into(),
        effect_hash: "0123456789abcdef".into(),
    }
}
