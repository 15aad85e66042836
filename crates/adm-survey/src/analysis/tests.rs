//! Findings against numbers worked out by hand.

use super::*;
use crate::key::Role;
use fixture::Lab;

const LABELS: &str = "
analysis = { resamples = 400, MARGIN }
questions = [{ id = 'real', text = 'AI or human?', kind = 'choice', options = ['ai', 'human'], each_sample = true, scoring = { truth = {} } }]
blocks = [{ id = 'b', questions = ['real'] }]
pages = [{ kind = 'questions', questions = ['age'] }]
";

fn labels(margin: &str) -> Lab {
    Lab::new(&LABELS.replace("MARGIN", margin))
}

fn found(lab: &Lab) -> Findings {
    analyse(&lab.scored, &lab.key, &lab.manifest, Seeds::new(1))
}

fn close(actual: f64, expected: f64) {
    assert!((actual - expected).abs() < 5e-5, "{actual} should be {expected}");
}

/// Twenty people label one AI sample each: 14 rightly; and twenty others one human sample each: 12 rightly.
fn forty() -> Lab {
    let mut lab = labels("");
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trial = lab.trial("t", "b", &[ai, human]);
    for index in 0..20 {
        let person = lab.person(&[]);
        lab.label(person, trial, "real", ai, if index < 14 { "ai" } else { "human" });
    }
    for index in 0..20 {
        let person = lab.person(&[]);
        lab.label(person, trial, "real", human, if index < 12 { "human" } else { "ai" });
    }
    lab
}

#[test]
fn single_answers_are_tested_exactly() {
    let findings = found(&forty());
    let share = &findings.everybody.shares[0];
    assert_eq!((share.n, share.right, share.persons, share.items, share.clustered), (40, 26, 40, 2, false));
    // R: binom.test(26, 40)$p.value 0.08069, "greater" 0.04035.
    close(share.two_sided.get().unwrap().p, 0.08069);
    close(share.greater.get().unwrap().p, 0.04035);
    assert_eq!(share.verdict.finding, Finding::NotShown);
    assert!(share.verdict.words.starts_with(NOT_SHOWN));
    assert!(findings.screened.is_none());
}

#[test]
fn sensitivity_has_its_published_value() {
    // 14 of 20 hits, 8 of 20 false alarms: d′ .7382, c −.1281 with the log-linear correction.
    let detection = &found(&forty()).everybody.detections[0];
    close(*detection.d_prime.get().unwrap(), 0.7382);
    close(detection.criterion.unwrap(), -0.1281);
    assert_eq!(detection.signal.as_deref(), Some("ai"));
    assert!(detection.correction.contains("log-linear"));
}

#[test]
fn confusion_and_leaning_count_what_was_called_what() {
    let findings = found(&forty());
    let confusion = &findings.everybody.confusions[0];
    assert_eq!(confusion.truths, ["ai", "human"]);
    assert_eq!(confusion.counts, [[14, 6], [8, 12]]);
    let leaning = &findings.everybody.leanings[0];
    assert_eq!((leaning.named, leaning.n), (22, 40));
    assert_eq!((leaning.share.get(), leaning.expected.get()), (Some(&0.55), Some(&0.5)));
}

#[test]
fn groups_hold_their_own_answers() {
    let findings = found(&forty());
    let grouped = &findings.everybody.grouped[0];
    let right =
        |groups: &[Group]| groups.iter().map(|group| (group.name.clone(), group.right, group.n)).collect::<Vec<_>>();
    assert_eq!(right(&grouped.items), [("a".to_owned(), 14, 20), ("h".to_owned(), 12, 20)]);
    assert_eq!(right(&grouped.trials), [("t".to_owned(), 26, 40)]);
    assert_eq!(right(&grouped.truths), [("ai".to_owned(), 14, 20), ("human".to_owned(), 12, 20)]);
}

/// All AI samples come first, and half of all people call the first sample AI, whatever it is.
#[test]
fn leaning_to_a_place_is_told_from_what_is_there() {
    let build = |leaning: bool| {
        let mut lab = labels("");
        let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
        let trial = lab.trial("t", "b", &[ai, human]);
        for index in 0..40 {
            let person = lab.person(&[]);
            // Those who lean see the human sample first half of the time.
            let is_swapped = leaning && index % 2 == 0;
            let (first, second) = if is_swapped { (human, ai) } else { (ai, human) };
            lab.label(person, trial, "real", first, "ai").slot = Some(1);
            lab.label(person, trial, "real", second, "human").slot = Some(2);
        }
        found(&lab).everybody.leanings.remove(1)
    };
    let (hearing, leaning) = (build(false), build(true));
    assert_eq!((hearing.named, hearing.n, hearing.expected.get()), (40, 40, Some(&1.0)));
    assert_eq!((leaning.named, leaning.n, leaning.expected.get()), (40, 40, Some(&0.5)));
    assert!(leaning.test.get().unwrap().p < 1e-9);
}

/// Whoever always says "AI" is right as often as there are AI samples.
#[test]
fn leaning_to_one_answer_is_not_hearing() {
    let mut lab = labels("");
    let samples: Vec<_> = (0..4).map(|n| lab.stimulus(&format!("s{n}"), if n < 3 { "ai" } else { "human" })).collect();
    let trial = lab.trial("t", "b", &samples);
    for _ in 0..30 {
        let person = lab.person(&[]);
        for sample in &samples {
            lab.label(person, trial, "real", *sample, "ai");
        }
    }
    let share = &found(&lab).everybody.shares[0];
    close(*share.share.get().unwrap(), 0.75);
    close(*share.balanced.get().unwrap(), 0.5);
    assert!(share.two_sided.get().unwrap().p < 1e-6, "the naive test is fooled");
    assert_eq!(share.verdict.finding, Finding::NotShown);
    assert!(share.verdict.cautions.iter().any(|caution| caution.contains("not as many samples of each kind")));
}

#[test]
fn with_one_kind_of_sample_hearing_is_not_tested() {
    let mut lab = labels("");
    let ai = lab.stimulus("a", "ai");
    let trial = lab.trial("t", "b", &[ai]);
    for _ in 0..30 {
        let person = lab.person(&[]);
        lab.label(person, trial, "real", ai, "ai");
    }
    let share = &found(&lab).everybody.shares[0];
    assert_eq!(share.verdict.finding, Finding::Untested);
    assert!(share.verdict.words.contains("cannot be told from hearing"));
}

/// Whoever is not sure did not guess wrongly.
#[test]
fn not_sure_is_no_answer() {
    let mut lab = forty();
    for _ in 0..30 {
        let person = lab.person(&[]);
        lab.label(person, 0, "real", 0, "not sure");
    }
    let results = found(&lab).everybody;
    let share = &results.shares[0];
    assert_eq!((share.n, share.right, share.undecided), (40, 26, 30));
    close(*results.detections[0].d_prime.get().unwrap(), 0.7382);
    assert_eq!(results.confusions[0].counts, [[14, 6, 30], [8, 12, 0]]);
    assert_eq!(results.grouped[0].trials[0].n, 40);
}

#[test]
fn people_who_answer_often_are_resampled_whole() {
    let mut lab = labels("margin = 0.1");
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trial = lab.trial("t", "b", &[ai, human]);
    // Half of the people hear everything, half nothing: 50 % right, ICC 1 as far as the formula goes.
    for index in 0..40 {
        let person = lab.person(&[]);
        let (first, second) = if index % 2 == 0 { ("ai", "human") } else { ("human", "ai") };
        lab.label(person, trial, "real", ai, first);
        lab.label(person, trial, "real", human, second);
    }
    let share = &found(&lab).everybody.shares[0];
    assert!(share.clustered);
    let clusters = share.person_clusters.get().unwrap();
    close(clusters.icc, 1.0);
    close(clusters.design_effect, 2.0);
    close(clusters.effective_n, 40.0);
    let (person, wilson) = (share.by_person.get().unwrap(), share.wilson.get().unwrap());
    assert!(person.high - person.low > 1.2 * (wilson.high - wilson.low), "{person:?} {wilson:?}");
    assert_eq!(share.verdict.finding, Finding::NotShown);
}

#[test]
fn two_places_have_their_own_d_prime_and_leaning() {
    let mut lab = Lab::new(
        "analysis = { resamples = 200 }
        questions = [{ id = 'which', text = 'Which is AI?', kind = 'samples', pick = 'one', scoring = { target = { truth = 'ai' } } }]
        blocks = [{ id = 'b', questions = ['which'] }]",
    );
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trial = lab.trial("t", "b", &[ai, human]);
    // Place 1 is named 20 times, 18 times rightly; place 2 10 times, 3 times rightly.
    for (place, is_right, times) in [("1", true, 18), ("1", false, 2), ("2", true, 3), ("2", false, 7)] {
        for _ in 0..times {
            let person = lab.person(&[]);
            lab.choice(person, trial, "which", place, is_right).meaning =
                if is_right { "ai" } else { "human" }.to_owned();
        }
    }
    let results = found(&lab).everybody;
    // √2 z((21 + ½) / 31) = √2 × 0.505934.
    close(*results.detections[0].d_prime.get().unwrap(), 0.71550);
    assert_eq!(results.confusions[0].counts, [[18, 7], [2, 3]]);
    let leaning = &results.leanings[0];
    assert_eq!((leaning.to.as_str(), leaning.named, leaning.n), ("the first place", 20, 30));
    close(*leaning.expected.get().unwrap(), 25.0 / 30.0);
    assert_eq!(results.choices[0].counts, [[21, 9]]);
}

#[test]
fn abx_has_its_own_rule() {
    let mut lab = Lab::new("blocks = [{ id = 'x', kind = 'abx' }]");
    let samples = [lab.stimulus("a", "ai"), lab.stimulus("h", "human")];
    let trial = lab.trial("t", "x", &samples);
    for index in 0..20 {
        let person = lab.person(&[]);
        lab.choice(person, trial, "abx", if index % 2 == 0 { "a" } else { "b" }, index < 15);
    }
    let results = found(&lab).everybody;
    let share = &results.shares[0];
    close(share.greater.get().unwrap().p, 0.02069);
    let (wilson, exact) = (share.wilson.get().unwrap(), share.clopper_pearson.get().unwrap());
    close(wilson.low, 0.5313);
    close(wilson.high, 0.8881);
    close(exact.low, 0.5090);
    close(exact.high, 0.9134);
    assert!(results.detections[0].rule.contains("ABX"));
    assert!(*results.detections[0].d_prime.get().unwrap() > 1.0);
    assert_eq!(results.leanings[0].to, "A");
}

const POINTS: &str = "
questions = [{ id = 'which', text = 'Which sound AI?', kind = 'samples', pick = 'any', scoring = { target = { truth = 'ai', points = { exact = 2, mixed = 1, part = 1 } } } }]
blocks = [{ id = 'b', questions = ['which'] }]
";

/// Document 002's first question, whose scores 55 people, 14 and 68 reached. It prints 49.63 % for 68 of 137, which are 49.635 %; all else
/// is as it has it.
#[test]
fn points_are_printed_as_document_002_has_them() {
    let mut lab = Lab::new(POINTS);
    let samples = [lab.stimulus("a", "ai"), lab.stimulus("h", "human")];
    let trial = lab.trial("q1", "b", &samples);
    for (points, times, meaning) in [(0.0, 55, "human"), (1.0, 14, "ai|human"), (2.0, 68, "ai")] {
        for _ in 0..times {
            let person = lab.person(&[]);
            let response = lab.answer(person, trial, "which", meaning);
            (response.points, response.right) = (Some(points), Some(points == 2.0));
        }
    }
    let findings = found(&lab);
    let points = findings.everybody.points.as_ref().unwrap();
    let rows = &points.questions[0].rows;
    let printed = |row: &Reached| {
        let span = row.interval.get().unwrap();
        format!(
            "{} {} {:.2}% ({:.2}, {:.2})",
            row.points,
            row.n,
            100.0 * row.share,
            100.0 * span.low,
            100.0 * span.high
        )
    };
    let expected = ["0 55 40.15% (31.94, 48.35)", "1 14 10.22% (5.15, 15.29)", "2 68 49.64% (41.26, 58.01)"];
    assert_eq!(rows.iter().map(printed).collect::<Vec<_>>(), expected);
    assert_eq!(points.total.rows.len(), 3, "0, 1 and 2");
    assert_eq!(points.incomplete, 0);
    let share = &findings.everybody.shares[0];
    assert_eq!(share.verdict.finding, Finding::Untested);
    assert!(share.chance.why().unwrap().contains("any number of samples"));
    // What was named is counted as well.
    assert_eq!(findings.everybody.choices[0].options, ["ai", "ai|human", "human"]);
}

#[test]
fn totals_are_of_those_who_answered_all() {
    let mut lab = Lab::new(POINTS);
    let samples = [lab.stimulus("a", "ai"), lab.stimulus("h", "human")];
    let trials = [lab.trial("q1", "b", &samples), lab.trial("q2", "b", &samples)];
    for given in [&[2.0, 1.0][..], &[2.0, 2.0], &[0.0]] {
        let person = lab.person(&[]);
        for (trial, points) in trials.iter().zip(given) {
            lab.answer(person, *trial, "which", "1").points = Some(*points);
        }
    }
    let findings = found(&lab);
    let points = findings.everybody.points.as_ref().unwrap();
    assert_eq!(points.incomplete, 1);
    let totals: Vec<_> = points.total.rows.iter().map(|row| (row.points, row.n)).collect();
    assert_eq!(totals, [(0.0, 0), (1.0, 0), (2.0, 0), (3.0, 1), (4.0, 1)]);
}

#[test]
fn ratings_are_compared_within_people() {
    let mut lab = Lab::new(
        "questions = [{ id = 'music', text = 'How musical?', kind = 'scale', each_sample = true }]
        blocks = [{ id = 'b', questions = ['music'] }]",
    );
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trial = lab.trial("t", "b", &[ai, human]);
    for (one, other) in [(2, 3), (4, 6), (3, 6), (1, 5), (0, 5)] {
        let person = lab.person(&[]);
        for (sample, rating) in [(ai, one), (human, other)] {
            lab.answer(person, trial, "music", &rating.to_string()).stimulus = Some(sample);
        }
    }
    let scale = &found(&lab).everybody.scales[0];
    assert_eq!((scale.low, scale.high, scale.all.n, scale.all.persons), (0, 10, 10, 5));
    let ai = &scale.conditions[0];
    assert_eq!((ai.name.as_str(), ai.mean.get()), ("ai", Some(&2.0)));
    // SD √2.5, t(.975, 4) 2.776445: 2 ± 1.963243.
    close(ai.interval.get().unwrap().low, 0.03676);
    let pair = &scale.comparison.as_ref().unwrap().pairs[0];
    assert_eq!((pair.persons, pair.difference.get()), (5, Some(&-3.0)));
    close(pair.test.get().unwrap().p, 0.0625);
}

#[test]
fn mushra_names_its_reference_and_anchors() {
    let mut lab = Lab::new("blocks = [{ id = 'm', kind = 'mushra' }]");
    let sounds = [
        lab.stimulus_for("x", "original", Role::HiddenReference),
        lab.stimulus_for("x", "original", Role::LowAnchor),
        lab.stimulus_for("x", "original", Role::MidAnchor),
        lab.stimulus("y", "codec"),
    ];
    let trial = lab.trial("t", "m", &sounds);
    for jitter in 0..6 {
        let person = lab.person(&[]);
        for (sound, rating) in sounds.iter().zip([100, 20, 50, 80]) {
            lab.answer(person, trial, "mushra", &(rating - jitter).to_string()).stimulus = Some(*sound);
        }
    }
    lab.scored.people[0].missed = (1, 1);
    let findings = found(&lab);
    let scale = &findings.everybody.scales[0];
    let names: Vec<_> = scale.conditions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["codec", "hidden reference", "low anchor (3.5 kHz)", "mid anchor (7 kHz)"]);
    assert_eq!(scale.conditions[1].quartiles.get().unwrap()[1], 97.5);
    // Six people in full agreement: χ² = 6 × 3.
    let all = scale.comparison.as_ref().unwrap().all.as_ref().unwrap();
    close(all.get().unwrap().statistic, 18.0);
    assert_eq!(findings.screened.as_ref().unwrap().people, 5);
    assert!(findings.persons[0].left_out[0].contains("BS.1534"));
}

#[test]
fn counts_that_people_enter_twice_are_not_tested_as_a_table() {
    let study = "
        questions = [{ id = 'mood', text = 'Inspiring?', kind = 'choice', options = ['yes', 'no'], each_sample = true }]
        blocks = [{ id = 'b', questions = ['mood'] }]";
    let build = |often: bool| {
        let mut lab = Lab::new(study);
        let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
        let trial = lab.trial("t", "b", &[ai, human]);
        for index in 0..40 {
            let person = lab.person(&[]);
            let said = if index % 4 == 0 { "yes" } else { "no" };
            if often || index % 2 == 0 {
                lab.answer(person, trial, "mood", said).stimulus = Some(ai);
            }
            if often || index % 2 == 1 {
                lab.answer(person, trial, "mood", "yes").stimulus = Some(human);
            }
        }
        found(&lab).everybody.choices.remove(0)
    };
    let often = build(true);
    assert_eq!(often.counts, [[30, 10], [0, 40]]);
    assert!(often.independence.why().unwrap().contains("more than once"));
    let (option, within) = &often.within[1];
    assert_eq!((option.as_str(), within.pairs[0].difference.get()), ("yes", Some(&-0.75)));
    let once = build(false);
    assert!(once.independence.get().unwrap().p < 0.01);
}

#[test]
fn scores_are_crossed_with_every_background() {
    let mut lab = Lab::new(
        "questions = [
            { id = 'real', text = 'AI?', kind = 'choice', options = ['ai', 'human'], each_sample = true, scoring = { truth = {} } },
            { id = 'plays', text = 'Do you play?', kind = 'choice', options = ['never', 'often'] },
            { id = 'genres', text = 'What?', kind = 'many', options = ['techno', 'house'] },
            { id = 'years', text = 'How long?', kind = 'scale', low = 0, high = 9 },
            { id = 'note', text = 'Anything?', kind = 'text' },
            { id = 'check', text = 'Say no', kind = 'choice', options = ['yes', 'no'], expect = 'no' },
        ]
        blocks = [{ id = 'b', questions = ['real'] }]
        pages = [{ kind = 'questions', questions = ['plays', 'genres', 'years', 'note', 'check'] }]",
    );
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trials = [lab.trial("t", "b", &[ai, human])];
    for index in 0..20 {
        let plays = if index < 10 { "often" } else { "never" };
        let genres = if index % 2 == 0 { "house|techno" } else { "" };
        let person =
            lab.person(&[("plays", plays), ("genres", genres), ("years", "3"), ("note", "=1"), ("check", "no")]);
        // Whoever plays hears both, nobody else hears either.
        let (first, second) = if index < 10 { ("ai", "human") } else { ("human", "ai") };
        lab.label(person, trials[0], "real", ai, first);
        lab.label(person, trials[0], "real", human, second);
    }
    let findings = found(&lab);
    let background = findings.everybody.background.get().unwrap();
    let names: Vec<_> = background.traits.iter().map(TraitFound::name).collect();
    assert_eq!(names, ["plays", "genres: techno", "genres: house", "years"]);
    assert_eq!(background.traits[0].answers, [("never".to_owned(), 10), ("often".to_owned(), 10)]);
    let crossed = background.traits[0].crossed.as_ref().unwrap();
    assert_eq!(crossed.classes.counts, [[10, 0], [0, 10]]);
    close(*crossed.cramers_v.get().unwrap(), 1.0);
    let test = crossed.independence.get().unwrap();
    // χ² of that table is 20 with one degree of freedom; three traits can be tested.
    close(test.statistic, 20.0);
    assert!((crossed.independence_holm.unwrap() - 3.0 * test.p).abs() < 1e-12);
    assert!(crossed.ranks.get().unwrap().method.starts_with("Mann–Whitney"));
    let years = background.traits[3].crossed.as_ref().unwrap();
    assert_eq!(years.ranks.why(), Some("all gave the same answer"));
    assert_eq!(background.texts.len(), 20);
}

#[test]
fn agreement_is_with_others_and_with_oneself() {
    let mut lab = labels("");
    let (ai, human) = (lab.stimulus("a", "ai"), lab.stimulus("h", "human"));
    let trial = lab.trial("t", "b", &[ai, human]);
    for index in 0..4 {
        let person = lab.person(&[]);
        lab.label(person, trial, "real", ai, "ai");
        lab.label(person, trial, "real", human, "human");
        lab.label(person, trial, "real", ai, if index == 0 { "human" } else { "ai" }).repeated = true;
        lab.label(person, trial, "real", human, "human").attention = true;
    }
    let findings = found(&lab);
    let agreement = &findings.everybody.agreement[0];
    assert_eq!((agreement.raters, agreement.items), (4, 2));
    assert_eq!(agreement.fleiss.get(), Some(&1.0));
    assert_eq!(agreement.krippendorff[0].1.get(), Some(&1.0));
    let repeated = agreement.repeated.get().unwrap();
    assert_eq!((repeated.n, repeated.equal), (4, 0.75));
    assert_eq!(findings.everybody.shares[0].n, 8, "repeats and attention items enter nothing else");
}

#[test]
fn screening_gives_both_analyses() {
    let mut lab = forty();
    lab.scored.people[0].attention = (0, 1);
    lab.scored.people[1].attention = (1, 1);
    let findings = found(&lab);
    assert_eq!(findings.everybody.shares[0].n, 40);
    let screened = findings.screened.as_ref().unwrap();
    assert_eq!((screened.people, screened.shares[0].n, screened.shares[0].right), (39, 39, 25));
    assert_eq!(findings.persons.iter().filter(|person| !person.left_out.is_empty()).count(), 1);
    assert!(screened.shares[0].verdict.cautions.iter().any(|caution| caution.contains("each kind")));
}

#[test]
fn edges_are_findings_too() {
    let none = found(&labels(""));
    assert_eq!((none.everybody.people, none.everybody.shares[0].n), (0, 0));
    assert_eq!(none.everybody.shares[0].verdict.finding, Finding::Untested);
    assert_eq!(none.everybody.background.why(), Some("no page asked people about themselves"));

    // One person, all right: nothing is said of others.
    let mut one = labels("margin = 0.1");
    let (ai, human) = (one.stimulus("a", "ai"), one.stimulus("h", "human"));
    let trial = one.trial("t", "b", &[ai, human]);
    one.person(&[]);
    for _ in 0..5 {
        one.label(0, trial, "real", ai, "ai");
        one.label(0, trial, "real", human, "human");
    }
    let share = found(&one).everybody.shares.remove(0);
    assert_eq!(share.verdict.finding, Finding::NotShown);
    assert!(share.verdict.basis.starts_with("sign test over people: 1 above guessing"));
    assert!(share.verdict.cautions[0].contains("nothing of other people"));

    // Everybody right: people do not differ, and the sign test over them decides.
    for _ in 0..19 {
        let person = one.person(&[]);
        one.label(person, trial, "real", ai, "ai");
        one.label(person, trial, "real", human, "human");
    }
    let share = found(&one).everybody.shares.remove(0);
    assert_eq!((share.right, share.n, share.verdict.finding), (48, 48, Finding::Above));

    // All declined.
    one.scored.responses.iter_mut().for_each(|response| {
        (response.declined, response.right, response.points) = (true, None, None);
    });
    let declined = found(&one);
    assert_eq!((declined.everybody.answers, declined.everybody.declined), (0, 48));
    assert_eq!(declined.everybody.shares[0].verdict.finding, Finding::Untested);

    // A study that asks nothing that could be right.
    let words =
        Lab::new("blocks = [{ id = 'b', questions = ['w'] }]\nquestions = [{ id = 'w', text = 'Say', kind = 'text' }]");
    let findings = found(&words);
    assert!(findings.everybody.shares.is_empty() && findings.everybody.words.len() == 1);
}

#[test]
fn every_finding_is_json_and_the_same_again() {
    let lab = forty();
    let one = serde_json::to_string(&found(&lab)).unwrap();
    assert_eq!(one, serde_json::to_string(&found(&lab)).unwrap());
    assert!(one.contains("\"finding\":\"not-shown\"") && one.contains("\"level\":0.95"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one, pool.install(|| serde_json::to_string(&found(&lab)).unwrap()));
}
