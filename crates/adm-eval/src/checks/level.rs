//! How loud a recording is, and whether it was cut off at the top.

use serde::{Deserialize, Serialize};

/// Level from which a sample counts as full scale: −0.01 dBFS, within two steps of 16 bits at the top.
const FULL_SCALE: f32 = 0.9988;

/// Neighbouring samples at full scale that make a clip: music touches the top now and then, but does not stay there.
const CLIP_RUN: usize = 3;

/// Levels of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// Highest sample in dBFS; −∞ for silence.
    pub peak_dbfs: f64,
    /// Root mean square in dBFS; −∞ for silence.
    pub rms_dbfs: f64,
    /// Peak over root mean square in dB: 3 for a sine, 9 to 15 for dance music, 0 for silence.
    pub crest_db: f64,
    /// Places where a channel stays at full scale for three samples or more.
    pub clips: usize,
}

/// Levels of interleaved `samples`, shape `[frames, channels]`.
pub fn levels(samples: &[f32], channels: usize) -> Levels {
    let peak = samples.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    let power = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / samples.len().max(1) as f64;
    let (peak_dbfs, rms_dbfs) = (20.0 * f64::from(peak).log10(), 10.0 * power.log10());
    let channels = channels.max(1);
    let clips = (0..channels).map(|channel| clips_in(samples.iter().skip(channel).step_by(channels))).sum();
    Levels { peak_dbfs, rms_dbfs, crest_db: if peak > 0.0 { peak_dbfs - rms_dbfs } else { 0.0 }, clips }
}

fn clips_in<'a>(channel: impl Iterator<Item = &'a f32>) -> usize {
    let (mut run, mut clips) = (0, 0);
    for sample in channel {
        run = if sample.abs() >= FULL_SCALE { run + 1 } else { 0 };
        clips += usize::from(run == CLIP_RUN);
    }
    clips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_has_a_crest_of_three_decibels() {
        let sine: Vec<f32> =
            (0..44_100).map(|n| 0.5 * (std::f32::consts::TAU * 441.0 * n as f32 / 44_100.0).sin()).collect();
        let levels = levels(&sine, 1);
        assert!((levels.peak_dbfs + 6.02).abs() < 0.01 && (levels.crest_db - 3.01).abs() < 0.01);
        assert_eq!(levels.clips, 0);
    }

    #[test]
    fn only_a_run_at_the_top_of_one_channel_is_a_clip() {
        let touch = [0.5, 1.0, 0.5, 1.0, 0.5, -1.0];
        assert_eq!(levels(&touch, 1).clips, 0);
        let run = [0.5, 1.0, 1.0, 1.0, 1.0, 0.5, -1.0, -1.0, -1.0];
        assert_eq!(levels(&run, 1).clips, 2);
        assert_eq!(levels(&[1.0, 0.0, 1.0, 0.0, 1.0, 0.0], 2).clips, 1, "left clips, right is silent");
        assert_eq!(levels(&[1.0, 0.0, 1.0, 0.0, 1.0, 0.0], 1).clips, 0);
    }

    #[test]
    fn silence_has_no_level_and_no_crest() {
        for samples in [&[][..], &[0.0; 8]] {
            let levels = levels(samples, 2);
            assert_eq!(
                (levels.peak_dbfs, levels.rms_dbfs, levels.crest_db),
                (f64::NEG_INFINITY, f64::NEG_INFINITY, 0.0)
            );
        }
    }
}
