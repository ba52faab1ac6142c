//! The figures of a report equal what the SQL of docs/bi.md says, and that of figures.md, which is written with its views.

use super::made::{Call, call};
use super::made_up::made_up;
use super::{DAY, ask_page, contact, made, packaged, python_has, run_record};
use callsift::batch::{BroughtFiles, figures, read_brought};
use callsift::dataset::Snapshot;
use callsift::report::{Figures, Group, Known, Occasion, Scope, Share};
use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::path::Path;

const SHOWN: usize = 25;

/// The figures of the dataset in `folder`, with the files that stand beside it.
fn figures_of(folder: &Path, scope: &Scope) -> Figures {
    let file = |name: &str| Some(folder.join(name)).filter(|path| path.exists());
    let files = BroughtFiles {
        reviews: file("reviews.csv"),
        outcomes: file("outcomes.csv"),
        attempts: file("attempts.csv"),
        cost: Some(1000.0),
        known_until: Some(Date::constant(2026, 11, 30)),
        ..BroughtFiles::default()
    };
    let brought = read_brought(&files).expect("files without mistakes");
    let snapshot = Snapshot::open(&folder.join("results")).expect("a dataset");
    figures(&snapshot, scope, brought, SHOWN).expect("figures")
}

/// Holds every figure of the dataset in `folder` against the answer under its heading.
pub(crate) fn agree(folder: &Path) {
    let of_figures = std::fs::read_to_string(packaged("tests/bi/figures.md")).expect("readable");
    let page = std::fs::read_to_string(packaged("docs/bi.md")).expect("readable");
    let page = blocks_of(&page).into_iter().fold(page + &of_figures, |page, block| page + &block);
    super::common::write(&folder.join("page.md"), page);
    super::common::write(&folder.join("settings.sql"), SETTINGS);
    let figures = figures_of(folder, &Scope::default());
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    assert_eq!(alone.install(|| figures_of(folder, &Scope::default())), figures, "they hang on the number of threads");
    let expected = rows_of(&figures);
    let headings: Vec<&str> =
        ["Figures: views"].into_iter().chain(expected.iter().map(|(heading, _)| *heading)).collect();
    let answers = ask_page(&folder.join("page.md"), folder, &headings);
    let mut wrong = Vec::new();
    for (heading, rows) in expected {
        let answer = answers.iter().find(|line| line["heading"] == heading);
        let answer = &answer.unwrap_or_else(|| panic!("no answer to {heading}"))["said"]["rows"];
        if !alike(answer, &rows) {
            wrong.push(format!("{heading}\nby SQL:     {answer}\nby figures: {rows}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Of blocks of the page: under which heading they are asked here, which of the page's it is, and what of it is looked at.
const BLOCKS: [(&str, &str, usize, &str); 6] = [
    ("Figures: debtor-days", "8. Is contact lawful?", 1, "* FROM block WHERE over_3"),
    ("Figures: number-days", "8. Is contact lawful?", 2, "* EXCLUDE (customer_id) FROM block"),
    (
        "Figures: night",
        "8. Is contact lawful?",
        3,
        "started_local, date_trunc('second', ended_local), call_id, agent_id FROM block",
    ),
    ("Figures: third persons", "8. Is contact lawful?", 4, "* FROM block"),
    (
        "Figures: promises",
        "9. Are promises kept?",
        1,
        "* FROM block ORDER BY coalesce(team, ''), coalesce(product, '')",
    ),
    (
        "Figures: appeals",
        "10. What changed on appeal?",
        1,
        "rule, appeals, overturned FROM block WHERE rule IN (SELECT rule FROM violation_rules) ORDER BY rule",
    ),
];

/// The blocks, each under its heading here.
fn blocks_of(page: &str) -> Vec<String> {
    let block = |(heading, of_page, number, looked_at): (&str, &str, usize, &str)| {
        let (_, under) = page.split_once(&format!("## {of_page}")).expect("a heading");
        let sql = under.split("```sql\n").nth(number).and_then(|rest| rest.split_once(";\n```")).expect("a block").0;
        format!("\n## {heading}\n\n```sql\nWITH block AS ({sql})\nSELECT {looked_at};\n```\n")
    };
    BLOCKS.into_iter().map(block).collect()
}

const SETTINGS: &str = "CREATE OR REPLACE VIEW settings AS SELECT 0.90 AS least_precision, 20 AS least_reviewed, \
                        20 AS least_calls, DATE '2026-11-30' AS known_until;";

/// Numbers may differ by what adding in another order changes.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        _ => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => (one - other).abs() <= 1e-6 * one.abs().max(1.0),
            _ => one == other,
        },
    }
}

/// What a list says, or no row where it is not known.
fn rows<T>(list: &Known<Vec<T>>, row: impl Fn(&T) -> Value) -> Value {
    list.iter().flatten().map(row).collect()
}

fn shown(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn rounded(percent: Option<f64>) -> Value {
    percent.map_or(Value::Null, |percent| json!((percent * 10.0).round() / 10.0))
}

fn group_row(group: &Group) -> Value {
    let Group { name, eligible, violation, red_line, mean_score } = group;
    json!([name, eligible, violation.of, violation.hits, red_line.hits, mean_score])
}

/// By heading: the rows that SQL must give.
fn rows_of(figures: &Figures) -> Vec<(&'static str, Value)> {
    let all = [of_calls(figures), of_rules(figures), of_groups(figures), of_people(figures), of_contact(figures)];
    all.concat()
}

fn of_calls(figures: &Figures) -> Vec<(&'static str, Value)> {
    let calls = &figures.calls;
    let counts = json!([[
        calls.all,
        calls.undated,
        calls.failed,
        calls.partial,
        calls.skipped,
        calls.eligible,
        calls.half_known,
        calls.sound_s,
        calls.mean_score
    ]]);
    let mut verdicts: Vec<(&str, u64)> = calls.verdicts.iter().map(|(verdict, n)| (verdict.name(), *n)).collect();
    verdicts.sort_unstable();
    let mut findings: Vec<(&str, u64)> = calls.findings.iter().map(|(severity, n)| (severity.name(), *n)).collect();
    findings.sort_unstable();
    let outcomes: Vec<(&String, &u64)> = calls.other_outcomes.iter().collect();
    let Share { hits, of } = figures.violation;
    let interval = figures.violation.interval();
    let shares = json!([[
        of,
        figures.red_line.hits,
        hits,
        figures.confirmed.ok().map(|confirmed| confirmed.hits),
        figures.unproven,
        rounded(figures.violation.percent()),
        rounded(interval.map(|(low, _)| low)),
        rounded(interval.map(|(_, high)| high)),
    ]]);
    let weeks = figures
        .weeks
        .iter()
        .flatten()
        .rev()
        .filter(|week| week.violation.of > 0)
        .map(|week| json!([week.monday.to_string(), week.violation.of, week.violation.hits, week.red_line.hits]));
    let money = figures.money.as_ref().ok().map(|money| json!([[money.confirmed, money.paid.ok()]]));
    let all = vec![
        ("Figures: shares", shares),
        ("Figures: calls", counts),
        ("Figures: verdicts", json!(verdicts)),
        ("Figures: findings", json!(findings)),
        ("Figures: outcomes of calls", json!(outcomes)),
        ("Figures: weeks", weeks.collect()),
        ("Figures: pending", json!([[figures.pending.calls, figures.pending.over_a_day.unwrap_or_default()]])),
    ];
    all.into_iter().chain(money.map(|money| ("Figures: money", money))).collect()
}

fn of_rules(figures: &Figures) -> Vec<(&'static str, Value)> {
    let mut all: Vec<_> = figures.rules.iter().collect();
    let is_sorted =
        all.is_sorted_by_key(|rule| (Reverse(rule.severity), Reverse(rule.reported.hits), rule.rule.clone()));
    assert!(is_sorted, "rules in another order");
    all.sort_by(|one, other| one.rule.cmp(&other.rule));
    let rules = all.iter().map(|rule| {
        let precision = rule.precision.unwrap_or_default();
        json!([
            rule.rule,
            rule.revisions,
            rule.reported.of,
            rule.reported.hits,
            rule.findings,
            rule.confirmed.ok().map(|confirmed| confirmed.hits),
            precision.of,
            precision.hits,
            format!("{:?}", rule.standing).to_lowercase(),
        ])
    });
    let reasons =
        all.iter().flat_map(|rule| rule.not_evaluated.iter().map(|(reason, count)| json!([rule.rule, reason, count])));
    let halves = all.iter().filter_map(|rule| {
        let (first, second) = rule.halves?;
        Some(json!([rule.rule, first.hits, first.of, second.hits, second.of]))
    });
    let teams = figures
        .teams
        .iter()
        .flatten()
        .flat_map(|team| team.rules.iter().map(|(rule, share)| json!([team.team, rule, share.hits, share.of])));
    vec![
        ("Figures: rules", rules.collect()),
        ("Figures: reasons", reasons.collect()),
        ("Figures: halves", halves.collect()),
        ("Figures: teams", teams.collect()),
    ]
}

fn of_groups(figures: &Figures) -> Vec<(&'static str, Value)> {
    let counted = |groups: &Known<Vec<Group>>| -> Value {
        groups.iter().flatten().filter(|group| group.eligible > 0).map(group_row).collect()
    };
    let instruments = figures.instruments.iter().map(|heard| {
        json!([
            heard.engine,
            heard.model,
            heard.language,
            heard.conversations,
            heard.mean_coverage,
            heard.mean_confidence
        ])
    });
    vec![
        ("Figures: groups of teams", rows(&figures.teams, |team| group_row(&team.group))),
        ("Figures: agencies", rows(&figures.agencies, group_row)),
        ("Figures: hours", counted(&figures.hours)),
        ("Figures: weekdays", counted(&figures.weekdays)),
        ("Figures: products", figures.products.iter().map(group_row).collect()),
        ("Figures: instruments", instruments.collect()),
    ]
}

fn of_people(figures: &Figures) -> Vec<(&'static str, Value)> {
    let agents = rows(&figures.agents, |agent| {
        let Group { eligible, violation, red_line, mean_score, .. } = &agent.group;
        let complaints = agent.complaints.unwrap_or_default();
        json!([
            agent.agent_id,
            agent.team.as_deref().unwrap_or_default(),
            agent.calls,
            agent.answered,
            agent.talk_s,
            eligible,
            violation.of,
            violation.hits,
            red_line.hits,
            mean_score,
            agent.abused,
            complaints,
            agent.is_ranked,
        ])
    });
    let occasion = |it: &Occasion| json!([it.call_id, it.start_ms.map(|ms| ms.to_string()), it.quote]);
    let repeats = rows(&figures.repeats, |repeat| {
        let occasions: Vec<Value> = repeat.occasions.iter().map(occasion).collect();
        json!([repeat.agent_id, repeat.rule, repeat.severity.name(), occasions])
    });
    let worst = figures.worst.iter().map(|call| json!([call.call_id, call.severity.name(), call.score]));
    vec![("Figures: agents", agents), ("Figures: repeats", repeats), ("Figures: worst", worst.collect())]
}

fn of_contact(figures: &Figures) -> Vec<(&'static str, Value)> {
    let contact = &figures.contact;
    let debtor_days = rows(&contact.debtor_days, |day| {
        json!([day.date.to_string(), day.customer_id, day.calls_0_s, day.calls_10_s, day.calls_30_s, true])
    });
    let number_days =
        rows(&contact.number_days, |day| json!([day.date.to_string(), day.number, day.attempts, day.answered]));
    let night = rows(&contact.night, |call| {
        json!([shown(call.started_local), shown(call.ended_local), call.call_id, call.agent_id])
    });
    let thirds = rows(&contact.third_persons, |third| {
        let number = Some(&third.number).filter(|number| !number.is_empty());
        json!([
            shown(third.ring_local),
            third.customer_id,
            number,
            third.callee_role,
            third.attempts_before,
            third.failures_before
        ])
    });
    let promises = rows(&figures.promises, |it| {
        let interval = it.kept.interval();
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        json!([
            text(&it.team),
            text(&it.product),
            it.kept.of + it.open,
            it.kept.hits,
            it.late,
            it.broken,
            it.open,
            rounded(it.kept.percent()),
            rounded(interval.map(|(low, _)| low)),
            rounded(interval.map(|(_, high)| high)),
            it.paid
        ])
    });
    let mut appealed: Vec<_> = figures.rules.iter().collect();
    appealed.sort_by(|one, other| one.rule.cmp(&other.rule));
    let appeals = appealed
        .into_iter()
        .filter(|rule| rule.appeals.of > 0)
        .map(|rule| json!([rule.rule, rule.appeals.of, rule.appeals.hits]));
    let complete = rows(&figures.complete, |it| {
        json!([it.agency, it.answered, it.inspected, it.failed, it.excluded, it.missing, it.unmatched])
    });
    vec![
        ("Figures: completeness", complete),
        ("Figures: debtor-days", debtor_days),
        ("Figures: number-days", number_days),
        ("Figures: night", night),
        ("Figures: third persons", thirds),
        ("Figures: promises", promises),
        ("Figures: appeals", appeals.collect()),
    ]
}

#[test]
fn figures_equal_sql_on_made_up_calls() {
    if !python_has("duckdb, pandas") {
        return;
    }
    for is_reviewed in [false, true] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = made_up(900);
        made::commit(&folder.path().join("results"), made.calls);
        reconciled(folder.path());
        if is_reviewed {
            super::common::write(&folder.path().join("reviews.csv"), made.reviews);
            super::common::write(&folder.path().join("outcomes.csv"), made.outcomes);
            super::common::write(&folder.path().join("attempts.csv"), contact::dialled());
        }
        agree(folder.path());
    }
}

#[test]
fn figures_equal_sql_on_calls_made_for_its_questions() {
    if !python_has("duckdb, pandas") {
        return;
    }
    for calls in [contact::contacts(), super::reviewed::violations()] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        made::commit(&folder.path().join("results"), calls);
        reconciled(folder.path());
        super::common::write(&folder.path().join("attempts.csv"), contact::dialled());
        agree(folder.path());
    }
}

/// What a scope leaves is what a dataset of its calls alone gives, but for what is known of no call.
#[test]
fn a_scope_is_as_if_there_were_no_other_calls() {
    let made = made_up(300);
    let folder = tempfile::tempdir().expect("a temporary folder");
    made::commit(&folder.path().join("results"), made.calls.clone());
    let date = |call: &Call| call.metadata().started_at.map(|start| start.local_date());
    let (from, to) = (Date::constant(2026, 10, 12), Date::constant(2026, 10, 20));
    type IsMeant<'a> = &'a dyn Fn(&Call) -> bool;
    let cases: [(Scope, IsMeant<'_>); 3] = [
        (Scope { team: Some("team-a".into()), ..Scope::default() }, &|call| {
            call.metadata().team.as_deref() == Some("team-a")
        }),
        (Scope { agent: Some("agent-2".into()), ..Scope::default() }, &|call| {
            call.metadata().agent_id.as_deref() == Some("agent-2")
        }),
        (Scope { from: Some(from), to: Some(to), ..Scope::default() }, &|call| {
            date(call).is_some_and(|date| from <= date && date <= to)
        }),
    ];
    for (scope, is_meant) in cases {
        let alone = tempfile::tempdir().expect("a temporary folder");
        let calls = made.calls.iter().filter(|call| is_meant(call)).cloned().collect();
        made::commit(&alone.path().join("results"), calls);
        let of_scope = figures_of(folder.path(), &scope);
        assert_eq!(of_scope.own.is_some(), scope.agent.is_some());
        let mut expected = figures_of(alone.path(), &Scope::default());
        (expected.scope, expected.own) = (scope, of_scope.own.clone());
        expected.worst.iter_mut().zip(&of_scope.worst).for_each(|(one, other)| one.batch.clone_from(&other.batch));
        assert!(of_scope.calls.all > 20 && of_scope.calls.all < 300, "{:?}", of_scope.calls);
        assert_eq!(of_scope, expected);
    }
}

/// Of a file that is read in parts, the first parts have calls whose turns nobody needs.
#[test]
fn turns_are_read_of_calls_behind_others() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let measured = (0..1_100).map(|at| call(&format!("a{at:04}"), DAY).by("a").speaks(9_000, 1_000));
    let words_alone = (0..50).map(|at| call(&format!("b{at:02}"), DAY).by("b").words_alone(9_000, 4_000));
    made::commit(&folder.path().join("results"), measured.chain(words_alone).collect());
    let agents = figures_of(folder.path(), &Scope::default()).agents.expect("agents");
    let said: Vec<_> = agents.iter().map(|it| (it.agent_id.as_str(), it.answered, it.talk_s)).collect();
    assert_eq!(said, [("a", 1_100, 33_000.0), ("b", 50, 650.0)], "30 s each as measured, 13 s each by their turns");
}

/// Runs that were given attempts, the last of which speaks for a day and agency.
fn reconciled(folder: &Path) {
    let hour = |day: &str, hour: u32, agency: Option<&str>, answered: u32, inspected: u32| {
        json!({"date": day, "hour": hour, "agency": agency, "attempts": answered + 7, "answered": answered,
               "inspected": inspected, "failed": 1, "excluded": 0, "missing": answered - inspected - 1, "unmatched": 2})
    };
    let first = [hour("2026-11-20", 9, Some("east"), 40, 10), hour("2026-11-20", 9, None, 8, 6)];
    let later = [hour("2026-11-20", 9, Some("east"), 40, 36), hour("2026-11-20", 10, Some("east"), 5, 4)];
    run_record(folder, "run-1", "2026-11-20T12:00:00Z", json!({"reconciliation": first}));
    run_record(folder, "run-2", "2026-11-20T18:00:00Z", json!({"reconciliation": later}));
    run_record(folder, "run-3", "2026-11-20T20:00:00Z", json!({"counts": {"calls": 1}}));
}
