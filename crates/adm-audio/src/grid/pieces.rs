//! The tempo, piece by piece: constant or even ramps, as few as explain the beats.
//!
//! Beats are given as pairs of when a beat was heard and which beat it is. On a piece the beat count is a polynomial of the
//! time, of degree 1 where the tempo is constant and 2 where it moves evenly. The cheapest cut into pieces, where each costs
//! [`PIECE_COST`] and each beat the square of its error over [`ERROR`](super::piece::ERROR), is found by dynamic
//! programming over all places where pieces may meet, every [`KNOT`] beats. The sums that a least-squares fit needs are kept
//! for every knot, so a piece of any length costs the same. Glides between two constant tempi are then fitted with them
//! ([`ease`]).

use super::beats::{Beat, heard_on};
use super::glide::ease;
use super::least_squares::Sums;
pub(super) use super::piece::Piece;
use super::piece::{PIECE_COST, costs};
use std::ops::Range;

/// Pieces meet at multiples of this many beats: a bar.
const KNOT: i64 = 4;
/// Knots that a piece may span; an hour and more.
const LONGEST: usize = 2048;
/// Beats that must be heard on a piece.
const LEAST_HEARD: usize = 3;
/// No piece's tempo is off what is expected by more than this share.
const FAR: f64 = 0.04;
/// Pieces may meet this many beats before the last beat heard on the one or after the first on the other.
const JOIN: i64 = 8;

/// The pieces of beats that are expected at about `tempo` beats a second at any time.
pub(super) fn pieces(beats: &[Beat], frequency: f64, tempo: impl Fn(f64) -> f64) -> Vec<Piece> {
    let mut pieces = cut(beats, frequency);
    prune(&mut pieces, beats, tempo);
    join(&mut pieces, beats);
    ease(&mut pieces, beats);
    pieces
}

/// When a beat comes by the piece that it is on.
pub(super) fn time_of(pieces: &[Piece], beat: i64) -> f64 {
    let at = pieces.partition_point(|piece| piece.end <= beat).min(pieces.len().saturating_sub(1));
    pieces.get(at).map_or(0.0, |piece| piece.time_of(beat as f64))
}

/// Cuts beats into pieces by the heard ones of them.
pub(super) fn cut(beats: &[Beat], frequency: f64) -> Vec<Piece> {
    let (Some(first), Some(last)) = (beats.first(), beats.last()) else { return Vec::new() };
    let (low, high) = (first.index.div_euclid(KNOT), last.index.div_euclid(KNOT) + 1);
    let running = running_sums(beats, low..high, frequency);
    let beat = |knot: usize| (low + knot as i64) * KNOT;
    cheapest(&running, frequency)
        .into_iter()
        .map(|cut| Piece::through(beats, beat(cut.start)..beat(cut.end), frequency))
        .collect()
}

/// The sums of all heard beats before each knot. An expected tempo is taken away first, so that little is left to cancel.
fn running_sums(beats: &[Beat], knots: Range<i64>, frequency: f64) -> Vec<Sums> {
    let mut heard = beats.iter().filter(|beat| beat.weight > 0.0).peekable();
    let mut sums = Sums::default();
    let before = knots.map(|knot| {
        let before = sums;
        while let Some(beat) = heard.next_if(|beat| beat.index.div_euclid(KNOT) <= knot) {
            sums.add((beat.time, beat.index as f64 - frequency * beat.time), beat.weight);
        }
        before
    });
    let mut running: Vec<Sums> = before.collect();
    running.push(sums);
    running
}

/// The knots between which the pieces of the cheapest cut lie.
fn cheapest(running: &[Sums], frequency: f64) -> Vec<Range<usize>> {
    let mut best = vec![(0.0f64, 0usize)];
    for end in 1..running.len() {
        let candidates = (end.saturating_sub(LONGEST)..end).map(|start| {
            let [straight, bent] = costs(&running[end].minus(&running[start]), frequency);
            (best[start].0 + PIECE_COST + straight.min(bent), start)
        });
        best.push(candidates.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default());
    }
    let mut cuts = Vec::new();
    let mut end = running.len() - 1;
    while end > 0 {
        cuts.push(best[end].1..end);
        end = best[end].1;
    }
    cuts.reverse();
    cuts
}

/// Takes out pieces on which too few beats were heard or whose tempo is far from what is expected; their neighbours share
/// what they leave.
fn prune(pieces: &mut Vec<Piece>, beats: &[Beat], tempo: impl Fn(f64) -> f64) {
    let (Some(first), Some(end)) = (pieces.first().map(|piece| piece.first), pieces.last().map(|piece| piece.end))
    else {
        return;
    };
    pieces.retain(|piece| {
        let (start, end) = piece.span();
        let middle = 0.5 * (start + end);
        heard_on(beats, piece.first..piece.end).count() >= LEAST_HEARD
            && (piece.frequency(middle) / tempo(middle) - 1.0).abs() < FAR
    });
    for at in 1..pieces.len() {
        pieces[at - 1].end = pieces[at].first;
    }
    pieces.first_mut().into_iter().for_each(|piece| piece.first = first);
    pieces.last_mut().into_iter().for_each(|piece| piece.end = end);
}

/// Moves the places where pieces meet to where their beat counts agree, if that is between the last beat that was heard
/// on the one and the first on the other, or little outside.
fn join(pieces: &mut [Piece], beats: &[Beat]) {
    for at in 1..pieces.len() {
        let (before, after) = (pieces[at - 1], pieces[at]);
        let last = heard_on(beats, before.first..before.end).next_back().map_or(before.end, |beat| beat.index);
        let next = heard_on(beats, after.first..after.end).next().map_or(after.first, |beat| beat.index);
        let between = (last - JOIN).max(before.first + 1)..=(next + JOIN).min(after.end - 1);
        if let Some(beat) =
            before.meets(&after).map(|beat| beat.floor() as i64 + 1).filter(|beat| between.contains(beat))
        {
            (pieces[at - 1].end, pieces[at].first) = (beat, beat);
        }
    }
}
