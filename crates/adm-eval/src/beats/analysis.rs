//! From a passage to its groups of beats.

use super::BeatChecks;
use super::groups::{Figures, GROUP_BEATS, Group, Moments};
use super::passage::Passage;
use super::seams::{Seams, seams};
use super::tempo::tempo;
use crate::EvalError;
use crate::checks::flux::{flux, flux_onsets};
use crate::checks::level::{Levels, levels};
use crate::checks::onsets::{low_band_onsets, matched};
use rayon::prelude::*;

/// How far a low onset may be from its beat, in seconds: the usual ±70 ms of beat tracking (`mir_eval.beat.f_measure`).
const LOW_TOLERANCE: f64 = 0.07;

/// How far any other onset may be: hats and claps are sharp, and there are many more of them to hit by chance.
const FLUX_TOLERANCE: f64 = 0.025;

/// All that is known of a passage.
pub(super) struct Analysis {
    pub(super) groups: Vec<Group>,
    pub(super) levels: Levels,
    pub(super) loudness_lufs: Option<f64>,
    /// Tempo, and by how many percent it is faster than the grid's.
    tempo: Option<(f64, f64)>,
}

/// What is heard in the mix of the channels.
struct Heard {
    low: Vec<f64>,
    sharp: Vec<f64>,
    tempo: Option<f64>,
    seams: Vec<Seams>,
}

impl Analysis {
    pub(super) fn of(passage: &Passage<'_>) -> Result<Self, EvalError> {
        passage.validate()?;
        let loud = || rayon::join(|| levels(passage.samples, passage.channels), || loudness(passage, passage.samples));
        let ((levels, loudness_lufs), heard) = rayon::join(loud, || Heard::of(passage));
        let error = |bpm: f64, period: f64| 100.0 * (bpm * period / 60.0 - 1.0);
        let tempo = heard.tempo.zip(passage.period()).map(|(bpm, period)| (bpm, error(bpm, period)));
        Ok(Self { groups: grouped(passage, &heard), levels, loudness_lufs, tempo })
    }

    pub(super) fn checks(&self) -> BeatChecks {
        let figures = Figures::of(self.groups.iter());
        BeatChecks {
            onset_f1: figures.f1,
            onset_precision: figures.precision,
            onset_recall: figures.recall,
            tempo_bpm: self.tempo.map(|tempo| tempo.0),
            tempo_error_percent: self.tempo.map(|tempo| tempo.1),
            phase_ms: figures.phase_ms,
            phase_spread_ms: figures.spread_ms,
            correlation: figures.correlation,
            side_to_mid_db: figures.side_to_mid_db,
            loudness_lufs: self.loudness_lufs,
            crest_db: self.levels.crest_db,
            clips: self.levels.clips,
            clipped_share: figures.clipped_share,
            seam_flux: figures.seam_flux,
        }
    }
}

impl Heard {
    fn of(passage: &Passage<'_>) -> Self {
        let mono = passage.mono();
        let flux = flux(&mono, passage.rate);
        Self {
            low: low_band_onsets(&mono, 1, passage.rate),
            sharp: flux_onsets(&flux),
            tempo: passage.period().and_then(|period| tempo(&flux, period)),
            seams: seams(passage, &mono),
        }
    }
}

/// Gated loudness of some samples of the passage in LUFS; nothing where there is none.
pub(super) fn loudness(passage: &Passage<'_>, samples: &[f32]) -> Option<f64> {
    let loudness = adm_audio::loudness::measure(samples, passage.channels, passage.rate).ok()?;
    Some(loudness.integrated_lufs).filter(|lufs| lufs.is_finite())
}

/// First and last frame of each beat; the first reaches back to the start and the last on to the end of the music.
pub(super) fn beats(passage: &Passage<'_>) -> Vec<(usize, usize)> {
    let starts = (0..passage.grid.len()).map(|beat| if beat == 0 { 0 } else { passage.frame_at(passage.grid[beat]) });
    let ends = passage.grid.iter().skip(1).map(|&time| passage.frame_at(time)).chain([passage.frames()]);
    starts.zip(ends).collect()
}

fn grouped(passage: &Passage<'_>, heard: &Heard) -> Vec<Group> {
    let beats = beats(passage);
    let mut groups: Vec<Group> = beats.par_chunks(GROUP_BEATS).map(|beats| sampled(passage, beats)).collect();
    for (beat, seams) in heard.seams.iter().enumerate() {
        groups[beat / GROUP_BEATS].seams.add(seams);
    }
    let low = matched(&heard.low, passage.grid, LOW_TOLERANCE);
    let sharp = matched(&heard.sharp, passage.grid, FLUX_TOLERANCE);
    for &(onset, beat) in &low {
        groups[beat / GROUP_BEATS].deviations.push(heard.low[onset] - passage.grid[beat]);
    }
    // The lists whose F-measure is higher count: 2·matched/(onsets + beats).
    let f1 = |pairs: usize, onsets: usize| pairs as f64 / (onsets + beats.len()) as f64;
    let by_lows = f1(low.len(), heard.low.len()) >= f1(sharp.len(), heard.sharp.len());
    let (onsets, pairs) = if by_lows { (&heard.low, &low) } else { (&heard.sharp, &sharp) };
    count_onsets(&mut groups, passage, onsets, pairs);
    groups
}

/// Counts each match in the group of its beat, and so the onset; other onsets where they are.
fn count_onsets(groups: &mut [Group], passage: &Passage<'_>, onsets: &[f64], pairs: &[(usize, usize)]) {
    let mut homes: Vec<usize> =
        onsets.iter().map(|onset| passage.grid.partition_point(|time| time <= onset).saturating_sub(1)).collect();
    for &(onset, beat) in pairs {
        homes[onset] = beat;
        groups[beat / GROUP_BEATS].matched += 1;
    }
    homes.into_iter().for_each(|beat| groups[beat / GROUP_BEATS].onsets += 1);
}

/// What the samples of some beats say.
fn sampled(passage: &Passage<'_>, beats: &[(usize, usize)]) -> Group {
    let clips = |&&(start, end): &&(usize, usize)| levels(passage.span(start, end), passage.channels).clips > 0;
    let (start, end) = beats.first().zip(beats.last()).map_or((0, 0), |(first, last)| (first.0, last.1));
    Group {
        beats: beats.len(),
        clipped: beats.iter().filter(clips).count(),
        moments: Moments::of(passage.span(start, end), passage.channels),
        ..Group::default()
    }
}
