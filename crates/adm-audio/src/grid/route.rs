//! From chains to one count of beats for the whole recording.
//!
//! Two neighbouring chains agree when the number of beats between them, counted at their own tempi, is whole, and their bars
//! begin a whole number of bars apart. Where it is not so, one of them is off the beat, or is no beat at all, or the music
//! jumps. Each chain may be left out or let its bars begin at any part of a beat; each choice costs what the drums say
//! against it, and each jump costs [`JUMP_COST`]. The cheapest choice for all chains together is found by dynamic
//! programming, so a breakdown whose off-beat bass outlasts its neighbours still has to pay for two jumps.

use super::bars::{PARTS, SHIFTS};
use super::chains::wrapped;
use super::link::Link;
use super::path::TempoPath;
use super::phase::Phase;
use std::ops::Range;

/// What a jump of the beat costs, in clearly heard beats.
const JUMP_COST: f64 = 40.0;
/// What of that a jump by whole beats costs.
const BEAT_COST: f64 = 24.0;
/// Numbers of beats this much further from whole than the tempi leave open are as good as a jump.
const TOLERANCE: f64 = 0.12;
/// Chains that may be left out between two that are kept.
const LOOK_BACK: usize = 24;
/// Beats in a bar.
const BAR: f64 = 4.0;
/// Tempi that differ by less than this share are one.
const SAME_TEMPO: f64 = 0.003;
/// So much may a chain begin too early or end too late where the tempo changes, in seconds: its beats drift apart slowly.
const LATE: f64 = 1.0;
/// A chain counts from this long after the tempo's change on, in seconds, as its windows before it heard both tempi.
const SETTLED: f64 = 1.0;

/// The cost up to and with a chain at one of its shifts, and the chain and shift before it.
type Step = (f64, Option<(usize, usize)>);

/// Brings all chains in line; `None` where there are none.
pub(super) fn route(links: &[Link], path: &TempoPath) -> Option<Phase> {
    let chosen = cheapest(links)?;
    let edges = [links[chosen.first()?.0].tempi[0], links[chosen.last()?.0].tempi[1]];
    let mut phase = Phase { points: Vec::new(), edges, heard: Vec::new() };
    let mut last: Option<(&Link, f64)> = None;
    for (index, shift) in chosen {
        let link = &links[index];
        let own = -(shift as f64) / PARTS as f64;
        let (offset, meeting) = last.map_or((own, None), |(before, offset)| follow_on(before, offset, link, own, path));
        append(&mut phase, link, offset, meeting);
        last = Some((link, offset));
    }
    Some(phase)
}

/// Adds a chain's points behind where it meets the one before.
fn append(phase: &mut Phase, link: &Link, offset: f64, meeting: Option<(f64, f64)>) {
    phase.points.extend(meeting);
    let start = phase.points.len();
    let after = |&&(time, _): &&(f64, f64)| meeting.is_none_or(|(meeting, _)| time > meeting + SETTLED);
    phase.points.extend(link.points.iter().filter(after).map(|&(time, count)| (time, count + offset)));
    if phase.points.len() > start {
        phase.heard.push(start..phase.points.len());
    }
}

/// What is added to the count of `after` so that it goes on from `before` (to which `offset` is added), as a number of bars
/// over `own`; and where the two meet, if their tempi differ and they do so between them or little later.
fn follow_on(before: &Link, offset: f64, after: &Link, own: f64, path: &TempoPath) -> (f64, Option<(f64, f64)>) {
    let bars = ((offset + gap(before, after) - own) / BAR).round();
    let usual = own + BAR * bars;
    let closing = after.tempi[0] - before.tempi[1];
    if closing.abs() < SAME_TEMPO * before.tempi[1] {
        return (usual, None);
    }
    let ((left, left_phase), (right, right_phase)) = (before.end(), after.start());
    let meeting = |offset_after: f64| {
        let apart = (left_phase + offset) + before.tempi[1] * (right - left) - (right_phase + offset_after);
        let time = right + apart / closing;
        (time, left_phase + offset + before.tempi[1] * (time - left))
    };
    let change = path.change((left, before.tempi[1]), (right, after.tempi[0]));
    let candidates = [-1.0, 0.0, 1.0].map(|more| (usual + BAR * more, meeting(usual + BAR * more)));
    let within = candidates.into_iter().filter(|(_, (time, _))| (left - LATE..right + LATE).contains(time));
    let best = within.min_by(|a, b| (a.1.0 - change).abs().total_cmp(&(b.1.0 - change).abs()));
    best.map_or((usual, None), |(offset, meeting)| (offset, (meeting.0 > left + 0.5).then_some(meeting)))
}

/// By how much the beat count of `after` has to be raised so that it goes on from `before`.
fn gap(before: &Link, after: &Link) -> f64 {
    let ((from, phase), (to, own)) = (before.end(), after.start());
    phase + 0.5 * (to - from) * (before.tempi[1] + after.tempi[0]) - own
}

/// What it costs that the count of `after` does not go on from `before` where their bars begin these parts apart.
fn jump_cost(before: &Link, after: &Link, parts: f64) -> f64 {
    let length = after.start().0 - before.end().0;
    // Any moment between the two may be the one at which the tempo changes.
    let open = 0.5 * (length + 2.0 * LATE) * (before.tempi[1] - after.tempi[0]).abs();
    let off = gap(before, after) - parts / PARTS as f64;
    let beyond = |off: f64| (off.abs() - open).max(0.0) / TOLERANCE;
    let (bars, beats) = (beyond(off - BAR * (off / BAR).round()), beyond(wrapped(off)));
    BEAT_COST * (bars * bars).min(1.0) + (JUMP_COST - BEAT_COST) * (beats * beats).min(1.0)
}

/// The chains that are kept, each with the part of a beat of its count at which its bars begin.
fn cheapest(links: &[Link]) -> Option<Vec<(usize, usize)>> {
    let mut best: Vec<[Step; SHIFTS]> = Vec::with_capacity(links.len());
    let left_out = |range: Range<usize>| links[range].iter().map(|link| link.weight).sum::<f64>();
    for (index, link) in links.iter().enumerate() {
        let mut own = link.costs.map(|cost| (left_out(0..index) + cost, None));
        for other in index.saturating_sub(LOOK_BACK)..index {
            let between = left_out(other + 1..index);
            // Only the difference of two shifts matters to the jump.
            let jumps: [f64; 2 * SHIFTS] =
                std::array::from_fn(|n| jump_cost(&links[other], link, n as f64 - SHIFTS as f64));
            for (was, &(cost, _)) in best[other].iter().enumerate() {
                for (shift, own) in own.iter_mut().enumerate() {
                    let total = cost + between + jumps[was + SHIFTS - shift] + link.costs[shift];
                    if total < own.0 {
                        *own = (total, Some((other, was)));
                    }
                }
            }
        }
        best.push(own);
    }
    let ends = (0..links.len()).flat_map(|index| (0..SHIFTS).map(move |shift| (index, shift)));
    let total = |&(index, shift): &(usize, usize)| best[index][shift].0 + left_out(index + 1..links.len());
    let mut at = Some(ends.min_by(|a, b| total(a).total_cmp(&total(b)))?);
    let mut chosen = Vec::new();
    while let Some((index, shift)) = at {
        chosen.push((index, shift));
        at = best[index][shift].1;
    }
    chosen.reverse();
    Some(chosen)
}
