//! Equal call ids: found by their hashes, then looked up, so that a message names both lines.

use super::WorkMistake;
use super::identity::{id_hash, relative, shown};
use super::list::WorkList;
use super::mistake::Mistakes;
use super::rows::Table;
use crate::entities::masked_id;
use std::collections::BTreeMap;
use std::path::Path;

/// So many ids that several calls share are looked up.
const MAX_IDS: usize = 50;

/// Where an id stands: on a line of a manifest, or nowhere, being that of a file that was found.
struct Home {
    /// File and line, and how to speak of the line inside the same file.
    line: Option<(String, String)>,
    /// Which manifest.
    file: usize,
}

/// Returns what is wrong with `list`'s ids, whose hashes are sorted: nothing where no two are equal.
pub(super) fn report(list: &WorkList) -> Vec<WorkMistake> {
    let mut twice: Vec<u64> = list.ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    twice.dedup();
    if twice.is_empty() {
        return Vec::new();
    }
    let more = twice.len().saturating_sub(MAX_IDS);
    twice.truncate(MAX_IDS);
    let homes = homes(list, &twice);
    let mut mistakes = Mistakes::default();
    for (id, homes) in &homes {
        mistakes.extend(mistakes_of(id, homes));
    }
    let mut mistakes = mistakes.listed(Path::new("call_id"));
    if more > 0 {
        mistakes.push(WorkMistake {
            place: "call_id".into(),
            message: format!("{more} more ids that several calls have"),
            help: "give every call an id of its own".into(),
        });
    }
    mistakes
}

/// Where each id with one of the hashes stands. Two ids of one hash stay two.
fn homes(list: &WorkList, twice: &[u64]) -> BTreeMap<String, Vec<Home>> {
    let mut homes: BTreeMap<String, Vec<Home>> = BTreeMap::new();
    for (file, manifest) in list.manifests.iter().enumerate() {
        let Ok(mut table) = Table::open(&manifest.path) else { continue };
        let at = table.place().clone();
        let find = |columns: &[String], row: &super::rows::Row| {
            let column = columns.iter().position(|name| name == "call_id");
            let id = column.and_then(|column| row.cell(column)).map(masked_id);
            Ok(id.filter(|id| twice.binary_search(&id_hash(id)).is_ok()).map(|id| (id, row.number)))
        };
        table.read_all(&find, &mut |_, found| {
            for (id, number) in found.into_iter().flatten() {
                let line = Some((at.of(number), at.inside(number)));
                homes.entry(id).or_default().push(Home { line, file });
            }
            true
        });
    }
    for group in &list.groups {
        for (name, ..) in group.names().unwrap_or_default() {
            let id = masked_id(&relative(&group.path.join(name), &group.root));
            if twice.binary_search(&id_hash(&id)).is_ok() {
                homes.entry(id).or_default().push(Home { line: None, file: usize::MAX });
            }
        }
    }
    homes
}

fn mistakes_of(id: &str, homes: &[Home]) -> Vec<WorkMistake> {
    let lines = homes.iter().filter_map(|home| Some((home.file, home.line.as_ref()?)));
    let Some((first_file, (first_place, first_line))) =
        lines.clone().next().filter(|_| lines.clone().count() == homes.len())
    else {
        return several_files(id, homes.len());
    };
    let later = lines.skip(1).map(|(file, (place, _))| {
        let first = if file == first_file { first_line } else { first_place };
        WorkMistake {
            place: place.clone(),
            message: format!("call_id {id} is that of {first} too"),
            help: "give every call an id of its own".into(),
        }
    });
    later.collect()
}

fn several_files(id: &str, calls: usize) -> Vec<WorkMistake> {
    if calls < 2 {
        return Vec::new();
    }
    vec![WorkMistake {
        place: shown(Path::new(id)),
        message: format!("{calls} recordings have this call_id"),
        help: "give each an id of its own in a manifest, or inspect their common parent folder".into(),
    }]
}
