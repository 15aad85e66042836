//! A whole set: settings in, annotations out; [`crate::render`] makes its sound.

use crate::annotations::{Annotations, SectionSpan};
use crate::error::SynthError;
use crate::pattern::{BEATS_PER_BAR, Style};
use crate::plan::Plan;
use crate::render::Renderer;
use crate::tempo::TempoPlan;
use crate::track::Track;
use adm_core::{Frames, SampleRate, Seconds, Seeds};
use serde::{Deserialize, Serialize};

/// Channels of a set.
pub const CHANNELS: usize = 2;

/// What set to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SetSettings {
    /// Everything random follows from it: the same settings give the same bytes.
    pub seed: u64,
    /// Frames a second.
    pub rate: SampleRate,
    /// Length of the recording, up to a day. Its beats are the whole bars that fit; what is left is the last echo.
    pub duration: Seconds,
    /// Silence before the first beat.
    pub lead_in: Seconds,
    /// How the tempo moves.
    pub tempo: TempoPlan,
    /// What is played.
    pub style: Style,
    /// Bars of each track before the next one comes in, about; plans with a tempo a track share the duration out instead.
    pub track_bars: u64,
    /// Bars over which one track is mixed into the next; never more than a third of the shortest track.
    pub mix_bars: u64,
    /// Beats of each kickless breakdown, rounded up to whole bars; 0 for none. Tracks too short for it have none.
    pub break_beats: u64,
}

impl Default for SetSettings {
    /// Five minutes of house at 128 BPM and 44.1 kHz: four tracks, each with a breakdown of 32 beats.
    fn default() -> Self {
        Self {
            seed: 0,
            rate: SampleRate::CD,
            duration: Seconds(300.0),
            lead_in: Seconds(0.0),
            tempo: TempoPlan::default(),
            style: Style::House,
            track_bars: 40,
            mix_bars: 8,
            break_beats: 32,
        }
    }
}

/// A composed set, ready to be rendered.
#[derive(Debug, Clone)]
pub struct DjSet {
    settings: SetSettings,
    plan: Plan,
}

impl DjSet {
    /// Composes a set; its sound is made by [`Self::render`].
    ///
    /// # Errors
    /// A duration outside 0 to a day or too short for a bar of each track, or a plan without a tempo.
    pub fn new(settings: SetSettings) -> Result<Self, SynthError> {
        Ok(Self { plan: Plan::new(&settings)?, settings })
    }

    /// Its tempo and the places of its tracks.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What it was made from.
    pub fn settings(&self) -> &SetSettings {
        &self.settings
    }

    /// Length of the recording.
    pub fn frames(&self) -> Frames {
        self.settings.duration.frames(self.settings.rate)
    }

    /// Its beats, tempo and sections.
    pub fn annotations(&self) -> Annotations {
        let beats: Vec<f64> = (0..self.plan.tempo.beats()).map(|beat| self.plan.tempo.time(beat as f64).0).collect();
        Annotations {
            rate: self.settings.rate,
            duration: self.settings.duration,
            seed: self.settings.seed,
            style: self.settings.style,
            downbeats: beats.iter().copied().step_by(BEATS_PER_BAR as usize).collect(),
            beats,
            tempo: self.plan.tempo.regions().to_vec(),
            sections: (0..self.plan.slots.len()).flat_map(|track| self.sections(track)).collect(),
        }
    }

    fn sections(&self, track: usize) -> Vec<SectionSpan> {
        let slot = self.plan.slots[track];
        let span = |section: &crate::arrange::Section| {
            let first_beat = (slot.start + section.start) * BEATS_PER_BAR;
            let beats = section.bars * BEATS_PER_BAR;
            let time = |beat: u64| self.plan.tempo.time(beat as f64);
            let (start, end) = (time(first_beat), time(first_beat + beats));
            SectionSpan { track, kind: section.kind, first_beat, beats, start, end }
        };
        self.track(track).sections().iter().map(span).collect()
    }

    /// Composes track `number`.
    pub(crate) fn track(&self, number: usize) -> Track {
        let form = self.plan.slots[number].form(&self.settings);
        Track::compose(Seeds::new(self.settings.seed), number as u64, self.settings.style, form)
    }

    /// Starts rendering from the first frame.
    pub fn render(&self) -> Renderer<'_> {
        Renderer::new(self)
    }

    /// The frame nearest to a time in beats.
    pub(crate) fn frame_of(&self, beat: f64) -> u64 {
        self.plan.tempo.time(beat).frames(self.settings.rate).0
    }
}
