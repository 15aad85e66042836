//! What plays live allocates nothing once it runs.

use adm_audio::Stretcher;
use adm_core::SampleRate;
use adm_render::LiveMaster;

#[test]
fn steady_state_allocates_nothing() {
    for hz in [22_050, 44_100, 96_000, 192_000] {
        let mut live = LiveMaster::new(SampleRate::new(hz).unwrap(), 2, 12.0, -1.0).unwrap();
        // Loud enough to be limited now and then.
        let blocks: Vec<Vec<f32>> = [2_048usize, 1, 64, 441, 512, 1_000]
            .map(|frames| (0..frames).flat_map(|n| [(n as f32 * 0.3).sin() * (n as f32 * 0.001).cos(); 2]).collect())
            .into();
        let given: usize = blocks.iter().map(|block| live.push(block).len()).sum();
        assert_eq!(given, blocks.iter().map(Vec::len).sum::<usize>());
        let counted = allocation_counter::measure(|| {
            for round in 0..200 {
                live.push(&blocks[round % blocks.len()]);
            }
        });
        assert_eq!(counted.count_total, 0, "{hz} Hz: {counted:?}");
    }
}

/// Nor does a stretcher whose tempo moves.
#[test]
fn a_warm_stretcher_allocates_nothing() {
    let slice: Vec<f32> = (0..2 * 20_354).map(|n| (n as f32 * 0.01).sin()).collect();
    let (mut stretcher, mut out) = (Stretcher::new(SampleRate::CD, 2, 1), Vec::new());
    stretcher.stretch(&slice, 40_000, &mut out);
    let counted = allocation_counter::measure(|| {
        (12_000..40_000).step_by(3_001).for_each(|frames| stretcher.stretch(&slice, frames, &mut out));
    });
    assert_eq!(counted.count_total, 0, "{counted:?}");
}
