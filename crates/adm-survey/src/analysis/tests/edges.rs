//! Screening, odd studies, and what comes out of all of them.

use super::*;

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
    // Ten of ten: R's binom.test(10, 10)$p.value is 0.001953.
    assert_eq!(share.verdict.finding, Finding::Above);
    assert!(share.verdict.basis.contains("one listener's answers") && share.verdict.basis.ends_with("p = 0.0020"));
    assert!(share.verdict.words.starts_with("This listener was right more often"));
    assert!(share.verdict.cautions[0].contains("nothing of other people"));

    // Five people, all right, show nothing yet.
    for _ in 0..4 {
        let person = one.person(&[]);
        one.label(person, trial, "real", ai, "ai");
        one.label(person, trial, "real", human, "human");
    }
    let share = found(&one).everybody.shares.remove(0);
    assert_eq!(share.verdict.finding, Finding::Untested);
    assert!(share.verdict.words.contains("5 people who answer much alike are too few"), "{}", share.verdict.words);
    assert!(share.by_person.get().is_none() && share.deciding.get().is_none());

    // Everybody right: each person counts once.
    for _ in 0..15 {
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
