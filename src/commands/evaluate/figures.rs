//! The figures of a set, as rows of a table.

use super::evaluation::{Evaluation, Judged};
use adm_eval::Estimate;

/// How a figure is written.
type Written = fn(&Judged) -> Option<String>;

/// A figure: what it is called, whether less or more of it is better, and how to write it.
pub struct Figure {
    pub name: &'static str,
    pub better: &'static str,
    pub written: Written,
}

/// With the interval that another draw would give.
fn with_interval(estimate: &Estimate, digits: usize) -> Option<String> {
    let Estimate { value, low, high } = estimate;
    Some(format!("{value:.digits$} ({low:.digits$} to {high:.digits$})"))
}

fn plain(value: Option<f64>, digits: usize, unit: &str) -> Option<String> {
    value.map(|value| format!("{value:.digits$}{unit}"))
}

macro_rules! figures {
    ($($name:literal, $better:literal, $written:expr;)*) => {
        &[$(Figure { name: $name, better: $better, written: $written }),*]
    };
}

/// How near the set is to the reference.
pub const DISTANCES: &[Figure] = figures! {
    "mel-KAD", "lower", |set| with_interval(&set.distances.kad, 1);
    "mel-FAD", "lower", |set| with_interval(&set.distances.fad, 1);
    "mel-FAD, unlimited", "lower", |set| with_interval(&set.distances.fad_unlimited, 1);
    "coverage", "higher", |set| with_interval(&set.distances.coverage, 2);
    "density", "higher", |set| with_interval(&set.distances.density, 2);
    "precision", "higher", |set| with_interval(&set.distances.precision, 2);
    "recall", "higher", |set| with_interval(&set.distances.recall, 2);
    "NDB/K", "lower", |set| with_interval(&set.distances.ndb, 2);
};

/// How different its beats are from each other.
pub const VARIETY: &[Figure] = figures! {
    "diversity", "near 1", |set| with_interval(&set.distances.diversity, 2);
    "tokens", "as held out", |set| Some(set.tokens.to_string());
};

/// How it sounds.
pub const SOUND: &[Figure] = figures! {
    "onset F1", "higher", |set| with_interval(&set.sound.of_beats?.onset_f1, 2);
    "tempo error", "lower", |set| plain(set.sound.of_beats?.tempo_error_percent.map(f64::abs), 2, " %");
    "low-band phase, ms", "near held out", |set| with_interval(&set.sound.of_beats?.phase_ms?, 1);
    "phase spread, ms", "lower", |set| with_interval(&set.sound.of_beats?.phase_spread_ms?, 1);
    "left/right correlation", "near held out", |set| with_interval(&set.sound.of_all.correlation?, 2);
    "side/mid, dB", "near held out", |set| with_interval(&set.sound.of_all.side_to_mid_db?, 1);
    "loudness, LUFS", "near held out", |set| with_interval(&set.sound.of_all.loudness_lufs?, 1);
    "crest", "near held out", |set| plain(Some(set.sound.of_all.crest_db), 1, " dB");
    "at full scale", "near held out", |set| plain(Some(100.0 * set.sound.of_all.clipped_share.value), 1, " %");
    "seam flux", "near held out", |set| with_interval(&set.sound.of_all.seam_flux, 2);
    "consistency", "lower", |set| plain(set.consistency_db, 1, " dB");
};

/// All of them, by what they are about.
pub const GROUPS: [(&str, &[Figure]); 3] =
    [("how near it is to the reference", DISTANCES), ("how varied it is", VARIETY), ("how it sounds", SOUND)];

impl Evaluation {
    /// Floor, candidates, ceiling: the columns of every table.
    pub fn sets(&self) -> impl Iterator<Item = &Judged> {
        std::iter::once(&self.floor).chain(&self.candidates).chain([&self.ceiling])
    }

    /// One row of cells a figure; figures that no set has are left out.
    pub fn rows<'a>(&'a self, figures: &'a [Figure]) -> impl Iterator<Item = (&'a Figure, Vec<String>)> {
        figures.iter().filter_map(|figure| {
            let cells: Vec<Option<String>> = self.sets().map(|set| (figure.written)(set)).collect();
            let known = cells.iter().any(Option::is_some);
            known.then(|| (figure, cells.into_iter().map(|cell| cell.unwrap_or_else(|| "–".to_owned())).collect()))
        })
    }
}
