//! Sheets go out, answers come in.

use super::client::{ask, get, post};
use super::{Place, SHEETS, checked, text};
use crate::answers::{Answers, MOST_BYTES};
use crate::serve::Event;
use crate::serve::inbox::Limits;
use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

fn sheet(address: SocketAddr) -> usize {
    let reply = get(address, "/collect");
    assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    reply.json()["sheet"].as_u64().unwrap() as usize
}

#[test]
fn sheets_go_round_and_a_restart_goes_on() {
    let place = Place::new();
    let first = place.start().unwrap();
    assert_eq!((0..3).map(|_| sheet(first.address())).collect::<Vec<_>>(), [0, 1, 2]);
    // Whoever asks otherwise gets none.
    for method in ["HEAD", "PUT", "OPTIONS"] {
        let reply = ask(first.address(), method, "/collect", "");
        assert_eq!((reply.status, reply.header("allow")), (405, Some("get, post")), "{method}");
    }
    drop(first);
    let second = place.start().unwrap();
    let expected: Vec<usize> = (3..3 + 2 * SHEETS).map(|number| number % SHEETS).collect();
    assert_eq!((0..2 * SHEETS).map(|_| sheet(second.address())).collect::<Vec<_>>(), expected);
}

#[test]
fn answers_are_stored_and_the_same_again_is_no_other() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let (address, answers) = (collector.address(), place.answered(1, 3));
    // As a browser writes it: indented, fields in any order.
    let pretty = serde_json::to_string_pretty(&serde_json::to_value(&answers).unwrap()).unwrap();
    let first = post(address, &pretty);
    assert_eq!((first.status, first.json()["received"].as_str()), (201, Some("new")));
    let again = post(address, &text(&answers));
    assert_eq!((again.status, again.json()["received"].as_str()), (200, Some("same")));
    let stored: Answers = serde_json::from_slice(&fs::read(place.stored(&answers.participant)).unwrap()).unwrap();
    assert_eq!(stored, answers);
    assert_eq!((collector.received(), collector.participants()), (1, 1));
    assert_eq!(collector.event(Duration::ZERO), Some(Event::Answers { finished: true }));
    drop(collector);
    let collector = place.start().unwrap();
    assert_eq!((collector.received(), collector.participants()), (0, 1));
    assert_eq!(post(collector.address(), &text(&answers)).status, 200, "known after a restart");
    assert_eq!((collector.received(), collector.participants()), (1, 1));
}

#[test]
fn the_collector_takes_as_much_of_one_participant_as_merging_does() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let answers = text(&place.answered(1, 20_000));
    assert!((MOST_BYTES * 3 / 4..MOST_BYTES).contains(&answers.len()), "{}", answers.len());
    assert_eq!(post(collector.address(), &answers).status, 201);
}

#[test]
fn later_versions_replace_earlier_ones_and_never_the_other_way() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let unfinished = |rows| checked(Answers { finished: String::new(), ..place.answered(1, rows) });
    let ended = |at: &str| checked(Answers { finished: at.to_owned(), ..place.answered(1, 5) });
    let (early, late) = (ended("2026-05-01T12:20:00.000Z"), ended("2026-05-01T12:21:00.000Z"));
    let mut kept = None;
    for (answers, status) in [
        (unfinished(2), 201),
        (unfinished(4), 200),
        (unfinished(3), 409),
        (early.clone(), 200),
        (unfinished(9), 409),
        (late.clone(), 200),
        (early, 409),
        (late.clone(), 200),
        (checked(Answers { sheet: 4, ..late.clone() }), 409),
        (checked(Answers { started: "2026-05-01T11:00:00.000Z".to_owned(), ..late }), 409),
    ] {
        let reply = post(collector.address(), &text(&answers));
        assert_eq!(reply.status, status, "{answers:?}: {:?}", reply.json());
        if status < 300 {
            kept = Some(answers);
        }
        let stored = fs::read(place.stored("00000001-0000-4000-8000-000000000000")).unwrap();
        assert_eq!(serde_json::from_slice::<Answers>(&stored).ok(), kept, "a refused version changes nothing");
    }
    assert_eq!((collector.received(), collector.participants()), (1, 1));
}

#[test]
fn what_is_no_answer_to_this_bundle_is_refused_in_words() {
    let place = Place::new();
    let collector = place.start().unwrap();
    let good = place.answered(1, 2);
    let changed = |change: fn(&mut Answers)| {
        let mut answers = good.clone();
        change(&mut answers);
        text(&checked(answers))
    };
    let value = serde_json::to_value(&good).unwrap();
    let list = serde_json::to_string(&value.as_object().unwrap().values().collect::<Vec<_>>()).unwrap();
    let whole = text(&good);
    for (body, status, words) in [
        (String::new(), 400, "answers are a JSON object"),
        ("null".to_owned(), 400, "answers are a JSON object"),
        (list, 400, "answers are a JSON object"),
        (format!("[{whole}]"), 400, "answers are a JSON object"),
        (whole[..whole.len() - 9].to_owned(), 400, "EOF"),
        (format!("{whole} {whole}"), 400, "trailing"),
        ("{}".to_owned(), 422, "missing field `format`"),
        (whole.replacen("{", "{\"truth\":1,", 1), 422, "unknown field `truth`"),
        (whole.replacen("\"rows\":[{", "\"rows\":[{\"x\":1,", 1), 422, "unknown field `x`"),
        (whole.replacen("\"sheet\":3", "\"sheet\":-3", 1), 422, "invalid value"),
        (whole.replacen("\"sheet\":3", "\"sheet\":3,\"sheet\":3", 1), 422, "duplicate field"),
        (whole.replacen("40", "41", 1), 422, "the checksum does not fit"),
        (changed(|answers| answers.format = "x".to_owned()), 422, "adm-answers and 1, got \"x\" and 1"),
        (changed(|answers| answers.version = 2), 422, "got \"adm-answers\" and 2"),
        (changed(|answers| answers.bundle = "f".repeat(64)), 422, &place.id),
        (changed(|answers| answers.sheet = SHEETS), 422, "sheet must be below 7, got 7"),
    ] {
        let reply = post(collector.address(), &body);
        let head = &body[..body.len().min(80)];
        assert_eq!(reply.status, status, "{head}: {:?}", reply.json());
        assert!(reply.error().contains(words), "{head}: {:?}", reply.json());
    }
    assert_eq!(collector.participants(), 0);
    assert!(matches!(collector.event(Duration::ZERO), Some(Event::Refused { .. })));
}

#[test]
fn a_participant_s_name_is_no_path() {
    let place = Place::new();
    let collector = place.start().unwrap();
    for name in [
        "",
        "../../../../etc/passwd",
        "..%2f00000000-0000-4000-8000-000000000",
        "0000000A-0000-4000-8000-000000000000",
        "00000001-0000-4000-8000-00000000000",
        "00000001-0000-4000-8000-0000000000000",
        "000000010000-4000-8000-000000000000-",
        "/0000001-0000-4000-8000-000000000000",
        "0000000\0-0000-4000-8000-000000000000",
        "0000000１-0000-4000-8000-0000000000",
    ] {
        let answers = checked(Answers { participant: name.to_owned(), ..place.answered(1, 1) });
        let reply = post(collector.address(), &text(&answers));
        assert!(reply.status == 422 && reply.error().contains("UUID"), "{name:?}: {reply:?}");
    }
    let hidden = |name: &str| name.starts_with('.');
    let files = fs::read_dir(place.answers()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(files.filter(|name| !hidden(name)).count(), 0);
}

#[test]
fn a_bored_visitor_cannot_fill_the_disk() {
    let place = Place::new();
    let collector = place.start_within(false, Limits { participants: 2, ..Limits::default() }).unwrap();
    let address = collector.address();
    assert_eq!([1, 2, 3].map(|number| post(address, &text(&place.answered(number, 1))).status), [201, 201, 403]);
    assert!(post(address, &text(&place.answered(3, 1))).error().contains("no more answers"));
    let longer = text(&place.answered(2, 2));
    assert_eq!(post(address, &longer).status, 200, "who is known may go on");
    drop(collector);
    let sizes = [1, 2].map(|number| fs::metadata(place.stored(&place.answered(number, 0).participant)).unwrap().len());
    let collector = place.start_within(false, Limits { bytes: sizes[0] + sizes[1], ..Limits::default() }).unwrap();
    let statuses = [3, 2].map(|number| post(collector.address(), &text(&place.answered(number, 3))).status);
    assert_eq!(statuses, [403, 403], "neither new nor longer answers");
    assert_eq!(post(collector.address(), &longer).status, 200, "what is there needs no room");
    assert_eq!(collector.participants(), 2);
}
