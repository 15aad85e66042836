//! What is asked, and what is answered.

use super::guard;
use super::hub::Shared;
use super::life::Life;
use super::streams::{self, Framing};
use super::token::Token;
use crate::controls::{Change, HIGHEST_SEED};
use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited, channel::Channel};
use hyper::body::{Body as _, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The page, which needs nothing but itself.
const PAGE: &str = include_str!("../page.html");

/// Nothing from elsewhere, whatever a mistake of ours may ask for.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Largest change of controls; a whole one has some 150 bytes.
const MOST_BODY: usize = 4096;

/// How long a change may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(5);

/// Kinds of the streams.
const PACKETS: &str = "application/octet-stream";
const WAV: &str = "audio/wav";
const EVENTS: &str = "text/event-stream";

/// What answers are made of.
pub(crate) type Body = Either<Full<Bytes>, Channel<Bytes>>;

/// Answers one request.
pub(crate) async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    token: Option<Token>,
    life: Life,
) -> Response<Body> {
    life.sign();
    let (parts, body) = request.into_parts();
    if let Err((status, message)) = guard::check(&parts, token.as_ref()) {
        return refusal(status, message);
    }
    match (&parts.method, parts.uri.path()) {
        // To HEAD, hyper gives the length and leaves the body out.
        (&Method::GET | &Method::HEAD, "/") => page(),
        (&Method::GET | &Method::HEAD, "/controls") => json_of(StatusCode::OK, &controls(&shared)),
        (&Method::POST, "/controls") => change(body, &shared).await,
        (&Method::GET, "/stream") => live(PACKETS, streams::sound(shared, Framing::Packets, life)),
        (&Method::GET, "/stream.wav") => live(WAV, streams::sound(shared, Framing::Wav, life)),
        (&Method::GET, "/events") => live(EVENTS, streams::events(shared, life)),
        (&Method::HEAD, "/stream") => endless(PACKETS),
        (&Method::HEAD, "/stream.wav") => endless(WAV),
        (&Method::HEAD, "/events") => endless(EVENTS),
        (_, "/controls") => not_done("GET, HEAD, POST"),
        (_, "/" | "/stream" | "/stream.wav" | "/events") => not_done("GET, HEAD"),
        _ => refusal(StatusCode::NOT_FOUND, "there is nothing here"),
    }
}

/// What a stream would be, to those who only ask.
fn endless(kind: &'static str) -> Response<Body> {
    let (_, nothing) = Channel::new(1);
    live(kind, nothing)
}

fn not_done(allowed: &'static str) -> Response<Body> {
    let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, "this is not done here");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

fn page() -> Response<Body> {
    let mut response = whole(StatusCode::OK, "text/html; charset=utf-8", Bytes::from_static(PAGE.as_bytes()));
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn controls(shared: &Shared) -> serde_json::Value {
    let asked = shared.board.asked();
    let ranges = shared.board.ranges();
    json!({
        "controls": asked.controls,
        "revision": asked.revision,
        "format": shared.format,
        "ranges": {
            "bpm": ranges.bpm,
            "temperature": ranges.temperature,
            "morph": ranges.morph,
            "mix": ranges.mix,
            "seed": [0, HIGHEST_SEED],
        },
    })
}

async fn change(body: Incoming, shared: &Shared) -> Response<Body> {
    let too_large = || refusal(StatusCode::PAYLOAD_TOO_LARGE, "a change has at most 4096 bytes");
    if body.size_hint().lower() > MOST_BODY as u64 {
        return too_large();
    }
    let bytes = match timeout(BODY_PATIENCE, Limited::new(body, MOST_BODY).collect()).await {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return too_large(),
        Ok(Err(_)) => return refusal(StatusCode::BAD_REQUEST, "the change did not arrive whole"),
        Err(_) => return refusal(StatusCode::REQUEST_TIMEOUT, "the change did not arrive in time"),
    };
    // A list of the values in order would do as well, as far as serde is concerned.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return refusal(StatusCode::BAD_REQUEST, "a change is a JSON object");
    }
    let change = match serde_json::from_slice::<Change>(&bytes) {
        Ok(change) => change,
        Err(error) => return refusal(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    match shared.board.change(&change) {
        Ok(asked) => json_of(StatusCode::OK, &json!({ "controls": asked.controls, "revision": asked.revision })),
        Err(error) => json_of(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({ "error": error.to_string(), "field": error.what, "low": error.low, "high": error.high }),
        ),
    }
}

fn refusal(status: StatusCode, message: &str) -> Response<Body> {
    json_of(status, &json!({ "error": message }))
}

fn json_of(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    whole(status, "application/json", bytes.into())
}

fn whole(status: StatusCode, kind: &'static str, bytes: Bytes) -> Response<Body> {
    finished(status, kind, Either::Left(Full::new(bytes)))
}

fn live(kind: &'static str, body: Channel<Bytes>) -> Response<Body> {
    finished(StatusCode::OK, kind, Either::Right(body))
}

fn finished(status: StatusCode, kind: &'static str, body: Body) -> Response<Body> {
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
