//! Many at once.

use super::client::{get, post};
use super::{Place, SHEETS, SOUND_BYTES, checked, text};
use crate::answers::Answers;
use std::fs;
use std::thread;

#[test]
fn fifty_participants_at_once_all_get_through() {
    const PEOPLE: u32 = 50;
    let place = Place::new();
    let collector = place.start().unwrap();
    let address = collector.address();
    let sheets: Vec<usize> = thread::scope(|scope| {
        let people: Vec<_> = (0..PEOPLE)
            .map(|number| {
                let answers = place.answered(number, 40);
                scope.spawn(move || {
                    assert_eq!(get(address, "/").status, 200);
                    let sheet = get(address, "/collect").json()["sheet"].as_u64().unwrap() as usize;
                    assert!(
                        ["s1", "s2"]
                            .iter()
                            .all(|name| get(address, &format!("/audio/{name}.js")).body.len() > SOUND_BYTES)
                    );
                    let answers = checked(Answers { sheet, ..answers });
                    assert_eq!(post(address, &text(&answers)).status, 201);
                    assert_eq!(post(address, &text(&answers)).status, 200);
                    sheet
                })
            })
            .collect();
        people.into_iter().map(|person| person.join().unwrap()).collect()
    });
    for sheet in 0..SHEETS {
        let count = sheets.iter().filter(|other| **other == sheet).count();
        assert!((7..=8).contains(&count), "sheet {sheet}: {count} of {PEOPLE}");
    }
    assert_eq!((collector.received(), collector.participants()), (PEOPLE as usize, PEOPLE as usize));
    for number in 0..PEOPLE {
        let name = place.answered(number, 0).participant;
        let stored: Answers = serde_json::from_slice(&fs::read(place.stored(&name)).unwrap()).unwrap();
        assert_eq!(stored.checksum, stored.expected_checksum());
    }
}

#[test]
fn of_versions_that_come_at_once_the_latest_stays() {
    const VERSIONS: usize = 24;
    let place = Place::new();
    let collector = place.start().unwrap();
    let address = collector.address();
    let versions: Vec<Answers> = (0..VERSIONS)
        .map(|version| {
            // Two thirds are unfinished; the last finished one is the latest of all.
            let finished = if version % 3 == 2 { format!("2026-05-01T12:20:{version:02}.000Z") } else { String::new() };
            checked(Answers { finished, ..place.answered(1, version) })
        })
        .collect();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let posts: Vec<_> =
            versions.iter().rev().map(|answers| scope.spawn(move || post(address, &text(answers)).status)).collect();
        posts.into_iter().map(|post| post.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 201 | 409)), "{statuses:?}");
    let stored = fs::read(place.stored(&versions[0].participant)).unwrap();
    assert_eq!(serde_json::from_slice::<Answers>(&stored).unwrap(), versions[VERSIONS - 1]);
    let partial = fs::read_dir(place.answers())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".partial"));
    assert_eq!(partial.count(), 0);
}
