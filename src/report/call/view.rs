//! A call as the page's template takes it.

use super::ShownCall;
use super::findings::{Card, cards, numbered};
use super::timeline::{length_ms, timeline};
use super::transcript::{Extent, Line, lines};
use crate::finding::Severity;
use crate::report::Language;
use crate::report::text::points;
use crate::units::clock;
use serde::Serialize;

/// A longer transcript is shown in parts where many calls share a page.
const WHOLE_UP_TO: usize = 80;

/// A call on a page.
#[derive(Serialize)]
pub(in crate::report) struct CallView {
    /// Starts the names of all that is in it; unlike any other call's.
    prefix: String,
    call_id: String,
    /// The gravest severity of what counts, as a class; empty where nothing was found.
    severity: &'static str,
    severity_name: &'static str,
    headline: String,
    facts: Vec<(&'static str, String)>,
    timeline: String,
    cards: Vec<Card>,
    lines: Vec<Line>,
}

/// Where a call stands on the page.
#[derive(Clone, Copy)]
pub(in crate::report) enum Place<'a> {
    /// Alone.
    Alone,
    /// Among others, under this prefix.
    Among(&'a str),
}

pub(in crate::report) fn view(call: &ShownCall, place: Place<'_>, language: Language) -> CallView {
    let findings = numbered(call);
    let (prefix, extent) = match place {
        Place::Alone => ("", Extent::Whole),
        Place::Among(prefix) => (prefix, Extent::Around(WHOLE_UP_TO)),
    };
    let counted = findings.iter().map(|numbered| numbered.finding).filter(|finding| finding.counts());
    // The first of the gravest.
    let worst = counted.reduce(|worst, other| if other.severity > worst.severity { other } else { worst });
    let severity = worst.map(|finding| finding.severity);
    CallView {
        prefix: prefix.to_owned(),
        call_id: call.facts.call.call_id.clone(),
        severity: severity.map_or("", Severity::name),
        severity_name: severity.map_or("", |severity| language.severity(severity)),
        headline: worst.map_or_else(String::new, |finding| finding.message.clone()),
        facts: known(call, language),
        timeline: timeline(&call.facts, &findings, prefix, language),
        cards: cards(&findings, prefix, language),
        lines: lines(&call.facts, &findings, prefix, extent, language),
    }
}

/// What is known of a call besides: names and values, those that are there.
fn known(call: &ShownCall, language: Language) -> Vec<(&'static str, String)> {
    let (facts, about) = (&call.facts.call, &call.facts.call.metadata);
    let rate = |rate: &Option<crate::facts::RateFacts>| {
        rate.as_ref().map(|rate| format!("{:.0} {}", rate.articulation_per_min, counted_in(&rate.counts, language)))
    };
    let share = |share: Option<f32>| share.map(|share| format!("{:.0} %", share * 100.0));
    let verdict = call.verdicts.as_ref().map(|verdicts| language.verdict(verdicts.verdict).to_owned());
    let score = call.verdicts.as_ref().and_then(|verdicts| verdicts.score).map(|score| points(Some(score)));
    let started = about.started_at.map(|at| at.local(0).strftime("%Y-%m-%d %H:%M:%S").to_string());
    let all = [
        (language.say("Agent", "坐席"), about.agent_id.clone()),
        (language.say("Team", "班组"), about.team.clone()),
        (language.say("Started", "开始"), started),
        (language.say("Length", "时长"), Some(clock(length_ms(&call.facts)))),
        (language.say("Verdict", "结论"), verdict),
        (language.say("Score", "得分"), score),
        (language.say("Product", "产品"), about.product.clone()),
        (language.say("Stage", "阶段"), about.stage.clone()),
        (language.say("Agent's share of talk", "坐席说话占比"), share(facts.agent.talk_share)),
        (language.say("Agent's speech rate", "坐席语速"), rate(&facts.agent.rate)),
        (language.say("Customer's speech rate", "客户语速"), rate(&facts.customer.rate)),
    ];
    all.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}

fn counted_in(counts: &str, language: Language) -> &'static str {
    match counts {
        "chars" => language.say("characters/min", "字/分"),
        "words" => language.say("words/min", "词/分"),
        _ => language.say("syllables/min", "音节/分"),
    }
}
