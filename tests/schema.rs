//! `callsift schema` says what is in the tables.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

mod common;

use common::{callsift, packaged, stderr, stdout};
use std::collections::BTreeSet;

const TABLES: [&str; 9] =
    ["calls", "turns", "stretches", "entities", "findings", "score_items", "not_evaluated", "rules", "verdict_changes"];

fn schema(more: &[&str]) -> String {
    let output = callsift(&packaged(""), &[&["schema"], more].concat());
    assert_eq!(output.status.code(), Some(0), "{more:?}: {}", stderr(&output));
    assert_eq!(stderr(&output), "", "{more:?}");
    stdout(&output)
}

#[test]
fn markdown_is_the_page_of_the_documentation() {
    let page = std::fs::read_to_string(packaged("docs/tables.md")).expect("readable");
    assert!(schema(&["--format", "markdown"]) == page, "the pages differ");
    let one = schema(&["rules", "--format", "markdown"]);
    assert!(one.starts_with("## rules\n\nOne row per rule that judged"), "{one}");
    assert!(page.contains(&one) && !one.contains("## verdict_changes"), "{one}");
}

#[test]
fn json_has_one_object_a_table() {
    let said = schema(&["--format", "json"]);
    let lines: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let named = lines.iter().map(|line| line["table"].as_str().expect("a name"));
    assert_eq!(named.collect::<Vec<_>>(), TABLES);
    for line in &lines {
        let table = &line["table"];
        assert_eq!(line["schema_version"], 1, "{table}");
        assert_eq!(line["partitioned_by"].as_str(), (table != "rules").then_some("date"), "{table}");
        let columns = line["columns"].as_array().expect("a list");
        let names: BTreeSet<_> = columns.iter().map(|column| column["name"].as_str().expect("a name")).collect();
        assert_eq!(names.len(), columns.len(), "{table}: a column stands there twice");
        assert!(columns.iter().all(|column| column["meaning"].as_str().is_some_and(|text| text.contains('.'))));
    }
    let rates = serde_json::json!({
        "name": "rules_evaluated", "type": "list of text", "nullable": true, "unit": "",
        "meaning": "Ids of the rules, active and on trial, that were applicable and had an answer, sorted: the \
                    denominator of a rule's rate. A rule that is neither here nor in `not_evaluated` was not about the call.",
    });
    assert_eq!(lines[0]["columns"].as_array().expect("a list").last(), Some(&rates));
    let silence = serde_json::json!({
        "name": "silences[].start_ms", "type": "int64", "nullable": false, "unit": "ms",
        "meaning": "Where it starts in the recording.",
    });
    assert!(lines[0]["columns"].as_array().expect("a list").contains(&silence));
}

#[test]
fn text_has_a_line_a_column() {
    let all = schema(&[]);
    for table in TABLES {
        assert!(all.lines().any(|line| line.starts_with(&format!("{table}: One row per "))), "{table}: {all}");
    }
    let cells = |line: &str| {
        let cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
        cells.map(str::to_owned).collect::<Vec<_>>()
    };
    let said = schema(&["findings"]);
    let lines: Vec<Vec<String>> = said.lines().skip(2).map(cells).collect();
    assert_eq!(lines[0], ["column", "type", "unit", "meaning"]);
    assert!(
        lines.contains(
            &["start_ms", "int64, may be null", "ms", "Where the evidence starts in the recording."]
                .map(str::to_owned)
                .to_vec()
        )
    );
    assert_eq!(lines.last().expect("lines")[..2], ["date", "date, may be null"]);
    assert!(!said.contains("turns: "), "{said}");
    assert!(!schema(&["rules"]).contains("\n date "), "rules have no date");
}

#[test]
fn an_unknown_table_is_named_with_what_is_near() {
    for (name, says) in [
        ("finding", "no table \"finding\"; did you mean `findings`? there are `calls`, `turns`,"),
        ("xyzzy", "no table \"xyzzy\"; there are `calls`, `turns`,"),
    ] {
        let output = callsift(&packaged(""), &["schema", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
        assert_eq!(stdout(&output), "", "{name}");
    }
    let output = callsift(&packaged(""), &["schema", "--format", "yaml"]);
    assert_eq!(output.status.code(), Some(2));
}
