//! A stamp: 64 bits that change when anything does that decides what is written.

/// The stamp of `start` and of `parts`, each set apart from the next; never 0, which stands for one that is not known.
pub(super) fn stamp(start: &[u8], parts: [&str; 4]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(start);
    for part in parts {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    let hash = hasher.finalize();
    u64::from_le_bytes(std::array::from_fn(|at| hash.as_bytes()[at])).max(1)
}
