//! Findings against numbers worked out by hand.

mod counts;
mod edges;
mod shares;

use super::*;
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
