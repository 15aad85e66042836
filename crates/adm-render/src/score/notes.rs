//! Which note stands for which token.

use crate::RenderError;

/// Keys of a MIDI channel.
pub const KEYS: usize = 128;
/// Channels of a MIDI port.
const CHANNELS: usize = 16;
/// Where the keys of drum pads begin: C2, MIDI's note 36.
const FIRST_PAD: usize = 36;

/// The note of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note {
    /// From 0 to 15; programs count from 1.
    pub channel: u8,
    /// From 0 to 127.
    pub key: u8,
}

/// A note for every token of a book, the same whatever is played.
///
/// Class 0 is on the first channel, class 1 on the next, and so on; a class of more than 128 tokens takes as many channels
/// as it needs, and the classes after it move on. The tokens of a class rise in order from key 36 (C2, where drum pads
/// begin), or from key 0 where they would not fit above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes {
    notes: Vec<Note>,
}

impl Notes {
    /// Notes for tokens 0, 1, … of these classes.
    ///
    /// # Errors
    /// [`RenderError::BadSetting`] where they take more than 16 channels.
    pub fn new(classes: &[usize]) -> Result<Self, RenderError> {
        let mut members = vec![0; classes.iter().max().map_or(0, |most| most.saturating_add(1)).min(CHANNELS + 1)];
        for class in classes {
            *members.get_mut(*class).ok_or_else(|| too_many(class + 1))? += 1;
        }
        let firsts: Vec<usize> = members
            .iter()
            .scan(0, |next, members: &usize| {
                let first = *next;
                *next += members.div_ceil(KEYS).max(1);
                Some(first)
            })
            .collect();
        let channels = firsts.last().zip(members.last()).map_or(0, |(first, last)| first + last.div_ceil(KEYS));
        if channels > CHANNELS {
            return Err(too_many(channels));
        }
        let mut ranks = vec![0; members.len()];
        let note = |class: &usize| {
            let rank = ranks[*class];
            ranks[*class] += 1;
            let lowest = if members[*class] <= KEYS - FIRST_PAD { FIRST_PAD } else { 0 };
            Note { channel: (firsts[*class] + rank / KEYS) as u8, key: (lowest + rank % KEYS) as u8 }
        };
        Ok(Self { notes: classes.iter().map(note).collect() })
    }

    /// The note of a token; `None` for one that is not in the book.
    pub fn of(&self, token: usize) -> Option<Note> {
        self.notes.get(token).copied()
    }
}

fn too_many(channels: usize) -> RenderError {
    let what = "the MIDI channels that the tokens' classes take";
    let actual = channels.to_string();
    RenderError::BadSetting { what, expected: "at most 16, of 128 tokens each", actual, flag: Some("--midi") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_on_channels_and_tokens_on_keys_in_order() {
        let notes = Notes::new(&[0, 2, 0, 2, 2]).unwrap();
        let found: Vec<(u8, u8)> = (0..5).filter_map(|n| notes.of(n)).map(|note| (note.channel, note.key)).collect();
        assert_eq!(found, [(0, 36), (2, 36), (0, 37), (2, 37), (2, 38)]);
        assert_eq!(notes.of(5), None);
    }

    #[test]
    fn a_large_class_takes_channels_of_its_own() {
        let classes: Vec<usize> = std::iter::repeat_n(0, 300).chain([1]).collect();
        let notes = Notes::new(&classes).unwrap();
        assert_eq!(notes.of(0), Some(Note { channel: 0, key: 0 }));
        assert_eq!(notes.of(299), Some(Note { channel: 2, key: 43 }));
        assert_eq!(notes.of(300), Some(Note { channel: 3, key: 36 }));
        let mut all: Vec<Note> = (0..301).filter_map(|token| notes.of(token)).collect();
        all.sort_by_key(|note| (note.channel, note.key));
        all.dedup();
        assert_eq!(all.len(), 301, "no two tokens share a note");
    }

    #[test]
    fn what_fits_on_no_port_is_refused() {
        assert!(Notes::new(&[0; 16 * 128]).is_ok());
        assert!(Notes::new(&[15]).is_ok());
        assert!(Notes::new(&[]).unwrap().of(0).is_none());
        for classes in [vec![0; 16 * 128 + 1], vec![16], vec![usize::MAX - 1]] {
            let error = Notes::new(&classes).unwrap_err().to_string();
            assert!(error.starts_with("the MIDI channels that the tokens' classes take must be at most 16"), "{error}");
        }
    }
}
