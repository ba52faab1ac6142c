//! Ids of customers as keyed hashes, which nobody without the key leads back to anybody.

/// What keys are derived for, so that the same secret used elsewhere gives other hashes.
const CONTEXT: &str = "callsift 2026-11-30 ids of customers";

/// A key for ids of customers.
#[derive(Clone)]
pub struct CustomerKey([u8; 32]);

impl CustomerKey {
    /// The fewest bytes of a secret: fewer could be tried out.
    pub const FEWEST_BYTES: usize = 16;

    /// The key that comes of a secret, white space at its end aside; `None` where it is too short.
    #[must_use]
    pub fn of(secret: &[u8]) -> Option<Self> {
        let secret = secret.trim_ascii_end();
        (secret.len() >= Self::FEWEST_BYTES).then(|| Self(blake3::derive_key(CONTEXT, secret)))
    }

    /// Returns the id under which the customer `raw` is written: 32 small letters from a to p (128 bits of BLAKE3, keyed), none of
    /// which any mask takes for a digit.
    ///
    /// ```
    /// use callsift::entities::CustomerKey;
    /// let key = CustomerKey::of(b"a secret of the bank").expect("it is long enough");
    /// assert_eq!(key.hash("13800138000").len(), 32);
    /// assert_ne!(key.hash("13800138000"), key.hash("13800138001"));
    /// ```
    #[must_use]
    pub fn hash(&self, raw: &str) -> String {
        let hash = blake3::keyed_hash(&self.0, raw.as_bytes());
        let letters = hash.as_bytes()[..16].iter().flat_map(|byte| [byte >> 4, byte & 15]);
        letters.map(|four_bits| char::from(b'a' + four_bits)).collect()
    }
}

/// The key is not shown.
impl std::fmt::Debug for CustomerKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CustomerKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_decides_and_is_not_shown() {
        let key = |secret: &str| CustomerKey::of(secret.as_bytes());
        let (one, other) = (key("0123456789abcdef").unwrap(), key("0123456789abcdeg").unwrap());
        assert_ne!(one.hash("c-1"), other.hash("c-1"));
        assert_eq!(
            one.hash("c-1"),
            key("0123456789abcdef\n").unwrap().hash("c-1"),
            "an editor's new line is no secret"
        );
        assert!(key("0123456789abcde").is_none());
        assert_eq!(format!("{one:?}"), "CustomerKey");
        assert!(one.hash("c-1").bytes().all(|byte| (b'a'..=b'p').contains(&byte)));
    }
}
