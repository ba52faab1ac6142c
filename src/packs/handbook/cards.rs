//! The lists and scorecards of the handbook.

use super::headings::{Headings, Words};
use super::{bold, line, push_table};
use crate::packs::Packs;
use crate::score::Scorecard;
use crate::score::card::{About, Item, Points};

pub(super) fn push_lists(text: &mut String, packs: &Packs, headings: Headings) {
    let words = headings.words();
    line(text, &format!("\n## {}\n", words.lists));
    let rows = packs.lists.values().map(|list| {
        let source = format!("{} ({})", list.source, list.confidence);
        vec![format!("`{}`", list.id), list.means.clone(), source, list.terms.len().to_string()]
    });
    push_table(text, &[words.list, words.means, words.source, words.terms], rows);
}

pub(super) fn push_cards(text: &mut String, packs: &Packs, headings: Headings) {
    let words = headings.words();
    line(text, &format!("\n## {}", words.scorecards));
    packs.cards.values().for_each(|card| push_card(text, card, words));
}

fn push_card(text: &mut String, card: &Scorecard, words: &Words) {
    line(text, &format!("\n### {} (`{}`)\n", card.title, card.id));
    let lines = [
        (words.pass, card.pass_at_least.to_string()),
        (words.fail, card.fail_below.to_string()),
        (words.coverage, format!("{} %", (card.coverage_at_least * 100.0).round())),
    ];
    let lines = lines.map(|(heading, value)| format!("{}{value}", bold(heading, words)));
    line(text, &format!("{}\n", lines.join(" · ")));
    let header = [words.item, words.about, words.max_points, words.first, words.each];
    push_table(text, &header, card.items.iter().map(|item| row(item, words)));
}

fn row(item: &Item, words: &Words) -> Vec<String> {
    let about = match &item.about {
        About::Rule(rule) => format!("`{rule}`"),
        About::Category { category, packs } if packs.is_empty() => category.clone(),
        About::Category { category, packs } => format!("{category} ({})", packs.join(", ")),
    };
    let points = match item.points {
        Points::Deduction { max_points, first_points, each_points } => {
            [max_points, first_points, each_points].map(|points| points.to_string())
        }
        Points::Bonus { bonus_points, cap_points } => {
            let bonus = format!("{} +{bonus_points}", words.bonus);
            [format!("≤ {cap_points}"), bonus.clone(), bonus]
        }
    };
    [item.name.clone(), about].into_iter().chain(points).collect()
}
