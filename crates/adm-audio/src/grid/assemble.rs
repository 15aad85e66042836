//! From what was tracked to the grid that is handed out.

use super::confidence::BLOCK;
use super::curves::Curves;
use super::layout::{BAR, BEFORE_START, Grid, GridMethod, TempoRegion};
use super::pieces::{Piece, time_of};
use super::track::Tracked;
use adm_core::Seconds;
use std::ops::Range;

/// Neighbouring parts whose confidences differ by less are one region.
const SAME_CONFIDENCE: f64 = 0.15;

/// The beats that were tracked while something sounds; `None` where that is no beat.
pub(super) fn grid(tracked: &Tracked, curves: &Curves, length: Seconds) -> Option<Grid> {
    let beats = sounding(tracked, curves, length);
    let (&first, &last) = (beats.first()?, beats.last()?);
    let start = |&beat: &i64| time_of(&tracked.pieces, beat).max(0.0);
    let grid = Grid {
        bpm: 60.0 * tracked.pieces.first()?.frequency(start(&first)),
        confidence: 0.0,
        method: GridMethod::Tracked,
        regions: regions(&parts(tracked, first..last + 1), &tracked.pieces),
        downbeats: beats.iter().filter(|beat| beat.rem_euclid(BAR as i64) == 0).map(start).collect(),
        beats: beats.iter().map(start).collect(),
    };
    Some(grid.summarised())
}

/// The beats that start before the last sound and are not mostly silence before the first, in order of time.
fn sounding(tracked: &Tracked, curves: &Curves, length: Seconds) -> Vec<i64> {
    let time = |beat: i64| time_of(&tracked.pieces, beat);
    let (sounds, falls_silent) = curves.sounding();
    let mut last = f64::NEG_INFINITY;
    let keep = |&beat: &i64| {
        let (start, end) = (time(beat), time(beat + 1));
        let within = start >= -BEFORE_START && start < length.0.min(falls_silent) && 0.5 * (start + end) > sounds;
        // Where pieces do not meet, a beat may come out of turn.
        let keep = within && end > start && start.max(0.0) > last;
        last = if keep { start.max(0.0) } else { last };
        keep
    };
    tracked.beats.clone().filter(keep).collect()
}

/// Beats of one piece that are about equally sure.
struct Part {
    /// Which piece.
    piece: usize,
    beats: Range<i64>,
    /// Mean of its beats.
    confidence: f64,
}

fn parts(tracked: &Tracked, beats: Range<i64>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for beat in beats {
        let piece = tracked.pieces.partition_point(|piece| piece.end <= beat).min(tracked.pieces.len() - 1);
        let block = ((beat - tracked.beats.start) / BLOCK) as usize;
        let sure = tracked.confidences.get(block).map_or(0.0, |confidence| confidence.sure);
        let same = |part: &&mut Part| part.piece == piece && (sure - part.confidence).abs() < SAME_CONFIDENCE;
        match parts.last_mut().filter(same) {
            Some(part) => {
                part.beats.end += 1;
                part.confidence += (sure - part.confidence) / (part.beats.end - part.beats.start) as f64;
            }
            None => parts.push(Part { piece, beats: beat..beat + 1, confidence: sure }),
        }
    }
    parts
}

fn regions(parts: &[Part], pieces: &[Piece]) -> Vec<TempoRegion> {
    let region = |part: &Part| {
        let piece = &pieces[part.piece];
        let start = piece.time_of(part.beats.start as f64).max(0.0);
        let end = piece.time_of(part.beats.end as f64);
        let bpm = |time: f64| (60.0 * piece.frequency(time)).clamp(20.0, 400.0);
        TempoRegion { start, end, start_bpm: bpm(start), end_bpm: bpm(end), confidence: part.confidence }
    };
    let mut regions: Vec<TempoRegion> = parts.iter().map(region).collect();
    // Where pieces do not meet to the microsecond, the later one begins on time.
    for at in 1..regions.len() {
        regions[at - 1].end = regions[at - 1].end.min(regions[at].start);
    }
    regions.retain(|region| region.end > region.start);
    regions
}
