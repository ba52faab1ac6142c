//! The packs and lists in the binary.

use super::folder::{Found, Layer, Place, place};

// `FILES`: path and text of every file, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The shipped files.
pub(super) fn layer() -> Layer {
    let has_pack = |pack: &str| FILES.iter().any(|(path, _)| *path == format!("rules/{pack}/pack.toml"));
    let found = FILES.iter().filter_map(|(path, text)| {
        let parts: Vec<&str> = path.strip_prefix("rules/").unwrap_or(path).split('/').collect();
        let place = place(&parts, None, &has_pack)?;
        Some(Found { place, file: (*path).to_owned(), text: (*text).to_owned() })
    });
    Layer { found: found.collect(), mistakes: Vec::new(), shipped: true }
}

/// The ids of the shipped rules, whether their packs judge or not.
pub(super) fn rule_ids() -> impl Iterator<Item = String> {
    layer().found.into_iter().filter_map(|found| match found.place {
        Place::Rule { pack, stem } => Some(format!("{pack}.{stem}")),
        _ => None,
    })
}
