//! Question 8: contact against its limits.

use super::Case;
use super::DAY;
use super::made::{Call, call};
use callsift::facts::CallOutcome;
use serde_json::json;

/// Without `ended_at` and `call_id`, which the question does not need.
const ATTEMPTS: &str = "agency,customer_id,number,callee_role,ring_at,answered_at,outcome,by\n";

/// One line of attempts.csv: customer, number, role, when in November, whether answered, outcome.
fn attempt((customer, number, role, at, answered, outcome): (&str, &str, &str, &str, bool, &str)) -> String {
    let ring = format!("2026-11-{at}:00+08:00");
    let answered_at = if answered { &ring } else { "" };
    format!("east,{customer},{number},{role},{ring},{answered_at},{outcome},human\n")
}

pub(crate) fn dialled() -> String {
    let mut lines: Vec<String> = Vec::new();
    for (number, count) in [("n-7", 7), ("n-6", 6)] {
        let tries = (0..count).map(|at| format!("20T1{at}:00"));
        lines.extend(tries.map(|at| attempt(("x", number, "debtor", &at, at.starts_with("20T11"), "no_answer"))));
    }
    lines.push(attempt(("x", "n-6", "debtor", "21T10:00", false, "no_answer")));
    let third = |customer, answered| (customer, "", "unrelated_third", "25T12:00", answered, "");
    let debtor = |customer, at, answered| (customer, "", "debtor", at, answered, "busy");
    let cases = [
        debtor("lost", "25T09:00", false),
        debtor("lost", "25T10:00", false),
        debtor("lost", "25T11:00", false),
        third("lost", true),
        debtor("two failures", "25T10:00", false),
        debtor("two failures", "25T11:00", false),
        third("two failures", true),
        debtor("answered between", "25T08:00", false),
        debtor("answered between", "25T09:00", false),
        debtor("answered between", "25T10:00", true),
        debtor("answered between", "25T11:00", false),
        third("answered between", true),
        ("invalid number", "", "debtor", "25T11:00", false, "invalid_number"),
        third("invalid number", true),
        ("by outcome", "", "debtor", "25T08:00", false, "busy"),
        ("by outcome", "", "debtor", "25T09:00", false, "busy"),
        ("by outcome", "", "debtor", "25T10:00", false, "busy"),
        ("by outcome", "", "debtor", "25T11:00", false, "Connected"),
        ("by outcome", "", "related_third", "25T12:00", false, "接通"),
        third("never tried", true),
        third("nobody answered", false),
        debtor("tried too late", "25T13:00", false),
        third("tried too late", true),
    ];
    lines.extend(cases.into_iter().map(attempt));
    ATTEMPTS.to_owned() + &lines.concat()
}

/// Customer X had five effective or short calls that count, and three that do not; customer Y four, one of them short.
pub(crate) fn contacts() -> Vec<Call> {
    let to = |id: &str, customer: &'static str, agent_ms: i64, customer_ms: i64| {
        call(id, DAY).talk_ms(agent_ms, customer_ms).with(|call| call.metadata.customer_id = Some(customer.into()))
    };
    let short = |call: Call| call.with(|call| call.outcome = Some(CallOutcome::TooShort));
    let days = vec![
        to("x1", "X", 30_000, 10_000),
        to("x2", "X", 7_000, 5_000).with(|call| call.metadata.callee_role = Some("debtor".into())),
        to("x3", "X", 0, 0).words_alone(21_000, 10_000),
        to("x4", "X", 6_000, 4_000),
        short(to("x5", "X", 4_000, 2_000)),
        to("x6", "X", 20_000, 9_000).with(|call| call.metadata.direction = Some("inbound".into())),
        to("x7", "X", 20_000, 9_000).with(|call| call.metadata.callee_role = Some("guarantor".into())),
        to("x8", "X", 20_000, 0).with(|call| call.outcome = Some(CallOutcome::NoCustomer)),
        short(to("y1", "Y", 1_000, 8_999)),
        to("y2", "Y", 20_000, 9_000),
        to("y3", "Y", 20_000, 9_000),
        to("y4", "Y", 20_000, 9_000),
        to("z1", "Z", 20_000, 9_000),
        to("z2", "Z", 20_000, 9_000),
        to("z3", "Z", 20_000, 9_000),
    ];
    let at = |id: &str, time: &str| {
        call(id, &format!("2026-11-22T{time}"))
            .with(|call| call.metadata.customer_id = Some(format!("of {}", call.call_id)))
    };
    let hours = vec![
        at("over ten", "21:59:30"),
        at("ten", "22:00:00"),
        at("before eight", "07:59:59"),
        at("eight", "08:00:00"),
        at("ends before ten", "21:58:00"),
        at("ends at ten", "21:59:00"),
        at("inbound", "23:00:00").with(|call| call.metadata.direction = Some("inbound".into())),
        at("agreed", "23:00:00").with(|call| drop(call.metadata.extra.insert("agreed_hours".into(), "是".into()))),
        at("no talk", "23:00:00").with(|call| call.outcome = Some(CallOutcome::Voicemail)),
        at("undated", "23:00:00").with(|call| call.metadata.started_at = None),
        at("words alone", "21:59:50").words_alone(8_000, 4_000),
    ];
    days.into_iter().chain(hours).collect()
}

#[test]
fn contact_is_held_against_its_limits() {
    let debtor_days = json!([["2026-11-20", "X", 5, 4, 2, true], ["2026-11-20", "Y", 4, 3, 0, false]]);
    let number_days = json!([["2026-11-20", "n-7", "x", 7, 1]]);
    let night = |id: &str, start: &str, end: &str| {
        let [start, end] = [start, end].map(|time| format!("2026-11-22 {time}"));
        json!(["2026-11-22", start, end, id, "agent-1", null, format!("of {id}"), null])
    };
    let hours = json!([
        night("before eight", "07:59:59", "08:00:59"),
        night("over ten", "21:59:30", "22:00:30"),
        night("words alone", "21:59:50", "22:00:02"),
        night("ten", "22:00:00", "22:01:00"),
    ]);
    let third = |customer: &str, before: u32, failed: u32| {
        json!(["2026-11-25 12:00:00", customer, null, "unrelated_third", before, failed])
    };
    let thirds = json!([
        third("answered between", 3, 2),
        json!(["2026-11-25 12:00:00", "by outcome", null, "related_third", 3, 2]),
        third("never tried", 0, 0),
        third("tried too late", 0, 0),
        third("two failures", 2, 2),
    ]);
    let expected = vec![debtor_days, number_days, hours, thirds];
    let files = vec![("attempts.csv", dialled())];
    Case { heading: "8. Is contact lawful?", calls: contacts(), files, expected }.check();
}
