//! Files as people bring them, right and wrong.

#![expect(clippy::disallowed_methods, reason = "tests work on files")]

use super::{BroughtFiles, read_brought};
use crate::entities::CustomerKey;
use crate::report::{Callee, Decision, Selection};
use std::path::Path;

const REVIEWS: &str = "review_id,finding_id,call_id,reviewer,decided_at,decision,rule,selection,probability,appeal_of";
const OUTCOMES: &str = "call_id,promised,paid_at,amount,complaint_at";

/// The files of `folder`, those that are there.
fn files(folder: &Path) -> BroughtFiles {
    let file = |name: &str| Some(folder.join(name)).filter(|path| path.exists());
    let (reviews, outcomes, attempts) = (file("reviews.csv"), file("outcomes.csv"), file("attempts.csv"));
    BroughtFiles { reviews, outcomes, attempts, ..BroughtFiles::default() }
}

fn folder(texts: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    texts.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).expect("written"));
    folder
}

#[test]
fn files_are_read_as_they_are_described() {
    let texts = [
        (
            "reviews.csv",
            format!(
                "{REVIEWS},more\nr1,f1,c1,qa,2026-11-21T10:00:00+08:00,upheld,p.a,random,0.05,,x\n\
                 r2,f1,,,2026-11-21 02:00:01,overturned,,appeal,,r1,\nr3,,c2,,,missed,p.b,risk,,,\n"
            ),
        ),
        ("outcomes.csv", format!("{OUTCOMES}\nc1,2026-11-25,2026-11-26,500.5,\n13800138000.wav,,,,2026-11-30\n")),
        (
            "attempts.csv",
            "customer_id,number,callee_role,ring_at,outcome\nd1,13800138000,debtor,2026-11-20T09:00:00+08:00,空号\n\
             d1,13800138000,related_third,2026-11-20 21:00:00,接通\n,,,2026-11-20T09:00:00Z,\n"
                .to_owned(),
        ),
    ];
    let folder = folder(&texts);
    let brought = read_brought(&files(folder.path())).expect("no mistakes");
    let reviews = brought.reviews.expect("reviews");
    let said: Vec<_> = reviews.iter().map(|it| (it.decision, it.selection, it.probability)).collect();
    let [random, appeal, risk] = [Selection::Random, Selection::Appeal, Selection::Risk].map(Some);
    assert_eq!(
        said,
        [
            (Some(Decision::Upheld), random, Some(0.05)),
            (Some(Decision::Overturned), appeal, None),
            (Some(Decision::Missed), risk, None)
        ]
    );
    let [first, second] = [0, 1].map(|at: usize| reviews[at].decided_us.expect("a time"));
    assert_eq!(second - first, 1_000_000, "a time without offset is one of UTC");
    let outcomes = brought.outcomes.expect("outcomes");
    assert_eq!((outcomes["c1"].amount, outcomes["c1"].complaint_at), (Some(500.5), None));
    let shown = crate::entities::masked_id("13800138000.wav");
    assert_eq!(outcomes["13800138000.wav"], outcomes[&shown], "a dataset shows the call by another id");
    let attempts = brought.attempts.expect("attempts");
    let said: Vec<_> = attempts.list.iter().map(|it| (it.callee, it.is_answered, it.is_invalid)).collect();
    let [debtor, third] = [Some(Callee::Debtor), Some(Callee::RelatedThird)];
    assert_eq!(said, [(debtor, false, true), (third, true, false), (None, false, false)]);
    assert_eq!((attempts.list[0].number, attempts.list[1].number, attempts.list[2].number), (Some(0), Some(0), None));
    assert!(!attempts.numbers[0].contains("138"), "{}", attempts.numbers[0]);
    assert_eq!(attempts.list[0].ring_local.to_string(), "2026-11-20T09:00:00", "the clock where it was written down");
}

#[test]
fn customers_are_shown_as_in_the_dataset() {
    let folder = folder(&[("attempts.csv", "customer_id,ring_at,outcome\nd1,2026-11-20T09:00:00+08:00,busy\n".into())]);
    let key = CustomerKey::of(b"a secret of the bank").expect("long enough");
    let files = BroughtFiles { customer_key: Some(key.clone()), ..files(folder.path()) };
    assert_eq!(read_brought(&files).expect("no mistakes").attempts.expect("attempts").customers, [key.hash("d1")]);
}

#[test]
fn every_mistake_of_every_file_is_named() {
    let texts = [
        (
            "reviews.csv",
            format!(
                "{REVIEWS}\nr1,f1,c1,qa,yesterday,maybe,p.a,random,2,\nr2,f2,c1,qa,,upheld,p.a,chance,0,\n\
                 r3,f3,c1,qa,2026-11-21T10:00:00Z,upheld,,,,\n"
            ),
        ),
        ("outcomes.csv", format!("{OUTCOMES}\nc1,soon,,,\n,,,,\nc1,,,1 000,\nc2,,,,\nc2,,,-5,\nc3,,,,\nc3,,,,\n")),
        ("attempts.csv", "customer_id,ring_at\nd1,2026-11-20T09:00:00Z\n".to_owned()),
    ];
    let folder = folder(&texts);
    let wrong = read_brought(&files(folder.path())).expect_err("mistakes");
    let said: Vec<String> =
        wrong.iter().map(|it| format!("{}: {}", it.place.rsplit('/').next().unwrap_or_default(), it.message)).collect();
    let expected = [
        "reviews.csv:2: decided_at \"yesterday\" is not a time",
        "reviews.csv:2: decision \"maybe\" is not known",
        "reviews.csv:2: probability \"2\" is not above 0 to 1",
        "reviews.csv:3: selection \"chance\" is not known",
        "reviews.csv:3: probability \"0\" is not above 0 to 1",
        "reviews.csv:3: decided_at is empty",
        "outcomes.csv:2: promised \"soon\" is not a day",
        "outcomes.csv:3: call_id is empty",
        "outcomes.csv:4: amount \"1 000\" is not an amount",
        "outcomes.csv:6: amount \"-5\" is not an amount",
        "outcomes.csv:8: call_id \"c3\" stands there twice",
        "attempts.csv:1: the columns answered_at, outcome are all missing",
    ];
    assert_eq!(said, expected);
    assert!(wrong.iter().all(|mistake| !mistake.help.is_empty()));
}

#[test]
fn a_missing_file_and_a_foreign_one_say_what_they_lack() {
    let folder = folder(&[("outcomes.csv", "id,paid\n1,2\n".to_owned())]);
    let files = BroughtFiles { reviews: Some(folder.path().join("none.csv")), ..files(folder.path()) };
    let wrong = read_brought(&files).expect_err("mistakes");
    assert_eq!(wrong.len(), 6, "{wrong:?}");
    assert!(wrong[0].message.contains("cannot be read"), "{}", wrong[0]);
    assert!(wrong[1..].iter().all(|mistake| mistake.message.ends_with("is missing")), "{wrong:?}");
}
