//! How things stand as a whole, and how they came to stand so.

use super::scene::Scene;
use super::view::{Block, Cell, Section, Table, Tile};
use crate::finding::Severity;
use crate::report::chart::{TrendPoint, trend};
use crate::report::names;
use crate::report::text::{count, interval_per_10_000, per_10_000, percent, percent_interval, points};
use crate::report::{Completeness, Share, Week};
use crate::score::Verdict;

pub(super) fn standing(scene: &Scene<'_>) -> Section {
    let calls = &scene.figures.calls;
    let hours = calls.sound_s / 3600.0;
    let mut tiles = vec![
        Tile::new(
            scene.say("Eligible calls", "有效通话"),
            count(calls.eligible),
            format!("{} {} · {hours:.1} h", scene.say("of", "共"), count(calls.all)),
        ),
        Tile::new(
            scene.say("Red lines per 10,000 calls", "每万通红线"),
            per_10_000(scene.figures.red_line),
            interval_per_10_000(scene.figures.red_line),
        )
        .bad_if(scene.figures.red_line.hits > 0),
        Tile::new(
            scene.say("Calls with a violation", "违规通话"),
            percent(scene.figures.violation),
            percent_interval(scene.figures.violation),
        ),
        Tile::new(scene.say("Mean score", "平均得分"), points(calls.mean_score), ""),
        pending(scene),
    ];
    if let Ok(rows) = &scene.figures.complete {
        tiles.push(complete_tile(scene, rows));
    }
    let blocks = vec![Block::Tiles { tiles }, Block::Table { table: kinds(scene) }];
    Section::new("standing", scene.say("How it stands", "总体情况"), counted(scene), blocks)
}

/// What the figures above are of.
fn counted(scene: &Scene<'_>) -> String {
    let what = scene.say(
        "Findings are as the rules report them, less those that a reviewer overturned.",
        "发现以规则报告为准，已剔除被复核推翻的。",
    );
    format!(
        "{} {what}",
        scene.say(
            "Eligible: at least 10 s of talk, with sound and transcript. Ranges are 95 % intervals.",
            "有效通话：通话至少10秒，且有录音和转写。区间为95%置信区间。",
        )
    )
}

fn pending(scene: &Scene<'_>) -> Tile {
    let pending = &scene.figures.pending;
    let beside = match pending.over_a_day {
        Some(calls) => format!("{} {}", count(calls), scene.say("for over 24 h", "超过24小时")),
        None => scene.say("since when is not known", "等待时长未知").to_owned(),
    };
    Tile::new(scene.say("Red lines awaiting review", "待复核红线"), count(pending.calls), beside)
        .bad_if(pending.over_a_day.unwrap_or(pending.calls) > 0)
}

fn complete_tile(scene: &Scene<'_>, rows: &[Completeness]) -> Tile {
    let share =
        Share { hits: rows.iter().map(|row| row.inspected).sum(), of: rows.iter().map(|row| row.answered).sum() };
    let beside = format!("{} / {}", count(share.hits), count(share.of));
    Tile::new(scene.say("Answered calls inspected", "接通通话质检率"), percent(share), beside)
        .bad_if(share.hits < share.of)
}

/// What became of all calls.
fn kinds(scene: &Scene<'_>) -> Table {
    let calls = &scene.figures.calls;
    let mut rows = Vec::new();
    let mut push = |name: String, number: u64| {
        if number > 0 {
            rows.push(vec![Cell::text(name), Cell::number(count(number))]);
        }
    };
    for verdict in Verdict::ALL {
        let number = calls.verdicts.get(&verdict).copied().unwrap_or(0);
        push(format!("{}{}", scene.say("Verdict: ", "结论："), scene.language.verdict(verdict)), number);
    }
    for severity in Severity::ALL.into_iter().rev() {
        let number = calls.findings.get(&severity).copied().unwrap_or(0);
        push(format!("{}{}", scene.say("Findings: ", "发现："), scene.language.severity(severity)), number);
    }
    push(scene.say("Calls that could not be read", "无法读取的通话").to_owned(), calls.failed);
    push(scene.say("Calls read in part", "部分读取的通话").to_owned(), calls.partial);
    push(scene.say("Calls left out on purpose", "按规定排除的通话").to_owned(), calls.skipped);
    push(scene.say("Conversations without sound or words", "缺录音或缺转写的通话").to_owned(), calls.half_known);
    for (outcome, number) in &calls.other_outcomes {
        push(format!("{}{}", scene.say("Not counted: ", "不计入："), names::outcome(outcome, scene.language)), *number);
    }
    push(scene.say("Calls without a date", "无日期的通话").to_owned(), calls.undated);
    Table::new(
        scene.say("What became of all calls", "全部通话的去向"),
        &[scene.say("Kind", "类别"), scene.say("#Number", "#数量")],
        rows,
    )
}

pub(super) fn weeks(scene: &Scene<'_>) -> Section {
    let blocks = scene.blocks(&scene.figures.weeks, |weeks| {
        let red = trend(
            &points_of(weeks, |week| week.red_line, 100.0),
            scene.say("Red lines per 10,000 calls by week", "每周每万通红线数"),
        );
        let all = trend(
            &points_of(weeks, |week| week.violation, 1.0),
            scene.say("Calls with a violation by week, percent", "每周违规通话占比"),
        );
        let mut blocks = vec![
            Block::Picture {
                svg: red,
                caption: scene
                    .say("Red lines per 10,000 calls, with 95 % intervals", "每万通红线数及95%区间")
                    .to_owned(),
            },
            Block::Picture {
                svg: all,
                caption: scene
                    .say("Calls with a violation, percent, with 95 % intervals", "违规通话占比（%）及95%区间")
                    .to_owned(),
            },
        ];
        blocks.extend(changes(scene, weeks));
        blocks
    });
    let lead = scene.say(
        "By the Monday of the week. ▲ marks weeks in which rules changed: a jump there may be the rule's, not people's.",
        "按每周周一。▲ 表示当周规则有变化：此处的跳变可能来自规则，而非人员行为。",
    );
    Section::new("weeks", scene.say("13 weeks", "13周趋势"), lead, blocks)
}

fn points_of(weeks: &[Week], of: impl Fn(&Week) -> Share, times: f64) -> Vec<TrendPoint> {
    let value = |share: Share| {
        let (low, high) = share.interval()?;
        Some((share.percent()? * times, low * times, high * times))
    };
    let point = |week: &Week| TrendPoint {
        name: week.monday.strftime("%m-%d").to_string(),
        value: value(of(week)),
        change: if week.changed_rules.is_empty() { String::new() } else { "▲".to_owned() },
    };
    weeks.iter().map(point).collect()
}

/// Which rules changed when.
fn changes(scene: &Scene<'_>, weeks: &[Week]) -> Option<Block> {
    let row = |week: &Week| {
        let rules = week.changed_rules.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
        let more = week.changed_rules.len().saturating_sub(12);
        let rules = if more > 0 { format!("{rules} … +{more}") } else { rules };
        vec![Cell::text(week.monday.to_string()), Cell::text(rules)]
    };
    let rows: Vec<Vec<Cell>> = weeks.iter().filter(|week| !week.changed_rules.is_empty()).map(row).collect();
    let head = [scene.say("Week from", "起始周"), scene.say("Rules that changed", "变化的规则")];
    (!rows.is_empty())
        .then(|| Block::Table { table: Table::new(scene.say("Changes of rules", "规则变化"), &head, rows) })
}

pub(super) fn complete(scene: &Scene<'_>) -> Section {
    let blocks = scene.blocks(&scene.figures.complete, |rows| {
        let head = [
            scene.say("Agency", "机构"),
            scene.say("#Answered", "#接通"),
            scene.say("#Inspected", "#已质检"),
            scene.say("#Failed", "#失败"),
            scene.say("#Excluded", "#排除"),
            scene.say("#Missing", "#缺录音"),
            scene.say("#Unexplained recordings", "#无对应拨打的录音"),
        ];
        let row = |row: &Completeness| {
            let numbers = [row.answered, row.inspected, row.failed, row.excluded, row.missing, row.unmatched];
            let name = if row.agency.is_empty() { "–" } else { row.agency.as_str() };
            std::iter::once(Cell::text(name)).chain(numbers.map(|number| Cell::number(count(number)))).collect()
        };
        let caption =
            scene.say("Answered = inspected + failed + excluded + missing", "接通 = 已质检 + 失败 + 排除 + 缺录音");
        vec![Block::Table { table: Table::new(caption, &head, rows.iter().map(row).collect()) }]
    });
    Section::new("complete", scene.say("Is it complete?", "是否完整"), "", blocks)
}

pub(super) fn money(scene: &Scene<'_>) -> Section {
    let blocks = scene.blocks(&scene.figures.money, |money| {
        let each = money.cost_each.map_or_else(|| "–".to_owned(), |each| format!("{each:.2}"));
        let beside = format!("{:.2} / {}", money.cost, count(money.confirmed));
        let mut tiles = vec![Tile::new(scene.say("Cost of a confirmed violation", "每项确认违规的成本"), each, beside)];
        if let Ok(paid) = money.paid {
            tiles.push(Tile::new(scene.say("Paid after these calls", "通话后还款"), format!("{paid:.2}"), ""));
        }
        let mut blocks = vec![Block::Tiles { tiles }];
        if let Err(lack) = money.paid {
            blocks.push(Block::Missing { text: super::lack::why(lack, scene.language).to_owned() });
        }
        blocks
    });
    Section::new("money", scene.say("Cost and yield", "成本与收益"), "", blocks)
}
