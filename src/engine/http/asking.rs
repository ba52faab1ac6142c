//! One request and its answer.

use super::answer;
use super::client::{failed_to_ask, failed_to_hear};
use super::endpoint::Endpoint;
use super::failure::Failure;
use super::form::Form;
use super::options::HttpOptions;
use super::retry_after;
use crate::transcript::Transcript;
use jiff::Timestamp;
use std::io::Read;
use std::path::Path;
use std::time::Duration;
use ureq::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, EXPECT, RETRY_AFTER};
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Response};
use ureq::{Agent, Body, SendBody};

/// The largest answer that is read, unpacked; ten hours of speech with word times are under 20 MiB.
const MAX_BYTES: u64 = 32 << 20;

/// The most that is read of an answer that is no success.
const MAX_ERROR_BYTES: u64 = 16 << 10;

/// One request.
pub(super) struct Asking<'a> {
    pub(super) agent: &'a Agent,
    pub(super) endpoint: &'a Endpoint,
    pub(super) options: &'a HttpOptions,
    pub(super) fields: &'a [(String, String)],
    pub(super) wav: &'a Path,
    pub(super) boundary: String,
    /// How long it may take.
    pub(super) timeout: Duration,
    /// Whether to wait for the server's leave before the clip is sent, so that a refusal is heard where it hung up before.
    pub(super) warily: bool,
}

impl Asking<'_> {
    /// Asks, and reads the answer.
    pub(super) fn ask(self) -> Result<Transcript, Failure> {
        let mut answer = self.send()?;
        if !answer.status().is_success() {
            return Err(self.refusal(&mut answer));
        }
        let mut bytes = Vec::new();
        let body = answer.body_mut().as_reader();
        body.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed_to_hear)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Failure::TooLarge);
        }
        answer::transcript(&bytes, self.options.format)
    }

    fn send(&self) -> Result<Response<Body>, Failure> {
        let mut form =
            Form::open(self.fields, self.wav, &self.boundary).map_err(|error| Failure::Clip(error.kind()))?;
        let mut request = self.agent.post(&self.endpoint.uri);
        for (name, value) in self.headers(&form).ok_or(Failure::NotHttp)? {
            request = request.header(name, value);
        }
        // The client's own limit is `timeout`; a request that says another costs it a new set-up of TLS.
        if self.timeout < self.options.timeout {
            request = request.config().timeout_global(Some(self.timeout)).build();
        }
        request.send(SendBody::from_reader(&mut form)).map_err(failed_to_ask)
    }

    /// The headers; none where the key is no value of one, which was looked at before.
    fn headers(&self, form: &Form) -> Option<Vec<(HeaderName, HeaderValue)>> {
        let mut headers = vec![
            (CONTENT_TYPE, HeaderValue::from_str(&form.content_type).ok()?),
            (CONTENT_LENGTH, HeaderValue::from(form.len)),
        ];
        if let Some(key) = &self.options.key {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.reveal())).ok()?;
            value.set_sensitive(true);
            headers.push((AUTHORIZATION, value));
        }
        if self.warily {
            headers.push((EXPECT, HeaderValue::from_static("100-continue")));
        }
        Some(headers)
    }

    fn refusal(&self, answer: &mut Response<Body>) -> Failure {
        let mut bytes = Vec::new();
        // What cannot be read has no name.
        let _ = answer.body_mut().as_reader().take(MAX_ERROR_BYTES).read_to_end(&mut bytes);
        Failure::Status {
            status: answer.status().as_u16(),
            name: answer::error_name(&bytes, self.options.key.as_ref()),
            retry_after: wait_asked(answer.headers(), Timestamp::now()),
        }
    }
}

/// How long the server asks to wait. Its dates are held against its own clock where it says what that is.
fn wait_asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let now = text(DATE).and_then(retry_after::date).unwrap_or(now);
    retry_after::read(text(RETRY_AFTER)?, now)
}
