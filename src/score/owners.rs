//! Which item of a scorecard each rule belongs to.

use super::card::{About, Scorecard};
use std::collections::BTreeMap;

/// The rules of a set, by id, with the items of a card that they belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners(Vec<(String, Option<usize>)>);

/// So many rules behind the last one are looked at before all are: most rules of a set are asked on most calls, in the order of their ids.
const NEAR: usize = 4;

impl Owners {
    /// Where the rules, each given by id and category, belong on `card`: to the item that names the rule, else to the first of its
    /// category.
    pub fn of<'a>(card: &Scorecard, rules: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let owned: BTreeMap<&str, Option<usize>> =
            rules.map(|(id, category)| (id, owner(card, id, category))).collect();
        Self(owned.into_iter().map(|(id, owner)| (id.to_owned(), owner)).collect())
    }

    /// The items of those of `rules` that have one; quickest where they are sorted.
    pub(super) fn each<'a>(&self, rules: impl Iterator<Item = &'a str>) -> impl Iterator<Item = usize> {
        let mut behind = 0;
        rules.filter_map(move |rule| {
            let near = (behind..self.0.len().min(behind + NEAR)).find(|at| self.0[*at].0 == rule);
            let at = near.or_else(|| self.0.binary_search_by(|(id, _)| id.as_str().cmp(rule)).ok())?;
            behind = at + 1;
            self.0[at].1
        })
    }
}

fn owner(card: &Scorecard, rule: &str, category: &str) -> Option<usize> {
    let names = |about: &About| matches!(about, About::Rule(of) if of == rule);
    let has = |about: &About| matches!(about, About::Category { category: of, packs } if of == category && in_packs(packs, rule));
    let place = |is: &dyn Fn(&About) -> bool| card.items.iter().position(|item| is(&item.about));
    place(&names).or_else(|| place(&has))
}

fn in_packs(packs: &[String], rule: &str) -> bool {
    let is_of = |pack: &String| rule.split_once('.').map_or(rule, |(pack, _)| pack) == pack;
    packs.is_empty() || packs.iter().any(is_of)
}
