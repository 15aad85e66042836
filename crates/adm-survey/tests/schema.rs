//! The page that lists every key of a study is a study, and lists every key.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use adm_survey::study::Study;
use serde_json::Value;
use std::collections::BTreeSet;

/// The page; its TOML blocks are one study, in order.
const PAGE: &str = include_str!("../../../docs/study-files.md");

fn example() -> String {
    PAGE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// Names of all keys of a JSON value.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            keys(value, found);
        }),
        Value::Array(values) => values.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

#[test]
fn every_key_is_on_the_page() {
    let study = Study::parse(&example(), "docs/study-files.md").unwrap();
    let (mut known, mut written) = (BTreeSet::new(), BTreeSet::new());
    keys(&serde_json::to_value(&study).unwrap(), &mut known);
    let table: toml::Table = toml::from_str(&example()).unwrap();
    keys(&serde_json::to_value(table).unwrap(), &mut written);
    let missing: Vec<_> = known.difference(&written).collect();
    assert!(missing.is_empty(), "not on the page: {missing:?}");
}

#[test]
fn what_the_page_says_of_defaults_is_so() {
    let text = "title = 'x'\n[[stimuli]]\nid = 'a'\ntruth = 'b'\nfile = { path = 'a.wav' }\n[[questions]]\nid = 'q'\ntext = 'x'\n\
                kind = 'text'\n[[blocks]]\nid = 'c'\nquestions = ['q']\nalone = ['b']\n";
    let plain = serde_json::to_value(Study::parse(text, "x").unwrap()).unwrap();
    let shown = serde_json::to_value(Study::parse(&example(), "x").unwrap()).unwrap();
    for key in ["language", "participants"] {
        assert_eq!(plain[key], shown[key], "{key}");
    }
    let sound = |study: &Value| {
        let mut sound = study["sound"].clone();
        sound["round_trip"] = Value::Null;
        sound
    };
    assert_eq!(sound(&plain), sound(&shown));
    for key in ["alpha", "resamples", "screening"] {
        assert_eq!(plain["analysis"][key], shown["analysis"][key], "{key}");
    }
    assert_eq!(plain["analysis"]["margin"], Value::Null);
}
