//! What is asked, and what is answered.

use super::hub::Shared;
use super::streams::{self, Framing};
use crate::controls::{Change, HIGHEST_SEED};
use adm_http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use adm_http::reply::{endless, json, not_done, stream, whole};
use adm_http::{Asked, BodyLimit, Bytes, Method, Refusal, Response, StatusCode};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// The page, which needs nothing but itself.
const PAGE: &str = include_str!("../page.html");

/// Nothing from elsewhere, whatever a mistake of ours may ask for.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A whole change of controls has some 150 bytes.
const CHANGE: BodyLimit = BodyLimit { what: "change", bytes: 4096, patience: Duration::from_secs(5) };

/// Kinds of the streams.
const PACKETS: &str = "application/octet-stream";
const WAV: &str = "audio/wav";
const EVENTS: &str = "text/event-stream";

/// Answers one request.
pub(crate) async fn answer(asked: Asked, shared: Arc<Shared>) -> Response {
    let life = asked.life.clone();
    match (asked.method(), &*asked.path) {
        // To HEAD, hyper gives the length and leaves the body out.
        (&Method::GET | &Method::HEAD, "/") => page(),
        (&Method::GET | &Method::HEAD, "/controls") => json(StatusCode::OK, &controls(&shared)),
        (&Method::POST, "/controls") => change(asked, &shared).await.unwrap_or_else(Response::from),
        (&Method::GET, "/stream") => stream(PACKETS, streams::sound(shared, Framing::Packets, life)),
        (&Method::GET, "/stream.wav") => stream(WAV, streams::sound(shared, Framing::Wav, life)),
        (&Method::GET, "/events") => stream(EVENTS, streams::events(shared, life)),
        (&Method::HEAD, "/stream") => endless(PACKETS),
        (&Method::HEAD, "/stream.wav") => endless(WAV),
        (&Method::HEAD, "/events") => endless(EVENTS),
        (_, "/controls") => not_done("GET, HEAD, POST"),
        (_, "/" | "/stream" | "/stream.wav" | "/events") => not_done("GET, HEAD"),
        _ => Refusal::not_found().into(),
    }
}

fn page() -> Response {
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

async fn change(asked: Asked, shared: &Shared) -> Result<Response, Refusal> {
    let bytes = asked.whole(CHANGE).await?;
    // A list of the values in order would do as well, as far as serde is concerned.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "a change is a JSON object"));
    }
    let change = serde_json::from_slice::<Change>(&bytes)
        .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok(match shared.board.change(&change) {
        Ok(asked) => json(StatusCode::OK, &json!({ "controls": asked.controls, "revision": asked.revision })),
        Err(error) => json(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({ "error": error.to_string(), "field": error.what, "low": error.low, "high": error.high }),
        ),
    })
}
