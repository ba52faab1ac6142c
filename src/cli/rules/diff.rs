//! `callsift rules diff`: what two sets of rules have that differs.

use crate::cli::args::{PackArgs, RulesDiff};
use crate::cli::language::count;
use crate::cli::load::load_packs;
use crate::cli::{EXIT_OK, EXIT_SET_UP, print};
use crate::packs::Packs;
use crate::packs::diff::{Changed, Difference, How, Values, What, diff};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// Runs the command; returns the exit code.
pub(super) fn run(args: &RulesDiff) -> u8 {
    // Both are loaded, so that the mistakes of both are told.
    match (load(args, &args.old), load(args, &args.new)) {
        (Some(old), Some(new)) => {
            let sides = [(args.old.as_path(), &old), (args.new.as_path(), &new)];
            print(&text(sides, &diff(&old, &new)), EXIT_OK)
        }
        _ => EXIT_SET_UP,
    }
}

fn load(args: &RulesDiff, place: &Path) -> Option<Packs> {
    if place == Path::new("shipped") {
        return load_packs(&PackArgs { rules: Vec::new(), no_shipped_rules: false });
    }
    load_packs(&PackArgs { rules: vec![place.to_owned()], no_shipped_rules: args.no_shipped_rules })
}

/// Appends a line. Writing to a string cannot fail.
fn line(text: &mut String, line: &str) {
    let _ = writeln!(text, "{}", line.trim_end());
}

fn text(sides: [(&Path, &Packs); 2], differences: &[Difference]) -> String {
    let mut text = String::new();
    for (name, (place, packs)) in ["old", "new"].into_iter().zip(sides) {
        let counted = [count(packs.rules.len(), "rule"), count(packs.lists.len(), "list")].join(", ");
        line(&mut text, &format!("{name}: {} ({counted}, ruleset {})", place.display(), packs.ruleset_hash(None)));
    }
    if differences.is_empty() {
        line(&mut text, "\nNo difference.");
    }
    for what in What::ALL {
        let of_it: Vec<&Difference> = differences.iter().filter(|difference| difference.what == what).collect();
        if !of_it.is_empty() {
            line(&mut text, &format!("\n{}", what.plural()));
            of_it.into_iter().for_each(|difference| push(&mut text, difference));
        }
    }
    text
}

fn push(text: &mut String, difference: &Difference) {
    let (sign, changed) = match &difference.how {
        How::Added => ("+", [].as_slice()),
        How::Removed => ("-", [].as_slice()),
        How::Changed(changed) => ("~", changed.as_slice()),
    };
    line(text, &format!("  {sign} {}", difference.id));
    for Changed { path, values } in changed {
        line(text, &format!("      {path}: {}", told(values)));
    }
    for note in &difference.notes {
        line(text, &format!("      {note}"));
    }
    for warning in &difference.warnings {
        line(text, &format!("      warning: {warning}"));
    }
}

fn told(values: &Values) -> String {
    let side = |value: &Option<Value>| value.as_ref().map_or_else(|| "(nothing)".to_owned(), Value::to_string);
    match values {
        Values::Set { before, after } => format!("{} -> {}", side(before), side(after)),
        Values::Entries { added, removed } => {
            let signed = |sign: &str, entries: &[String]| {
                (!entries.is_empty()).then(|| format!("{sign} {}", entries.join(", ")))
            };
            [signed("+", added), signed("-", removed)].into_iter().flatten().collect::<Vec<_>>().join("; ")
        }
        Values::Otherwise => "changed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::diff::tests::{packs, with};
    use crate::rules::testing::{list, phrases};

    #[test]
    fn what_differs_is_told() {
        let new = with(|packs| {
            let loaded = packs.rules.get_mut("test.rule").expect("it is there");
            let mut more = loaded.clone();
            more.rule.id = "test.zwei".into();
            loaded.text = "written anew".into();
            loaded.rule.look_fors[0].kind = phrases(&["上门"]);
            packs.rules.insert("test.zwei".into(), more);
            packs.lists.insert("zh/x".into(), list("zh/x", &["一", "三"], &["一二"]));
        });
        let old = packs();
        let sides = [(Path::new("shipped"), &old), (Path::new("my-rules"), &new)];
        let told = text(sides, &diff(&old, &new));
        let hashes = [old.ruleset_hash(None), new.ruleset_hash(None)];
        let expected = r"old: shipped (1 rule, 1 list, ruleset OLD)
new: my-rules (2 rules, 1 list, ruleset NEW)

rules
  ~ test.rule
      look_for.a.phrases: + 上门; - 派人
      warning: what it finds changed, but its revision is still 3: raise it
  + test.zwei

lists
  ~ zh/x
      terms: + 三; - 二
      used by test.rule, test.zwei
";
        assert_eq!(told.replace(&hashes[0], "OLD").replace(&hashes[1], "NEW"), expected);
        let same = text([(Path::new("a"), &old), (Path::new("b"), &old)], &diff(&old, &old));
        assert!(same.ends_with("\n\nNo difference.\n"), "{same}");
    }
}
