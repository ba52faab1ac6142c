//! Who may come in.
//!
//! The server stands on the machine of somebody who browses other sites too. A page of theirs can send requests here, and with a name
//! that it points to this machine (DNS rebinding) even read the answers; so names, origins and tokens are all looked at.

use super::address::pairs;
use super::token::Token;
use hyper::header::{AUTHORIZATION, COOKIE, HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{Method, StatusCode};
use std::net::IpAddr;

/// The longest name of a user that is taken, bytes.
const LONGEST_USER: usize = 200;

/// What is asked of every request.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    pub(super) token: Token,
    /// Names under which the server may be called besides addresses of numbers and `localhost`; lower case.
    pub(super) hosts: Vec<String>,
    /// The header in which a proxy names the user.
    pub(super) user_header: Option<HeaderName>,
    /// Browsers send the cookies of all ports of a machine to each, so each port has its own.
    pub(super) cookie: String,
}

/// How somebody came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// With the token in the address: it is taken out, and the browser is given a cookie.
    Token,
    /// With a cookie or a header, under this name.
    User(String),
}

/// Why somebody may not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("only GET and HEAD are answered")]
    Method,
    #[error("the server does not go by this name; an administrator may allow it with --allow-host")]
    Host,
    #[error("requests of other sites are not answered")]
    Origin,
    #[error(
        "open the address that callsift printed when it was started, with its token; if you followed a link of another site, \
         open the address of this page again"
    )]
    Token,
    #[error("the proxy in front of callsift did not say who you are")]
    User,
}

impl Refusal {
    /// The status that says it.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::Host | Self::Origin | Self::User => StatusCode::FORBIDDEN,
        }
    }
}

impl Gate {
    /// Whether the request is one that anybody may send.
    ///
    /// # Errors
    /// Another method, or another name of the server.
    pub(super) fn look(&self, head: &Parts) -> Result<(), Refusal> {
        if head.method != Method::GET && head.method != Method::HEAD {
            return Err(Refusal::Method);
        }
        let host = only(&head.headers, &HOST).ok_or(Refusal::Host)?;
        let called = host.parse().ok().filter(|host| self.goes_by(host));
        // An address with a host, as proxies are sent, must name the same.
        let same = head.uri.authority().is_none_or(|named| Some(named) == called.as_ref());
        if called.is_some() && same { Ok(()) } else { Err(Refusal::Host) }
    }

    /// Who sends it; `look` found nothing against it.
    ///
    /// # Errors
    /// Another site, no token, a wrong one, or no user where a proxy should name one.
    pub(super) fn enter(&self, head: &Parts) -> Result<Entry, Refusal> {
        if !self.is_of_this_site(&head.headers) {
            return Err(Refusal::Origin);
        }
        let given = pairs(head.uri.query().unwrap_or_default()).into_iter().find(|(name, _)| name == "token");
        if let Some((_, given)) = given {
            return if self.token.is(&given) { Ok(Entry::Token) } else { Err(Refusal::Token) };
        }
        if !self.has_cookie(&head.headers) && !self.has_bearer(&head.headers) {
            return Err(Refusal::Token);
        }
        self.user(&head.headers).map(Entry::User)
    }

    /// Names of numbers cannot be pointed elsewhere. Ports may differ, as they do behind a proxy or a tunnel.
    fn goes_by(&self, host: &Authority) -> bool {
        let name = host.host().to_ascii_lowercase();
        let number = name.trim_start_matches('[').trim_end_matches(']');
        let is_plain = !host.as_str().contains('@');
        is_plain && (name == "localhost" || number.parse::<IpAddr>().is_ok() || self.hosts.contains(&name))
    }

    /// Browsers say whose page sends a request. A person who follows a link from elsewhere is let in to pages, which ask for the
    /// cookie; such a request cannot be read by the page it came from.
    fn is_of_this_site(&self, headers: &HeaderMap) -> bool {
        let says = |name: &'static str| headers.get(name).map(hyper::header::HeaderValue::as_bytes);
        let is_visit = says("sec-fetch-mode") == Some(b"navigate") && says("sec-fetch-dest") == Some(b"document");
        let site = match says("sec-fetch-site") {
            None | Some(b"same-origin" | b"none") => true,
            Some(_) => is_visit,
        };
        site && headers.get_all(ORIGIN).iter().all(|origin| self.is_own(origin.to_str().ok(), headers))
    }

    /// Whether `origin` is this server's, as the request or an administrator names it.
    fn is_own(&self, origin: Option<&str>, headers: &HeaderMap) -> bool {
        let Some((_, authority)) = origin.and_then(|origin| origin.split_once("://")) else { return false };
        let is_called = only(headers, &HOST).is_some_and(|host| host.eq_ignore_ascii_case(authority));
        let name = authority.parse::<Authority>().map(|authority| authority.host().to_ascii_lowercase());
        is_called || name.is_ok_and(|name| self.hosts.contains(&name))
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = texts.flat_map(|text| text.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
        cookies.any(|(name, value)| name == self.cookie && self.token.is_cookie(value))
    }

    fn has_bearer(&self, headers: &HeaderMap) -> bool {
        let said = only(headers, &AUTHORIZATION).and_then(|value| value.split_once(' '));
        said.is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && self.token.is(token.trim()))
    }

    fn user(&self, headers: &HeaderMap) -> Result<String, Refusal> {
        let Some(header) = &self.user_header else { return Ok("local".to_owned()) };
        let mut values = headers.get_all(header).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return Err(Refusal::User) };
        let name = String::from_utf8_lossy(value.as_bytes());
        let name = name.trim();
        if name.is_empty() || name.len() > LONGEST_USER { Err(Refusal::User) } else { Ok(name.to_owned()) }
    }
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    value.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    fn gate() -> Gate {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("token");
        std::fs::write(&path, "0123456789abcdef").expect("written");
        let token = Token::from_file(&path).expect("a token");
        Gate { token, hosts: vec!["qa.example.com".into()], user_header: None, cookie: "callsift_8137".into() }
    }

    fn head(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn only_names_that_cannot_be_pointed_here_are_answered() {
        let own = [
            "127.0.0.1:8137",
            "localhost:9000",
            "LocalHost",
            "[::1]:8137",
            "192.0.2.7",
            "qa.example.com",
            "QA.example.com:443",
        ];
        let strange = [
            "evil.example",
            "evil.example:8137",
            "127.0.0.1.evil.example",
            "a@127.0.0.1",
            "",
            "127.0.0.1:x",
            "localhost.",
        ];
        for (hosts, allowed) in [(&own[..], true), (&strange[..], false)] {
            for host in hosts {
                assert_eq!(gate().look(&head("/", &[("host", host)])).is_ok(), allowed, "{host}");
            }
        }
        assert_eq!(gate().look(&head("/", &[])), Err(Refusal::Host));
        assert_eq!(gate().look(&head("/", &[("host", "localhost"), ("host", "localhost")])), Err(Refusal::Host));
        assert_eq!(gate().look(&head("http://evil.example/", &[("host", "localhost")])), Err(Refusal::Host));
        assert_eq!(gate().look(&head("http://localhost/", &[("host", "localhost")])), Ok(()));
    }

    #[test]
    fn other_sites_are_refused() {
        let bearer = ("authorization", "Bearer 0123456789abcdef");
        let cases: [(&str, &[(&str, &str)], bool); 11] = [
            ("no browser", &[], true),
            ("own page", &[("origin", "http://127.0.0.1:8137"), ("sec-fetch-site", "same-origin")], true),
            ("typed address", &[("sec-fetch-site", "none")], true),
            ("behind a proxy that changes the name", &[("origin", "https://qa.example.com")], true),
            ("another site", &[("origin", "https://evil.example")], false),
            ("another port", &[("origin", "http://127.0.0.1:9999")], false),
            ("a file", &[("origin", "null")], false),
            ("a picture elsewhere", &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], false),
            ("another port's picture", &[("sec-fetch-site", "same-site")], false),
            (
                "a frame",
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
                false,
            ),
            (
                "a link",
                &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
                true,
            ),
        ];
        for (name, headers, allowed) in cases {
            let headers = [&[("host", "127.0.0.1:8137"), bearer], headers].concat();
            let expected = if allowed { Ok(Entry::User("local".into())) } else { Err(Refusal::Origin) };
            assert_eq!(gate().enter(&head("/", &headers)), expected, "{name}");
        }
    }

    #[test]
    fn a_token_a_cookie_or_a_header_opens() {
        let gate = gate();
        let cookie = format!("other=1; callsift_8137={}", gate.token.cookie());
        let elsewhere = format!("callsift_9999={}", gate.token.cookie());
        let local = || Ok(Entry::User("local".into()));
        let cases: [(&str, &str, &[(&str, &str)], Result<Entry, Refusal>); 9] = [
            ("in the address", "/?token=0123456789abcdef", &[], Ok(Entry::Token)),
            ("wrong in the address", "/?token=0123456789abcdee", &[("cookie", &cookie)], Err(Refusal::Token)),
            ("cookie", "/", &[("cookie", &cookie)], local()),
            ("cookie of another port", "/", &[("cookie", &elsewhere)], Err(Refusal::Token)),
            ("the token as cookie", "/", &[("cookie", "callsift_8137=0123456789abcdef")], Err(Refusal::Token)),
            ("header", "/", &[("authorization", "bearer 0123456789abcdef")], local()),
            ("wrong header", "/", &[("authorization", "Bearer 0123456789abcdeg")], Err(Refusal::Token)),
            ("another scheme", "/", &[("authorization", "Basic 0123456789abcdef")], Err(Refusal::Token)),
            ("nothing", "/", &[], Err(Refusal::Token)),
        ];
        for (name, uri, headers, expected) in cases {
            let headers = [&[("host", "127.0.0.1:8137")], headers].concat();
            assert_eq!(gate.enter(&head(uri, &headers)), expected, "{name}");
        }
    }

    #[test]
    fn where_a_proxy_names_users_nobody_comes_in_without_a_name() {
        let gate = Gate { user_header: Some(HeaderName::from_static("x-forwarded-user")), ..gate() };
        let long = "x".repeat(201);
        let cases: [(&str, &[&str], Option<&str>); 5] = [
            ("one", &["wang.fang <b>"], Some("wang.fang <b>")),
            ("none", &[], None),
            ("empty", &[" "], None),
            ("two", &["a", "b"], None),
            ("endless", &[&long], None),
        ];
        for (name, users, expected) in cases {
            let mut headers = vec![("host", "127.0.0.1"), ("authorization", "Bearer 0123456789abcdef")];
            headers.extend(users.iter().map(|user| ("x-forwarded-user", *user)));
            let entry = gate.enter(&head("/", &headers));
            assert_eq!(entry, expected.map(|user| Entry::User(user.into())).ok_or(Refusal::User), "{name}");
        }
    }
}
