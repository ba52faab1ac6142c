//! docs/bi.md: every block runs on the results of a real run, and each of the ten questions gives, on small datasets made
//! for it, the answer worked out on paper. Intervals
//! of shares are Wilson's, worked out apart from the page's SQL.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

#[path = "bi/changes.rs"]
mod changes;
#[path = "bi/contact.rs"]
mod contact;
#[path = "bi/figures.rs"]
mod figures;
#[path = "bi/made.rs"]
mod made;
#[path = "bi/made_up.rs"]
mod made_up;
#[path = "bi/reviewed.rs"]
mod reviewed;

mod common;

use common::{callsift, packaged, python_has, rows, stderr, stdout};
use made::{Call, call};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const DAY: &str = "2026-11-20T10:00:00";
const REVIEWS: &str =
    "review_id,finding_id,call_id,reviewer,decided_at,decision,rule,selection,probability,appeal_of\n";

/// Few reviews prove a rule here.
const FEW: &str = "CREATE OR REPLACE VIEW settings AS SELECT 0.90 AS least_precision, 4 AS least_reviewed, \
                   20 AS least_calls, DATE '2026-11-30' AS known_until;";

/// A question on a dataset of its own.
struct Case {
    heading: &'static str,
    calls: Vec<Call>,
    /// Files beside the results: name and text.
    files: Vec<(&'static str, String)>,
    /// The expected rows of each block under the heading.
    expected: Vec<Value>,
}

impl Case {
    fn check(self) {
        if !python_has("duckdb, pandas") {
            return;
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        made::write(&folder.path().join("results"), self.calls);
        run_record(folder.path(), "run-1", "2026-11-21T01:00:00Z", json!({}));
        for (name, text) in self.files {
            common::write(&folder.path().join(name), text);
        }
        let answers = ask(folder.path(), &[self.heading]);
        let answers: Vec<&Value> =
            answers.iter().filter(|line| line["heading"] == self.heading).map(|line| &line["said"]["rows"]).collect();
        assert_eq!(answers, self.expected.iter().collect::<Vec<_>>(), "{}", self.heading);
    }
}

fn run_record(folder: &Path, run: &str, started_at: &str, more: Value) {
    let mut record = json!({"run": run, "command": "inspect", "status": "done", "started_at": started_at});
    let more = more.as_object().expect("an object").clone();
    record.as_object_mut().expect("an object").extend(more);
    common::write(&folder.join(format!("results/runs/{run}.json")), format!("{record:#}"));
}

/// What the blocks of the page say in `folder`, under `headings` or all of them: one object a block.
fn ask(folder: &Path, headings: &[&str]) -> Vec<Value> {
    ask_page(&packaged("docs/bi.md"), folder, headings)
}

/// As [`ask`], of another page.
fn ask_page(page: &Path, folder: &Path, headings: &[&str]) -> Vec<Value> {
    let output = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(packaged("tests/readers/run_bi.py"))
        .arg(page)
        .args(headings)
        .current_dir(folder)
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    stdout(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// One line of reviews.csv: finding, call, decision, rule, selection, probability.
fn review(at: usize, line: [&str; 6]) -> String {
    let [finding, call, decision, rule, selection, probability] = line;
    let (hour, minute) = (10 + at / 60, at % 60);
    format!(
        "r{at},{finding},{call},qa-1,2026-11-21T{hour}:{minute:02}:00+08:00,{decision},{rule},{selection},{probability},\n"
    )
}

fn reviews<'a>(lines: impl IntoIterator<Item = [&'a str; 6]>) -> (&'static str, String) {
    let lines = lines.into_iter().enumerate().map(|(at, line)| review(at, line));
    ("reviews.csv", REVIEWS.to_owned() + &lines.collect::<String>())
}

#[test]
fn completeness_is_that_of_the_last_run_of_a_day_and_agency() {
    if !python_has("duckdb, pandas") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    made::write(&folder.path().join("results"), vec![call("a", DAY)]);
    let hour = |day: &str, hour: u32, agency: &str, counts: [u32; 7]| {
        let [attempts, answered, inspected, failed, excluded, missing, unmatched] = counts;
        json!({"date": day, "hour": hour, "agency": agency, "attempts": attempts, "answered": answered,
               "inspected": inspected, "failed": failed, "excluded": excluded, "missing": missing, "unmatched": unmatched})
    };
    let first = json!({"reconciliation": [
        hour("2026-11-20", 9, "east", [90, 40, 10, 0, 0, 30, 0]),
        hour("2026-11-20", 9, "west", [20, 8, 8, 0, 0, 0, 1]),
    ]});
    let later = json!({"reconciliation": [
        hour("2026-11-20", 9, "east", [90, 40, 36, 1, 1, 2, 0]),
        hour("2026-11-20", 10, "east", [5, 0, 0, 0, 0, 0, 0]),
    ]});
    run_record(folder.path(), "run-1", "2026-11-20T12:00:00Z", first);
    run_record(folder.path(), "run-2", "2026-11-20T18:00:00Z", later);
    run_record(folder.path(), "run-3", "2026-11-20T20:00:00Z", json!({"counts": {"calls": 1}}));
    let answers = ask(folder.path(), &["1. Is it complete?"]);
    let expected = json!([
        ["2026-11-20", 9, "east", 40, 36, 1, 1, 2, 90.0, 0, true],
        ["2026-11-20", 9, "west", 8, 8, 0, 0, 0, 100.0, 1, true],
        ["2026-11-20", 10, "east", 0, 0, 0, 0, 0, null, 0, true],
    ]);
    assert_eq!(answers.last().expect("an answer")["said"]["rows"], expected);
}

#[test]
fn promises_are_kept_late_broken_or_open() {
    let fates = [
        ("2026-11-25", "2026-11-24", "500"),
        ("2026-11-25", "2026-11-25", "300"),
        ("2026-11-25", "2026-11-28", "200"),
        ("2026-11-25", "", ""),
        ("2026-11-30", "", ""),
        ("", "2026-11-22", "900"),
    ];
    let mut text = "call_id,promised,paid_at,amount,complaint_at\n".to_owned();
    let mut calls = Vec::new();
    for (at, (promised, paid_at, amount)) in fates.into_iter().enumerate() {
        let id = format!("c{at}");
        text += &format!("{id},{promised},{paid_at},{amount},\n");
        calls.push(call(&id, DAY).with(|call| {
            call.metadata.team = Some("team-a".into());
            call.metadata.product = Some("card".into());
        }));
    }
    let expected = json!([["team-a", "card", 5, 2, 1, 1, 1, 50.0, 15.0, 85.0, 1000.0]]);
    let files = vec![("settings.sql", FEW.into()), ("outcomes.csv", text)];
    Case { heading: "9. Are promises kept?", calls, files, expected: vec![expected] }.check();
}

#[test]
fn appeals_and_other_rules_change_what_stood() {
    if !python_has("duckdb, pandas") {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let results = folder.path().join("results");
    made::write(&results, reviewed::violations());
    made::write_changes(
        &results,
        &[
            ("a", "p.threat", "added", ["pass", "review"], [95.0, 85.0]),
            ("b", "p.threat", "added", ["pass", "review"], [96.0, 90.0]),
            ("c", "", "changed", ["review", "pass"], [88.0, 91.5]),
        ],
    );
    run_record(folder.path(), "run-1", "2026-11-21T01:00:00Z", json!({}));
    let line = |at: usize, finding, decision, selection, of: &str| {
        let mut line = review(at, [finding, "", decision, "", selection, ""]);
        line.insert_str(line.len() - 1, of);
        line
    };
    let lines = [
        line(1, "t1", "upheld", "random", ""),
        line(2, "t1", "overturned", "appeal", "r1"),
        line(3, "t2", "upheld", "appeal", ""), // against the tool's finding
        line(4, "i1", "overturned", "appeal", ""),
        line(5, "t3", "overturned", "random", ""),
        line(6, "t3", "upheld", "appeal", "r5"),
        line(7, "t4", "overturned", "risk", ""),
        line(8, "t4", "overturned", "appeal", "r7"), // nothing changed
    ];
    common::write(&folder.path().join("reviews.csv"), REVIEWS.to_owned() + &lines.concat());
    let answers = ask(folder.path(), &["10. What changed on appeal?"]);
    let [appeals, changes] = &answers[answers.len() - 2..] else { panic!("{answers:?}") };
    let expected =
        json!([["p.insult", 1, 1, 0, 100.0, 20.7, 100.0, 5.0, 1], ["p.threat", 4, 1, 2, 25.0, 4.6, 69.9, 5.0, 0],]);
    assert_eq!(appeals["said"]["rows"], expected);
    let expected = json!([["p.threat", "added", "pass", "review", 2, -8.0], ["", "changed", "review", "pass", 1, 3.5]]);
    assert_eq!(changes["said"]["rows"], expected);
}

#[test]
fn every_block_runs_on_the_results_of_a_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("results");
    let output = callsift(&packaged(""), &["inspect", "fixtures/calls", "--out", out.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    if !python_has("duckdb, pandas") {
        return;
    }
    let without_files = ask(folder.path(), &[]);
    let left_out = ["reviews.csv", "outcomes.csv", "attempts.csv"].map(|file| format!("left out: there is no {file}"));
    let said = without_files.iter().filter_map(|line| line["said"].as_str()).filter(|said| *said != "made");
    assert_eq!(said.collect::<Vec<_>>(), [&left_out[0], &left_out[1], &left_out[2], "left out: it needs Spark"]);
    answers_look_as_shown(&without_files);

    let finding = rows(&out, "findings").into_iter().find(|row| row["rule"] == PROFANITY).expect("a finding");
    let (name, text) = reviews([[&finding["finding_id"], &finding["call_id"], "upheld", PROFANITY, "random", ""]]);
    common::write(&folder.path().join(name), text);
    let outcome = format!("call_id,promised,paid_at,amount,complaint_at\n{},,,,2026-11-21\n", finding["call_id"]);
    common::write(&folder.path().join("outcomes.csv"), outcome);
    common::write(&folder.path().join("attempts.csv"), contact::dialled());
    answers_fit_the_run(&ask(folder.path(), &[]), &rows(&out, "calls"));
    figures::agree(folder.path());
}

const PROFANITY: &str = "cn-collections.profanity";

/// The tables under the questions have the columns that the answers have.
fn answers_look_as_shown(answers: &[Value]) {
    let page = std::fs::read_to_string(packaged("docs/bi.md")).expect("readable");
    let (_, questions) = page.split_once("\n## 1. ").expect("questions");
    let (questions, _) = questions.split_once("\n## From other tools").expect("an end");
    let after_blocks = questions.split("```sql\n").skip(1).map(|block| block.split_once("```\n\n").expect("an end").1);
    let shown = after_blocks.map(|text| text.lines().next().unwrap_or_default().to_owned());
    let of_questions = answers.iter().filter(|line| line["heading"].as_str().is_some_and(|it| it.contains(". ")));
    let answered = of_questions.map(|line| {
        let columns = line["said"]["columns"].as_array().expect("columns");
        let columns: Vec<&str> = columns.iter().filter_map(Value::as_str).collect();
        format!("| {} |", columns.join(" | "))
    });
    let (shown, answered): (Vec<String>, Vec<String>) = (shown.collect(), answered.collect());
    assert_eq!(shown, answered);
    assert_eq!(shown.len(), 15, "ten questions, one of them with four parts, two with two");
}

/// Answers over the fixtures, with one finding reviewed, against counts taken without SQL.
fn answers_fit_the_run(answers: &[Value], calls: &[common::Row]) {
    let of = |heading: &str, block: u32| {
        let it = answers.iter().find(|line| line["heading"] == heading && line["block"] == block);
        it.expect("a block")["said"]["rows"].as_array().expect("rows").clone()
    };
    let counts =
        |row: &&common::Row| row["eligible"] == "true" && row["has_transcript"] == "true" && !row["decoder"].is_empty();
    let evaluable = calls.iter().filter(counts).filter(|row| row["rules_evaluated"].contains(PROFANITY)).count();
    let rates = of("2. How often are rules broken?", 1);
    let rate = rates.iter().find(|row| row[1] == PROFANITY).expect("the rule");
    assert_eq!(
        [&rate[2], &rate[3], &rate[5], &rate[6]],
        [&json!(evaluable), &json!(1), &json!(1), &json!(0)],
        "{rate}"
    );
    assert!(evaluable > 15 && evaluable < calls.len(), "{evaluable}");
    for row in of("3. Behaviour or instrument?", 1) {
        let number = |at: usize| row[at].as_f64().expect("a number");
        let parts: f64 = (6..=10).map(number).sum();
        assert!((parts - number(5)).abs() < 0.04, "the parts do not add up: {row}");
    }
    let at_night = of("8. Is contact lawful?", 3);
    assert_eq!(at_night.iter().map(|row| &row[3]).collect::<Vec<_>>(), ["forbidden-hours-01"]);
    assert_eq!(of("From other tools", 1).len(), calls.iter().filter(counts).count());
}
