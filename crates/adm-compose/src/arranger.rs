//! Beats in the order of a plan.

use adm_core::{BEATS_PER_BAR, Bpm, Observer, Seeds};
use serde::Serialize;

use crate::bank::BankReport;
use crate::{Beat, BeatSource, ComposeError, Likeness, Plan, Sound};

/// What may change while music plays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wishes {
    /// The seed of all that is drawn, and the one that is morphed to.
    pub seeds: [Seeds; 2],
    /// From the first of the two seeds (0) to the second (1).
    pub morph: f64,
    /// Share of recorded beats, 0 to 1, where there are both.
    pub mix: f64,
}

/// Plays a plan with a source.
pub struct Arranger {
    plan: Plan,
    source: Box<dyn BeatSource>,
    counts: Counts,
}

/// What was played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Beats in all.
    pub beats: u64,
    /// Those that the token book recognises as what was asked for.
    pub recognised: u64,
    /// Those that it does not, but that are nearer to it than to any other token.
    pub nearest: u64,
    /// Recorded ones.
    pub recorded: u64,
}

impl Arranger {
    /// A plan and what plays it.
    pub fn new(plan: Plan, source: Box<dyn BeatSource>) -> Self {
        Self { plan, source, counts: Counts::default() }
    }

    /// The plan, to change how it goes on.
    pub fn plan(&mut self) -> &mut Plan {
        &mut self.plan
    }

    /// What was played so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The next `slices` beats with their sounds.
    ///
    /// # Errors
    /// Whatever the source returns.
    pub fn play(&mut self, slices: u64, wishes: &Wishes) -> Result<Vec<(Beat, Sound)>, ComposeError> {
        let beats: Vec<Beat> = (0..slices).map(|_| self.plan.next_beat(wishes)).collect();
        let sounds = self.source.sounds(&beats, wishes)?;
        for sound in &sounds {
            self.counts.beats += 1;
            self.counts.recognised += u64::from(sound.likeness == Likeness::Recognised);
            self.counts.nearest += u64::from(sound.likeness == Likeness::Nearest);
            self.counts.recorded += u64::from(sound.recorded);
        }
        Ok(beats.into_iter().zip(sounds).collect())
    }

    /// Lets the source do some of what makes later sounds better; whether there is more to do.
    ///
    /// # Errors
    /// Whatever the source returns.
    pub fn prepare(&mut self) -> Result<bool, ComposeError> {
        self.source.prepare()
    }

    /// Lets the source do all of it, as it should be for a file.
    ///
    /// # Errors
    /// Whatever the source returns; the user's wish to stop.
    pub fn prepare_all(&mut self, observer: &dyn Observer) -> Result<(), ComposeError> {
        if self.source.bank().is_none() {
            return Ok(());
        }
        observer.begin("fill the bank", None);
        while self.prepare()? {
            observer.advance(1);
            if let Some(report) = self.source.bank() {
                observer.status(&format!("{} of {} tokens have a beat", report.tokens, report.of_tokens));
            }
            if observer.stop_requested() {
                return Err(ComposeError::Interrupted);
            }
        }
        observer.end();
        Ok(())
    }

    /// What the source's bank holds, where it has one.
    pub fn bank(&self) -> Option<BankReport> {
        self.source.bank()
    }
}

/// Slices in a bar of four beats, for slices of so many beats; a slice of more than a bar counts as one.
pub fn slices_per_bar(beats_per_slice: usize) -> u64 {
    (BEATS_PER_BAR / beats_per_slice.max(1) as u64).max(1)
}

/// Checks that beats of one tempo can be played at another: half to twice.
///
/// # Errors
/// They cannot.
pub fn check_tempo(asked: Bpm, of_beats: Bpm) -> Result<(), ComposeError> {
    let [low, high] = tempi(of_beats);
    let (bpm, of_beats) = (asked.get(), of_beats.get());
    if (low..=high).contains(&bpm) { Ok(()) } else { Err(ComposeError::Tempo { bpm, of_beats, low, high }) }
}

/// The slowest and the fastest tempo that beats of this one can be played at: half and twice, in BPM.
pub fn tempi(of_beats: Bpm) -> [f64; 2] {
    [(of_beats.get() / 2.0).max(20.0), (of_beats.get() * 2.0).min(400.0)]
}
