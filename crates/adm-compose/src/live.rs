//! Bars without an end, for `adm-live` to play.
//!
//! ```text
//! controls ─→ wishes ─→ Arranger ─sounds→ Stitcher ─→ LiveMaster ─→ Bar
//!               tempo ─→ Pulse ──lengths────┘
//! ```
//!
//! What a join or the limiter holds back of one bar comes with the next, so a bar's beats begin a few milliseconds into
//! it; nothing is lost, and the grid is exact.

use adm_core::{Bpm, SampleRate, Seeds};
use adm_live::{Bar, BarSource, BeatNote, Controls, Format, Ranges};
use adm_render::{Crossfade, LiveMaster, MasterSettings, Pulse, Stitcher};

use crate::arranger::{slices_per_bar, tempi};
use crate::{Arranger, Beat, ComposeError, Ensemble, SourceChoice, Wishes};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// An ensemble that plays bar by bar.
pub struct Band {
    arranger: Arranger,
    stitcher: Stitcher,
    master: LiveMaster,
    pulse: Pulse,
    format: Format,
    slices_per_bar: u64,
    beats_per_slice: u64,
    /// The seed that is morphed to.
    morph_to: Seeds,
    /// Wishes for the next section that were granted.
    sections: u64,
    /// Frames that went into the stitcher, and that came out of the master.
    frames: [u64; 2],
}

impl Band {
    /// A band of an ensemble whose beats come at `rate`.
    ///
    /// # Errors
    /// Channels that cannot be joined.
    pub fn new(ensemble: Ensemble, rate: SampleRate, morph_to: Seeds) -> Result<Self, ComposeError> {
        let channels = ensemble.channels;
        let gain_db = gain_db(&ensemble)?;
        // Windows know of no beats, so there is nothing to stretch them by.
        let beats = ensemble.bpm.map_or(0, |_| ensemble.beats_per_slice);
        Ok(Self {
            stitcher: Stitcher::new(rate, channels, Crossfade::default())?.with_beats(beats),
            master: LiveMaster::new(rate, channels, gain_db, MasterSettings::default().ceiling)?,
            pulse: Pulse::new(rate),
            format: Format { rate, channels },
            slices_per_bar: slices_per_bar(ensemble.beats_per_slice),
            beats_per_slice: ensemble.beats_per_slice as u64,
            morph_to,
            sections: 0,
            frames: [0; 2],
            arranger: ensemble.arranger,
        })
    }

    /// The shape of its bars.
    pub fn format(&self) -> Format {
        self.format
    }

    fn make(&mut self, controls: &Controls) -> Result<Bar, ComposeError> {
        let bpm = Bpm::new(controls.bpm).unwrap_or(Bpm::FOUNDING);
        self.arranger.plan().set_temperature(controls.temperature);
        for _ in self.sections..controls.next_section {
            self.arranger.plan().skip_section();
        }
        self.sections = controls.next_section;
        let wishes =
            Wishes { seeds: [Seeds::new(controls.seed), self.morph_to], morph: controls.morph, mix: controls.mix };
        let played = self.arranger.play(self.slices_per_bar, &wishes)?;
        let section = played.first().and_then(|(beat, _)| beat.section).map_or(String::new(), |name| name.to_string());
        let mut bar = Bar { bpm: bpm.get(), section, ..Bar::default() };
        let began = self.frames[1];
        for (beat, sound) in &played {
            bar.beats.push(self.note(beat, began, sound.recorded));
            let slot = self.pulse.next(bpm, self.beats_per_slice);
            let joined = self.stitcher.push(&sound.material, slot)?;
            bar.samples.extend_from_slice(self.master.push(joined));
            self.frames[0] += slot as u64;
            self.frames[1] = began + (bar.samples.len() / self.format.channels) as u64;
        }
        Ok(bar)
    }

    fn note(&self, beat: &Beat, began: u64, recorded: bool) -> BeatNote {
        let frame = self.frames[0] + self.master.latency().0 - began;
        BeatNote { frame, token: beat.token, class: beat.class, position: beat.place as u32, recorded }
    }
}

impl BarSource for Band {
    fn next_bar(&mut self, controls: &Controls) -> Result<Bar, AnyError> {
        Ok(self.make(controls)?)
    }

    /// Fills the bank of beats a little more, where there is one.
    fn between_bars(&mut self) -> Result<(), AnyError> {
        self.arranger.prepare()?;
        Ok(())
    }
}

/// The gain that brings an ensemble's beats to the loudness of a file.
fn gain_db(ensemble: &Ensemble) -> Result<f64, ComposeError> {
    let (rate, channels) = (ensemble.sample_rate, ensemble.channels);
    Ok(LiveMaster::measured(rate, channels, &MasterSettings::default(), &ensemble.sample)?.gain_db())
}

/// What can be asked of a band of this ensemble: the source mix only where there is something to mix.
pub fn ranges(ensemble: &Ensemble) -> Ranges {
    let [low, high] = tempi(ensemble.pace.unwrap_or(Bpm::FOUNDING));
    let mix = match ensemble.plays {
        SourceChoice::Generated => [0.0, 0.0],
        SourceChoice::Recorded => [1.0, 1.0],
        SourceChoice::Mixed => [0.0, 1.0],
    };
    // Recorded beats have no seed to move to.
    let morph = if ensemble.plays == SourceChoice::Recorded { [0.0, 0.0] } else { [0.0, 1.0] };
    Ranges { bpm: [low, high], temperature: [0.0, 4.0], morph, mix }
}
