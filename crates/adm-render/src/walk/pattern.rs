//! Which beats of a bar are alike.

use crate::RenderError;
use std::fmt;
use std::str::FromStr;

/// Four letters, one a beat of the bar; the same letter means the same kind of beat: `ABAC`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern([u8; 4]);

impl Pattern {
    /// The letter at a position in the bar, as a number from 0.
    pub fn letter(self, position: usize) -> u64 {
        self.0.get(position % 4).map_or(0, |letter| u64::from(letter - b'A'))
    }
}

impl Default for Pattern {
    /// `ABAC`: the downbeat comes back on three, two and four answer it differently.
    fn default() -> Self {
        Self(*b"ABAC")
    }
}

impl FromStr for Pattern {
    type Err = RenderError;

    fn from_str(text: &str) -> Result<Self, RenderError> {
        let letters = text.to_ascii_uppercase();
        match <[u8; 4]>::try_from(letters.as_bytes()) {
            Ok(letters) if letters.iter().all(|letter| (b'A'..=b'D').contains(letter)) => Ok(Self(letters)),
            _ => Err(RenderError::BadSetting {
                what: "the pattern of a bar",
                expected: "four letters from A to D",
                actual: format!("{text:?}"),
                flag: None,
            }),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_four_letters() {
        let pattern: Pattern = "aabc".parse().unwrap();
        assert_eq!(pattern.to_string(), "AABC");
        assert_eq!([0, 1, 2, 3].map(|position| pattern.letter(position)), [0, 0, 1, 2]);
        for bad in ["", "ABC", "ABCDA", "ABCE", "ÄB"] {
            let error = bad.parse::<Pattern>().unwrap_err().to_string();
            assert_eq!(error, format!("the pattern of a bar must be four letters from A to D, got {bad:?}"));
        }
    }
}
