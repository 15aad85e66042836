//! The slice that the scripts beside the golden files make.

/// Resonators and noise, `[frames, 2]`, bit for bit as in the scripts.
pub fn slice(frames: usize) -> Vec<f32> {
    let mut state = 1u32;
    let mut tones = [[0.3, 0.3], [0.2, 0.1], [0.25, 0.25], [0.1, 0.05]];
    let turns = [1.999, 1.2, 1.9, -0.7];
    let mut sample = |channel: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let mut value = 0.1 * (f64::from(state >> 8) / 8_388_608.0 - 1.0);
        for (tone, turn) in tones.iter_mut().zip(turns).skip(2 * channel).take(2) {
            let [before, now] = *tone;
            *tone = [now, turn * now - before];
            value += 0.1 * now;
        }
        value as f32
    };
    (0..2 * frames).map(|index| sample(index % 2)).collect()
}
