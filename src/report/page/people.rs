//! Agents: how they stand, who repeats, who is abused.

use super::groups::ranking;
use super::lack::why;
use super::scene::{Scene, most_percent};
use super::view::{Block, Cell, Section, Table};
use crate::report::text::{count, per_10_000, points};
use crate::report::{AgentFigures, Lack, Repeat};
use crate::units::clock;

pub(super) fn agents(scene: &Scene<'_>) -> Section {
    let blocks = scene.blocks(&scene.figures.agents, |agents| {
        let mut blocks = Vec::new();
        let (ranked, others): (Vec<&AgentFigures>, Vec<_>) = agents.iter().partition(|agent| agent.is_ranked);
        if ranked.is_empty() {
            blocks.push(Block::Missing { text: why(Lack::Calls, scene.language).to_owned() });
        } else {
            blocks.push(Block::Table {
                table: table(scene, scene.say("Agents, the worst first", "坐席，最差在前"), &ranked),
            });
        }
        if !others.is_empty() {
            blocks.push(Block::Table {
                table: table(
                    scene,
                    scene.say("Agents with under 20 eligible calls, by id", "有效通话不足20通的坐席"),
                    &others,
                ),
            });
        }
        if agents.iter().any(|agent| agent.complaints.is_err()) {
            blocks.push(Block::Note {
                text: format!("{} {}", scene.say("Complaints:", "投诉："), why(Lack::Outcomes, scene.language)),
            });
        }
        blocks
    });
    Section::new("agents", scene.say("Agents", "坐席"), ranking(scene), blocks)
}

fn table(scene: &Scene<'_>, caption: &str, agents: &[&AgentFigures]) -> Table {
    let most = most_percent(agents.iter().map(|agent| agent.group.violation));
    let row = |agent: &&AgentFigures| {
        let name = Cell::text(agent.agent_id.as_str()).below(agent.team.clone().unwrap_or_default()).class("name");
        let mut cells = vec![name];
        cells.extend(scene.share_cells(agent.group.violation, most));
        cells.extend([
            Cell::number(per_10_000(agent.group.red_line)),
            Cell::number(points(agent.group.mean_score)),
            Cell::number(count(agent.answered)),
            Cell::number(format!("{:.1} h", agent.talk_s / 3600.0)),
            Cell::number(count(agent.abused)),
            Cell::number(agent.complaints.map_or_else(|_| "–".to_owned(), count)),
        ]);
        cells
    };
    let head = [
        scene.say("Agent", "坐席"),
        scene.say("#With a violation", "#违规占比"),
        scene.say("95 % interval", "95%区间"),
        scene.say("#Calls", "#通话数"),
        scene.say("#Red lines per 10,000", "#每万通红线"),
        scene.say("#Mean score", "#平均得分"),
        scene.say("#Answered", "#接通"),
        scene.say("#Talk", "#说话时长"),
        scene.say("#Abused by customers", "#遭客户辱骂"),
        scene.say("#Complaints", "#投诉"),
    ];
    Table::new(caption, &head, agents.iter().map(row).collect())
}

pub(super) fn repeats(scene: &Scene<'_>) -> Section {
    let blocks = scene.blocks(&scene.figures.repeats, |repeats| {
        if repeats.is_empty() {
            return vec![Block::Note { text: scene.say("Nobody.", "无。").to_owned() }];
        }
        let head = [
            scene.say("Agent", "坐席"),
            scene.say("Rule", "规则"),
            scene.say("Severity", "级别"),
            scene.say("#Calls", "#通话数"),
            scene.say("Listen to", "回听"),
        ];
        let rows = repeats.iter().map(|repeat| repeat_row(scene, repeat)).collect();
        vec![Block::Table {
            table: Table::new(
                scene.say("The same rule in two calls within 7 days", "7天内两通通话违反同一规则"),
                &head,
                rows,
            ),
        }]
    });
    Section::new("repeats", scene.say("Who repeats?", "屡次违规"), "", blocks)
}

fn repeat_row(scene: &Scene<'_>, repeat: &Repeat) -> Vec<Cell> {
    let last = repeat.occasions.last();
    let heard = last.map_or_else(Cell::default, |occasion| {
        let at = occasion.start_ms.map_or_else(String::new, clock);
        scene.call_cell(&occasion.call_id).below(format!(
            "{} {at} {}",
            occasion.started_local.strftime("%m-%d %H:%M"),
            occasion.quote
        ))
    });
    vec![
        Cell::text(repeat.agent_id.as_str()).below(repeat.team.clone().unwrap_or_default()).class("name"),
        Cell::text(repeat.title.as_str()).below(repeat.rule.as_str()),
        scene.severity_cell(repeat.severity),
        Cell::number(count(repeat.occasions.len() as u64)),
        heard,
    ]
}
