//! The token that opens the server.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Bytes of randomness in a token that is made here.
const RANDOM_BYTES: usize = 32;

/// The fewest characters of a token that is given: what nobody guesses by asking.
const FEWEST_CHARS: usize = 16;

/// The most bytes of a file that are read for one.
const MOST_BYTES: u64 = 4_096;

/// A token, of characters that stand for themselves in addresses and headers. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token that nobody can guess, from the operating system's source of randomness.
    ///
    /// # Errors
    /// The operating system gives none.
    pub fn random() -> Result<Self, TokenError> {
        let mut bytes = [0; RANDOM_BYTES];
        let source = rustls::crypto::ring::default_provider().secure_random;
        source.fill(&mut bytes).map_err(|_| TokenError::NoRandomness)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The token in the file at `path`, without the white space around it.
    ///
    /// # Errors
    /// It cannot be read, is too short, or has characters that addresses and headers do not take.
    pub fn from_file(path: &Path) -> Result<Self, TokenError> {
        let mut text = String::new();
        let file = File::open(path).map_err(|error| TokenError::Unreadable(error.kind().to_string()))?;
        let read = file.take(MOST_BYTES).read_to_string(&mut text);
        read.map_err(|error| TokenError::Unreadable(error.kind().to_string()))?;
        let token = text.trim();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if token.len() < FEWEST_CHARS || !token.bytes().all(is_plain) {
            return Err(TokenError::Weak);
        }
        Ok(Self(token.to_owned()))
    }

    /// As it is written: for the address that is printed once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `given` is the token. Takes as long for every text of one length.
    pub(super) fn is(&self, given: &str) -> bool {
        same(given, &self.0)
    }

    /// What a browser keeps in place of the token; who reads it there does not learn the token.
    pub(super) fn cookie(&self) -> String {
        blake3::Hash::from(blake3::derive_key("callsift serve 1 cookie", self.0.as_bytes())).to_hex().to_string()
    }

    /// Whether `given` is [`Token::cookie`], as [`Token::is`].
    pub(super) fn is_cookie(&self, given: &str) -> bool {
        same(given, &self.cookie())
    }
}

/// Hashes of BLAKE3 are compared in constant time.
fn same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Why there is no token.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The operating system gives no randomness.
    #[error("the operating system gives no random numbers; make a token yourself and name its file with --token-file")]
    NoRandomness,
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// What is in the file is none.
    #[error(
        "it holds no token: {FEWEST_CHARS} or more of the characters A-Z a-z 0-9 - . _ ~; make one with: \
         head -c 32 /dev/urandom | sha256sum | cut -c 1-64"
    )]
    Weak,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let token = Token::random().expect("randomness");
        let again = Token::random().expect("randomness");
        assert_eq!(token.reveal().len(), 64);
        assert_ne!(token.reveal(), again.reveal());
        assert!(token.is(token.reveal()) && !token.is(again.reveal()) && !token.is("") && !token.is(&token.cookie()));
        assert!(token.is_cookie(&token.cookie()) && !token.is_cookie(token.reveal()) && !token.is_cookie(""));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn a_file_holds_a_token_or_a_reason() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("token");
        let cases = [
            ("one of 16", "0123456789abcdeF\n", Some("0123456789abcdeF")),
            ("one of 15", "0123456789abcde", None),
            ("spaces inside", "0123456789 abcdef", None),
            ("not for headers", "0123456789abcdé0", None),
            ("nothing", "", None),
        ];
        for (name, text, expected) in cases {
            std::fs::write(&path, text).expect("written");
            let token = Token::from_file(&path);
            assert_eq!(token.as_ref().ok().map(Token::reveal), expected, "{name}");
            assert!(token.is_ok() || matches!(token, Err(TokenError::Weak)), "{name}");
        }
        let gone = Token::from_file(&folder.path().join("gone"));
        assert!(matches!(gone, Err(TokenError::Unreadable(_))));
    }
}
