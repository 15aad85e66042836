//! What was played, written down: for stems, MIDI files and cue sheets.

use crate::settings::GenerateSettings;
use adm_compose::Beat;
use adm_render::stems::MOST_STEMS;
use adm_render::{Notes, RenderError, Score, Section, Stems, Timeline, write_cue, write_midi};
use std::collections::BTreeMap;

/// Which stem, or MIDI channel, plays a class of tokens: the most frequent have one each, the rest share the last.
#[derive(Debug, Clone)]
pub struct Desk {
    place_of: Vec<usize>,
    names: Vec<String>,
}

impl Desk {
    /// For classes with so many beats each.
    pub fn new(beats_of: &[u64]) -> Self {
        let mut order: Vec<usize> = (0..beats_of.len()).collect();
        order.sort_by_key(|&class| std::cmp::Reverse(beats_of[class]));
        let alone = if order.len() > MOST_STEMS { MOST_STEMS - 1 } else { order.len() };
        let mut alone: Vec<usize> = order[..alone].to_vec();
        alone.sort_unstable();
        let rest = alone.len();
        let place_of = (0..beats_of.len()).map(|class| alone.binary_search(&class).unwrap_or(rest)).collect();
        let mut names: Vec<String> = alone.iter().map(|class| format!("class-{class}")).collect();
        if rest < beats_of.len() {
            names.push("rest".to_owned());
        }
        Self { place_of, names }
    }

    /// The place of a class.
    pub fn place(&self, class: u32) -> usize {
        self.place_of.get(class as usize).copied().unwrap_or(0)
    }

    /// The stems, one a place.
    pub fn stems(&self) -> Result<Stems, RenderError> {
        Stems::new(self.names.clone())
    }
}

/// The tokens that were played, and where sections began.
#[derive(Debug, Default)]
pub struct Log {
    tokens: Vec<u32>,
    /// The place of each token that was played.
    places: BTreeMap<u32, usize>,
    sections: Vec<Section>,
}

impl Log {
    /// Notes a beat that is played, in slices of so many beats.
    pub fn note(&mut self, beat: &Beat, place: usize, beats_per_slice: u64) {
        self.tokens.push(beat.token);
        self.places.insert(beat.token, place);
        let Some(name) = beat.section.map(|name| name.to_string()) else { return };
        if self.sections.last().is_none_or(|last| last.name != name) {
            self.sections.push(Section { beat: beat.number * beats_per_slice, name });
        }
    }

    /// Writes what was asked for beside the music.
    pub fn write(&self, settings: &GenerateSettings, timeline: Timeline) -> Result<(), RenderError> {
        if let Some(path) = &settings.midi {
            // Notes are numbered among the tokens that are played: a book may have more than MIDI has keys.
            let places: Vec<usize> = self.places.values().copied().collect();
            let number = |token: &u32| self.places.keys().position(|played| played == token);
            let (notes, tokens) = (Notes::new(&places)?, self.tokens.iter().map(number).collect::<Vec<_>>());
            write_midi(path, &Score { timeline, tokens: &tokens, notes: &notes, sections: &self.sections })?;
        }
        if let Some(path) = &settings.cue {
            write_cue(path, &settings.output, timeline, &self.sections)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_classes_share_a_stem() {
        let few = Desk::new(&[3, 9, 1]);
        assert_eq!(
            (few.names.as_slice(), few.place(2)),
            (&["class-0", "class-1", "class-2"].map(str::to_owned)[..], 2)
        );
        let beats: Vec<u64> = (0..20).collect();
        let many = Desk::new(&beats);
        assert_eq!((many.names.len(), many.names[15].as_str(), many.names[0].as_str()), (16, "rest", "class-5"));
        assert_eq!((many.place(0), many.place(5), many.place(19)), (15, 0, 14));
        many.stems().unwrap();
    }
}
