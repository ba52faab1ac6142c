//! Question 3: what a change is made of.

use super::made::{Call, PARTS, Rule, call};
use super::{Case, reviews};
use serde_json::json;

/// `calls` calls about `rule` alone on a day of November, `hits` of them with a finding.
fn cell(rule: Rule, day: u32, calls: usize, hits: usize, shape: impl Fn(Call) -> Call) -> Vec<Call> {
    let start = format!("2026-11-{day}T10:00:00");
    let made = |at: usize| {
        let id = format!("{}-{day}-{at:02}", rule.0);
        let call = shape(call(&id, &start)).answers(&[rule]);
        if at < hits { call.found(rule, &id) } else { call }
    };
    (0..calls).map(made).collect()
}

/// Each rule changes for a reason of its own, from the 10th to the 20th:
///
/// - a, behaviour: 1 of 10, then 3 of 10 (and a fourth that a person overturned).
/// - b, revision: 1 of 10 by the first, then 3 of 10 by the second.
/// - c, both: 1 of 10 by the first; then 2 of 10 by the first (0.1 more at a mean weight of 0.75) and 5 of 10 by the second
///   (half of the weight goes from a mean of 0.15 to 0.5).
/// - d, engine: the same numbers, by engine.
/// - e, mix: half, then 16 of 20 calls are of a queue where 1 in 2 is a hit.
/// - f, coverage: of two queues alike, half of the calmer one can be judged no longer: 5 of 20, then 5 of 15.
fn changes() -> Vec<Call> {
    let [a, b, c, d, e, f] = PARTS;
    let (same, second) = (|call: Call| call, Call::by_second_rules);
    let later = |call: Call| call.with(|call| call.call_id.push_str("-more"));
    let model = |call: Call| later(call).with(|call| call.engine_model = Some("two".into()));
    let calm = |call: Call| later(call).with(|call| call.metadata.queue = Some("calm".into()));
    let cells = [
        cell(a, 10, 10, 1, same),
        cell(a, 20, 10, 4, same),
        cell(b, 10, 10, 1, same),
        cell(b, 20, 10, 3, second),
        cell(c, 10, 10, 1, same),
        cell(c, 20, 10, 2, same),
        cell(c, 20, 10, 5, |call| second(later(call))),
        cell(d, 10, 10, 1, same),
        cell(d, 20, 10, 2, same),
        cell(d, 20, 10, 5, model),
        cell(e, 10, 10, 5, same),
        cell(e, 10, 10, 0, calm),
        cell(e, 20, 16, 8, same),
        cell(e, 20, 4, 0, calm),
        cell(f, 10, 10, 5, same),
        cell(f, 10, 10, 0, calm),
        cell(f, 20, 10, 5, same),
        cell(f, 20, 5, 0, calm),
    ];
    let unjudged = (0..5).map(|at| calm(call(&format!("{}-unjudged-{at}", f.0), "2026-11-20T11:00:00")).no_answer(f));
    cells.into_iter().flatten().chain(unjudged).collect()
}

#[test]
fn a_change_is_split_into_what_changed() {
    let overturned = [PARTS[0].0.to_owned() + "-20-03"];
    let lines = overturned.iter().map(|id| [id.as_str(), "", "overturned", "", "risk", ""]);
    let expected = json!([
        ["p.part-c", 10, 20, 10.0, 35.0, 25.0, 17.5, 0.0, 0.0, 0.0, 7.5, 67.0],
        ["p.part-d", 10, 20, 10.0, 35.0, 25.0, 0.0, 17.5, 0.0, 0.0, 7.5, 67.0],
        ["p.part-a", 10, 10, 10.0, 30.0, 20.0, 0.0, 0.0, 0.0, 0.0, 20.0, 100.0],
        ["p.part-b", 10, 10, 10.0, 30.0, 20.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        ["p.part-e", 20, 20, 25.0, 40.0, 15.0, 0.0, 0.0, 0.0, 15.0, 0.0, 100.0],
        ["p.part-f", 20, 15, 25.0, 33.33, 8.33, 0.0, 0.0, 8.33, 0.0, 0.0, 100.0],
    ]);
    let files = vec![reviews(lines)];
    Case { heading: "3. Behaviour or instrument?", calls: changes(), files, expected: vec![expected] }.check();
}
