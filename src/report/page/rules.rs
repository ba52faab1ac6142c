//! Rules: where they are broken, and how far they are to be believed.

use super::scene::{Scene, most_percent};
use super::view::{Block, Cell, Section, Table};
use crate::finding::RuleStatus;
use crate::report::names;
use crate::report::text::{count, percent};
use crate::report::{RuleFigures, Share, Standing, TeamRules};

/// More columns than this are not read by anybody.
const RULES_ACROSS: usize = 12;

/// Team by rule: the rules that report most.
pub(super) fn teams(scene: &Scene<'_>) -> Section {
    let blocks = scene.blocks(&scene.figures.teams, |teams| {
        let mut rules: Vec<&RuleFigures> = reporting(scene).collect();
        rules.sort_by_key(|rule| (std::cmp::Reverse(rule.severity), std::cmp::Reverse(rule.reported.hits)));
        rules.truncate(RULES_ACROSS);
        vec![Block::Table { table: heat(scene, teams, &rules) }]
    });
    let lead = scene.say(
        "Share of calls with a finding, of those on which the rule had an answer; under it, of how many calls. The darker, the higher within a rule.",
        "有该规则发现的通话占比（分母为该规则可评定的通话），下方为通话数。同一规则内颜色越深占比越高。",
    );
    Section::new("teams", scene.say("Teams and rules", "班组与规则"), lead, blocks)
}

fn reporting<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a RuleFigures> + use<'a> {
    scene.figures.rules.iter().filter(|rule| rule.status == RuleStatus::Active && rule.reported.hits > 0)
}

fn heat(scene: &Scene<'_>, teams: &[TeamRules], rules: &[&RuleFigures]) -> Table {
    let share = |team: &TeamRules, rule: &RuleFigures| team.rules.get(&rule.rule).copied().unwrap_or_default();
    let most: Vec<f64> = rules
        .iter()
        .map(|rule| teams.iter().filter_map(|team| share(team, rule).percent()).fold(0.0, f64::max))
        .collect();
    let row = |team: &TeamRules| {
        let cells = rules.iter().zip(&most).map(|(rule, most)| heat_cell(share(team, rule), *most));
        let first = [Cell::text(team.team.as_str()).class("name"), heat_cell(team.group.violation, 0.0)];
        first.into_iter().chain(cells).collect()
    };
    let mut head = vec![scene.say("Team", "班组"), scene.say("#Any", "#任一")];
    let titles: Vec<String> = rules.iter().map(|rule| format!("#{}", rule.title)).collect();
    head.extend(titles.iter().map(String::as_str));
    Table::new(scene.say("Teams and rules", "班组与规则"), &head, teams.iter().map(row).collect())
}

fn heat_cell(share: Share, most: f64) -> Cell {
    const SHADES: [&str; 5] = ["", "heat1", "heat2", "heat3", "heat4"];
    let depth = share.percent().filter(|_| most > 0.0).map_or(0.0, |percent| 4.0 * percent / most);
    Cell::number(percent(share)).below(count(share.of)).class(SHADES[(depth.ceil() as usize).min(4)])
}

/// Every rule that reported, or could not be asked.
pub(super) fn health(scene: &Scene<'_>) -> Section {
    let rules: Vec<&RuleFigures> = scene.figures.rules.iter().filter(|rule| rule.findings > 0).collect();
    let most = most_percent(rules.iter().map(|rule| rule.reported));
    let rows = rules.iter().map(|rule| row(scene, rule, most)).collect();
    let head = [
        scene.say("Rule", "规则"),
        scene.say("Severity", "级别"),
        scene.say("#Calls with a finding", "#报告占比"),
        scene.say("95 % interval", "95%区间"),
        scene.say("#Calls asked", "#可评定通话"),
        scene.say("#Confirmed", "#确认占比"),
        scene.say("#Right of reviewed", "#复核准确率"),
        scene.say("#Appeals upheld", "#申诉成功"),
        scene.say("Half to half", "前后半期"),
        scene.say("No answer", "无法评定"),
    ];
    let caption = scene.say("Rules that reported, gravest first", "有报告的规则，最严重在前");
    let lead = scene.say(
        "A rule is believed once at least 90 % of 20 or more findings reviewed at random were upheld.",
        "随机复核至少20条发现且90%以上成立时，规则视为可信。",
    );
    let mut blocks = vec![Block::Table { table: Table::new(caption, &head, rows) }];
    if scene.figures.confirmed.is_err() {
        blocks.push(Block::Missing { text: super::lack::why(crate::report::Lack::Reviews, scene.language).to_owned() });
    }
    Section::new("rules", scene.say("Health of the rules", "规则健康度"), lead, blocks)
}

fn row(scene: &Scene<'_>, rule: &RuleFigures, most: f64) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(rule.title.as_str()).below(rule.rule.as_str()).class("name"),
        scene.severity_cell(rule.severity),
    ];
    cells.extend(scene.share_cells(rule.reported, most));
    cells.push(Cell::number(rule.confirmed.map_or_else(|_| "–".to_owned(), percent)));
    cells.push(precision(scene, rule));
    cells.push(Cell::number(if rule.appeals.of > 0 {
        format!("{} / {}", rule.appeals.hits, rule.appeals.of)
    } else {
        "–".to_owned()
    }));
    cells.push(Cell::text(
        rule.halves.map_or_else(String::new, |(before, after)| format!("{} → {}", percent(before), percent(after))),
    ));
    let reasons = rule
        .not_evaluated
        .iter()
        .map(|(reason, calls)| format!("{} {}", names::reason(reason, scene.language), count(*calls)));
    cells.push(Cell::text(reasons.collect::<Vec<_>>().join(scene.say(", ", "，"))).class("small"));
    cells
}

fn precision(scene: &Scene<'_>, rule: &RuleFigures) -> Cell {
    let Some(share) = rule.precision else { return Cell::number("–") };
    let standing = match rule.standing {
        Standing::Believed => scene.say("believed", "可信"),
        Standing::Doubted => scene.say("doubted", "存疑"),
        Standing::Unproven => scene.say("unproven", "样本不足"),
    };
    Cell::number(percent(share)).below(format!("{} / {} · {standing}", share.hits, share.of))
}
