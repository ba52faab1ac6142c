//! The handbook: what every rule finds, why, and what it must not report, in Markdown for people. Pure.

mod cards;
mod headings;
mod lines;
mod rule;

pub use headings::Headings;

use self::lines::Lines;
use super::model::{LoadedRule, Pack, Packs};
use crate::rules::CompileError;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The handbook of `packs`: its packs by id, their categories and rules, then lists and scorecards. Headings are as
/// `headings` says, or else in the language of each pack. The same packs give the same handbook.
///
/// # Errors
///
/// As [`crate::rules::compile()`]: examples are run for the line that they are about.
pub fn handbook(packs: &Packs, headings: Option<Headings>) -> Result<String, CompileError> {
    let lines = Lines::of(packs)?;
    let of_pack = |pack: &Pack| headings.unwrap_or_else(|| Headings::of(&pack.language));
    let of_all = headings.unwrap_or_else(|| usual(packs));
    let mut text = String::new();
    line(&mut text, &format!("# {}", of_all.words().handbook));
    for pack in packs.packs.values() {
        push_pack(&mut text, packs, pack, of_pack(pack), &lines);
    }
    cards::push_lists(&mut text, packs, of_all);
    cards::push_cards(&mut text, packs, of_all);
    Ok(text)
}

/// What most packs are written in.
fn usual(packs: &Packs) -> Headings {
    let chinese = packs.packs.values().filter(|pack| Headings::of(&pack.language) == Headings::Zh).count();
    if 2 * chinese > packs.packs.len() { Headings::Zh } else { Headings::En }
}

fn push_pack(text: &mut String, packs: &Packs, pack: &Pack, headings: Headings, lines: &Lines) {
    let words = headings.words();
    let rules = packs.rules.values().filter(|loaded| loaded.pack == pack.id);
    let mut by_category: BTreeMap<&str, Vec<&LoadedRule>> = BTreeMap::new();
    for loaded in rules {
        by_category.entry(&loaded.rule.category).or_default().push(loaded);
    }
    line(text, &format!("\n## {} (`{}`)\n", pack.title, pack.id));
    line(text, &pack.description);
    line(text, &format!("\n{}{} {}", bold(words.counsel, words), pack.counsel, owner(&pack.owner, headings)));
    for (category, rules) in by_category {
        line(text, &format!("\n### {category}\n"));
        let rows = rules.iter().map(|loaded| {
            let rule = &loaded.rule;
            [
                format!("`{}`", rule.id),
                rule.title.clone(),
                rule.severity.name().to_owned(),
                rule.status.name().to_owned(),
                rule.what.clone(),
            ]
            .to_vec()
        });
        push_table(text, &[words.rule, words.title, words.severity, words.status, words.what], rows);
        rules.into_iter().for_each(|loaded| rule::push(text, loaded, headings, lines));
    }
}

fn owner(owner: &str, headings: Headings) -> String {
    let words = headings.words();
    format!("{}{owner}", bold(words.owner, words))
}

/// A heading inside a line.
fn bold(heading: &str, words: &headings::Words) -> String {
    format!("**{heading}**{}", words.colon)
}

/// Appends a line. Writing to a string cannot fail.
fn line(text: &mut String, line: &str) {
    let _ = writeln!(text, "{}", line.trim_end_matches(' '));
}

fn push_table(text: &mut String, header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    line(text, &format!("| {} |", header.join(" | ")));
    line(text, &format!("|{}", " --- |".repeat(header.len())));
    for row in rows {
        line(text, &format!("| {} |", row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(" | ")));
    }
}

/// A text as a cell of a table, which a bar or a line break would end.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::{PackOptions, load};

    #[test]
    fn the_shipped_packs_make_the_same_handbook_each_time() {
        let packs = load(&PackOptions::default()).expect("the shipped packs are right");
        let text = handbook(&packs, None).expect("they compile");
        assert_eq!(handbook(&packs, None).expect("they compile"), text);
        for loaded in packs.rules.values() {
            let rule = &loaded.rule;
            assert!(text.contains(&format!("#### {}", rule.title)), "{}", rule.id);
            for part in [&rule.what, &rule.why, &rule.misses, &rule.report.advice] {
                assert!(text.contains(part.as_str()), "{}: {part}", rule.id);
            }
            for example in &rule.examples {
                assert!(text.contains(&example.name), "{}: {}", rule.id, example.name);
            }
        }
        let english = handbook(&packs, Some(Headings::En)).expect("they compile");
        assert!(text.starts_with("# 规则手册\n") && english.starts_with("# Handbook of rules\n"));
        assert!(english.contains("\n**Why**: ") && !english.contains("**为什么**"));
    }
}
