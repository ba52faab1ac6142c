//! What judging again changed, for people and for scripts.

use crate::batch::{Changes, Rechecked};
use crate::cli::language::Language;
use crate::cli::summary::verdict_ink;
use crate::cli::table::Table;
use crate::cli::terminal::{Ink, Line, Page};
use crate::score::Verdict;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// So many rules, teams and agents are named.
const NAMED: usize = 10;

/// Adds what changed.
pub(in crate::cli) fn push_changes(page: &mut Page, rechecked: &Rechecked, language: Language) {
    page.blank();
    let calls = language.calls(rechecked.changed_calls);
    page.line(language.pick(format!("{calls}的评判有变化。"), format!("{calls} judged otherwise.")));
    let turned = rechecked.verdicts.iter().filter(|((before, after), _)| before != after);
    for ((before, after), calls) in turned {
        let (calls, before, after) = (language.calls(*calls), verdict(*before, language), verdict(*after, language));
        let (from, to) = language.pick(("：从 ", " 变为 "), (": from ", " to "));
        page.line(Line::from(format!("  {calls}{from}")).join(before).and(Ink::Plain, to).join(after));
    }
    for (of, by) in [(Of::Rule, &rechecked.by_rule), (Of::Team, &rechecked.by_team), (Of::Agent, &rechecked.by_agent)] {
        push_table(page, of, by, language);
    }
}

/// What changed, as JSON.
pub(in crate::cli) fn changes_json(rechecked: &Rechecked) -> Value {
    let name = |verdict: &Option<Verdict>| verdict.map(Verdict::name);
    let turned = rechecked.verdicts.iter().filter(|((before, after), _)| before != after);
    let verdicts =
        turned.map(|((before, after), calls)| json!({"before": name(before), "after": name(after), "calls": calls}));
    let counts = |by: &BTreeMap<String, Changes>| -> Map<String, Value> {
        let one = |it: &Changes| json!({"added": it.added, "removed": it.removed, "changed": it.changed});
        by.iter().map(|(name, changes)| (name.clone(), one(changes))).collect()
    };
    json!({
        "changed_calls": rechecked.changed_calls,
        "verdicts": verdicts.collect::<Vec<_>>(),
        "by_rule": counts(&rechecked.by_rule),
        "by_team": counts(&rechecked.by_team),
        "by_agent": counts(&rechecked.by_agent),
    })
}

/// What changes are counted by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Rule,
    Team,
    Agent,
}

impl Of {
    fn title(self, language: Language) -> &'static str {
        match self {
            Self::Rule => language.pick("规则", "rule"),
            Self::Team => language.pick("班组", "team"),
            Self::Agent => language.pick("坐席", "agent"),
        }
    }
}

fn verdict(verdict: Option<Verdict>, language: Language) -> Line {
    Line::of(
        verdict.map_or(Ink::Bad, verdict_ink),
        verdict.map_or(language.pick("检查失败", "failed"), |verdict| language.verdict(verdict)),
    )
}

fn push_table(page: &mut Page, of: Of, by: &BTreeMap<String, Changes>, language: Language) {
    let mut rows: Vec<_> = by.iter().collect();
    rows.sort_by_key(|(name, changes)| (std::cmp::Reverse(changes.sum()), *name));
    if rows.is_empty() || (rows.len() == 1 && rows[0].0.is_empty() && of != Of::Rule) {
        return;
    }
    let more = rows.len().saturating_sub(NAMED);
    let counts = language.pick(["新增", "消失", "改变"], ["added", "removed", "changed"]);
    let mut table = Table::new([of.title(language), counts[0], counts[1], counts[2]]);
    for (name, changes) in rows.into_iter().take(NAMED) {
        let name = match (name.as_str(), of) {
            ("", Of::Rule) => language.pick("（只有得分或结论变化）", "(score or verdict alone)"),
            ("", _) => language.pick("（未知）", "(not known)"),
            (name, _) => name,
        };
        let [added, removed, changed] = [changes.added, changes.removed, changes.changed].map(|n| n.to_string().into());
        table.row([name.into(), added, removed, changed]);
    }
    page.blank();
    table.push_to(page);
    if more > 0 {
        page.line(
            language.pick(
                format!(" 另有 {more} 行：见 verdict_changes 表"),
                format!(" and {more} more: see verdict_changes"),
            ),
        );
    }
}
