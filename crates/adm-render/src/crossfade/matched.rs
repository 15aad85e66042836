//! The join of two sounds that are both known before the grid point.
//!
//! ```text
//! ending ─┬─low ─bring into step─ fall over 20 ms ┐
//!         └─high ──────────────── fall over fade ─┤
//! before ─┬─low ───────────────── rise over 20 ms ┼─ the join, up to the grid point
//!         └─high ──────────────── rise over fade ─┘
//! ```
//!
//! A fade of 8 ms is less than a period of a bass. Two basses that meet out of step cancel each other in it, or bend so
//! sharply that it clicks. So the low band has a longer fade, before which an ending bass that is held is brought into
//! step: it is read a little slower until it lags by what makes the two most alike. It is left alone where the two are in
//! step already, and where they are not of a kind: to move a decaying kick only makes a dip.
//!
//! Fall and rise are an equal-power pair, divided by the level that two sounds of their correlation have
//! together (Fink, Holters and Zölzer, "Signal-matched power-complementary cross-fading and dry-wet mixing", DAFx-16):
//! unlike sounds keep their power, and a sound that meets itself comes through as it was. So beats in their recorded order
//! are the recording.
//!
//! How well the bands are parted matters little: they add up to the sound, and their gains agree at both ends of the join.
//!
//! Measured by `examples/joins`, on a recording in a new order and on bass notes held under kicks: in a hundredth of the
//! recording's joins the low band dips by 6 dB or more (mirrored lead-ins: 15 dB), a tenth of the bass notes' joins add 3 dB
//! or more from 200 to 1,000 Hz (17 dB). A low band that fades over 8 ms as the high one dips less (0.8 dB) and bends the
//! bass more (9.5 dB).

use super::bands::LowPass;
use super::smooth;
use adm_core::SampleRate;
use std::f64::consts::PI;

/// Length of the low band's fade in seconds. Longer bends held basses less and lets decaying ones dip more.
const LOW_FADE: f64 = 0.020;
/// Time in seconds before that in which the ending bass is brought into step.
const TURN: f64 = 0.034;
/// Most that it lags, in seconds: half a period of 45 Hz.
const MOST_LAG: f64 = 0.011;
/// Correlation that a lag of [`MOST_LAG`] costs, so that of two lags that do as well, the shorter is taken.
const COST: f64 = 0.2;
/// Correlation up to which two basses are out of step.
const OUT_OF_STEP: f64 = 0.4;
/// Correlation from which they are in step.
const IN_STEP: f64 = 0.7;
/// Correlation below which gains are not raised further: they are 3 dB then.
const LEAST_CORRELATION: f64 = -0.5;

/// Joins the ends of sounds to what leads to others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matched {
    low_pass: LowPass,
    /// Lengths in frames.
    low_fade: usize,
    turn: usize,
    most_lag: usize,
}

/// A band of both sounds over the join, shape `[frames, channels]`.
struct Band {
    ending: Vec<f32>,
    lead_in: Vec<f32>,
}

impl Matched {
    pub(super) fn new(rate: SampleRate) -> Self {
        let frames = |seconds: f64| (rate.as_f64() * seconds).round() as usize;
        let [low_fade, turn, most_lag] = [LOW_FADE, TURN, MOST_LAG].map(frames);
        Self { low_pass: LowPass::new(rate), low_fade, turn, most_lag }
    }

    /// Frames before the grid point that a join reaches at most, with a fade of `fade` frames in the high band.
    pub(super) fn reach(&self, fade: usize) -> usize {
        (self.low_fade + self.turn).max(fade)
    }

    /// Fades `ending` out and `lead_in` in, both over the frames up to the grid point, shape `[frames, channels]`; the high
    /// band fades over `fade` frames.
    pub(super) fn join(&self, ending: &mut [f32], lead_in: &mut [f32], fade: usize, channels: usize) {
        // Both bands end at the grid point in the same way, so that a sound and itself have the same bands.
        let [of_ending, of_lead_in] = [&*ending, &*lead_in].map(|sound| self.low_pass.of(sound, channels));
        let mut low = Band { ending: of_ending, lead_in: of_lead_in };
        let mut high = Band { ending: difference(ending, &low.ending), lead_in: difference(lead_in, &low.lead_in) };
        let low_fade = self.low_fade.max(fade).min(lead_in.len() / channels);
        self.bring_into_step(&mut low, low_fade, channels);
        low.fade(low_fade, channels);
        high.fade(fade, channels);
        add(ending, &low.ending, &high.ending);
        add(lead_in, &low.lead_in, &high.lead_in);
    }

    /// Moves the ending sound by the lag that makes the two most alike where they overlap, little by little before that.
    fn bring_into_step(&self, low: &mut Band, fade: usize, channels: usize) {
        let frames = low.lead_in.len() / channels;
        let lag = self.lag(low, fade, channels);
        if lag == 0 {
            return;
        }
        let turn = (frames - fade) as f64;
        let ending = &low.ending;
        let moved = (0..frames).flat_map(|frame| {
            let turned = 0.5 - 0.5 * (PI * (frame as f64 / turn).min(1.0)).cos();
            let at = frame as f64 - lag as f64 * turned;
            (0..channels).map(move |channel| between(ending, at, channel, channels))
        });
        low.ending = moved.collect();
    }

    /// The lag in frames. It is never negative: what comes after the ending sound may be the attack of a beat.
    fn lag(&self, low: &Band, fade: usize, channels: usize) -> usize {
        let start = low.lead_in.len() - fade * channels;
        let over = &low.lead_in[start..];
        let alike = |lag: usize| {
            let moved = start - lag * channels;
            correlation(&low.ending[moved..moved + over.len()], over)
        };
        if alike(0) > OUT_OF_STEP {
            return 0;
        }
        let worth = |lag: usize| alike(lag) - COST * lag as f64 / self.most_lag as f64;
        let most = self.most_lag.min(start / channels / 3);
        // The low band changes little within a third of a millisecond.
        let step = (self.most_lag / 32).max(1);
        let near = best((0..=most).step_by(step), worth);
        let lag = best(near.saturating_sub(step)..=(near + step).min(most), worth);
        if alike(lag) < IN_STEP { 0 } else { lag }
    }
}

/// The lag that is worth most; the first of them.
fn best(lags: impl Iterator<Item = usize>, worth: impl Fn(usize) -> f64) -> usize {
    lags.map(|lag| (lag, worth(lag)))
        .reduce(|best, lag| if lag.1 > best.1 { lag } else { best })
        .map_or(0, |best| best.0)
}

impl Band {
    /// Fades one out and the other in over the last `fade` frames, at the level that their likeness asks for.
    fn fade(&mut self, fade: usize, channels: usize) {
        let start = self.lead_in.len() - fade * channels;
        self.lead_in[..start].fill(0.0);
        let (ending, lead_in) = (&mut self.ending[start..], &mut self.lead_in[start..]);
        let likeness = correlation(ending, lead_in).max(LEAST_CORRELATION) as f32;
        let frames = ending.chunks_exact_mut(channels).zip(lead_in.chunks_exact_mut(channels));
        for (frame, (ending, lead_in)) in frames.enumerate() {
            let (rise, fall) = (smooth(frame, fade), smooth(fade - 1 - frame, fade));
            let level = (1.0 + 2.0 * likeness * rise * fall).sqrt();
            ending.iter_mut().for_each(|sample| *sample *= fall / level);
            lead_in.iter_mut().for_each(|sample| *sample *= rise / level);
        }
    }
}

/// From -1 (opposite) over 0 (unlike, or silent) to 1 (the same but for the level).
fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b).map(|(a, b)| (f64::from(*a), f64::from(*b))) {
        both += a * b;
        of_a += a * a;
        of_b += b * b;
    }
    let level = (of_a * of_b).sqrt();
    if level > 0.0 { both / level } else { 0.0 }
}

/// A channel's value at a place between two frames, on the line from one to the other; beyond the ends, that of the end.
fn between(samples: &[f32], at: f64, channel: usize, channels: usize) -> f32 {
    let last = samples.len() / channels - 1;
    let frame = (at.max(0.0) as usize).min(last);
    let part = (at - frame as f64).clamp(0.0, 1.0) as f32;
    let value = |frame: usize| samples[frame.min(last) * channels + channel];
    value(frame) + part * (value(frame + 1) - value(frame))
}

fn difference(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn add(sum: &mut [f32], a: &[f32], b: &[f32]) {
    sum.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum = a + b);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const REACH: usize = 2_381;

    fn tone(hz: f64, phase: f64, level: f32) -> Vec<f32> {
        let value = |frame: usize| level * (TAU * hz * frame as f64 / 44_100.0 + phase).sin() as f32;
        (0..REACH).flat_map(|frame| [value(frame), -0.5 * value(frame)]).collect()
    }

    fn joined(ending: &[f32], lead_in: &[f32]) -> Vec<f32> {
        let (mut ending, mut lead_in) = (ending.to_vec(), lead_in.to_vec());
        Matched::new(SampleRate::CD).join(&mut ending, &mut lead_in, 353, 2);
        ending.iter().zip(&lead_in).map(|(a, b)| a + b).collect()
    }

    fn power(samples: &[f32]) -> f64 {
        samples.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / samples.len() as f64
    }

    #[test]
    fn a_sound_that_meets_itself_is_left_as_it_was() {
        for hz in [50.0, 310.0, 4_000.0] {
            let sound = tone(hz, 1.0, 0.5);
            let worst = joined(&sound, &sound).iter().zip(&sound).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-5, "{hz} Hz: {worst}");
        }
    }

    /// Held basses of any phase. What is left of a dip near 110 Hz is the part in the high band, which is not moved with the
    /// low one; plain fades over 20 ms cancel opposite basses altogether.
    #[test]
    fn held_basses_keep_their_power_whatever_their_phases() {
        for hz in [45.0, 60.0, 80.0, 110.0] {
            for eighth in 0..8 {
                let out = joined(&tone(hz, 0.0, 0.5), &tone(hz, TAU * f64::from(eighth) / 8.0, 0.5));
                let period = 2 * (44_100.0 / hz) as usize;
                let levels = out.windows(period).step_by(50).map(|window| 10.0 * (power(window) / 0.078_125).log10());
                let (least, most) = levels.fold((0.0, 0.0), |(least, most), level| (level.min(least), level.max(most)));
                let most_dip = if hz > 100.0 { -5.0 } else { -3.0 };
                assert!(least > most_dip && most < 2.0, "{hz} Hz, {eighth}/8: from {least} to {most} dB");
            }
        }
    }

    /// Nothing may begin or end with a step: at the first frame the ending sound is alone, at the last the lead-in is.
    #[test]
    fn each_sound_is_alone_at_its_end_of_the_join() {
        let (ending, lead_in) = (tone(70.0, 0.4, 0.5), tone(333.0, 2.0, 0.3));
        let out = joined(&ending, &lead_in);
        let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart(&out[..20], &ending[..20]) < 1e-3);
        assert!(apart(&out[out.len() - 8..], &lead_in[out.len() - 8..]) < 1e-3);
    }

    #[test]
    fn silence_on_either_side_is_no_trouble() {
        let (silence, sound) = (vec![0.0; 2 * REACH], tone(60.0, 0.0, 0.5));
        assert!(joined(&silence, &silence).iter().all(|x| *x == 0.0));
        for (a, b) in [(&silence, &sound), (&sound, &silence)] {
            assert!(joined(a, b).iter().all(|x| x.abs() <= 0.501));
        }
    }
}
