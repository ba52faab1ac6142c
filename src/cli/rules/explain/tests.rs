use super::text::{Told, page};
use super::*;
use crate::finding::RuleStatus;
use crate::rules::InForce;
use crate::rules::model::{Kind, LookFor, When, Words};
use crate::rules::speakers::Speakers;
use crate::rules::testing::{list, lists, look, phrases, rule_of, said, silence, strings};
use crate::units::Role::{Agent, Customer};

const EXPECTED: &str = "\
rule test.rule, revision 3: 上门
call call-1

Is the rule for this call?
  yes     set           the set all judges the call
  yes     status        the rule is active
  yes     call          the call was read
  yes     conversation  the call is a conversation
  yes     language      the call is in zh-CN, the rule is for any language
  yes     in force      the rule is in force on every day; the day of the call is not known
  yes     columns       the rule needs no column of the manifest

What did it look for, and what did it find?
  visit: a word of zh/visit, by the agent
    hit         0:09   agent     “派人上门” (派人上门 of zh/visit, exact)
    taken away  0:03   customer  “派人上门” (派人上门 of zh/visit, exact): by `speaker`
    taken away  0:06   agent     “派人上门” (派人上门 of zh/visit, exact): by `negation`
    true (1 hit)
  pause: a silence of more than 8 s
    near        0:30   agent     (7 s): does not reach `longer_than`
    false (0 hits)
  hello: \"您好\"
    false (0 hits)

When does it report?
  true: visit and not pause or hello
    true: visit and not pause
      true: visit
      true: not pause
        false: pause
    false: hello

The rule reports 1 finding.
  0:09   major: 威胁上门:派人上门
The dataset has 0 findings of this rule here: it was judged by other rules.
`callsift recheck` judges it by these.
";

/// A rule on visits, and the call that it is explained of.
fn told(change: impl FnOnce(&mut Rule), set: Gate) -> String {
    let words = Words { lists: strings(&["zh/visit"]), negation_excludes: true, ..Words::default() };
    let visit = LookFor { speakers: Speakers::one(Agent), ..look("visit", Kind::Words(words)) };
    let pause = crate::rules::model::SilenceFor {
        longer_than_ms: 8_000,
        of: Speakers::ANYONE,
        unless_after_phrases: Vec::new(),
        unless_after_lists: Vec::new(),
        up_to_ms: None,
    };
    let name = |at| Box::new(When::Name(at));
    let both = When::And(name(0), Box::new(When::Not(name(1))));
    let looks = vec![visit, look("pause", Kind::Silence(pause)), look("hello", phrases(&["您好"]))];
    let mut rule = rule_of(looks, When::Or(Box::new(both), name(2)));
    (rule.title, rule.report.message) = ("上门".into(), "威胁上门:{visit.quote}".into());
    change(&mut rule);
    let mut lists = lists();
    lists.insert("zh/visit".into(), list("zh/visit", &["派人上门"], &[]));
    let mut facts = said(&[(3, Customer, "派人上门"), (6, Agent, "不会派人上门"), (9, Agent, "派人上门")]);
    facts.call.silences = vec![silence(30, 7_000, Agent)];
    let ruleset = compile(std::slice::from_ref(&rule), &lists).expect("compiles");
    let explanation = ruleset.explain("test.rule", &lists, &facts, InForce::OwnDay).expect("the rule is there");
    let loaded = LoadedRule {
        rule,
        text: String::new(),
        pack: "test".into(),
        file: "test/rule.toml".into(),
        changes: Vec::new(),
        shipped: false,
    };
    page(&Told { loaded: &loaded, facts: &facts, set, explanation, recorded: &[] }).text(false)
}

fn set(passes: Passes) -> Gate {
    Gate { about: "set", passes, because: "the set all judges the call".into() }
}

#[test]
fn an_explanation_goes_from_the_call_to_the_finding() {
    assert_eq!(told(|_| (), set(Passes::Yes)), EXPECTED);
}

#[test]
fn a_rule_that_is_not_for_the_call_says_so_and_what_it_would_say() {
    let ending = "\nThe rule says nothing of this call: it is not for it, as said at the top.\n\
                  By its conditions alone it would report.\n";
    let draft = told(|rule| rule.status = RuleStatus::Draft, set(Passes::Yes));
    assert!(draft.ends_with(ending), "{draft}");
    assert!(
        draft.contains("  no      status        the rule is draft; only active and trial rules judge\n"),
        "{draft}"
    );
    let elsewhere = told(|_| (), set(Passes::No));
    assert!(elsewhere.ends_with(ending) && elsewhere.contains("  no      set  "), "{elsewhere}");
}
