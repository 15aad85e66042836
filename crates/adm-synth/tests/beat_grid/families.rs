//! Families of sets: styles, tempo plans, breakdowns, seeds and rates.

use adm_core::{Bpm, SampleRate, Seconds};
use adm_synth::{SetSettings, Style, TempoPlan};

/// Length of each set in seconds.
const SECONDS: f64 = 120.0;
/// Beats of the breakdowns without kicks.
const BREAKDOWNS: [u64; 2] = [32, 64];
/// Sample rates, set by set.
const RATES: [u32; 3] = [22_050, 44_100, 48_000];
/// Styles with the tempi at which their sets start, in BPM.
const STYLES: [(Style, [f64; 3]); 4] = [
    (Style::House, [128.0, 119.3, 124.37]),
    (Style::Techno, [136.5, 131.0, 142.81]),
    (Style::Breaks, [126.0, 133.3, 129.0]),
    (Style::DrumAndBass, [172.0, 172.0, 172.0]),
];
/// Bars over which tracks are mixed.
const MIX_BARS: u64 = 8;

/// How the tempo moves, and whether tracks overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    Constant,
    /// From track to track, each of which starts when the one before it is over.
    Cut,
    /// From track to track while both play.
    Stepped,
    Gliding,
    Ramped,
}

const PLANS: [Plan; 5] = [Plan::Constant, Plan::Cut, Plan::Stepped, Plan::Gliding, Plan::Ramped];

/// A set to be followed.
#[derive(Debug, Clone)]
pub struct Case {
    pub plan: Plan,
    pub settings: SetSettings,
}

impl Case {
    fn new((style, tempo): (Style, f64), plan: Plan, break_beats: u64, seed: u64) -> Self {
        let settings = SetSettings {
            seed,
            rate: SampleRate::new(RATES[seed as usize % RATES.len()]).unwrap(),
            duration: Seconds(SECONDS),
            // The first beat lies on no frame in particular.
            lead_in: Seconds(0.137 * (seed % 5) as f64),
            // Two tracks leave room for a long breakdown in each, three for a short one.
            tempo: plan.tempo(tempo, if break_beats > 32 { 2 } else { 3 }),
            style,
            mix_bars: if plan == Plan::Cut { 0 } else { MIX_BARS },
            break_beats,
            ..SetSettings::default()
        };
        Self { plan, settings }
    }

    /// Everything that tells it from the others.
    pub fn name(&self) -> String {
        let SetSettings { seed, rate, style, break_beats, .. } = &self.settings;
        let (style, plan) = (format!("{style:?}"), format!("{:?}", self.plan));
        format!("{style:<11} {plan:<8} {:>6.2} BPM, break {break_beats}, seed {seed:>2}, {rate}", self.first_bpm())
    }

    fn first_bpm(&self) -> f64 {
        match &self.settings.tempo {
            TempoPlan::Constant(bpm) | TempoPlan::Ramped { from: bpm, .. } => bpm.get(),
            TempoPlan::Stepped(list) | TempoPlan::Gliding(list) => list[0].get(),
        }
    }
}

impl Plan {
    fn tempo(self, bpm: f64, tracks: usize) -> TempoPlan {
        let tempo = |more: f64| Bpm::new(bpm + more).unwrap();
        let list = || [0.0, 4.0, 2.5][..tracks].iter().copied().map(tempo).collect();
        match self {
            Self::Constant => TempoPlan::Constant(tempo(0.0)),
            Self::Cut | Self::Stepped => TempoPlan::Stepped(list()),
            Self::Gliding => TempoPlan::Gliding(list()),
            Self::Ramped => TempoPlan::Ramped { from: tempo(0.0), to: tempo(8.0) },
        }
    }
}

/// Each style under each plan with each breakdown; seeds, tempi and rates go round, and are others in every round.
pub fn round(number: usize) -> Vec<Case> {
    let mut cases = Vec::new();
    for (style, tempi) in STYLES {
        for (plan, break_beats) in PLANS.iter().flat_map(|&plan| BREAKDOWNS.map(|beats| (plan, beats))) {
            let seed = number * STYLES.len() * PLANS.len() * BREAKDOWNS.len() + cases.len();
            cases.push(Case::new((style, tempi[seed % tempi.len()]), plan, break_beats, seed as u64));
        }
    }
    cases
}
