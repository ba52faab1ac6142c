//! Questions 2, 4, 5, 6 and 7: rates, and what people's decisions make of them.

use super::made::{ALERT, Call, INSULT, JAIL, NOTE, Rule, THREAT, TRIAL, call};
use super::{Case, DAY, FEW, review, reviews};
use serde_json::{Value, json};

fn upheld(finding: &str) -> [&str; 6] {
    [finding, "", "upheld", "", "risk", ""]
}

/// Ten calls count. People upheld 3 of 4 findings of the threat drawn at random: 75 %, so the others do not count, but
/// t5, looked at for another reason and upheld, does. All 4 of the insult held, so the fifth is believed. Nobody looked at
/// the jail.
pub(crate) fn violations() -> Vec<Call> {
    let all = [THREAT, JAIL, NOTE, TRIAL, ALERT];
    let plain = |id: &str| call(id, DAY).answers(&all);
    let mut calls = vec![
        plain("a").found(THREAT, "t1").found(NOTE, "n1").found(TRIAL, "x1").found(ALERT, "c1").no_answer(INSULT),
        plain("b").found(THREAT, "t2").no_answer(INSULT),
        plain("c").found(THREAT, "t3").found(INSULT, "i1").answers(&[INSULT]),
        plain("d").found(THREAT, "t4").found(INSULT, "i2").answers(&[INSULT]),
        plain("e").found(THREAT, "t5").found(THREAT, "t6").found(INSULT, "i3").answers(&[INSULT]),
        plain("f").found(INSULT, "i4").answers(&[INSULT]),
        plain("g").found(INSULT, "i5").answers(&[INSULT]),
        plain("h").found(JAIL, "j1").answers(&[INSULT]),
        plain("i").found(THREAT, "t7").answers(&[INSULT]),
        plain("j").answers(&[INSULT]),
    ];
    let loud = |id: &str| plain(id).found(JAIL, "of a call that does not count");
    calls.push(loud("too short").with(|call| call.eligible = false));
    calls.push(loud("words alone").with(|call| call.sound = None));
    calls.push(call("sound alone", DAY).no_answer(THREAT).with(|call| call.has_transcript = false));
    calls
}

#[test]
fn violation_rates_have_denominators_and_say_what_they_believe() {
    let random = |finding, decision| [finding, "", decision, "", "random", ""];
    let held = ["t1", "t2", "t3", "i1", "i2", "i3", "i4"].map(|finding| random(finding, "upheld"));
    let lines = held.into_iter().chain([random("t4", "overturned"), upheld("t5")]);
    let expected = json!([
        ["恐吓", null, 10, 7, 70.0, 4, 1, null, null, null, null],
        ["恐吓", "p.jail", 10, 1, 10.0, 0, 1, null, null, null, "no review at random"],
        ["恐吓", "p.threat", 10, 6, 60.0, 4, 0, 40.0, 16.8, 68.7, "revision 1: doubted, 75.0 % of 4 at random"],
        ["辱骂", null, 8, 5, 62.5, 5, 0, 62.5, 30.6, 86.3, null],
        ["辱骂", "p.insult", 8, 5, 62.5, 5, 0, 62.5, 30.6, 86.3, "revision 1: believed, 100.0 % of 4 at random"],
    ]);
    let files = vec![("settings.sql", FEW.into()), reviews(lines)];
    let heading = "2. How often are rules broken?";
    Case { heading, calls: violations(), files, expected: vec![expected, json!([])] }.check();
}

#[test]
fn without_reviews_a_rate_is_unknown_not_zero() {
    let calls = vec![call("a", DAY).answers(&[THREAT, INSULT]).found(THREAT, "t1")];
    let expected = json!([
        ["恐吓", null, 1, 1, 100.0, 0, 1, null, null, null, null],
        ["恐吓", "p.threat", 1, 1, 100.0, 0, 1, null, null, null, "no review at random"],
        ["辱骂", null, 1, 0, 0.0, 0, 0, 0.0, 0.0, 79.3, null],
        ["辱骂", "p.insult", 1, 0, 0.0, 0, 0, 0.0, 0.0, 79.3, "nothing reported"],
    ]);
    Case { heading: "2. How often are rules broken?", calls, files: vec![], expected: vec![expected, json!([])] }
        .check();
}

#[test]
fn rankings_need_twenty_calls_and_go_by_the_lower_end() {
    let mut calls = Vec::new();
    let mut lines = Vec::new();
    for (agent, count, hits) in [("often", 20, 5), ("surely", 40, 9), ("few", 19, 19)] {
        for at in 0..count {
            let id = format!("{agent}-{at:02}");
            let made = call(&id, DAY).by(agent).answers(&[THREAT]);
            calls.push(if at < hits { made.found(THREAT, &id) } else { made });
            lines.push(id);
        }
    }
    // 5 of 20 is 25.0 (11.2 to 46.9), 9 of 40 is 22.5 (12.3 to 37.5).
    let expected = json!([["surely", null, 40, 9, 0, 22.5, 12.3, 37.5], ["often", null, 20, 5, 0, 25.0, 11.2, 46.9],]);
    let by_rule = json!([
        ["恐吓", null, 79, 33, 41.8, 33, 0, 41.8, 31.5, 52.8, null],
        ["恐吓", "p.threat", 79, 33, 41.8, 33, 0, 41.8, 31.5, 52.8, "no review at random"],
    ]);
    let files = vec![reviews(lines.iter().map(|id| upheld(id)))];
    let heading = "2. How often are rules broken?";
    Case { heading, calls, files, expected: vec![by_rule, expected] }.check();
}

#[test]
fn precision_is_that_of_random_samples_and_of_the_last_decision() {
    let mut lost_appeal = review(9, ["t2", "", "overturned", "", "appeal", ""]);
    lost_appeal.insert_str(lost_appeal.len() - 1, "r1");
    let (name, text) = reviews([
        ["t1", "", "upheld", "", "random", ""],
        ["t2", "", "upheld", "", "random", ""],
        ["t3", "", "upheld", "", "random", ""],
        ["t4", "", "overturned", "", "risk", ""],
        ["i1", "", "upheld", "", "random", "0.5"],
        ["i2", "", "upheld", "", "random", "0.5"],
        ["i3", "", "overturned", "", "random", "0.1"],
    ]);
    // Of the threat 2 of 3 held in the end. Of the insult 2 + 2 of 2 + 2 + 10, worth 14² / 108 = 1.81 even ones.
    let expected = json!([
        ["p.insult", 1, "active", 5, 3, 2, 28.6, 3.2, 83.1, "unproven", 17],
        ["p.threat", 1, "active", 7, 3, 2, 66.7, 20.8, 93.9, "unproven", 17],
        ["customer-tags.alert", 1, "active", 1, 0, 0, null, null, null, "unproven", 20],
        ["p.jail", 1, "active", 3, 0, 0, null, null, null, "unproven", 20],
        ["p.note", 1, "active", 1, 0, 0, null, null, null, "unproven", 20],
        ["p.trial", 1, "trial", 1, 0, 0, null, null, null, "unproven", 20],
    ]);
    let files = vec![(name, text + &lost_appeal)];
    Case { heading: "4. Which rules lie?", calls: violations(), files, expected: vec![expected] }.check();
}

#[test]
fn what_is_missed_is_weighted_by_the_chance_of_being_seen() {
    let calls = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|id| {
        let call = call(id, DAY).answers(&[THREAT]);
        if ["a", "c", "g"].contains(&id) { call.found(THREAT, &format!("t-{id}")) } else { call }
    });
    let lines = [
        ["t-a", "a", "upheld", "p.threat", "random", "0.5"],
        ["", "b", "missed", "p.threat", "random", "0.5"],
        ["t-c", "c", "upheld", "p.threat", "random", "0.25"],
        ["", "d", "missed", "p.threat", "risk", "1"],
        ["", "e", "missed", "p.threat", "risk", ""],
        ["", "f", "missed", "p.threat", "appeal", ""],
        // The rules of today report what was missed on g, and no longer what was upheld on h.
        ["", "g", "missed", "p.threat", "random", "0.5"],
        ["t-h", "h", "upheld", "p.threat", "random", "0.5"],
    ];
    // Found 2 + 4 + 2, missed 2 + 1 + 2: 5 of 13, worth 13² / 33 = 5.12 even ones.
    let expected = json!([["p.threat", 3, 3, 38.5, 11.2, 75.6]]);
    let files = vec![reviews(lines)];
    Case { heading: "5. What is missed?", calls: calls.into(), files, expected: vec![expected] }.check();
}

#[test]
fn repeating_takes_two_calls_within_seven_days() {
    let on = |id: &str, agent: &str, rule: Rule, start: &str| {
        call(id, start).by(agent).answers(&[THREAT, INSULT]).found(rule, id)
    };
    let calls = vec![
        on("a1", "week", THREAT, "2026-11-01T10:00:00"),
        on("a2", "week", THREAT, "2026-11-08T10:00:00"),
        on("a3", "week", THREAT, "2026-11-20T10:00:00"),
        on("b1", "one call", THREAT, "2026-11-01T10:00:00").found(THREAT, "b2"),
        on("c1", "two rules", THREAT, "2026-11-01T10:00:00"),
        on("c2", "two rules", INSULT, "2026-11-02T10:00:00"),
        on("d1", "overturned", THREAT, "2026-11-01T10:00:00"),
        on("d2", "overturned", THREAT, "2026-11-02T10:00:00"),
        on("e1", "thrice", INSULT, "2026-11-01T10:00:00"),
        on("e2", "thrice", INSULT, "2026-11-05T10:00:00"),
        on("e3", "thrice", INSULT, "2026-11-10T10:00:00"),
        on("f1", "a second late", THREAT, "2026-11-01T10:00:00"),
        on("f2", "a second late", THREAT, "2026-11-08T10:00:01"),
    ];
    let held = ["a1", "a2", "a3", "b1", "b2", "c1", "c2", "d1", "e1", "e2", "e3", "f1", "f2"];
    let lines = held.map(upheld).into_iter().chain([["d2", "", "overturned", "", "risk", ""]]);
    let listen = |ids: &[&str]| -> Vec<Value> {
        ids.iter().map(|id| json!({"call_id": id, "second": 15, "quote": "堵门"})).collect()
    };
    let expected = json!([
        [
            "thrice",
            null,
            "p.insult",
            "fatal",
            3,
            "2026-11-01 10:00:00",
            "2026-11-10 10:00:00",
            listen(&["e1", "e2", "e3"])
        ],
        ["week", null, "p.threat", "critical", 2, "2026-11-01 10:00:00", "2026-11-08 10:00:00", listen(&["a1", "a2"])],
    ]);
    let files = vec![reviews(lines)];
    Case { heading: "6. Who repeats?", calls, files, expected: vec![expected] }.check();
}

#[test]
fn complaints_are_compared_among_calls_of_which_thirty_days_are_known() {
    let on = |id: &str, start: &str| call(id, start).answers(&[THREAT]);
    let mut calls: Vec<Call> =
        (0..4).map(|at| on(&format!("with-{at}"), "2026-10-10T10:00:00").found(THREAT, &format!("t{at}"))).collect();
    calls.extend((0..10).map(|at| on(&format!("without-{at}"), "2026-10-31T23:00:00")));
    calls.push(on("not known", "2026-10-10T10:00:00").found(THREAT, "t4"));
    calls.push(on("too late", "2026-11-01T10:00:00").found(THREAT, "t5"));
    let complaints = [
        ("with-0", "2026-11-09"), // the 30th day
        ("with-1", "2026-11-10"),
        ("with-2", ""),
        ("with-3", "2026-10-09"),
        ("without-0", "2026-11-05"),
        ("too late", "2026-11-02"),
    ];
    let mut text = "call_id,promised,paid_at,amount,complaint_at\n".to_owned();
    complaints.iter().for_each(|(call, day)| text += &format!("{call},,,,{day}\n"));
    (1..10).for_each(|at| text += &format!("without-{at},,,,\n"));
    let lines = ["t0", "t1", "t2", "t3", "t4", "t5"].map(upheld);
    // 1 of 4 against 1 of 10. The ratio's logarithm has the variance 1 - 1/4 + 1 - 1/10 = 1.65, so 2.5 times or over 12.4.
    let expected = json!([["恐吓", 4, 1, 25.0, 4.6, 69.9, 10, 1, 10.0, 2.5, 0.2, 31.0]]);
    let files = vec![("settings.sql", FEW.into()), ("outcomes.csv", text), reviews(lines)];
    Case { heading: "7. Do findings precede complaints?", calls, files, expected: vec![expected] }.check();
}
