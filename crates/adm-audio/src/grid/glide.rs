//! Where the tempo glides from one constant to the next.
//!
//! Fitted alone, each piece takes what it can of its neighbours' beats: a glide between two tracks comes out as one or two
//! constants or a ramp too steep, and the tempi beside it are off by hundredths of a BPM. But count and tempo of a glide are
//! those of its neighbours at both ends, so with an even glide of length `L` between tempi `f` and `g`
//!
//! ```text
//! count(t) = before(t) + (g − f)/(2·L)·(t − m + L/2)²        for |t − m| < L/2,     before(m) = after(m)
//! ```
//!
//! its middle `m` is where the straight lines of its neighbours meet, and only its length is looked for.

use super::beats::{Beat, heard_on};
use super::piece::{PIECE_COST, Piece, RAMP_COST};

/// What a glide costs more than a step at its middle: its tempi and its place are its neighbours'.
const GLIDE_COST: f64 = 6.0;
/// No glide lasts longer, in beats.
const LONGEST: i64 = 96;
/// Lengths of glides are multiples of this, in beats.
const BAR: i64 = 4;
/// Beats that must be heard on either side, or its tempo is not known.
const LEAST_HEARD: usize = 8;
/// How often the neighbours are fitted again without the glide's beats.
const ROUNDS: usize = 3;

/// Replaces what lies between two constant tempi by an even glide wherever that explains the beats better.
pub(super) fn ease(pieces: &mut Vec<Piece>, beats: &[Beat]) {
    let mut at = 0;
    while at + 1 < pieces.len() {
        at = match worthwhile(pieces, at, beats) {
            Some((to, eased)) => {
                pieces.splice(at..=to, eased);
                at + 2
            }
            None => at + 1,
        };
    }
}

/// The glide from a piece that gains most over what lies there, with its two neighbours, and the last piece that the three
/// stand for; `None` where none gains.
fn worthwhile(pieces: &[Piece], at: usize, beats: &[Beat]) -> Option<(usize, [Piece; 3])> {
    let near = |to: &usize| pieces[*to].first - pieces[at].end <= LONGEST;
    let steady = (at + 1..pieces.len()).take_while(near).filter(|&to| pieces[at].is_steady() && pieces[to].is_steady());
    let gain = |to: usize| {
        let beats = on(beats, pieces[at].first, pieces[to].end);
        let (cost_eased, eased) = best(&pieces[at], &pieces[to], beats)?;
        Some((cost(&pieces[at..=to], beats) - cost_eased, to, eased))
    };
    let most = steady.filter_map(gain).max_by(|a, b| a.0.total_cmp(&b.0));
    most.filter(|(gain, ..)| *gain > 0.0).map(|(_, to, eased)| (to, eased))
}

/// The beats of a range out of all, which follow each other.
fn on(beats: &[Beat], first: i64, end: i64) -> &[Beat] {
    let from = beats.partition_point(|beat| beat.index < first);
    let to = beats.partition_point(|beat| beat.index < end);
    &beats[from..to.max(from)]
}

/// What pieces and the errors of their beats cost.
fn cost(pieces: &[Piece], beats: &[Beat]) -> f64 {
    let own = |piece: &Piece| PIECE_COST + if piece.is_steady() { 0.0 } else { RAMP_COST } + piece.error(beats);
    pieces.iter().map(own).sum()
}

/// The cheapest glide between two constant tempi, and what it costs with them.
fn best(before: &Piece, after: &Piece, beats: &[Beat]) -> Option<(f64, [Piece; 3])> {
    let lengths = (1..=LONGEST / BAR).map(|bars| bars * BAR);
    let glides = lengths.filter_map(|length| glide(before, after, length, beats));
    let costs = glides.map(|pieces| (cost(&pieces, beats) - PIECE_COST - RAMP_COST + GLIDE_COST, pieces));
    costs.min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Two constant tempi and the glide of `length` beats between them; `None` where it has no room.
fn glide(before: &Piece, after: &Piece, length: i64, beats: &[Beat]) -> Option<[Piece; 3]> {
    let (mut from, mut to) = (*before, *after);
    for _ in 0..ROUNDS {
        let between = between(&from, &to, length)?;
        let ranges = [from.first..between.first, between.end..to.end];
        if ranges.iter().any(|range| heard_on(beats, range.clone()).count() < LEAST_HEARD) {
            return None;
        }
        let [before, after] = ranges;
        from = Piece::steady(beats, before, from.frequency(0.0));
        to = Piece::steady(beats, after, to.frequency(0.0));
    }
    let between = between(&from, &to, length)?;
    (from.end, to.first) = (between.first, between.end);
    (from.first < from.end && to.first < to.end).then_some([from, between, to])
}

/// The glide of `length` beats around the place where two lines meet.
fn between(from: &Piece, to: &Piece, length: i64) -> Option<Piece> {
    let middle = from.time_of(from.meets(to)?);
    let tempi = [from.frequency(middle), to.frequency(middle)];
    let seconds = 2.0 * length as f64 / (tempi[0] + tempi[1]);
    let (start, end) = (middle - 0.5 * seconds, middle + 0.5 * seconds);
    let (first, last) = (from.phase(start).ceil() as i64, to.phase(end).ceil() as i64);
    (first < last).then(|| Piece::ramp(first..last, (start, from.phase(start)), tempi, seconds))
}
