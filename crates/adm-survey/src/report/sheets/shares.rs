//! Tables of what is right or wrong.

use super::super::sheet::{Cell, Sheet, level};
use super::{both, name};
use crate::analysis::{Findings, Group, Grouped, in_points};

/// The first table: how many were right, and what that says.
pub fn right(findings: &Findings) -> Sheet {
    let columns = [
        "who",
        "question",
        "answers",
        "undecided",
        "people",
        "right",
        "share",
        "balanced share",
        "guessing",
        "finding",
        "by",
    ];
    let mut sheet = Sheet::new("right", "Right answers, and what they say", &columns);
    for (who, results) in both(findings) {
        for share in &results.shares {
            sheet.push([
                who.clone(),
                name(&share.asked),
                share.n.into(),
                match share.undecided {
                    0 => Cell::Empty,
                    some => some.into(),
                },
                share.persons.into(),
                share.right.into(),
                Cell::share(&share.share),
                match share.balanced == share.share {
                    true => Cell::Empty,
                    false => Cell::share(&share.balanced),
                },
                Cell::share(&share.chance),
                Cell::text(finding(share.verdict.finding)),
                Cell::text(share.verdict.basis.clone()),
            ]);
        }
    }
    sheet
}

/// A finding in a word or two, for tables. None claims that nothing can be heard but that of equivalence.
fn finding(finding: crate::analysis::Finding) -> &'static str {
    use crate::analysis::Finding;
    match finding {
        Finding::Above => "more than guessing",
        Finding::Below => "less than guessing",
        Finding::WithinMargin => "a difference within the margin",
        Finding::Equivalent => "equivalent within the margin",
        Finding::EquivalentTogether => "within the margin for these samples together",
        Finding::NotShown => "no difference shown",
        Finding::Untested => "not tested",
    }
}

/// Five intervals of each share.
pub fn intervals(findings: &Findings) -> Sheet {
    let caption = format!(
        "Intervals of the share of right answers at {}. Wilson's and Clopper–Pearson's take answers as independent; the others draw people, samples of each kind, or both anew",
        level(findings.plan.alpha)
    );
    let columns = ["who", "question", "Wilson…", "Clopper–Pearson…", "people drawn…", "samples drawn…", "both drawn…"];
    let mut sheet = Sheet::new("intervals", caption, &columns);
    for (who, results) in both(findings) {
        for share in &results.shares {
            let intervals = [&share.wilson, &share.clopper_pearson, &share.by_person, &share.by_item, &share.by_both];
            sheet.push([who.clone(), name(&share.asked)].into_iter().chain(intervals.map(Cell::shares)));
        }
    }
    sheet
}

/// Exact tests and equivalence.
pub fn tests(findings: &Findings) -> Sheet {
    let margin = findings.plan.margin.map(|margin| {
        format!(
            "; equivalence within {} points of guessing, by an interval of {}, and with samples drawn too",
            in_points(margin),
            level(2.0 * findings.plan.alpha)
        )
    });
    let caption = format!(
        "Exact binomial tests against guessing, which take answers as independent{}",
        margin.unwrap_or_default()
    );
    let columns = [
        "who",
        "question",
        "answers",
        "p, more than guessing",
        "p, two-sided",
        "equivalence…",
        "equivalence, samples drawn too…",
        "p, equivalence",
        "equivalence says",
        "equivalence by",
    ];
    let mut sheet = Sheet::new("tests", caption, &columns);
    for (who, results) in both(findings) {
        for share in &results.shares {
            let equivalence = share.equivalence.as_ref().and_then(|found| found.get());
            sheet.push([
                who.clone(),
                name(&share.asked),
                share.n.into(),
                Cell::p(share.greater.get().map(|test| test.p)),
                Cell::p(share.two_sided.get().map(|test| test.p)),
                equivalence.map_or(Cell::Empty, |found| Cell::Shares(found.interval.low, found.interval.high)),
                equivalence.map_or(Cell::Empty, |found| Cell::shares(&found.by_both)),
                Cell::p(equivalence.and_then(|found| found.p)),
                equivalence.map_or(Cell::Empty, |found| Cell::text(found.says.clone())),
                equivalence.map_or(Cell::Empty, |found| Cell::text(found.interval.method.clone())),
            ]);
        }
    }
    sheet
}

/// What hanging together costs.
pub fn clusters(findings: &Findings) -> Sheet {
    let columns =
        ["who", "question", "of one", "how many", "answers", "ICC", "design effect", "worth independent answers"];
    let mut sheet = Sheet::new("clusters", "How answers of one person, and about one sample, hang together", &columns);
    for (who, results) in both(findings) {
        for share in &results.shares {
            let of = [("person", share.persons, &share.person_clusters), ("sample", share.items, &share.item_clusters)];
            for (of, many, found) in of {
                let Some(found) = found.get() else { continue };
                sheet.push([
                    who.clone(),
                    name(&share.asked),
                    of.into(),
                    many.into(),
                    share.n.into(),
                    Cell::Number(found.icc),
                    Cell::Number(found.design_effect),
                    Cell::Number(found.effective_n),
                ]);
            }
        }
    }
    sheet
}

/// Sensitivities.
pub fn detection(findings: &Findings) -> Sheet {
    let columns = [
        "who",
        "question",
        "answers",
        "d′",
        "standard error over people",
        "criterion c",
        "signal",
        "rule",
        "correction",
    ];
    let mut sheet = Sheet::new("detection", "Sensitivity, all people pooled", &columns);
    for (who, results) in both(findings) {
        for found in &results.detections {
            sheet.push([
                who.clone(),
                name(&found.asked),
                found.n.into(),
                Cell::number(&found.d_prime),
                found.standard_error.map_or(Cell::Empty, Cell::Number),
                found.criterion.map_or(Cell::Empty, Cell::Number),
                found.signal.as_deref().map_or(Cell::Empty, Cell::from),
                Cell::text(found.rule.clone()),
                Cell::text(found.correction.clone()),
            ]);
        }
    }
    sheet
}

/// Leanings.
pub fn leaning(findings: &Findings) -> Sheet {
    let columns = [
        "who",
        "question",
        "leaning to",
        "answers",
        "named",
        "share",
        "should be",
        "people drawn…",
        "p, two-sided",
        "method",
    ];
    let caption = "What answers lean to, whatever is heard: shares with kinds of samples, or of trials, weighted alike";
    let mut sheet = Sheet::new("leaning", caption, &columns);
    for (who, results) in both(findings) {
        for found in &results.leanings {
            sheet.push([
                who.clone(),
                name(&found.asked),
                Cell::text(found.to.clone()),
                found.n.into(),
                found.named.into(),
                Cell::share(&found.share),
                Cell::share(&found.expected),
                Cell::shares(&found.by_person),
                Cell::p(found.test.get().map(|test| test.p)),
                found.test.get().map_or(Cell::Empty, |test| Cell::text(test.method.clone())),
            ]);
        }
    }
    sheet
}

/// Right answers by sample.
pub fn items(findings: &Findings) -> Sheet {
    groups(findings, "items", "Right answers by sample", |grouped| &grouped.items)
}

/// Right answers by trial.
pub fn trials(findings: &Findings) -> Sheet {
    groups(findings, "trials", "Right answers by trial", |grouped| &grouped.trials)
}

/// Right answers by truth.
pub fn truths(findings: &Findings) -> Sheet {
    groups(findings, "categories", "Right answers by what the samples are", |grouped| &grouped.truths)
}

fn groups(findings: &Findings, file: &'static str, caption: &str, of: impl Fn(&Grouped) -> &Vec<Group>) -> Sheet {
    let caption =
        format!("{caption}; Wilson's intervals at {}, answers taken as independent", level(findings.plan.alpha));
    let columns = ["who", "question", "name", "kind", "answers", "people", "right", "share", "Wilson…"];
    let mut sheet = Sheet::new(file, caption, &columns);
    for (who, results) in both(findings) {
        for grouped in &results.grouped {
            for group in of(grouped) {
                sheet.push([
                    who.clone(),
                    name(&grouped.asked),
                    Cell::text(group.name.clone()),
                    match group.truth == group.name {
                        true => Cell::Empty,
                        false => Cell::text(group.truth.clone()),
                    },
                    group.n.into(),
                    group.persons.into(),
                    group.right.into(),
                    Cell::share(&group.share),
                    Cell::shares(&group.wilson),
                ]);
            }
        }
    }
    sheet
}
