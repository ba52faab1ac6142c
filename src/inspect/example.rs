//! The examples inside rules: each is made a call, and the rule must say of it what the example expects.
//!
//! A line becomes an utterance and a stretch of speech; silences, interruptions and rates then come
//! from the very code that makes them for recordings.

use crate::acoustics::{Acoustics, ChannelAcoustics, FRAME_MS, Stretch};
use crate::audio::ANALYSIS_RATE_HZ;
use crate::facts::{CallOutcome, Facts, Heard, Observed, build};
use crate::finding::Judgement;
use crate::recording::{Metadata, Recording};
use crate::rules::Ruleset;
use crate::rules::model::{Example, ExampleLine, Expected, Rule};
use crate::transcript::{Speaker, Transcript, Utterance};
use crate::units::{Dbfs, Role, Span};
use std::path::PathBuf;

/// How loud whoever speaks as usual is, in an example.
const USUAL_DBFS: f32 = -30.0;

/// The usual anger by sound of everybody in an example.
const USUAL_ANGER: f32 = 0.1;

/// How long a character takes to say where a line has no end: four Han characters a second.
const HAN_CHAR_MS: i64 = 250;
/// The same for ASCII: about 170 words of six characters a minute.
const ASCII_CHAR_MS: i64 = 60;
/// The shortest utterance without an end of its own.
const SHORTEST_MS: i64 = 500;

/// What became of an example.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleResult {
    /// The example's name.
    pub name: String,
    /// What it expects.
    pub expected: Expected,
    /// What the rule said.
    pub got: Expected,
    /// Why the rule could not be evaluated, or that it is not for the call; empty otherwise.
    pub because: String,
    /// The first finding's quote.
    pub quote: Option<String>,
    /// The quote the example expects.
    pub expected_quote: Option<String>,
    /// 1-based line of the example in the rule's file.
    pub line: usize,
}

impl ExampleResult {
    /// Whether the rule said what the example expects, in the words it expects.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.expected == self.got && (self.expected_quote.is_none() || self.expected_quote == self.quote)
    }
}

/// Tries a rule on each of its examples, whatever its status. A rule that is not for an example's call
/// stays silent on it. `ruleset` holds the rule.
#[must_use]
pub fn check(rule: &Rule, ruleset: &Ruleset) -> Vec<ExampleResult> {
    results(rule, &calls(rule), ruleset).collect()
}

/// The calls of a rule's examples, in their order.
#[must_use]
pub fn calls(rule: &Rule) -> Vec<Facts> {
    rule.examples.iter().map(|example| facts(example, rule.languages.first().map(String::as_str))).collect()
}

/// As [`check`], on `calls` that are made already, each example only when it is asked for.
pub fn results<'a>(
    rule: &'a Rule,
    calls: &'a [Facts],
    ruleset: &'a Ruleset,
) -> impl Iterator<Item = ExampleResult> + 'a {
    rule.examples.iter().zip(calls).map(|(example, call)| outcome(example, &ruleset.try_rule(&rule.id, call)))
}

/// The facts of an example's call; `language` is taken where the example gives none. It counts as a
/// conversation however short it is.
#[must_use]
pub fn facts(example: &Example, language: Option<&str>) -> Facts {
    let spans = spans(&example.lines);
    let recording = recording(example, language);
    let transcript = transcript(example, &spans);
    let heard = example.recording.then(|| Heard {
        decoder: "example".to_owned(),
        codec: "example".to_owned(),
        rate_hz: ANALYSIS_RATE_HZ,
        analysis_rate_hz: ANALYSIS_RATE_HZ,
        warnings: Vec::new(),
        acoustics: acoustics(example, &spans),
    });
    let mut facts = build(&Observed {
        sound: heard,
        transcript: example.transcript.then_some(&transcript),
        ..Observed::nothing_of(&recording)
    });
    state(example, &spans, &mut facts);
    facts
}

fn outcome(example: &Example, judgement: &Judgement) -> ExampleResult {
    let (got, because) = match (judgement.findings.first(), judgement.not_evaluated.first()) {
        (Some(_), _) => (Expected::Reports, String::new()),
        (None, Some(aside)) => (Expected::NotEvaluable, format!("{}: {}", aside.reason.name(), aside.detail)),
        (None, None) if judgement.evaluated.is_empty() => {
            (Expected::Silent, "the rule is not for this call: see its languages and the columns it needs".to_owned())
        }
        (None, None) => (Expected::Silent, String::new()),
    };
    ExampleResult {
        name: example.name.clone(),
        expected: example.expected,
        got,
        because,
        quote: judgement.findings.first().map(|finding| finding.quote.clone()),
        expected_quote: example.quote.clone(),
        line: example.line,
    }
}

/// When each line is said. Without an end of its own a line lasts as long as its characters take, and
/// no longer than until the next line starts.
fn spans(lines: &[ExampleLine]) -> Vec<Span> {
    let span = |(index, line): (usize, &ExampleLine)| {
        let char_ms = |c: char| if c.is_ascii() { ASCII_CHAR_MS } else { HAN_CHAR_MS };
        let said_ms = line.text.chars().map(char_ms).sum::<i64>().max(SHORTEST_MS);
        let next = lines.iter().skip(index + 1).map(|next| next.start_ms).find(|next| *next > line.start_ms);
        let end = line.start_ms + said_ms;
        Span::new(line.start_ms, line.end_ms.unwrap_or_else(|| next.map_or(end, |next| end.min(next))))
    };
    lines.iter().enumerate().map(span).collect()
}

fn recording(example: &Example, language: Option<&str>) -> Recording {
    Recording {
        audio: example.recording.then(|| PathBuf::from("example.wav")),
        transcript: example.transcript.then(|| PathBuf::from("example.json")),
        metadata: metadata(example, language),
        prior_calls: example.earlier.clone(),
        ..Recording::named("example")
    }
}

fn metadata(example: &Example, language: Option<&str>) -> Metadata {
    let language = language.map(str::to_owned);
    let mut metadata = Metadata { started_at: example.started_at, language, ..Metadata::default() };
    for (column, value) in &example.columns {
        metadata.set_column(column, value.clone());
    }
    metadata
}

fn transcript(example: &Example, spans: &[Span]) -> Transcript {
    let utterance = |(line, span): (&ExampleLine, &Span)| Utterance {
        emotion: line.anger_engine.map(|_| "angry".to_owned()),
        emotion_score: line.anger_engine,
        ..Utterance::new(Speaker::Role(line.role), *span, line.text.as_str())
    };
    let mut utterances: Vec<Utterance> = example.lines.iter().zip(spans).map(utterance).collect();
    utterances.sort_by_key(|utterance| utterance.span.start_ms);
    Transcript { utterances, ..Transcript::default() }
}

fn acoustics(example: &Example, spans: &[Span]) -> Acoustics {
    let channels = example.channel_count.clamp(1, 2);
    let end_ms = spans.iter().map(|span| span.end_ms).max().unwrap_or(0);
    Acoustics {
        duration_ms: on_frame(end_ms + FRAME_MS - 1),
        channels: (0..channels).map(|channel| channel_acoustics(example, spans, channel, channels)).collect(),
    }
}

fn channel_acoustics(example: &Example, spans: &[Span], channel: u16, channels: u16) -> ChannelAcoustics {
    let lines = example.lines.iter().zip(spans);
    let mine = lines.filter(|(line, span)| channel_of(line.role).min(channels - 1) == channel && span.length_ms() > 0);
    let mut stretches: Vec<Stretch> = mine
        .map(|(line, span)| Stretch {
            span: Span::new(on_frame(span.start_ms), on_frame(span.end_ms)),
            loudness_dbfs: Dbfs(USUAL_DBFS + line.loudness_over_usual_db.unwrap_or(0.0)),
            pitch: None,
            syllables: 0.0,
            anger: None,
        })
        .collect();
    stretches.sort_by_key(|stretch| stretch.span);
    // Stretches of a channel stand apart from one another.
    for index in 1..stretches.len() {
        let next_ms = stretches[index].span.start_ms;
        let span = &mut stretches[index - 1].span;
        span.end_ms = span.end_ms.min(next_ms - FRAME_MS);
    }
    stretches.retain(|stretch| stretch.span.length_ms() > 0);
    let level = if stretches.is_empty() { Dbfs::SILENCE } else { Dbfs(USUAL_DBFS) };
    let speech_dbfs = (!stretches.is_empty()).then_some(level);
    ChannelAcoustics {
        stretches,
        level_dbfs: level,
        speech_dbfs,
        clipping: 0.0,
        pitch: None,
        syllables: 0.0,
        articulation_syllables_per_s: None,
        tones: Vec::new(),
        anger: None,
    }
}

/// Machines speak on the agent's line, further people on the customer's.
const fn channel_of(role: Role) -> u16 {
    match role {
        Role::Agent | Role::Bot | Role::Unknown => 0,
        Role::Customer | Role::Third => 1,
    }
}

const fn on_frame(ms: i64) -> i64 {
    ms / FRAME_MS * FRAME_MS
}

/// States what an example says outright, where a few lines are too little to measure it from.
fn state(example: &Example, spans: &[Span], facts: &mut Facts) {
    // However short, it is a conversation, unless a machine answers.
    let answered_by = facts.call.outcome.filter(|outcome| {
        matches!(outcome, CallOutcome::Voicemail | CallOutcome::Assistant | CallOutcome::Announcement)
    });
    facts.call.eligible = answered_by.is_none();
    facts.call.outcome = answered_by.or(Some(CallOutcome::Conversation));
    for (line, span) in example.lines.iter().zip(spans) {
        let mut same = facts.turns.iter_mut();
        if let Some(turn) = same.find(|turn| turn.span == *span && turn.role == line.role) {
            turn.anger_engine = line.anger_engine;
            turn.anger_acoustic = line.anger_acoustic;
            turn.anger_over_usual = line.anger_acoustic.map(|anger| anger - USUAL_ANGER);
            turn.loudness_over_usual_db = example.recording.then_some(line.loudness_over_usual_db.unwrap_or(0.0));
        }
    }
    for side in [&mut facts.call.agent, &mut facts.call.customer] {
        side.loudness_dbfs = side.loudness_dbfs.map(|_| USUAL_DBFS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RuleStatus;
    use crate::recording::PriorCall;
    use crate::rules::model::{
        Emotion, InterruptionBy, Kind, LookFor, Loudness, RateThreshold, SilenceFor, SpeechRate, When,
    };
    use crate::rules::speakers::Speakers;
    use crate::rules::testing::{look, phrases, rule_of, ruleset};
    use crate::units::Role::{Agent, Customer};
    use std::collections::BTreeMap;

    fn line(start_ms: i64, role: Role, text: &str) -> ExampleLine {
        let text = text.to_owned();
        let plain = ExampleLine::new(start_ms, None, role);
        ExampleLine { text, ..plain }
    }

    fn until(end_ms: i64, line: ExampleLine) -> ExampleLine {
        ExampleLine { end_ms: Some(end_ms), ..line }
    }

    fn example(lines: Vec<ExampleLine>) -> Example {
        Example {
            name: "one".into(),
            expected: Expected::Reports,
            quote: None,
            lines,
            channel_count: 2,
            recording: true,
            transcript: true,
            started_at: None,
            columns: BTreeMap::new(),
            earlier: Vec::new(),
            line: 40,
        }
    }

    fn tried(look: LookFor, example: Example) -> ExampleResult {
        let mut rule = rule_of(vec![look], When::Name(0));
        rule.status = RuleStatus::Draft;
        rule.languages = vec!["zh".into()];
        rule.examples = vec![example];
        let ruleset = ruleset(std::slice::from_ref(&rule));
        check(&rule, &ruleset).remove(0)
    }

    fn by_agent(kind: Kind) -> LookFor {
        LookFor { speakers: Speakers::one(Agent), ..look("it", kind) }
    }

    #[test]
    fn lines_last_as_long_as_their_characters() {
        let lines = [
            line(0, Agent, "四个汉字"),
            line(5_000, Agent, "嗯"),
            line(6_000, Agent, "ten ASCII!"),
            line(7_000, Agent, "到下一句为止不能再长"),
            until(9_500, line(8_000, Agent, "自己说到哪里")),
            line(9_000, Customer, "好的好的"),
        ];
        let ends: Vec<i64> = spans(&lines).iter().map(|span| span.end_ms).collect();
        assert_eq!(ends, [1_000, 5_500, 6_600, 8_000, 9_500, 10_000]);
        assert_eq!(spans(&[line(0, Agent, "好"), line(0, Customer, "好")])[0], Span::new(0, 500));
    }

    #[test]
    fn examples_become_calls_with_sound_and_words() {
        let silence = Kind::Silence(SilenceFor {
            longer_than_ms: 8_000,
            of: Speakers::one(Agent),
            unless_after_phrases: vec!["请稍等".into()],
            unless_after_lists: Vec::new(),
            up_to_ms: None,
        });
        let cut = Kind::Interruption(InterruptionBy {
            by: Speakers::one(Agent),
            overlap_above_ms: 1_500,
            into_turn_above_ms: 1_000,
            yields_within_ms: None,
        });
        let loud = Kind::Loudness(Loudness { above_usual_db: 6.0, for_ms: 1_000 });
        let angry =
            Kind::Emotion(Emotion { score_above: 0.7, above_usual: None, from_acoustic: false, from_engine: true });
        let above = Some(RateThreshold { chars_per_min: Some(380.0), words_per_min: None });
        let fast =
            Kind::SpeechRate(SpeechRate { above, below: None, over_call: false, min_chars_count: 8, min_length_ms: 0 });
        let shouted = |db| ExampleLine { loudness_over_usual_db: Some(db), ..line(0, Agent, "你听不懂人话吗") };
        let cutting = || {
            vec![until(6_000, line(0, Customer, "我想说的是这样的")), until(7_000, line(4_000, Agent, "你先听我说"))]
        };
        let waiting =
            |ask: &str| vec![line(0, Agent, ask), line(2_000, Customer, "好的"), line(12_000, Agent, "查到了")];
        let silent = |expected, example| Example { expected, ..example };
        let scored = ExampleLine { anger_engine: Some(0.9), ..line(0, Agent, "好") };
        let one = Example { channel_count: 1, ..example(cutting()) };
        let mute = Example { recording: false, ..example(waiting("喂")) };
        let wordless = Example { transcript: false, ..example(vec![line(0, Agent, "您好")]) };
        let table = [
            ("words", phrases(&["您好"]), example(vec![line(0, Agent, "您好")])),
            ("a silence", silence.clone(), example(waiting("喂"))),
            ("an excused silence", silence.clone(), silent(Expected::Silent, example(waiting("请稍等")))),
            ("no sound", silence, silent(Expected::NotEvaluable, mute)),
            ("no words", phrases(&["您好"]), silent(Expected::NotEvaluable, wordless)),
            ("an interruption", cut.clone(), example(cutting())),
            ("an interruption on one channel", cut, silent(Expected::NotEvaluable, one)),
            ("nothing but shouting", loud.clone(), example(vec![shouted(12.0)])),
            ("not loud enough", loud, silent(Expected::Silent, example(vec![shouted(6.0)]))),
            ("anger", angry, example(vec![scored])),
            // 8 characters in 1.2 s are 400 a minute, and in 1.3 s 369.
            ("fast", fast.clone(), example(vec![until(1_200, line(0, Agent, "一二三四五六七八"))])),
            (
                "not fast",
                fast,
                silent(Expected::Silent, example(vec![until(1_300, line(0, Agent, "一二三四五六七八"))])),
            ),
        ];
        for (name, kind, example) in table {
            let result = tried(by_agent(kind), example);
            assert!(result.is_as_expected(), "{name}: {result:?}");
        }
    }

    #[test]
    fn the_calls_before_an_example_are_facts_of_its_call() {
        let earlier = vec![PriorCall { started_at_us: 1, same_number: Some(true), ..PriorCall::default() }];
        let facts = facts(&Example { earlier: earlier.clone(), ..example(vec![line(0, Agent, "您好")]) }, None);
        assert_eq!(facts.call.prior_calls, earlier);
    }

    #[test]
    fn a_result_says_what_came_instead() {
        let hello = || example(vec![line(0, Agent, "您好吗")]);
        let quoted = Example { quote: Some("您好吗".into()), ..hello() };
        let result = tried(look("it", phrases(&["您好"])), quoted);
        assert_eq!((result.got, result.quote.as_deref(), result.line), (Expected::Reports, Some("您好"), 40));
        assert!(!result.is_as_expected(), "another quote");
        let result = tried(look("it", phrases(&["再见"])), hello());
        assert_eq!((result.got, result.is_as_expected()), (Expected::Silent, false));
        let columns = BTreeMap::from([("language".to_owned(), "en".to_owned())]);
        let result = tried(look("it", phrases(&["您好"])), Example { columns, ..hello() });
        assert_eq!(result.got, Expected::Silent);
        assert!(result.because.starts_with("the rule is not for this call"), "{}", result.because);
    }
}
