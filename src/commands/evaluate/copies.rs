//! Generated beats that may be copies, and of what.

use super::slices::Slices;
use crate::output::text::{duration, plain};
use adm_core::Seconds;
use adm_dataset::Dataset;
use adm_eval::audit::{Audit, Match, Quantiles, Reason, Verdict, waveform_similarity};
use anyhow::Result;
use serde::Serialize;
use std::path::Path;

/// Most beats that are named.
const NAMED: usize = 20;

/// What the memorisation audit says of a candidate.
#[derive(Debug, Clone, Serialize)]
pub struct Copies {
    pub verdict: Verdict,
    pub reasons: Vec<Reason>,
    pub advice: &'static str,
    /// Similarity above which a beat is suspicious.
    pub threshold: f64,
    /// Share of suspicious beats, its 95 % interval, and the share that new beats would have.
    pub share: f64,
    pub share_interval: (f64, f64),
    pub expected_share: f64,
    pub p_value: f64,
    /// Similarities to the nearest training beat.
    pub generated: Quantiles,
    pub held_out: Quantiles,
    /// Share of those near any recorded beat that are nearest to a training beat, and what chance would make it.
    pub leaning: f64,
    pub leaning_expected: f64,
    /// The most similar ones, worst first.
    pub suspicious: Vec<Suspicious>,
}

/// One generated beat beside the training beat that it is nearest to.
#[derive(Debug, Clone, Serialize)]
pub struct Suspicious {
    /// Its place among the candidate's beats, from 0.
    pub beat: usize,
    /// The training beat: its slice, its recording, and when it starts there.
    pub slice: usize,
    pub recording: String,
    pub at: Seconds,
    pub similarity: f64,
    pub shift: Seconds,
    pub gain_db: f64,
    /// Correlation of the waveforms at their best, 0 to 1, whatever the polarity: near 1 is the same recording, and less proves nothing.
    pub waveform: f64,
}

impl Copies {
    /// From an audit of `candidate` against the training slices of `dataset`.
    ///
    /// # Errors
    /// A slice that cannot be read.
    pub fn new(audit: &Audit, candidate: &Slices, training: &Slices, dataset: &Dataset) -> Result<Self> {
        let flagged = audit.flagged.iter().take(NAMED);
        let suspicious = flagged.map(|(beat, near)| Suspicious::new(*beat, near, candidate, training, dataset));
        Ok(Self {
            verdict: audit.verdict,
            reasons: audit.reasons.clone(),
            advice: audit.verdict.advice(),
            threshold: audit.threshold,
            share: audit.share,
            share_interval: audit.share_interval,
            expected_share: audit.expected_share,
            p_value: audit.p_value,
            generated: audit.generated,
            held_out: audit.held_out,
            leaning: audit.leaning.share,
            leaning_expected: audit.leaning.expected,
            suspicious: suspicious.collect::<Result<_>>()?,
        })
    }

    /// One sentence.
    pub fn sentence(&self) -> String {
        let (share, expected) = (100.0 * self.share, 100.0 * self.expected_share);
        let reasons: Vec<String> = self.reasons.iter().map(ToString::to_string).collect();
        let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) };
        format!("{}{why} ({share:.1} % suspicious; of new beats {expected:.1} % would be)", self.verdict)
    }
}

impl Suspicious {
    fn new(beat: usize, near: &Match, candidate: &Slices, training: &Slices, dataset: &Dataset) -> Result<Self> {
        let slice = training.index(near.index);
        let (ours, theirs) = (candidate.read(beat..beat + 1)?, training.read(near.index..near.index + 1)?);
        let origin = dataset.origin(slice);
        let waveform = waveform_similarity(&ours[0], &theirs[0], dataset.channels(), near.shift, dataset.rate());
        Ok(Self {
            beat,
            slice,
            recording: origin.map_or(String::new(), |origin| origin.recording.path.clone()),
            at: origin.map_or(Seconds(0.0), |origin| origin.start),
            similarity: near.similarity,
            shift: near.shift,
            gain_db: near.gain_db,
            waveform,
        })
    }

    /// One line.
    pub fn sentence(&self) -> String {
        let recording = Path::new(&self.recording)
            .file_name()
            .map_or(self.recording.clone(), |name| name.to_string_lossy().into_owned());
        let recording = plain(&recording);
        format!(
            "beat {} is like {recording} at {} (similarity {:.3}, {:+.0} ms, {:+.1} dB)",
            self.beat,
            duration(self.at.0),
            self.similarity,
            1_000.0 * self.shift.0,
            self.gain_db
        )
    }
}
