//! What reaches a handler.

use crate::life::Life;
use crate::reply::Refusal;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, StatusCode};
use std::time::Duration;
use tokio::time::timeout;

/// A request that passed the gate.
pub struct Asked {
    /// What the gate made of the path: without the token. It is as it was sent, with `%2e` and the like untouched.
    pub path: String,
    /// The connection's signs of life, for bodies that are long under way.
    pub life: Life,
    parts: Parts,
    body: Incoming,
}

/// How large a body may be, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// What it is called in refusals: "a change", "the change".
    pub what: &'static str,
    /// Most bytes.
    pub bytes: usize,
    /// How long it may take to arrive.
    pub patience: Duration,
}

impl Asked {
    pub(crate) fn new(path: String, parts: Parts, body: Incoming, life: Life) -> Self {
        Self { path, life, parts, body }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.parts.method
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The whole body.
    ///
    /// # Errors
    /// 413 for one that is too large, known from its head where that says so; 408 for one that takes too long; 400 for one that
    /// breaks off.
    pub async fn whole(self, limit: BodyLimit) -> Result<Bytes, Refusal> {
        let BodyLimit { what, bytes, patience } = limit;
        if self.body.size_hint().lower() > bytes as u64 {
            return Err(too_large(limit));
        }
        match timeout(patience, collect(Limited::new(self.body, bytes), &self.life)).await {
            Ok(Ok(collected)) => Ok(collected),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(limit)),
            Ok(Err(_)) => Err(Refusal::new(StatusCode::BAD_REQUEST, format!("the {what} did not arrive whole"))),
            Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, format!("the {what} did not arrive in time"))),
        }
    }
}

type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Every piece is a sign of life, so that patience for a body can be longer than that for silence.
async fn collect(mut body: Limited<Incoming>, life: &Life) -> Result<Bytes, Broken> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
        life.sign();
    }
    Ok(bytes.freeze())
}

fn too_large(BodyLimit { what, bytes, .. }: BodyLimit) -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("a {what} has at most {bytes} bytes"))
}
