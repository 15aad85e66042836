//! Answers.

use bytes::Bytes;
use http_body_util::channel::Channel;
use http_body_util::{Either, Full};
use hyper::StatusCode;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::json;
use std::borrow::Cow;

/// What answers are made of: bytes that are there, or a stream.
pub type Body = Either<Full<Bytes>, Channel<Bytes>>;

/// What a handler gives.
pub type Response = hyper::Response<Body>;

/// Why something is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of no it is.
    pub status: StatusCode,
    /// Said in the answer.
    pub reason: Cow<'static, str>,
}

impl Refusal {
    /// One for this reason.
    pub fn new(status: StatusCode, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { status, reason: reason.into() }
    }

    /// Nothing is at that path.
    pub const fn not_found() -> Self {
        Self { status: StatusCode::NOT_FOUND, reason: Cow::Borrowed("there is nothing here") }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        json(refusal.status, &json!({ "error": refusal.reason }))
    }
}

/// 405, which says what is `allowed`, such as `GET, HEAD`.
pub fn not_done(allowed: &'static str) -> Response {
    let mut response = Response::from(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this is not done here"));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// A value as JSON.
pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    whole(status, "application/json", serde_json::to_vec(value).unwrap_or_default().into())
}

/// Bytes of a `kind` such as `text/html; charset=utf-8`.
pub fn whole(status: StatusCode, kind: &'static str, bytes: Bytes) -> Response {
    finished(status, kind, Either::Left(Full::new(bytes)))
}

/// A body that arrives as it is made.
pub fn stream(kind: &'static str, body: Channel<Bytes>) -> Response {
    finished(StatusCode::OK, kind, Either::Right(body))
}

/// What [`stream`] would be, to those who only ask.
pub fn endless(kind: &'static str) -> Response {
    let (_, nothing) = Channel::new(1);
    stream(kind, nothing)
}

fn finished(status: StatusCode, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("referrer-policy"), "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
