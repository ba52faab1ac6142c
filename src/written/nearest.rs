//! What somebody may have meant.

/// Up to three of `candidates` that are written much like `name`, the nearest first, ties in the given order.
///
/// Near is: within one edit, or a third of the longer one's characters, by Damerau and Levenshtein's distance; or the
/// one begins with the other, of three bytes or more.
///
/// ```
/// use callsift::written::nearest::nearest;
/// assert_eq!(nearest("speakr", ["where", "speaker"]), ["speaker"]);
/// assert_eq!(nearest("saturday", ["sun", "sat"]), ["sat"]);
/// assert!(nearest("loudness", ["words"]).is_empty());
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    // A longer name is no typo of ours, and the distance takes time and room of its length squared.
    let short = name.get(..name.len().min(200)).unwrap_or_default();
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 200)
        .map(|candidate| (strsim::damerau_levenshtein(short, candidate), candidate))
        .filter(|(distance, candidate)| {
            let longer = short.chars().count().max(candidate.chars().count());
            *distance <= (longer / 3).max(1) || begins(short, candidate) || begins(candidate, short)
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

fn begins(long: &str, short: &str) -> bool {
    short.len() >= 3 && long.starts_with(short)
}

/// "did you mean `a` or `b`?", or nothing where nothing is near.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(name, candidates).as_slice() {
        [] => String::new(),
        near => format!("did you mean {}?", quoted(near.iter().copied(), " or ")),
    }
}

/// "did you mean `a`? there are `a`, `b`", for a name that is none of `known`.
pub fn one_of<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let hint = did_you_mean(name, known.clone());
    let space = if hint.is_empty() { "" } else { " " };
    format!("{hint}{space}there are {}", quoted(known, ", "))
}

/// The names in backticks, joined.
pub fn quoted<'a>(names: impl IntoIterator<Item = &'a str>, joined_by: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(joined_by)
}
