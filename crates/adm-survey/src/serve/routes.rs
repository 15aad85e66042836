//! What is asked, and what is answered.

use super::desk::Desk;
use super::files::BundleFile;
use super::inbox::Taken;
use crate::answers::MOST_BYTES;
use adm_http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, HeaderValue, IF_NONE_MATCH, LOCATION};
use adm_http::reply::{json, not_done, whole};
use adm_http::{Asked, BodyLimit, Bytes, HeaderMap, Method, Refusal, Response, StatusCode, aside, file, file_head};
use serde_json::json;
use std::sync::Arc;

/// Nothing from elsewhere, whatever a mistake of ours may ask for; the page's own policy also works without a server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A copy may be kept, and is used when it is still what we have: bundles are packed again, at the same address.
const KEEP_BUT_ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// Answers one request. `root` is the page's address as of this server's.
pub(super) async fn answer(asked: Asked, desk: Arc<Desk>, root: String) -> Response {
    let answered = match (asked.method(), &*asked.path) {
        (&Method::GET, "/collect") => sheet(desk).await,
        (&Method::POST, "/collect") => take(asked, desk).await,
        (_, "/collect") => Ok(not_done("GET, POST")),
        (&Method::GET | &Method::HEAD, "") => Ok(slash(&root)),
        (&Method::GET | &Method::HEAD, _) => of_bundle(asked, desk).await,
        (_, path) if desk.files.contains_key(named(path)) => Ok(not_done("GET, HEAD")),
        _ => Err(Refusal::not_found()),
    };
    answered.unwrap_or_else(Response::from)
}

async fn sheet(desk: Arc<Desk>) -> Result<Response, Refusal> {
    let sheet = aside(move || desk.sheet()).await?;
    Ok(json(StatusCode::OK, &json!({ "sheet": sheet })))
}

async fn take(asked: Asked, desk: Arc<Desk>) -> Result<Response, Refusal> {
    let patience = desk.inbox.limits.patience;
    let bytes = asked.whole(BodyLimit { what: "set of answers", bytes: MOST_BYTES, patience }).await?;
    let (status, became) = match aside(move || desk.take(&bytes)).await?? {
        Taken::New => (StatusCode::CREATED, "new"),
        Taken::Later => (StatusCode::OK, "later"),
        Taken::Same => (StatusCode::OK, "same"),
    };
    Ok(json(status, &json!({ "received": became })))
}

/// The page's links are relative to its folder, so the address must end with one.
fn slash(root: &str) -> Response {
    let mut response = whole(StatusCode::PERMANENT_REDIRECT, "text/plain; charset=utf-8", Bytes::new());
    if let Ok(to) = HeaderValue::from_str(root.trim_start_matches('/')) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

fn named(path: &str) -> &str {
    if path == "/" { "/index.html" } else { path }
}

async fn of_bundle(asked: Asked, desk: Arc<Desk>) -> Result<Response, Refusal> {
    let found = desk.files.get(named(&asked.path)).ok_or_else(Refusal::not_found)?;
    let mut response = if has_it(asked.headers(), &found.tag) {
        whole(StatusCode::NOT_MODIFIED, found.kind, Bytes::new())
    } else if asked.method() == Method::HEAD {
        file_head(found.kind, found.length)
    } else {
        send(&asked, &desk, found).await?
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, KEEP_BUT_ASK);
    headers.extend(HeaderValue::from_str(&found.tag).map(|tag| (ETAG, tag)));
    if named(&asked.path) == "/index.html" {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    Ok(response)
}

async fn send(asked: &Asked, desk: &Arc<Desk>, found: &BundleFile) -> Result<Response, Refusal> {
    let (name, desk) = (named(&asked.path).to_owned(), desk.clone());
    let open = move || desk.files.get(&name).map_or_else(|| Err(Refusal::not_found()), |found| desk.file(found));
    Ok(file(found.kind, aside(open).await??, found.length, asked.life.clone()))
}

/// Whether a browser says that it has this content.
fn has_it(headers: &HeaderMap, tag: &str) -> bool {
    let given = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = given.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag)
}
