//! Loading: every file is read, every mistake told, before anything else happens.

use super::apply::{self, apply};
use super::folder::{self, Layer, Place};
use super::joined::{From, Joined, WrittenRule};
use super::model::{ListFile, LoadedRule, LoadedScript, PackOptions, Packs, Set};
use super::{names, shipped};
use crate::lexicon::file::WrittenList;
use crate::rules::Script;
use crate::written::Mistake;
use std::collections::BTreeMap;

/// Loads the shipped packs and the folders of `options`, each after those before it.
///
/// # Errors
///
/// Every mistake of every file at once, by file and place.
pub fn load(options: &PackOptions) -> Result<Packs, Vec<Mistake>> {
    let mut joined = Joined::default();
    joined.add(shipped_layer(options.shipped));
    for folder in &options.folders {
        joined.add(folder::read(folder));
    }
    let mut mistakes = std::mem::take(&mut joined.mistakes);
    let changes = apply_overrides(&mut joined, &mut mistakes);
    mistakes.extend(names::mistakes(&joined, options.shipped));
    if mistakes.is_empty() {
        return Ok(resolved(joined, changes));
    }
    mistakes.sort_by(|a, b| (&a.file, a.span.start, a.code).cmp(&(&b.file, b.span.start, b.code)));
    Err(mistakes)
}

/// The shipped files; without the shipped packs, only the lists and the default scorecard.
fn shipped_layer(with_packs: bool) -> Layer {
    let mut layer = shipped::layer();
    layer.found.retain(|found| with_packs || matches!(found.place, Place::List { .. } | Place::DefaultCard));
    layer
}

/// Changes the rules; returns the changes of each rule.
fn apply_overrides(joined: &mut Joined, mistakes: &mut Vec<Mistake>) -> BTreeMap<String, Vec<apply::Placed>> {
    let mut by_rule: BTreeMap<String, Vec<apply::Placed>> = BTreeMap::new();
    for ((rule, _), placed) in &joined.overrides {
        by_rule.entry(rule.clone()).or_default().push(placed.clone());
    }
    for (id, changes) in &by_rule {
        let Some(rule) = joined.rules.get_mut(id) else { continue };
        let WrittenRule { pack, stem, .. } = &rule.value;
        let file = apply::File { pack, stem, file: &rule.file, text: &rule.text };
        let has_list = |list: &str| joined.lists.contains_key(list) || joined.broken.contains(list);
        match apply(&file, changes, &has_list) {
            Ok((changed, lists)) => {
                rule.value.rule = apply::with_lines_of(&rule.value.rule, changed);
                rule.value.lists_of_overrides = lists;
            }
            Err(found) => mistakes.extend(found),
        }
    }
    by_rule
}

fn resolved(joined: Joined, mut changes: BTreeMap<String, Vec<apply::Placed>>) -> Packs {
    let every_pack = || Set {
        name: "all".to_owned(),
        packs: joined.packs.keys().cloned().collect(),
        scorecard: None,
        when: BTreeMap::new(),
    };
    let sets = joined.sets.as_ref().map_or_else(|| vec![every_pack()], |sets| sets.value.clone());
    let rules = joined.rules.into_iter().map(|(id, from)| {
        let changes = changes.remove(&id).unwrap_or_default();
        let WrittenRule { rule, pack, .. } = from.value;
        let changes = changes.iter().map(apply::described).collect();
        let (text, shipped) = (from.text.to_string(), from.shipped);
        (id, LoadedRule { rule, text, pack, file: from.file, changes, shipped })
    });
    let scripts = joined.whitelists.into_iter().flat_map(|from| {
        let loaded = move |script: Script| (script.name.clone(), LoadedScript { script, file: from.file.clone() });
        from.value.into_iter().map(|placed| placed.value).map(loaded)
    });
    Packs {
        list_files: list_files(&joined.lists),
        rules: rules.collect(),
        packs: joined.packs.into_iter().map(|(id, from)| (id, from.value)).collect(),
        lists: joined.lists.into_iter().map(|(id, from)| (id, from.value.list)).collect(),
        cards: joined.cards.into_iter().map(|(id, from)| (id, from.value)).collect(),
        scripts: scripts.collect(),
        sets,
        default_card: joined.default_card,
        replaced: joined.replaced,
    }
}

fn list_files(lists: &BTreeMap<String, From<WrittenList>>) -> BTreeMap<String, ListFile> {
    let of = |from: &From<WrittenList>| ListFile { file: from.file.clone(), shipped: from.shipped };
    lists.iter().map(|(id, from)| (id.clone(), of(from))).collect()
}
