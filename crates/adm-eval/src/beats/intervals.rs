//! How far the figures of a passage might be off, had other groups of beats been drawn.

use super::BeatEstimates;
use super::analysis::{Analysis, beats, loudness};
use super::groups::{Figures, GROUP_BEATS, Group};
use super::passage::Passage;
use crate::Estimate;
use adm_core::Seeds;
use adm_core::seeds::RngExt;
use rayon::prelude::*;

/// Times that groups are drawn anew: the bounds of 95 percent then rest on 13 draws beyond each.
const RESAMPLES: u64 = 500;

/// What one draw of groups gives.
struct Draw {
    figures: Figures,
    /// Mean power of the groups' loudness.
    power: f64,
}

impl Analysis {
    pub(super) fn estimates(&self, passage: &Passage<'_>, seeds: Seeds) -> BeatEstimates {
        let powers = powers(passage);
        let draws: Vec<Draw> =
            (0..RESAMPLES).into_par_iter().map(|index| draw(&self.groups, &powers, seeds, index)).collect();
        let sure = |value: f64, of: fn(&Figures) -> f64| {
            Estimate::from_draws(value, draws.iter().map(|draw| of(&draw.figures)).collect())
        };
        let perhaps = |value: Option<f64>, of: fn(&Figures) -> Option<f64>| {
            value.map(|value| Estimate::from_draws(value, draws.iter().filter_map(|draw| of(&draw.figures)).collect()))
        };
        let checks = self.checks();
        BeatEstimates {
            onset_f1: sure(checks.onset_f1, |figures| figures.f1),
            onset_precision: sure(checks.onset_precision, |figures| figures.precision),
            onset_recall: sure(checks.onset_recall, |figures| figures.recall),
            tempo_bpm: checks.tempo_bpm,
            tempo_error_percent: checks.tempo_error_percent,
            phase_ms: perhaps(checks.phase_ms, |figures| figures.phase_ms),
            phase_spread_ms: perhaps(checks.phase_spread_ms, |figures| figures.spread_ms),
            correlation: sure(checks.correlation, |figures| figures.correlation),
            side_to_mid_db: perhaps(checks.side_to_mid_db, |figures| figures.side_to_mid_db),
            loudness_lufs: checks.loudness_lufs.map(|lufs| louder(lufs, &powers, &draws)),
            crest_db: checks.crest_db,
            clips: checks.clips,
            clipped_share: sure(checks.clipped_share, |figures| figures.clipped_share),
            seam_flux: sure(checks.seam_flux, |figures| figures.seam_flux),
        }
    }
}

/// Power that each group's loudness stands for; 0 where a group is silent or too short to have one.
fn powers(passage: &Passage<'_>) -> Vec<f64> {
    let power = |beats: &[(usize, usize)]| {
        let (start, end) = beats.first().zip(beats.last()).map_or((0, 0), |(first, last)| (first.0, last.1));
        loudness(passage, passage.span(start, end)).map_or(0.0, |lufs| 10f64.powf(lufs / 10.0))
    };
    beats(passage).par_chunks(GROUP_BEATS).map(power).collect()
}

/// As many groups as there are, drawn with replacement.
fn draw(groups: &[Group], powers: &[f64], seeds: Seeds, index: u64) -> Draw {
    let mut random = seeds.stream("groups of beats", index);
    let drawn: Vec<usize> = groups.iter().map(|_| random.random_range(0..groups.len())).collect();
    Draw {
        figures: Figures::of(drawn.iter().map(|&group| &groups[group])),
        power: mean(drawn.iter().map(|&group| powers[group])),
    }
}

/// The loudness and by how many decibels that of the draws differs from that of all groups.
fn louder(lufs: f64, powers: &[f64], draws: &[Draw]) -> Estimate {
    let all = mean(powers.iter().copied());
    let louder = draws.iter().map(|draw| lufs + 10.0 * (draw.power / all).log10()).filter(|lufs| lufs.is_finite());
    Estimate::from_draws(lufs, louder.collect())
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}
