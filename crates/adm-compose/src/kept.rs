//! What was chosen for eight bars: a groove is the same beat coming back.

use std::collections::HashMap;
use std::hash::Hash;

use adm_core::Seeds;

use crate::Beat;

/// Choices that hold for eight bars, and for the seeds that they were drawn from.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    stay: u64,
    seeds: Option<Seeds>,
    of: HashMap<K, V>,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self { stay: 0, seeds: None, of: HashMap::new() }
    }
}

impl<K: Eq + Hash, V> Kept<K, V> {
    /// The choices of a beat's eight bars; none yet where these have just begun.
    pub fn at(&mut self, beat: &Beat, seeds: Seeds) -> &mut HashMap<K, V> {
        if (self.stay, self.seeds) != (beat.stay, Some(seeds)) {
            *self = Self { stay: beat.stay, seeds: Some(seeds), of: HashMap::new() };
        }
        &mut self.of
    }

    /// Those of the last beat that was asked about.
    pub fn now(&self) -> &HashMap<K, V> {
        &self.of
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Letters;
    use adm_render::Pattern;

    #[test]
    fn choices_hold_for_eight_bars_and_their_seeds() {
        let mut letters = Letters::new(Pattern::default(), 1);
        let beats: Vec<Beat> = (0..64).map(|_| letters.next_beat()).collect();
        let (mut kept, mut drawn) = (Kept::default(), 0);
        let mut choose = |beat: &Beat, seed| {
            *kept.at(beat, Seeds::new(seed)).entry(beat.token).or_insert_with(|| {
                drawn += 1;
                drawn
            })
        };
        let first: Vec<i32> = beats[..32].iter().map(|beat| choose(beat, 1)).collect();
        assert_eq!(first[..4], [1, 2, 1, 3], "A B A C");
        assert_eq!(first.iter().max(), Some(&3), "the same for eight bars");
        assert_eq!(choose(&beats[32], 1), 4, "others after them");
        assert_eq!(choose(&beats[33], 2), 5);
        assert_eq!(choose(&beats[34], 2), 6, "and for another seed");
    }
}
