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

use crate::reply::Refusal;
use crate::token::Token;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use std::net::IpAddr;

/// Who may ask.
#[derive(Debug, Clone)]
pub enum Gate {
    /// Those on this machine, by its own names.
    Here,
    /// Who has the token in the query: `/…?token=TOKEN`. A page that asks for more must pass it on.
    Query(Token),
    /// Who has the token as the first part of the path: `/TOKEN/…`. A page's relative links keep it. To others, there is nothing.
    Path(Token),
}

impl Gate {
    /// What to open first, from the slash on.
    pub fn root(&self) -> String {
        match self {
            Self::Here => "/".to_owned(),
            Self::Query(token) => format!("/?token={}", token.text()),
            Self::Path(token) => format!("/{}/", token.text()),
        }
    }

    pub(crate) fn has_token(&self) -> bool {
        !matches!(self, Self::Here)
    }

    /// Checks a request's head and gives the path that is asked for, without the token; empty for a token in the path that no
    /// slash follows.
    pub(crate) fn admit<'a>(&self, parts: &'a Parts) -> Result<&'a str, Refusal> {
        let path = self.opened(parts)?;
        if is_elsewhere(parts, path) {
            return Err(Refusal::new(StatusCode::FORBIDDEN, "requests from other sites are refused"));
        }
        if parts.method == Method::POST && !is_json(&parts.headers) {
            let reason = "the content type must be application/json";
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
        }
        Ok(path)
    }

    fn opened<'a>(&self, parts: &'a Parts) -> Result<&'a str, Refusal> {
        let path = parts.uri.path();
        match self {
            Self::Here if host(parts).is_some_and(is_here) => Ok(path),
            Self::Here => {
                let reason = "the host is not this machine: open the address that was printed";
                Err(Refusal::new(StatusCode::FORBIDDEN, reason))
            }
            Self::Query(token) if token.is_in(parts.uri.query().unwrap_or_default()) => Ok(path),
            Self::Query(_) => Err(Refusal::new(StatusCode::FORBIDDEN, "the token in the address is missing or wrong")),
            Self::Path(token) => {
                let rest = path.strip_prefix('/').unwrap_or_default();
                let (first, inner) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                if token.is(first) { Ok(inner) } else { Err(Refusal::not_found()) }
            }
        }
    }
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

/// Whether another site is behind the request; a link to the page at `path` may come from anywhere.
fn is_elsewhere(parts: &Parts, path: &str) -> bool {
    let origin = text(&parts.headers, &ORIGIN);
    // Where it cannot be read as text, it is not ours either.
    let strange = parts.headers.contains_key(ORIGIN) && origin.is_none();
    let foreign = origin.is_some_and(|origin| origin.split_once("://").map(|(_, authority)| authority) != host(parts));
    let site = text(&parts.headers, &HeaderName::from_static("sec-fetch-site")).unwrap_or("none");
    let is_link = parts.method == Method::GET && matches!(path, "" | "/");
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

    fn judged(method: &str, path: &str, headers: &[(&str, &str)], gate: &Gate) -> u16 {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        gate.admit(&parts).map_or_else(|refusal| refusal.status.as_u16(), |_| 200)
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
            assert_eq!(judged("GET", "/events", &[("host", host)], &Gate::Here), status, "{host}");
        }
        assert_eq!(judged("GET", "/", &[], &Gate::Here), 403);
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
            assert_eq!(judged(method, path, headers, &Gate::Here), status, "{method} {path} {headers:?}");
        }
    }

    #[test]
    fn beyond_this_machine_the_token_counts_and_not_the_name() {
        let gate = Gate::Query(Token::draw().unwrap());
        let here = [("host", "studio.example:8420")];
        assert_eq!(judged("GET", &gate.root(), &here, &gate), 200);
        assert_eq!(judged("GET", "/?token=1", &here, &gate), 403);
        assert_eq!(judged("GET", "/", &[("host", "localhost")], &gate), 403);
    }

    #[test]
    fn a_token_in_the_path_is_taken_off_and_hides_all_behind_it() {
        let gate = Gate::Path(Token::draw().unwrap());
        let root = gate.root();
        let inner = |path: &str| {
            let (parts, ()) = Request::builder().uri(path).body(()).unwrap().into_parts();
            gate.admit(&parts).map(str::to_owned).map_err(|refusal| refusal.status.as_u16())
        };
        for (rest, expected) in [("", "/"), ("a/b.js?c", "/a/b.js"), ("/x", "//x"), ("../y", "/../y")] {
            assert_eq!(inner(&format!("{root}{rest}")).as_deref(), Ok(expected));
        }
        let bare = root.trim_end_matches('/');
        assert_eq!(inner(bare).as_deref(), Ok(""));
        for bad in
            ["/", "/index.html", "//", "/0123/", &format!("{bare}0/"), &format!("/{root}"), &format!("/?token={bare}")]
        {
            assert_eq!(inner(bad), Err(404), "{bad}");
        }
        let cross = [("sec-fetch-site", "cross-site")];
        assert_eq!(judged("GET", &root, &cross, &gate), 200);
        assert_eq!(judged("GET", &format!("{root}collect"), &cross, &gate), 403);
    }
}
