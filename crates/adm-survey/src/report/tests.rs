//! A whole report of simulated answers.
//!
//! `ADM_SURVEY_REPORT=DIR cargo test -p adm-survey report` leaves the reports in `DIR`, to be looked at.

use super::*;
use crate::analysis::fixture::Lab;
use crate::analysis::{NO_EVIDENCE, analyse};
use crate::answers::{Listed, Reason};
use crate::key::Role;
use adm_core::Seeds;
use adm_core::seeds::{RngExt, StreamRng};
use std::collections::BTreeSet;
use std::fs;

/// Words that try to break out of wherever they stand.
const HOSTILE: &str = "=cmd|' /C calc'!A0</td><script>alert(1)</script>\" onload='x' & \u{202e}";

const STUDY: &str = "
analysis = { resamples = 1000 MARGIN }
questions = [
    { id = 'real', text = 'Was this made by AI or by a human?', kind = 'choice', options = ['ai', 'human'], each_sample = true, scoring = { truth = {} } },
    { id = 'music', text = 'How musical is it?', kind = 'scale', each_sample = true },
    { id = 'mood', text = 'Does it inspire you?', kind = 'choice', options = ['yes', 'maybe', 'no'], each_sample = true },
    { id = 'why', text = 'Why?', kind = 'text' },
    { id = 'country', text = 'Where do you live?', kind = 'choice', options = ['Netherlands', 'Belgium', 'Germany', 'elsewhere'] },
    { id = 'genres', text = 'What do you listen to?', kind = 'many', options = ['techno', 'house', 'drum and bass', 'classical music and what came of it'] },
    { id = 'playing', text = 'How well do you play?', kind = 'scale', low = 1, high = 5 },
]
blocks = [{ id = 'pairs', questions = ['real', 'music', 'mood', 'why'] }, { id = 'codecs', kind = 'mushra' }]
pages = [{ kind = 'questions', questions = ['country', 'genres', 'playing'] }]
";

/// A study like document 000's, with 53 people, ten pairs, and MUSHRA trials.
fn simulated(margin: &str) -> Lab {
    let mut lab = Lab::new(&STUDY.replace("MARGIN", margin));
    let pairs: Vec<_> = (1..=10).map(|number| pair(&mut lab, number)).collect();
    let codecs = codecs(&mut lab);
    for index in 0..53 {
        let mut rng = Seeds::new(7).stream("listener", index);
        let person = listener(&mut lab, &mut rng);
        for (trial, samples) in &pairs {
            judge(&mut lab, &mut rng, person, *trial, samples);
        }
        for (sound, quality) in codecs.1.iter().zip([100, 25, 55, 80, 70]) {
            let rating = (quality + rng.random_range(-15..=15)).clamp(0, 100);
            lab.answer(person, codecs.0, "mushra", &rating.to_string()).stimulus = Some(*sound);
        }
        lab.scored.people[person].attention = (usize::from(index % 9 != 0), 1);
        lab.scored.people[person].seconds = 600.0 + 10.0 * index as f64;
    }
    lab
}

fn pair(lab: &mut Lab, number: usize) -> (usize, [usize; 2]) {
    let samples = [lab.stimulus(&format!("run-{number}"), "ai"), lab.stimulus(&format!("set-{number}"), "human")];
    (lab.trial(&format!("pairs-{number}"), "pairs", &samples), samples)
}

fn codecs(lab: &mut Lab) -> (usize, [usize; 5]) {
    let sounds = [
        lab.stimulus_for("loop", "original", Role::HiddenReference),
        lab.stimulus_for("loop", "original", Role::LowAnchor),
        lab.stimulus_for("loop", "original", Role::MidAnchor),
        lab.stimulus("loop-stereo", "stereo-complex"),
        lab.stimulus("loop-mel", "log-mel"),
    ];
    (lab.trial("codecs-1", "codecs", &sounds), sounds)
}

fn listener(lab: &mut Lab, rng: &mut StreamRng) -> usize {
    let country = ["Netherlands", "Netherlands", "Belgium", "Germany"][rng.random_range(0..4)];
    let genres = ["techno", "techno|house", "house|drum and bass", "classical music and what came of it"];
    let playing = rng.random_range(1..=5).to_string();
    lab.person(&[("country", country), ("genres", genres[rng.random_range(0..4)]), ("playing", &playing)])
}

fn judge(lab: &mut Lab, rng: &mut StreamRng, person: usize, trial: usize, samples: &[usize; 2]) {
    let is_heard = rng.random_bool(0.58);
    for (index, sample) in samples.iter().enumerate() {
        let truth = ["ai", "human"][if is_heard { index } else { 1 - index }];
        let response = lab.label(person, trial, "real", *sample, truth);
        (response.slot, response.ms) = (Some(index + 1), rng.random_range(3_000..30_000));
        let rating = (3 + index as i64 + rng.random_range(0..=5)).to_string();
        lab.answer(person, trial, "music", &rating).stimulus = Some(*sample);
        let mood = ["yes", "maybe", "no"][rng.random_range(0..3)];
        lab.answer(person, trial, "mood", mood).stimulus = Some(*sample);
    }
    if rng.random_bool(0.1) {
        lab.answer(person, trial, "why", "The kick was too even, and nothing happened after it.");
    }
}

fn merged(lab: &Lab) -> Merged {
    let listed = Listed {
        file: "answers/late.json".into(),
        line: Some(3),
        participant: Some("6f1c2b0e-0000-4000-8000-000000000000".to_owned()),
        reason: Reason::Unfinished,
        words: "the last page was not reached".to_owned(),
    };
    Merged { listed: vec![listed], found: lab.scored.people.len() + 1, ..Merged::default() }
}

/// Writes a report and gives its page.
fn written(lab: &Lab, merged: &Merged, folder: &Path) -> String {
    let findings = analyse(&lab.scored, &lab.key, &lab.manifest, Seeds::new(1));
    let page = write(folder, &findings, &Material { merged, scored: &lab.scored, key: &lab.key }).unwrap();
    if let Some(keep) = std::env::var_os("ADM_SURVEY_REPORT") {
        let name = std::thread::current().name().unwrap_or("report").replace(':', "-");
        write(&Path::new(&keep).join(name), &findings, &Material { merged, scored: &lab.scored, key: &lab.key })
            .unwrap();
    }
    fs::read_to_string(page).unwrap()
}

#[test]
fn a_report_has_a_page_numbers_and_tables() {
    let (lab, dir) = (simulated(""), tempfile::tempdir().unwrap());
    let folder = dir.path().join("report");
    let page = written(&lab, &merged(&lab), &folder);
    for heading in ["In short", "Who took part", "Right or wrong", "Ratings", "Choices and words", "Methods"] {
        assert!(page.contains(&format!(">{heading}</h2>")), "{heading}");
    }
    assert!(page.contains("53 people gave") && page.contains("6 people were screened out"));
    let files: BTreeSet<_> =
        fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    for file in ["report.html", "report.json", "answers.json", "scored.csv", "right.csv", "listed.csv", "people.csv"] {
        assert!(files.contains(file), "{file} is not among {files:?}");
    }
    let json: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap();
    assert_eq!(json["everybody"]["shares"][0]["n"], 1_060);
    assert_eq!(json["listed"][0]["reason"], "unfinished");
    let rows = fs::read_to_string(folder.join("scored.csv")).unwrap().lines().count();
    assert_eq!(rows, lab.scored.responses.len() + 1, "no response is left out");
}

/// Without a margin no page calls anything indistinguishable, and every test that shows nothing says what that means.
#[test]
fn no_page_takes_silence_for_proof() {
    let dir = tempfile::tempdir().unwrap();
    let mut lab = simulated("");
    // Half of all labels are turned into guesses of which every second is right.
    for (index, response) in lab.scored.responses.iter_mut().enumerate() {
        if response.right.is_some() {
            response.right = Some(index % 2 == 0);
        }
    }
    let page = written(&lab, &merged(&lab), &dir.path().join("report"));
    assert!(page.contains(NO_EVIDENCE));
    let found = page.split(">Methods</h2>").next().unwrap().to_lowercase();
    for claim in ["indistinguishable", "equivalent", "identical", "cannot tell", "no better than"] {
        assert!(!found.contains(claim), "{claim}");
    }
}

#[test]
fn words_of_participants_break_out_of_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut lab = simulated(", margin = 0.1");
    lab.answer(0, 0, "why", HOSTILE);
    lab.scored.people[0].id = HOSTILE.to_owned();
    lab.scored.people[0].background.insert("country".to_owned(), HOSTILE.to_owned());
    lab.key.study.title = HOSTILE.to_owned();
    lab.key.stimuli[0].id = HOSTILE.to_owned();
    lab.key.stimuli[1].truth = HOSTILE.to_owned();
    let mut merged = merged(&lab);
    merged.listed[0].words = HOSTILE.to_owned();
    merged.listed[0].file = HOSTILE.into();
    merged.not_found.push(HOSTILE.to_owned());
    let folder = dir.path().join("report");
    let page = written(&lab, &merged, &folder);
    assert!(!page.contains("<script") && !page.contains("onload='x'") && !page.contains('\u{202e}'));
    assert!(page.contains("&lt;script&gt;"));
    for file in fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "csv") {
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                !text.contains(",=cmd") && !text.contains(",\"=cmd") && !text.contains("\n=cmd"),
                "{}",
                file.display()
            );
        }
    }
}

#[test]
fn a_report_of_nothing_is_a_report() {
    let dir = tempfile::tempdir().unwrap();
    let lab = Lab::new("blocks = []");
    let page = written(&lab, &Merged::default(), &dir.path().join("report"));
    assert!(page.contains("No answers were accepted, so nothing can be said yet."));
    let mut lab = simulated("");
    lab.scored.people.clear();
    lab.scored.responses.clear();
    let page = written(&lab, &Merged::default(), &dir.path().join("empty"));
    assert!(page.contains("No answers were accepted"));
}

#[test]
fn the_same_answers_give_the_same_files() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    let lab = simulated("");
    written(&lab, &merged(&lab), &one);
    written(&lab, &merged(&lab), &other);
    for file in fs::read_dir(&one).unwrap().map(|file| file.unwrap().path()) {
        let again = other.join(file.file_name().unwrap());
        assert!(fs::read(&file).unwrap() == fs::read(again).unwrap(), "{}", file.display());
    }
}

/// Three conditions that four people put into one order: Friedman's test finds it, and no pair could reach .05 after Holm's correction.
#[test]
fn ratings_are_said_to_differ_where_friedman_finds_it() {
    let mut lab = Lab::new("blocks = [{ id = 'm', kind = 'mushra' }]");
    let sounds = ["one", "two", "three"].map(|truth| lab.stimulus(truth, truth));
    let trial = lab.trial("t", "m", &sounds);
    for index in 0..4 {
        let person = lab.person(&[]);
        for (sound, rating) in sounds.iter().zip([90, 60, 30]) {
            lab.answer(person, trial, "mushra", &(rating + index * (rating / 10)).to_string()).stimulus = Some(*sound);
        }
    }
    let findings = analyse(&lab.scored, &lab.key, &lab.manifest, Seeds::new(1));
    let words = paragraphs(&findings).join("\n");
    assert!(words.contains("rated them differently (Friedman's test, p = 0.0183)"), "{words}");
    assert!(words.contains("With 4 people, no single pair could be shown to differ."), "{words}");
    assert!(!words.contains(NO_EVIDENCE), "{words}");
}

/// People say "yes" more often of the second kind by the alphabet: the table says so, and by how much, not by less than nothing.
#[test]
fn more_often_is_more_often() {
    let mut lab = Lab::new(
        "questions = [{ id = 'mood', text = 'Inspiring?', kind = 'choice', options = ['yes', 'maybe', 'no'], each_sample = true }]
        blocks = [{ id = 'b', questions = ['mood'] }]",
    );
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trial = lab.trial("t", "b", &[ai, human]);
    for index in 0..12 {
        let person = lab.person(&[]);
        for (sample, said) in [(ai, ["no", "maybe"][index % 2]), (human, "yes")] {
            lab.answer(person, trial, "mood", said).stimulus = Some(sample);
        }
    }
    let findings = analyse(&lab.scored, &lab.key, &lab.manifest, Seeds::new(1));
    let sheet = sheets::within(&findings);
    let yes = sheet.rows.iter().find(|row| row[2] == sheet::Cell::from("yes")).unwrap();
    assert_eq!(yes[3..5], [sheet::Cell::from("human"), sheet::Cell::from("ai")]);
    assert_eq!(yes[6], sheet::Cell::Share(1.0));
    // Three options, one family: the smallest p of three is multiplied by three.
    let pair = |option: &str| {
        let within = &findings.everybody.choices[0].within;
        within.iter().find(|(name, _)| name == option).unwrap().1.pairs[0].clone()
    };
    let yes = pair("yes");
    assert!((yes.holm.unwrap() - 3.0 * yes.test.get().unwrap().p).abs() < 1e-12, "{yes:?}");
}

/// What has nothing to say says nothing more: nobody is left, no rule about repeats is on, and no test allows for anything.
#[test]
fn sentences_stand_alone() {
    let mut lab = simulated(", margin = 0.1");
    lab.scored.people.iter_mut().for_each(|person| person.attention = (0, 1));
    let findings = analyse(&lab.scored, &lab.key, &lab.manifest, Seeds::new(1));
    let words = paragraphs(&findings).join("\n");
    assert!(words.contains("Without those who were screened out nobody is left."), "{words}");
    assert!(!words.contains("it does:"), "{words}");
    let methods = methods::paragraphs(&findings).join("\n");
    assert!(methods.contains("10 points on either side of guessing") && !methods.contains("fewer than 0 %"));
    let mut lab = simulated("");
    lab.scored.responses.iter_mut().for_each(|response| response.chance = response.chance.map(|_| 0.25));
    let words = paragraphs(&analyse(&lab.scored, &lab.key, &lab.manifest, Seeds::new(1))).join("\n");
    assert!(words.contains("Not tested against guessing") && !words.contains("This allows for"), "{words}");
}
