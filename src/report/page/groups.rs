//! Calls side by side: agencies, products, hours, and what heard them.

use super::scene::{Scene, most_percent};
use super::view::{Block, Cell, Section, Table};
use crate::report::chart::columns;
use crate::report::text::{count, per_10_000, percent, points};
use crate::report::{Group, Instrument};

/// A ranking by the lower end of the interval, so that nobody stands on top by chance alone.
pub(super) fn agencies(scene: &Scene<'_>) -> Section {
    let blocks = scene.blocks(&scene.figures.agencies, |groups| {
        vec![Block::Table {
            table: shares(
                scene,
                scene.say("Agencies, the worst first", "机构，最差在前"),
                scene.say("Agency", "机构"),
                groups,
            ),
        }]
    });
    Section::new("agencies", scene.say("Agencies", "机构"), ranking(scene), blocks)
}

pub(super) fn ranking(scene: &Scene<'_>) -> &'static str {
    scene.say(
        "Ranked by the lower end of the interval; who has under 20 eligible calls stands below, unranked.",
        "按区间下限排序；有效通话不足20通者列于其后，不参与排名。",
    )
}

pub(super) fn products(scene: &Scene<'_>) -> Section {
    let caption = scene.say("Calls with a violation by product and stage", "各产品与阶段的违规通话占比");
    let blocks = vec![Block::Table {
        table: shares(scene, caption, scene.say("Product / stage", "产品 / 阶段"), &scene.figures.products),
    }];
    Section::new("products", scene.say("Products and stages", "产品与阶段"), "", blocks)
}

fn shares(scene: &Scene<'_>, caption: &str, what: &str, groups: &[Group]) -> Table {
    let most = most_percent(groups.iter().map(|group| group.violation));
    let row = |group: &Group| {
        let mut cells = vec![Cell::text(group.name.as_str()).class("name")];
        cells.extend(scene.share_cells(group.violation, most));
        cells.push(Cell::number(per_10_000(group.red_line)));
        cells.push(Cell::number(points(group.mean_score)));
        cells
    };
    let head = [
        what,
        scene.say("#With a violation", "#违规占比"),
        scene.say("95 % interval", "95%区间"),
        scene.say("#Calls", "#通话数"),
        scene.say("#Red lines per 10,000", "#每万通红线"),
        scene.say("#Mean score", "#平均得分"),
    ];
    Table::new(caption, &head, groups.iter().map(row).collect())
}

pub(super) fn hours(scene: &Scene<'_>) -> Section {
    let mut blocks = scene.blocks(&scene.figures.hours, |groups| {
        let label = scene.say("Calls with a violation by hour of day, percent", "各时段违规通话占比（%）");
        vec![bars(scene, groups, label)]
    });
    if let Ok(days) = &scene.figures.weekdays {
        blocks.push(bars(
            scene,
            days,
            scene.say("Calls with a violation by weekday, percent", "各星期违规通话占比（%）"),
        ));
    }
    let lead = scene.say("By the local time at which calls started.", "按通话开始的当地时间。");
    Section::new("hours", scene.say("Hours and days", "时段与星期"), lead, blocks)
}

fn bars(scene: &Scene<'_>, groups: &[Group], label: &str) -> Block {
    let bar = |group: &Group| {
        let value = group.violation.percent().unwrap_or(0.0);
        (group.name.clone(), value, format!("{} {}", percent(group.violation), count(group.eligible)))
    };
    let said = groups.iter().filter(|group| group.violation.of > 0);
    let words: Vec<String> = said.map(|group| format!("{} {}", group.name, percent(group.violation))).collect();
    let bars: Vec<_> = groups.iter().map(bar).collect();
    let described = format!("{label}: {}", words.join(scene.say(", ", "，")));
    Block::Picture { svg: columns(&bars, &described, |value| format!("{value:.1}")), caption: label.to_owned() }
}

/// How far calls could be judged, by what heard them.
pub(super) fn instruments(scene: &Scene<'_>) -> Section {
    let row = |of: &Instrument| {
        let share =
            |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", value * 100.0));
        let engine = if of.model.is_empty() { of.engine.clone() } else { format!("{} · {}", of.engine, of.model) };
        vec![
            Cell::text(engine).class("name"),
            Cell::text(if of.language.is_empty() { "–" } else { of.language.as_str() }),
            Cell::number(count(of.conversations)),
            Cell::number(share(of.mean_coverage)),
            Cell::number(share(of.mean_confidence)),
        ]
    };
    let head = [
        scene.say("Engine", "转写引擎"),
        scene.say("Language", "语言"),
        scene.say("#Conversations", "#通话数"),
        scene.say("#Points that could be judged", "#可评定分值"),
        scene.say("#Engine's confidence", "#引擎置信度"),
    ];
    let rows = scene.figures.instruments.iter().map(row).collect();
    let caption = scene.say("How far calls could be judged", "通话可评定程度");
    let blocks = vec![Block::Table { table: Table::new(caption, &head, rows) }];
    Section::new("instruments", scene.say("Coverage by engine and language", "引擎与语言覆盖"), "", blocks)
}
