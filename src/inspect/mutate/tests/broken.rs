//! Which mutants a rule has.

use super::super::mutants;
use super::{ANY_EXAMPLES, lists, rule};
use crate::rules::model::Rule;

/// What is broken in each mutant, `look_for.it.` left out.
fn broken(rule: &Rule) -> Vec<String> {
    let all = mutants(rule, &lists()).into_iter();
    all.map(|mutant| mutant.what.strip_prefix("look_for.it.").map_or(mutant.what.clone(), str::to_owned)).collect()
}

#[test]
fn every_kind_is_broken_in_its_ways() {
    let more = "count_at_least 2 instead of 1";
    let table: [(&str, &str, &[&str]); 12] = [
        (
            "words",
            r#"words = ["lexicon:zh/threat", "lexicon:zh/hold", "去你家"]
            negation = "excludes"
            quotation = "excludes"
            sounds_like = true
            not_before = ["机"]
            not_after = ["请", "您"]"#,
            &[
                "words without lexicon:zh/threat",
                "words without lexicon:zh/hold",
                "words without 去你家",
                "not_before without 机",
                "not_after without 请",
                "not_after without 您",
                "negation ignored instead of excludes",
                "quotation ignored instead of excludes",
                "sounds_like false instead of true",
                more,
                "lexicon:zh/threat without never",
            ],
        ),
        (
            "patterns",
            r#"patterns = ["去.家", "找.人"]
            except = ["去我家"]
            negation = "excludes"
            quotation = "excludes""#,
            &[
                "patterns without 去.家",
                "patterns without 找.人",
                "except without 去我家",
                "negation ignored instead of excludes",
                "quotation ignored instead of excludes",
                more,
            ],
        ),
        (
            "a speaker and a number",
            r#"words = ["好"]
            speaker = "agent"
            count_at_least = 3"#,
            &[
                "words without 好",
                "speaker any instead of agent",
                "speaker customer instead of agent",
                "count_at_least 1 instead of 3",
                "count_at_least 2 instead of 3",
                "count_at_least 4 instead of 3",
            ],
        ),
        (
            "several speakers and a place",
            r#"words = ["好"]
            speaker = ["agent", "bot"]
            where = "first 3 turns""#,
            &[
                "words without 好",
                "speaker any instead of agent or bot",
                "speaker customer or bot instead of agent or bot",
                "where anywhere instead of first 3 turns",
                "where first 6 turns instead of first 3 turns",
                "where first 1 turn instead of first 3 turns",
                more,
            ],
        ),
        (
            "a bot, all the call, twice",
            r#"words = ["好"]
            speaker = "bot"
            where = "last 100 %"
            count_at_least = 2"#,
            &[
                "words without 好",
                "speaker any instead of bot",
                "where anywhere instead of last 100 %",
                "where last 50 % instead of last 100 %",
                "count_at_least 1 instead of 2",
                "count_at_least 3 instead of 2",
            ],
        ),
        (
            "speech_rate",
            r#"kind = "speech_rate"
            above = ["380 chars/min", "240 words/min"]
            below = "100 chars/min"
            min_chars_count = 10
            min_length = "0 s""#,
            &[
                "below 380 chars/min or 240 words/min instead of above 380 chars/min or 240 words/min",
                "above 304 chars/min or 192 words/min instead of 380 chars/min or 240 words/min",
                "above 456 chars/min or 288 words/min instead of 380 chars/min or 240 words/min",
                "above 100 chars/min instead of below 100 chars/min",
                "below 80 chars/min instead of 100 chars/min",
                "below 120 chars/min instead of 100 chars/min",
                "min_chars_count 8 instead of 10",
                "min_chars_count 12 instead of 10",
                more,
            ],
        ),
        (
            "silence",
            r#"kind = "silence"
            longer_than = "8 s"
            of = "agent"
            unless_after = ["lexicon:zh/threat", "马上"]
            up_to = "60 s""#,
            &[
                "unless_after without lexicon:zh/threat",
                "unless_after without 马上",
                "longer_than 6.4 s instead of 8 s",
                "longer_than 9.6 s instead of 8 s",
                "up_to 48 s instead of 60 s",
                "up_to 72 s instead of 60 s",
                "of any instead of agent",
                "of customer instead of agent",
                more,
                "lexicon:zh/threat without never",
            ],
        ),
        (
            "interruption",
            r#"kind = "interruption"
            by = "customer"
            overlap_above = "1.5 s"
            yields_within = "1 s""#,
            &[
                "overlap_above 1.2 s instead of 1.5 s",
                "overlap_above 1.8 s instead of 1.5 s",
                "yields_within 0.8 s instead of 1 s",
                "yields_within 1.2 s instead of 1 s",
                "by any instead of customer",
                "by agent instead of customer",
                more,
            ],
        ),
        (
            "loudness",
            r#"kind = "loudness"
            above_usual = "6 dB"
            for = "2 s""#,
            &[
                "above_usual 4.8 dB instead of 6 dB",
                "above_usual 7.2 dB instead of 6 dB",
                "for 1.6 s instead of 2 s",
                "for 2.4 s instead of 2 s",
                more,
            ],
        ),
        (
            "emotion",
            r#"kind = "emotion"
            score_above = 0.7
            above_usual = 0.2"#,
            &[
                "score_above 0.56 instead of 0.7",
                "score_above 0.84 instead of 0.7",
                "above_usual 0.16 instead of 0.2",
                "above_usual 0.24 instead of 0.2",
                more,
            ],
        ),
        (
            "call, when",
            r#"kind = "call"
            between = ["22:00", "23:00"]
            longer_than = "10 s"
            agreed_column = "agreed_hours""#,
            &[
                // From 22:00 to 22:00 would be the whole day.
                "between 21:00 to 23:00 instead of 22:00 to 23:00",
                "between 22:00 to 00:00 instead of 22:00 to 23:00",
                "longer_than 8 s instead of 10 s",
                "longer_than 12 s instead of 10 s",
                "shorter_than 10 s instead of longer_than 10 s",
                "agreed_column without agreed_hours",
            ],
        ),
        (
            "call, whose",
            r#"kind = "call"
            column = "callee_role"
            is = ["debtor"]
            unless_column = "direction"
            unless_is = ["inbound"]
            shorter_than = "10 s""#,
            &[
                "shorter_than 8 s instead of 10 s",
                "shorter_than 12 s instead of 10 s",
                "longer_than 10 s instead of shorter_than 10 s",
                "is_not instead of is (callee_role)",
                "unless_is_not instead of unless_is (direction)",
                "unless_column without direction",
            ],
        ),
    ];
    for (name, keys, expected) in table {
        let rule = rule("", &format!("[look_for.it]\n{keys}"), "it", ANY_EXAMPLES);
        assert_eq!(broken(&rule), expected, "{name}");
    }
}

#[test]
fn columns_that_a_condition_needs_are_kept() {
    let column = "[look_for.it]\nkind = \"call\"\ncolumn = \"stage\"\nis = [\"filed\"]";
    let rule = rule(r#"needs = ["queue", "stage"]"#, column, "it", ANY_EXAMPLES);
    assert_eq!(broken(&rule), ["is_not instead of is (stage)", "needs without queue"]);
}

#[test]
fn every_part_of_when_is_broken() {
    let table: [(&str, &[&str]); 8] = [
        ("a", &[]),
        ("not a", &[r#""a" instead of "not a""#]),
        (
            "a and b",
            &[r#""a or b" instead of "a and b""#, r#""b" instead of "a and b""#, r#""a" instead of "a and b""#],
        ),
        (
            "a and b and c",
            &[
                r#""a and b or c" instead of "a and b and c""#,
                r#""a and b" instead of "a and b and c""#,
                r#""a or b" instead of "a and b""#,
                r#""b" instead of "a and b""#,
                r#""a" instead of "a and b""#,
            ],
        ),
        (
            "a and not (b or c)",
            &[
                r#""a or not (b or c)" instead of "a and not (b or c)""#,
                r#""not (b or c)" instead of "a and not (b or c)""#,
                r#""a" instead of "a and not (b or c)""#,
                r#""b or c" instead of "not (b or c)""#,
                r#""b and c" instead of "b or c""#,
                r#""c" instead of "b or c""#,
                r#""b" instead of "b or c""#,
            ],
        ),
        (
            "not (a before b)",
            &[r#""a before b" instead of "not (a before b)""#, r#""b before a" instead of "a before b""#],
        ),
        ("a then b within 1 turn", &[r#""a then b within 2 turns" instead of "a then b within 1 turn""#]),
        (
            "every a then b within 60 s",
            &[
                r#""a then b within 60 s" instead of "every a then b within 60 s""#,
                r#""every a then b within 120 s" instead of "every a then b within 60 s""#,
                r#""every a then b within 30 s" instead of "every a then b within 60 s""#,
            ],
        ),
    ];
    for (when, expected) in table {
        let looks = ["a", "b", "c"].into_iter().filter(|name| when.split([' ', '(', ')']).any(|word| word == *name));
        let looks: String = looks.map(|name| format!("[look_for.{name}]\nwords = [\"好\"]\n")).collect();
        let broken: Vec<String> = broken(&rule("", &looks, when, ANY_EXAMPLES))
            .into_iter()
            .filter_map(|what| what.strip_prefix("report.when ").map(str::to_owned))
            .collect();
        assert_eq!(broken, expected, "{when}");
    }
}

#[test]
fn numbers_of_hits_are_broken_where_they_matter() {
    let looks = "[look_for.a]\nwords = [\"甲\"]\n[look_for.it]\nwhere = \"after a within 5 s\"\nwords = [\"乙\"]";
    let table = [("it", vec!["it"]), ("a and it", vec!["a", "it"]), ("every a then it within 5 s", vec![])];
    for (when, expected) in table {
        let rule = rule("", looks, when, ANY_EXAMPLES);
        let counted: Vec<String> = mutants(&rule, &lists())
            .iter()
            .filter_map(|mutant| {
                let name = mutant.what.strip_suffix(".count_at_least 2 instead of 1")?;
                Some(name.trim_start_matches("look_for.").to_owned())
            })
            .collect();
        assert_eq!(counted, expected, "{when}");
    }
}
