//! What a beat sounds like, and where that comes from.

use adm_audio::{AudioError, Memory, Resampler, read_all};
use adm_core::seeds::RngExt;
use adm_core::{SampleRate, Seeds};
use adm_models::Sampler;
use adm_render::Material;
use adm_tokens::{Recognition, Token};

use crate::bank::BankReport;
use crate::{Beat, ComposeError, Wishes};

/// How much of a token a sound is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Nearer to another token than to the one that was asked for.
    Other,
    /// Nearest to the token that was asked for, though the book's vote says that it is none.
    Nearest,
    /// The token that was asked for, by the book's vote or because it was recorded as it.
    Recognised,
}

impl Likeness {
    /// How much of a token a beat is that the book says this of.
    pub fn of(recognised: &Recognition, token: Token) -> Self {
        match recognised {
            Recognition { token: Some(found), .. } if *found == token => Self::Recognised,
            Recognition { nearest, .. } if *nearest == token => Self::Nearest,
            _ => Self::Other,
        }
    }
}

/// The sound of one beat.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// The sound itself and what was before it.
    pub material: Material,
    /// Whether it was recorded rather than generated.
    pub recorded: bool,
    /// How much of the token that was asked for it is.
    pub likeness: Likeness,
}

/// Where the sounds of beats come from.
pub trait BeatSource: Send {
    /// A sound for each of some beats that follow one another.
    ///
    /// # Errors
    /// Whatever keeps it from making them.
    fn sounds(&mut self, beats: &[Beat], wishes: &Wishes) -> Result<Vec<Sound>, ComposeError>;

    /// Does some of what makes later sounds better, while there is time; whether there is more to do.
    ///
    /// # Errors
    /// Whatever keeps it from doing so.
    fn prepare(&mut self) -> Result<bool, ComposeError> {
        Ok(false)
    }

    /// What its bank of beats holds, where it has one.
    fn bank(&self) -> Option<BankReport> {
        None
    }
}

/// Two sources of which a share decides: for a token and eight bars, one or the other.
pub struct Mixed {
    generated: Box<dyn BeatSource>,
    recorded: Box<dyn BeatSource>,
}

impl Mixed {
    /// Both sources; the share of recorded beats is a [wish](Wishes::mix).
    pub fn new(generated: Box<dyn BeatSource>, recorded: Box<dyn BeatSource>) -> Self {
        Self { generated, recorded }
    }
}

impl BeatSource for Mixed {
    fn sounds(&mut self, beats: &[Beat], wishes: &Wishes) -> Result<Vec<Sound>, ComposeError> {
        let is_recorded: Vec<bool> =
            beats.iter().map(|beat| choice(wishes.seeds[0], "source", beat) < wishes.mix).collect();
        let of = |wanted: bool| -> Vec<Beat> {
            beats.iter().zip(&is_recorded).filter(|&(_, &is)| is == wanted).map(|(beat, _)| *beat).collect()
        };
        let mut recorded = self.recorded.sounds(&of(true), wishes)?.into_iter();
        let mut generated = self.generated.sounds(&of(false), wishes)?.into_iter();
        Ok(is_recorded.iter().filter_map(|&is| if is { recorded.next() } else { generated.next() }).collect())
    }

    fn prepare(&mut self) -> Result<bool, ComposeError> {
        self.generated.prepare()
    }

    fn bank(&self) -> Option<BankReport> {
        self.generated.bank()
    }
}

/// What a generator made of a beat, at another rate.
pub(crate) fn generated(
    slice: Vec<f32>,
    beat: &Beat,
    likeness: Likeness,
    (sampler, rate): (&Sampler, SampleRate),
) -> Result<Sound, ComposeError> {
    let material = Material { class: beat.class as usize, ..Material::from(slice) };
    let material = at_rate(material, sampler.channels(), sampler.rate(), rate)?;
    Ok(Sound { material, recorded: false, likeness })
}

/// A number from 0 to 1 that a token keeps for eight bars.
pub(crate) fn choice(seeds: Seeds, name: &str, beat: &Beat) -> f64 {
    seeds.stream(name, (beat.stay << 32) ^ u64::from(beat.token)).random()
}

/// Sound at another rate, with what was before it: resampled in one piece, so that nothing is heard of where it was cut.
///
/// # Errors
/// Rates that cannot be turned into each other.
pub fn at_rate(material: Material, channels: usize, from: SampleRate, to: SampleRate) -> Result<Material, AudioError> {
    if from == to {
        return Ok(material);
    }
    let Material { slice, before, class } = material;
    let at = |samples: usize| {
        let frames = samples as f64 / channels as f64 * to.as_f64() / from.as_f64();
        frames.round() as usize * channels
    };
    let (start, end) = (at(before.len()), at(before.len() + slice.len()));
    let whole = Memory::new([before, slice].concat(), channels, from);
    let mut whole = read_all(&mut Resampler::new(whole, to)?)?;
    whole.truncate(end);
    let slice = whole.split_off(start.min(whole.len()));
    Ok(Material { slice, before: whole, class })
}
