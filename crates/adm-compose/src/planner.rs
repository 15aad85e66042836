//! Which token plays when, and in what section.

use adm_core::{BEATS_PER_BAR, Seeds};
use adm_models::sequencer::{SamplingSettings, TokenStream};
use adm_render::Pattern;
use adm_tokens::{Book, Form, SectionName, Sections, Token};

use crate::Wishes;

/// By what power tokens that are more frequent in a section than elsewhere become likelier there. At 1 a sequencer that has
/// learned loops stays in the loop that it plays for five bars and more before it follows the form.
const STEERING: f32 = 3.0;

/// Bars for which a token keeps its beat.
const KEPT_BARS: u64 = 8;

/// A beat that is to be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// Its number in the piece, from 0, counted in slices.
    pub number: u64,
    /// Its bar, from 0.
    pub bar: u64,
    /// Its place in the bar, 0 to 3: that of its first beat.
    pub place: u64,
    /// Its token.
    pub token: Token,
    /// The class of its token.
    pub class: u32,
    /// The section that it is in, where there is a form.
    pub section: Option<SectionName>,
    /// The number of the eight bars for which tokens keep their beats.
    pub stay: u64,
}

/// Plans a piece beat by beat, without an end.
#[derive(Debug, Clone)]
pub enum Plan {
    /// By a sequencer's tokens.
    Tokens(Box<Planner>),
    /// By a letter for each place in the bar; nothing but a walk through a generator's noise plays it.
    Letters(Letters),
}

impl Plan {
    /// The next beat.
    pub fn next_beat(&mut self, wishes: &Wishes) -> Beat {
        match self {
            Self::Tokens(planner) => planner.next_beat(wishes.seeds[0]),
            Self::Letters(letters) => letters.next_beat(),
        }
    }

    /// How freely tokens are drawn from here on; see [`SamplingSettings::temperature`].
    pub fn set_temperature(&mut self, temperature: f64) {
        if let Self::Tokens(planner) = self {
            planner.sampling.temperature = temperature;
        }
    }

    /// Goes on to the form's next section with the next bar; nothing without a form.
    pub fn skip_section(&mut self) {
        if let Self::Tokens(planner) = self {
            planner.skip_section();
        }
    }
}

/// Bars of a pattern of letters.
#[derive(Debug, Clone)]
pub struct Letters {
    pattern: Pattern,
    beats_per_slice: u64,
    next: u64,
}

impl Letters {
    /// A pattern over slices of so many beats, a letter a slice, that comes back after four.
    pub fn new(pattern: Pattern, beats_per_slice: u64) -> Self {
        Self { pattern, beats_per_slice, next: 0 }
    }

    pub(crate) fn next_beat(&mut self) -> Beat {
        let number = self.next;
        self.next += 1;
        let (bar, place) = bar_and_place(number, self.beats_per_slice);
        let letter = self.pattern.letter((number % 4) as usize) as u32;
        Beat { number, bar, place, token: letter, class: letter, section: None, stay: bar / KEPT_BARS }
    }
}

/// Plans a piece by a sequencer's tokens.
#[derive(Debug, Clone)]
pub struct Planner {
    seeds: Option<Seeds>,
    stream: TokenStream,
    class_of: Vec<u32>,
    sampling: SamplingSettings,
    form: Option<Course>,
    /// What is added to the logarithm of each token's probability, a list a section.
    biases: Vec<Vec<f32>>,
    beats_per_slice: u64,
    next: u64,
}

/// The bar of a slice, and its first beat's place in it.
fn bar_and_place(number: u64, beats_per_slice: u64) -> (u64, u64) {
    let beat = number * beats_per_slice;
    (beat / BEATS_PER_BAR, beat % BEATS_PER_BAR)
}

impl Planner {
    /// A planner of a stream over a book's tokens, each for a slice of `beats_per_slice` beats.
    ///
    /// With a form, tokens that are more frequent in a section than elsewhere are likelier there; it starts again where it
    /// ends.
    pub fn new(
        stream: TokenStream,
        book: &Book,
        (sections, form): (&Sections, Option<Form>),
        sampling: SamplingSettings,
        beats_per_slice: u64,
    ) -> Self {
        let class_of: Vec<u32> = (0..book.len() as Token).map(|token| book.class_of(token)).collect();
        let bias = |weights: &[f32]| -> Vec<f32> {
            let both = weights.iter().zip(sections.overall());
            both.map(|(weight, overall)| STEERING * (weight / overall).ln()).collect()
        };
        let biases = SectionName::ALL.map(|name| bias(&sections.get(name).weights)).into();
        Self {
            seeds: None,
            stream,
            class_of,
            sampling,
            form: form.map(|form| Course { form, skipped: 0 }),
            biases,
            beats_per_slice,
            next: 0,
        }
    }

    fn skip_section(&mut self) {
        let bar = (self.next * self.beats_per_slice).div_ceil(BEATS_PER_BAR);
        self.form.iter_mut().for_each(|course| course.skip(bar));
    }

    fn next_beat(&mut self, seeds: Seeds) -> Beat {
        if self.seeds.replace(seeds).is_some_and(|before| before != seeds) {
            self.stream.reseed(seeds);
        }
        let number = self.next;
        self.next += 1;
        let (bar, place) = bar_and_place(number, self.beats_per_slice);
        let section = self.form.as_ref().and_then(|course| course.section(bar));
        let bias = section.map(|section| self.biases[section as usize].as_slice());
        let token = self.stream.next(&self.sampling, bias);
        let class = self.class_of.get(token as usize).copied().unwrap_or(0);
        Beat { number, bar, place, token, class, section, stay: bar / KEPT_BARS }
    }
}

/// A form that is gone through over and over, and whose sections can be left early.
#[derive(Debug, Clone)]
struct Course {
    form: Form,
    /// Bars that were passed over by wishes for the next section.
    skipped: u64,
}

impl Course {
    /// The section of a bar of the piece.
    fn section(&self, bar: u64) -> Option<SectionName> {
        self.form.at((bar + self.skipped) % self.form.bars()).map(|part| part.section)
    }

    /// Goes on to the next section with this bar.
    fn skip(&mut self, bar: u64) {
        let within = (bar + self.skipped) % self.form.bars();
        if let Some(part) = self.form.at(within) {
            self.skipped += part.start + u64::from(part.bars) - within;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_back_and_its_sections_can_be_left_early() {
        let mut course = Course { form: Form::parse("intro:2,drop:4,outro:1").unwrap(), skipped: 0 };
        let played = |course: &Course, bars: std::ops::Range<u64>| -> String {
            bars.filter_map(|bar| Some(&course.section(bar)?.name()[..1])).collect()
        };
        assert_eq!(played(&course, 0..16), "iiddddoiiddddoii");
        course.skip(3);
        assert_eq!(played(&course, 3..9), "oiiddd", "the drop is left with its second bar");
        course.skip(3);
        assert_eq!(played(&course, 3..6), "iid", "two wishes at once are two sections");
    }

    #[test]
    fn letters_hold_their_pattern_and_their_places() {
        let mut letters = Letters::new(Pattern::default(), 1);
        let beats: Vec<Beat> = (0..40).map(|_| letters.next_beat()).collect();
        assert_eq!(beats[..5].iter().map(|beat| beat.token).collect::<Vec<_>>(), [0, 1, 0, 2, 0]);
        assert_eq!((beats[39].bar, beats[39].place, beats[31].stay, beats[32].stay), (9, 3, 0, 1));
        let bars = |beats_per_slice| {
            let mut letters = Letters::new(Pattern::default(), beats_per_slice);
            (0..5).map(|_| letters.next_beat()).map(|beat| (beat.bar, beat.place)).collect::<Vec<_>>()
        };
        assert_eq!(bars(2), [(0, 0), (0, 2), (1, 0), (1, 2), (2, 0)]);
        assert_eq!(bars(3), [(0, 0), (0, 3), (1, 2), (2, 1), (3, 0)]);
        assert_eq!(bars(8), [(0, 0), (2, 0), (4, 0), (6, 0), (8, 0)]);
    }
}
