//! What an agent sees: the own score and why, next to the team's middle and no names.

use super::scene::Scene;
use super::view::{Block, Cell, Section, Table, Tile};
use crate::report::chart::lines;
use crate::report::text::{count, percent, percent_interval, points};
use crate::report::{Deduction, Own};
use crate::units::clock;

/// Changing more at once changes nothing.
const HABITS: usize = 2;

pub(super) fn sections(scene: &Scene<'_>, own: &Own) -> Vec<Section> {
    vec![score(scene, own), habits(scene, own), deductions(scene, own)]
}

fn score(scene: &Scene<'_>, own: &Own) -> Section {
    let group = &own.figures.group;
    let middle = |value: Option<String>| {
        value.map_or_else(String::new, |value| format!("{} {value}", scene.say("team's median", "班组中位数")))
    };
    let tiles = vec![
        Tile::new(
            scene.say("Your mean score", "你的平均得分"),
            points(group.mean_score),
            middle(own.team_median.map(|(score, _)| points(Some(score)))),
        ),
        Tile::new(
            scene.say("Your calls with a violation", "你的违规通话占比"),
            percent(group.violation),
            format!(
                "{} {}",
                percent_interval(group.violation),
                middle(own.team_median.map(|(_, share)| format!("{share:.1} %")))
            ),
        ),
        Tile::new(scene.say("Eligible calls", "有效通话"), count(group.eligible), ""),
    ];
    let mut blocks = vec![Block::Tiles { tiles }];
    if own.weeks.len() > 1 {
        blocks.push(weeks(scene, own));
    }
    Section::new("score", scene.say("How you stand", "你的表现"), "", blocks)
}

fn weeks(scene: &Scene<'_>, own: &Own) -> Block {
    let names: Vec<String> = own.weeks.iter().map(|(monday, _)| monday.strftime("%m-%d").to_string()).collect();
    let (mine, team): (Vec<_>, Vec<_>) = own.weeks.iter().map(|(_, lines)| (lines.own, lines.team)).unzip();
    let lowest = mine.iter().chain(&team).flatten().copied().fold(100.0, f64::min);
    let low = (lowest / 10.0).floor() * 10.0;
    let label =
        scene.say("Mean score by week: you (bold), and the team's median", "每周平均得分：你（粗线）与班组中位数");
    Block::Picture { svg: lines(&names, &mine, &team, (low.min(90.0), 100.0), label), caption: label.to_owned() }
}

/// Two things to do otherwise, and a call to learn from.
fn habits(scene: &Scene<'_>, own: &Own) -> Section {
    let mut blocks: Vec<Block> = own
        .deductions
        .iter()
        .take(HABITS)
        .enumerate()
        .map(|(rank, habit)| Block::Note { text: format!("{}. {}: {}", rank + 1, habit.title, habit.advice) })
        .collect();
    if blocks.is_empty() {
        blocks.push(Block::Note { text: scene.say("Nothing cost you points.", "没有扣分项。").to_owned() });
    }
    if let Some(good) = &own.good_example {
        let rows = vec![vec![
            scene.call_cell(&good.call_id).below(good.date.map_or_else(String::new, |date| date.to_string())),
            Cell::number(points(good.score)),
        ]];
        let head = [scene.say("Call", "通话"), scene.say("#Score", "#得分")];
        blocks.push(Block::Table {
            table: Table::new(scene.say("A good example of yours", "你的优秀通话"), &head, rows),
        });
    }
    Section::new("habits", scene.say("Two things to change", "改进建议"), "", blocks)
}

fn deductions(scene: &Scene<'_>, own: &Own) -> Section {
    let row = |deduction: &Deduction| {
        let heard = deduction.occasions.first();
        let listen = heard.map_or_else(Cell::default, |occasion| {
            let at = occasion.start_ms.map_or_else(String::new, clock);
            scene.call_cell(&occasion.call_id).below(format!("{at} {}", occasion.quote))
        });
        vec![
            scene.severity_cell(deduction.severity),
            Cell::text(deduction.title.as_str()).below(deduction.advice.as_str()).class("words"),
            Cell::number(count(deduction.calls)),
            Cell::number(format!("−{:.1}", deduction.points)),
            listen,
        ]
    };
    let head = [
        scene.say("Severity", "级别"),
        scene.say("What, and what to do", "问题与建议"),
        scene.say("#Calls", "#通话数"),
        scene.say("#Points", "#扣分"),
        scene.say("Last heard in", "最近一次"),
    ];
    let blocks = if own.deductions.is_empty() {
        vec![Block::Note { text: scene.say("None.", "无。").to_owned() }]
    } else {
        let caption = scene.say("What cost points, the most costly first", "扣分项，扣分最多在前");
        vec![Block::Table { table: Table::new(caption, &head, own.deductions.iter().map(row).collect()) }]
    };
    Section::new("deductions", scene.say("What cost you points", "扣分明细"), "", blocks)
}
