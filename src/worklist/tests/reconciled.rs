//! The daily reconciliation, worked out on paper.

use super::{Site, read};
use crate::recording::PriorCall;
use crate::worklist::{CallState, EarlierCall, WorkList, WorkOptions, id_hash};

/// Calls of one day, and two that have no start or no customer.
const MANIFEST: &str = "call_id,recording,started_at,customer_id\n\
    by-time,a.wav,2026-11-20T09:00:10+08:00,k1\n\
    by-id,b.wav,2026-11-20T09:30:00+08:00,\n\
    undated,c.wav,,k3\n\
    broken,d.wav,2026-11-20T09:40:00+08:00,k4\n\
    skipped,e.wav,2026-11-20T09:50:00+08:00,k5\n\
    unexplained,f.wav,2026-11-20T11:00:00+08:00,k1\n\
    pending,g.wav,2026-11-20T09:55:00+08:00,k6\n";

const ATTEMPTS: &str = "customer_id,call_id,ring_at,answered_at,ended_at,outcome,agency\n\
    k1,,2026-11-20T09:00:00+08:00,2026-11-20T09:00:10+08:00,2026-11-20T09:05:00+08:00,,north\n\
    k1,,2026-11-20T08:59:00+08:00,,2026-11-20T08:59:30+08:00,no_answer,north\n\
    k2,by-id,2026-11-20T09:29:00+08:00,2026-11-20T09:29:30+08:00,,,north\n\
    k3,undated,2026-11-20T09:31:00+08:00,,,connected,south\n\
    k3,undated,2026-11-20T09:32:00+08:00,,,connected,south\n\
    k4,,2026-11-20T09:39:58+08:00,,2026-11-20T09:41:00+08:00,接通,south\n\
    k5,,2026-11-20T09:49:58+08:00,,2026-11-20T09:51:00+08:00,answered,south\n\
    k6,,2026-11-20T09:54:58+08:00,,2026-11-20T09:56:00+08:00,answered,south\n\
    k8,elsewhere,2026-11-20T09:57:00+08:00,2026-11-20T09:57:05+08:00,,,south\n\
    k9,,2026-11-20T09:58:00+08:00,2026-11-20T09:58:05+08:00,2026-11-20T09:59:00+08:00,,south\n\
    k9,,2026-11-20T23:58:00+08:00,,,busy,13800138000\n";

fn state_of(id: u64) -> Option<CallState> {
    let states = [
        ("by-time", CallState::Inspected),
        ("by-id", CallState::Inspected),
        ("undated", CallState::Inspected),
        ("broken", CallState::Failed),
        ("skipped", CallState::Excluded),
        ("elsewhere", CallState::Inspected),
        ("unexplained", CallState::Inspected),
    ];
    states.iter().find(|(call, _)| id_hash(call) == id).map(|(_, state)| *state)
}

/// Date, hour, agency; attempts, answered, inspected, failed, excluded, missing, unmatched.
type Line = (String, i8, Option<String>, [usize; 7]);

fn reconciled(list: &WorkList) -> Vec<Line> {
    let lines = list.reconcile(&state_of).into_iter().map(|line| {
        assert_eq!(line.answered, line.inspected + line.failed + line.excluded + line.missing);
        let numbers =
            [line.attempts, line.answered, line.inspected, line.failed, line.excluded, line.missing, line.unmatched];
        (line.date.to_string(), line.hour, line.agency, numbers)
    });
    lines.collect()
}

fn line(hour: i8, agency: Option<&str>, numbers: [usize; 7]) -> Line {
    ("2026-11-20".into(), hour, agency.map(str::to_owned), numbers)
}

#[test]
fn a_day_worked_out_on_paper() {
    let site = Site::of(&[("m.csv", MANIFEST), ("a.csv", ATTEMPTS)]);
    let options = WorkOptions { attempts: Some(site.path("a.csv")), ..site.listed_in("m.csv") };
    let expected = [
        line(8, Some("north"), [1, 0, 0, 0, 0, 0, 0]),
        line(9, Some("north"), [2, 2, 2, 0, 0, 0, 0]),
        // Undated once, elsewhere; broken; skipped; undated again, pending, k9's.
        line(9, Some("south"), [7, 7, 2, 1, 1, 3, 0]),
        line(11, None, [0, 0, 0, 0, 0, 0, 1]),
        line(23, Some("███████████"), [1, 0, 0, 0, 0, 0, 0]),
    ];
    assert_eq!(reconciled(&read(&options)), expected);
}

#[test]
fn a_call_of_history_explains_an_attempt() {
    let attempts = "customer_id,ring_at,answered_at,ended_at\n\
        k1,2026-11-20T07:00:00+08:00,2026-11-20T07:00:10+08:00,2026-11-20T07:05:00+08:00\n";
    let site = Site::of(&[("m.csv", MANIFEST), ("a.csv", attempts)]);
    let options = WorkOptions { attempts: Some(site.path("a.csv")), ..site.listed_in("m.csv") };
    let mut list = read(&options);
    assert_eq!(reconciled(&list)[0], line(7, None, [1, 1, 0, 0, 0, 1, 0]));
    // 2026-11-20T07:00:10+08:00, `date -u -d 2026-11-19T23:00:10Z +%s`.
    let prior = PriorCall { started_at_us: 1_795_129_210_000_000, ..PriorCall::default() };
    list.add_earlier(&EarlierCall { customer: "k1".into(), call_id: "old".into(), prior });
    let lines = reconciled(&list);
    assert_eq!(lines[0], line(7, None, [1, 1, 1, 0, 0, 0, 0]));
    let unmatched: usize = lines.iter().map(|line| line.3[6]).sum();
    assert_eq!(unmatched, 6, "calls of the manifest with a start; history is not among them");
}

#[test]
fn without_an_attempts_file_there_is_nothing_to_reconcile() {
    let site = Site::of(&[("m.csv", MANIFEST)]);
    assert_eq!(reconciled(&read(&site.listed_in("m.csv"))), []);
}
