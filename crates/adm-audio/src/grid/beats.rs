//! When each beat was heard, to a part of a millisecond or two.

use super::curves::Curve;
use super::phase::Phase;
use std::ops::Range;

/// A beat is looked for this near to where a chain's windows have it, in seconds.
pub(super) const ROUGH: f64 = 0.055;
/// And this near to where the count of all chains has it: a bass a sixteenth before the kick is further off.
const COUNTED: f64 = 0.035;
/// And this near once tempi are known.
const AGAIN: f64 = 0.045;
/// A beat with less than this share of a clear one's onset is not heard.
const FAINT: f64 = 0.3;
/// A beat this much further from its place than its neighbours are, in seconds, is something else.
const STRAY: f64 = 0.012;
/// Neighbours to either side that tell how far off beats are just there.
const NEIGHBOURS: usize = 8;

/// One beat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beat {
    pub(super) index: i64,
    /// When it was heard, or is expected.
    pub(super) time: f64,
    /// How clearly it was heard, 0 to 1.
    pub(super) weight: f64,
}

/// Those of a range of beats that are heard.
pub(super) fn heard_on(beats: &[Beat], range: Range<i64>) -> impl DoubleEndedIterator<Item = &Beat> {
    beats.iter().filter(move |beat| beat.weight > 0.0 && range.contains(&beat.index))
}

/// All beats within `length` seconds, each moved to the onset near it where the beat is heard.
pub(super) fn heard(onsets: &Curve<f32>, phase: &Phase, length: f64) -> Vec<Beat> {
    let mut beats = between(onsets, phase, (0.0, length), COUNTED);
    for beat in &mut beats {
        let expected = phase.time_of(beat.index as f64);
        if !phase.is_heard(expected) {
            *beat = Beat { time: expected, weight: 0.0, ..*beat };
        }
    }
    beats
}

/// All beats between two times, each moved to the highest onset within `reach` seconds of it.
pub(super) fn between(onsets: &Curve<f32>, phase: &Phase, (from, to): (f64, f64), reach: f64) -> Vec<Beat> {
    let (first, last) = (phase.at(from).ceil() as i64 - 1, phase.at(to).floor() as i64 + 1);
    let beat = |index: i64| {
        let (time, strength) = onset_near(onsets, phase.time_of(index as f64), reach);
        Beat { index, time, weight: f64::from(strength) }
    };
    let mut beats: Vec<Beat> = (first..=last).map(beat).collect();
    level_weights(&mut beats);
    drop_strays(&mut beats, |beat| phase.time_of(beat.index as f64));
    beats
}

/// Hears the beats again, nearer to where they are expected now.
pub(super) fn again(beats: &mut [Beat], onsets: &Curve<f32>, phase: &Phase, expected: impl Fn(&Beat) -> f64) {
    for beat in beats.iter_mut() {
        let at = expected(beat);
        let (time, strength) = if phase.is_heard(at) { onset_near(onsets, at, AGAIN) } else { (at, 0.0) };
        *beat = Beat { time, weight: f64::from(strength), ..*beat };
    }
    level_weights(beats);
    drop_strays(beats, expected);
}

/// The highest onset near a time, and its height.
pub(super) fn onset_near(onsets: &Curve<f32>, expected: f64, reach: f64) -> (f64, f32) {
    let (first, values) = onsets.between(expected - reach, expected + reach);
    let Some((at, &top)) = values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) else { return (expected, 0.0) };
    let at = first + at;
    let side = |at: Option<usize>| at.and_then(|at| onsets.values.get(at)).copied().unwrap_or(0.0);
    let (before, after) = (side(at.checked_sub(1)), side(Some(at + 1)));
    let bend = before - 2.0 * top + after;
    let shift = if bend < 0.0 { (0.5 * (before - after) / bend).clamp(-1.0, 1.0) } else { 0.0 };
    (onsets.time(at as f64 + f64::from(shift)), top)
}

/// Weights in shares of what a clear beat has; faint ones count nothing.
fn level_weights(beats: &mut [Beat]) {
    let clear = clear_weight(beats.iter().map(|beat| beat.weight));
    for beat in beats {
        let share = (beat.weight / clear).min(1.0);
        beat.weight = if share < FAINT { 0.0 } else { share };
    }
}

/// What clear beats weigh: of all weights, each as often as it is heavy, the middle one.
pub(super) fn clear_weight(weights: impl Iterator<Item = f64>) -> f64 {
    let mut weights: Vec<f64> = weights.collect();
    weights.sort_by(f64::total_cmp);
    let half = 0.5 * weights.iter().sum::<f64>();
    let mut sum = 0.0;
    let middle = weights.iter().copied().find(|weight| {
        sum += weight;
        sum >= half
    });
    middle.unwrap_or(0.0).max(f64::MIN_POSITIVE)
}

/// Takes the weight from beats that are off where their neighbours are not.
pub(super) fn drop_strays(beats: &mut [Beat], expected: impl Fn(&Beat) -> f64) {
    let offs: Vec<Option<f64>> =
        beats.iter().map(|beat| (beat.weight > 0.0).then(|| beat.time - expected(beat))).collect();
    let mut near = Vec::new();
    for (at, beat) in beats.iter_mut().enumerate() {
        let Some(off) = offs[at] else { continue };
        near.clear();
        near.extend(offs[at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(offs.len())].iter().flatten());
        near.sort_by(|a: &f64, b| a.total_cmp(b));
        if (off - near[near.len() / 2]).abs() > STRAY {
            beat.weight = 0.0;
        }
    }
}
