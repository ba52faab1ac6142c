//! A call from left to right: who speaks how loudly and how high, who comes in, who is silent, and where findings are.

use super::findings::Numbered;
use crate::facts::{Facts, StretchFacts, TurnFacts};
use crate::report::Language;
use crate::report::chart::Svg;
use crate::units::{Role, Span, clock};
use std::fmt::Write as _;

const WIDTH: f64 = 1000.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 22.0;
/// Where marks of findings stand, up to three above one another.
const MARKS: f64 = 54.0;
const LANE: f64 = 46.0;
const BETWEEN: f64 = 10.0;
const FOOT: f64 = 24.0;
/// Marks nearer than this stand above one another.
const MARK: f64 = 17.0;
/// Levels from here to 0 dBFS fill a lane.
const SOFTEST_DBFS: f64 = -55.0;
/// The bottom of a lane, and how many octaves of pitch fit into it: the voices of people.
const LOWEST_HZ: f64 = 65.0;
const OCTAVES: f64 = 3.0;

/// The timeline of a call; `prefix` makes its links those of its findings on the page.
pub(super) fn timeline(facts: &Facts, findings: &[Numbered<'_>], prefix: &str, language: Language) -> String {
    let length_ms = length_ms(facts).max(1);
    let lanes = lanes(facts);
    let height = MARKS + lanes.len() as f64 * (LANE + BETWEEN) + FOOT;
    let label = format!("{} {}", language.say("Timeline of the call, length", "通话时间轴，时长"), clock(length_ms));
    let mut drawing = Drawing { svg: Svg::with_links("timeline", WIDTH, height, &label), length_ms };
    drawing.silences(facts, lanes.len(), language);
    for (rank, (role, channel)) in lanes.iter().enumerate() {
        let floor = MARKS + (rank + 1) as f64 * (LANE + BETWEEN) - BETWEEN;
        drawing.lane(facts, *role, *channel, floor, language);
    }
    drawing.overlaps(facts, language);
    drawing.axis(height);
    drawing.marks(findings, prefix, height);
    drawing.svg.end()
}

/// How long the call is: the recording, or until the last word.
pub(super) fn length_ms(facts: &Facts) -> i64 {
    let sound = facts.call.sound.as_ref().map_or(0, |sound| sound.duration_ms);
    let last = |spans: &mut dyn Iterator<Item = Span>| spans.map(|span| span.end_ms).max().unwrap_or(0);
    let words = last(&mut facts.turns.iter().map(|turn| turn.span));
    sound.max(words).max(last(&mut facts.stretches.iter().map(|stretch| stretch.span)))
}

/// Who has a lane: each channel with speech, or each speaker where there is no sound.
fn lanes(facts: &Facts) -> Vec<(Role, Option<i32>)> {
    let mut lanes: Vec<(Role, Option<i32>)> = match facts.stretches.is_empty() {
        false => facts.stretches.iter().map(|stretch| (stretch.role, Some(stretch.channel))).collect(),
        true => facts.turns.iter().map(|turn| (turn.role, None)).collect(),
    };
    lanes.sort_unstable();
    lanes.dedup();
    lanes
}

struct Drawing {
    svg: Svg,
    length_ms: i64,
}

impl Drawing {
    fn x(&self, ms: i64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * (ms as f64 / self.length_ms as f64).clamp(0.0, 1.0)
    }

    fn lane(&mut self, facts: &Facts, role: Role, channel: Option<i32>, floor: f64, language: Language) {
        self.svg.text("lane", (LEFT - 8.0, floor - LANE / 2.0 + 4.0), "end", role_name(role, language));
        self.svg.line("axis", (LEFT, floor), (WIDTH - RIGHT, floor));
        let class = if role == Role::Customer { "speech customer" } else { "speech agent" };
        let bars = match channel {
            Some(channel) => self.stretches(facts.stretches.iter().filter(|stretch| stretch.channel == channel), floor),
            None => self.turns(facts.turns.iter().filter(|turn| turn.role == role), floor),
        };
        self.svg.path(class, &bars);
        if let Some(channel) = channel {
            let pitch = self.pitch(facts.stretches.iter().filter(|stretch| stretch.channel == channel), floor);
            self.svg.path("pitch", &pitch);
        }
    }

    fn stretches<'a>(&self, stretches: impl Iterator<Item = &'a StretchFacts>, floor: f64) -> String {
        let loud = |level: f32| (1.0 - f64::from(level) / SOFTEST_DBFS).clamp(0.08, 1.0);
        self.bars(stretches.map(|stretch| (stretch.span, LANE * loud(stretch.loudness_dbfs))), floor)
    }

    fn turns<'a>(&self, turns: impl Iterator<Item = &'a TurnFacts>, floor: f64) -> String {
        self.bars(turns.map(|turn| (turn.span, LANE * 0.55)), floor)
    }

    /// Steps of a path of bars. Bars that would stand on one another are one.
    fn bars(&self, spans: impl Iterator<Item = (Span, f64)>, floor: f64) -> String {
        let (mut steps, mut last) = (String::new(), f64::MIN);
        for (span, height) in spans {
            let (from, to) = (self.x(span.start_ms).max(last), self.x(span.end_ms));
            let width = to - from;
            if width < 0.3 {
                continue;
            }
            last = to;
            let [from, floor, height, width] = [from, floor, height, width].map(tenths);
            // Writing to a string cannot fail.
            let _ = write!(steps, "M{from} {floor}v-{height}h{width}v{height}z");
        }
        steps
    }

    fn pitch<'a>(&self, stretches: impl Iterator<Item = &'a StretchFacts>, floor: f64) -> String {
        let mut steps = String::new();
        for stretch in stretches {
            let Some(pitch_hz) = stretch.pitch_hz else { continue };
            let height = LANE * ((f64::from(pitch_hz) / LOWEST_HZ).log2() / OCTAVES).clamp(0.02, 1.0);
            let (from, to) = (self.x(stretch.span.start_ms), self.x(stretch.span.end_ms));
            let [from, y, width] = [from, floor - height, (to - from).max(1.0)].map(tenths);
            let _ = write!(steps, "M{from} {y}h{width}");
        }
        steps
    }

    fn silences(&mut self, facts: &Facts, lanes: usize, language: Language) {
        let height = lanes as f64 * (LANE + BETWEEN) - BETWEEN;
        for silence in &facts.call.silences {
            let (from, to) = (self.x(silence.span.start_ms), self.x(silence.span.end_ms));
            self.svg.rect("silence", from, MARKS + BETWEEN, (to - from).max(1.0), height - BETWEEN);
            if to - from > 60.0 {
                let seconds = (silence.span.end_ms - silence.span.start_ms) as f64 / 1000.0;
                let text = format!("{} {seconds:.1} s", language.say("silence", "静默"));
                self.svg.text("tiny", (f64::midpoint(from, to), MARKS + BETWEEN + 9.0), "middle", text);
            }
        }
    }

    /// Times one comes in on the other, between the lanes.
    fn overlaps(&mut self, facts: &Facts, language: Language) {
        let y = MARKS + LANE + BETWEEN + 1.0;
        for interruption in facts.call.interruptions.iter().filter(|interruption| !interruption.backchannel) {
            let (from, to) = (self.x(interruption.span.start_ms), self.x(interruption.span.end_ms));
            self.svg.rect("overlap", from, y, (to - from).max(1.5), BETWEEN - 2.0);
        }
        if facts.call.interruptions.iter().any(|interruption| !interruption.backchannel) {
            self.svg.text("tiny", (LEFT - 8.0, y + 7.0), "end", language.say("overlap", "抢话"));
        }
    }

    fn axis(&mut self, height: f64) {
        let step_ms = step_ms(self.length_ms);
        let mut ms = 0;
        while ms <= self.length_ms {
            let x = self.x(ms);
            self.svg.line("grid", (x, MARKS), (x, height - FOOT));
            self.svg.text("tick", (x, height - 8.0), "middle", clock(ms));
            ms += step_ms;
        }
    }

    fn marks(&mut self, findings: &[Numbered<'_>], prefix: &str, height: f64) {
        let mut placed: Vec<(f64, usize)> = Vec::new();
        for numbered in findings {
            let Some(start_ms) = numbered.finding.start_ms else { continue };
            let x = self.x(start_ms);
            let near = placed.iter().rev().take(3).filter(|(at, _)| (x - at).abs() < MARK).count();
            let row = near.min(2);
            placed.push((x, row));
            let y = MARKS - 10.0 - MARK * row as f64;
            let severity = numbered.finding.severity.name();
            let title = format!("{}: {} {}", numbered.number, clock(start_ms), numbered.finding.message);
            self.svg.link(&numbered.href(prefix), &format!(r#" data-ms="{start_ms}""#), &title, |svg| {
                svg.line("pin", (x, y), (x, height - FOOT));
                svg.circle(&format!("mark {severity}"), (x, y), 8.0);
                svg.text(&format!("number {severity}"), (x, y + 3.6), "middle", numbered.number);
            });
        }
    }
}

fn tenths(length: f64) -> crate::report::chart::Short {
    crate::report::chart::short(length)
}

/// Time between two ticks: at most 12 of them.
fn step_ms(length_ms: i64) -> i64 {
    let steps_s = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
    let fits = |step_s: &i64| length_ms / (step_s * 1000) <= 12;
    steps_s.into_iter().find(fits).map_or(length_ms / 12, |step_s| step_s * 1000)
}

/// A role as people call it.
pub(super) fn role_name(role: Role, language: Language) -> &'static str {
    match role {
        Role::Agent => language.say("agent", "坐席"),
        Role::Customer => language.say("customer", "客户"),
        Role::Bot => language.say("robot", "机器人"),
        Role::Third => language.say("other person", "第三人"),
        Role::Unknown => language.say("speaker", "说话人"),
    }
}
