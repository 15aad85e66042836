//! Names that say nothing, and what else is hidden.

use crate::SurveyError;
use crate::digest::hex;
use adm_core::Seeds;
use sha2::{Digest, Sha256};

/// 256 bits that only the key has.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; 32]);

/// Digits of a name: with 64 bits, two of a million names are alike once in 37 million bundles.
const DIGITS: usize = 16;

impl Salt {
    /// From bytes that nobody can guess.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From the 64 hexadecimal digits of a key.
    ///
    /// # Errors
    /// [`SurveyError::Study`] for anything else.
    pub fn from_hex(text: &str) -> Result<Self, SurveyError> {
        let digits: Option<Vec<u8>> = text.bytes().map(digit).collect();
        let bytes: Option<Vec<u8>> =
            digits.map(|digits| digits.chunks_exact(2).map(|pair| 16 * pair[0] + pair[1]).collect());
        let bytes = bytes.filter(|_| text.len() == 64).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| SurveyError::study("the key's salt", "has 64 hexadecimal digits"))
    }

    /// As the key holds it.
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// What the bundle calls something: a letter that tells its kind and digits that tell nothing.
    pub fn name(&self, kind: char, id: &str) -> String {
        let mut name = kind.to_string();
        name.push_str(&hex(&self.hash(&format!("{kind}\0{id}")))[..DIGITS]);
        name
    }

    /// Streams of what must stay hidden: orders within trials, dither.
    pub fn seeds(&self) -> Seeds {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.hash("streams")[..8]);
        Seeds::new(u64::from_le_bytes(bytes))
    }

    fn hash(&self, text: &str) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(self.0);
        hasher.update(text.as_bytes());
        hasher.finalize().into()
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt(…)")
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_survives_its_key_and_never_prints() {
        let salt = Salt::new(std::array::from_fn(|k| k as u8 * 7));
        assert_eq!(Salt::from_hex(&salt.to_hex()).unwrap(), salt);
        assert_eq!(format!("{salt:?}"), "Salt(…)");
        for wrong in ["", "00", &"0".repeat(63), &"g".repeat(64), &"A".repeat(64), &"é".repeat(32)] {
            assert!(Salt::from_hex(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_depend_on_salt_kind_and_id() {
        let [a, b] = [Salt::new([1; 32]), Salt::new([2; 32])];
        assert_eq!(a.name('s', "ai-1"), a.name('s', "ai-1"));
        assert_eq!(a.name('s', "ai-1").len(), 17);
        for other in [b.name('s', "ai-1"), a.name('t', "ai-1"), a.name('s', "ai-2")] {
            assert_ne!(a.name('s', "ai-1")[1..], other[1..]);
        }
        assert_ne!(a.seeds(), b.seeds());
    }
}
