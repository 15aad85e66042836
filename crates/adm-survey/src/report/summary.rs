//! What was asked, how many answered, what was found and how sure that is, in plain words.

use super::sheet::p;
use crate::analysis::{
    Asked, Comparison, Finding, Findings, Known, Pair, Results, Scale, Share, Span, not_shown, percent,
};

/// The paragraphs that a page begins with.
pub fn paragraphs(findings: &Findings) -> Vec<String> {
    let mut paragraphs = vec![who(findings)];
    let all = &findings.everybody;
    for share in &all.shares {
        paragraphs.push(right(findings, share));
    }
    paragraphs.extend(all.scales.iter().filter_map(|scale| rated(scale, findings.plan.alpha)));
    paragraphs.extend(all.points.as_ref().and_then(|points| {
        let total = &points.total.described;
        let (mean, interval) = (total.mean.get()?, total.interval.get()?);
        Some(format!(
            "Points in all: {mean:.2} on average ({} interval {:.2} to {:.2}, {} people).",
            percent(interval.level),
            interval.low,
            interval.high,
            total.n
        ))
    }));
    paragraphs.push(background(findings));
    paragraphs.into_iter().filter(|words| !words.is_empty()).collect()
}

fn who(findings: &Findings) -> String {
    let all = &findings.everybody;
    if all.people == 0 {
        return "No answers were accepted, so nothing can be said yet.".to_owned();
    }
    let people = plural(all.people, "person", "people");
    let answers = plural(all.answers, "answer", "answers");
    let screened = match &findings.screened {
        None => "Nobody was screened out.".to_owned(),
        Some(rest) => format!(
            "{} screened out by the rules that the study had fixed; everything is given with and without them.",
            match all.people - rest.people {
                1 => "One person was".to_owned(),
                out => format!("{out} people were"),
            }
        ),
    };
    format!("{people} gave {answers} about what they heard. {screened}")
}

/// A count with its word.
pub(super) fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What was found about a question, for everybody, and for those who are left where that differs.
fn right(findings: &Findings, share: &Share) -> String {
    let asked = quoted(&share.asked);
    let Some(value) = share.share.get() else { return format!("{asked}: nobody answered.") };
    let screened = findings.screened.as_ref().and_then(|results| of(results, &share.asked));
    let also = match screened {
        Some(other) if other.verdict.finding == share.verdict.finding => {
            " Without those who were screened out the finding does not change.".to_owned()
        }
        Some(other) if other.n == 0 => " Without those who were screened out nobody is left.".to_owned(),
        Some(other) => format!(" Without those who were screened out: {}", other.verdict.words),
        None => String::new(),
    };
    format!(
        "{asked}: {} of {} answers were right, {}{}{}{}. {}{}{} {}{also}",
        share.right,
        share.n,
        one_decimal(*value),
        balanced(share, *value),
        interval(share),
        narrow(share),
        share.verdict.words,
        tail(share),
        undecided(share),
        share.verdict.cautions.join(" ")
    )
    .trim_end()
    .to_owned()
}

fn of<'a>(results: &'a Results, asked: &Asked) -> Option<&'a Share> {
    results.shares.iter().find(|share| share.asked == *asked)
}

/// The interval that the verdict follows; where it follows none, one that counts answers, by its name.
fn interval(share: &Share) -> String {
    match (share.deciding.get(), share.wilson.get()) {
        (Some(span), _) => format!(" ({})", ends(span)),
        (None, Some(span)) => format!(" ({} by Wilson, which takes answers as independent)", ends(span)),
        (None, None) => String::new(),
    }
}

fn ends(span: &Span) -> String {
    format!("{} interval {} to {}", percent(span.level), one_decimal(span.low), one_decimal(span.high))
}

/// The interval that was held against the margin, where it lies inside.
fn narrow(share: &Share) -> String {
    let is_shown =
        matches!(share.verdict.finding, Finding::Equivalent | Finding::EquivalentTogether | Finding::WithinMargin);
    let equivalence = share.equivalence.as_ref().and_then(Known::get).filter(|_| is_shown);
    equivalence
        .map_or(String::new(), |found| format!("; the {}, which is held against the margin", ends(&found.interval)))
}

/// What other listeners would have to do with it.
fn tail(share: &Share) -> String {
    match (share.clustered, share.persons) {
        (true, 2..) if share.verdict.finding != Finding::Untested => {
            format!(
                " This allows for {} having answered more than once each.",
                plural(share.persons, "person", "people")
            )
        }
        _ => String::new(),
    }
}

/// The share that the interval and the finding are of, where it is another than that of all answers.
fn balanced(share: &Share, value: f64) -> String {
    match share.balanced.get().map(|balanced| one_decimal(*balanced)) {
        Some(balanced) if balanced != one_decimal(value) => format!("; {balanced} with kinds weighted alike"),
        _ => String::new(),
    }
}

fn undecided(share: &Share) -> String {
    match share.undecided {
        0 => String::new(),
        some => format!(" {} named no kind and counted as none.", plural(some, "more answer", "more answers")),
    }
}

fn quoted(asked: &Asked) -> String {
    format!("“{}” ({})", asked.text, asked.name())
}

fn one_decimal(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// Mean ratings, and which conditions differ.
fn rated(scale: &Scale, alpha: f64) -> Option<String> {
    let mean =
        |described: &crate::analysis::Described| Some(format!("{} {:.1}", described.name, described.mean.get()?));
    let means: Vec<String> = scale.conditions.iter().filter_map(mean).collect();
    let overall = scale.all.mean.get()?;
    let found = scale.comparison.as_ref().map_or(String::new(), |comparison| compared(comparison, alpha));
    let means = if means.is_empty() { format!("{overall:.1} on average") } else { means.join(", ") };
    Some(format!("{}, from {} to {}: {means}.{found}", quoted(&scale.asked), scale.low, scale.high))
}

/// Whether conditions differ: by Friedman's test where there are more than two, and which of them.
fn compared(comparison: &Comparison, alpha: f64) -> String {
    let tested: Vec<&Pair> = comparison.pairs.iter().filter(|pair| pair.holm.is_some()).collect();
    let is_found = |pair: &&&Pair| pair.holm.is_some_and(|value| value <= alpha);
    let differ: Vec<&Pair> = tested.iter().filter(is_found).copied().collect();
    let together = comparison.all.as_ref().and_then(Known::get).map(|test| test.p);
    match (together, differ.is_empty()) {
        (None, true) if tested.is_empty() => String::new(),
        (Some(p), _) if p <= alpha => {
            format!(
                " The same people rated them differently (Friedman's test, p {}).{}",
                with_sign(p),
                pairs(&tested, &differ, alpha)
            )
        }
        (_, true) => {
            format!(" {}{}", not_shown("the same people rate any of them differently"), out_of_reach(&tested, alpha))
        }
        (_, false) => pairs(&tested, &differ, alpha),
    }
}

/// Which pairs differ.
fn pairs(tested: &[&Pair], differ: &[&Pair], alpha: f64) -> String {
    if differ.is_empty() {
        let reach = out_of_reach(tested, alpha);
        return if reach.is_empty() { " Of no single pair this was shown.".to_owned() } else { reach };
    }
    let p = |pair: &Pair| match differ.len() <= FEW {
        true => format!(" (p {})", with_sign(pair.holm.unwrap_or(1.0))),
        false => String::new(),
    };
    let names: Vec<String> =
        differ.iter().map(|pair| format!("{} and {}{}", pair.first, pair.second, p(pair))).collect();
    let of = if tested.len() > differ.len() { format!(", of {} pairs", tested.len()) } else { String::new() };
    format!(" Rated differently by the same people{of}: {}.", names.join("; "))
}

/// Pairs that are named with their p-values.
const FEW: usize = 3;

/// Said where no pair could have been found, even if everybody agreed: of n people the least p of a signed-rank test is 2 / 2ⁿ, and
/// Holm's correction multiplies it by the number of pairs.
fn out_of_reach(tested: &[&Pair], alpha: f64) -> String {
    let people = tested.iter().map(|pair| pair.persons).max().unwrap_or(0);
    let least = tested.len() as f64 * 2.0 * 0.5_f64.powi(i32::try_from(people).unwrap_or(i32::MAX));
    match least > alpha && !tested.is_empty() {
        true => format!(" With {}, no single pair could be shown to differ.", plural(people, "person", "people")),
        false => String::new(),
    }
}

fn with_sign(value: f64) -> String {
    match value < 0.0001 {
        true => p(value),
        false => format!("= {}", p(value)),
    }
}

/// Which backgrounds go with other scores.
fn background(findings: &Findings) -> String {
    let Some(background) = findings.everybody.background.get().filter(|background| background.score.is_some()) else {
        return String::new();
    };
    let alpha = findings.plan.alpha;
    let matters = |found: &&crate::analysis::TraitFound| {
        let ranks = found.crossed.as_ref().and_then(|crossed| crossed.ranks_holm);
        ranks.is_some_and(|value| value <= alpha)
    };
    let names: Vec<String> = background.traits.iter().filter(matters).map(crate::analysis::TraitFound::name).collect();
    let tested =
        background.traits.iter().filter(|found| found.crossed.as_ref().is_some_and(|one| one.ranks_holm.is_some()));
    match (tested.count(), names.is_empty()) {
        (0, _) => String::new(),
        (all, true) => format!(
            "Scores were held against {} that people said of themselves. {}",
            plural(all as u64, "thing", "things"),
            not_shown("scores depend on any of it")
        ),
        (_, false) => format!("Scores differ by {}.", names.join(", ")),
    }
}
