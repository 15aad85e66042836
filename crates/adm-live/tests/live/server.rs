//! The server over real sockets, with an engine behind it.

use super::http::{connect, get, head, post, raw};
use super::support::{FORMAT, Steps, Watcher, board, step};
use adm_core::{Frames, Hint, Silent};
use adm_http::HttpError;
use adm_live::{Board, Engine, EngineSettings, LiveError, LiveReport, Pace, Server, ServerSettings};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

/// A second: long enough that a busy machine makes each in time.
const BAR: usize = 44_100;

fn any_port() -> ServerSettings {
    ServerSettings { address: SocketAddr::from(([127, 0, 0, 1], 0)), ..ServerSettings::default() }
}

/// Plays in real time while `visit` lasts; the board, and how it went.
fn playing(visit: impl FnOnce(SocketAddr, &Server)) -> (Arc<Board>, LiveReport) {
    let (board, watcher) = (board(), Watcher::default());
    let server = Server::start(any_port(), board.clone(), FORMAT).unwrap();
    let engine = Engine::new(EngineSettings::new(FORMAT), board.clone()).unwrap().with_tap(server.hub());
    let report = thread::scope(|scope| {
        let engine = scope.spawn(|| engine.run(Box::new(Steps::new(BAR)), Pace::RealTime, &watcher).unwrap());
        // The stop is asked for even if the visit fails, so that a failed test ends.
        let visited = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| visit(server.address(), &server)));
        watcher.stop.store(true, Ordering::SeqCst);
        let report = engine.join().unwrap();
        visited.map(|()| report).unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    (board, report)
}

#[test]
fn the_page_is_whole_and_allows_nothing_from_elsewhere() {
    let server = Server::start(any_port(), board(), FORMAT).unwrap();
    let mut reply = get(server.address(), "/");
    assert_eq!(reply.status, 200);
    assert!(reply.headers.contains("content-security-policy: default-src 'none'"));
    let page = reply.text();
    let outside = page.matches("http").count() - page.matches("http://www.w3.org/2000/svg").count();
    assert_eq!(outside, 0, "the icon's namespace is the only address in it");
    assert!(page.contains("</html>"));
}

#[test]
fn packets_say_where_they_belong() {
    playing(|address, _| {
        let mut reply = get(address, "/stream");
        let bytes = reply.bytes(80_000);
        let (mut at, mut expected) = (0, None);
        while let Some(head) = bytes.get(at..at + 12) {
            let frame = u64::from_le_bytes(head[..8].try_into().unwrap());
            let size = u32::from_le_bytes(head[8..].try_into().unwrap()) as usize;
            assert!(expected.is_none_or(|expected| expected == frame), "no gap");
            let bar = frame / BAR as u64;
            if let Some(sample) = bytes.get(at + 12..at + 14) {
                let sample = i16::from_le_bytes([sample[0], sample[1]]);
                assert_eq!(sample, (step(bar) * 32_768.0).round() as i16, "what sounds at {frame}");
            }
            (at, expected) = (at + 12 + size, Some(frame + size as u64 / 2));
        }
        let mut wav = get(address, "/stream.wav");
        assert!(wav.headers.contains("content-type: audio/wav"));
        assert_eq!(wav.bytes(100)[..4], *b"RIFF");
    });
}

#[test]
fn controls_are_changed_or_the_answer_says_why_not() {
    let (board, _) = playing(|address, _| {
        let mut changed = post(address, r#"{"bpm": 91.5, "hold": false, "mix": 1}"#);
        assert_eq!(changed.status, 200);
        assert_eq!(changed.json()["controls"]["bpm"], 91.5);
        for (body, status, words) in [
            (r#"{"bpm": 500}"#, 422, "bpm must be between 60 and 200, got 500"),
            (r#"{"tempo": 100}"#, 400, "unknown field `tempo`, expected one of"),
            (r#"{"bpm": "fast"}"#, 400, "invalid type"),
            ("", 400, "a change is a JSON object"),
            (" [] ", 400, "a change is a JSON object"),
            ("[true]", 400, "a change is a JSON object"),
            ("{", 400, "EOF"),
            (r#"{"bpm": 100} x"#, 400, "trailing"),
        ] {
            let mut reply = post(address, body);
            let json = reply.json();
            assert_eq!(reply.status, status, "{body}: {json}");
            assert!(json["error"].as_str().unwrap().contains(words), "{body}: {json}");
        }
        let known = get(address, "/controls").json();
        assert_eq!(known["controls"]["bpm"], 91.5);
        assert_eq!(known["ranges"]["bpm"], serde_json::json!([60.0, 200.0]));
        assert_eq!(known["format"], serde_json::json!({ "rate": 44_100, "channels": 1 }));
    });
    assert_eq!(board.asked().controls.mix, 1.0);
}

#[test]
fn events_tell_state_bars_and_changes() {
    playing(|address, _| {
        thread::sleep(Duration::from_millis(300));
        let mut reply = get(address, "/events");
        assert!(reply.headers.contains("content-type: text/event-stream"));
        let mut kinds = Vec::new();
        let mut asked = false;
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            let text = String::from_utf8(reply.chunk().unwrap().unwrap()).unwrap();
            let event: serde_json::Value = serde_json::from_str(text.strip_prefix("data: ").unwrap().trim()).unwrap();
            kinds.push(event["type"].as_str().unwrap().to_owned());
            if event["type"] == "bar" && event["bpm"] == 77.0 {
                assert_eq!(event["beats"].as_array().unwrap().len(), 4);
                assert_eq!(event["section"], "drop");
                break;
            }
            if !asked {
                asked = post(address, r#"{"bpm": 77}"#).status == 200;
            }
        }
        assert_eq!(kinds[..2], ["bar", "state"], "a newcomer first hears how things stand");
        assert!(kinds.iter().any(|kind| kind == "level") && kinds.last().unwrap() == "bar", "{kinds:?}");
    });
}

#[test]
fn requests_that_make_no_sense_are_answered_or_dropped() {
    let (_, report) = playing(|address, _| {
        let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
        let host = format!("Host: {address}\r\n");
        let huge = format!(
            "POST /controls HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 9000000000\r\n\r\n"
        );
        let fat = format!(
            "POST /controls HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{}",
            " ".repeat(5_000)
        );
        let chunked = format!(
            "POST /controls HTTP/1.1\r\n{host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        for (request, statuses) in [
            ("\r\n\r\n\u{7f}\u{1}\u{2}\u{3} nonsense\r\n\r\n", &[400, 0][..]),
            ("GET / HTTP/9.9\r\n\r\n", &[400, 505, 0]),
            (&long, &[414, 431, 400, 0]),
            (&huge, &[413]),
            (&fat, &[413]),
            (&format!("{chunked}1388\r\n{}\r\n0\r\n\r\n", " ".repeat(5_000)), &[413]),
            (&format!("{chunked}nonsense\r\n"), &[400]),
            ("GET / HTTP/1.1\r\n\r\n", &[403, 400]),
            ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", &[403]),
            (&format!("GET /../../etc/passwd HTTP/1.1\r\n{host}\r\n"), &[404]),
            (&format!("DELETE /controls HTTP/1.1\r\n{host}\r\n"), &[405]),
            (&format!("OPTIONS /controls HTTP/1.1\r\n{host}Origin: http://evil.example\r\n\r\n"), &[403]),
            (&format!("POST /controls HTTP/1.1\r\n{host}Content-Length: 2\r\n\r\n{{}}"), &[415]),
        ] {
            let status = raw(address, request.as_bytes()).map_or(0, |reply| reply.status);
            let head = &request[..request.len().min(60)];
            assert!(statuses.contains(&status), "{head:?}: {status}");
        }
    });
    assert_eq!(report.repeats, 0);
}

#[test]
fn whoever_only_asks_gets_heads() {
    playing(|address, server| {
        for (path, kind) in [
            ("/", "text/html"),
            ("/controls", "application/json"),
            ("/stream", "application/octet-stream"),
            ("/stream.wav", "audio/wav"),
            ("/events", "text/event-stream"),
        ] {
            // The connection is closed after the answer, so that all there is can be read.
            let request = format!("HEAD {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
            let mut stream = connect(address);
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
            assert!(answer.contains(&format!("content-type: {kind}")), "{path}: {answer}");
            assert!(answer.ends_with("\r\n\r\n"), "{path}: a body in {answer}");
        }
        assert_eq!(server.listeners(), 0);
        let refused = raw(address, format!("PUT /stream HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).unwrap();
        assert_eq!(refused.status, 405);
        assert!(refused.headers.contains("allow: get, head\r\n"), "{}", refused.headers);
    });
}

#[test]
fn whoever_dawdles_is_dropped() {
    playing(|address, _| {
        let begun = Instant::now();
        let mut slow_head = connect(address);
        slow_head.write_all(b"GET / HTT").unwrap();
        let mut slow_body = connect(address);
        let start = format!(
            "POST /controls HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{{"
        );
        slow_body.write_all(start.as_bytes()).unwrap();
        assert_eq!(head(slow_body).unwrap().status, 408);
        let mut rest = Vec::new();
        slow_head.read_to_end(&mut rest).unwrap_or_default();
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    });
}

#[test]
fn fifty_listeners_half_of_them_bad_do_not_stall_the_sound() {
    const CLIENTS: usize = 50;
    let (_, report) = playing(|address, server| {
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                scope.spawn(move || attend(address, client));
            }
            thread::sleep(Duration::from_millis(1_500));
            assert!(server.listeners() >= CLIENTS / 2, "{}", server.listeners());
        });
    });
    assert_eq!(report.repeats, 0);
    // 2.5 seconds of listening at least, sent in real time: not stalled, and not hurried.
    let seconds = report.frames as f64 / 44_100.0;
    assert!((2.4..6.0).contains(&seconds), "{seconds}");
}

/// Listens well, or vanishes, or reads nothing, or asks nonsense all the time.
fn attend(address: SocketAddr, client: usize) {
    match client % 4 {
        0 | 1 => {
            let (mut reply, begun, mut bytes) = (get(address, "/stream"), Instant::now(), 0);
            while begun.elapsed() < Duration::from_millis(2_500) {
                bytes += reply.chunk().unwrap().unwrap().len();
            }
            // 88,200 bytes a second.
            assert!(bytes > 88_200 * 2, "a good listener gets all: {bytes}");
        }
        2 => {
            let silent = get(address, "/stream.wav");
            thread::sleep(Duration::from_millis(2_000));
            drop(silent);
        }
        _ => {
            for _ in 0..20 {
                drop(get(address, "/stream"));
                drop(post(address, r#"{"morph": 0.5}"#));
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

#[test]
fn a_listener_that_falls_behind_is_taken_to_what_is_new() {
    // As fast as it goes, so that seconds pass in milliseconds; nobody in between reads so fast.
    let board = board();
    let server = Server::start(any_port(), board.clone(), FORMAT).unwrap();
    let mut reply = get(server.address(), "/stream");
    while server.listeners() == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    let frames = 44_100 * 600;
    let settings = EngineSettings { stop_after: Some(Frames(frames)), ..EngineSettings::new(FORMAT) };
    let engine = Engine::new(settings, board).unwrap().with_tap(server.hub());
    let begun = Instant::now();
    engine.run(Box::new(Steps::new(BAR)), Pace::AsTaken, &Silent).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10), "the engine did not wait: {:?}", begun.elapsed());
    let mut bytes = 0;
    while let Ok(Some(chunk)) = reply.chunk() {
        bytes += chunk.len() as u64;
    }
    assert!(bytes < 2 * frames / 4, "{bytes} bytes is most of the stream: it was not bounded");
    assert!(server.skips() > 0);
}

/// Half a second of music as fast as it goes.
fn play_shortly(server: &Server) {
    let settings = EngineSettings { stop_after: Some(Frames(22_050)), ..EngineSettings::new(FORMAT) };
    let engine = Engine::new(settings, board()).unwrap().with_tap(server.hub());
    engine.run(Box::new(Steps::new(BAR)), Pace::AsTaken, &Silent).unwrap();
}

#[test]
fn whoever_comes_after_the_end_hears_of_it_and_waits_for_nothing() {
    let server = Server::start(any_port(), board(), FORMAT).unwrap();
    play_shortly(&server);
    let begun = Instant::now();
    let mut events = get(server.address(), "/events");
    let told = std::iter::from_fn(|| events.chunk().unwrap()).map(|bytes| String::from_utf8(bytes).unwrap());
    let told = told.collect::<Vec<_>>();
    assert!(told.len() == 2 && told[1].contains(r#""type":"ended""#), "{told:?}");
    assert_eq!(get(server.address(), "/stream").chunk().unwrap(), None);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn whoever_waits_for_the_music_is_not_dropped() {
    let server = Server::start(any_port(), board(), FORMAT).unwrap();
    let (mut wav, mut events) = (get(server.address(), "/stream.wav"), get(server.address(), "/events"));
    // Longer than a client may take nothing.
    thread::sleep(Duration::from_millis(16_500));
    play_shortly(&server);
    assert!(wav.bytes(44 + 2 * 22_050).len() == 44 + 2 * 22_050);
    assert!(events.chunk().unwrap().is_some());
}

#[test]
fn a_busy_port_is_named_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = ServerSettings { address: taken.local_addr().unwrap(), allow_remote: false };
    let error = Server::start(settings, board(), FORMAT).err().unwrap();
    assert!(matches!(error, LiveError::Http(HttpError::Busy { .. })), "{error}");
    assert!(error.hint().unwrap().contains("--serve 127.0.0.1:"));
}

#[test]
fn other_machines_need_leave_and_a_token() {
    let address = SocketAddr::from(([0, 0, 0, 0], 0));
    let error = Server::start(ServerSettings { address, allow_remote: false }, board(), FORMAT).err().unwrap();
    assert!(error.hint().unwrap().contains("--allow-remote"), "{error}");
    let server = Server::start(ServerSettings { address, allow_remote: true }, board(), FORMAT).unwrap();
    let near = SocketAddr::from(([127, 0, 0, 1], server.address().port()));
    let url = server.url();
    let path = url.strip_prefix(&format!("http://{near}")).unwrap();
    assert!(path.len() > 30, "{path}");
    assert_eq!(get(near, path).status, 200);
    let query = path.trim_start_matches('/');
    assert_eq!(get(near, &format!("/controls{query}")).status, 200);
    for bad in ["/", "/?token=", "/?token=0123", "/controls", "/stream.wav", "/events"] {
        assert_eq!(get(near, bad).status, 403, "{bad}");
    }
    assert_eq!(post(near, "{}").status, 403);
}

#[test]
fn an_address_is_free_again_when_the_server_is_dropped() {
    let server = Server::start(any_port(), board(), FORMAT).unwrap();
    let settings = ServerSettings { address: server.address(), allow_remote: false };
    assert_eq!(get(server.address(), "/").status, 200);
    drop(server);
    Server::start(settings, board(), FORMAT).unwrap();
}
