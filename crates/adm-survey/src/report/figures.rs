//! Figures: bars and points with intervals.

use crate::analysis::{Described, Findings, Grouped, Known, Results, Scale, Share, Span, TraitFound};
use adm_report::{Bar, Bars};

/// Bars that stand beside each other without crowding.
const FEW: usize = 12;
/// Groups that a figure of people draws; rarer ones are in the table.
const LEAST: u64 = 2;

/// The share of right answers to each scored question, for everybody and without those who are screened out.
pub(super) fn shares(findings: &Findings) -> Option<Bars> {
    let shares = &findings.everybody.shares;
    let drawn: Vec<&Share> = shares.iter().filter(|share| share.n > 0).collect();
    let chance = drawn.first().and_then(|share| share.chance.get().copied());
    let categories = drawn.iter().map(|share| share.asked.name());
    let figure = Bars::new("Right answers", "share of right answers", categories).percent().range(0.0, 1.0).lying();
    let figure = guessing(figure, chance.filter(|chance| drawn.iter().all(|share| share.chance.get() == Some(chance))));
    let bars = |results: &Results| -> Vec<Bar> {
        let same = |share: &&Share| results.shares.iter().find(|other| other.asked == share.asked).map(share_bar);
        drawn.iter().map(|share| same(share).unwrap_or(Bar::new(f64::NAN))).collect()
    };
    let figure = figure.series("everybody", bars(&findings.everybody));
    let figure = match &findings.screened {
        Some(screened) => figure.series("screened", bars(screened)),
        None => figure,
    };
    (!drawn.is_empty()).then_some(figure)
}

/// The interval is the one that the verdict follows.
fn share_bar(share: &Share) -> Bar {
    bar(&share.balanced, &share.deciding)
}

fn bar(value: &Known<f64>, interval: &Known<Span>) -> Bar {
    let bar = Bar::new(value.get().copied().unwrap_or(f64::NAN));
    match interval.get() {
        Some(span) => bar.interval(span.low, span.high),
        None => bar,
    }
}

fn guessing(figure: Bars, chance: Option<f64>) -> Bars {
    match chance {
        Some(chance) => figure.reference(chance, "guessing"),
        None => figure,
    }
}

/// Answers per question: document 000's figure 11.
pub(super) fn trials(grouped: &Grouped, share: Option<&Share>) -> Option<Bars> {
    groups(&grouped.trials, "Right answers by trial", grouped, share)
}

/// Right answers by sample.
pub(super) fn items(grouped: &Grouped, share: Option<&Share>) -> Option<Bars> {
    let differs = grouped.items.iter().any(|item| !item.truth.is_empty());
    differs.then(|| groups(&grouped.items, "Right answers by sample", grouped, share)).flatten()
}

fn groups(groups: &[crate::analysis::Group], title: &str, grouped: &Grouped, share: Option<&Share>) -> Option<Bars> {
    let label = |group: &crate::analysis::Group| match group.truth.is_empty() {
        true => group.name.clone(),
        false => format!("{} ({})", group.name, group.truth),
    };
    let figure =
        Bars::new(format!("{title}: {}", grouped.asked.name()), "share of right answers", groups.iter().map(label));
    let figure = figure.percent().range(0.0, 1.0);
    let figure = if groups.len() > FEW { figure.lying() } else { figure };
    let figure = guessing(figure, share.and_then(|share| share.chance.get().copied()));
    let bars = groups.iter().map(|group| bar(&group.share, &group.wilson));
    (groups.len() > 1).then(|| figure.series("right", bars))
}

/// How points are distributed.
pub(super) fn points(distribution: &crate::analysis::Distribution) -> Option<Bars> {
    let categories = distribution.rows.iter().map(|row| row.points.to_string());
    let figure = Bars::new(format!("Points: {}", distribution.name), "share", categories).percent();
    let bars = distribution.rows.iter().map(|row| bar(&Known::Is(row.share), &row.interval));
    (distribution.n > 0).then(|| figure.series("reached", bars))
}

/// Mean ratings of each condition.
pub(super) fn scale(findings: &Findings, scale: &Scale) -> Option<Bars> {
    let described: Vec<&Described> = match scale.conditions.len() {
        0 => scale.items.iter().collect(),
        _ => scale.conditions.iter().collect(),
    };
    let figure = Bars::new(
        format!("Mean ratings: {}", scale.asked.name()),
        format!("mean rating, {} to {}", scale.low, scale.high),
        described.iter().map(|one| one.name.clone()),
    );
    let figure = figure.points().range(scale.low as f64, scale.high as f64).lying();
    let figure = figure.series("everybody", described.iter().map(|one| rating(one)));
    let screened = findings.screened.as_ref().and_then(|screened| {
        let same = screened.scales.iter().find(|other| other.asked == scale.asked)?;
        let all: Vec<&Described> = same.conditions.iter().chain(&same.items).collect();
        let find = |name: &str| all.iter().find(|one| one.name == name).map_or(Bar::new(f64::NAN), |one| rating(one));
        Some(described.iter().map(|one| find(&one.name)).collect::<Vec<_>>())
    });
    let figure = match screened {
        Some(bars) => figure.series("screened", bars),
        None => figure,
    };
    (scale.all.n > 0).then_some(figure)
}

/// A mean with as many digits as ratings bear.
fn rating(described: &Described) -> Bar {
    let middle = described.interval.get().map(|span| (span.low + span.high) / 2.0);
    let label = middle.or(described.mean.get().copied()).map(|value| format!("{value:.2}"));
    mean(described).label(label.unwrap_or_default())
}

/// At the middle of its interval, which is the mean of people's means.
fn mean(described: &Described) -> Bar {
    let value = match described.interval.get() {
        Some(span) => Some((span.low + span.high) / 2.0),
        None => described.mean.get().copied(),
    };
    let Some(value) = value else { return Bar::new(f64::NAN) };
    bar(&Known::Is(value), &described.interval)
}

/// Scores by what people said of themselves: document 000's figure 12. Options of one question share a figure.
pub(super) fn traits(found: &[TraitFound], score: &str) -> Vec<Bars> {
    let by_question = found.chunk_by(|one, other| one.question == other.question);
    by_question.filter_map(|question| trait_figure(question, score)).collect()
}

fn trait_figure(question: &[TraitFound], score: &str) -> Option<Bars> {
    let of_option = |found: &TraitFound, option: &str| -> Option<(String, Described)> {
        let yes = found.groups.iter().find(|group| group.name == "yes")?;
        Some((option.to_owned(), yes.clone()))
    };
    let groups: Vec<(String, Described)> = question
        .iter()
        .flat_map(|found| match &found.option {
            Some(option) => of_option(found, option).into_iter().collect(),
            None => found.groups.iter().map(|group| (group.name.clone(), group.clone())).collect::<Vec<_>>(),
        })
        .filter(|(_, group)| group.n >= LEAST)
        .collect();
    let is_share = score.starts_with("share");
    let labels = groups.iter().map(|(name, group)| format!("{name} ({})", group.n));
    let figure = Bars::new(format!("Scores by {}", question.first()?.question), score, labels).points().lying();
    let figure = if is_share { figure.percent().range(0.0, 1.0) } else { figure };
    let of_share = |group: &Described| match (mean(group), group.interval.get()) {
        (bar, Some(span)) => bar.interval(span.low.clamp(0.0, 1.0), span.high.clamp(0.0, 1.0)),
        (bar, None) => bar,
    };
    let bar = |group: &Described| if is_share { of_share(group) } else { rating(group) };
    (groups.len() > 1).then(|| figure.series("mean", groups.iter().map(|(_, group)| bar(group))))
}
