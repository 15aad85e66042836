//! What is heard of each sound: itself, its anchors; and the noise of the volume page.

use super::format::Format;
use super::{Sounds, Stimulus, Wanted, bandwidth, filter::LowPass, gate, in_order, level, noise, shape, wav};
use crate::SurveyError;
use crate::key::{Measured, Role};
use crate::study::SoundSpec;
use adm_audio::{AudioError, Loudness, loudness};

/// Room that is left below the true peak in dB: a dither's.
const ROOM: f64 = 0.01;
/// What a peak may pass its limit by in dB, so that roundings do not lower everything for ever.
const ROUNDING: f64 = 1e-9;

/// Something that is heard, perhaps under several names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    /// A sound, by its place.
    Whole(usize),
    /// A sound without what is above a frequency in Hz.
    Anchor(usize, u32),
    /// Pink noise.
    Noise,
}

/// All that is heard, and what was measured of it.
pub(super) struct Versions {
    /// The version of each wanted stimulus.
    of: Vec<usize>,
    names: Vec<String>,
    samples: Vec<Vec<f32>>,
    /// After all filters and fades.
    loudness: Vec<Loudness>,
    /// What the key says of each.
    before: Vec<Measured>,
}

impl Versions {
    /// Filters, fades and measures.
    ///
    /// # Errors
    /// A stimulus of an unknown sound; a sound of which a filter leaves nothing.
    pub fn new(
        sounds: &Sounds<'_>,
        wanted: &[Wanted],
        end: Option<f64>,
        format: &Format,
        salt: &str,
    ) -> Result<Self, SurveyError> {
        let each = wanted.iter().map(|wanted| version(wanted, sounds)).collect::<Result<Vec<_>, _>>()?;
        let mut all = each.clone();
        all.sort();
        all.dedup();
        let of = each.iter().filter_map(|version| all.binary_search(version).ok()).collect();
        let filters = Filters::new(end, format);
        let samples = in_order(&all, |&version| Ok(filters.make(version, sounds, format, salt)))?;
        let name = |version: &Version| version.sound().map_or("volume", |at| sounds.raw[at].id.as_str()).to_owned();
        let names: Vec<String> = all.iter().map(name).collect();
        let places: Vec<usize> = (0..all.len()).collect();
        let loudness = in_order(&places, |&at| {
            let found = loudness::measure(&samples[at], format.channels, format.rate).map_err(broken(&names[at]))?;
            // What a filter takes everything of cannot be raised again.
            let raw = all[at].sound().map(|sound| sounds.raw[sound]);
            raw.map_or(Ok(()), |raw| gate::check_loudness(raw, found.integrated_lufs))?;
            Ok(found)
        })?;
        let before = all.iter().zip(&loudness).map(|(version, own)| match version.sound() {
            Some(at) => measured(sounds.loudness[at], sounds.bandwidths[at]),
            None => measured(*own, format.rate.as_f64() / 2.0),
        });
        let before = before.collect();
        Ok(Self { of, names, samples, loudness, before })
    }

    /// Brings all to one loudness, under one peak, and writes every stimulus; gives the loudness too.
    pub fn finish(
        &self,
        settings: &SoundSpec,
        wanted: &[Wanted],
        format: &Format,
        salt: &str,
    ) -> Result<(f64, Vec<Stimulus>), SurveyError> {
        let (target, gains) = self.levels(settings, format)?;
        let places: Vec<(usize, &Wanted)> = self.of.iter().copied().zip(wanted).collect();
        let stimulus = |&(at, wanted): &(usize, &Wanted)| Ok(self.stimulus(at, wanted, gains[at], format, salt));
        Ok((target, in_order(&places, stimulus)?))
    }

    /// The one loudness, and each version's gain to it.
    fn levels(&self, settings: &SoundSpec, format: &Format) -> Result<(f64, Vec<f64>), SurveyError> {
        let places: Vec<usize> = (0..self.samples.len()).collect();
        let gains = |target: f64| {
            in_order(&places, |&at| {
                let before = self.loudness[at].integrated_lufs;
                level::gain(&self.samples[at], format, before, target).map_err(broken(&self.names[at]))
            })
        };
        let limit = settings.true_peak - ROOM;
        let over = |gains: &[f64]| {
            let peaks = self.loudness.iter().zip(gains).map(|(loudness, gain)| loudness.true_peak_dbtp + gain);
            peaks.fold(f64::NEG_INFINITY, f64::max) - limit
        };
        let (mut target, mut found) = (settings.loudness, gains(settings.loudness)?);
        // A gain depends on its target alone but for the absolute gate, so once or twice is enough.
        while over(&found) > ROUNDING {
            target -= over(&found);
            found = gains(target)?;
        }
        Ok((target, found))
    }

    fn stimulus(&self, at: usize, wanted: &Wanted, gain: f64, format: &Format, salt: &str) -> Stimulus {
        let name = wanted.name.clone();
        let wav = wav::wav(&self.samples[at], gain, format, wav::secret(salt, &name));
        Stimulus { name, wav, measured: Measured { gain, ..self.before[at] } }
    }
}

fn measured(loudness: Loudness, bandwidth: f64) -> Measured {
    Measured { lufs: loudness.integrated_lufs, true_peak: loudness.true_peak_dbtp, bandwidth, gain: 0.0 }
}

impl Version {
    fn sound(self) -> Option<usize> {
        match self {
            Self::Whole(sound) | Self::Anchor(sound, _) => Some(sound),
            Self::Noise => None,
        }
    }
}

fn version(wanted: &Wanted, sounds: &Sounds<'_>) -> Result<Version, SurveyError> {
    if wanted.is_volume() {
        return Ok(Version::Noise);
    }
    let place = sounds.raw.iter().position(|raw| raw.id == wanted.id);
    let place = place.ok_or_else(|| SurveyError::NoSuchSound { id: wanted.id.clone() })?;
    Ok(match wanted.role {
        Role::LowAnchor => Version::Anchor(place, LOW_ANCHOR.0),
        Role::MidAnchor => Version::Anchor(place, MID_ANCHOR.0),
        _ => Version::Whole(place),
    })
}

/// Up to where BS.1534-3's low anchor is flat to 0.1 dB, and from where it is at least 25 dB down (50 dB at 4,500), in Hz.
const LOW_ANCHOR: (u32, u32) = (3_500, 4_000);
/// The same of the mid anchor (50 dB at 9,000).
const MID_ANCHOR: (u32, u32) = (7_000, 8_000);

struct Filters {
    common: LowPass,
    low: Option<LowPass>,
    mid: Option<LowPass>,
}

impl Filters {
    fn new(end: Option<f64>, format: &Format) -> Self {
        // A rate that holds nothing above an anchor's edge has nothing to take away.
        let has = |stop: u32| 2 * stop <= format.rate.hz();
        let anchor = |(pass, stop)| has(stop).then(|| LowPass::new(f64::from(pass), f64::from(stop), format.rate));
        let common = bandwidth::low_pass(end.unwrap_or(format.rate.as_f64() / 2.0), format);
        Self { common, low: anchor(LOW_ANCHOR), mid: anchor(MID_ANCHOR) }
    }

    /// A version, filtered and faded.
    fn make(&self, version: Version, sounds: &Sounds<'_>, format: &Format, salt: &str) -> Vec<f32> {
        let noise;
        let samples = match version.sound() {
            Some(sound) => &sounds.shaped[sound],
            None => {
                noise = noise::pink(format, wav::secret(salt, "volume"));
                &noise
            }
        };
        let own = match version {
            Version::Anchor(_, hz) if hz == LOW_ANCHOR.0 => self.low.as_ref(),
            Version::Anchor(..) => self.mid.as_ref(),
            _ => None,
        };
        let filters = std::iter::once(&self.common).chain(own);
        let mut samples =
            filters.fold(samples.clone(), |samples, filter| filter.apply(&samples, format.channels, format.wraps));
        shape::edged(&mut samples, format.channels, format.edge);
        samples
    }
}

fn broken(id: &str) -> impl Fn(AudioError) -> SurveyError + '_ {
    move |source| SurveyError::Sound { id: id.to_owned(), source }
}
