//! What was played, written down: for stems, MIDI files and cue sheets.

use crate::commands::refuse_existing;
use crate::output::Hinted;
use crate::settings::GenerateSettings;
use adm_compose::Beat;
use adm_core::{BEATS_PER_BAR, persist};
use adm_render::stems::MOST_STEMS;
use adm_render::{KEYS, Notes, RenderError, Score, Section, Stems, Timeline, check_cue, write_cue, write_midi};
use adm_tokens::Form;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};

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

/// Checks, before any music is made, that everything that was asked for can be written, each to a place of its own.
pub fn check(settings: &GenerateSettings, stems: Option<&Stems>, timeline: Timeline) -> Result<()> {
    let beside = [&settings.midi, &settings.cue].into_iter().flatten().cloned();
    let stems = stems.map(|stems| stems.files(&settings.output)).unwrap_or_default();
    let mut places = BTreeSet::new();
    for path in std::iter::once(settings.output.clone()).chain(beside).chain(stems) {
        refuse_existing(&path)?;
        persist::check_place(&path)
            .with_context(|| Hinted::new(format!("cannot write {}", path.display()), "choose another place for it"))?;
        if !places.insert(std::path::absolute(&path).unwrap_or_else(|_| path.clone())) {
            let message = format!("{} would be written twice", path.display());
            anyhow::bail!(Hinted::new(message, "give -o, --midi and --cue a place each"));
        }
    }
    if let (Some(cue), Some(form)) = (&settings.cue, &settings.order.form) {
        check_cue(cue, &settings.output, timeline, &sections(form, timeline.beats()))?;
    }
    Ok(())
}

/// The sections of a form, over and over, where they begin to be heard.
fn sections(form: &Form, beats: u64) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for bar in 0..beats.div_ceil(BEATS_PER_BAR) {
        let Some(part) = form.at(bar % form.bars()) else { continue };
        let name = part.section.to_string();
        if sections.last().is_none_or(|last| last.name != name) {
            sections.push(Section { beat: BEATS_PER_BAR * bar, name });
        }
    }
    sections
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

    /// Numbers for notes among the tokens that were played, and the place of each: a book may have more tokens than MIDI has
    /// keys. Where more than 128 of one place were played, the later ones share the keys of the first.
    fn numbered(&self) -> (Vec<usize>, BTreeMap<u32, usize>) {
        let (mut places, mut number_of) = (Vec::new(), BTreeMap::new());
        let mut of_place: BTreeMap<usize, (Vec<usize>, usize)> = BTreeMap::new();
        for (&token, &place) in &self.places {
            let (numbers, met) = of_place.entry(place).or_default();
            if numbers.len() < KEYS {
                numbers.push(places.len());
                places.push(place);
            }
            number_of.insert(token, numbers[*met % KEYS]);
            *met += 1;
        }
        (places, number_of)
    }

    /// Writes what was asked for beside the music.
    pub fn write(&self, settings: &GenerateSettings, timeline: Timeline) -> Result<(), RenderError> {
        if let Some(path) = &settings.midi {
            let (places, number_of) = self.numbered();
            let tokens: Vec<_> = self.tokens.iter().map(|token| number_of.get(token).copied()).collect();
            let notes = Notes::new(&places)?;
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
    fn every_book_has_notes() {
        let places = (0..5_000).map(|token| (token, if token < 4_900 { 15 } else { token as usize % 15 })).collect();
        let (places, number_of) = Log { places, ..Log::default() }.numbered();
        assert_eq!(number_of.len(), 5_000);
        assert_eq!((number_of[&0], number_of[&128]), (number_of[&128], number_of[&256]), "keys are shared");
        assert!(Notes::new(&places).is_ok());
    }

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
