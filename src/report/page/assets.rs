//! The one style sheet and the one script of all pages, and the policy that lets nothing else in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The style sheet of every page.
#[must_use]
pub const fn style() -> &'static str {
    include_str!("../assets/style.css")
}

/// The script of every page. Pages say all they say without it; it plays what is clicked, and opens what is linked.
#[must_use]
pub const fn script() -> &'static str {
    include_str!("../assets/script.js")
}

/// The content security policy of the pages: the style sheet and the script above by their hashes, sound from where the page comes
/// from, forms that lead back there, and nothing else.
#[must_use]
pub fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; media-src 'self'; img-src 'self' data:; form-action 'self'; \
         base-uri 'none'",
        hash(style()),
        hash(script())
    )
}
