//! What the listener asks for, and where it is asked.

use adm_core::units::OutOfRange;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The highest seed: the largest whole number that every program that reads JSON keeps exactly.
pub const HIGHEST_SEED: u64 = (1 << 53) - 1;

/// What the listener asks for. A snapshot is handed to each bar when it is begun.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Controls {
    /// Whether music sounds. A pause is heard at once: the music halts where it is, and silence is streamed.
    pub playing: bool,
    /// Beats a minute.
    pub bpm: f64,
    /// How freely tokens are drawn: near 0 the likeliest always follows, above 1 unlikely ones come often.
    pub temperature: f64,
    /// From the first of two seeds (0) to the second (1).
    pub morph: f64,
    /// Repeats the bar that sounds, as long as it is set. The engine does it; sources need not look.
    pub hold: bool,
    /// Grows by one with each wish for the next section.
    pub next_section: u64,
    /// The share of recorded beats: 0 is all generated, 1 all recorded.
    pub mix: f64,
    /// The seed of everything that is drawn by chance, up to [`HIGHEST_SEED`].
    pub seed: u64,
}

impl Default for Controls {
    fn default() -> Self {
        let (bpm, temperature, morph, mix) = (130.0, 1.0, 0.0, 0.0);
        Self { playing: true, bpm, temperature, morph, hold: false, next_section: 0, mix, seed: 0 }
    }
}

/// What may be asked for, both ends included. Where both are the same there is nothing to ask, and the page says so.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranges {
    /// Beats a minute that the model can play.
    pub bpm: [f64; 2],
    /// Temperatures.
    pub temperature: [f64; 2],
    /// Within 0 to 1; `[0, 0]` where there is but one seed.
    pub morph: [f64; 2],
    /// Within 0 to 1; `[0, 0]` where nothing is recorded, `[1, 1]` where nothing is generated.
    pub mix: [f64; 2],
}

impl Default for Ranges {
    fn default() -> Self {
        Self { bpm: [60.0, 200.0], temperature: [0.1, 2.0], morph: [0.0, 1.0], mix: [0.0, 1.0] }
    }
}

/// A change of some controls, as it comes over the network: what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    /// See [`Controls::playing`].
    pub playing: Option<bool>,
    /// See [`Controls::bpm`].
    pub bpm: Option<f64>,
    /// See [`Controls::temperature`].
    pub temperature: Option<f64>,
    /// See [`Controls::morph`].
    pub morph: Option<f64>,
    /// See [`Controls::hold`].
    pub hold: Option<bool>,
    /// Goes on to the next section; only `true` is a wish.
    pub next_section: Option<bool>,
    /// See [`Controls::mix`].
    pub mix: Option<f64>,
    /// See [`Controls::seed`].
    pub seed: Option<u64>,
}

impl Ranges {
    /// `controls` after `change`.
    ///
    /// # Errors
    /// Names the first control outside of its range; nothing is changed then.
    pub fn apply(&self, controls: &Controls, change: &Change) -> Result<Controls, OutOfRange> {
        let mut next = controls.clone();
        set(&mut next.playing, change.playing);
        set(&mut next.hold, change.hold);
        set(&mut next.bpm, within("bpm", self.bpm, change.bpm)?);
        set(&mut next.temperature, within("temperature", self.temperature, change.temperature)?);
        set(&mut next.morph, within("morph", self.morph, change.morph)?);
        set(&mut next.mix, within("mix", self.mix, change.mix)?);
        within("seed", [0.0, HIGHEST_SEED as f64], change.seed.map(|seed| seed as f64))?;
        set(&mut next.seed, change.seed);
        next.next_section += u64::from(change.next_section == Some(true));
        Ok(next)
    }
}

fn set<T>(control: &mut T, wish: Option<T>) {
    if let Some(wish) = wish {
        *control = wish;
    }
}

fn within(what: &'static str, [low, high]: [f64; 2], wish: Option<f64>) -> Result<Option<f64>, OutOfRange> {
    match wish {
        // A NaN is in no range, so it is refused here too.
        Some(got) if !(low..=high).contains(&got) => Err(OutOfRange { what, low, high, got }),
        wish => Ok(wish),
    }
}

/// Where controls are read and changed: the page's, the terminal's and the engine's meeting place.
#[derive(Debug)]
pub struct Board {
    ranges: Ranges,
    now: Mutex<Asked>,
}

/// The controls as they are at a moment.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The controls.
    pub controls: Controls,
    /// Counts the changes.
    pub revision: u64,
}

impl Board {
    /// A board that begins with `controls`.
    ///
    /// # Errors
    /// Controls outside of `ranges`, so that no source ever sees any.
    pub fn new(controls: Controls, ranges: Ranges) -> Result<Self, OutOfRange> {
        let (bpm, temperature) = (Some(controls.bpm), Some(controls.temperature));
        let (morph, mix, seed) = (Some(controls.morph), Some(controls.mix), Some(controls.seed));
        ranges.apply(&controls, &Change { bpm, temperature, morph, mix, seed, ..Change::default() })?;
        Ok(Self { ranges, now: Mutex::new(Asked { controls, revision: 0 }) })
    }

    /// What may be asked for.
    pub fn ranges(&self) -> &Ranges {
        &self.ranges
    }

    /// The controls as they are.
    pub fn asked(&self) -> Asked {
        self.lock().clone()
    }

    /// Changes some controls, all or none of them; returns how they are now.
    ///
    /// # Errors
    /// As for [`Ranges::apply`].
    pub fn change(&self, change: &Change) -> Result<Asked, OutOfRange> {
        let mut now = self.lock();
        let next = self.ranges.apply(&now.controls, change)?;
        if next != now.controls {
            *now = Asked { controls: next, revision: now.revision + 1 };
        }
        Ok(now.clone())
    }

    /// What the player looks at with every chunk: playing, hold, and how often anything has changed.
    pub(crate) fn transport(&self) -> (bool, bool, u64) {
        let now = self.lock();
        (now.controls.playing, now.controls.hold, now.revision)
    }

    /// Nothing is done under the lock that takes time or could fail halfway, so its poison means nothing.
    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board() -> Board {
        Board::new(Controls::default(), Ranges::default()).unwrap()
    }

    #[test]
    fn a_change_touches_what_it_names() {
        let board = board();
        let change = serde_json::from_str(r#"{"bpm": 128, "next_section": true}"#).unwrap();
        let asked = board.change(&change).unwrap();
        assert_eq!(asked.controls, Controls { bpm: 128.0, next_section: 1, ..Controls::default() });
        assert_eq!(asked.revision, 1);
        assert_eq!(board.change(&Change { bpm: Some(128.0), ..Change::default() }).unwrap().revision, 1, "no change");
    }

    #[test]
    fn what_is_out_of_range_changes_nothing_and_is_named() {
        let board = board();
        for (bad, message) in [
            (r#"{"playing": false, "bpm": 500}"#, "bpm must be between 60 and 200, got 500"),
            (r#"{"temperature": 0}"#, "temperature must be between 0.1 and 2, got 0"),
            (r#"{"morph": 1.5}"#, "morph must be between 0 and 1, got 1.5"),
            (r#"{"mix": -1}"#, "mix must be between 0 and 1, got -1"),
            (r#"{"seed": 9007199254740993}"#, "seed must be between 0 and 9007199254740991, got 9007199254740992"),
        ] {
            let change = serde_json::from_str::<Change>(bad).unwrap();
            assert_eq!(board.change(&change).unwrap_err().to_string(), message);
        }
        assert_eq!(board.asked().controls, Controls::default());
        for bad in [r#"{"tempo": 1}"#, r#"{"seed": -1}"#, r#"{"hold": 1}"#, r#"{"bpm": "x"}"#, "[]x", "nul"] {
            assert!(serde_json::from_str::<Change>(bad).is_err(), "{bad}");
        }
        assert!(board.change(&Change { bpm: Some(f64::NAN), ..Change::default() }).is_err());
    }

    #[test]
    fn a_board_does_not_begin_outside_its_ranges() {
        let controls = Controls { bpm: 300.0, ..Controls::default() };
        assert_eq!(Board::new(controls, Ranges::default()).unwrap_err().what, "bpm");
    }
}
