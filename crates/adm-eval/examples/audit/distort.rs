//! What a generator may do to a training beat that it has learnt by heart.

use adm_core::Seeds;
use adm_core::seeds::RngExt;
use realfft::RealFftPlanner;
use realfft::num_complex::Complex;
use std::f32::consts::TAU;

/// Window of [`without_phases`] in frames: 23 ms.
const WINDOW: usize = 512;

/// Louder by `gain` and later by `frames`, as a loop.
pub fn moved(beat: &[f32], gain: f32, frames: usize) -> Vec<f32> {
    let mut moved: Vec<f32> = beat.iter().map(|sample| gain * sample).collect();
    moved.rotate_right(2 * frames);
    moved
}

/// `y[n] = x[n] − amount·x[n−1]`: bass down and treble up, by 10 dB from end to end at 0.5 and 19 dB at 0.8.
pub fn tilted(beat: &[f32], amount: f32) -> Vec<f32> {
    (0..beat.len()).map(|n| beat[n] - amount * if n < 2 { 0.0 } else { beat[n - 2] }).collect()
}

/// With white noise at `level_db` beside the beat.
pub fn noisy(beat: &[f32], level_db: f32, seeds: Seeds, index: u64) -> Vec<f32> {
    let mut rng = seeds.stream("noise", index);
    let power = beat.iter().map(|sample| sample * sample).sum::<f32>() / beat.len() as f32;
    let reach = (3.0 * power).sqrt() * 10f32.powf(level_db / 20.0);
    beat.iter().map(|sample| sample + reach * rng.random_range(-1.0..1.0f32)).collect()
}

/// `share` of one beat and the rest of another.
pub fn mixed(beat: &[f32], other: &[f32], share: f32) -> Vec<f32> {
    beat.iter().zip(other).map(|(beat, other)| share * beat + (1.0 - share) * other).collect()
}

/// Its magnitudes with phases drawn at random: the blur of a generator that knows magnitudes alone.
pub fn without_phases(beat: &[f32], seeds: Seeds, index: u64) -> Vec<f32> {
    let mut rng = seeds.stream("phases", index);
    let mut planner = RealFftPlanner::new();
    let (forward, back) = (planner.plan_fft_forward(WINDOW), planner.plan_fft_inverse(WINDOW));
    let hann = |n: usize| 0.5 - 0.5 * (TAU * n as f32 / WINDOW as f32).cos();
    let mut out = vec![0.0; beat.len()];
    let (mut input, mut spectrum) = (forward.make_input_vec(), forward.make_output_vec());
    for start in (0..beat.len() / 2).step_by(WINDOW / 4) {
        for channel in 0..2 {
            let at = |n: usize| ((start + n) * 2 + channel) % beat.len();
            input.iter_mut().enumerate().for_each(|(n, input)| *input = beat[at(n)] * hann(n));
            let _ = forward.process(&mut input, &mut spectrum);
            let turn = |bin: &mut Complex<f32>| *bin = Complex::from_polar(bin.norm(), rng.random_range(0.0..TAU));
            spectrum[1..WINDOW / 2].iter_mut().for_each(turn);
            let _ = back.process(&mut spectrum, &mut input);
            // Four windows overlap, and their squares add up to 1.5.
            (0..WINDOW).for_each(|n| out[at(n)] += input[n] * hann(n) / (1.5 * WINDOW as f32));
        }
    }
    out
}
