//! Who may ask for what.
//!
//! Any web site that a listener visits can have their browser send requests to this machine. So, beside a token where
//! other machines can reach us:
//!
//! - the name in `Host` must be this machine's own: a site that points its own name at 127.0.0.1 (DNS rebinding) is not it;
//! - `Origin` and `Sec-Fetch-Site`, which browsers set and pages cannot, must not tell of another site; only a link to the
//!   page itself may come from anywhere;
//! - what changes something must be JSON by its type, which no form can send and no script elsewhere without asking first,
//!   and we never answer that question with yes.

use super::token::Token;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use std::net::IpAddr;

/// Why a request is refused.
pub(crate) type Refusal = (StatusCode, &'static str);

/// Checks a request's head against `token`, if one is needed.
pub(crate) fn check(parts: &Parts, token: Option<&Token>) -> Result<(), Refusal> {
    match token {
        Some(token) if !token.is_in(parts.uri.query().unwrap_or_default()) => {
            return Err((StatusCode::FORBIDDEN, "the token in the address is missing or wrong"));
        }
        None if !host(parts).is_some_and(is_here) => {
            return Err((StatusCode::FORBIDDEN, "the host is not this machine: open the address that was printed"));
        }
        _ => {}
    }
    if is_elsewhere(parts) {
        return Err((StatusCode::FORBIDDEN, "requests from other sites are refused"));
    }
    if parts.method == Method::POST && !is_json(&parts.headers) {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "the content type must be application/json"));
    }
    Ok(())
}

/// The authority that was asked for, such as `localhost:8420`.
fn host(parts: &Parts) -> Option<&str> {
    text(&parts.headers, &HOST)
}

fn is_here(authority: &str) -> bool {
    let name = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(authority, |(name, _)| name);
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn is_elsewhere(parts: &Parts) -> bool {
    let origin = text(&parts.headers, &ORIGIN);
    // Where it cannot be read as text, it is not ours either.
    let strange = parts.headers.contains_key(ORIGIN) && origin.is_none();
    let foreign = origin.is_some_and(|origin| origin.split_once("://").map(|(_, authority)| authority) != host(parts));
    let site = text(&parts.headers, &HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
    let is_link = parts.method == Method::GET && parts.uri.path() == "/";
    strange || foreign || (!matches!(site, "none" | "same-origin") && !is_link)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = text(headers, &CONTENT_TYPE).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    fn judged(method: &str, path: &str, headers: &[(&str, &str)], token: Option<&Token>) -> u16 {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        check(&parts, token).map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn only_this_machine_by_its_own_names() {
        for (host, status) in [
            ("localhost", 200),
            ("LOCALHOST:8420", 200),
            ("127.0.0.1:8420", 200),
            ("127.8.9.1", 200),
            ("[::1]:8420", 200),
            ("evil.example", 403),
            ("localhost.evil.example:8420", 403),
            ("127.0.0.1.evil.example", 403),
            ("192.168.1.7:8420", 403),
            ("localhost:80x", 403),
            ("", 403),
        ] {
            assert_eq!(judged("GET", "/events", &[("host", host)], None), status, "{host}");
        }
        assert_eq!(judged("GET", "/", &[], None), 403);
    }

    #[test]
    fn other_sites_may_link_and_nothing_else() {
        let (here, json) = (("host", "localhost:8420"), ("content-type", "application/json; charset=utf-8"));
        let cross = ("sec-fetch-site", "cross-site");
        for (method, path, headers, status) in [
            ("POST", "/controls", &[here, json, ("origin", "http://localhost:8420")][..], 200),
            ("POST", "/controls", &[here, json], 200),
            ("POST", "/controls", &[here], 415),
            ("POST", "/controls", &[here, ("content-type", "text/plain")], 415),
            ("POST", "/controls", &[here, json, ("origin", "http://localhost:9000")], 403),
            ("POST", "/controls", &[here, json, ("origin", "null")], 403),
            ("POST", "/controls", &[here, json, cross], 403),
            ("GET", "/stream", &[here, cross], 403),
            ("GET", "/stream", &[here, ("sec-fetch-site", "same-site")], 403),
            ("GET", "/stream", &[here, ("sec-fetch-site", "same-origin")], 200),
            ("GET", "/", &[here, cross], 200),
            ("GET", "/", &[here, ("origin", "https://evil.example")], 403),
        ] {
            assert_eq!(judged(method, path, headers, None), status, "{method} {path} {headers:?}");
        }
    }

    #[test]
    fn beyond_this_machine_the_token_counts_and_not_the_name() {
        let token = Token::draw().unwrap();
        let here = [("host", "studio.example:8420")];
        assert_eq!(judged("GET", &format!("/?token={}", token.text()), &here, Some(&token)), 200);
        assert_eq!(judged("GET", "/?token=1", &here, Some(&token)), 403);
        assert_eq!(judged("GET", "/", &[("host", "localhost")], Some(&token)), 403);
    }
}
