//! Ways among codes: a recording made again, one that turns into another, the stretch between two beats.

use crate::ModelError;
use crate::ranges::refused;

/// Of a slice; none where it is silent.
pub type Code = Option<Vec<f32>>;

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
    /// Whether it goes between two slices, however many there are.
    pub fn is_between(self) -> bool {
        matches!(self, Self::Between { .. })
    }

    /// The codes on the way; `second` is none where there is one recording alone. A slice without a code is silent: where one of two
    /// is, the other is heard alone.
    ///
    /// # Shapes
    /// `first`, `second` and output: `[slices][latent]`; of two recordings the shorter says how long.
    ///
    /// # Errors
    /// A slice that is not there or silent, where it is gone from or to.
    pub fn codes(self, first: &[Code], second: Option<&[Code]>) -> Result<Vec<Code>, ModelError> {
        let last = second.unwrap_or(first);
        let share = |at: usize, count: usize| if count < 2 { 0.0 } else { at as f64 / (count - 1) as f64 };
        let count = first.len().min(last.len());
        Ok(match self {
            Self::Again => first.to_vec(),
            Self::Mixed(share) => (0..count).map(|at| mixed(&first[at], &last[at], share)).collect(),
            Self::Turning => (0..count).map(|at| mixed(&first[at], &last[at], share(at, count))).collect(),
            Self::Between { from, to, count } => {
                let (from, to) = (slice(first, from)?, slice(last, to)?);
                (0..count).map(|at| Some(between(from, to, share(at, count)))).collect()
            }
        })
    }
}

fn slice(codes: &[Code], number: usize) -> Result<&[f32], ModelError> {
    let allowed = || format!("among the recording's {} slices, counted from 0", codes.len());
    let code = codes.get(number).ok_or_else(|| refused("--between", allowed(), number))?;
    let sounding =
        || refused("--between", "slices in which something sounds".to_owned(), format!("the silent {number}"));
    code.as_deref().ok_or_else(sounding)
}

fn mixed(from: &Code, to: &Code, share: f64) -> Code {
    match (from, to) {
        (Some(from), Some(to)) => Some(between(from, to, share)),
        (alone, None) | (None, alone) => alone.clone(),
    }
}

fn between(from: &[f32], to: &[f32], share: f64) -> Vec<f32> {
    let share = share as f32;
    from.iter().zip(to).map(|(from, to)| from + share * (to - from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(values: &[f32]) -> Vec<Code> {
        values.iter().map(|&value| Some(vec![value, -value])).collect()
    }

    fn firsts(way: Way, second: Option<&[Code]>) -> Vec<f32> {
        let made: Vec<_> = way.codes(&codes(&[0.0, 4.0, 8.0]), second).unwrap().into_iter().flatten().collect();
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

    #[test]
    fn where_one_is_silent_the_other_is_heard_alone() {
        let [one, other] = [[Some(vec![1.0]), None, None], [Some(vec![3.0]), Some(vec![5.0]), None]];
        let way = Way::Mixed(0.5);
        assert_eq!(way.codes(&one, Some(&other)).unwrap(), [Some(vec![2.0]), Some(vec![5.0]), None]);
        assert_eq!(way.codes(&other, Some(&one)).unwrap(), [Some(vec![2.0]), Some(vec![5.0]), None]);
        assert_eq!(Way::Again.codes(&one, None).unwrap(), one);
        let error = Way::Between { from: 0, to: 2, count: 2 }.codes(&one, None).unwrap_err();
        assert_eq!(error.to_string(), "--between must be slices in which something sounds, got the silent 2");
    }
}
