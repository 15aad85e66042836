//! Requests that nobody in good faith sends.

use super::client::{ask, connect, get, post, post_head, raw, read};
use super::{Place, text};
use crate::answers::MOST_BYTES;
use crate::serve::inbox::Limits;
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn huge_answers_are_refused_before_they_are_read() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let address = collector.address();
    let declared = post_head(address, "/collect", "Content-Length: 9000000000\r\n");
    assert_eq!(raw(address, declared.as_bytes()).status, 413);
    let fat = " ".repeat(MOST_BYTES + 1);
    assert_eq!(post(address, &fat).status, 413);
    let chunked = post_head(address, "/collect", "Transfer-Encoding: chunked\r\n");
    let endless = format!("{chunked}{:x}\r\n{fat}\r\n", fat.len());
    assert_eq!(raw(address, endless.as_bytes()).status, 413);
    let broken = raw(address, format!("{chunked}nonsense\r\n").as_bytes());
    assert!(broken.status == 400 && broken.error().contains("did not arrive whole"), "{broken:?}");
    // The largest that is taken is read, and found to be no JSON.
    assert_eq!(post(address, &" ".repeat(MOST_BYTES)).status, 400);
    let deep = format!("{{\"rows\":{}", "[".repeat(100_000));
    assert!(matches!(post(address, &deep).status, 400 | 422));
    let padded = text(&place.answered(1, 3)) + &" ".repeat(100_000);
    assert_eq!(post(address, &padded).status, 201);
    assert!(
        std::fs::metadata(place.stored(&place.answered(1, 0).participant)).unwrap().len() < 3_000,
        "padding is not kept"
    );
}

#[test]
fn whoever_sends_answers_slowly_is_told() {
    let place = Place::new();
    let patience = Duration::from_millis(700);
    let collector = place.start_within(false, Limits { patience, ..Limits::default() }).unwrap();
    let (address, begun) = (collector.address(), Instant::now());
    let mut silent = connect(address);
    silent.write_all(post_head(address, "/collect", "Content-Length: 100\r\n").as_bytes()).unwrap();
    silent.write_all(b"{").unwrap();
    let mut dripping = connect(address);
    dripping.write_all(post_head(address, "/collect", "Content-Length: 1000\r\n").as_bytes()).unwrap();
    let mut drips = dripping.try_clone().unwrap();
    let dripper = thread::spawn(move || {
        while drips.write_all(b" ").is_ok() && begun.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(50));
        }
    });
    assert_eq!(read(silent).status, 408);
    assert_eq!(read(dripping).status, 408, "what drips is no more patient with");
    dripper.join().unwrap();
}

#[test]
fn whoever_sends_answers_slowly_holds_nobody_up() {
    let place = Place::new();
    let patience = Duration::from_secs(3_600);
    let collector = place.start_within(false, Limits { patience, ..Limits::default() }).unwrap();
    let address = collector.address();
    let mut slow: Vec<_> = (0..20).map(|_| connect(address)).collect();
    for stream in &mut slow {
        stream.write_all(post_head(address, "/collect", "Content-Length: 100\r\n").as_bytes()).unwrap();
        stream.write_all(b"{").unwrap();
    }
    // Whoever waited for the slow ones would wait an hour; clients here give up after some seconds.
    assert_eq!(post(address, &text(&place.answered(1, 1))).status, 201);
}

#[test]
fn other_sites_and_other_hosts_get_nothing() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let (address, body) = (collector.address(), text(&place.answered(1, 1)));
    let length = format!("Content-Length: {}\r\n", body.len());
    for (more, status) in [
        ("Origin: http://evil.example\r\n", 403),
        ("Origin: null\r\n", 403),
        ("Sec-Fetch-Site: cross-site\r\n", 403),
        ("Sec-Fetch-Site: same-origin\r\n", 201),
    ] {
        let request = post_head(address, "/collect", &format!("{length}{more}")) + &body;
        assert_eq!(raw(address, request.as_bytes()).status, status, "{more}");
    }
    let form = format!("POST /collect HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{length}\r\n{body}");
    assert_eq!(raw(address, form.as_bytes()).status, 415);
    assert_eq!(raw(address, b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").status, 403);
    assert_eq!(ask(address, "GET", "/collect", "Sec-Fetch-Site: cross-site\r\n").status, 403);
    assert_eq!(get(address, "/collect").json()["sheet"], 0, "no sheet was lost");
}

#[test]
fn nonsense_is_answered_or_dropped() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let address = collector.address();
    for (request, statuses) in [
        (b"\r\n\r\n\x7f\x01\x02\xff nonsense\r\n\r\n".to_vec(), &[400, 0][..]),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000)).into_bytes(), &[414, 431, 400, 0]),
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec(), &[403, 400]),
        (b"BREW /collect HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".to_vec(), &[405]),
        (b"GET * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".to_vec(), &[400, 404]),
        (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".to_vec(), &[404, 400]),
    ] {
        let status = raw(address, &request).status;
        assert!(
            statuses.contains(&status),
            "{:?}: {status}",
            String::from_utf8_lossy(&request[..request.len().min(60)])
        );
    }
    assert_eq!(get(address, "/").status, 200);
}

#[test]
fn a_client_that_stops_reading_a_sound_holds_nobody_up() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let address = collector.address();
    let mut stuck: Vec<_> = (0..20).map(|_| connect(address)).collect();
    for stream in &mut stuck {
        stream.write_all(format!("GET /audio/s1.js HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).unwrap();
    }
    // Nobody reads what the stuck ones asked for before these are answered.
    assert_eq!(post(address, &text(&place.answered(1, 1))).status, 201);
    assert_eq!(get(address, "/audio/s2.js").status, 200);
    drop(stuck);
}
