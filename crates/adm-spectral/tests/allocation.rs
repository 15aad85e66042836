//! Warm inversions and representations allocate nothing.

#![expect(unsafe_code, reason = "counting allocations takes an allocator, and an allocator is unsafe")]

use adm_core::SampleRate;
use adm_spectral::inversion::LivePghi;
use adm_spectral::{
    ChannelLayout, InversionConfig, InversionScratch, Inverter, PhaseMethod, RepresentationConfig, Scratch, StftShape,
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, which counts what this thread asks of it.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Allocations that `work` makes.
fn counted(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

#[test]
fn a_warm_inversion_allocates_nothing() {
    assert_eq!(counted(|| drop(std::hint::black_box(vec![0u8; 100]))), 1, "the count does not work");
    // 97 is a prime, whose FFT has the largest needs.
    for (n_fft, method) in [64, 97].into_iter().flat_map(|n_fft| PhaseMethod::ALL.map(|method| (n_fft, method))) {
        for layout in [ChannelLayout::Mono, ChannelLayout::LeftRight, ChannelLayout::MidSide] {
            let shape = StftShape { n_fft, win_length: n_fft, hop: 16, samples: 1_000 };
            let inverter = Inverter::new(shape, layout, &InversionConfig { method, ..Default::default() }).unwrap();
            let magnitudes: Vec<f32> = (0..inverter.magnitudes_len()).map(|at| (at % 97) as f32).collect();
            let (mut signals, mut scratch) = (vec![0.0; inverter.signals_len()], InversionScratch::new());
            let mut invert = || assert!(inverter.invert(&magnitudes, &mut signals, &mut scratch).is_ok());
            invert();
            assert_eq!(counted(invert), 0, "{method:?}, {layout:?}, n_fft {n_fft}");
        }
    }
}

#[test]
fn a_warm_representation_allocates_nothing() {
    for text in [
        "name = 'stereo-complex'",
        "name = 'stereo-complex'\nphase = 'slice'",
        "name = 'log-frequency'",
        "name = 'exponential'\nlinear_bins = 512\niterations = 2",
        "name = 'mag-if'",
        "name = 'magnitude'",
        "name = 'mel'",
        "name = 'log-mel'\npower = 2",
        "name = 'log-band'",
    ] {
        let config: RepresentationConfig = toml::from_str(text).unwrap();
        let representation = config.build(9_000, SampleRate::CD, 2).unwrap();
        let slice: Vec<f32> = (0..18_000).map(|at| (at % 97) as f32 / 97.0).collect();
        let (mut tensor, mut back) = (vec![0.0; representation.shape().size()], vec![0.0; slice.len()]);
        let mut scratch = Scratch::new();
        let mut round = || {
            assert!(representation.encode(&slice, &mut tensor, &mut scratch).is_ok());
            assert!(representation.decode(&tensor, &mut back, &mut scratch).is_ok());
        };
        round();
        assert_eq!(counted(round), 0, "{text}");
    }
}

#[test]
fn a_stream_allocates_nothing_after_its_first_frame() {
    let mut live = LivePghi::new(97, 97, 16, ChannelLayout::MidSide, 0).unwrap();
    let frame: Vec<f32> = (0..2 * 49).map(|at| (at % 13) as f32).collect();
    let mut out = [0.0; 32];
    live.push(&frame, &mut out).unwrap();
    assert_eq!(counted(|| (0..100).for_each(|_| live.push(&frame, &mut out).unwrap())), 0);
}
