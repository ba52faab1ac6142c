//! What to act on: the worst calls, as a list and in full.

use super::scene::Scene;
use super::view::{Block, Cell, Section, Table};
use crate::report::call::{Place, view};
use crate::report::text::points;
use crate::report::{ShownCall, WorstCall};
use crate::units::clock;

/// A list by severity: which call, when, what was said, what to do.
pub(super) fn list(scene: &Scene<'_>, calls: &[ShownCall]) -> Section {
    let advice = |call_id: &str, message: &str| {
        let call = calls.iter().find(|call| call.facts.call.call_id == call_id)?;
        call.findings.iter().find(|finding| finding.message == message).map(|finding| finding.advice.clone())
    };
    let row = |call: &WorstCall| {
        let advice = advice(&call.call_id, &call.message).unwrap_or_default();
        vec![
            scene.severity_cell(call.severity),
            Cell::text(call.message.as_str()).below(advice).class("words"),
            scene.call_cell(&call.call_id).below(call.date.map_or_else(String::new, |date| date.to_string())),
            Cell::text(call.agent_id.clone().unwrap_or_default()).class("id"),
            Cell::number(call.start_ms.map_or_else(String::new, clock)),
            Cell::number(points(call.score)),
        ]
    };
    let head = [
        scene.say("Severity", "级别"),
        scene.say("What, and what to do", "问题与建议"),
        scene.say("Call", "通话"),
        scene.say("Agent", "坐席"),
        scene.say("#At", "#时间点"),
        scene.say("#Score", "#得分"),
    ];
    let worst = &scene.figures.worst;
    let blocks = if worst.is_empty() {
        vec![Block::Note { text: scene.say("No call has a violation.", "没有违规通话。").to_owned() }]
    } else {
        let caption = scene.say("Calls to act on, the worst first", "需处理的通话，最差在前");
        vec![Block::Table { table: Table::new(caption, &head, worst.iter().map(row).collect()) }]
    };
    Section::new("act", scene.say("What to act on", "需处理的通话"), "", blocks)
}

/// The calls in full.
pub(super) fn details(scene: &Scene<'_>, calls: &[ShownCall]) -> Section {
    let shown = calls.iter().map(|call| {
        let prefix = &scene.shown[call.facts.call.call_id.as_str()];
        view(call, Place::Among(prefix), scene.language)
    });
    let lead =
        scene.say("Open a call to see its timeline, its findings and its words.", "展开通话可查看时间轴、发现和转写。");
    Section::new("calls", scene.say("Calls", "通话明细"), lead, vec![Block::Calls { calls: shown.collect() }])
}
