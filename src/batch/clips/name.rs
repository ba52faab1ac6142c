//! Names of clips: ids may hold anything, and every file system must take them.

/// So much of a call's id is in the name.
const CALL_CHARS: usize = 40;
/// And so much of the finding's, which is all of it where callsift wrote it.
const FINDING_CHARS: usize = 16;
/// Hex digits of a hash of both, whole.
const TAG_DIGITS: usize = 8;
const ENDING: &str = ".wav";

/// Returns the file name of the clip of a finding: what of both ids is plain (ASCII letters, digits, `_`, `-`), and what tells them from all others.
pub(super) fn clip_name(call_id: &str, finding_id: &str) -> String {
    let mut both = blake3::Hasher::new();
    both.update(&(call_id.len() as u64).to_le_bytes()).update(call_id.as_bytes()).update(finding_id.as_bytes());
    let tag = both.finalize().to_hex();
    let (call, finding) = (plain(call_id, CALL_CHARS, "call"), plain(finding_id, FINDING_CHARS, "finding"));
    format!("{call}-{finding}-{}{ENDING}", &tag[..TAG_DIGITS])
}

/// Whether [`clip_name`] may have given the name.
pub(super) fn is_clip_name(name: &str) -> bool {
    let Some((ids, tag)) = name.strip_suffix(ENDING).and_then(|name| name.rsplit_once('-')) else { return false };
    !ids.is_empty()
        && ids.chars().all(is_plain)
        && tag.len() == TAG_DIGITS
        && tag.bytes().all(|it| it.is_ascii_hexdigit())
}

/// At most `most` characters of `id`, each run of others one `-`; `instead` where none is left.
fn plain(id: &str, most: usize, instead: &str) -> String {
    let runs = id.split(|c| !is_plain(c)).filter(|run| !run.is_empty());
    let joined: String = runs.collect::<Vec<_>>().join("-").chars().take(most).collect();
    let trimmed = joined.trim_matches('-');
    if trimmed.is_empty() { instead.to_owned() } else { trimmed.to_owned() }
}

const fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_show_what_is_plain() {
        let cases = [
            ("threat-01", "0123456789abcdef", "threat-01-0123456789abcdef-"),
            ("2026-11-20/call 1.wav", "0123456789abcdef", "2026-11-20-call-1-wav-0123456789abcdef-"),
            ("███████████.wav~a1b2c3", "f", "wav-a1b2c3-f-"),
            ("../../etc/passwd", "a/b", "etc-passwd-a-b-"),
            ("电话", "", "call-finding-"),
            ("CON", "..", "CON-finding-"),
        ];
        for (call_id, finding_id, begins) in cases {
            let name = clip_name(call_id, finding_id);
            assert!(name.starts_with(begins) && name.len() == begins.len() + TAG_DIGITS + ENDING.len(), "{name}");
        }
    }

    #[test]
    fn what_differs_in_the_ids_differs_in_the_name() {
        let ids =
            [("a", "b"), ("A", "b"), ("ab", ""), ("", "ab"), ("a/", "b"), ("a\\", "b"), ("电", "话"), ("话", "电")];
        let mut names: Vec<String> =
            ids.iter().map(|(call, finding)| clip_name(call, finding).to_lowercase()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), ids.len(), "also where case does not count: {names:?}");
    }

    #[test]
    fn other_names_are_not_taken_for_clips() {
        for name in [
            "",
            ".wav",
            "a.wav",
            "-12345678.wav",
            "a-1234567.wav",
            "../a-12345678.wav",
            "a-12345678.WAV",
            "clips.csv",
            "a-1234567x.wav",
        ] {
            assert!(!is_clip_name(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_ids_make_a_safe_name(call_id in ".*", finding_id in ".*") {
            let name = clip_name(&call_id, &finding_id);
            prop_assert!(is_clip_name(&name) && name.len() <= 80, "{}", name);
            prop_assert!(name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'), "{}", name);
        }
    }
}
