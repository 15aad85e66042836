//! What the worst imaginable candidate scores: white noise as loud as the reference.

use adm_core::Seeds;
use adm_core::seeds::RngExt;

/// White noise in the shape of each of `beats`, with the same root mean square; every sample of every channel is drawn
/// on its own, so it is as wide as sound can be.
pub fn noise_like<B: AsRef<[f32]>>(beats: &[B], seeds: Seeds) -> Vec<Vec<f32>> {
    (0..).zip(beats).map(|(index, beat)| noise_beat(beat.as_ref(), seeds, index)).collect()
}

fn noise_beat(beat: &[f32], seeds: Seeds, index: u64) -> Vec<f32> {
    let mut rng = seeds.stream("yardstick noise", index);
    let power = beat.iter().map(|&sample| f64::from(sample).powi(2)).sum::<f64>() / beat.len().max(1) as f64;
    // A uniform number in [-a, a] has a mean square of a²/3.
    let reach = (3.0 * power).sqrt() as f32;
    beat.iter().map(|_| reach * rng.random_range(-1.0f32..1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_shape_and_power_of_its_beat_and_follows_the_seed() {
        let beats: Vec<Vec<f32>> = [0.1f32, 0.4].iter().map(|&level| vec![level; 20_000]).collect();
        let noise = noise_like(&beats, Seeds::new(1));
        for (noise, beat) in noise.iter().zip(&beats) {
            let power = noise.iter().map(|sample| sample * sample).sum::<f32>() / 20_000.0;
            assert!((power.sqrt() / beat[0] - 1.0).abs() < 0.02);
        }
        assert_eq!(noise, noise_like(&beats, Seeds::new(1)));
        assert_ne!(noise, noise_like(&beats, Seeds::new(2)));
    }
}
