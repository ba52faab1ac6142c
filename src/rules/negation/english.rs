//! Denials in English: words before what they deny.

/// In how many words before a hit an English negator governs it.
const REACH_WORDS: usize = 5;
/// Denials of an intention, a right or a habit, which govern the rest of the clause.
const FAR: [&str; 20] = [
    "no way",
    "no intention",
    "no plans",
    "no right",
    "not the right",
    "not our practice",
    "isn't our practice",
    "not our policy",
    "isn't our policy",
    "neither",
    "never said",
    "not saying",
    "can't promise",
    "cannot promise",
    "not allowed to",
    "didn't say",
    "did not say",
    "never told",
    "never asked",
    "not going to have",
];
/// What starts another statement behind such a denial.
const ENDS_FAR: [&str; 5] = ["but", "then", "unless", "so", "because"];

/// Whether `before`, a clause up to a hit, denies it.
pub(super) fn is_negated(before: &str) -> bool {
    let words: Vec<&str> = before.split_whitespace().rev().take(REACH_WORDS).collect();
    // In a condition the listener is the subject of what follows too: if you do not pay you will ….
    let is_condition = before.split_whitespace().any(|word| matches!(word, "if" | "unless"));
    let mut negated = false;
    // From the hit outwards; a new subject starts what a condition leads to.
    for (at, word) in words.iter().enumerate() {
        if is_new_subject(word) || is_condition && *word == "you" {
            break;
        }
        let emphatic = at > 0 && matches!(words[at - 1], "only" | "just" | "merely");
        negated ^= is_negator(word) && !emphatic;
    }
    if is_condition { negated } else { far_denial(before).unwrap_or(negated) }
}

/// Whether a denial of an intention, a right or a habit denies what ends the clause `before`; `None` where there is none. Another
/// negator behind it takes it back: no way we are not ….
fn far_denial(before: &str) -> Option<bool> {
    let end = FAR.iter().filter_map(|denial| before.rfind(denial).map(|at| at + denial.len())).max()?;
    let behind = || before[end..].split_whitespace();
    if behind().any(|word| ENDS_FAR.contains(&word)) {
        return None;
    }
    Some(behind().filter(|word| is_negator(word)).count() % 2 == 0)
}

fn is_new_subject(word: &str) -> bool {
    let subject = word.split('\'').next().unwrap_or(word);
    matches!(subject, "but" | "we" | "i" | "they" | "then" | "someone" | "somebody")
}

fn is_negator(word: &str) -> bool {
    matches!(word, "not" | "never" | "cannot" | "no" | "without") || word.ends_with("n't") || word.starts_with("nobody")
}
