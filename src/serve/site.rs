//! What is answered to whom.

use super::access::{Access, AccessLog};
use super::address::{Asked, of_audio, of_waveform, pairs, query};
use super::body::Body;
use super::calls::{Call, Calls};
use super::csv_file::csv_file;
use super::filter::Filter;
use super::gate::{Entry, Gate, Refusal};
use super::pages::{list_page, message_page, shown};
use super::range::{Wanted, wanted};
use super::reply::Reply;
use super::sound::Sound;
use super::sounds::{Sounds, Unheard};
use super::view::View;
use crate::batch::shown_calls;
use crate::dataset::{CommittedBatch, DatasetError};
use crate::report::{CallOptions, Language, call_page};
use hyper::header::{
    ACCEPT_RANGES, ALLOW, CONTENT_DISPOSITION, CONTENT_RANGE, ETAG, HeaderValue, IF_RANGE, LOCATION, RANGE, SET_COOKIE,
    WWW_AUTHENTICATE,
};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// So many lists and pages are made at once.
const DESKS: usize = 4;

/// A dataset, and who may see it.
pub(super) struct Site {
    pub(super) gate: Gate,
    pub(super) view: View,
    pub(super) sounds: Sounds,
    pub(super) log: AccessLog,
    pub(super) language: Language,
    desks: Semaphore,
}

impl Site {
    pub(super) fn new(gate: Gate, view: View, sounds: Sounds, log: AccessLog, language: Language) -> Self {
        Self { gate, view, sounds, log, language, desks: Semaphore::new(DESKS) }
    }

    /// The answer to a request from `remote`. Nothing but `/health` is answered before the log has it.
    pub(super) async fn answer(self: Arc<Self>, head: Parts, remote: SocketAddr) -> Response<Body> {
        let asked = Asked::of(head.uri.path());
        let (user, reply) = match self.gate.look(&head) {
            Err(refusal) => (None, self.refused(refusal)),
            Ok(()) if asked == Asked::Health => {
                return Reply::text(StatusCode::OK, "ok").into_response(&head.method);
            }
            Ok(()) => match self.gate.enter(&head) {
                Err(refusal) => (None, self.refused(refusal)),
                Ok(Entry::Token) => (None, self.welcomed(&head)),
                Ok(Entry::User(user)) => (Some(user), self.found(&asked, &head).await),
            },
        };
        let access = Access {
            time: now(),
            user,
            remote: remote.to_string(),
            method: head.method.to_string(),
            kind: asked.name(),
            call_id: asked.call_id().map(str::to_owned),
            filter: reply.calls.and(head.uri.query()).map(str::to_owned),
            calls: reply.calls,
            bytes: reply.heard.as_ref().map(|(bytes, _)| bytes.clone()),
            ms: reply.heard.as_ref().map(|(_, ms)| ms.clone()),
            status: reply.status.as_u16(),
        };
        let log = self.log.clone();
        let written = spawn_blocking(move || log.write(&access)).await;
        let reply = if matches!(written, Ok(Ok(()))) {
            reply
        } else {
            Reply::text(StatusCode::SERVICE_UNAVAILABLE, "the access log cannot be written, so nothing is shown")
        };
        reply.into_response(&head.method)
    }

    fn refused(&self, refusal: Refusal) -> Reply {
        let title = self.language.say("Not allowed", "不允许访问");
        let reply = Reply::page(refusal.status(), message_page(title, &sentence(&refusal), false, self.language));
        match refusal {
            Refusal::Method => reply.with(ALLOW, HeaderValue::from_static("GET, HEAD")),
            Refusal::Token => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            _ => reply,
        }
    }

    /// Takes the token out of the address, and leaves a cookie that pages of other sites cannot use.
    fn welcomed(&self, head: &Parts) -> Reply {
        let rest = pairs(head.uri.query().unwrap_or_default()).into_iter().filter(|(name, _)| name != "token");
        let rest: Vec<_> = rest.collect();
        let rest = query(rest.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        // An address that began with two slashes would lead to another machine.
        let path = format!("/{}", head.uri.path().trim_start_matches('/'));
        let place = if rest.is_empty() { path } else { format!("{path}?{rest}") };
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.gate.cookie, self.gate.token.cookie());
        let header = |text: String| HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("/"));
        Reply::text(StatusCode::SEE_OTHER, "welcome").with(LOCATION, header(place)).with(SET_COOKIE, header(cookie))
    }

    async fn found(&self, asked: &Asked, head: &Parts) -> Reply {
        let calls = match self.view.calls().await {
            Some(Ok(calls)) => calls,
            Some(Err(error)) => return self.unreadable(&error),
            None => return self.stumbled(),
        };
        let query = head.uri.query().unwrap_or_default();
        match asked {
            Asked::List => self.list(calls, query).await,
            Asked::Csv => self.csv(calls, query).await,
            Asked::Call(id) => match calls.find(id).cloned() {
                Some(call) => self.call(calls, call).await,
                None => self.nothing(),
            },
            Asked::Audio(id) | Asked::Waveform(id) => match calls.find(id) {
                Some(call) => self.sound(asked, call, head).await,
                None => self.nothing(),
            },
            Asked::Health | Asked::Unknown => self.nothing(),
        }
    }

    async fn list(&self, calls: Arc<Calls>, query: &str) -> Reply {
        let (filter, page) = match Filter::read(query) {
            Ok(read) => read,
            Err(wrong) => return self.message(StatusCode::BAD_REQUEST, &wrong),
        };
        let language = self.language;
        let made = self.at_desk(move || list_page(&calls, &filter, page, language)).await;
        made.map_or_else(|| self.stumbled(), |(page, count)| Reply::page(StatusCode::OK, page).of_calls(count))
    }

    async fn csv(&self, calls: Arc<Calls>, query: &str) -> Reply {
        let filter = match Filter::read(query) {
            Ok((filter, _)) => filter,
            Err(wrong) => return self.message(StatusCode::BAD_REQUEST, &wrong),
        };
        let work = move || {
            let shown = shown(&calls, &filter);
            csv_file(&shown).map(|file| (file, shown.len()))
        };
        let Some(Ok((file, count))) = self.at_desk(work).await else { return self.stumbled() };
        let reply = Reply::file("text/csv; charset=utf-8", Body::text(file));
        let name = HeaderValue::from_static("attachment; filename=\"calls.csv\"");
        reply.with(CONTENT_DISPOSITION, name).of_calls(count)
    }

    async fn call(&self, calls: Arc<Calls>, call: Arc<Call>) -> Reply {
        let may_have = self.sounds.may_have(&call);
        let audio = may_have.then(|| of_audio(&call.call_id));
        let waveform = may_have.then(|| of_waveform(&call.call_id));
        let language = self.language;
        let work = move || {
            let shown = shown_calls(calls.snapshot(), &[(CommittedBatch::clone(&call.batch), &call.call_id)])?;
            let options =
                CallOptions { language, audio: audio.as_deref(), waveform: waveform.as_deref(), home: Some("/") };
            Ok(shown.first().map(|shown| call_page(shown, &options)))
        };
        match self.at_desk(work).await {
            Some(Ok(Some(page))) => Reply::page(StatusCode::OK, page),
            Some(Ok(None)) => self.nothing(),
            Some(Err(error)) => self.unreadable(&error),
            None => self.stumbled(),
        }
    }

    async fn sound(&self, asked: &Asked, call: &Call, head: &Parts) -> Reply {
        match self.sounds.of(call).await {
            Err(unheard) => unheard_reply(&unheard),
            Ok(sound) if matches!(asked, Asked::Waveform(_)) => {
                Reply::file("image/svg+xml", Body::text(sound.peaks.svg()))
            }
            Ok(sound) => audio(sound, head),
        }
    }

    /// Does what reads files or takes a while, so many at once; `None` where it stumbled, which is said on standard error.
    async fn at_desk<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _desk = self.desks.acquire().await.ok()?;
        spawn_blocking(work).await.ok()
    }

    fn nothing(&self) -> Reply {
        let text = self.language.say("There is no such page or call.", "没有这个页面或通话。");
        self.message(StatusCode::NOT_FOUND, text)
    }

    fn stumbled(&self) -> Reply {
        let text = self.language.say("callsift stumbled; please report it.", "callsift 出错,请反馈。");
        self.message(StatusCode::INTERNAL_SERVER_ERROR, text)
    }

    fn unreadable(&self, error: &DatasetError) -> Reply {
        self.message(StatusCode::SERVICE_UNAVAILABLE, &sentence(error))
    }

    fn message(&self, status: StatusCode, text: &str) -> Reply {
        let title = status.canonical_reason().unwrap_or("callsift");
        Reply::page(status, message_page(title, text, true, self.language))
    }
}

/// The part of the sound that is asked for: RFC 9110, sections 13.1.5 and 14.2. Only a GET has ranges.
fn audio(sound: Arc<Sound>, head: &Parts) -> Reply {
    let text = |name| head.headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let is_same = text(IF_RANGE).is_none_or(|tag| tag == sound.etag);
    let range = text(RANGE).filter(|_| is_same && head.method == Method::GET);
    let (length, etag) = (sound.length_bytes, HeaderValue::try_from(&sound.etag));
    let said = |text: String| HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("bytes */*"));
    let (status, part) = match wanted(range, length) {
        Wanted::Whole => (StatusCode::OK, 0..length),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Wanted::Nothing => {
            let text = format!("the recording has {length} bytes as WAV, and none of those");
            let reply = Reply::text(StatusCode::RANGE_NOT_SATISFIABLE, text);
            return reply.with(CONTENT_RANGE, said(format!("bytes */{length}")));
        }
    };
    let heard = (head.method == Method::GET).then(|| (part.clone(), sound.span_ms(&part)));
    let reply = Reply::file("audio/wav", Body::sound(sound, part.clone()));
    let mut reply = reply.of_sound(status, heard).with(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(etag) = etag {
        reply = reply.with(ETAG, etag);
    }
    if status == StatusCode::PARTIAL_CONTENT {
        reply = reply.with(CONTENT_RANGE, said(format!("bytes {}-{}/{length}", part.start, part.end - 1)));
    }
    reply
}

fn unheard_reply(unheard: &Unheard) -> Reply {
    Reply::text(unheard.status(), sentence(unheard))
}

/// What an error says, for people.
fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>() + ".").unwrap_or_default()
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
