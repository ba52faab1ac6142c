//! The address that is asked.

use ureq::http::Uri;
use ureq::http::uri::Scheme;

/// An address, read and found to be one that can be asked.
#[derive(Clone)]
pub(super) struct Endpoint {
    /// What requests go to. Its query may hold a key, so it is never shown.
    pub(super) uri: Uri,
    /// Host, port and path, to be shown.
    pub(super) shown: String,
}

impl Endpoint {
    /// Reads `url`, the whole address, such as `http://127.0.0.1:8000/v1/audio/transcriptions`.
    ///
    /// Errors: what is wrong with it and the way out, without quoting it.
    pub(super) fn read(url: &str) -> Result<Self, String> {
        let uri: Uri =
            url.trim().parse().map_err(|_| "is no address; write it like http://host:8000/v1/audio/transcriptions")?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err("does not begin with http:// or https://".to_owned());
        };
        if *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS {
            return Err("is neither http:// nor https://".to_owned());
        }
        if authority.as_str().contains('@') {
            return Err(
                "holds a user name or a password; take it out and name the variable that holds the key by --engine-key-env"
                    .to_owned(),
            );
        }
        if matches!(uri.path().trim_end_matches('/'), "" | "/v1") {
            return Err("is not the whole address; most servers answer under /v1/audio/transcriptions".to_owned());
        }
        let shown = format!("{authority}{}", uri.path());
        Ok(Self { uri, shown })
    }

    /// Host and port.
    pub(super) fn host(&self) -> &str {
        self.shown.split('/').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("http://h:8000/v1/audio/transcriptions", Some("h:8000/v1/audio/transcriptions")),
            ("https://h/inference?api-version=1&key=sk-1", Some("h/inference")),
            ("http://[::1]:9000/v1/audio/transcriptions", Some("[::1]:9000/v1/audio/transcriptions")),
            ("http://h:8000", None),
            ("http://h:8000/v1/", None),
            ("https://user:pass@h/v1/audio/transcriptions", None),
            ("h/v1/audio/transcriptions", None),
            ("ftp://h/v1/audio/transcriptions", None),
            ("/v1/audio/transcriptions", None),
            ("http://h h/", None),
            ("", None),
        ];
        for (url, expected) in cases {
            let shown = Endpoint::read(url).map(|endpoint| endpoint.shown);
            assert_eq!(shown.as_deref().ok(), expected, "{url}");
            assert!(shown.err().is_none_or(|why| !why.contains("user:pass")), "{url}");
        }
    }

    #[test]
    fn the_host_is_shown_with_its_port() {
        let endpoint = Endpoint::read("http://[::1]:9000/a/b").expect("an address");
        assert_eq!(endpoint.host(), "[::1]:9000");
    }
}
