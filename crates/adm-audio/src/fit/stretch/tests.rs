use super::*;

fn noise(frames: usize, channels: usize) -> Vec<f32> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..frames * channels).map(|_| next()).collect()
}

/// No length is so short or so odd that it panics, or that anything else than the slice is heard.
#[test]
fn any_length_becomes_any_other() {
    let mut out = Vec::new();
    for (hz, channels) in [(1_000, 1), (8_000, 2)] {
        for beats in 1..4 {
            let mut stretcher = Stretcher::new(SampleRate::new(hz).unwrap(), channels, beats);
            for from in (0..60).chain([300, 999]) {
                let slice = noise(from, channels);
                for to in (0..120).chain([400, 3_000]) {
                    stretcher.stretch(&slice, to, &mut out);
                    assert_eq!(out.len(), to * channels, "{from} on {to}");
                    assert!(out.iter().all(|sample| sample.abs() <= 1.5), "{from} on {to}");
                }
            }
        }
    }
}

#[test]
fn a_slice_of_its_own_length_is_copied() {
    let (slice, mut out) = (noise(20_354, 2), Vec::new());
    Stretcher::new(SampleRate::CD, 2, 1).stretch(&slice, 20_354, &mut out);
    assert_eq!(out, slice);
}

/// The last frames of a slice are its last frames in any length, so that what goes on after it goes on.
#[test]
fn the_end_stays_the_end() {
    let (slice, mut out) = (noise(20_354, 2), Vec::new());
    for to in [10_177, 18_900, 20_300, 20_500, 22_050, 40_708] {
        Stretcher::new(SampleRate::CD, 2, 1).stretch(&slice, to, &mut out);
        assert_eq!(out[out.len() - 16..], slice[slice.len() - 16..], "{to} frames");
    }
}

/// A beat that ends loud, before an off-beat that is loud: neither half has anything of the other.
#[test]
fn nothing_of_an_off_beat_sounds_before_it() {
    let mut slice = vec![0.0; 20_354];
    let sign = |n: usize| if n.is_multiple_of(2) { 0.25 } else { -0.25 };
    slice[..10_177].iter_mut().enumerate().for_each(|(n, sample)| *sample = sign(n));
    slice[10_177..].fill(1.0);
    let mut out = Vec::new();
    for to in (10_178..40_700).step_by(997) {
        Stretcher::new(SampleRate::CD, 1, 1).stretch(&slice, to, &mut out);
        let half = to.div_ceil(2);
        assert!(out[..half].iter().all(|sample| sample.abs() < 0.5), "{to} frames: before the off-beat");
        assert!(out[half..].iter().all(|sample| *sample > 0.99), "{to} frames: from it on");
    }
}
