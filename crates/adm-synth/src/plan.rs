//! The plan of a set: which track plays from which beat to which, and at what tempo.

use crate::arrange::FormSettings;
use crate::error::SynthError;
use crate::pattern::BEATS_PER_BAR;
use crate::set::SetSettings;
use crate::tempo::{TempoMap, TempoPlan};
use adm_core::{Bpm, Seconds};

/// Longest set in seconds: a day.
const LONGEST: f64 = 86_400.0;

/// One track's place in a set, in bars counted from the set's first beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// First bar.
    pub start: u64,
    /// First bar in which it is silent again.
    pub end: u64,
    /// Bars shared with the track before; 0 for the first track.
    pub mix_in: u64,
    /// Bars shared with the track after; 0 for the last track.
    pub mix_out: u64,
}

impl Slot {
    /// The form of the slot's track: it begins and ends with what is made for mixing.
    pub fn form(&self, settings: &SetSettings) -> FormSettings {
        let bars = self.end - self.start;
        // The first track has nobody to mix with but an audience to warm up, the last one an audience to let go.
        let ends = (bars / 8 / 4 * 4).min(8);
        FormSettings {
            bars,
            intro: if self.mix_in > 0 { self.mix_in } else { ends },
            outro: if self.mix_out > 0 { self.mix_out } else { ends },
            break_bars: settings.break_beats.div_ceil(BEATS_PER_BAR),
        }
    }
}

/// The tempo and the slots of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// When every beat comes.
    pub tempo: TempoMap,
    /// The tracks in order.
    pub slots: Vec<Slot>,
}

impl Plan {
    /// Lays out a set.
    ///
    /// # Errors
    /// A duration outside 0 to a day or too short for a bar of each track, a plan without a tempo.
    pub fn new(settings: &SetSettings) -> Result<Self, SynthError> {
        let SetSettings { duration, lead_in, .. } = *settings;
        if !(0.0..=LONGEST).contains(&duration.0) || !(0.0..=LONGEST).contains(&lead_in.0) {
            return Err(SynthError::BadDuration { longest: LONGEST, actual: duration.0.max(lead_in.0) });
        }
        let tempos = tempos(settings)?;
        let mut bars = share_out(settings, &tempos)?;
        loop {
            let plan = Self::of(settings, &tempos, &bars);
            // A glide towards a faster tempo takes longer than the faster tempo itself would.
            match bars.last_mut() {
                Some(last) if plan.tempo.end().0 > duration.0 + 1e-9 && *last > 1 => *last -= 1,
                _ => return Ok(plan),
            }
        }
    }

    fn of(settings: &SetSettings, tempos: &[Bpm], bars: &[u64]) -> Self {
        let slots = slots(bars, settings.mix_bars);
        Self { tempo: tempo_map(settings, tempos, &slots), slots }
    }

    /// How many bars there are in all.
    pub fn bars(&self) -> u64 {
        self.slots.last().map_or(0, |last| last.end)
    }
}

/// Mean tempo of each track.
fn tempos(settings: &SetSettings) -> Result<Vec<Bpm>, SynthError> {
    let seconds = settings.duration.0 - settings.lead_in.0;
    let tracks = |bpm: Bpm| {
        let bars = seconds / (bpm.beat().0 * BEATS_PER_BAR as f64);
        vec![bpm; ((bars / settings.track_bars.max(1) as f64).round() as usize).max(1)]
    };
    match &settings.tempo {
        TempoPlan::Constant(bpm) => Ok(tracks(*bpm)),
        TempoPlan::Ramped { from, to } => Ok(tracks(Bpm::new((from.get() + to.get()) / 2.0)?)),
        TempoPlan::Stepped(list) | TempoPlan::Gliding(list) if list.is_empty() => Err(SynthError::NoTempo),
        TempoPlan::Stepped(list) | TempoPlan::Gliding(list) => Ok(list.clone()),
    }
}

/// Bars of each track before the next one comes in: all last about as long, in whole four-bar phrases where there is room.
fn share_out(settings: &SetSettings, tempos: &[Bpm]) -> Result<Vec<u64>, SynthError> {
    let (start, end) = (settings.lead_in.0, settings.duration.0);
    let bar = |bpm: &Bpm| bpm.beat().0 * BEATS_PER_BAR as f64;
    let expected = Seconds(start + tempos.iter().map(bar).sum::<f64>());
    if end < expected.0 {
        return Err(SynthError::TooShort { expected, actual: settings.duration, tracks: tempos.len() });
    }
    let mut now = start;
    let share = |(number, bpm): (usize, &Bpm)| {
        let until = start + (end - start) * (number + 1) as f64 / tempos.len() as f64;
        let bars = (until - now) / bar(bpm);
        let last = number + 1 == tempos.len();
        let whole = if last || bars < 8.0 { (bars + 1e-9).floor() } else { (bars / 4.0).round() * 4.0 };
        now += whole.max(1.0) * bar(bpm);
        whole.max(1.0) as u64
    };
    Ok(tempos.iter().enumerate().map(share).collect())
}

fn slots(bars: &[u64], mix_bars: u64) -> Vec<Slot> {
    // A third of the shortest track, so that even it has a middle of its own.
    let tracks = bars.len();
    let mix = mix_bars.min(bars.iter().min().copied().unwrap_or(0) / 3);
    let mut start = 0;
    let slot = |(number, &bars): (usize, &u64)| {
        let is_last = number + 1 == tracks;
        let (mix_in, mix_out) = (if number == 0 { 0 } else { mix }, if is_last { 0 } else { mix });
        start += bars;
        Slot { start: start - bars, end: start + mix_out, mix_in, mix_out }
    };
    bars.iter().enumerate().map(slot).collect()
}

fn tempo_map(settings: &SetSettings, tempos: &[Bpm], slots: &[Slot]) -> TempoMap {
    let mut map = TempoMap::new(settings.lead_in);
    let bars = slots.last().map_or(0, |last| last.end);
    match &settings.tempo {
        TempoPlan::Constant(bpm) => map.push(bars * BEATS_PER_BAR, *bpm, *bpm),
        TempoPlan::Ramped { from, to } => map.push(bars * BEATS_PER_BAR, *from, *to),
        TempoPlan::Stepped(_) => {
            for (slot, bpm) in slots.iter().zip(tempos) {
                map.push((slot.end - slot.mix_out - slot.start) * BEATS_PER_BAR, *bpm, *bpm);
            }
        }
        TempoPlan::Gliding(_) => {
            let mut before = None;
            for (slot, bpm) in slots.iter().zip(tempos) {
                map.push(slot.mix_in * BEATS_PER_BAR, before.unwrap_or(*bpm), *bpm);
                map.push((slot.end - slot.mix_out - slot.start - slot.mix_in) * BEATS_PER_BAR, *bpm, *bpm);
                before = Some(*bpm);
            }
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(duration: f64, tempo: TempoPlan) -> SetSettings {
        SetSettings { duration: Seconds(duration), tempo, ..SetSettings::default() }
    }

    fn bpm(value: f64) -> Bpm {
        Bpm::new(value).unwrap()
    }

    fn plans() -> Vec<TempoPlan> {
        let list = vec![bpm(124.0), bpm(128.0), bpm(130.0)];
        vec![
            TempoPlan::default(),
            TempoPlan::Constant(bpm(60.0)),
            TempoPlan::Constant(bpm(200.0)),
            TempoPlan::Stepped(list.clone()),
            TempoPlan::Gliding(list),
            TempoPlan::Ramped { from: bpm(124.0), to: bpm(136.0) },
        ]
    }

    #[test]
    fn five_minutes_at_128_are_four_tracks_of_forty_bars() {
        let plan = Plan::new(&settings(300.0, TempoPlan::default())).unwrap();
        let spans: Vec<_> = plan.slots.iter().map(|slot| (slot.start, slot.end)).collect();
        assert_eq!(spans, [(0, 48), (40, 88), (80, 128), (120, 160)]);
        assert_eq!(plan.tempo.end(), Seconds(300.0));
    }

    #[test]
    fn every_plan_fills_its_duration_but_for_a_bar_or_two() {
        for tempo in plans() {
            for duration in [30.0, 61.7, 300.0, 354.0, 3_600.0] {
                let plan = Plan::new(&settings(duration, tempo.clone())).unwrap();
                let left = duration - plan.tempo.end().0;
                assert!((-1e-6..8.1).contains(&left), "{tempo:?}, {duration} s: {left} s left");
                assert_eq!(plan.tempo.beats(), plan.bars() * BEATS_PER_BAR);
            }
        }
    }

    #[test]
    fn slots_overlap_by_their_mix_and_no_more() {
        for tempo in plans() {
            let plan = Plan::new(&settings(600.0, tempo)).unwrap();
            for pair in plan.slots.windows(2) {
                assert_eq!(pair[0].end - pair[1].start, pair[1].mix_in);
                assert_eq!(pair[0].mix_out, pair[1].mix_in);
                assert!(pair[0].mix_in + pair[0].mix_out < pair[0].end - pair[0].start);
            }
        }
    }

    #[test]
    fn steps_and_glides_reach_each_tempo() {
        let list = vec![bpm(124.0), bpm(128.0)];
        let stepped = Plan::new(&settings(200.0, TempoPlan::Stepped(list.clone()))).unwrap();
        let tempos = |plan: &Plan| -> Vec<(f64, f64)> {
            plan.tempo.regions().iter().map(|r| (r.start_bpm.get(), r.end_bpm.get())).collect()
        };
        assert_eq!(tempos(&stepped), [(124.0, 124.0), (128.0, 128.0)]);
        let gliding = Plan::new(&settings(200.0, TempoPlan::Gliding(list))).unwrap();
        assert_eq!(tempos(&gliding), [(124.0, 124.0), (124.0, 128.0), (128.0, 128.0)]);
    }

    #[test]
    fn impossible_sets_are_refused() {
        let message = |duration, tempo| Plan::new(&settings(duration, tempo)).unwrap_err().to_string();
        assert_eq!(
            message(1.0, TempoPlan::default()),
            "a set of 0:01.000 is too short for 1 track(s), which need at least 0:01.875"
        );
        for duration in [f64::NAN, f64::INFINITY, -1.0, 1e9] {
            assert!(message(duration, TempoPlan::default()).starts_with("the length of a set must be between"));
        }
        assert_eq!(message(60.0, TempoPlan::Stepped(Vec::new())), "a tempo plan of tracks needs at least one tempo");
    }
}
