//! Stretches of the recording that are missing.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::CawError;

/// Share of the recording that holes may cover.
const MOST_COVERED: f64 = 0.5;

/// Share of moments that have to hear no hole for a scale to be worth training.
const LEAST_CLEAR: f64 = 0.1;

/// One hole, in seconds from the recording's start.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hole {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

impl Hole {
    /// Its samples at a rate, of a signal so long.
    pub fn samples(&self, rate: u32, length: usize) -> Range<usize> {
        let at = |seconds: f64| ((seconds * f64::from(rate)).round().max(0.0) as usize).min(length);
        at(self.from)..at(self.to)
    }
}

/// Whether holes lie within a recording of so many seconds and leave enough of it.
///
/// # Errors
/// The first that does not, or all of them together.
pub fn check_holes(holes: &[Hole], length: f64) -> Result<(), CawError> {
    let lies = |hole: &Hole| 0.0 <= hole.from && hole.from < hole.to && hole.to <= length;
    if let Some(&Hole { from, to }) = holes.iter().find(|hole| !lies(hole)) {
        return Err(CawError::HoleOutside { from, to, length: (length * 1_000.0).round() / 1_000.0 });
    }
    let share = covered(holes, length);
    if share > MOST_COVERED { Err(CawError::HolesCover { share }) } else { Ok(()) }
}

/// Share of a recording that lies in any hole, counted in milliseconds.
fn covered(holes: &[Hole], length: f64) -> f64 {
    let shown = shown(holes, 1_000, (length * 1_000.0) as usize);
    shown.iter().filter(|&&shown| shown == 0.0).count() as f64 / shown.len().max(1) as f64
}

/// 0 within holes, 1 elsewhere.
pub(super) fn shown(holes: &[Hole], rate: u32, length: usize) -> Vec<f32> {
    let mut shown = vec![1.0; length];
    holes.iter().for_each(|hole| shown[hole.samples(rate, length)].fill(0.0));
    shown
}

/// Whether enough moments at a rate hear no hole, where each hears `reach` samples.
pub(super) fn is_clear(holes: &[Hole], rate: u32, length: usize, reach: usize) -> bool {
    let around = reach as f64 / 2.0 / f64::from(rate);
    let wide: Vec<Hole> = holes.iter().map(|hole| Hole { from: hole.from - around, to: hole.to + around }).collect();
    let clear = shown(&wide, rate, length).iter().filter(|&&shown| shown == 1.0).count();
    clear as f64 >= LEAST_CLEAR * length as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_that_lie_outside_or_cover_too_much_are_refused() {
        let hole = |from, to| Hole { from, to };
        assert!(check_holes(&[hole(0.0, 1.0), hole(3.0, 4.5)], 10.0).is_ok());
        for (bad, said) in [
            (vec![hole(9.0, 11.0)], "the hole 9-11 s does not lie within the recording's 10 s"),
            (vec![hole(-1.0, 1.0)], "the hole -1-1 s does not"),
            (vec![hole(3.0, 2.0)], "the hole 3-2 s does not"),
            (vec![hole(0.0, 10.0)], "holes cover 100 % of the recording"),
            (vec![hole(0.0, 4.0), hole(2.0, 6.0)], "holes cover 60 % of the recording"),
        ] {
            let error = check_holes(&bad, 10.0).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }

    #[test]
    fn a_scale_whose_layers_hear_a_hole_nearly_everywhere_is_not_clear() {
        let holes = [Hole { from: 4.5, to: 5.5 }];
        // 2,050 samples are 6.4 s at 320 Hz, and 1.0 s at 2,000 Hz.
        assert!(is_clear(&holes, 320, 3_200, 2_050));
        assert!(!is_clear(&[Hole { from: 3.0, to: 7.0 }], 320, 3_200, 2_050));
        assert!(is_clear(&[Hole { from: 3.0, to: 7.0 }], 2_000, 20_000, 2_050));
        assert_eq!(shown(&holes, 2, 20)[8..12], [1.0, 0.0, 0.0, 1.0]);
    }
}
