//! An answer, with the headers that all have.

use super::body::Body;
use crate::report::policy;
use hyper::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Method, Response, StatusCode};
use std::ops::Range;
use std::sync::LazyLock;

/// An answer, and what the log is told of it.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    body: Body,
    /// Of a list: how many calls.
    pub(super) calls: Option<usize>,
    /// Of a sound: which bytes, and when they are heard, ms.
    pub(super) heard: Option<(Range<u64>, Range<u64>)>,
}

impl Reply {
    fn new(status: StatusCode, kind: &'static str, body: Body) -> Self {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
        Self { status, headers, body, calls: None, heard: None }
    }

    /// A page.
    pub(super) fn page(status: StatusCode, html: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", Body::text(html))
    }

    /// A few words.
    pub(super) fn text(status: StatusCode, text: impl Into<String>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", Body::text(text.into() + "\n"))
    }

    /// Something of another kind.
    pub(super) fn file(kind: &'static str, body: Body) -> Self {
        Self::new(StatusCode::OK, kind, body)
    }

    /// With a header.
    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Of so many calls.
    pub(super) fn of_calls(self, count: usize) -> Self {
        Self { calls: Some(count), ..self }
    }

    /// A part of a sound: these bytes, heard at these times in ms, where any are sent.
    pub(super) fn of_sound(self, status: StatusCode, heard: Option<(Range<u64>, Range<u64>)>) -> Self {
        Self { status, heard, ..self }
    }

    /// As it is sent in answer to `method`: with the headers that keep a page from doing or telling anything, and kept by nobody. A
    /// HEAD gets all but the body.
    pub(super) fn into_response(self, method: &Method) -> Response<Body> {
        let length = HeaderValue::from(self.body.length_bytes());
        let mut response = Response::new(if *method == Method::HEAD { Body::text("") } else { self.body });
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        *headers = self.headers;
        headers.insert(CONTENT_LENGTH, length);
        headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
        for (name, value) in SAME {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

const SAME: [(HeaderName, &str); 6] = [
    (CACHE_CONTROL, "private, no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The policy of the pages; that nobody may frame them can be said by a header alone.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = policy() + "; frame-ancestors 'none'";
    HeaderValue::try_from(policy).expect("hashes and names of sources are ASCII")
});
