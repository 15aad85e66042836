//! Right and wrong answers.

use super::*;
use crate::manifest::ABX;

#[test]
fn single_answers_are_tested_exactly() {
    let findings = found(&forty());
    let share = &findings.everybody.shares[0];
    assert_eq!((share.n, share.right, share.persons, share.items, share.clustered), (40, 26, 40, 2, false));
    // R: binom.test(26, 40)$p.value 0.08069, "greater" 0.04035.
    close(share.two_sided.get().unwrap().p, 0.08069);
    close(share.greater.get().unwrap().p, 0.04035);
    assert_eq!(share.verdict.finding, Finding::NotShown);
    assert!(share.verdict.words.contains(NO_EVIDENCE));
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
    assert!(leaning.test.get().is_none_or(|test| test.p < 1e-9));
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
    assert!(share.verdict.cautions.iter().any(|caution| caution.contains("not as many answers about each kind")));
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
    // Nor where three kinds can be named and two were judged: leaning to these two is right half of the time, not a third.
    let human = lab.stimulus("h", "human");
    for _ in 0..30 {
        let person = lab.person(&[]);
        lab.label(person, trial, "real", human, "human");
    }
    lab.scored.responses.iter_mut().for_each(|response| response.chance = Some(1.0 / 3.0));
    assert_eq!(found(&lab).everybody.shares[0].verdict.finding, Finding::Untested);
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
    // Of 25 trials whose first place was right it was named in 18, of 5 others in 2.
    close(*leaning.share.get().unwrap(), (18.0 / 25.0 + 2.0 / 5.0) / 2.0);
    assert_eq!(leaning.expected.get(), Some(&0.5));
    assert_eq!(results.choices[0].counts, [[21, 9]]);
}

#[test]
fn abx_has_its_own_rule() {
    let mut lab = Lab::new("blocks = [{ id = 'x', kind = 'abx' }]");
    let samples = [lab.stimulus("a", "ai"), lab.stimulus("h", "human")];
    let trial = lab.trial("t", "x", &samples);
    for index in 0..20 {
        let person = lab.person(&[]);
        lab.choice(person, trial, ABX, if index % 2 == 0 { "a" } else { "b" }, index < 15);
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

const WHICH: &str = "
analysis = { resamples = 400, margin = 0.1 }
questions = [{ id = 'which', text = 'Which is AI?', kind = 'samples', pick = 'one', scoring = { target = { truth = 'ai' } } }]
blocks = [{ id = 'b', questions = ['which'] }]";

/// Five pairs that 9 of 10 people tell apart and five that 9 of 10 take for the opposite: right half of the time, and anything but
/// indistinguishable.
#[test]
fn pairs_that_are_told_apart_are_not_indistinguishable() {
    let mut lab = Lab::new(WHICH);
    let pair = |lab: &mut Lab, number: usize| {
        let samples = [lab.stimulus(&format!("a{number}"), "ai"), lab.stimulus(&format!("h{number}"), "human")];
        lab.trial(&format!("t{number}"), "b", &samples)
    };
    let trials: Vec<_> = (0..10).map(|number| pair(&mut lab, number)).collect();
    for index in 0..60 {
        let person = lab.person(&[]);
        for (number, trial) in trials.iter().enumerate() {
            let is_odd = (index + number) % 10 == 0;
            lab.choice(person, *trial, "which", "1", (number < 5) != is_odd);
        }
    }
    let share = &found(&lab).everybody.shares[0];
    assert_eq!(share.verdict.finding, Finding::EquivalentTogether);
    assert!(!share.verdict.words.to_lowercase().contains("indistinguishable"), "{}", share.verdict.words);
    assert!(share.verdict.words.contains("Single ones may still be told apart"));
}

/// Two of four samples are right: a guess is right half of the time, but the choice is none of two.
#[test]
fn one_of_four_is_no_choice_of_two() {
    let mut lab = Lab::new(WHICH);
    let samples: Vec<_> = (0..4).map(|n| lab.stimulus(&format!("s{n}"), if n < 2 { "ai" } else { "human" })).collect();
    let trial = lab.trial("t", "b", &samples);
    for index in 0..12 {
        let person = lab.person(&[]);
        lab.choice(person, trial, "which", &(index % 4 + 1).to_string(), index % 3 > 0);
    }
    let results = found(&lab).everybody;
    assert!(results.detections.is_empty() && results.leanings.is_empty() && results.confusions.is_empty());
}

/// Eight AI samples and two human ones, labelled by the flip of a coin: that leans to nothing.
#[test]
fn coins_lean_to_nothing_whatever_the_kinds() {
    let mut lab = labels("");
    let samples: Vec<_> = (0..10).map(|n| lab.stimulus(&format!("s{n}"), if n < 8 { "ai" } else { "human" })).collect();
    let trial = lab.trial("t", "b", &samples);
    for index in 0..40 {
        let person = lab.person(&[]);
        for (number, sample) in samples.iter().enumerate() {
            let is_ai = (index * 7 + number * number * 3 + index / 3) % 5 % 2 == (index + number) % 2;
            lab.label(person, trial, "real", *sample, if is_ai { "ai" } else { "human" });
        }
    }
    let leaning = &found(&lab).everybody.leanings[0];
    assert_eq!(leaning.expected.get(), Some(&0.5));
    assert!(leaning.test.get().unwrap().p > 1e-3, "{leaning:?}");
    assert!(leaning.test.get().unwrap().method.contains("over persons"));
}

/// X is another sample the second time.
#[test]
fn abx_that_came_twice_is_compared_with_itself() {
    let mut lab = Lab::new("blocks = [{ id = 'x', kind = 'abx' }]");
    let samples = [lab.stimulus("a", "ai"), lab.stimulus("h", "human")];
    let trial = lab.trial("t", "x", &samples);
    for index in 0..4 {
        let person = lab.person(&[]);
        lab.choice(person, trial, ABX, "a", true).stimulus = Some(samples[0]);
        let again = lab.choice(person, trial, ABX, "b", index > 0);
        (again.stimulus, again.repeated) = (Some(samples[1]), true);
    }
    let repeated = found(&lab).everybody.agreement[0].repeated.clone();
    assert_eq!(repeated.get().map(|repeated| (repeated.n, repeated.equal)), Some((4, 0.75)));
}

/// What was declined is counted once, on pages too.
#[test]
fn declined_is_counted_once() {
    let mut lab = forty();
    lab.scored.people[0].declined = 2;
    for (repeated, attention) in [(false, false), (true, false), (false, true)] {
        let response = lab.label(0, 0, "real", 0, "ai");
        (response.declined, response.repeated, response.attention) = (true, repeated, attention);
        (response.right, response.points) = (None, None);
    }
    assert_eq!(found(&lab).everybody.declined, 3);
}
