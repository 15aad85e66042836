//! Other machines.

use super::client::{ask, get, post, post_to};
use super::{Place, text};
use crate::SurveyError;
use crate::serve::inbox::Limits;
use crate::serve::{Collector, CollectorSettings, DEFAULT_ADDRESS, parse_address};
use adm_core::Hint;
use adm_http::HttpError;
use std::net::{SocketAddr, TcpListener};

fn root(collector: &Collector) -> String {
    let url = collector.url();
    let root = url.strip_prefix(&format!("http://127.0.0.1:{}", collector.address().port())).unwrap();
    assert!(root.len() == 34 && root.ends_with('/'), "{root}");
    root.to_owned()
}

#[test]
fn the_token_in_the_path_opens_all_and_without_it_there_is_nothing() {
    let place = Place::new();
    let collector = place.start_within(true, Limits::default()).unwrap();
    let (address, root) = (collector.address(), root(&collector));
    let body = text(&place.answered(1, 1));
    for path in ["", "index.html", "study.js", "page/main.js", "audio/s1.js", "collect"] {
        assert_eq!(get(address, &format!("{root}{path}")).status, 200, "{path}");
        for bad in [format!("/{path}"), format!("/{}/{path}", "0".repeat(32)), format!("/x{root}{path}")] {
            let reply = get(address, &bad);
            assert_eq!((reply.status, reply.error().as_str()), (404, "there is nothing here"), "{bad}");
        }
    }
    assert_eq!(post(address, &body).status, 404);
    assert_eq!(post_to(address, &format!("{root}collect"), &body).status, 201);
    assert_eq!(get(address, &format!("{root}../study.js")).status, 404);
    // Links from elsewhere lead to the page; a host of any name may be what others call this machine.
    let link = ask(address, "GET", &root, "Sec-Fetch-Site: cross-site\r\n");
    assert_eq!(link.status, 200);
}

#[test]
fn an_address_without_its_last_slash_leads_to_the_page() {
    let place = Place::new();
    let collector = place.start_within(true, Limits::default()).unwrap();
    let root = root(&collector);
    let reply = get(collector.address(), root.trim_end_matches('/'));
    assert_eq!((reply.status, reply.header("location")), (308, Some(root.trim_start_matches('/'))));
}

#[test]
fn addresses_that_were_given_out_stay_good() {
    let place = Place::new();
    let first = root(&place.start_within(true, Limits::default()).unwrap());
    assert!(place.start().unwrap().url().ends_with("/"), "on this machine, none is needed");
    assert_eq!(root(&place.start_within(true, Limits::default()).unwrap()), first);
    assert_ne!(root(&Place::new().start_within(true, Limits::default()).unwrap()), first);
}

#[test]
fn other_machines_need_leave() {
    let place = Place::new();
    let address = SocketAddr::from(([0, 0, 0, 0], 0));
    let start =
        |allow_remote| Collector::start(&place.bundle(), &place.answers(), CollectorSettings { address, allow_remote });
    let error = start(false).err().unwrap();
    assert!(matches!(error, SurveyError::Http(HttpError::Remote { .. })), "{error}");
    assert!(error.hint().unwrap().starts_with("add --allow-remote to let others take part"), "{error}");
    let collector = start(true).unwrap();
    let near = SocketAddr::from(([127, 0, 0, 1], collector.address().port()));
    assert_eq!(get(near, &root(&collector)).status, 200);
}

#[test]
fn addresses_and_busy_ports_are_told_with_the_flag() {
    assert_eq!(DEFAULT_ADDRESS.to_string(), "127.0.0.1:8421");
    assert_eq!(parse_address("9000").unwrap().to_string(), "127.0.0.1:9000");
    let error = parse_address("example.org:80").unwrap_err();
    assert_eq!(error.hint().as_deref(), Some("give a host and a port: --serve 127.0.0.1:8421"));
    let (place, taken) = (Place::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let settings = CollectorSettings { address: taken.local_addr().unwrap(), allow_remote: false };
    let error = Collector::start(&place.bundle(), &place.answers(), settings).err().unwrap();
    assert!(
        matches!(error, SurveyError::Http(HttpError::Busy { .. })) && error.hint().unwrap().contains("--serve"),
        "{error}"
    );
    place.start().unwrap();
}
