//! Ways among codes: a recording made again, one that turns into another, the stretch between two beats.

use crate::ModelError;
use crate::ranges::refused;

/// Where to go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Way {
    /// Every slice of the first is made again.
    Again,
    /// Every slice is this share of the second's at its place, the rest of the first's.
    Mixed(f64),
    /// From the first, slice by slice, to the second at the end.
    Turning,
    /// From one slice to another in so many steps, both ends included, in straight lines between their codes.
    Between {
        /// Number of the slice in the first recording.
        from: usize,
        /// Number of the slice in the second, or the first where there is one alone.
        to: usize,
        /// Slices to make, 1 or more.
        count: usize,
    },
}

impl Way {
    /// The codes on the way; `second` is none where there is one recording alone.
    ///
    /// # Shapes
    /// `first`, `second` and output: `[slices][latent]`; of two recordings the shorter says how long.
    ///
    /// # Errors
    /// A slice that is not there, or a way to a recording that is not.
    pub fn codes(self, first: &[Vec<f32>], second: Option<&[Vec<f32>]>) -> Result<Vec<Vec<f32>>, ModelError> {
        let last = second.unwrap_or(first);
        let share = |at: usize, count: usize| if count < 2 { 0.0 } else { at as f64 / (count - 1) as f64 };
        let count = first.len().min(last.len());
        Ok(match self {
            Self::Again => first.to_vec(),
            Self::Mixed(share) => (0..count).map(|at| between(&first[at], &last[at], share)).collect(),
            Self::Turning => (0..count).map(|at| between(&first[at], &last[at], share(at, count))).collect(),
            Self::Between { from, to, count } => {
                let (from, to) = (slice(first, from)?, slice(last, to)?);
                (0..count).map(|at| between(from, to, share(at, count))).collect()
            }
        })
    }
}

fn slice(codes: &[Vec<f32>], number: usize) -> Result<&[f32], ModelError> {
    let allowed = || format!("among the recording's {} slices, counted from 0", codes.len());
    codes.get(number).map(Vec::as_slice).ok_or_else(|| refused("--between", allowed(), number))
}

fn between(from: &[f32], to: &[f32], share: f64) -> Vec<f32> {
    let share = share as f32;
    from.iter().zip(to).map(|(from, to)| from + share * (to - from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(values: &[f32]) -> Vec<Vec<f32>> {
        values.iter().map(|&value| vec![value, -value]).collect()
    }

    fn firsts(way: Way, second: Option<&[Vec<f32>]>) -> Vec<f32> {
        let made = way.codes(&codes(&[0.0, 4.0, 8.0]), second).unwrap();
        assert!(made.iter().all(|code| code[1] == -code[0]));
        made.into_iter().map(|code| code[0]).collect()
    }

    #[test]
    fn ways_begin_and_end_where_they_should() {
        let other = codes(&[10.0, 20.0, 30.0, 40.0]);
        assert_eq!(firsts(Way::Again, None), [0.0, 4.0, 8.0]);
        assert_eq!(firsts(Way::Mixed(0.25), Some(&other)), [2.5, 8.0, 13.5]);
        assert_eq!(firsts(Way::Turning, Some(&other)), [0.0, 12.0, 30.0], "the shorter one says how long");
        assert_eq!(firsts(Way::Between { from: 1, to: 3, count: 4 }, Some(&other)), [4.0, 16.0, 28.0, 40.0]);
        assert_eq!(firsts(Way::Between { from: 0, to: 2, count: 3 }, None), [0.0, 4.0, 8.0]);
        assert_eq!(firsts(Way::Between { from: 2, to: 0, count: 1 }, None), [8.0]);
    }

    #[test]
    fn slices_that_are_not_there_are_refused() {
        let error = Way::Between { from: 3, to: 0, count: 2 }.codes(&codes(&[1.0]), None).unwrap_err();
        assert_eq!(error.to_string(), "--between must be among the recording's 1 slices, counted from 0, got 3");
    }
}
